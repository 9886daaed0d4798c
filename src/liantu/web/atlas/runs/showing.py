"""What the page of a run shows: its question in words, its answer in tables."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from liantu.chain.portfolio_result import PortfolioResult
from liantu.report.portfolio import portfolio_report
from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import Permission
from liantu.web.atlas import city as provider
from liantu.web.atlas.datasets.selectors import tables_of
from liantu.web.atlas.models import Run
from liantu.web.atlas.runs import scenarios, selectors, stored
from liantu.web.atlas.runs.sections import SECTIONS, Picks, rows_of, units_of
from liantu.web.atlas.selectors import plans
from liantu.web.kit.reports import facts_of
from liantu.web.kit.reports import tables_of as listings_of

LISTS = ("materials", "facilities", "candidates", "demands", "resources", "parks", "processes")


def of(request: HttpRequest, run: Run) -> dict[str, Any]:
    """The answer of a run that is done."""
    if run.kind == Run.Kind.PORTFOLIO:
        return _portfolio(request, run)
    city = provider.show(request, run)
    return {
        "plan": city.plan,
        "findings": plans.findings(city),
        "caps": plans.caps(city),
        "crossings": plans.city_crossings(city),
        "by_chain": plans.margins_by_chain(city),
        "by_enterprise": plans.margins_by_enterprise(city),
        "gaps": city.gaps(),
        "portfolios": selectors.portfolios_of(run, request.user),
    }


def _portfolio(request: HttpRequest, run: Run) -> dict[str, Any]:
    result = stored.unpack_record(PortfolioResult, bytes(selectors.result_of(run).stored))
    if run.of is not None:
        city = provider.show(request, selectors.every().get(pk=run.of_id))
        report = portfolio_report(result, city.opened)
        return {"result": result, "facts": facts_of(report), "tables": listings_of(report.listings)}
    return {"result": result}


def scenario_of(run: Run) -> dict[str, Any]:
    """What the run assumes other than the tables do, by section."""
    scenario, _problems = scenarios.inspect(run.scenario, tables_of(run.version))
    if scenario is None:
        return {}
    tables = tables_of(run.version)
    rows = rows_of(scenario, tables)
    filled = [(s, rows[s.key]) for s in SECTIONS if rows.get(s.key)]
    names = {o.id: str(o) for pick in LISTS for o in Picks(tables).options(pick)} if filled else {}
    return {
        "scenario": scenario,
        "sections": filled,
        "names": names,
        "units": units_of(tables) if filled else {},
    }


def may_cancel(user: User, run: Run) -> bool:
    """Who started it, or who may choose what all see."""
    return run.created_by_id == user.pk or user.may(Permission.RUNS_PUBLISH)
