"""A portfolio as JSON and as a report."""

from __future__ import annotations

from typing import Any

from liantu.chain.portfolio_result import LimitUse, PortfolioResult
from liantu.i18n import EN, current_language
from liantu.i18n import gettext as _
from liantu.report.cells import ANY
from liantu.report.head import city_facts, heading
from liantu.report.listing import Cell, Column, Fact, Interval, Listing, Quantity, Report
from liantu.report.machine import envelope, plain
from liantu.report.names import Names, word
from liantu.runs import City

MONEY, CAPITAL = Column("", "money", "CNY/y"), Column("", "money", "CNY")


def portfolio_json(result: PortfolioResult, city: City) -> dict[str, Any]:
    """The document of `portfolio --json`; see docs/json-schema.md."""
    document = plain(result)
    document.pop("scenario")  # its name; the envelope has the scenario itself
    return envelope("portfolio", city.tables, city.scenario) | document


def portfolio_report(result: PortfolioResult, city: City) -> Report:
    """The best set, what binds it, the next best, and what more money would bring."""
    names = Names(city.network)
    closed = _("proven best") if result.proven else _("not proven: the time limit was reached")
    return Report(
        title=heading(_("Portfolio"), city.network, city.scenario),
        facts=(
            Fact(_("Worth"), result.worth_cny_per_year, MONEY),
            Fact(_("No set is worth more than"), result.bound_cny_per_year, MONEY),
            Fact(_("Gap"), f"{100 * result.gap:.2g} % ({closed})"),
            Fact(_("Value without and with it"), f"{_money(result.base_cny)} → {_money(result.value_cny)}"),
            Fact(_("Capital"), result.capital_cny, CAPITAL),
            Fact(_("Capital charge"), result.charge_cny_per_year, MONEY),
            Fact(_("Land"), result.land_ha, Column("", "number", "ha")),
            Fact(_("Jobs"), result.jobs, Column("", "number", "jobs")),
            *city_facts(city),
        ),
        listings=(
            _chosen(result, names),
            _limits(result.limits, names),
            _runners_up(result, names),
            _frontier(result, names),
            _apart(result, names),
            _left_out(result, names),
        ),
    )


def _money(value: float) -> str:
    from liantu.report.cells import fact

    return fact(MONEY, value)


def _chosen(result: PortfolioResult, names: Names) -> Listing:
    rows: list[tuple[Cell, ...]] = [
        (
            names.plant(c.id),
            Quantity(c.size, f"{names.plant_unit(c.id)}/y"),
            c.marginal_cny_per_year,
            c.capital_cny,
            c.load,
            c.land_ha,
            c.jobs,
            word(c.link_type),
            c.share_of_scale,
        )
        for c in result.chosen
    ]
    columns = (
        Column(_("Candidate")),
        Column(_("Size"), "quantity"),
        Column(_("Lost without it"), "money", "CNY/y"),
        Column(_("Capital"), "money", "CNY"),
        Column(_("Load"), "share"),
        Column(_("Land"), "number", "ha", optional=True),
        Column(_("Jobs"), "number", "jobs", optional=True),
        Column(_("Kind"), optional=True),
        Column(_("Part of its scale"), "share", optional=True),
    )
    return Listing(_("Build together"), columns, rows, empty=_("Nothing is worth building."))


def _limits(limits: tuple[LimitUse, ...], names: Names) -> Listing:
    def name(use: LimitUse) -> str:
        own = use.name_en if current_language() == EN else use.name_zh  # of a budget or room
        known = names.cap(use.id)
        return known if known != use.id else own or use.id

    rows: list[tuple[Cell, ...]] = [
        (
            name(u),
            Quantity(u.used, u.unit),
            Quantity(u.limit, u.unit) if u.limit != float("inf") else None,
            Interval(u.price_low, u.price_high),
            _("binds") if u.binds else "",
        )
        for u in sorted(limits, key=lambda u: not u.binds)
    ]
    columns = (
        Column(_("Budget, room or cap")),
        Column(_("Used"), "quantity", ANY),
        Column(_("Limit"), "quantity", ANY),
        Column(_("Worth of one more"), "interval", "CNY/unit"),
        Column(_("Binds")),
    )
    return Listing(_("What binds"), columns, rows, short=max(8, sum(u.binds for u in limits)))


def _runners_up(result: PortfolioResult, names: Names) -> Listing:
    rows: list[tuple[Cell, ...]] = [
        (
            _named(r.added, names, "+ ") or "–",
            _named(r.removed, names, "− ") or "–",
            r.loss_cny_per_year,
            r.worth_cny_per_year,
            r.capital_cny,
            r.land_ha,
        )
        for r in result.runners_up
    ]
    columns = (
        Column(_("More")),
        Column(_("Less")),
        Column(_("Behind the best by"), "money", "CNY/y"),
        Column(_("Worth"), "money", "CNY/y"),
        Column(_("Capital"), "money", "CNY", optional=True),
        Column(_("Land"), "number", "ha", optional=True),
    )
    return Listing(_("The next best sets"), columns, rows)


def _frontier(result: PortfolioResult, names: Names) -> Listing:
    rows: list[tuple[Cell, ...]] = [
        (
            p.budget_cny,
            p.worth_cny_per_year,
            p.capital_cny,
            float(len(p.candidates)),
            p.bound_cny_per_year,
            _named(p.candidates, names, ""),
        )
        for p in result.frontier
    ]
    columns = (
        Column(_("Budget"), "money", "CNY"),
        Column(_("Worth"), "money", "CNY/y"),
        Column(_("Capital used"), "money", "CNY"),
        Column(_("Candidates"), "number"),
        Column(_("Bound"), "money", "CNY/y", optional=True),
        Column(_("Which"), optional=True),
    )
    return Listing(_("What more capital brings"), columns, rows)


def _apart(result: PortfolioResult, names: Names) -> Listing:
    rows = [
        (names.plant(p.chosen), names.plant(p.partner), p.added_cny_per_year) for p in result.partners_apart
    ]
    columns = (
        Column(_("Chosen")),
        Column(_("Partner that is not")),
        Column(_("It would add"), "money", "CNY/y"),
    )
    return Listing(_("Partners left apart"), columns, rows)


def _left_out(result: PortfolioResult, names: Names) -> Listing:
    rows = [
        (names.plant(c.id), c.added_cny_per_year, _("yes") if c.fits else _("no")) for c in result.left_out
    ]
    columns = (
        Column(_("Candidate")),
        Column(_("It would add"), "money", "CNY/y"),
        Column(_("Capital and land have room")),
    )
    return Listing(_("Left out"), columns, rows, short=8)


def _named(candidates: tuple[str, ...], names: Names, mark: str) -> str:
    return ", ".join(mark + names.plant(c) for c in candidates)
