"""Pages of the cases in which matches are followed up."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from liantu.casework.act import open_to
from liantu.web.accounts.access import page
from liantu.web.accounts.permissions import Permission
from liantu.web.atlas import city as provider
from liantu.web.casefile import evidence, people
from liantu.web.casefile.calendar import work_days
from liantu.web.casefile.pages import named
from liantu.web.casefile.store import Opened, RefusedError, load
from liantu.web.exchange import cases as actions
from liantu.web.exchange import selectors
from liantu.web.exchange.case_shown import page_of, shown_case, veil_of
from liantu.web.exchange.exports import answer, cases_report
from liantu.web.exchange.models import ExchangeCase, Proposal, Statement
from liantu.web.exchange.shown import Shown
from liantu.web.exchange.step_form import form_of
from liantu.web.kit.pages import paged

READ = Permission.EXCHANGE_READ


@page(READ)
def cases(request: HttpRequest) -> HttpResponse:
    """Every case that the person may see."""
    columns = selectors.case_columns(request.user)
    found = paged(request.GET, selectors.with_history(selectors.cases(request.user)), columns)
    now, days = timezone.now(), work_days()
    rows = [(shown_case(c, request.user, now, days), c.file.moved_at) for c in found]
    context = {"list": found, "rows": rows}
    return render(request, "exchange/cases.html", context)


@page(READ)
def cases_export(request: HttpRequest, kind: str) -> Any:
    """The list as it was asked for, in full."""
    columns = selectors.case_columns(request.user)
    found = paged(request.GET, selectors.with_history(selectors.cases(request.user)), columns)
    now, days = timezone.now(), work_days()
    seen = (shown_case(c, request.user, now, days) for c in found.whole.iterator(chunk_size=500))
    return answer(cases_report(seen), "cases", kind)


@page(READ)
def case(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where a case stands, who owes what, its clocks and history, the steps one may take."""
    found, opened = _found(request, pk)
    seen = shown_case(found, request.user, timezone.now(), work_days(), opened)
    context = {"seen": seen, "page": page_of(found, request.user, opened)}
    context |= {"need_open": _opens(seen.need), "offer_open": _opens(seen.offer)}
    return render(request, "exchange/case.html", context)


def _opens(seen: Shown | None) -> bool:
    """Whether the person may open the page of a side's statement."""
    return seen is not None and (seen.whole or seen.status == Statement.Status.OPEN)


def _found(request: HttpRequest, pk: UUID) -> tuple[ExchangeCase, Opened]:
    found = get_object_or_404(selectors.with_history(selectors.cases(request.user)), pk=pk)
    return found, load(found.file, found.file.events.all())


@page(READ, post=True)
def step(request: HttpRequest, pk: UUID, transition: str) -> HttpResponse:
    """The form of a step, and taking it. Who may is said by the flow, not by the role alone."""
    found, opened = _found(request, pk)
    actor, flow = people.actor(request.user, found.file), opened.flow
    if transition not in flow.transitions:
        raise Http404
    offered = {t.id for t in open_to(flow, opened.case, actor)}
    form = form_of(request, found, opened, flow.transitions[transition])
    if request.method == "POST" and form.is_valid():
        try:
            form.take(by=request.user)
        except RefusedError as refused:
            form.add_error(None, str(refused))
        except actions.NotTakenError:
            form.add_error(None, _("A need or an offer of this case is followed up elsewhere."))
        else:
            messages.success(request, _("Done: %(step)s.") % {"step": named(form.step.names)})
            return redirect("exchange-case", found.pk)
    elif request.method != "POST" and transition not in offered:
        raise Http404
    seen = shown_case(found, request.user, timezone.now(), work_days(), opened)
    context = {"seen": seen, "form": form, "step": form.step, "name": named(form.step.names)}
    context["back"] = reverse("exchange-case", args=[found.pk])
    return render(request, "exchange/step.html", context, status=400 if form.errors else 200)


@page(READ, post=True)
def take(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open a case on an option of a proposal: the task force takes it, an enterprise asks for it."""
    rows = Proposal.objects.visible_to(request.user, READ).select_related("statement__enterprise")
    proposal = get_object_or_404(rows, pk=pk)
    if request.method != "POST":
        return redirect("statements-one", proposal.statement_id)
    asks = "state_need" if proposal.statement.is_need else "state_offer"
    transition = "propose" if "task_force" in people.city_parties(request.user) else asks
    try:
        made = actions.take(
            proposal, request.POST.get("option", ""), city=provider.published(), by=request.user,
            transition=transition,
        )  # fmt: skip
    except actions.NotTakenError:
        messages.error(request, _("This option can't be taken any more; look at what is proposed now."))
    except RefusedError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("A case is open."))
        return redirect("exchange-case", made.pk)
    return redirect("statements-one", proposal.statement_id)


@page(READ)
def file(request: HttpRequest, pk: UUID, attachment: UUID) -> HttpResponse:
    """A file that was brought to the case, where the person may see it."""
    found, _opened = _found(request, pk)
    brought = next((a for a in found.file.attachments.all() if a.pk == attachment), None)
    if brought is None:
        raise Http404
    event = next(e for e in found.file.events.all() if e.version == brought.version)
    hidden = veil_of(found, request.user)(event)
    if brought.evidence in hidden or "*" in hidden:
        raise Http404
    return evidence.download(brought)
