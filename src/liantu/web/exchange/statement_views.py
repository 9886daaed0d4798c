"""Pages of needs, offers and what is proposed to them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from liantu import messages as sentences
from liantu.errors import InputError
from liantu.web.accounts.access import page
from liantu.web.accounts.permissions import Permission
from liantu.web.atlas import city as provider
from liantu.web.casefile import people
from liantu.web.exchange import actions, selectors
from liantu.web.exchange.discreet import sees_worths
from liantu.web.exchange.explain import explain
from liantu.web.exchange.exports import answer, proposals_report, statements_report
from liantu.web.exchange.models import Statement
from liantu.web.exchange.shown import shown
from liantu.web.exchange.statement_form import StatementForm, initial_of
from liantu.web.jobs.fragments import polled
from liantu.web.kit.naming import chinese
from liantu.web.kit.pages import paged

READ, STATE = Permission.EXCHANGE_READ, Permission.EXCHANGE_STATE


@page(READ)
def statements(request: HttpRequest) -> HttpResponse:
    """Needs and offers: one's own, and the open ones of others."""
    rows, columns = selectors.listed_statements(request.user), selectors.statement_columns(request.user)
    found = paged(request.GET, rows, columns)
    rows = [shown(s, request.user) for s in found]
    context = {"list": found, "rows": rows, "may_state": request.user.may(STATE)}
    return render(request, "exchange/statements.html", context)


@page(READ)
def statements_export(request: HttpRequest, kind: str) -> Any:
    """The list as it was asked for, in full."""
    rows, columns = selectors.listed_statements(request.user), selectors.statement_columns(request.user)
    found = paged(request.GET, rows, columns)
    seen = (shown(s, request.user) for s in found.whole.iterator(chunk_size=2000))
    return answer(statements_report(seen), "statements", kind)


@page(STATE, post=True)
def new(request: HttpRequest) -> HttpResponse:
    """State a need or an offer; what fits is proposed at once."""
    city, posted = provider.published(), request.method == "POST"
    first = {"valid_from": timezone.localdate(), **{k: v for k, v in request.GET.items() if k in _PREFILLED}}
    form = StatementForm(request.POST if posted else None, city=city, user=request.user, initial=first)
    if posted and form.is_valid():
        try:
            made = actions.state(form.said(), city=city, by=request.user)
        except InputError as error:
            _tell(form, error)
        else:
            _told(request, made, _("Stated. This is what fits it today."))
            return redirect("statements-one", made.pk)
    return _form(request, form, None)


def _told(request: HttpRequest, of: Statement, said: str) -> None:
    """At once, or in a moment where many state something."""
    later = _("Kept. What fits it is shown here in a moment.")
    messages.success(request, later if selectors.matching(of) else said)


_PREFILLED = ("kind", "material", "per_year", "at", "purity", "price")


@page(STATE, post=True)
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change an open statement; it is matched anew."""
    of = get_object_or_404(selectors.own_statements(request.user), pk=pk, status=Statement.Status.OPEN)
    city, posted = provider.published(), request.method == "POST"
    form = StatementForm(
        request.POST if posted else None, city=city, user=request.user, of=of, initial=initial_of(of)
    )
    if posted and form.is_valid():
        version = form.cleaned_data.get("version") or 0
        try:
            actions.change(of, form.said(), version=version, city=city, by=request.user)
        except InputError as error:
            _tell(form, error)
        except actions.ChangedError:
            form.add_error(None, _("It was changed meanwhile. Open it again and look at it."))
        else:
            _told(request, of, _("Changed, and matched anew."))
            return redirect("statements-one", of.pk)
    return _form(request, form, of)


def _form(request: HttpRequest, form: StatementForm, of: Statement | None) -> HttpResponse:
    months = [form[f"m{n}"] for n in range(1, 13)]
    context = {"form": form, "of": of, "months": months}
    status = 400 if form.is_bound and form.errors else 200
    return render(request, "exchange/statement_form.html", context, status=status)


def _tell(form: StatementForm, error: InputError) -> None:
    """What the engine refuses, at the field where it is."""
    fields = {"quantity": "per_year", "top_price": "price", "floor_price": "price"}
    for problem in error.problems:
        name = fields.get(problem.column or "", problem.column or "")
        form.add_error(
            name if name in form.fields else None,
            sentences.sentence(problem, "zh" if chinese() else "en"),
        )


@page(STATE, post=True)
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an open statement back."""
    of = get_object_or_404(selectors.own_statements(request.user), pk=pk)
    if request.method != "POST":
        return redirect("statements-one", of.pk)
    version = request.POST.get("version", "")
    try:
        actions.withdraw(of, version=int(version) if version.isdecimal() else 0, by=request.user)
        messages.success(request, _("Withdrawn."))
    except (actions.ChangedError, ValueError):
        messages.error(request, _("It was changed meanwhile. Open it again and look at it."))
    return redirect("statements-one", of.pk)


@page(READ)
def one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A statement, and for its own people what is proposed to it."""
    found = get_object_or_404(selectors.statements(request.user).select_related("proposal"), pk=pk)
    seen = shown(found, request.user)
    context: dict[str, Any] = {"seen": seen, "is_open": found.status == Statement.Status.OPEN}
    if seen.whole:
        context |= _proposed(request, found)
        context["may_change"] = selectors.own_statements(request.user).filter(pk=pk).exists()
        context["cases"] = selectors.cases_of(found, request.user)
        context["job"] = selectors.matching(found)
    return polled(request, render(request, "exchange/statement.html", context), context.get("job"))


def _proposed(request: HttpRequest, of: Statement) -> dict[str, Any]:
    proposal = of.proposal
    if proposal is None:
        return {}
    keys = [p["statement"] for p in proposal.content["partners"]]
    rows = selectors.every_statement().filter(pk__in=keys).select_related("enterprise", "created_by")
    found = explain(proposal, {str(s.pk): s for s in rows}, request.user, provider.shown(request))
    earlier = selectors.proposals_of(of)[:20]
    takes = "task_force" in people.city_parties(request.user)
    asks = not takes and request.user.may(STATE)
    return {"proposed": found, "earlier": earlier, "may_take": takes, "may_ask": asks}


@page(READ)
def proposals(request: HttpRequest) -> HttpResponse:
    """The latest proposal of each statement in one's scope."""
    rows, columns = selectors.proposals(request.user), selectors.proposal_columns(request.user)
    found = paged(request.GET, rows, columns)
    context = {"list": found, "rows": [(p, shown(p.statement, request.user)) for p in found]}
    context["worths"] = sees_worths(request.user)
    return render(request, "exchange/proposals.html", context)


@page(READ)
def proposals_export(request: HttpRequest, kind: str) -> Any:
    """The list as it was asked for, in full."""
    rows, columns = selectors.proposals(request.user), selectors.proposal_columns(request.user)
    found = paged(request.GET, rows, columns)
    seen = ((p, shown(p.statement, request.user)) for p in found.whole.defer("content").iterator(2000))
    return answer(proposals_report(seen, worths=sees_worths(request.user)), "proposals", kind)
