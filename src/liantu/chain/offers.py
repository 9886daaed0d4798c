"""The best offers over distance, exactly: for each place the partner with the best price and freight.

Two searches over all pairs of a market, neither of which lists them:

    lowest_i   = min(ceiling_i, min over partners j in reach of  price_j + freight x km_ij)
    best_pairs = of each place i the `most` partners with the lowest such sum below its own price

Partners are tried from the cheapest; the search of a place ends where even a partner at its doorstep would
not be better, and a distance is computed only where the straight line through the earth is short enough.
With numba (the extra `scale`) the loops are compiled and run on all cores; without it the same values come
from blocks of arrays, slower.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from liantu.chain.keys import Rows
from liantu.chain.lanes import Lane, Lanes
from liantu.chain.network import EARTH_RADIUS_KM, Floats, Ints, great_circle_km
from liantu.chain.pairs import chord_of, unit_sphere

BLOCK = 4_000_000  # pairs at a time where the loops are not compiled
NOWHERE = -1


class Sellers(NamedTuple):
    """Places that offer, from the cheapest: balance rows, points on the unit sphere (n, 3), CNY per unit,
    and the region of each, where offers from one's own region do not count."""

    rows: Ints
    points: Floats
    price: Floats
    region: Ints


def sellers(rows: Rows, at: Ints, price: Floats, region: Ints | None = None) -> Sellers:
    """The places `at` (balance rows) with their prices (n,), sorted."""
    order = np.argsort(price, kind="stable")
    at = at[order]
    points = unit_sphere(rows.lat[at], rows.lon[at])
    chosen = np.full(len(at), NOWHERE, dtype=np.int64) if region is None else region[at]
    return Sellers(at, points, np.ascontiguousarray(price[order]), chosen)


def lowest(
    rows: Rows,
    offered: Sellers,
    at: Ints,
    ceiling: Floats,
    lanes: Lanes,
    region: Ints | None = None,
    points: Floats | None = None,
) -> Floats:
    """(n,) the lowest delivered price at each of the balance rows `at` by any lane, at most `ceiling` (n,).

    With `region` (R,), offers from a place's own region are passed over. `points` (n, 3) are those of `at`
    on the unit sphere, where they are known.
    """
    points = unit_sphere(rows.lat[at], rows.lon[at]) if points is None else points
    own = np.full(len(at), NOWHERE - 1, dtype=np.int64) if region is None else region[at]
    out = ceiling
    for lane in lanes:
        out = _lowest(rows, offered, at, out - lane.fixed, lane, own, points) + lane.fixed
    return out


def _lowest(
    rows: Rows, offered: Sellers, at: Ints, ceiling: Floats, lane: Lane, own: Ints, points: Floats
) -> Floats:
    compiled = _compiled()
    if compiled is None:
        return _by_blocks(rows, offered, at, ceiling, lane, own)
    out, chord = np.empty(len(at)), chord_of(lane.reach)
    compiled[0](*offered[1:], points, own, ceiling, lane.rate, lane.reach, chord, EARTH_RADIUS_KM, out)
    return out


def best_pairs(
    rows: Rows, offered: Sellers, at: Ints, price: Floats, lanes: Lanes, most: int
) -> tuple[Ints, Ints]:
    """(position in `offered`, position in `at`) of each place's `most` best partners by each lane.

    A partner counts whose price and freight stay below the place's own `price` (n,).
    """
    parts = [_best_pairs(rows, offered, at, price - lane.fixed, lane, most) for lane in lanes]
    return np.concatenate([i for i, _ in parts]), np.concatenate([j for _, j in parts])


def _best_pairs(
    rows: Rows, offered: Sellers, at: Ints, price: Floats, lane: Lane, most: int
) -> tuple[Ints, Ints]:
    points = unit_sphere(rows.lat[at], rows.lon[at])
    compiled = _compiled()
    if compiled is None:
        return _pairs_by_blocks(rows, offered, at, price, lane, most)
    found = np.full((len(at), most), NOWHERE, dtype=np.int64)
    value = np.empty((len(at), most))
    compiled[1](
        offered.points,
        offered.price,
        points,
        price,
        lane.rate,
        lane.reach,
        chord_of(lane.reach),
        EARTH_RADIUS_KM,
        found,
        value,
    )
    j, k = np.nonzero(found >= 0)
    return found[j, k], j.astype(np.int64)


def _delivered(rows: Rows, offered: Sellers, at: Ints, lane: Lane) -> Floats:
    """(sellers, places) price and freight; inf out of reach."""
    km = great_circle_km(
        rows.lat[offered.rows][:, None],
        rows.lon[offered.rows][:, None],
        rows.lat[at][None, :],
        rows.lon[at][None, :],
    )
    return np.where(km <= lane.reach, offered.price[:, None] + lane.rate * km, np.inf)


def _by_blocks(rows: Rows, offered: Sellers, at: Ints, ceiling: Floats, lane: Lane, own: Ints) -> Floats:
    out = np.array(ceiling, dtype=np.float64)
    if not len(offered.rows):
        return out
    size = max(1, BLOCK // len(offered.rows))
    for start in range(0, len(at), size):
        part = slice(start, start + size)
        value = _delivered(rows, offered, at[part], lane)
        value[offered.region[:, None] == own[part][None, :]] = np.inf
        out[part] = np.minimum(out[part], value.min(axis=0))
    return out


def _pairs_by_blocks(
    rows: Rows, offered: Sellers, at: Ints, price: Floats, lane: Lane, most: int
) -> tuple[Ints, Ints]:
    one, other = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    size = max(1, BLOCK // max(1, len(offered.rows)))
    for start in range(0, len(at) if len(offered.rows) else 0, size):
        part = slice(start, start + size)
        value = _delivered(rows, offered, at[part], lane)
        value[value >= price[part][None, :]] = np.inf
        kept = np.argsort(value, axis=0, kind="stable")[:most]
        good = np.isfinite(np.take_along_axis(value, kept, axis=0))
        k, j = np.nonzero(good)
        one.append(kept[k, j].astype(np.int64))
        other.append((j + start).astype(np.int64))
    return np.concatenate(one), np.concatenate(other)


@cache
def _compiled() -> tuple[Callable[..., Any], Callable[..., Any]] | None:
    """The two loops, compiled; None where numba is not installed."""
    try:
        from liantu.chain import offers_numba
    except ImportError:
        return None
    return offers_numba.lowest, offers_numba.best
