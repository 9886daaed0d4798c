"""Two plans: where the difference of their values comes from, adding up exactly.

Every part of a plan's value is a quantity at a price, so that a difference splits into

    price effect    = (p_b - p_a) x (q_a + q_b) / 2
    quantity effect = (q_b - q_a) x (p_a + p_b) / 2

which add up to p_b q_b - p_a q_a (Bennet 1920). Where something exists in one plan only, the price it has
there counts for both, and its quantity in the other is zero: all of it is quantity effect.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from liantu.chain.compare_changes import (
    ActivityChange,
    CapChange,
    PriceChange,
    ShipmentChange,
    activity_changes,
    cap_changes,
    price_changes,
    shipment_changes,
)
from liantu.chain.compare_parts import (
    PARTS,
    Parts,
    Priced,
    capital_items,
    crossing_items,
    demand_items,
    freight_items,
    margin_parts,
    opex_items,
)
from liantu.chain.plan import Plan

__all__ = [
    "ActivityChange", "CapChange", "ChainChange", "Comparison", "Line", "MarginPart", "MaterialChange",
    "PlaceChange", "PriceChange", "ShipmentChange", "compare_plans",
]  # fmt: skip

K = TypeVar("K")
Pair = tuple[Priced, Priced]
KINDS = {"sell": "sold", "buy": "bought", "dump": "dumped", "vent": "vented", "short": "shortage"}


@dataclass(frozen=True)
class Line:
    """One line of the sum, CNY a year: sold, bought, dumped, vented, shortage, freight, other_cost,
    capital_charge or demand. difference = b - a = price_effect + quantity_effect."""

    name: str
    a_cny: float
    b_cny: float
    difference_cny: float
    price_effect_cny: float
    quantity_effect_cny: float


@dataclass(frozen=True)
class MaterialChange:
    """A material's part in a line. kind as in `Line`; quantities in `unit` a year (freight: unit x km);
    prices in CNY per unit, income above zero; None where neither plan knows one."""

    material: str
    kind: str
    unit: str
    quantity_a: float
    quantity_b: float
    price_a_cny: float | None
    price_b_cny: float | None
    a_cny: float
    b_cny: float
    difference_cny: float
    price_effect_cny: float
    quantity_effect_cny: float


@dataclass(frozen=True)
class MarginPart:
    """A part of a place's margin, CNY a year."""

    name: str
    a_cny: float
    b_cny: float
    difference_cny: float


@dataclass(frozen=True)
class PlaceChange:
    """The margin of a plant, a pool or a committed demand, CNY a year; `parts` add up to the difference.

    in_a, in_b: whether the plan has the place at all.
    """

    place: str
    in_a: bool
    in_b: bool
    a_cny: float
    b_cny: float
    difference_cny: float
    parts: tuple[MarginPart, ...]


@dataclass(frozen=True)
class ChainChange:
    """The margin of a chain's plants, CNY a year; '' gathers what belongs to none."""

    chain: str
    a_cny: float
    b_cny: float
    difference_cny: float


@dataclass(frozen=True)
class Comparison:
    """Plan b against plan a. Money in CNY a year; lists hold what changed, largest first.

    a_cny and b_cny are the values of the plans; difference = b - a. It is the sum of `lines`, and again of
    `places`, and again of `chains`; the materials of a kind add up to its line. same_tables says that both
    rest on the same figures. rounding_cny: what the plans' stated objectives differ by beyond that, from
    flows too small to count.
    """

    a: str
    b: str
    same_tables: bool
    a_cny: float
    b_cny: float
    difference_cny: float
    rounding_cny: float
    lines: tuple[Line, ...]
    materials: tuple[MaterialChange, ...]
    places: tuple[PlaceChange, ...]
    chains: tuple[ChainChange, ...]
    activities: tuple[ActivityChange, ...]
    shipments: tuple[ShipmentChange, ...]
    caps: tuple[CapChange, ...]
    prices: tuple[PriceChange, ...]


