"""How much each plant can run at most, from what can reach it and what it can be rid of."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from liantu.chain.keys import BALANCE, BUY, CAP, DUMP, SELL, SHIP, SHORTAGE
from liantu.chain.model import Model
from liantu.chain.network import Floats, Ints

ROUNDS = 12


def reachable_activity(model: Model, capacity: Floats) -> Floats:
    """(K,) an upper bound on the activity of each plant when plants have `capacity` (K,).

    A plant makes no more than the inputs within its reach allow (what plants in range can make, and
    what may be bought under the caps) and than its outputs find room for (what plants in range can
    use, sales and dumps under the caps). Bounds of one plant tighten those of the next; the rounds
    stop at a fixpoint or after ROUNDS. Every feasible plan obeys them, so that they serve as the
    coefficients of the built-or-not rows without cutting off anything.
    """
    crossing = _cap_bounds(model)
    bound = np.minimum(capacity, crossing[: len(capacity)])
    balance = model.matrix.tocsr()[np.flatnonzero(model.rows.kind == BALANCE)][:, : len(capacity)].tocoo()
    for _ in range(ROUNDS):
        supply, outlet = _room(model, balance, bound, crossing)
        row, plant, size = balance.row, balance.col, np.abs(balance.data)
        limit = np.maximum(np.where(balance.data > 0, supply[row], outlet[row]), 0.0) / size
        tighter = bound.copy()
        np.minimum.at(tighter, plant, limit)
        if np.all(tighter >= bound * (1 - 1e-9)):
            break
        bound = tighter
    return bound


def _room(model: Model, balance: sparse.coo_matrix, bound: Floats, crossing: Floats) -> tuple[Floats, Floats]:
    """(B,) most that can come to each balance row, and most that can leave it."""
    n = int((model.rows.kind == BALANCE).sum())
    amount = np.abs(balance.data) * bound[balance.col]
    gives = balance.data < 0
    made = _sums(balance.row[gives], amount[gives], n)
    used = _sums(balance.row[~gives], amount[~gives], n) - model.row_upper[:n]
    c = model.columns
    ship = np.flatnonzero(c.kind == SHIP)
    supply = made + _sums(c.target[ship], made[c.source[ship]], n)
    outlet = used + _sums(c.source[ship], used[c.target[ship]], n)
    enters = np.flatnonzero((c.kind == BUY) | (c.kind == SHORTAGE))
    leaves = np.flatnonzero((c.kind == SELL) | (c.kind == DUMP))
    supply += _sums(c.target[enters], crossing[enters], n)
    outlet += _sums(c.source[leaves], crossing[leaves], n)
    return supply, outlet


def _sums(at: npt.NDArray[np.signedinteger], values: Floats, n: int) -> Floats:
    out = np.zeros(n)
    np.add.at(out, at, values)
    return out


def _cap_bounds(model: Model) -> Floats:
    """(C,) the tightest limit that a cap alone puts on each column; inf where none does."""
    out = np.full(len(model.columns.kind), np.inf)
    caps = np.flatnonzero(model.rows.kind == CAP)
    part = model.matrix.tocsr()[caps].tocoo()
    offset = np.isin(np.arange(len(caps)), part.row[part.data < 0])  # something makes room
    usable = (part.data > 0) & ~offset[part.row]
    limit = np.maximum(model.row_upper[caps], 0.0)
    np.minimum.at(out, part.col[usable], limit[part.row[usable]] / part.data[usable])
    return out


def needs_one_of(model: Model, wanted: Ints) -> dict[int, list[frozenset[int]]]:
    """For each wanted position, the sets of plant positions of which one at least must stand.

    A set arises where an input can't be bought and only these plants can deliver it, or an output can
    be neither sold nor dumped and only these plants can take it. Positions are those of `Model.plants`.
    """
    n = int((model.rows.kind == BALANCE).sum())
    balance = model.matrix.tocsr()[:n, : len(model.plants)].tocsc()
    c = model.columns
    enters, leaves = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    enters[c.target[(c.kind == BUY) | (c.kind == SHORTAGE)]] = True
    leaves[c.source[(c.kind == SELL) | (c.kind == DUMP)]] = True
    makers, takers = _ends(model, balance.tocoo(), n)
    ship = np.flatnonzero(c.kind == SHIP)
    into: dict[int, list[int]] = {}
    out_of: dict[int, list[int]] = {}
    for s, t in zip(c.source[ship].tolist(), c.target[ship].tolist(), strict=True):
        into.setdefault(t, []).append(s)
        out_of.setdefault(s, []).append(t)
    out: dict[int, list[frozenset[int]]] = {}
    for k in wanted.tolist():
        for i in range(balance.indptr[k], balance.indptr[k + 1]):
            row, uses = int(balance.indices[i]), bool(balance.data[i] > 0)
            if (enters if uses else leaves)[row] or model.row_upper[row] != 0:
                continue
            near = (into if uses else out_of).get(row, [])
            ends = makers if uses else takers
            found = frozenset(ends[row]).union(*(ends[r] for r in near)) - {k}
            out.setdefault(k, []).append(found)
    return out


def _ends(model: Model, balance: sparse.coo_matrix, n: int) -> tuple[list[set[int]], list[set[int]]]:
    """Plant positions that make into, and use from, each balance row; a demand takes as plant -1."""
    makers: list[set[int]] = [set() for _ in range(n)]
    takers: list[set[int]] = [set() for _ in range(n)]
    for row, plant, value in zip(balance.row, balance.col, balance.data, strict=True):
        (takers if value > 0 else makers)[int(row)].add(int(plant))
    for demanded in np.flatnonzero(model.row_upper[:n] != 0).tolist():
        takers[demanded].add(-1)
    return makers, takers
