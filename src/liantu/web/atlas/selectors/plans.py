"""The plan: what crosses the city line, the caps, local prices, margins."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict

from liantu import runs
from liantu.chain.plan import CapResult, Price
from liantu.report.plan import finding_text
from liantu.web.atlas.city import City
from liantu.web.kit import parameters
from liantu.web.kit.listing import Listing, listing


def findings(city: City) -> tuple[str, ...]:
    """What somebody has to look at, as sentences: shortages, exceeded caps, recipes that do not balance."""
    return tuple(finding_text(f, city.names) for f in runs.findings(city.plan))


@dataclass(frozen=True)
class CityCrossing:
    """A material over the city line, a year: quantity in its unit, value in CNY (> 0: income)."""

    material: str
    kind: str
    unit: str
    quantity: float
    value: float
    places: int


def city_crossings(city: City) -> tuple[CityCrossing, ...]:
    """Every crossing added up over the plants, the greatest value first."""
    quantity: dict[tuple[str, str], float] = defaultdict(float)
    value: dict[tuple[str, str], float] = defaultdict(float)
    places: dict[tuple[str, str], int] = defaultdict(int)
    for c in city.plan.crossings:
        key = c.material, c.kind
        quantity[key] += c.quantity
        value[key] += c.value_cny
        places[key] += 1
    rows = [CityCrossing(*key, city.unit(key[0]), quantity[key], value[key], places[key]) for key in quantity]
    return tuple(sorted(rows, key=lambda r: -abs(r.value)))


def binding(city: City) -> tuple[CapResult, ...]:
    """Caps whose room is worth money, the dearest at their limit first."""
    bound = [c for c in city.plan.caps if c.price_low > 1e-6 or 1e-6 < c.price_high < math.inf]
    return tuple(sorted(bound, key=lambda c: -(c.price_low or 0.0) * c.limit))


def caps(city: City) -> tuple[CapResult, ...]:
    """All caps: what binds first, then by how much of them is used."""
    first = binding(city)
    rest = [c for c in city.plan.caps if c not in first]
    return (*first, *sorted(rest, key=lambda c: -(c.used / c.limit if c.limit > 0 else 0.0)))


@dataclass(frozen=True)
class PriceRow:
    """A local price beside the one at the city line, CNY per unit."""

    price: Price
    unit: str
    market: float
    words: str


def price_list(get: QueryDict, city: City) -> Listing[PriceRow]:
    """The local prices that the address asks for, sorted and searched."""
    m = city.network.materials
    material = parameters.choice(get, "material", m.id)
    market = city.plan.model.settings.price
    names = city.names
    rows = []
    for p in city.plan.prices:
        if material and p.material != material:
            continue
        i = m.index[p.material]
        words = f"{city.material(p.material).both} {names.place(p.place)} {p.place}".lower()
        rows.append(PriceRow(p, m.unit[i], float(market[i]), words))
    keys = {
        "material": lambda r: names.material(r.price.material),
        "place": lambda r: names.place(r.price.place),
        "low": lambda r: r.price.low,
        "high": lambda r: r.price.high,
        "market": lambda r: r.market,
    }
    return listing(get, rows, keys, lambda r: r.words, "material")


@dataclass(frozen=True)
class Share:
    """A part of the plan's value: a chain, an enterprise, or '' for what belongs to none."""

    id: str
    value: float


def margins_by_chain(city: City) -> tuple[Share, ...]:
    """The plan's value by chain, the largest first."""
    return _shares(city.plan.margins.chain)


def margins_by_enterprise(city: City) -> tuple[Share, ...]:
    """The plan's value by enterprise, the largest first."""
    return _shares(city.plan.margins.enterprise)


def _shares(parts: Mapping[str, float]) -> tuple[Share, ...]:
    return tuple(Share(k, v) for k, v in sorted(parts.items(), key=lambda part: -part[1]) if abs(v) >= 1.0)
