"""The parts of a map before it is laid out: the filter, flows, plants, the graph."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from liantu.chain.plan import Shipment
from liantu.web.atlas.city import City
from liantu.web.kit.naming import Named

MAIN, BY_PRODUCT, UTILITY, CANDIDATE = "main", "byproduct", "utility", "candidate"
KINDS = {"byproduct": BY_PRODUCT, "waste": BY_PRODUCT, "utility": UTILITY}
PROVED, FIRST_ORDER = "proved", "first_order"


@dataclass(frozen=True)
class Filter:
    """Which part of the city: blank fields let everything through.

    by: what the width of a flow means: value, quantity (t) or energy (tce). follow: a material that is
    followed in a direction over `depth` plants (0: to the end), or on its ways to the material `to`.
    candidates: '' none, 'paying' those worth more than nothing, or 'all'.
    """

    chain: str = ""
    park: str = ""
    enterprise: str = ""
    material: str = ""
    plant: str = ""
    by: str = "value"
    utilities: bool = False
    follow: str = ""
    to: str = ""
    direction: str = "both"
    depth: int = 0
    candidates: str = ""

    @property
    def whole(self) -> bool:
        """Whether the whole city is shown."""
        return not (self.chain or self.park or self.enterprise or self.material or self.plant or self.follow)


@dataclass(frozen=True)
class Flow:
    """One shipment. kind: main, byproduct, utility, or candidate for one that a candidate would take or
    give; tonnes is nan where the material has no mass, tce 0 where it is no energy carrier; value in CNY a
    year at the local price of the place it leaves, below zero for a burden; price in CNY per unit there."""

    material: Named
    unit: str
    source: str
    target: str
    quantity: float
    tonnes: float
    tce: float
    value: float
    price: tuple[float, float] | None
    km: float
    link: str
    freight: float
    kind: str

    def weight(self, by: str) -> float:
        """What the width of the flow stands for."""
        size = {"value": abs(self.value), "quantity": self.tonnes, "energy": self.tce}[by]
        return size if math.isfinite(size) else 0.0


@dataclass(frozen=True)
class Worth:
    """What a candidate is worth a year in CNY. basis: 'proved' by solving again, with `partners` where it
    has some, or 'first_order', at the plan's prices, which only screens."""

    cny: float
    basis: str
    partners: tuple[Named, ...] = ()
    proof: str = ""

    @property
    def known(self) -> bool:
        """Whether it is a number: a flow that finds no partner makes a first-order worth endless."""
        return math.isfinite(self.cny)


@dataclass(frozen=True)
class Node:
    """One plant. bought: what it buys in though a recipe of the data makes it; dumped: what it dumps though
    one uses it; bottleneck: full, and among those of the city whose room is worth most. inside: not merely
    a neighbour of what the filter asked for. price: of its main product there, CNY per unit."""

    plant: Named
    chain: str
    park: str
    load: float
    activity: float
    unit: str
    rent: float
    inside: bool
    bottleneck: bool
    stage: str = ""
    product: Named | None = None
    price: tuple[float, float] | None = None
    enterprise: Named | None = None
    bought: tuple[Named, ...] = ()
    dumped: tuple[Named, ...] = ()
    worth: Worth | None = None


@dataclass(frozen=True)
class Graph:
    """The map before it is laid out: nodes in the order of the table, flows, and plants without any."""

    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]
    alone: tuple[Node, ...] = field(default=())


def flow_of(city: City, s: Shipment) -> Flow:
    """A shipment with its mass, its energy and its worth."""
    price = city.price_at(s.material, s.source)
    return Flow(
        material=city.material(s.material),
        unit=city.unit(s.material),
        source=s.source,
        target=s.target,
        quantity=s.quantity,
        tonnes=tonnes_of(city, s.material, s.quantity),
        tce=tce_of(city, s.material, s.quantity),
        value=s.quantity * middle(price.low, price.high) if price else 0.0,
        price=(price.low, price.high) if price else None,
        km=s.distance_km,
        link=s.link,
        freight=s.cost_cny,
        kind=kind_of(city, s.material),
    )


def kind_of(city: City, material: str) -> str:
    """How a flow of the material is drawn."""
    m = city.network.materials
    return KINDS.get(m.kind[m.index[material]], MAIN)


def tonnes_of(city: City, material: str, quantity: float) -> float:
    """The mass of a quantity; nan where the material has none."""
    m = city.network.materials
    per_unit = float(m.t_per_unit[m.index[material]])
    return quantity * per_unit if per_unit > 0 else math.nan


def tce_of(city: City, material: str, quantity: float) -> float:
    """The energy of a quantity in tonnes of coal equivalent."""
    m = city.network.materials
    return quantity * float(m.tce_per_unit[m.index[material]])


def middle(low: float, high: float) -> float:
    """The middle of a price interval, or its known end; 0 where nothing is known."""
    ends = [v for v in (low, high) if math.isfinite(v)]
    return sum(ends) / len(ends) if ends else 0.0