def compare_plans(a: Plan, b: Plan) -> Comparison:
    """Explain what plan b is worth more or less than plan a.

    The plans may rest on different scenarios and on different versions of a city's tables: things are
    matched by id, and what only one plan has counts as zero in the other. Where several plans are equally
    good (steam between neighbours, free of freight; acid dumped here or there), the two solves may have
    taken different ones: such swaps are listed, and cancel in the sums.
    """
    crossings = _pairs(crossing_items(a), crossing_items(b))
    freight = _pairs(freight_items(a), freight_items(b))
    lines = [
        _line(name, {k: v for k, v in crossings.items() if k[1] == kind}) for kind, name in KINDS.items()
    ]
    lines.append(_line("freight", freight))
    for name, items in (
        ("other_cost", opex_items),
        ("capital_charge", capital_items),
        ("demand", demand_items),
    ):
        lines.append(_line(name, _pairs(items(a), items(b))))
    materials = [_material(m, KINDS[kind], a, b, pair) for (m, kind), pair in crossings.items()]
    materials += [_material(m, "freight", a, b, pair) for m, pair in freight.items()]
    a_cny, b_cny = a.margins.total, b.margins.total
    return Comparison(
        a=a.scenario.name,
        b=b.scenario.name,
        same_tables=a.network.digest == b.network.digest,
        a_cny=a_cny,
        b_cny=b_cny,
        difference_cny=b_cny - a_cny,
        rounding_cny=(b.objective - a.objective) - (b_cny - a_cny),
        lines=tuple(lines),
        materials=tuple(
            sorted(
                (c for c in materials if c.difference_cny or c.quantity_a != c.quantity_b),
                key=lambda c: (-abs(c.difference_cny), c.material, c.kind),
            )
        ),
        places=_places(margin_parts(a), margin_parts(b)),
        chains=_chains(a, b),
        activities=activity_changes(a, b),
        shipments=shipment_changes(a, b),
        caps=cap_changes(a, b),
        prices=price_changes(a, b),
    )


def _pairs(a: Mapping[K, Priced], b: Mapping[K, Priced]) -> dict[K, Pair]:
    """What both plans have under each key; a missing price is that of the other plan."""
    out = {}
    for key in dict.fromkeys([*a, *b]):
        one, two = a.get(key, Priced(0.0, None)), b.get(key, Priced(0.0, None))
        price_a = two.price if one.price is None else one.price
        price_b = one.price if two.price is None else two.price
        out[key] = Priced(one.quantity, price_a), Priced(two.quantity, price_b)
    return out


def _split(pair: Pair) -> tuple[float, float]:
    """(price effect, quantity effect) of a pair; they add up to the difference of its values."""
    (a, b), (p, q) = pair, ((pair[0].price or 0.0), (pair[1].price or 0.0))
    return (q - p) * (a.quantity + b.quantity) / 2, (b.quantity - a.quantity) * (p + q) / 2


def _line(name: str, pairs: Mapping[K, Pair]) -> Line:
    a_cny = sum((one.value for one, _ in pairs.values()), 0.0)
    b_cny = sum((two.value for _, two in pairs.values()), 0.0)
    effects = [_split(pair) for pair in pairs.values()]
    by_price, by_quantity = sum((e[0] for e in effects), 0.0), sum((e[1] for e in effects), 0.0)
    return Line(name, a_cny, b_cny, b_cny - a_cny, by_price, by_quantity)


def _material(material: str, kind: str, a: Plan, b: Plan, pair: Pair) -> MaterialChange:
    owner = b.network.materials if material in b.network.materials.index else a.network.materials
    unit = owner.unit[owner.index[material]]
    one, two = pair
    return MaterialChange(
        material=material,
        kind=kind,
        unit=f"{unit} km" if kind == "freight" else unit,
        quantity_a=one.quantity,
        quantity_b=two.quantity,
        price_a_cny=one.price,
        price_b_cny=two.price,
        a_cny=one.value,
        b_cny=two.value,
        difference_cny=two.value - one.value,
        price_effect_cny=_split(pair)[0],
        quantity_effect_cny=_split(pair)[1],
    )


def _places(a: Mapping[str, Parts], b: Mapping[str, Parts]) -> tuple[PlaceChange, ...]:
    """Every place whose margin or a part of it changed."""
    none = dict.fromkeys(PARTS, 0.0)
    out = []
    for place in dict.fromkeys([*a, *b]):
        one, two = a.get(place, none), b.get(place, none)
        if one == two:
            continue
        parts = tuple(MarginPart(p, one[p], two[p], two[p] - one[p]) for p in PARTS if one[p] or two[p])
        a_cny, b_cny = sum(one.values()), sum(two.values())
        out.append(PlaceChange(place, place in a, place in b, a_cny, b_cny, b_cny - a_cny, parts))
    return tuple(sorted(out, key=lambda c: (-abs(c.difference_cny), c.place)))


def _chains(a: Plan, b: Plan) -> tuple[ChainChange, ...]:
    one, two = a.margins.chain, b.margins.chain
    out = []
    for chain in dict.fromkeys([*one, *two]):
        a_cny, b_cny = one.get(chain, 0.0), two.get(chain, 0.0)
        out.append(ChainChange(chain, a_cny, b_cny, b_cny - a_cny))
    return tuple(sorted(out, key=lambda c: (-abs(c.difference_cny), c.chain)))
