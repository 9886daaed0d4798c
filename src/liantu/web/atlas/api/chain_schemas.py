"""What the operations on the chain take and give."""

from __future__ import annotations

from typing import Literal

from ninja import Field, Schema

from liantu.web.atlas.api.shown import Shown
from liantu.web.kit.api import Code, Window


class Chain(Schema):
    """A chain; `parent` is '' for one of the first tier."""

    id: str
    name_zh: str
    name_en: str
    parent: str


class Plant(Schema):
    """A plant or candidate. Quantities a year in `unit`; `rent_low`: what one more unit of capacity brings,
    `rent_high` what one less costs, CNY a unit; null where unbounded, or where it is not in the plan."""

    id: str
    name_zh: str
    name_en: str
    recipe: str
    chain: str
    park: str
    enterprise: str
    status: str
    unit: str
    capacity: float
    activity: float | None
    load: float | None
    rent_low: float | None
    rent_high: float | None
    margin_cny: float | None


class Move(Schema):
    """A flow of a plant a year: in or out with a partner, or over the city line (buy, sell, dump, vent)."""

    material: str
    unit: str
    kind: str
    partner: str
    quantity: float


class LocalPrice(Schema):
    """A local price: its interval, and the price at the city line, CNY a unit."""

    material: str
    unit: str
    place: str
    low: float | None
    high: float | None
    market: float | None


class PlantWhole(Plant):
    """A plant with its flows and prices."""

    partners: list[str]
    moves: list[Move]
    prices: list[LocalPrice]


class Material(Schema):
    """A material: made, bought, sold and dumped a year in `unit`, and its price at the city line."""

    id: str
    name_zh: str
    name_en: str
    kind: str
    unit: str
    made: float
    bought: float
    sold: float
    dumped: float
    market_cny_per_unit: float | None


class Dealer(Schema):
    """Who makes or uses a material: quantity a year, and the share of all that is made or used."""

    plant: str
    quantity: float
    share: float


class MaterialWhole(Material):
    """A material with its makers, users, elements (t of each in a tonne) and recipes up and down."""

    makers: list[Dealer]
    users: list[Dealer]
    elements: dict[str, float]
    made_by: list[str]
    used_by: list[str]


class Node(Schema):
    """A plant on the map. `rent` is what one more unit would bring, CNY; `inside` false for a neighbour."""

    id: str
    name_zh: str
    name_en: str
    chain: str
    park: str
    load: float | None
    activity: float | None
    unit: str
    rent: float | None
    inside: bool
    bottleneck: bool
    bought: list[str]
    dumped: list[str]


class Flow(Schema):
    """A line on the map: a quantity a year in `unit`, its tonnes, its value at local prices, CNY a year."""

    material: str
    unit: str
    source: str
    target: str
    quantity: float | None
    tonnes: float | None
    value_cny: float | None
    kind: str


class ChainMap(Schema):
    """The chain map before it is drawn."""

    nodes: list[Node]
    flows: list[Flow]


class PlantsAsked(Shown, Window):
    """Which plants."""

    chain: Code | None = None
    park: Code | None = None
    show: Literal["plan", "candidate", "other", "all"] = "plan"


class MaterialsAsked(Shown, Window):
    """Which materials."""

    kind: Code | None = None


class MapAsked(Shown):
    """Which part of the map; without any, the whole city."""

    chain: Code | None = None
    park: Code | None = None
    material: Code | None = None
    plant: Code | None = None
    utilities: bool = Field(False, description="Water, steam and gases too.")
