"""Pages of the reader: documents that are read, and figures that are accepted, corrected and rejected."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from liantu.errors import InputError, Problem
from liantu.messages import sentence
from liantu.web.accounts.access import page
from liantu.web.figures import actions, catalogue, exports, intake, proposed, selectors
from liantu.web.figures.models import Batch, Document, ProposedFigure
from liantu.web.figures.reader_forms import BringForm, CorrectForm
from liantu.web.figures.refusals import problems_of, refusal
from liantu.web.figures.selectors import CHECK, ENTER, READ
from liantu.web.jobs.fragments import polled
from liantu.web.jobs.models import Job
from liantu.web.kit import parameters
from liantu.web.kit.naming import chinese
from liantu.web.kit.pages import paged


@page(READ)
def documents(request: HttpRequest) -> HttpResponse:
    """Documents that were brought."""
    found = paged(request.GET, selectors.documents(request.user).defer("text"), selectors.document_columns())
    counts = _counts([d.pk for d in found])
    rows = [(d, *counts.get(d.pk, (0, 0)), why_refused(d)) for d in found]
    context = {"list": found, "rows": rows, "may_enter": request.user.may(ENTER)}
    context["may_check"] = request.user.may(CHECK)
    return render(request, "figures/documents.html", context)


def _counts(keys: list[Any]) -> dict[Any, tuple[int, int]]:
    """Proposals of each document: to be looked at, in all."""
    rows = ProposedFigure.objects.filter(document__in=keys).order_by().values("document")
    counted = rows.annotate(left=Count("pk", filter=Q(state=ProposedFigure.State.OPEN)), every=Count("pk"))
    return {r["document"]: (r["left"], r["every"]) for r in counted}


def why_refused(document: Document) -> str:
    """Why a document could not be read, in a sentence."""
    p = document.problem
    if not p:
        return ""
    problem = Problem(document.name, None, None, p["code"], p["found"], p["expected"], "")
    return sentence(problem, "zh" if chinese() else "en")


@page(ENTER, post=True)
def bring(request: HttpRequest) -> HttpResponse:
    """Bring documents or a text to be read."""
    posted = request.method == "POST"
    form = BringForm(request.POST, request.FILES) if posted else BringForm()
    if posted and form.is_valid():
        brought = intake.bring(by=request.user, **form.cleaned_data)
        if brought.batch is not None:
            return redirect("reader-batch", brought.batch.pk)
        messages.info(request, _("It was read before; here it is."))
        return redirect("reader-one", brought.there[0].pk) if brought.there else redirect("reader")
    return render(request, "figures/bring.html", {"form": form}, status=400 if posted else 200)


@page(ENTER)
def batch(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far the reading is, and each document of it."""
    found = get_object_or_404(Batch.objects.visible_to(request.user, ENTER), pk=pk, made_by=request.user)
    job = Job.objects.unscoped(because="of a batch in scope").filter(pk=found.job).first()
    rows = list(selectors.documents(request.user).filter(batch=found).defer("text").order_by("name"))
    if len(rows) == 1 and rows[0].status == Document.Status.READ and not request.htmx:
        return redirect("reader-one", rows[0].pk)
    counts = _counts([d.pk for d in rows])
    told = [(d, *counts.get(d.pk, (0, 0)), why_refused(d)) for d in rows]
    response = render(request, "figures/batch.html", {"batch": found, "job": job, "rows": told})
    return polled(request, response, job)


def _document(request: HttpRequest, pk: UUID, permission: Any = READ) -> Document:
    found: Document = get_object_or_404(selectors.documents(request.user, permission), pk=pk)
    return found


