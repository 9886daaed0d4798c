"""Circular accounts as JSON and as a report."""

from __future__ import annotations

from typing import Any

from liantu.chain.accounts import Accounts, Intensity, LocalSupply, Route
from liantu.i18n import gettext as _
from liantu.report.cells import text
from liantu.report.head import city_facts, heading
from liantu.report.listing import Cell, Column, Fact, Listing, Quantity, Report
from liantu.report.machine import envelope, plain
from liantu.report.names import Names, word
from liantu.runs import City

SHARE, AMOUNT = Column("", "share"), Column("", "quantity")


def accounts_json(accounts: Accounts, city: City) -> dict[str, Any]:
    """The document of `accounts --json`; see docs/json-schema.md."""
    document = plain(accounts)
    document.pop("scenario")  # its name; the envelope has the scenario itself
    return envelope("accounts", city.tables, city.scenario) | document


def accounts_report(accounts: Accounts, city: City) -> Report:
    """What the city makes of its materials: supply, waste, water, energy, carbon, value along chains."""
    names = Names(city.network)
    return Report(
        title=heading(_("Circular accounts"), city.network, city.scenario),
        facts=(*_facts(accounts), *city_facts(city)),
        notes=(
            _("Local supply leaves out air, water and utilities; value is at the plan's delivered prices."),
        ),
        listings=(
            _supply(accounts, names, "chain", _("Local supply by chain"), None),
            _supply(accounts, names, "material", _("Local supply by material"), 15),
            _supply(accounts, names, "plant", _("Local supply by plant"), 10),
            _waste(accounts, names),
            _carriers(accounts, names),
            _intensity(accounts.intensity),
            _burdens(accounts, names),
            _routes(accounts.routes, names),
            _stages(accounts.routes, names),
            _output(accounts, names),
        ),
    )


def _facts(a: Accounts) -> list[Fact]:
    whole = [s for s in a.local_supply if s.scope == "city"]
    return [
        *(Fact(_("Local supply rate, by value"), s.rate_value, SHARE) for s in whole),
        *(Fact(_("Local supply rate, by tonnes"), s.rate_quantity, SHARE) for s in whole),
        Fact(_("Solid waste made"), Quantity(a.solid_waste.made_t, "t/y"), AMOUNT),
        Fact(_("Solid waste put to use"), a.solid_waste.use_rate, SHARE),
        Fact(_("The same with old stacks"), a.solid_waste.comprehensive_rate, SHARE),
        Fact(_("Fresh water"), Quantity(a.water.fresh_m3, "m3/y"), AMOUNT),
        Fact(_("Reclaimed water"), Quantity(a.water.reclaimed_m3, "m3/y"), AMOUNT),
        Fact(_("Water reuse"), a.water.reuse_rate, SHARE),
        Fact(_("Comprehensive energy"), Quantity(a.energy.comprehensive_tce, "tce/y"), AMOUNT),
        Fact(_("Energy bought"), Quantity(a.energy.bought_tce, "tce/y"), AMOUNT),
        Fact(_("Renewable energy"), Quantity(a.energy.renewable_tce, "tce/y"), AMOUNT),
        Fact(_("Direct CO2"), Quantity(a.carbon.total_t, "t/y"), AMOUNT),
    ]


def _supply(accounts: Accounts, names: Names, scope: str, title: str, short: int | None) -> Listing:
    """Those that take most first."""
    name = {"chain": names.chain, "material": names.material, "plant": names.plant}[scope]

    def row(s: LocalSupply) -> tuple[Cell, ...]:
        return (
            name(s.id),
            s.rate_value,
            s.rate_quantity,
            s.value_cny,
            s.local_value_cny,
            Quantity(s.quantity, f"{s.unit}/y"),
            s.rate_with_utilities,
        )

    chosen = sorted((s for s in accounts.local_supply if s.scope == scope), key=lambda s: -s.value_cny)
    columns = (
        Column({"chain": _("Chain"), "material": _("Material"), "plant": _("Plant")}[scope]),
        Column(_("Local, by value"), "share"),
        Column(_("Local, by quantity"), "share"),
        Column(_("Inputs"), "money", "CNY/y"),
        Column(_("Local inputs"), "money", "CNY/y", optional=True),
        Column(_("Quantity"), "quantity", optional=True),
        Column(_("With utilities"), "share", optional=True),
    )
    return Listing(title, columns, [row(s) for s in chosen], short)


def _waste(accounts: Accounts, names: Names) -> Listing:
    rows: list[tuple[Cell, ...]] = [
        (
            names.material(u.material),
            u.use_rate,
            *(Quantity(v, f"{u.unit}/y") for v in (u.made, u.used, u.sold, u.dumped, u.bought)),
            word(u.kind),
        )
        for u in sorted(accounts.use_rates, key=lambda u: (not u.solid, -u.made))
    ]
    columns = (
        Column(_("By-product or waste")),
        Column(_("Put to use"), "share"),
        Column(_("Made"), "quantity"),
        Column(_("Used"), "quantity"),
        Column(_("Sold"), "quantity"),
        Column(_("Dumped"), "quantity"),
        Column(_("Taken in"), "quantity", optional=True),
        Column(_("Kind"), optional=True),
    )
    return Listing(_("Use of by-products and waste"), columns, rows, short=20)


