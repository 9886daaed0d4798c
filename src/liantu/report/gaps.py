"""A gap analysis as JSON and as a report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from liantu.chain.gap_report import ExtendGap, FillGap, GapReport, Proof, StrengthenGap
from liantu.i18n import gettext as _
from liantu.report.head import city_facts, heading
from liantu.report.listing import Cell, Column, Fact, Interval, Listing, Quantity, Report
from liantu.report.machine import envelope, plain
from liantu.report.names import Names, word
from liantu.runs import City


def gaps_json(report: GapReport, city: City) -> dict[str, Any]:
    """The document of `gaps --json`; see docs/json-schema.md."""
    return envelope("gaps", city.tables, city.scenario) | {
        "objective_cny": report.base_value,
        "capital_charge_rate": report.charge_rate,
        "solves": report.solves,
        **{
            name: plain(getattr(report, name))
            for name in ("fill", "extend", "strengthen", "candidates", "proofs")
        },
        "groups": list(report.groups),
        "recipe_plants": plain(report.notionals),
    }


def gaps_report(report: GapReport, city: City) -> Report:
    """The three lists, the candidates behind them, and what proves them."""
    names = Names(city.network)
    return Report(
        title=heading(_("Gaps"), city.network, city.scenario),
        facts=(
            Fact(_("Value of the plan"), report.base_value, Column("", "money", "CNY/y")),
            Fact(_("Capital charge"), report.charge_rate, Column("", "share")),
            Fact(_("Plans solved again"), str(report.solves)),
            *city_facts(city),
        ),
        notes=(
            _("Worth: a difference of two solved plans, net of capital charge. First order: prices alone."),
        ),
        listings=(
            _fill(report.fill, names),
            _extend(report.extend, names),
            _strengthen(report.strengthen, names),
            _candidates(report, names),
            _proofs(report.proofs, names),
            _changes(report.proofs, names),
        ),
    )


def _worth_columns() -> tuple[Column, Column]:
    return Column(_("Worth"), "money", "CNY/y"), Column(_("First order"), "money", "CNY/y", optional=True)


def _set(key: str, names: Names) -> str:
    """The names of a set of candidates, 'a+b'."""
    return " + ".join(names.plant(part) for part in key.split("+")) if key else ""


def _with(best: str, partners: Iterable[str], names: Names) -> str:
    return " + ".join(names.plant(p) for p in (best, *partners)) if best else ""


def _best(row: FillGap | ExtendGap | StrengthenGap, names: Names) -> str:
    """The best option with the partners it was proved with."""
    partners = next((o.partners for o in row.options if o.id == row.best), ())
    return _with(row.best, partners, names)


def _fill(rows: Iterable[FillGap], names: Names) -> Listing:
    cells: list[tuple[Cell, ...]] = [
        (
            names.material(g.material),
            word(g.kind),
            Quantity(g.quantity, f"{names.unit(g.material)}/y") if g.kind != "candidate" else None,
            _best(g, names),
            g.worth_cny_per_year,
            g.first_order_cny_per_year,
            word(g.reason),
            g.value_cny,
        )
        for g in rows
    ]
    columns = (
        Column(_("Material")),
        Column(_("Today")),
        Column(_("Quantity"), "quantity"),
        Column(_("Best candidate, with partners")),
        *_worth_columns(),
        Column(_("Why"), optional=True),
        Column(_("Cost today"), "money", "CNY/y", optional=True),
    )
    return Listing(_("Fill: bought in or dumped for want of a link"), columns, cells, short=15)


def _extend(rows: Iterable[ExtendGap], names: Names) -> Listing:
    cells: list[tuple[Cell, ...]] = []
    for g in rows:
        multiple = next((o.multiple for o in g.options if o.id == g.best), None)
        quantity = Quantity(g.quantity, f"{names.unit(g.material)}/y") if g.kind != "candidate" else None
        worth = g.worth_cny_per_year, g.first_order_cny_per_year
        price = g.sold_cny_per_unit if quantity else None
        cells.append((names.material(g.material), quantity, _best(g, names), *worth, multiple, price))
    columns = (
        Column(_("Material")),
        Column(_("Sold"), "quantity"),
        Column(_("Best candidate, with partners")),
        *_worth_columns(),
        Column(_("Value multiple"), "number", "×", mixed=True, optional=True),
        Column(_("Net price"), "number", "CNY/unit", mixed=True, optional=True),
    )
    return Listing(
        _("Extend: leaves the city though a known recipe would raise it"), columns, cells, short=15
    )


def _strengthen(rows: Iterable[StrengthenGap], names: Names) -> Listing:
    cells: list[tuple[Cell, ...]] = [
        (
            names.anything(g.subject),
            word(g.kind),
            g.worth_cny_per_year,
            g.first_order_cny_per_year,
            Interval(g.price_low, g.price_high),
            g.used / g.limit if g.limit > 0 else None,
            _best(g, names),
        )
        for g in rows
    ]
    columns = (
        Column(_("Capacity or cap")),
        Column(_("Kind"), optional=True),
        Column(_("Worth of a tenth more"), "money", "CNY/y"),
        Column(_("First order"), "money", "CNY/y", optional=True),
        Column(_("Worth of a unit"), "interval", "CNY/unit"),
        Column(_("Use"), "share", optional=True),
        Column(_("Candidate that relieves it")),
    )
    return Listing(_("Strengthen: capacities and caps that bind"), columns, cells, short=15)


def _candidates(report: GapReport, names: Names) -> Listing:
    cells: list[tuple[Cell, ...]] = [
        (
            names.plant(c.id),
            c.worth_cny_per_year,
            c.first_order_cny_per_year,
            c.alone_cny_per_year,
            c.with_partners_cny_per_year,
            " + ".join(names.plant(p) for p in c.partners_tested),
            c.load,
            c.payback_years,
            c.capital_cny,
        )
        for c in report.candidates
    ]
    columns = (
        Column(_("Candidate")),
        Column(_("Worth"), "money", "CNY/y"),
        Column(_("First order"), "money", "CNY/y"),
        Column(_("Alone"), "money", "CNY/y"),
        Column(_("With partners"), "money", "CNY/y"),
        Column(_("Partners"), optional=True),
        Column(_("Load"), "share", optional=True),
        Column(_("Payback"), "number", "y", optional=True),
        Column(_("Capital"), "money", "CNY", optional=True),
    )
    return Listing(_("Candidates, proved by solving again"), columns, cells, short=20)


def _proofs(proofs: Iterable[Proof], names: Names) -> Listing:
    cells: list[tuple[Cell, ...]] = [
        (
            _set(p.id, names),
            p.worth_cny_per_year,
            p.first_order_cny_per_year,
            p.payback_years,
            p.capital_cny,
            p.land_ha,
            p.water_m3_per_year / 1e4,
            p.energy_tce_per_year,
            p.electricity_mwh_per_year,
            p.jobs,
        )
        for p in proofs
    ]
    columns = (
        Column(_("Built together")),
        Column(_("Worth"), "money", "CNY/y"),
        Column(_("First order"), "money", "CNY/y"),
        Column(_("Payback"), "number", "y"),
        Column(_("Capital"), "money", "CNY"),
        Column(_("Land"), "number", "ha", optional=True),
        Column(_("Water"), "number", "10⁴ m3/y", optional=True),
        Column(_("Energy"), "number", "tce/y", optional=True),
        Column(_("Electricity"), "number", "MWh/y", optional=True),
        Column(_("Jobs"), "number", "jobs", optional=True),
    )
    return Listing(_("Proofs: what is built together, and what it takes"), columns, cells, short=10)


def _changes(proofs: Iterable[Proof], names: Names) -> Listing:
    """Which plants rise and fall, and whose crossings change."""
    cells: list[tuple[Cell, ...]] = []
    for p in proofs:
        title = _set(p.id, names)
        for plant in p.plants:
            unit = f"{names.plant_unit(plant.id)}/y"
            before, after = Quantity(plant.before, unit), Quantity(plant.after, unit)
            cells.append((title, names.plant(plant.id), _("activity"), before, after, None))
        for c in p.crossings:
            unit = f"{names.unit(c.material)}/y"
            before, after = Quantity(c.before, unit), Quantity(c.after, unit)
            cells.append((title, names.material(c.material), word(c.kind), before, after, c.value_cny))
    columns = (
        Column(_("Built together")),
        Column(_("What changes")),
        Column(_("Kind")),
        Column(_("Before"), "quantity"),
        Column(_("After"), "quantity"),
        Column(_("Earns more"), "money", "CNY/y", optional=True),
    )
    return Listing(_("What changes upstream and downstream"), columns, cells, short=0)
