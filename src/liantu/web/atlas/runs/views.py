"""Pages of runs: the list, one run, what may be done with it, two side by side."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liantu.web.accounts.access import page
from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import Permission
from liantu.web.atlas import city as provider
from liantu.web.atlas.models import Run
from liantu.web.atlas.runs import actions, comparing, selectors, showing
from liantu.web.atlas.runs.stored import unpack_document
from liantu.web.atlas.selectors import plans
from liantu.web.jobs.actions import JobOverError, cancel
from liantu.web.jobs.fragments import polled
from liantu.web.jobs.models import Job
from liantu.web.kit import parameters
from liantu.web.kit.downloads import attachment
from liantu.web.kit.pages import Columns, DayFilter, Filter, paged

ACTIVE = (Job.Status.QUEUED, Job.Status.RUNNING)


def run_columns(user: User) -> Columns:
    """What the list of runs can be asked."""
    return Columns(
        sorts={
            "name": ("name",),
            "when": ("created_at",),
            "who": ("created_by__name", "created_by__username"),
            "value": ("result__objective",),
            "version": ("version__number",),
        },
        default="-when",
        search=("name", "created_by__name", "created_by__username"),
        filters=(
            Filter("kind", gettext_lazy("Kind"), Run.Kind.choices),
            Filter(
                "status",
                gettext_lazy("State"),
                (("active", gettext_lazy("at work")), *Job.Status.choices),
                lambda rows, value: rows.filter(job__status__in=ACTIVE if value == "active" else (value,)),
            ),
            Filter(
                "whose",
                gettext_lazy("Whose"),
                (("mine", gettext_lazy("mine")),),
                lambda rows, value: rows.filter(created_by=user),
            ),
            DayFilter("from", gettext_lazy("From"), how="created_at__date__gte"),
            DayFilter("to", gettext_lazy("Up to"), how="created_at__date__lte"),
        ),
        hint=gettext_lazy("name, person"),
    )


def _run(request: HttpRequest, run: UUID) -> Run:
    found: Run = get_object_or_404(selectors.visible(request.user), pk=run)
    return found


@page(Permission.RUNS_READ)
def run_list(request: HttpRequest) -> HttpResponse:
    """Every run that the person may see, the newest first."""
    found = paged(request.GET, selectors.listed(request.user), run_columns(request.user))
    context = {"list": found, "sort": found.sort, "now": selectors.published()}
    return render(request, "atlas/runs/list.html", context)


@page(Permission.RUNS_READ)
def one(request: HttpRequest, run: UUID) -> HttpResponse:
    """One run: how far it is, what was asked, what came out."""
    found = _run(request, run)
    context: dict[str, Any] = {"run": found, "job": found.job, "now": selectors.published()}
    if found.is_done and found.kind == Run.Kind.GAPS and found.of_id:
        return redirect("runs-one", found.of_id)
    if found.is_done:
        context |= showing.of(request, found)
    context["said"] = showing.scenario_of(found)
    context["publications"] = found.publications.select_related("by")
    response = render(request, "atlas/runs/one.html", context)
    return polled(request, response, found.job)


@page(Permission.RUNS_START, post=True)
def cancel_run(request: HttpRequest, run: UUID) -> HttpResponse:
    """Take a run back that waits or runs."""
    found = _run(request, run)
    if request.method == "POST" and showing.may_cancel(request.user, found):
        try:
            cancel(found.job, by=request.user)
            messages.success(request, _("It is cancelled; nothing of it was kept."))
        except JobOverError:
            messages.info(request, _("It had ended already."))
    return redirect("runs-one", found.pk)


@page(Permission.RUNS_PUBLISH, post=True)
def publish_run(request: HttpRequest, run: UUID) -> HttpResponse:
    """Show a plan to all."""
    found = _run(request, run)
    if request.method == "POST":
        try:
            actions.publish(found, by=request.user)
            messages.success(request, _("From now on the atlas shows this plan to all."))
        except actions.NotPublishableError:
            messages.error(request, _("Only a plan that is done can be shown to all. Nothing was changed."))
    return redirect("runs-one", found.pk)


@page(Permission.RUNS_START, post=True)
def gaps_run(request: HttpRequest, run: UUID) -> HttpResponse:
    """Look for the missing links of a plan."""
    found = _run(request, run)
    if request.method == "POST" and found.is_done and found.kind == Run.Kind.PLAN:
        actions.find_gaps(found, by=request.user)
        messages.success(request, _("The missing links are looked for."))
    return redirect("runs-one", found.pk)


@page(Permission.RUNS_READ)
def scenario_file(request: HttpRequest, run: UUID) -> HttpResponse:
    """The scenario as a file, to be kept, changed and given back."""
    found = _run(request, run)
    text = found.scenario or "name: base\n"
    return attachment(text.encode(), f"{found}.yaml", "application/yaml; charset=utf-8")


@page(Permission.RUNS_READ)
def report_file(request: HttpRequest, run: UUID) -> HttpResponse:
    """The documented report, as the command line prints it."""
    found = _run(request, run)
    if not found.is_done:
        raise Http404(_("The run has no report yet."))
    document = unpack_document(bytes(selectors.result_of(found).report))
    text = json.dumps(document, ensure_ascii=False, indent=2)
    return attachment(text.encode(), f"{found}.json", "application/json")


@page(Permission.RUNS_READ)
def compare(request: HttpRequest) -> HttpResponse:
    """Two plans side by side, and where their difference comes from."""
    a, b = (_plan(request, name) for name in ("a", "b"))
    context: dict[str, Any] = {"a": a, "b": b, "plans": selectors.plans_to_choose(request.user)}
    if a and b:
        one, two = provider.of_run(a), provider.of_run(b)
        context |= {"page": comparing.compared(one, two), "cities": (one, two)}
        context["findings"] = (plans.findings(one), plans.findings(two))
    return render(request, "atlas/runs/compare.html", context)


def _plan(request: HttpRequest, name: str) -> Run | None:
    """The plan that a parameter names; `now` is the one that all see."""
    asked = parameters.text(request.GET, name)
    if not asked:
        return None
    if asked == "now":
        return selectors.published()
    try:
        key = UUID(asked)
    except ValueError:
        raise parameters.BadParameterError(name, asked) from None
    done = selectors.visible(request.user).filter(kind=Run.Kind.PLAN, job__status=Job.Status.DONE)
    found: Run = get_object_or_404(done, pk=key)
    return found
