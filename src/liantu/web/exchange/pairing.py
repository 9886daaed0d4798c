"""A need against an offer: months, purity, price and distance, each judged by itself.

What one side hid must not show in the other's answer, not even by a match that is or isn't there. So every
objection names what it rests on, and `shown` leaves out those that rest on what is hidden.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from liantu.chain.match_query import StandIn, family
from liantu.chain.network import Network, great_circle_km

PRICE, DELIVERED, PLACE = "price", "delivered", "place"
PURITY, MONTHS_, SPAN = "purity", "months", "span"
RESTS_ON = {PRICE: ("price",), DELIVERED: ("price", "name"), PLACE: ("name",)}
"""Objections -> what they would tell of a side that hides it; a place tells the name."""


@dataclass(frozen=True)
class Side:
    """What a need or an offer says, as far as a pairing asks."""

    material: str
    months: tuple[float, ...]  # twelve, in its own unit
    purity: float | None
    price: float | None
    lat: float | None
    lon: float | None
    start: date
    end: date | None


@dataclass(frozen=True)
class Pairing:
    """How well they fit. Money is CNY per unit of the need; quantities are units of the need.

    `against` holds the objections: price (at the gate already), delivered (with freight), place (out of
    range), purity, months (no quantity in common), span (no time in common). `freight` and `km` are None
    where a place is not known; `room` is what the need would pay more than the offer asks for at the gate,
    None where one of them names no price.
    """

    quantity: float
    months: tuple[float, ...]
    km: float | None
    freight: float | None
    link: str
    room: float | None
    against: tuple[str, ...]


def pair(network: Network, need: Side, offer: Side) -> Pairing | None:
    """None where the materials have nothing to do with each other."""
    i, j = network.materials.index.get(need.material), network.materials.index.get(offer.material)
    if i is None or j is None:
        return None
    stand_in = next((s for s in family(network, i) if s.material == j and s.alike), None)
    if stand_in is None:
        return None
    months = _overlap(need.months, [q / stand_in.units for q in offer.months])
    km = _km(need, offer)
    m = network.materials
    freight = None if km is None else float(m.haul(np.array([j]), np.array([km]))[0]) * stand_in.units
    room = _room(need, offer, stand_in)
    against = []
    if room is not None and room < -1e-9:
        against.append(PRICE)
    elif room is not None and room - (freight or 0.0) < -1e-9:
        against.append(DELIVERED)
    if km is not None and m.reach(j) < km:
        against.append(PLACE)
    if need.purity is not None and not _pure_enough(network, need, offer, stand_in):
        against.append(PURITY)
    if sum(months) <= 0:
        against.append(MONTHS_)
    if (need.end and need.end < offer.start) or (offer.end and offer.end < need.start):
        against.append(SPAN)
    return Pairing(sum(months), months, km, freight, m.link[j], room, tuple(against))


def _overlap(need: Sequence[float], offer: Sequence[float]) -> tuple[float, ...]:
    return tuple(min(a, b) for a, b in zip(need, offer, strict=True))


def _km(need: Side, offer: Side) -> float | None:
    if need.lat is None or need.lon is None or offer.lat is None or offer.lon is None:
        return None
    at = [np.array([v], dtype=np.float64) for v in (need.lat, need.lon, offer.lat, offer.lon)]
    km = float(great_circle_km(*at)[0])
    return km if math.isfinite(km) else None


def _room(need: Side, offer: Side, stand_in: StandIn) -> float | None:
    if need.price is None or offer.price is None:
        return None
    return need.price - offer.price * stand_in.units


def _pure_enough(network: Network, need: Side, offer: Side, stand_in: StandIn) -> bool:
    """By what the offer says, else by the purity of the material in the tables; unknown is not enough."""
    has = offer.purity
    if has is None:
        known = float(network.materials.purity[stand_in.material])
        has = None if math.isnan(known) else known
    return has is not None and need.purity is not None and has >= need.purity - 1e-12