@page(READ)
def one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A document with its figures marked, and what is proposed; while it waits, how far the reading is."""
    document = _document(request, pk)
    if document.status != Document.Status.WAITING:
        return polled(request, _show(request, document), None)
    job = Job.objects.unscoped(because="of a document in scope").filter(pk=document.batch.job).first()
    return polled(request, _show(request, document, job), job)


def _show(request: HttpRequest, document: Document, job: Job | None = None) -> HttpResponse:
    order = parameters.choice(request.GET, "order", ("doubt", "text"), "doubt")
    found = proposed.proposals(document, request.user, catalogue.current(), order)
    may = request.user.may(ENTER) and selectors.documents(request.user, ENTER).filter(pk=document.pk).exists()
    context = {
        "document": document, "found": found, "pieces": proposed.pieces(document.text, found), "order": order,
        "may_enter": may, "why": why_refused(document), "open": sum(p.open for p in found),
        "conflicts": sum(bool(p.conflicts) and p.open for p in found),
        "sure": len(_sure(found)), "job": job,
    }  # fmt: skip
    return render(request, "figures/document.html", context)


@page(ENTER, post=True)
def act(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Accept or reject one proposal, the chosen ones, or all of which the reader is sure."""
    document = _document(request, pk, ENTER)
    what, _sign, number = request.POST.get("act", "").partition(":")
    chosen = [int(n) for n in request.POST.getlist("n") if n.isascii() and n.isdigit()][:5000]
    looked = bool(number)
    if number:
        chosen = [int(number)] if number.isascii() and number.isdigit() else []
    if what == "sure":
        found = proposed.proposals(document, request.user, catalogue.current(), "text")
        chosen = [p.proposal.number for p in _sure(found)]
    if request.method == "POST" and what in ("accept", "sure"):
        _tell(request, intake.accept(document, chosen, by=request.user, looked=looked))
    elif request.method == "POST" and what == "reject":
        intake.reject(document, chosen, by=request.user)
    elif request.method == "POST" and what == "again":
        return redirect("reader-batch", intake.read_again(document, by=request.user).pk)
    if request.htmx:
        return _show(request, document)
    return redirect("reader-one", pk)


def _sure(found: Sequence[proposed.ProposalShown]) -> list[proposed.ProposalShown]:
    """Open proposals of which the reader is sure, and that contradict nothing."""
    return [p for p in found if p.open and p.possible and p.sure and not p.conflicts]


def _tell(request: HttpRequest, done: intake.Accepted) -> None:
    if done.refused:
        messages.error(
            request, _("%(n)s can't be figures as they stand; correct them first.") % {"n": done.refused}
        )
    if done.opened:
        said = _("%(n)s accepted; they opened %(findings)s findings.")
        messages.warning(request, said % {"n": done.taken, "findings": done.opened})
    elif done.taken:
        messages.success(request, _("%(n)s accepted.") % {"n": done.taken})
    elif not done.refused:
        messages.info(request, _("Nothing was chosen."))


@page(ENTER, post=True)
def correct(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """Put a proposal right, and accept it."""
    document, known = _document(request, pk, ENTER), catalogue.current()
    rows = selectors.proposals(document)
    proposal = get_object_or_404(rows, number=number, state=ProposedFigure.State.OPEN)
    now: Any = proposal.now
    first = {k: now[k] for k in CorrectForm.base_fields}
    form = CorrectForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            intake.correct(proposal, form.changes(now, known), by=request.user)
            _tell(request, intake.accept(document, [number], by=request.user, looked=True))
            return redirect("reader-one", pk)
        except InputError as error:
            for problem, text in zip(error.problems, problems_of(error), strict=True):
                form.add_error(problem.column if problem.column in form.fields else None, text)
        except actions.RefusedError as error:
            form.add_error(None, refusal(error))
    context = {
        "form": form, "document": document, "known": known,
        "sentence": exports.around(document.text, proposal.start, proposal.end), "rules": proposal.rules,
    }  # fmt: skip
    status = 400 if form.is_bound and form.errors else 200
    return render(request, "figures/proposal_form.html", context, status=status)


@page(ENTER, post=True)
def mark(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Propose a figure that the reader passed over, at the marked place."""
    document = _document(request, pk, ENTER)
    places = [request.POST.get(name, "") for name in ("start", "end")]
    if request.method == "POST" and all(p.isascii() and p.isdigit() and len(p) < 9 for p in places):
        try:
            made = intake.add_marked(document, int(places[0]), int(places[1]), by=request.user)
            if not made:
                messages.info(request, _("This figure is proposed already."))
        except InputError as error:
            messages.error(request, " ".join(problems_of(error)))
    if request.htmx:
        return _show(request, document)
    return redirect("reader-one", pk)


@page(CHECK)
def corrections(request: HttpRequest) -> StreamingHttpResponse:
    """What people put right, as cases for the reader's tests: the sentence, what it said, what is right."""
    rows = ProposedFigure.objects.filter(document__in=selectors.documents(request.user), said__isnull=False)
    lines = (
        json.dumps({"text": _case(p), "read": p.fact, "right": p.said}, ensure_ascii=False) + "\n"
        for p in rows.select_related("document").order_by("pk").iterator(chunk_size=500)
    )
    headers = {"Content-Disposition": 'attachment; filename="corrections.jsonl"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(lines, content_type="application/x-ndjson; charset=utf-8", headers=headers)


def _case(p: ProposedFigure) -> str:
    s = exports.around(p.document.text, p.start, p.end, 400)
    return s.before + s.figure + s.after
