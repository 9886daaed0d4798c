"""Upper bounds of columns that follow from the rest of a model: no feasible plan is left out by them."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from liantu.chain.keys import BALANCE, BUY, DUMP, SELL, SHORTAGE
from liantu.chain.model import Model
from liantu.chain.network import Bools, Floats, Ints
from liantu.chain.pairs import chord_of, markets, unit_sphere

PASSES = 3  # a plant held back holds back others
HEAVY = 1_000  # plants
ROUNDING = 1e-9  # of the terms of a sum


def implied_upper(model: Model, capacity: Floats | None = None) -> Floats:
    """A finite upper bound (C,) of every column that follows from capacities, caps and committed demand.

    A plant runs no further than what it needs can be made or bought, and what it makes used or sold; a
    shipment is at most what its origin can make and its destination can use; a crossing at most what its row
    can make or use. It lets the certificate bound columns that the model leaves open, and a plant that is
    larger than all that could feed it.
    """
    k = model.capacity if capacity is None else capacity
    balance = model.matrix[: int((model.rows.kind == BALANCE).sum()), : len(model.plants)].tocoo()
    barrier = _Barriers(model)
    for _ in range(PASSES):
        made, used = local_amounts(model, k)
        less = barrier.capacity(k, balance, made, used)
        if (less >= k).all():
            break
        k = less
    return _of_columns(model, k)


def _of_columns(model: Model, k: Floats) -> Floats:
    """(C,) bounds where no plant runs above k (P,)."""
    made, used = local_amounts(model, k)
    c = model.columns
    bound = np.minimum(
        np.where(c.source >= 0, made[c.source], np.inf), np.where(c.target >= 0, used[c.target], np.inf)
    )
    bound[: len(k)] = k
    return bound


def local_amounts(model: Model, run: Floats) -> tuple[Floats, Floats]:
    """(R,) twice: what plants that run so far (P,) make at each row; what they and committed demand use."""
    n = len(model.rows.kind)
    legs = model.matrix[:, : len(model.plants)].tocoo()
    amount = np.abs(legs.data) * run[legs.col]
    made = np.bincount(legs.row[legs.data < 0], amount[legs.data < 0], minlength=n).astype(np.float64)
    used = np.bincount(legs.row[legs.data > 0], amount[legs.data > 0], minlength=n).astype(np.float64)
    committed = (model.rows.kind == BALANCE) & np.isfinite(model.row_upper)
    return made, used - np.where(committed, model.row_upper, 0.0)


class _Barriers:
    """What may cross the city line at each row (R,) at most, and what caps let each plant run (P,)."""

    def __init__(self, model: Model) -> None:
        c, n, plants = model.columns, len(model.rows.kind), len(model.plants)
        self.material = model.rows.material
        reach = _by_caps(model)
        self.most = reach[:plants]
        room = np.minimum(model.column_upper, reach)
        into, out = (np.flatnonzero(np.isin(c.kind, kinds)) for kinds in ((BUY, SHORTAGE), (SELL, DUMP)))
        self.into = np.bincount(c.target[into], room[into], minlength=n).astype(np.float64)
        self.out = np.bincount(c.source[out], room[out], minlength=n).astype(np.float64)
        self.into[np.isinf(model.row_upper)] = np.inf  # a row that need not balance
        self.out[np.isinf(model.row_lower)] = np.inf

    def capacity(self, k: Floats, balance: sparse.coo_matrix, made: Floats, used: Floats) -> Floats:
        """(P,) what each plant can run at most, where no plant runs above k."""
        sizes = int(self.material.max(initial=-1)) + 1
        located = self.material >= 0
        supply = np.bincount(self.material[located], made[located], minlength=sizes)[self.material]
        demand = np.bincount(self.material[located], used[located], minlength=sizes)[self.material]
        room = np.where(balance.data > 0, (supply + self.into)[balance.row], (demand + self.out)[balance.row])
        out = np.minimum(k, self.most)
        np.minimum.at(out, balance.col, np.maximum(room, 0.0) / np.abs(balance.data))
        return out


def _by_caps(model: Model) -> Floats:
    """(C,) how far each column can go under each cap, and each shared capacity, to which all only add."""
    rows = np.flatnonzero((model.rows.kind != BALANCE) & np.isfinite(model.row_upper))
    part = model.matrix[rows].tocsr()
    reach = np.full(part.shape[1], np.inf)
    for at, limit in enumerate(np.maximum(model.row_upper[rows], 0.0).tolist()):
        own = slice(part.indptr[at], part.indptr[at + 1])
        value, column = part.data[own], part.indices[own]
        if len(value) and value.min() >= 0:
            some = value > 0
            reach[column[some]] = np.minimum(reach[column[some]], limit / value[some])
    return reach


def best_upper(model: Model) -> Floats:
    """(C,) bounds as those of `implied_upper`, kept by every best plan, though not by every plan.

    A plant that loses money where all it needs is bought and all it makes is sold across the city line runs
    only for what it trades within it: in a best plan some material of it does not cross. So it runs no
    further than makers within reach can feed it, or users take from it, of the one material of which they
    do most. Looked at for the HEAVY largest plants, for which it matters (docs/formulation.md, "Bound over
    all pairs").
    """
    upper = implied_upper(model)[: len(model.plants)]
    heavy = np.argsort(-upper, kind="stable")[:HEAVY]
    legs = model.matrix[:, heavy].tocoo()
    own = (model.rows.kind[legs.row] == BALANCE) & (legs.data != 0)
    row, of, value = legs.row[own], legs.col[own], legs.data[own]
    worth = _crossing_worth(model)
    price = np.where(value > 0, worth[1][row], worth[0][row])
    local = np.isnan(price)  # it can't cross
    terms = np.where(local, 0.0, value * price)
    margin = model.objective[heavy] - np.bincount(of, terms, minlength=len(heavy))
    gross = np.abs(model.objective[heavy]) + np.bincount(of, np.abs(terms), minlength=len(heavy))
    loses = (margin < -ROUNDING * gross) & ~_helps(model)[heavy]
    reach = _within_reach(model, upper, row, value > 0) / np.abs(value)
    most, least = np.zeros(len(heavy)), np.full(len(heavy), np.inf)
    np.maximum.at(most, of, reach)
    np.minimum.at(least, of[local], reach[local])
    bound = np.where(np.isfinite(least), least, np.where(loses, most, np.inf))
    upper[heavy] = np.minimum(upper[heavy], bound)
    return _of_columns(model, upper)


def _crossing_worth(model: Model) -> tuple[Floats, Floats]:
    """(R,) the most that a unit fetches across the city line, the least that it costs; nan where none may."""
    c, n = model.columns, len(model.rows.kind)
    most, least = np.full(n, -np.inf), np.full(n, np.inf)
    out, into = (np.flatnonzero(np.isin(c.kind, kinds)) for kinds in ((SELL, DUMP), (BUY, SHORTAGE)))
    np.maximum.at(most, c.source[out], model.objective[out])
    np.minimum.at(least, c.target[into], -model.objective[into])
    return np.where(np.isfinite(most), most, np.nan), np.where(np.isfinite(least), least, np.nan)


def _helps(model: Model) -> Bools:
    """(P,) marks plants of which more leaves others more room under some cap, as they or what crosses do."""
    caps = np.flatnonzero(model.rows.kind != BALANCE)
    less = sparse.csc_matrix(model.matrix[caps].minimum(0))
    columns = np.flatnonzero(np.diff(less.indptr))
    mark = np.zeros(len(model.plants), dtype=bool)
    mark[columns[columns < len(mark)]] = True
    crosses = columns[columns >= len(mark)]
    material = np.isin(model.rows.material, model.columns.material[crosses])
    legs = model.matrix[:, : len(mark)].tocoo()
    mark[legs.col[material[legs.row]]] = True
    return mark


def _within_reach(model: Model, upper: Floats, at: Ints, uses: Bools) -> Floats:
    """(n,) what plants within reach of the rows `at` make, or use where the row does not use: at most."""
    rows, materials = model.rows, model.network.materials
    made, used = local_amounts(model, upper)
    out = np.where(uses, made[at], used[at])
    points = unit_sphere(np.nan_to_num(rows.lat), np.nan_to_num(rows.lon))
    located = ~np.isnan(rows.lat[at])
    for market in markets(rows, materials):
        chord = chord_of(market.reach)
        for side, others, amount in ((uses, market.makers, made), (~uses, market.users, used)):
            some = np.flatnonzero(located & side & (rows.material[at] == market.material))
            for k in some.tolist():
                square = ((points[others] - points[at[k]]) ** 2).sum(axis=1)
                near = others[(square <= chord * chord) & (others != at[k])]
                out[k] += amount[near].sum()
    return out
