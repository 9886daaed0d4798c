"""What the chain map shows: the plants and flows of a plan that a filter lets through, with their marks."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from liantu.chain.plan import Shipment
from liantu.web.atlas.city import City
from liantu.web.kit.naming import Named
from liantu.web.kit.templatetags.figures import WHOLE

BOTTLENECKS = 10  # so many are marked
MAIN, BY_PRODUCT, UTILITY = "main", "byproduct", "utility"
KINDS = {"byproduct": BY_PRODUCT, "waste": BY_PRODUCT, "utility": UTILITY}


@dataclass(frozen=True)
class Filter:
    """Which part of the city: blank fields let everything through. by: what the width of a flow means."""

    chain: str = ""
    park: str = ""
    material: str = ""
    plant: str = ""
    by: str = "value"
    utilities: bool = False

    @property
    def whole(self) -> bool:
        """Whether the whole city is shown."""
        return not (self.chain or self.park or self.material or self.plant)


@dataclass(frozen=True)
class Flow:
    """One shipment. kind: main, byproduct or utility; tonnes is nan where the material has no mass;
    value in CNY a year at the local price of the place it leaves, below zero for a burden."""

    material: Named
    unit: str
    source: str
    target: str
    quantity: float
    tonnes: float
    value: float
    km: float
    link: str
    freight: float
    kind: str

    def weight(self, by: str) -> float:
        """What the width of the flow stands for."""
        size = abs(self.value) if by == "value" else self.tonnes
        return size if math.isfinite(size) else 0.0


@dataclass(frozen=True)
class Node:
    """One plant. bought: what it buys in though a recipe of the data makes it; dumped: what it dumps though
    one uses it; bottleneck: full, and among the BOTTLENECKS of the city whose room is worth most. inside: not
    merely a neighbour of what the filter asked for."""

    plant: Named
    chain: str
    park: str
    load: float
    activity: float
    unit: str
    rent: float
    inside: bool
    bottleneck: bool
    bought: tuple[Named, ...] = ()
    dumped: tuple[Named, ...] = ()


@dataclass(frozen=True)
class Graph:
    """The map before it is laid out: nodes in the order of the table, flows, and plants without any."""

    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]
    alone: tuple[Node, ...] = field(default=())


def flow_of(city: City, s: Shipment) -> Flow:
    """A shipment with its mass and its worth."""
    m = city.network.materials
    i = m.index[s.material]
    price = city.price_at(s.material, s.source)
    return Flow(
        material=city.material(s.material),
        unit=m.unit[i],
        source=s.source,
        target=s.target,
        quantity=s.quantity,
        tonnes=s.quantity * float(m.t_per_unit[i]) if m.t_per_unit[i] > 0 else math.nan,
        value=s.quantity * middle(price.low, price.high) if price else 0.0,
        km=s.distance_km,
        link=s.link,
        freight=s.cost_cny,
        kind=KINDS.get(m.kind[i], MAIN),
    )


def middle(low: float, high: float) -> float:
    """The middle of a price interval, or its known end; 0 where nothing is known."""
    ends = [v for v in (low, high) if math.isfinite(v)]
    return sum(ends) / len(ends) if ends else 0.0


def select(city: City, wanted: Filter) -> Graph:
    """The part of the city that the filter asks for, with the neighbours that its flows lead to."""
    every = [flow_of(city, s) for s in city.plan.shipments]
    inside = {p.id for p in city.plan.plants if _inside(city, p.id, wanted)}
    if wanted.plant:
        inside = {wanted.plant}
    flows = [f for f in every if _shown(f, wanted, inside)]
    touched = {end for f in flows for end in (f.source, f.target)}
    if wanted.material:
        inside &= touched | _dealers(city, wanted.material)
    marks = Marks.of(city)
    names = [p.id for p in city.plan.plants] + sorted(t for t in touched if t.startswith("demand:"))
    nodes = [_node(city, name, name in inside, marks) for name in names if name in inside or name in touched]
    linked = tuple(n for n in nodes if n.plant.id in touched)
    return Graph(linked, tuple(flows), tuple(n for n in nodes if n.plant.id not in touched))


def _inside(city: City, plant: str, wanted: Filter) -> bool:
    n = city.network.plants
    if wanted.park and n.park[n.index[plant]] != wanted.park:
        return False
    return not wanted.chain or city.chain_of(plant) in family(city, wanted.chain)


def family(city: City, chain: str) -> set[str]:
    """A chain and its sub-chains."""
    found = {chain}
    while more := {k for k, (_, _, parent) in city.network.chains.items() if parent in found} - found:
        found |= more
    return found


def _shown(flow: Flow, wanted: Filter, inside: set[str]) -> bool:
    if wanted.material:
        return flow.material.id == wanted.material and (flow.source in inside or flow.target in inside)
    if flow.kind == UTILITY and not wanted.utilities:
        return False
    return flow.source in inside or flow.target in inside


def _dealers(city: City, material: str) -> set[str]:
    """Plants that buy, sell or dump the material."""
    return {c.place for c in city.plan.crossings if c.material == material}


@dataclass(frozen=True)
class Marks:
    """What is marked on the plants of a city: what each buys in that some recipe of the data makes, what it
    dumps that one uses, and the bottlenecks."""

    bought: Mapping[str, Sequence[str]]
    dumped: Mapping[str, Sequence[str]]
    bottlenecks: frozenset[str]

    @classmethod
    def of(cls, city: City) -> Marks:
        n = city.network
        flow = n.recipes.flow.tocoo()
        made = {n.materials.id[m] for m in flow.col[flow.data > 0]}
        used = {n.materials.id[m] for m in flow.col[flow.data < 0]}
        kind = dict(zip(n.materials.id, n.materials.kind, strict=True))
        bought: dict[str, list[str]] = defaultdict(list)
        dumped: dict[str, list[str]] = defaultdict(list)
        for c in city.plan.crossings:
            if c.kind == "buy" and c.material in made and kind[c.material] != "utility":
                bought[c.place].append(c.material)
            if c.kind == "dump" and c.material in used:
                dumped[c.place].append(c.material)
        return cls(bought, dumped, frozenset(bottlenecks(city)))


def bottlenecks(city: City) -> list[str]:
    """The full plants whose room is worth most: what one unit more would bring, times the capacity."""
    full = [p for p in city.plan.plants if p.load >= WHOLE and 1e-6 < p.rent_low < math.inf]
    return [p.id for p in sorted(full, key=lambda p: -p.rent_low * p.capacity)[:BOTTLENECKS]]


def _node(city: City, name: str, inside: bool, marks: Marks) -> Node:
    result = city.results.get(name)
    if result is None:
        return Node(city.demand(name), "", "", math.nan, math.nan, "", 0.0, inside, False)
    n = city.network
    f = n.plants.index[name]
    return Node(
        plant=city.plant(name),
        chain=city.chain_of(name),
        park=n.plants.park[f],
        load=result.load,
        activity=result.activity,
        unit=n.materials.unit[n.recipes.reference[n.plants.recipe[f]]],
        rent=result.rent_low,
        inside=inside,
        bottleneck=name in marks.bottlenecks,
        bought=tuple(city.material(m) for m in marks.bought.get(name, ())),
        dumped=tuple(city.material(m) for m in marks.dumped.get(name, ())),
    )
