"""A plan as JSON and as a report."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from liantu.chain.plan import CapResult, Plan
from liantu.i18n import gettext as _
from liantu.report.cells import ANY, fact
from liantu.report.head import certificate_facts, city_facts, heading
from liantu.report.listing import Cell, Column, Fact, Interval, Listing, Quantity, Report
from liantu.report.machine import envelope, plain
from liantu.report.names import Names, word
from liantu.runs import City, Finding, findings

MONEY = Column("", "money", "CNY/y")
MANY = 50  # local prices beyond which they are shown only where all rows are asked for


def plan_json(plan: Plan, city: City) -> dict[str, Any]:
    """The document of `plan --json`; see docs/json-schema.md."""
    n, margins = plan.network, plan.margins
    return envelope("plan", city.tables, plan.scenario) | {
        "objective_cny": plan.objective,
        "findings": [plain(f) for f in findings(plan)],
        "certificate": {**plain(plan.certificate), "holds": plan.certificate.holds},
        "plants": [
            {
                "id": p.id,
                "name_zh": n.plants.name_zh[f],
                "name_en": n.plants.name_en[f],
                "recipe": p.recipe,
                "enterprise": n.plants.enterprise[f],
                "park": n.plants.park[f],
                "activity": p.activity,
                "unit": f"{n.materials.unit[n.recipes.reference[n.plants.recipe[f]]]}/y",
                "capacity": p.capacity,
                "load": p.load,
                "rent_low": plain(p.rent_low),
                "rent_high": plain(p.rent_high),
                "charge_cny": p.charge_cny,
                "margin_cny": margins.place.get(p.id, 0.0),
            }
            for p in plan.plants
            for f in (n.plants.index[p.id],)
        ],
        "shipments": [
            {
                "material": s.material,
                "from": s.source,
                "to": s.target,
                "quantity": s.quantity,
                "distance_km": s.distance_km,
                "cost_cny": s.cost_cny,
                "link": s.link,
            }
            for s in plan.shipments
        ],
        "crossings": plain(plan.crossings),
        "prices": plain(plan.prices),
        "caps": [{**plain(c), "price": plain(c.price_low), "exceeded": c.exceeded} for c in plan.caps],
        "margins": {
            "total_cny": margins.total,
            "place_cny": plain(margins.place),
            "chain_cny": plain(margins.chain),
            "enterprise_cny": plain(margins.enterprise),
        },
    }


def plan_report(plan: Plan, city: City) -> Report:
    """The plan for people: what runs, what crosses the city line, what is shipped, what things are worth."""
    names = Names(plan.network)
    return Report(
        title=heading(_("Plan"), plan.network, plan.scenario),
        facts=(
            Fact(_("Value"), plan.objective, MONEY),
            *_money_facts(plan),
            Fact(_("Plants"), _running(plan)),
            *certificate_facts(plan.certificate),
            *city_facts(city),
        ),
        notes=[finding_text(f, names) for f in findings(plan)],
        listings=(
            _plants(plan, names),
            _crossings(plan, names),
            _shipments(plan, names),
            _caps(plan, names),
            _margins(_("Margin by chain"), _("Chain"), plan.margins.chain, names.chain),
            _margins(_("Margin by enterprise"), _("Enterprise"), plan.margins.enterprise, names.enterprise),
            _prices(plan, names),
        ),
    )


def _money_facts(plan: Plan) -> list[Fact]:
    """Sales, purchases and the rest of what makes up the value."""
    total: dict[str, float] = defaultdict(float)
    for c in plan.crossings:
        total[c.kind] += c.value_cny
    total["ship"] = -sum(s.cost_cny for s in plan.shipments)
    titles = {
        "sell": _("Sales"),
        "buy": _("Purchases"),
        "ship": _("Freight"),
        "dump": _("Dumping"),
        "vent": _("Emissions"),
        "short": _("Shortages"),
    }
    return [Fact(title, total[kind], MONEY) for kind, title in titles.items() if total.get(kind)]


def _running(plan: Plan) -> str:
    full = sum(p.load >= 1 - 1e-6 for p in plan.plants)
    idle = sum(p.activity == 0 for p in plan.plants)
    said = {"n": len(plan.plants), "full": full, "idle": idle}
    return _("%(n)s open, %(full)s at capacity, %(idle)s idle") % said


def finding_text(finding: Finding, names: Names) -> str:
    """One finding as a sentence."""
    quantity = fact(Column("", "quantity"), Quantity(finding.quantity, finding.unit))
    limit = fact(Column("", "quantity"), Quantity(finding.limit, finding.unit))
    said = {"what": names.anything(finding.subject), "quantity": quantity, "limit": limit}
    said["place"] = names.place(finding.place)
    if finding.code == "shortage":
        return _("Finding: %(what)s falls short by %(quantity)s at %(place)s") % said
    if finding.code == "cap_exceeded":
        return _("Finding: %(what)s takes %(quantity)s of %(limit)s") % said
    if finding.code == "broken_recipe":
        return _("Finding: the recipe %(what)s at %(place)s does not balance: see liantu check") % said
    return _("Finding: the certificate does not hold")


def _plants(plan: Plan, names: Names) -> Listing:
    n = plan.network
    rows: list[tuple[Cell, ...]] = []
    for p in sorted(plan.plants, key=lambda p: -plan.margins.place.get(p.id, 0.0)):
        unit = f"{n.materials.unit[n.recipes.reference[n.recipes.index[p.recipe]]]}/y"
        margin = plan.margins.place.get(p.id, 0.0)
        rent = Interval(p.rent_low, p.rent_high)
        rows.append(
            (names.plant(p.id), Quantity(p.activity, unit), p.load, rent, margin, Quantity(p.capacity, unit))
        )
    columns = (
        Column(_("Plant")),
        Column(_("Activity"), "quantity"),
        Column(_("Load"), "share"),
        Column(_("Rent of capacity"), "interval", "CNY/unit"),
        Column(_("Margin"), "money", "CNY/y"),
        Column(_("Capacity"), "quantity", optional=True),
    )
    return Listing(_("Plants"), columns, rows, short=30, empty=_("No plant is open."))


def _crossings(plan: Plan, names: Names) -> Listing:
    """Purchases, sales and dumps, each material's places added up, the greatest money first."""
    quantity: dict[tuple[str, str], float] = defaultdict(float)
    value: dict[tuple[str, str], float] = defaultdict(float)
    for c in plan.crossings:
        quantity[c.material, c.kind] += c.quantity
        value[c.material, c.kind] += c.value_cny
    order = sorted(value, key=lambda key: (-abs(value[key]), key))
    rows = [
        (names.material(m), word(kind), Quantity(quantity[m, kind], f"{names.unit(m)}/y"), value[m, kind])
        for m, kind in order
    ]
    columns = (
        Column(_("Material")),
        Column(_("Crossing")),
        Column(_("Quantity"), "quantity"),
        Column(_("Value"), "money", "CNY/y"),
    )
    return Listing(_("Crossings of the city line"), columns, rows, short=20)


