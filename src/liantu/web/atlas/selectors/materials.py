"""Materials: the list, and everything about one of them, up and down the chain."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.http import QueryDict

from liantu.chain.accounts import LocalSupply, MaterialBalance, Route, UseRate
from liantu.chain.plan import Crossing, Price, Shipment
from liantu.web.atlas.city import City
from liantu.web.kit import parameters
from liantu.web.kit.listing import Listing, listing
from liantu.web.kit.naming import Named


@dataclass(frozen=True)
class MaterialRow:
    """One material of the list; quantities a year in its unit, price at the city line in CNY per unit."""

    material: Named
    kind: str
    unit: str
    made: float
    bought: float
    sold: float
    dumped: float
    price: float
    words: str


def material_list(get: QueryDict, city: City) -> Listing[MaterialRow]:
    """The materials that the address asks for, sorted and searched."""
    kind = parameters.choice(get, "kind", sorted(set(city.network.materials.kind) - {""}))
    found = [row for row in rows(city) if not kind or row.kind == kind]
    keys = {
        "name": lambda r: str(r.material),
        "kind": lambda r: r.kind,
        "made": lambda r: r.made,
        "bought": lambda r: r.bought,
        "sold": lambda r: r.sold,
        "dumped": lambda r: r.dumped,
        "price": lambda r: r.price,
    }
    return listing(get, found, keys, lambda r: r.words, "name")


def rows(city: City) -> list[MaterialRow]:
    """Every material with its balance over the city."""
    m = city.network.materials
    balances = {b.material: b for b in city.accounts.balances}
    price = city.plan.model.settings.price
    nothing = MaterialBalance("", "", 0, 0, 0, 0, 0, 0, 0)
    out = []
    for i, name in enumerate(m.id):
        b = balances.get(name, nothing)
        named = city.material(name)
        words = f"{named.both} {m.formula[i].lower()}"
        out.append(
            MaterialRow(
                named, m.kind[i], m.unit[i], b.made, b.bought, b.sold, b.dumped, float(price[i]), words
            )
        )
    return out


@dataclass(frozen=True)
class Dealer:
    """A plant that makes or uses the material in the plan, or could: quantity a year, share of all."""

    plant: str
    quantity: float
    share: float
    load: float
    price: Price | None


@dataclass(frozen=True)
class Step:
    """A recipe that makes or uses the material: the materials on its other side, the plants that run it."""

    recipe: Named
    others: tuple[str, ...]
    plants: tuple[str, ...]
    candidates: tuple[str, ...]


@dataclass(frozen=True)
class MaterialPage:
    """Everything about one material. record: its row in the tables."""

    material: Named
    unit: str
    link: str
    record: Mapping[str, Any]
    balance: MaterialBalance | None
    supply: LocalSupply | None
    use: UseRate | None
    makers: tuple[Dealer, ...]
    users: tuple[Dealer, ...]
    crossings: tuple[Crossing, ...]
    shipments: tuple[Shipment, ...]
    up: tuple[Step, ...]
    down: tuple[Step, ...]
    routes: tuple[Route, ...]
    elements: tuple[tuple[str, float], ...]
    pooled: bool


def material_page(city: City, name: str) -> MaterialPage | None:
    """The page of a material; None where there is none of this id."""
    m = city.network.materials
    i = m.index.get(name)
    if i is None:
        return None
    a = city.accounts
    held = m.composition[[i]].tocoo()
    tonnes = float(m.t_per_unit[i])
    return MaterialPage(
        material=city.material(name),
        unit=m.unit[i],
        link=m.link[i],
        record=city.tables["materials"].row(by_predicate=pl.col("id") == name, named=True),
        balance=next((b for b in a.balances if b.material == name), None),
        supply=next((s for s in a.local_supply if s.scope == "material" and s.id == name), None),
        use=next((u for u in a.use_rates if u.material == name), None),
        makers=_dealers(city, i, 1),
        users=_dealers(city, i, -1),
        crossings=tuple(c for c in city.plan.crossings if c.material == name),
        shipments=tuple(sorted(city.shipments_of(name), key=lambda s: -s.quantity)),
        up=_steps(city, i, 1),
        down=_steps(city, i, -1),
        routes=_routes(a.routes, name),
        elements=tuple(
            (m.elements[e], float(w) / tonnes)
            for e, w in sorted(zip(held.col, held.data, strict=True), key=lambda part: -part[1])
            if tonnes > 0
        ),
        pooled=bool(m.pool[i]),
    )


def _dealers(city: City, material: int, sign: int) -> tuple[Dealer, ...]:
    """Plants of the plan that make (sign 1) or use (-1) the material, the largest first."""
    n = city.network
    name = n.materials.id[material]
    per_unit = n.recipes.flow[:, [material]].toarray().ravel() * sign
    found = [
        (p, float(per_unit[n.recipes.index[p.recipe]]) * p.activity)
        for p in city.plan.plants
        if per_unit[n.recipes.index[p.recipe]] > 0
    ]
    total = math.fsum(quantity for _, quantity in found)
    return tuple(
        Dealer(p.id, quantity, quantity / total if total > 0 else 0.0, p.load, city.price_at(name, p.id))
        for p, quantity in sorted(found, key=lambda part: -part[1])
    )


def _steps(city: City, material: int, sign: int) -> tuple[Step, ...]:
    """Recipes that make (sign 1) or use (-1) the material, with what stands on their other side."""
    n = city.network
    column = n.recipes.flow[:, [material]].toarray().ravel() * sign
    out = []
    for r in (column > 0).nonzero()[0]:
        row = n.recipes.flow[[r]].tocoo()
        others = [
            n.materials.id[m]
            for m, amount in sorted(zip(row.col, row.data, strict=True), key=lambda part: -abs(part[1]))
            if amount * sign < 0 and n.materials.kind[m] != "utility"
        ]
        plants = [f for f in range(len(n.plants.id)) if n.plants.recipe[f] == r]
        out.append(
            Step(
                city.recipe(n.recipes.id[r]),
                tuple(others),
                tuple(n.plants.id[f] for f in plants if not n.plants.is_candidate[f]),
                tuple(n.plants.id[f] for f in plants if n.plants.is_candidate[f]),
            )
        )
    return tuple(sorted(out, key=lambda s: (not s.plants, not s.candidates, str(s.recipe))))


def _routes(routes: Sequence[Route], name: str) -> tuple[Route, ...]:
    """The ways from ore to end product that lead through the material, running ones first."""
    through = [r for r in routes if any(stage.material == name for stage in r.stages)]
    return tuple(sorted(through, key=lambda r: (not r.running, -r.multiple))[:5])
