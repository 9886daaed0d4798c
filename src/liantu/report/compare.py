"""Two plans side by side, as JSON and as a report."""

from __future__ import annotations

from typing import Any

from liantu.chain.compare import Comparison
from liantu.i18n import EN, current_language
from liantu.i18n import gettext as _
from liantu.report.cells import CENT
from liantu.report.listing import Cell, Column, Fact, Interval, Listing, Quantity, Report
from liantu.report.machine import VERSION, dataset, plain, scenario_json
from liantu.report.names import Names, word
from liantu.runs import City

MONEY = Column("", "money", "CNY/y")


def compare_json(result: Comparison, a: City, b: City) -> dict[str, Any]:
    """The document of `compare --json`; see docs/json-schema.md."""
    document = plain(result)
    sides = {
        name: {"dataset": dataset(city.tables), "scenario": scenario_json(city.scenario, city.tables)}
        for name, city in (("a", a), ("b", b))
    }
    return {"schema": f"liantu/compare/{VERSION}"} | document | sides


def compare_report(result: Comparison, a: City, b: City) -> Report:
    """Where the difference of two plans comes from: by line, material, plant and chain."""
    names = Names(b.network, a.network)
    facts = (
        Fact("A", _side(a)),
        Fact("B", _side(b)),
        Fact(_("Value of A"), result.a_cny, MONEY),
        Fact(_("Value of B"), result.b_cny, MONEY),
        Fact(_("Difference, B less A"), result.difference_cny, MONEY),
    )
    different = (_("A and B rest on different tables."),)
    return Report(
        title=_("Comparison"),
        facts=facts,
        notes=() if result.same_tables else different,
        listings=(
            _lines(result),
            _materials(result, names),
            _places(result, names),
            _chains(result, names),
            _activities(result, names),
            _caps(result, names),
            _shipments(result, names),
            _prices(result, names),
        ),
    )


def _side(city: City) -> str:
    n, scenario = city.network, city.scenario
    title = n.title_en if current_language() == EN else n.title_zh
    said = {"city": title, "scenario": f"{scenario.name}{f' ({scenario.title})' if scenario.title else ''}"}
    return _("%(city)s, scenario %(scenario)s") % said


def _money(*titles: str, optional: int = 0) -> list[Column]:
    """Columns of money a year, the last `optional` of them left out together where there is no room."""
    required = len(titles) - optional
    return [
        Column(title, "money", "CNY/y", optional="together" if i >= required else False)
        for i, title in enumerate(titles)
    ]


def _lines(result: Comparison) -> Listing:
    rows = [
        (word(x.name), x.difference_cny, x.quantity_effect_cny, x.price_effect_cny, x.a_cny, x.b_cny)
        for x in result.lines
        if x.a_cny or x.b_cny
    ]
    columns = (
        Column(_("Line")),
        *_money(_("Difference"), _("By quantity"), _("By price"), "A", "B", optional=2),
    )
    return Listing(_("Where the difference comes from"), columns, rows)


def _materials(result: Comparison, names: Names) -> Listing:
    rows: list[tuple[Cell, ...]] = [
        (
            names.material(x.material),
            word(x.kind),
            x.difference_cny,
            Quantity(x.quantity_a, x.unit),
            Quantity(x.quantity_b, x.unit),
            x.quantity_effect_cny,
            x.price_effect_cny,
        )
        for x in result.materials
        if abs(x.difference_cny) >= CENT
    ]
    columns = (
        Column(_("Material")),
        Column(_("Kind")),
        *_money(_("Difference")),
        Column("A", "quantity"),
        Column("B", "quantity"),
        *_money(_("By quantity"), _("By price"), optional=2),
    )
    return Listing(_("By material"), columns, rows, short=20)


def _places(result: Comparison, names: Names) -> Listing:
    """Each place with the parts that changed most."""
    rows: list[tuple[Cell, ...]] = []
    for x in result.places:
        if abs(x.difference_cny) < CENT:
            continue
        parts = sorted(x.parts, key=lambda p: -abs(p.difference_cny))[:2]
        told = ", ".join(word(p.name) for p in parts if p.difference_cny)
        rows.append((names.place(x.place), x.difference_cny, x.a_cny, x.b_cny, told))
    columns = (Column(_("Plant")), *_money(_("Difference"), "A", "B"), Column(_("Mostly"), optional=True))
    return Listing(_("By plant"), columns, rows, short=20)


def _chains(result: Comparison, names: Names) -> Listing:
    rows = [(names.chain(x.chain), x.difference_cny, x.a_cny, x.b_cny) for x in result.chains]
    return Listing(_("By chain"), (Column(_("Chain")), *_money(_("Difference"), "A", "B")), rows)


def _activities(result: Comparison, names: Names) -> Listing:
    rows: list[tuple[Cell, ...]] = []
    for x in result.activities:
        unit = f"{names.plant_unit(x.plant)}/y"
        amounts = Quantity(x.activity_a, unit), Quantity(x.activity_b, unit)
        rows.append((names.plant(x.plant), word(x.change), *amounts, x.load_a, x.load_b))
    columns = (
        Column(_("Plant")),
        Column(_("Change")),
        Column("A", "quantity"),
        Column("B", "quantity"),
        Column(_("Load in A"), "share"),
        Column(_("Load in B"), "share"),
    )
    return Listing(_("Plants that run otherwise"), columns, rows, short=20)


def _caps(result: Comparison, names: Names) -> Listing:
    rows = [(names.cap(x.id), word(x.change), x.price_a_cny, x.price_b_cny) for x in result.caps]
    columns = (
        Column(_("City cap")),
        Column(_("Change")),
        Column(_("Price in A"), "number", "CNY/unit", mixed=True),
        Column(_("Price in B"), "number", "CNY/unit", mixed=True),
    )
    return Listing(_("Caps that begin or cease to bind"), columns, rows)


def _shipments(result: Comparison, names: Names) -> Listing:
    rows: list[tuple[Cell, ...]] = []
    for x in result.shipments:
        unit = f"{names.unit(x.material)}/y"
        amounts = Quantity(x.quantity_a, unit), Quantity(x.quantity_b, unit)
        ends = names.place(x.source), names.place(x.target)
        rows.append((names.material(x.material), *ends, word(x.change), *amounts))
    columns = (
        Column(_("Material")),
        Column(_("From")),
        Column(_("To")),
        Column(_("Change"), optional=True),
        Column("A", "quantity"),
        Column("B", "quantity"),
    )
    return Listing(_("Shipments that change"), columns, rows, short=12)


def _prices(result: Comparison, names: Names) -> Listing:
    rows: list[tuple[Cell, ...]] = [
        (
            names.material(x.material),
            names.place(x.place),
            Interval(x.low_a, x.high_a),
            Interval(x.low_b, x.high_b),
            x.shift_cny,
            _("yes") if x.certain else _("no"),
        )
        for x in result.prices
    ]
    columns = (
        Column(_("Material")),
        Column(_("Place")),
        Column("A", "interval", "CNY/unit"),
        Column("B", "interval", "CNY/unit"),
        Column(_("Moved by"), "number", "CNY/unit", mixed=True, optional=True),
        Column(_("For certain"), optional=True),
    )
    return Listing(_("Local prices that move"), columns, rows, short=12)
