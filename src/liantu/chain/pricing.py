"""Pairs found by price instead of listed: for networks where all pairs within range are too many.

Column generation (Ford and Fulkerson 1958; Dantzig and Wolfe 1960). Start from each place's nearest
partners; solve; find, exactly, the pairs whose reduced gain  y_target - y_source - freight x km  is
positive at the current prices; add the best of each place; solve again from the kept basis. When no
pair within range gains, the plan is optimal over all pairs, listed or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import count

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from liantu.chain.keys import SHIP, Rows
from liantu.chain.model import Model, build_model
from liantu.chain.network import Floats, Ints, Materials, Network, great_circle_km
from liantu.chain.pairs import Market, Pairs, chord_of, joined, markets, unit_sphere, within
from liantu.chain.reduced import ModelSession
from liantu.chain.scenario import Scenario
from liantu.chain.solve import Solution

LISTED_PAIRS = 1_000_000  # above this many, pairs are found by price
NEAREST = 8
BLOCK = 2_000_000
GAIN = 1e-9  # relative to the prices: a smaller gain is rounding


def solve_by_price(
    network: Network,
    scenario: Scenario,
    include: Iterable[int] = (),
    nearest: int = NEAREST,
    progress: Callable[[int, int, int], None] | None = None,
) -> tuple[Model, Solution]:
    """(model, solution) over the pairs that were found to pay; optimal over all pairs within range.

    `progress(round, listed, found)` is called after each search.
    """
    chosen = set(include)
    model = build_model(network, scenario, chosen, lambda r, m: nearest_pairs(r, m, nearest))
    previous: tuple[Model, Solution] | None = None
    for turn in count(1):
        session = ModelSession(model)
        if previous is not None:
            _start(session, *previous)
        solution = session.solve()
        found = paying_pairs(model.rows, network.materials, solution.row_dual, 2 * nearest)
        listed = int((model.columns.kind == SHIP).sum())
        if progress is not None:
            progress(turn, listed, len(found.km))
        merged = _merge(model, found)
        if len(merged.km) == listed:  # nothing gains, or only what is listed, by rounding
            return model, solution
        previous = model, solution
        model = build_model(network, scenario, chosen, partial(_given, merged))
    raise AssertionError("a round adds a new pair or returns, and pairs are finite")


def _given(pairs: Pairs, _rows: Rows, _materials: Materials) -> Pairs:
    return pairs


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


def paying_pairs(rows: Rows, materials: Materials, price: Floats, most: int) -> Pairs:
    """The pairs within range that gain at row prices (R,): the best `most` of each place, exactly.

    Pairs that are listed already have no gain at an optimum, so that what is found is new.
    """
    parts = []
    for market in markets(rows, materials):
        freight = float(materials.freight[market.material])
        for pairs, gain in gains(rows, market, price, freight):
            keep = _best(pairs.source, gain, most) | _best(pairs.target, gain, most)
            parts.append(Pairs(pairs.source[keep], pairs.target[keep], pairs.km[keep]))
    return joined(parts)


def gains(rows: Rows, market: Market, price: Floats, freight: float) -> Iterator[tuple[Pairs, Floats]]:
    """Blocks of (pairs, gain in CNY per unit) with all pairs of a market whose gain is positive.

    A user is left out where even the cheapest maker at its doorstep would not pay; and no pair
    is farther apart than the widest price difference pays for.
    """
    cheapest = float(price[market.makers].min())
    users = market.users[price[market.users] > cheapest]
    if not len(users):
        return
    widest = float(price[users].max()) - cheapest
    reach = min(market.reach, widest / freight) if freight > 0 else market.reach
    size = max(1, BLOCK // len(market.makers))
    for start in range(0, len(users), size):
        some = users[start : start + size]
        i, j, km = within(rows, market.makers, some, reach)
        source, target = market.makers[i], some[j]
        gain = price[target] - price[source] - freight * km
        keep = gain > GAIN * (1.0 + np.abs(price[target]) + np.abs(price[source]))
        if keep.any():
            yield Pairs(source[keep], target[keep], km[keep]), gain[keep]


def _best(place: Ints, gain: Floats, most: int) -> npt.NDArray[np.bool_]:
    """Marks the `most` greatest gains of each place."""
    order = np.lexsort((-gain, place))
    ordered = place[order]
    first = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    rank = np.arange(len(order)) - np.repeat(first, np.diff(np.r_[first, len(order)]))
    mark = np.zeros(len(place), dtype=bool)
    mark[order[rank < most]] = True
    return mark


def _merge(model: Model, found: Pairs) -> Pairs:
    c = model.columns
    at = c.kind == SHIP
    source, target = (
        np.concatenate([c.source[at], found.source]),
        np.concatenate([c.target[at], found.target]),
    )
    km = np.concatenate([c.km[at], found.km])
    _, first = np.unique(source * np.int64(len(model.rows.kind)) + target, return_index=True)
    order = first[np.lexsort((target[first], source[first], model.rows.material[source[first]]))]
    return Pairs(source[order], target[order], km[order])


def _start(session: ModelSession, model: Model, solution: Solution) -> None:
    """Carry the basis of the former model over: columns keep their keys, new pairs start at zero."""
    new = session.model
    old_ship, new_ship = model.columns.kind == SHIP, new.columns.kind == SHIP
    basic = np.zeros(len(new.columns.kind), dtype=bool)
    x = np.zeros(len(new.columns.kind))
    basic[~new_ship], x[~new_ship] = solution.basic[~old_ship], solution.x[~old_ship]
    size = np.int64(len(new.rows.kind))
    old_key = model.columns.source[old_ship] * size + model.columns.target[old_ship]
    new_key = new.columns.source[new_ship] * size + new.columns.target[new_ship]
    order = np.argsort(new_key)
    place = np.flatnonzero(new_ship)[order[np.searchsorted(new_key[order], old_key)]]
    basic[place], x[place] = solution.basic[old_ship], solution.x[old_ship]
    session.start_from(basic, solution.row_basic, x)


def unlisted_bound(model: Model, price: Floats) -> float:
    """CNY a year that pairs within range could add to `dual_bound` at row prices (R,), listed or not.

    Each user takes at most what it can use: sum over users of use x its best gain, 0 at an optimum.
    """
    use = np.zeros(len(price))
    part = model.matrix[:, : len(model.plants)].tocoo()
    taken = (part.data > 0) & (model.rows.kind[part.row] == 0)
    np.add.at(use, part.row[taken], part.data[taken] * model.capacity[part.col[taken]])
    use -= np.where(model.rows.kind == 0, model.row_upper, 0.0)
    total = 0.0
    for market in markets(model.rows, model.network.materials):
        best = np.zeros(len(price))
        for pairs, gain in gains(
            model.rows, market, price, float(model.network.materials.freight[market.material])
        ):
            np.maximum.at(best, pairs.target, gain)
        total += float(best @ use)
    return total