def _shipments(plan: Plan, names: Names) -> Listing:
    rows = [
        (
            names.material(s.material),
            names.place(s.source),
            names.place(s.target),
            Quantity(s.quantity, f"{names.unit(s.material)}/y"),
            s.distance_km,
            s.cost_cny,
            word(s.link),
        )
        for s in sorted(plan.shipments, key=lambda s: (-s.cost_cny, -s.quantity))
    ]
    columns = (
        Column(_("Material")),
        Column(_("From")),
        Column(_("To")),
        Column(_("Quantity"), "quantity"),
        Column(_("Distance"), "number", "km"),
        Column(_("Freight"), "money", "CNY/y"),
        Column(_("Link"), optional=True),
    )
    return Listing(_("Shipments"), columns, rows, short=20)


def _caps(plan: Plan, names: Names) -> Listing:
    """City caps, those that bind first, then by how much of them is used."""
    use = {c.id: _use(c) for c in plan.caps}
    order = sorted(plan.caps, key=lambda c: (-(c.price_high > 1e-6), -use[c.id]))
    rows = [
        (
            names.cap(c.id),
            Quantity(c.used, c.unit),
            Quantity(c.limit, c.unit),
            use[c.id],
            Interval(c.price_low, c.price_high),
            word(c.kind),
        )
        for c in order
    ]
    columns = (
        Column(_("City cap")),
        Column(_("Used"), "quantity", ANY),
        Column(_("Limit"), "quantity", ANY),
        Column(_("Use"), "share"),
        Column(_("Price of the cap"), "interval", "CNY/unit"),
        Column(_("Kind"), optional=True),
    )
    near = sum(c.price_high > 1e-6 or use[c.id] >= 0.8 for c in plan.caps)
    return Listing(_("City caps"), columns, rows, short=max(near, 5))


def _use(cap: CapResult) -> float:
    """Part of the room that is taken; of a least share, how near it is to binding."""
    used, limit = (cap.limit, cap.used) if cap.kind == "share" else (cap.used, cap.limit)
    return used / limit if limit > 0 else float(used > 0)


def _margins(title: str, of: str, parts: Any, name: Any) -> Listing:
    told = parts if any(parts) else {}  # a city without chains or enterprises has one part, that of ''
    rows = [(name(key), value) for key, value in sorted(told.items(), key=lambda item: -item[1])]
    return Listing(title, (Column(of), Column(_("Margin"), "money", "CNY/y")), rows, short=20)


def _prices(plan: Plan, names: Names) -> Listing:
    """Every local price, the materials whose worth differs most from place to place first."""
    n = plan.network
    finite = [(p, [v for v in (p.low, p.high) if np.isfinite(v)]) for p in plan.prices]
    ends: dict[str, list[float]] = defaultdict(list)
    for p, values in finite:
        ends[p.material] += values
    spread = {m: max(v) - min(v) if v else 0.0 for m, v in ends.items()}
    order = sorted(plan.prices, key=lambda p: (-spread.get(p.material, 0.0), p.material, p.low))
    settings = plan.model.settings
    rows = [
        (
            names.material(p.material),
            names.place(p.place),
            Interval(p.low, p.high),
            _market(float(settings.price[n.materials.index[p.material]])),
            names.unit(p.material),
        )
        for p in order
    ]
    columns = (
        Column(_("Material")),
        Column(_("Place")),
        Column(_("Local price"), "interval", "CNY/unit"),
        Column(_("Market price"), "number", "CNY/unit", mixed=True),
        Column(_("Unit"), optional=True),
    )
    return Listing(_("Local prices"), columns, rows, short=0 if len(rows) > MANY else None)


def _market(price: float) -> float | None:
    return None if np.isnan(price) else price
