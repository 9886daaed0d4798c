"""An upper bound on every plan from any prices, over all pairs within reach, listed or not.

`certificate.dual_bound` bounds a programme with the shipments that it lists. Here the programme has none:
prices are first repaired so that no shipment at all can gain (docs/formulation.md, "Bound over all pairs"),
and then they bound the bare programme. Shares nothing with the solver.
"""

from __future__ import annotations

import numpy as np

from liantu.chain.certificate import dual_bound
from liantu.chain.implied import best_upper, local_amounts
from liantu.chain.keys import BUY, CAP, DUMP, SELL, SHORTAGE
from liantu.chain.model import Model
from liantu.chain.network import Floats
from liantu.chain.offers import lowest, sellers
from liantu.chain.pairs import Market, markets

CLASSES = 8
"""Classes by size in which makers give way to larger users."""


class Bounds:
    """Bounds of one bare model; what all of them need is computed once."""

    def __init__(self, bare: Model) -> None:
        self.bare = bare
        self.upper = best_upper(bare)
        self.made, self.used = local_amounts(bare, self.upper[: len(bare.plants)])

    def of(self, price: Floats) -> float:
        """CNY a year that no plan exceeds, the constant included, from any row prices (R,)."""
        return self.proven(self.repaired(price))

    def proven(self, price: Floats) -> float:
        """As `of`, from row prices (R,) that are repaired already."""
        return dual_bound(self.bare, price, self.upper) + self.bare.constant

    def repaired(self, price: Floats) -> Floats:
        """Row prices (R,) at which no crossing and no shipment within reach gains.

        Cap prices below zero become zero. A maker's price is raised to what an outlet there pays, a user's
        cut to what a supply costs. Of a pair that still gains the smaller side gives way: first makers'
        prices rise to what larger users within reach pay net of freight, then users' fall to the lowest
        delivered price of a maker.
        """
        bare = self.bare
        y = np.array(price, dtype=np.float64)
        caps = np.flatnonzero(bare.rows.kind == CAP)
        y[caps] = np.maximum(y[caps], 0.0)
        gain = bare.objective - bare.matrix[caps].T @ y[caps]
        c = bare.columns
        out = np.flatnonzero(np.isin(c.kind, (SELL, DUMP)) & np.isinf(bare.column_upper))
        np.maximum.at(y, c.source[out], gain[out])
        into = np.flatnonzero(np.isin(c.kind, (BUY, SHORTAGE)) & np.isinf(bare.column_upper))
        np.minimum.at(y, c.target[into], -gain[into])
        for market in markets(bare.rows, bare.network.materials):
            self._makers_give_way(market, y)
            offered = sellers(bare.rows, market.makers, y[market.makers])
            lanes = bare.network.materials.lanes(market.material)
            y[market.users] = lowest(bare.rows, offered, market.users, y[market.users], lanes)
        return y

    def _makers_give_way(self, market: Market, y: Floats) -> None:
        """Raise makers' prices in y (R,) to what larger users pay."""
        rows, lanes = self.bare.rows, self.bare.network.materials.lanes(market.material)
        size = self.made[market.makers]
        steps = np.unique(np.quantile(size, np.arange(1, CLASSES + 1) / CLASSES))
        least = -np.inf
        for step in steps.tolist():
            makers = market.makers[(size > least) & (size <= step)]
            users = market.users[self.used[market.users] > step]
            least = step
            if len(users) and len(makers):
                asked = sellers(rows, users, -y[users])
                y[makers] = -lowest(rows, asked, makers, -y[makers], lanes)


def bound_of(bare: Model, price: Floats) -> float:
    """As `Bounds.of`."""
    return Bounds(bare).of(price)
