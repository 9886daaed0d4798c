"""One block of a large network as a task of its own: made small enough to be sent to another process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from liantu.chain.keys import BALANCE, BUY, CAP, SELL
from liantu.chain.model import Model
from liantu.chain.network import Floats, Ints, Plants
from liantu.chain.pairs import Pairs
from liantu.chain.parts import Part, part_of
from liantu.chain.region_state import State
from liantu.chain.warm import Found, soft, solve_bare


@dataclass(frozen=True)
class Task:
    """A block's programme and where to start from; `cap_price` where its caps are priced, not bounded."""

    block: int
    model: Model
    start: Found | None
    cap_price: Floats | None = None


def run_task(task: Task) -> tuple[int, Found]:
    """Solve one block. Raises SolverError."""
    model = task.model if task.cap_price is None else soft(task.model, task.cap_price)
    found = solve_bare(model, task.start)
    if task.cap_price is not None:
        price = found.price.copy()
        price[model.rows.kind == CAP] = task.cap_price
        found = replace(found, price=price)
    return task.block, found


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


def parts_of(bare: Model, label: Ints) -> Iterator[Part]:
    """The part of each block, light, in the order of the labels (R,)."""
    for block in range(int(label.max(initial=-1)) + 1):
        part = part_of(bare, label == block)
        yield replace(part, model=light(part.model))


def cap_room(bare: Model, parts: list[Part], found: Found) -> list[Floats]:
    """Each part's share of the caps (K,): what it counts now, and of what is left by its capacity."""
    caps = bare.rows.kind == CAP
    size = np.array([p.model.capacity.sum() for p in parts])
    used = [p.model.matrix[p.model.rows.kind == CAP] @ found.x[p.spot.columns] for p in parts]
    left = np.maximum(bare.row_upper[caps] - sum(used), 0.0)
    total = max(float(size.sum()), 1e-300)
    return [u + left * s / total for u, s in zip(used, size, strict=True)]


def primal_task(
    bare: Model, block: int, part: Part, room: Floats, label: Ints, state: State, first: bool
) -> Task:
    """The block's own plan: its share of the caps, and what flows across its border as it is."""
    found, model = state.found, part.model
    f, t = found.pairs.source, found.pairs.target
    arriving = (label[t] == block) & (label[f] != block)
    leaving = (label[f] == block) & (label[t] != block)
    net = np.zeros(len(bare.rows.kind))
    np.add.at(net, t[arriving], found.shipped[arriving])
    np.subtract.at(net, f[leaving], found.shipped[leaving])
    lower, upper = model.row_lower.copy(), model.row_upper.copy()
    own = model.rows.kind == BALANCE
    lower[own] += net[part.spot.rows[own]]
    upper[own] += net[part.spot.rows[own]]
    upper[model.rows.kind == CAP] = room
    model = replace(model, row_lower=lower, row_upper=upper)
    return Task(block, model, None if first else _inside(part, block, label, found))


def dual_task(block: int, part: Part, label: Ints, state: State, low: Floats, high: Floats) -> Task:
    """The block's best prices, given those outside: it may buy and sell at the best offers across its border.

    low, high (R,): the lowest price delivered from another block, the highest one net of freight.
    """
    model, rows = part.model, part.spot.rows
    objective, c = model.objective.copy(), model.columns
    into, out = np.flatnonzero(c.kind == BUY), np.flatnonzero(c.kind == SELL)
    objective[into] = np.maximum(objective[into], -low[rows[c.target[into]]])
    objective[out] = np.maximum(objective[out], high[rows[c.source[out]]])
    price = state.best_price[rows]
    start = replace(_inside(part, block, label, state.found), price=price)
    return Task(block, replace(model, objective=objective), start, price[model.rows.kind == CAP])


def _inside(part: Part, block: int, label: Ints, found: Found) -> Found:
    """What is known of the whole, as far as it concerns the block."""
    spot = part.spot
    p = found.pairs
    at = (label[p.source] == block) & (label[p.target] == block)
    place = np.full(len(label), -1, dtype=np.int64)
    place[spot.rows] = np.arange(len(spot.rows))
    return Found(
        found.x[spot.columns],
        found.basic[spot.columns],
        Pairs(place[p.source[at]], place[p.target[at]], p.km[at]),
        found.shipped[at],
        found.shipped_basic[at],
        found.price[spot.rows],
        found.row_basic[spot.rows],
    )
