"""One block of a large network as a task of its own: made small enough to be sent to another process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from liantu.chain.keys import BALANCE, BUY, CAP, SELL
from liantu.chain.model import Model
from liantu.chain.network import Floats, Ints, Plants
from liantu.chain.pairs import Pairs
from liantu.chain.parts import Part, parts_of
from liantu.chain.warm import Found, soft, solve_bare
from liantu.errors import SolverError

GIVE = 1e-9
"""Share of what crosses a block's border at a row: flows found elsewhere are not exact to the last digit."""


@dataclass(frozen=True)
class Task:
    """A block's programme and where to start from; `cap_price` where its caps are priced, not bounded."""

    block: int
    model: Model
    start: Found | None
    cap_price: Floats | None = None


def run_task(task: Task) -> tuple[int, Found]:
    """Solve one block, anew where the solver gets stuck from where it was to start. Raises SolverError."""
    model = task.model if task.cap_price is None else soft(task.model, task.cap_price)
    try:
        found = solve_bare(model, task.start)
    except SolverError:
        if task.start is None:
            raise
        found = solve_bare(model)
    if task.cap_price is not None:
        price = found.price.copy()
        price[model.rows.kind == CAP] = task.cap_price
        found = replace(found, price=price)
    return task.block, found


def improve(task: Task) -> tuple[int, Found | None]:
    """Solve one block; None where the solver fails, so that what was there stays."""
    try:
        return run_task(task)
    except SolverError:
        return task.block, None


def light(model: Model) -> Model:
    """Without what the solver does not ask for: names, and arrays over all plants."""
    n, none = model.network, np.zeros(0)
    index = np.zeros(0, dtype=np.int64)
    plants = Plants(
        (), (), (), (), (), (), index, none, none, none, none, index, none, none, none, (), (), ()
    )
    caps = tuple(replace(c, scope=None) for c in n.caps)
    network = replace(n, plants=plants, caps=caps, demands=(), enterprises={}, stages={}, parks={})
    settings = replace(
        model.settings, open=np.zeros(0, dtype=bool), capacity=none, capital=none, land=none, demands=()
    )
    rows = replace(model.rows, place=())
    return replace(model, network=network, settings=settings, rows=rows)


def light_parts(bare: Model, label: Ints) -> Iterator[Part]:
    """The part of each block, light, in the order of the labels (R,)."""
    return parts_of(light(bare), label)


def cap_room(bare: Model, parts: list[Part], found: Found) -> list[Floats]:
    """Each part's share of the caps (K,): what it counts now, and of what is left by its capacity."""
    caps = bare.rows.kind == CAP
    size = np.array([p.model.capacity.sum() for p in parts])
    used = [p.model.matrix[p.model.rows.kind == CAP] @ found.x[p.spot.columns] for p in parts]
    left = np.maximum(bare.row_upper[caps] - sum(used), 0.0)
    total = max(float(size.sum()), 1e-300)
    return [u + left * s / total for u, s in zip(used, size, strict=True)]


class Inside:
    """What is known of the whole, as far as it concerns each block: flows between them, and the rest."""

    def __init__(self, label: Ints, found: Found) -> None:
        self.found = found
        source, target = found.pairs.source, found.pairs.target
        within = label[source] == label[target]
        inner = np.flatnonzero(within)
        self._inner = inner[np.argsort(label[source[inner]], kind="stable")]
        self._block = label[source[self._inner]]
        across = np.flatnonzero(~within)
        ends, flow, rows = (source[across], target[across]), found.shipped[across], len(label)
        out, into = (np.bincount(end, flow, minlength=rows) for end in ends)
        self.net, self.gross = into - out, into + out
        self._place = np.empty(rows, dtype=np.int64)

    def of(self, part: Part, block: int) -> Found:
        """The block's own flows, prices and basis."""
        spot, found = part.spot, self.found
        at = self._inner[slice(*np.searchsorted(self._block, (block, block + 1)))]
        self._place[spot.rows] = np.arange(len(spot.rows))
        pairs = found.pairs
        return Found(
            found.x[spot.columns],
            found.basic[spot.columns],
            Pairs(self._place[pairs.source[at]], self._place[pairs.target[at]], pairs.km[at]),
            found.shipped[at],
            found.shipped_basic[at],
            found.price[spot.rows],
            found.row_basic[spot.rows],
        )


def primal_task(block: int, part: Part, room: Floats, inside: Inside, first: bool) -> Task:
    """The block's own plan: its share of the caps, and what flows across its border as it is."""
    model = part.model
    lower, upper = model.row_lower.copy(), model.row_upper.copy()
    own = model.rows.kind == BALANCE
    rows = part.spot.rows[own]
    net, give = inside.net[rows], GIVE * inside.gross[rows]
    lower[own] += net - give
    upper[own] += net + give
    upper[model.rows.kind == CAP] = room
    model = replace(model, row_lower=lower, row_upper=upper)
    return Task(block, model, None if first else inside.of(part, block))


def dual_task(block: int, part: Part, inside: Inside, low: Floats, high: Floats) -> Task:
    """The block's best prices, given those outside: it may buy and sell at the best offers across its border.

    low, high (R,): the lowest price delivered from another block, the highest one net of freight.
    """
    model, rows = part.model, part.spot.rows
    objective, c = model.objective.copy(), model.columns
    into, out = np.flatnonzero(c.kind == BUY), np.flatnonzero(c.kind == SELL)
    objective[into] = np.maximum(objective[into], -low[rows[c.target[into]]])
    objective[out] = np.maximum(objective[out], high[rows[c.source[out]]])
    start = inside.of(part, block)
    cap_price = start.price[model.rows.kind == CAP]
    return Task(block, replace(model, objective=objective), start, cap_price)
