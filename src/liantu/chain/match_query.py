"""Needs and offers against the names of a city: which material, where, and what stands in for it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from liantu.chain.match_types import Need, Offer, Place
from liantu.chain.network import Cap, Network
from liantu.chain.network_caps import counts_newcomer
from liantu.data.schema import near_names
from liantu.errors import InputError, Problem
from liantu.messages import problem


@dataclass(frozen=True)
class Query:
    """A need or offer with its names resolved; plant is the index of the plant it stands at, or -1."""

    material: int
    quantity: float
    place: Place
    plant: int
    purity: float | None
    price: float | None  # top price of a need, floor price of an offer


@dataclass(frozen=True)
class StandIn:
    """A material of the same formula. `units` of it hold as much of the formula as one unit of the
    material asked for; alike: both go by pipe, or neither does, and it can be moved at all."""

    material: int
    units: float
    alike: bool


def resolve(network: Network, asked: Need | Offer) -> Query:
    """Resolve names and place.

    A material may be given by its id or by either of its names. Raises InputError with all problems: an
    unknown material or place (with the names close to it), a quantity that is not above 0, a purity
    outside (0, 1], a place that is missing or half given.
    """
    file = type(asked).__name__.lower()
    material = _find(network, asked.material)
    problems = list(_problems(network, asked, file))
    place, plant = _place(network, asked)
    needs_park = material >= 0 and network.materials.pool[material] == "park" and not place.park
    if needs_park and not problems:
        parks = ", ".join(network.parks)
        problems.append(problem("unknown_reference", file, column="at", found=asked.at, expected=parks))
    if problems:
        raise InputError(problems)
    price = asked.top_price if isinstance(asked, Need) else asked.floor_price
    return Query(material, asked.quantity, place, plant, asked.purity, price)


def family(network: Network, material: int) -> tuple[StandIn, ...]:
    """The material itself, then all others of the same formula, in the order of the table.

    A tonne holds `purity` of its formula; a purity that is not given counts as 1, as in compositions.
    """
    m = network.materials
    out = [StandIn(material, 1.0, True)]
    formula = m.formula[material].strip()
    if not formula:
        return tuple(out)
    for other, its in enumerate(m.formula):
        if other != material and its.strip() == formula:
            units = _content(network, material) / max(_content(network, other), 1e-300)
            alike = (m.link[other] == "pipe") == (m.link[material] == "pipe") and m.link[other] != "none"
            out.append(StandIn(other, units, alike and math.isfinite(units) and 0 < units < 1e100))
    return tuple(out)


def _content(network: Network, material: int) -> float:
    """t of the formula in one unit."""
    purity = float(network.materials.purity[material])
    return float(network.materials.t_per_unit[material]) * (1.0 if math.isnan(purity) else purity)


def counts(network: Network, cap: Cap, place: Place) -> bool:
    """Whether a cap counts what is bought, sold or dumped at a place: as it does the plant that stands
    there, else as it would a new plant of the place's park."""
    if cap.scope is None:
        return True
    if place.name in network.plants.index:
        return network.plants.index[place.name] in cap.scope
    return counts_newcomer(cap, (f"park:{place.park}",) if place.park else ())


def _find(network: Network, word: str) -> int:
    """Index of the material with this id or name, else -1."""
    m = network.materials
    if word in m.index:
        return m.index[word]
    for names in (m.name_zh, m.name_en):
        if names.count(word) == 1:
            return names.index(word)
    return -1


def _problems(network: Network, asked: Need | Offer, file: str) -> Iterator[Problem]:
    m = network.materials
    if _find(network, asked.material) < 0:
        labels = {**dict(zip(m.name_zh, m.id, strict=True)), **dict(zip(m.name_en, m.id, strict=True))}
        near = [labels.get(n, n) for n in near_names(asked.material, (*m.id, *labels))]
        expected = _listed("materials.id", near)
        yield problem("unknown_reference", file, column="material", found=asked.material, expected=expected)
    elif m.unlimited[_find(network, asked.material)]:
        fix = "nothing to do: it is free wherever it is needed"
        yield problem("free_everywhere", file, column="material", found=asked.material, fix=fix)
    if not (math.isfinite(asked.quantity) and asked.quantity > 0):
        yield problem("out_of_range", file, column="quantity", found=f"{asked.quantity:g}", expected="> 0")
    if asked.purity is not None and not 0 < asked.purity <= 1:
        yield problem("out_of_range", file, column="purity", found=f"{asked.purity:g}", expected="(0, 1]")
    name = "top_price" if isinstance(asked, Need) else "floor_price"
    price: float | None = getattr(asked, name)
    if price is not None and not math.isfinite(price):
        yield problem("not_finite", file, column=name, found=str(price))
    yield from _place_problems(network, asked, file)


def _place_problems(network: Network, asked: Need | Offer, file: str) -> Iterator[Problem]:
    if asked.at:
        ids = (*network.plants.id, *network.parks)
        if asked.at not in network.plants.index and asked.at not in network.parks:
            expected = _listed("facilities.id | candidates.id | parks.id", list(near_names(asked.at, ids)))
            yield problem("unknown_reference", file, column="at", found=asked.at, expected=expected)
        elif math.isnan(_place(network, asked)[0].lat):
            yield problem("position_missing", file, column="at", found=asked.at)
    elif (asked.lat is None) != (asked.lon is None):
        yield problem("position_incomplete", file, column="lat" if asked.lat is None else "lon")
    elif asked.lat is None or asked.lon is None:
        yield problem("position_missing", file, column="at")
    else:
        for column, value, most in (("lat", asked.lat, 90), ("lon", asked.lon, 180)):
            if not -most <= value <= most:
                expected = f"[-{most}, {most}]"
                yield problem("out_of_range", file, column=column, found=f"{value:g}", expected=expected)


def _listed(where: str, near: list[str]) -> str:
    return f"{where} ({', '.join(dict.fromkeys(near))})" if near else where


def _place(network: Network, asked: Need | Offer) -> tuple[Place, int]:
    plants = network.plants
    f = plants.index.get(asked.at, -1)
    if f >= 0:
        return Place(asked.at, plants.park[f], float(plants.lat[f]), float(plants.lon[f])), f
    if asked.at in network.parks:
        _, _, *at = network.parks[asked.at]
        lat, lon = (math.nan if v is None else float(v) for v in at)
        return Place(asked.at, asked.at, lat, lon), -1
    if asked.lat is None or asked.lon is None:
        return Place(asked.at, "", math.nan, math.nan), -1
    return Place(f"{asked.lat:g}, {asked.lon:g}", "", asked.lat, asked.lon), -1
