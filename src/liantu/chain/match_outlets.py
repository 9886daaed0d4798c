"""Where what is made beside a material can go: how much of it at the local price, and at what price the rest.

A local price holds for the first unit. A plant that is to run more for the sake of one product makes its
others too, and where the users of these have no room they end at the city line, if it takes them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from liantu.chain.keys import BUY, DUMP, SELL, SHIP
from liantu.chain.match_local import Local

EQUAL = 1e-6  # relative: an outlet that pays the local price


@dataclass(frozen=True)
class Outlets:
    """room: units that go at the local price. beyond: CNY per unit of what exceeds it; None where the city
    line takes nothing, so that the local price is all there is to go by."""

    room: float
    beyond: float | None


@dataclass(frozen=True)
class Stretch:
    """activity that can change at a price; cny per unit of the material looked at."""

    activity: float
    cny: float


def changes(local: Local, k: int, row: int, rise: bool) -> list[Stretch]:
    """How far plant k can run more (rise) or less, and what a unit of the row's material breaks even at.

    First as far as everything else that it then makes more, or uses less, finds room at the local price;
    then with what does not at the price beyond its room.
    """
    whole = local.room(k) if rise else float(local.x[k])
    first, dear = whole, {}
    for r, v in local.column(k):
        if r == row or (v < 0) != rise or v == 0.0 or not local.is_balance(r):
            continue
        outlets = outlets_of(local, r) if rise else _freed(local, r)
        if outlets.beyond is not None and outlets.room < abs(v) * whole:
            first = min(first, outlets.room / abs(v))
            dear[r] = outlets.beyond
    now = local.break_even(k, row, rise)
    if not dear or math.isinf(now):
        return [Stretch(whole, now)]
    out = [Stretch(first, now)] if first > 0 else []
    if whole > first:
        out.append(Stretch(whole - first, local.break_even(k, row, rise, dear)))
    return out


def outlets_of(local: Local, row: int) -> Outlets:
    """Outlets of more of the material at a row: the city line, users that could run more, purchases of
    theirs that it replaces."""
    c, price = local.model.columns, float(local.low[row])
    margin = EQUAL * (1 + abs(price))
    room, beyond = _at_users(local, row) if local.model.rows.plant[row] < 0 else 0.0, -math.inf
    for j in local.leaving(row).tolist():
        if c.kind[j] in (SELL, DUMP):
            paid = local.crossing(j, rise=True)
            if paid >= price - margin:
                room += local.cap_room(j)
            else:
                beyond = max(beyond, paid)
        elif c.kind[j] == SHIP:
            target = int(c.target[j])
            if float(local.low[target] + local.model.objective[j]) >= price - margin:
                room += _at_users(local, target)
    return Outlets(room, beyond if math.isfinite(beyond) else None)


def _at_users(local: Local, row: int) -> float:
    """Units that the users at a row could take more of, or buy in less of."""
    c = local.model.columns
    arriving = local.arriving(row)
    bought = float(local.x[arriving[c.kind[arriving] == BUY]].sum())
    return bought + sum(-a * local.room(k) for k, a in local.plants_at(row) if a < 0)


def _freed(local: Local, row: int) -> Outlets:
    """Outlets of what a row no longer uses: less is bought in, or its suppliers place it elsewhere."""
    c = local.model.columns
    if local.model.rows.plant[row] < 0:
        return outlets_of(local, row)
    room, beyond = 0.0, -math.inf
    arriving = local.arriving(row)
    for j in arriving[local.x[arriving] > 0].tolist():
        if c.kind[j] == BUY:
            room += float(local.x[j])
        elif c.kind[j] == SHIP:
            there = outlets_of(local, int(c.source[j]))
            room += min(there.room, float(local.x[j]))
            if there.beyond is not None:
                beyond = max(beyond, there.beyond - float(local.model.objective[j]))
            else:
                room = math.inf
    return Outlets(room, beyond if math.isfinite(beyond) else None)
