"""Plants and candidates: the list, and everything about one of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.http import QueryDict

from liantu.chain.accounts import Burden, OutputValue
from liantu.chain.plan import Crossing, PlantResult, Price, Shipment
from liantu.chain.recipes import RecipeTable
from liantu.web.atlas.chainmap.graph import bottlenecks
from liantu.web.atlas.city import City
from liantu.web.kit import parameters
from liantu.web.kit.listing import Listing, listing
from liantu.web.kit.naming import Named


@dataclass(frozen=True)
class PlantRow:
    """One plant of the list; result is None where the plan leaves it out (planned, candidate)."""

    plant: Named
    chain: str
    park: str
    enterprise: str
    status: str
    unit: str
    capacity: float
    result: PlantResult | None
    margin: float | None
    words: str

    @property
    def load(self) -> float:
        return self.result.load if self.result else math.nan

    @property
    def room_worth(self) -> float:
        """What the whole capacity is worth at the rent of one more unit, CNY a year."""
        return self.result.rent_low * self.capacity if self.result else math.nan


SHOWN = ("plan", "candidate", "other", "all")


def plant_list(get: QueryDict, city: City) -> Listing[PlantRow]:
    """The plants that the address asks for, sorted and searched."""
    chain = parameters.choice(get, "chain", list(city.network.chains))
    park = parameters.choice(get, "park", list(city.network.parks))
    shown = parameters.choice(get, "show", SHOWN, "plan")
    rows = [
        row
        for row in (plant_row(city, f) for f in range(len(city.network.plants.id)))
        if (not chain or row.chain == chain) and (not park or row.park == park) and belongs(row, shown)
    ]
    keys = {
        "name": lambda r: str(r.plant),
        "chain": lambda r: city.names.chain(r.chain),
        "park": lambda r: city.names.park(r.park),
        "load": lambda r: r.load,
        "capacity": lambda r: r.capacity,
        "rent": lambda r: r.room_worth,
        "margin": lambda r: math.nan if r.margin is None else r.margin,
    }
    return listing(get, rows, keys, lambda r: r.words, "-margin" if shown == "plan" else "name")


def belongs(row: PlantRow, shown: str) -> bool:
    """Whether the row is one of what is shown: in the plan, a candidate, or neither."""
    kind = "plan" if row.result else "candidate" if row.status == "candidate" else "other"
    return shown in ("all", kind)


def plant_row(city: City, f: int) -> PlantRow:
    """The plant at position f of the network."""
    n = city.network
    name = n.plants.id[f]
    recipe = int(n.plants.recipe[f])
    result = city.results.get(name)
    named = city.plant(name)
    owner = n.enterprises.get(n.plants.enterprise[f])
    owned = f"{owner.name_zh} {owner.name_en}" if owner else ""
    product = city.material(n.materials.id[n.recipes.reference[recipe]])
    return PlantRow(
        plant=named,
        chain=n.recipes.chain[recipe],
        park=n.plants.park[f],
        enterprise=n.plants.enterprise[f],
        status=n.plants.status[f],
        unit=n.materials.unit[n.recipes.reference[recipe]],
        capacity=result.capacity if result else float(n.plants.capacity[f]),
        result=result,
        margin=city.plan.margins.place.get(name) if result else None,
        words=f"{named.both} {product.both} {owned.lower()}",
    )


@dataclass(frozen=True)
class LocalPrice:
    """A material at a plant: its local price and the one at the city line, CNY per unit."""

    material: str
    unit: str
    price: Price | None
    market: float


@dataclass(frozen=True)
class PlantPage:
    """Everything about one plant. record: its row in the tables."""

    row: PlantRow
    recipe: Named
    table: RecipeTable
    record: Mapping[str, Any]
    recipe_record: Mapping[str, Any]
    output: OutputValue | None
    burden: Burden | None
    arriving: tuple[Shipment, ...]
    leaving: tuple[Shipment, ...]
    crossings: tuple[Crossing, ...]
    prices: tuple[LocalPrice, ...]
    candidate: bool
    bottleneck: bool
    partners: tuple[str, ...]
    host: str
    capital: float
    land: float
    jobs: float


def plant_page(city: City, name: str) -> PlantPage | None:
    """The page of a plant or candidate; None where there is none of this id."""
    n = city.network
    f = n.plants.index.get(name)
    if f is None:
        return None
    recipe = n.recipes.id[n.plants.recipe[f]]
    candidate = bool(n.plants.is_candidate[f])
    host = int(n.plants.host[f])
    return PlantPage(
        row=plant_row(city, f),
        recipe=city.recipe(recipe),
        table=city.recipe_table(recipe),
        record=record_of(city, "candidates" if candidate else "facilities", name),
        recipe_record=record_of(city, "processes", recipe),
        output=next((o for o in city.accounts.output if o.scope == "plant" and o.id == name), None),
        burden=next((b for b in city.accounts.burdens if b.plant == name), None),
        arriving=tuple(s for s in city.plan.shipments if s.target == name),
        leaving=tuple(s for s in city.plan.shipments if s.source == name),
        crossings=tuple(c for c in city.plan.crossings if c.place == name),
        prices=_prices(city, name, recipe),
        candidate=candidate,
        bottleneck=name in bottlenecks(city),
        partners=tuple(n.plants.id[p] for p in n.plants.partners[f]),
        host=n.plants.id[host] if host >= 0 else "",
        capital=float(n.plants.capital[f]),
        land=float(n.plants.land[f]),
        jobs=float(n.plants.jobs[f]),
    )


def record_of(city: City, table: str, name: str) -> Mapping[str, Any]:
    """The row of a table with this id."""
    return city.tables[table].row(by_predicate=pl.col("id") == name, named=True)


def _prices(city: City, plant: str, recipe: str) -> tuple[LocalPrice, ...]:
    n = city.network
    flows = n.recipes.flow[[n.recipes.index[recipe]]].tocoo()
    order = sorted(zip(flows.data.tolist(), flows.col.tolist(), strict=True), key=lambda part: part[0] > 0)
    market = city.plan.model.settings.price
    return tuple(
        LocalPrice(
            n.materials.id[m],
            n.materials.unit[m],
            city.price_at(n.materials.id[m], plant) if plant in city.results else None,
            float(market[m]),
        )
        for _, m in order
        if not n.materials.unlimited[m]
    )
