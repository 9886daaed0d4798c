"""The reduced form of a bare model to which pairs are added as columns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from liantu.chain.model import Model
from liantu.chain.network import Bools, Floats
from liantu.chain.pairs import Pairs
from liantu.chain.pricing import paying
from liantu.chain.reduced import NONE, Reduction, find_reduction, reduced_program
from liantu.chain.solve import Program

NEARLY = 0.02  # share of a price: what may pay once prices have moved
ANY_PRICE = 1e12  # CNY per unit, at a place that the city line does not reach


class Paired:
    """A bare model in reduced form. row (R,): where each row stands in the programme, if it is kept."""

    def __init__(self, bare: Model) -> None:
        self.bare = bare
        found = find_reduction(bare)
        self.reduction = replace(found, rows=found.rows | _may_trade(bare, found))
        self.row = np.cumsum(self.reduction.rows) - 1

    def program(self) -> Program:
        """The programme without a single pair."""
        return reduced_program(self.bare, self.reduction)

    def columns(self, pairs: Pairs) -> tuple[Floats, sparse.csc_matrix]:
        """What a unit of each pair's shipment gains (S,), and its column (rows kept, S)."""
        n, y = len(pairs.km), self.reduction.parity
        ends = self.row[np.column_stack([pairs.source, pairs.target]).ravel()]
        shape = int(self.reduction.rows.sum()), n
        matrix = sparse.csc_matrix((np.tile([1.0, -1.0], n), ends, 2 * np.arange(n + 1)), shape)
        return y[pairs.target] - y[pairs.source] - freight_of(self.bare, pairs), matrix

    def worth(self, pairs: Pairs) -> Bools:
        """Marks the pairs that may pay: not both ends trade with the outside at a better price."""
        r, y = self.reduction, self.reduction.parity
        both = (r.crossing[pairs.source] != NONE) & (r.crossing[pairs.target] != NONE)
        gains = y[pairs.target] - y[pairs.source] - freight_of(self.bare, pairs) > 0
        return np.asarray((~both | gains) & r.rows[pairs.source] & r.rows[pairs.target], dtype=bool)

    def flows(self, kept: Floats, pairs: Pairs, shipped: Floats) -> Floats:
        """(C,) of the bare model, from its kept columns and the shipments: what is left over crosses."""
        r, bare = self.reduction, self.bare
        x = np.zeros(len(bare.objective))
        x[r.keep] = kept
        rest = bare.matrix @ x
        np.add.at(rest, pairs.source, shipped)
        np.subtract.at(rest, pairs.target, shipped)
        r.cross(x, rest, bare.row_upper)
        return x

    def prices(self, row_dual: Floats) -> Floats:
        """(R,) of the bare model, from the programme's."""
        price = self.reduction.parity.copy()
        price[self.reduction.rows] += row_dual
        return price


def _may_trade(bare: Model, reduction: Reduction) -> Bools:
    """(R,) marks the rows of which some shipment could pay, whatever the prices."""
    barred = reduction.crossing == NONE
    price = np.where(barred & bare.rows.uses, ANY_PRICE, np.where(barred, -ANY_PRICE, reduction.parity))
    pairs = paying(bare, price, 1, NEARLY)
    mark = np.zeros(len(price), dtype=bool)
    mark[pairs.source] = mark[pairs.target] = True
    return mark


def freight_of(bare: Model, pairs: Pairs) -> Floats:
    """(S,) CNY per unit of each pair's shipment."""
    return bare.network.materials.haul(bare.rows.material[pairs.source], pairs.km)
