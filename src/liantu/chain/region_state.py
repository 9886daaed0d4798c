"""Where a solve by regions stands: the best plan so far, prices, both bounds; kept on disk to go on later."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from liantu.chain.certificate import gap_between
from liantu.chain.keys import CAP, SHORTAGE
from liantu.chain.model import Model
from liantu.chain.network import Floats
from liantu.chain.pairs import Pairs, chosen, joined
from liantu.chain.parts import Part
from liantu.chain.pricing import distinct, positions
from liantu.chain.warm import Found
from liantu.errors import InputError
from liantu.messages import problem

FIELDS = ("x", "basic", "shipped", "shipped_basic", "price", "row_basic")


@dataclass(frozen=True)
class State:
    """found: a feasible plan of the bare model with row prices. lower, upper: CNY a year, with the model's
    constant. best_price (R,): the prices that gave `upper`. step: how many steps were taken. first_gap: the
    gap after the first of them."""

    found: Found
    lower: float
    upper: float
    best_price: Floats
    step: int = 0
    first_gap: float = 0.0

    @property
    def gap(self) -> float:
        """How far from best the plan may be, as a share of its value."""
        return gap_between(self.lower, self.upper)


def idle(bare: Model) -> Found:
    """Nothing runs, and nothing that was committed is delivered: feasible for every model."""
    c = bare.columns
    x = np.zeros(len(bare.objective))
    short = np.flatnonzero(c.kind == SHORTAGE)
    owed = np.maximum(-bare.row_upper, 0.0)
    _, first = np.unique(c.target[short], return_index=True)
    x[short[first]] = owed[c.target[short[first]]]
    none = np.zeros(0)
    rows = len(bare.rows.kind)
    return Found(
        x,
        np.zeros(len(x), dtype=bool),
        joined([]),
        none,
        none.astype(bool),
        np.zeros(rows),
        np.ones(rows, bool),
    )


def merged(
    bare: Model, base: Found, solved: Iterable[tuple[Part, Found]], cross: Pairs, flow: Floats
) -> Found:
    """The parts' solutions as one of the bare model; `cross` flows between parts are kept as they are.

    Where a part was not solved, `base` stays. Prices of caps are the parts' mean, weighted by capacity.
    """
    x, basic = base.x.copy(), base.basic.copy()
    price, row_basic = base.price.copy(), base.row_basic.copy()
    caps = bare.rows.kind == CAP
    owner = np.full(len(price), -1, dtype=np.int64)
    lists, flows, marks = [cross], [flow], [np.zeros(len(flow), dtype=bool)]
    weight, cap_price = 0.0, np.zeros(int(caps.sum()))
    for k, (part, found) in enumerate(solved):
        spot, own = part.spot, part.model.rows.kind != CAP
        rows = spot.rows[own]
        owner[rows] = k
        x[spot.columns], basic[spot.columns] = found.x, found.basic
        price[rows], row_basic[rows] = found.price[own], found.row_basic[own]
        used = found.shipped_basic | (found.shipped > 0)
        p = found.pairs
        lists.append(Pairs(spot.rows[p.source[used]], spot.rows[p.target[used]], p.km[used]))
        flows.append(found.shipped[used])
        marks.append(found.shipped_basic[used])
        size = float(part.model.capacity.sum())
        weight, cap_price = weight + size, cap_price + size * found.price[~own]
    left = (owner[base.pairs.source] < 0) & (owner[base.pairs.target] < 0)
    lists.append(chosen(base.pairs, left))
    flows.append(base.shipped[left])
    marks.append(base.shipped_basic[left])
    if weight > 0:
        price[caps] = cap_price / weight
    row_basic[caps] = True
    return Found(x, basic, joined(lists), np.concatenate(flows), np.concatenate(marks), price, row_basic)


def with_plan(bare: Model, found: Found, x: Floats, pairs: Pairs, shipped: Floats) -> Found:
    """Another plan in the place of a solution's own; its basis and prices stay."""
    kept = chosen(found.pairs, found.shipped_basic)
    every = distinct(bare, [pairs, kept])
    flow, basic = np.zeros(len(every.km)), np.zeros(len(every.km), dtype=bool)
    flow[positions(bare, every, pairs)] = shipped
    basic[positions(bare, every, kept)] = True
    return replace(found, x=x, pairs=every, shipped=flow, shipped_basic=basic)


def digest(bare: Model) -> str:
    """What a saved state belongs to: the tables and the scenario."""
    said = json.dumps([bare.network.digest, bare.scenario.as_dict()], sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()


def save(path: Path, bare: Model, state: State) -> None:
    """Write the state in one stroke: a reader finds the former one or this one."""
    f = state.found
    draft = path.with_name(f"{path.name}.{os.getpid()}.npz")
    np.savez(
        draft,
        digest=np.array(digest(bare)),
        numbers=np.array([state.lower, state.upper, state.step, state.first_gap]),
        best_price=state.best_price,
        source=f.pairs.source,
        target=f.pairs.target,
        km=f.pairs.km,
        **{name: getattr(f, name) for name in FIELDS},
    )
    os.replace(draft, path)


def load(path: Path, bare: Model) -> State:
    """Read a saved state. Raises InputError where it is of other tables or another scenario, or no state."""
    try:
        with np.load(path, allow_pickle=False) as kept:
            if str(kept["digest"]) != digest(bare):
                raise InputError((problem("state_of_another_city", str(path)),))
            pairs = Pairs(kept["source"], kept["target"], kept["km"])
            v = {name: kept[name] for name in FIELDS}
            lower, upper, step, first_gap = kept["numbers"].tolist()
            price = kept["best_price"]
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise InputError((problem("state_unreadable", str(path), found=str(error)),)) from error
    found = Found(v["x"], v["basic"], pairs, v["shipped"], v["shipped_basic"], v["price"], v["row_basic"])
    return State(found, lower, upper, price, int(step), first_gap)
