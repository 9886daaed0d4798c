"""Pages of figures: the list, one figure with its history, entering and correcting."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from liantu.web.accounts.access import page
from liantu.web.figures import actions, catalogue, exports, selectors
from liantu.web.figures.forms import FigureForm, ReasonForm
from liantu.web.figures.refusals import refusal
from liantu.web.figures.rows import observation_of
from liantu.web.figures.selectors import CHECK, ENTER, READ, RELEASE
from liantu.web.figures.shown import all_shown, shown
from liantu.web.kit.pages import paged


@page(READ)
def observations(request: HttpRequest) -> HttpResponse:
    """All figures that the person may see."""
    found = paged(request.GET, selectors.listed(request.user), selectors.columns(request.user))
    context = {"list": found, "rows": all_shown(found, catalogue.current())}
    context |= {"may_enter": request.user.may(ENTER)}
    return render(request, "figures/observations.html", context)


@page(READ)
def export(request: HttpRequest, kind: str) -> Any:
    """The list as it was asked for, in full: xlsx, csv, or SDMX-CSV."""
    found = paged(request.GET, selectors.listed(request.user), selectors.columns(request.user))
    return exports.answer(found.whole.select_related("entered_by", "standing"), kind)


@page(READ)
def one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A figure: where it stands, what it replaced, who approved it, what contradicts it."""
    row = get_object_or_404(selectors.listed(request.user).select_related("entered_by"), pk=pk)
    known = catalogue.current()
    rivals = selectors.listed(request.user).filter(key=row.key).exclude(pk=row.pk)
    context = {
        "seen": shown(row, known),
        "sentence": exports.sentence_around(row),
        "document_visible": row.document_id
        and selectors.documents(request.user).filter(pk=row.document_id).exists(),
        "history": _history(request, row, known),
        "rivals": all_shown(rivals.filter(standing__corrected=False)[:20], known),
        "approvals": row.approvals.select_related("by"),
        "decisions": row.decisions.select_related("by"),
        "findings": selectors.findings_on(request.user, [row.pk])[:20],
        "next_step": _next_step(request, row),
        "may_correct": not row.standing.corrected and selectors.own(request.user).filter(pk=pk).exists(),
        "may_decide": not row.standing.corrected
        and selectors.visible(request.user, CHECK).filter(pk=pk).exists(),
    }
    return render(request, "figures/observation.html", context)


def _history(request: HttpRequest, row: Any, known: Any) -> list[Any]:
    """From the first printed value to the last correction; what the person may not see is left out."""
    rows = selectors.listed(request.user)
    first = row
    while first.corrects_id and (before := rows.filter(pk=first.corrects_id).first()):
        first = before
    found = [first]
    while after := rows.filter(corrects=found[-1].pk).first():
        found.append(after)
    return all_shown(found, known) if len(found) > 1 else []


def _next_step(request: HttpRequest, row: Any) -> str:
    """The step that this person may take now; '' for none."""
    if row.standing.corrected or row.entered_by_id in (None, request.user.pk):
        return ""
    step, needs = {"entered": ("checked", CHECK), "checked": ("released", RELEASE)}.get(
        row.standing.level, ("", READ)
    )
    if not step or not selectors.visible(request.user, needs).filter(pk=row.pk).exists():
        return ""
    steps = list(row.approvals.order_by("number"))
    since = max((i for i, a in enumerate(steps, 1) if a.level == "entered"), default=0)
    return "" if request.user.pk in {a.by_id for a in steps[since:]} else step


@page(ENTER, post=True)
def new(request: HttpRequest) -> HttpResponse:
    """Enter a figure by hand."""
    known, posted = catalogue.current(), request.method == "POST"
    first = {k: v for k, v in request.GET.items() if k in ("subject", "indicator", "period")}
    form = FigureForm(request.POST if posted else None, known=known, initial={"status": "actual", **first})
    if posted and form.is_valid():
        stored = actions.enter([form.observation(form.cleaned_data)], by=request.user)
        _tell(request, stored)
        return redirect("figures-one", stored.rows[0].pk)
    return _form(request, form, None)


@page(ENTER, post=True)
def correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put another figure in the place of one."""
    of = get_object_or_404(
        selectors.own(request.user).select_related("entered_by", "document"), pk=pk, standing__corrected=False
    )
    seen, posted = observation_of(of), request.method == "POST"
    first = FigureForm.initial_of(seen)
    form = FigureForm(request.POST if posted else None, known=catalogue.current(), of=seen, initial=first)
    if posted and form.is_valid():
        try:
            said = form.observation(form.cleaned_data)
            stored = actions.correct(of, said, why=form.cleaned_data["why"], by=request.user)
        except actions.RefusedError as error:
            form.add_error(None, refusal(error))
        else:
            _tell(request, stored)
            return redirect("figures-one", stored.rows[0].pk)
    return _form(request, form, of)


def _form(request: HttpRequest, form: FigureForm, of: Any) -> HttpResponse:
    status = 400 if form.is_bound and form.errors else 200
    return render(request, "figures/figure_form.html", {"form": form, "of": of}, status=status)


def _tell(request: HttpRequest, stored: actions.Stored) -> None:
    if stored.opened:
        messages.warning(
            request, _("Entered. It contradicts others: %(n)s new findings.") % {"n": stored.opened}
        )
    else:
        messages.success(request, _("Entered, and checked against the others."))


@page(READ, post=True)
def step(request: HttpRequest, pk: UUID, to: str) -> HttpResponse:
    """Check, release or send back a figure that somebody else entered."""
    needs = {"checked": CHECK, "released": RELEASE, "entered": CHECK}.get(to)
    if needs is None:
        raise Http404
    row = get_object_or_404(selectors.visible(request.user, needs).select_related("entered_by"), pk=pk)
    if request.method != "POST":
        return redirect("figures-one", pk)
    try:
        if to == "entered":
            actions.send_back(row, by=request.user, reason=request.POST.get("reason", "")[:500])
        else:
            actions.approve(row, by=request.user, to=to)
    except actions.RefusedError as error:
        messages.error(request, refusal(error))
    else:
        messages.success(request, _("Done."))
    return redirect("figures-one", pk)


@page(CHECK, post=True)
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make a figure the official value."""
    row = get_object_or_404(selectors.visible(request.user, CHECK), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose(row, by=request.user, why=form.cleaned_data["reason"])
            messages.success(request, _("It is the official value now; the others are set aside."))
        except actions.RefusedError as error:
            messages.error(request, refusal(error))
    elif request.method == "POST":
        messages.error(request, _("Say why."))
    return redirect("figures-one", pk)
