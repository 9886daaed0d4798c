"""Pairs found by price instead of listed: for networks where all pairs within reach are too many.

Column generation (Ford and Fulkerson 1958; Dantzig and Wolfe 1960): a programme over some pairs gives prices;
those that gain at these prices,  y_target - y_source - freight x km > 0, are found exactly and added, until
none does (`warm.solve_bare`). Then the plan is optimal over all pairs within reach, listed or not.
"""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from liantu.chain.keys import Rows
from liantu.chain.model import Model
from liantu.chain.network import Floats, Ints, Materials, great_circle_km
from liantu.chain.offers import best_pairs, lowest, sellers
from liantu.chain.pairs import Market, Pairs, chord_of, chosen, joined, markets, unit_sphere

LISTED_PAIRS = 1_000_000  # above this many, pairs are found by price
FAR = 1e15  # CNY per unit: no offer
GAIN = 1e-9  # relative to the prices: a smaller gain is rounding


def count_pairs(rows: Rows, materials: Materials) -> int:
    """How many pairs lie within range: what listing them would cost."""
    total = 0
    for market in markets(rows, materials):
        total += _count(rows, market)
    return total


def _count(rows: Rows, market: Market) -> int:
    a = cKDTree(unit_sphere(rows.lat[market.makers], rows.lon[market.makers]))
    b = cKDTree(unit_sphere(rows.lat[market.users], rows.lon[market.users]))
    return int(a.count_neighbors(b, chord_of(market.reach)))


def nearest_pairs(rows: Rows, materials: Materials, nearest: int) -> Pairs:
    """Each user's and each maker's `nearest` nearest partners within range."""
    parts = []
    for market in markets(rows, materials):
        forth = _nearest(rows, market.makers, market.users, nearest)
        back = _nearest(rows, market.users, market.makers, nearest)
        source, target = np.concatenate([forth[0], back[1]]), np.concatenate([forth[1], back[0]])
        parts.append(_distinct(rows, source, target, market.reach))
    return joined(parts)


def _nearest(rows: Rows, one: Ints, other: Ints, nearest: int) -> tuple[Ints, Ints]:
    """(of `one`, of `other`) each row of `other` with its nearest rows of `one`."""
    k = min(nearest, len(one))
    tree = cKDTree(unit_sphere(rows.lat[one], rows.lon[one]))
    _, found = tree.query(unit_sphere(rows.lat[other], rows.lon[other]), k=k)
    return one[np.asarray(found).reshape(len(other), k)].ravel(), np.repeat(other, k)


def _distinct(rows: Rows, source: Ints, target: Ints, reach: float) -> Pairs:
    key = np.unique(source * np.int64(len(rows.kind)) + target)
    source, target = key // len(rows.kind), key % len(rows.kind)
    km = great_circle_km(rows.lat[source], rows.lon[source], rows.lat[target], rows.lon[target])
    keep = km <= reach
    return Pairs(source[keep], target[keep], km[keep])


def paying(bare: Model, price: Floats, most: int, nearly: float = 0.0) -> Pairs:
    """The pairs within reach that gain at row prices (R,): the best `most` of each place, exactly.

    `nearly` lets in those that lose no more than this share of the price.
    """
    parts = []
    rows, materials = bare.rows, bare.network.materials
    slack = (GAIN - nearly) * (1.0 + np.abs(price))
    for m in markets(rows, materials):
        lanes = materials.lanes(m.material)
        low, high = price + slack, price - slack
        users = m.users[high[m.users] > low[m.makers].min()]
        makers = m.makers[low[m.makers] < high[m.users].max()]
        if not len(users) or not len(makers):
            continue
        offered, asked = sellers(rows, makers, low[makers]), sellers(rows, users, -high[users])
        i, j = best_pairs(rows, offered, users, high[users], lanes, most)
        k, h = best_pairs(rows, asked, makers, -low[makers], lanes, most)
        source = np.concatenate([offered.rows[i], makers[h]])
        target = np.concatenate([users[j], asked.rows[k]])
        parts.append(_measured(bare, source, target, m.reach))
    return distinct(bare, parts)


def _measured(bare: Model, source: Ints, target: Ints, reach: float) -> Pairs:
    rows = bare.rows
    km = great_circle_km(rows.lat[source], rows.lon[source], rows.lat[target], rows.lon[target])
    near = km <= reach
    return Pairs(source[near], target[near], km[near])


def distinct(bare: Model, lists: list[Pairs]) -> Pairs:
    """The lists as one, each pair once, ordered by material, source and target."""
    source, target, km = joined(lists)
    _, first = np.unique(source * np.int64(len(bare.rows.kind)) + target, return_index=True)
    order = first[np.lexsort((target[first], source[first], bare.rows.material[source[first]]))]
    return Pairs(source[order], target[order], km[order])


def not_listed(bare: Model, listed: Pairs, found: Pairs) -> Pairs:
    """Those of `found` that are not listed."""
    size = np.int64(len(bare.rows.kind))
    fresh = ~np.isin(found.source * size + found.target, listed.source * size + listed.target)
    return chosen(found, fresh)


def positions(bare: Model, listed: Pairs, some: Pairs) -> Ints:
    """Where each of `some` stands among `listed`, which holds them all."""
    size = np.int64(len(bare.rows.kind))
    key = listed.source * size + listed.target
    order = np.argsort(key, kind="stable")
    return np.asarray(order[np.searchsorted(key[order], some.source * size + some.target)])


def border_offers(bare: Model, label: Ints, price: Floats) -> tuple[Floats, Floats]:
    """(R,) the lowest delivered price and the highest net price that another block offers at each row."""
    low, high = np.full(len(price), FAR), np.full(len(price), -FAR)
    rows, materials = bare.rows, bare.network.materials
    for m in markets(rows, materials):
        lanes = materials.lanes(m.material)
        offered = sellers(rows, m.makers, price[m.makers], label)
        asked = sellers(rows, m.users, -price[m.users], label)
        low[m.users] = lowest(rows, offered, m.users, np.full(len(m.users), FAR), lanes, label)
        high[m.makers] = -lowest(rows, asked, m.makers, np.full(len(m.makers), FAR), lanes, label)
    return low, high
