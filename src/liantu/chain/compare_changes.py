"""What changed between two plans besides money: activities, shipments, caps that bind, local prices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from liantu.chain.plan import CapResult, Plan

SAME = 1e-6  # relative: below it a figure has not changed
ZERO_PRICE = 1e-6  # CNY per unit: below it a cap does not bind


@dataclass(frozen=True)
class ActivityChange:
    """A plant whose activity changed, reference units a year. change: new, gone (in one plan's tables or
    scenario only), starts, stops, up, down."""

    plant: str
    change: str
    activity_a: float
    activity_b: float
    load_a: float
    load_b: float


@dataclass(frozen=True)
class ShipmentChange:
    """A shipment that appears, vanishes, grows or shrinks; quantities in the material's unit a year."""

    material: str
    source: str
    target: str
    change: str
    quantity_a: float
    quantity_b: float
    distance_km: float


@dataclass(frozen=True)
class CapChange:
    """A cap that begins or ceases to bind, or binds in both at another price or limit.

    price: the cost of one unit of room less, CNY per unit; None where a plan does not have the cap.
    """

    id: str
    change: str
    used_a: float | None
    used_b: float | None
    limit_a: float | None
    limit_b: float | None
    price_a_cny: float | None
    price_b_cny: float | None


@dataclass(frozen=True)
class PriceChange:
    """A local price that moved, CNY per unit. certain: the intervals do not touch, so that it moved whatever
    optimal prices are taken; shift is the least move that the intervals allow, else 0."""

    material: str
    place: str
    low_a: float
    high_a: float
    low_b: float
    high_b: float
    shift_cny: float
    certain: bool


def activity_changes(a: Plan, b: Plan) -> tuple[ActivityChange, ...]:
    """Plants by how much their load changed, largest first."""
    one, two = {p.id: p for p in a.plants}, {p.id: p for p in b.plants}
    out = []
    for name in dict.fromkeys([*one, *two]):
        p, q = one.get(name), two.get(name)
        was, now = (p.activity if p else 0.0), (q.activity if q else 0.0)
        if p and q and not _differ(was, now):
            continue
        change = "new" if p is None else "gone" if q is None else _direction(was, now, "starts", "stops")
        out.append(ActivityChange(name, change, was, now, p.load if p else 0.0, q.load if q else 0.0))
    return tuple(sorted(out, key=lambda c: (-abs(c.load_b - c.load_a), c.plant)))


def shipment_changes(a: Plan, b: Plan) -> tuple[ShipmentChange, ...]:
    """Shipments: those that appear, then those that vanish, then those that grow or shrink, by quantity."""
    one = {(s.material, s.source, s.target): s for s in a.shipments}
    two = {(s.material, s.source, s.target): s for s in b.shipments}
    out = []
    for key in dict.fromkeys([*one, *two]):
        s, t = one.get(key), two.get(key)
        was, now = (s.quantity if s else 0.0), (t.quantity if t else 0.0)
        if _differ(was, now):
            km = (t or s).distance_km  # type: ignore[union-attr]
            out.append(ShipmentChange(*key, _direction(was, now, "appears", "vanishes"), was, now, km))
    order = {"appears": 0, "vanishes": 1, "up": 2, "down": 2}
    return tuple(
        sorted(
            out,
            key=lambda c: (
                order[c.change],
                -abs(c.quantity_b - c.quantity_a),
                c.material,
                c.source,
                c.target,
            ),
        )
    )


def cap_changes(a: Plan, b: Plan) -> tuple[CapChange, ...]:
    """Caps that begin to bind, cease to, or bind otherwise, in this order. change: begins, ceases, binds."""
    one, two = {c.id: c for c in a.caps}, {c.id: c for c in b.caps}
    out = []
    for name in dict.fromkeys([*one, *two]):
        p, q = one.get(name), two.get(name)
        was, now = _binds(p), _binds(q)
        if was == now and not (
            was and p and q and (_differ(p.price_high, q.price_high) or p.limit != q.limit)
        ):
            continue
        change = "begins" if now and not was else "ceases" if was and not now else "binds"
        out.append(
            CapChange(
                name,
                change,
                p.used if p else None,
                q.used if q else None,
                p.limit if p else None,
                q.limit if q else None,
                p.price_high if p else None,
                q.price_high if q else None,
            )
        )
    order = {"begins": 0, "ceases": 1, "binds": 2}
    return tuple(sorted(out, key=lambda c: order[c.change]))


def price_changes(a: Plan, b: Plan) -> tuple[PriceChange, ...]:
    """Local prices whose interval moved at places of both plans; certain moves first, largest first."""
    one = {(p.material, p.place): p for p in a.prices}
    out = []
    for q in b.prices:
        p = one.get((q.material, q.place))
        if p is None or not (_differ(p.low, q.low) or _differ(p.high, q.high)):
            continue
        shift = q.low - p.high if q.low > p.high else q.high - p.low if q.high < p.low else 0.0
        certain = bool(abs(shift) > SAME * (1.0 + min(abs(p.low), abs(p.high))))
        shift = float(shift) if certain else 0.0
        out.append(PriceChange(q.material, q.place, p.low, p.high, q.low, q.high, shift, certain))
    return tuple(sorted(out, key=lambda c: (not c.certain, -abs(c.shift_cny), c.material, c.place)))


def _differ(a: float, b: float) -> bool:
    if np.isinf(a) or np.isinf(b):
        return a != b
    return abs(a - b) > SAME * max(abs(a), abs(b), 1e-3)


def _direction(was: float, now: float, starts: str, stops: str) -> str:
    if was == 0 or now == 0:
        return starts if now else stops
    return "up" if now > was else "down"


def _binds(cap: CapResult | None) -> bool:
    """Whether room is worth something, or is overdrawn."""
    return cap is not None and (cap.price_high > ZERO_PRICE or cap.exceeded)
