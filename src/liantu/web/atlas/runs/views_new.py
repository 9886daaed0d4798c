"""Asking the engine something new: a scenario, a portfolio."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from liantu.data.tables import Tables
from liantu.web.accounts.access import page
from liantu.web.accounts.permissions import Permission
from liantu.web.atlas.datasets.selectors import shown_dataset, tables_of
from liantu.web.atlas.models import DatasetVersion, Run
from liantu.web.atlas.runs import actions, scenarios, selectors
from liantu.web.atlas.runs.forms import FileForm, ScenarioForm, filled, raw_rows
from liantu.web.atlas.runs.forms_portfolio import PortfolioForm
from liantu.web.kit import parameters


def _version() -> DatasetVersion:
    dataset = shown_dataset()
    if dataset is None or dataset.current is None:
        raise Http404(_("There are no data yet."))
    return dataset.current


@page(Permission.RUNS_START, post=True)
def new(request: HttpRequest) -> HttpResponse:
    """The scenario form; starts a run."""
    version = _version()
    tables = tables_of(version)
    may_publish = request.user.may(Permission.RUNS_PUBLISH)
    file = FileForm(None, None, tables)
    if request.method != "POST":
        form = _beginning(request, tables, may_publish)
    elif "more" in request.POST:
        more = request.POST["more"]
        fields = {k: request.POST.get(k, "") for k in ScenarioForm.base_fields}
        form = ScenarioForm(
            None, tables, rows=_with_one_more(request, more), initial=fields, may_publish=may_publish
        )
    elif "read" in request.POST:
        file = FileForm(request.POST, request.FILES, tables)
        if file.is_valid() and file.scenario is not None:
            form = filled(file.scenario, tables, may_publish)
        else:
            form = ScenarioForm(None, tables, may_publish=may_publish)
    else:
        form = ScenarioForm(request.POST, tables, may_publish=may_publish)
        if form.is_valid():
            return redirect("runs-one", _start(request, form, version).pk)
    bad = form.errors or file.errors
    context = {"form": form, "file": file, "version": version}
    return render(request, "atlas/runs/new.html", context, status=400 if bad else 200)


def _beginning(request: HttpRequest, tables: Tables, may_publish: bool) -> ScenarioForm:
    """A blank form, or one that shows the scenario of the run that is named."""
    asked = parameters.text(request.GET, "from")
    if not asked:
        return ScenarioForm(None, tables, may_publish=may_publish)
    try:
        run: Run = get_object_or_404(selectors.visible(request.user), pk=UUID(asked))
    except ValueError:
        raise Http404 from None
    scenario, _problems = scenarios.inspect(run.scenario, tables)
    if scenario is None:
        raise Http404(_("The scenario does not fit the data as they are now."))
    return filled(scenario, tables, may_publish)


def _with_one_more(request: HttpRequest, key: str) -> dict[str, list[Mapping[str, str]]]:
    rows = raw_rows(request.POST)
    if key in rows:
        rows[key].append({})
    return rows


def _start(request: HttpRequest, form: ScenarioForm, version: DatasetVersion) -> Run:
    wanted = form.cleaned_data
    return actions.start_run(
        version=version,
        scenario=form.text,
        name=wanted["name"],
        by=request.user,
        publish=bool(wanted.get("publish")),
        options={"gaps": True} if wanted["gaps"] else {},
    )


@page(Permission.RUNS_START, post=True)
def portfolio(request: HttpRequest, run: UUID) -> HttpResponse:
    """The limits of a portfolio on top of a plan; starts a run."""
    plan: Run = get_object_or_404(selectors.visible(request.user), pk=run, kind=Run.Kind.PLAN)
    form = PortfolioForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        started = actions.start_run(
            version=plan.version,
            kind=str(Run.Kind.PORTFOLIO),
            scenario=plan.scenario,
            name=form.cleaned_data["name"],
            of=plan,
            options=form.options,
            by=request.user,
        )
        return redirect("runs-one", started.pk)
    context = {"form": form, "plan": plan}
    return render(request, "atlas/runs/portfolio.html", context, status=400 if form.errors else 200)