def _carriers(accounts: Accounts, names: Names) -> Listing:
    rows: list[tuple[Cell, ...]] = [
        (
            names.material(c.material),
            c.bought_tce,
            c.sold_tce,
            Quantity(c.bought, f"{c.unit}/y"),
            Quantity(c.sold, f"{c.unit}/y"),
        )
        for c in sorted(accounts.energy.carriers, key=lambda c: -c.bought_tce)
    ]
    columns = (
        Column(_("Energy carrier")),
        Column(_("Bought"), "number", "tce/y"),
        Column(_("Sold"), "number", "tce/y"),
        Column(_("Bought"), "quantity", optional=True),
        Column(_("Sold"), "quantity", optional=True),
    )
    return Listing(_("Energy over the city line"), columns, rows)


def _intensity(intensities: tuple[Intensity, ...]) -> Listing:
    rows: list[tuple[Cell, ...]] = [
        (word(i.basis), i.tce_per_10k_cny, i.co2_t_per_10k_cny, i.water_m3_per_10k_cny, i.value_cny)
        for i in intensities
    ]
    columns = (
        Column(_("Per 10,000 CNY of")),
        Column(_("Energy"), "number", "tce"),
        Column(_("CO2"), "number", "t"),
        Column(_("Water"), "number", "m3"),
        Column(_("Money"), "money", "CNY/y", optional=True),
    )
    return Listing(_("Intensity"), columns, rows)


def _burdens(accounts: Accounts, names: Names) -> Listing:
    rows: list[tuple[Cell, ...]] = [
        (
            names.plant(b.plant),
            Quantity(b.activity, f"{b.unit}/y"),
            b.tce,
            b.co2_t,
            b.water_m3,
            b.tce_per_unit,
            b.co2_t_per_unit,
            b.water_m3_per_unit,
        )
        for b in sorted(accounts.burdens, key=lambda b: -b.co2_t)
    ]
    columns = (
        Column(_("Plant")),
        Column(_("Activity"), "quantity"),
        Column(_("Energy"), "number", "tce/y"),
        Column(_("CO2"), "number", "t/y"),
        Column(_("Water"), "number", "m3/y", optional=True),
        Column(_("Energy"), "number", "tce/unit", mixed=True, optional=True),
        Column(_("CO2"), "number", "t/unit", mixed=True, optional=True),
        Column(_("Water"), "number", "m3/unit", mixed=True, optional=True),
    )
    return Listing(_("Energy, CO2 and water by plant"), columns, rows, short=15)


def _routes(routes: tuple[Route, ...], names: Names) -> Listing:
    """From the first material to the last; those that run come first, the greatest multiple before others."""
    rows: list[tuple[Cell, ...]] = [
        (
            names.chain(r.chain),
            names.material(r.stages[0].material),
            names.material(r.stages[-1].material),
            r.multiple,
            r.element_multiple,
            r.recovery,
            _("yes") if r.running else _("no"),
            r.element,
            " → ".join(names.material(s.material) for s in r.stages),
        )
        for r in sorted(routes, key=lambda r: (not r.running, -r.multiple))
    ]
    columns = (
        Column(_("Chain")),
        Column(_("From")),
        Column(_("To")),
        Column(_("Value multiple"), "number", "×", mixed=True),
        Column(_("Of the element"), "number", "×", mixed=True),
        Column(_("Recovery"), "share", optional=True),
        Column(_("Runs"), optional=True),
        Column(_("Element"), optional=True),
        Column(_("Stages"), optional=True),
    )
    return Listing(_("Value along the chains, per unit of the first material"), columns, rows, short=20)


def _stages(routes: tuple[Route, ...], names: Names) -> Listing:
    rows: list[tuple[Cell, ...]] = []
    for r in routes:
        title = f"{names.material(r.stages[0].material)} → {names.material(r.stages[-1].material)}"
        rows += [
            (
                title,
                names.material(s.material),
                s.value_cny,
                text(Quantity(s.per_first, s.unit)),
                s.price_cny,
                s.value_per_t_element_cny,
                names.recipe(s.recipe) if s.recipe else "",
            )
            for s in r.stages
        ]
    columns = (
        Column(_("Route")),
        Column(_("Stage")),
        Column(_("Value per unit of the first"), "number", "CNY", mixed=True),
        Column(_("Amount per unit of the first")),
        Column(_("Price"), "number", "CNY/unit", mixed=True),
        Column(_("Per tonne of the element"), "number", "CNY/t", mixed=True, optional=True),
        Column(_("Recipe"), optional=True),
    )
    return Listing(_("The same, stage by stage"), columns, rows, short=0)


def _output(accounts: Accounts, names: Names) -> Listing:
    def name(scope: str, key: str) -> str:
        return {"plant": names.plant, "chain": names.chain}.get(scope, lambda k: k or word(scope))(key)

    rows: list[tuple[Cell, ...]] = [
        (name(o.scope, o.id), word(o.scope), o.output_cny, o.inputs_cny, o.other_cny, o.value_added_cny)
        for o in sorted(accounts.output, key=lambda o: ("city", "chain", "pool", "plant").index(o.scope))
    ]
    columns = (
        Column(_("Who")),
        Column(_("Scope"), optional=True),
        Column(_("Output"), "money", "CNY/y"),
        Column(_("Inputs"), "money", "CNY/y"),
        Column(_("Other"), "money", "CNY/y", optional=True),
        Column(_("Value added"), "money", "CNY/y"),
    )
    groups = sum(o.scope in ("city", "chain") for o in accounts.output)
    return Listing(_("Output and value added"), columns, rows, short=groups)
