"""An upper bound on every plan from any prices, over all pairs within reach, listed or not.

`certificate.dual_bound` bounds a programme with the shipments that it lists. Here the programme has none:
prices are first repaired so that no shipment at all can gain, in one pass (docs/formulation.md, "Bound over
all pairs"), and then they bound the bare programme. Shares nothing with the solver.
"""

from __future__ import annotations

import numpy as np

from liantu.chain.certificate import dual_bound
from liantu.chain.keys import BUY, CAP, DUMP, SELL, SHORTAGE
from liantu.chain.model import Model
from liantu.chain.network import Floats
from liantu.chain.offers import lowest, sellers
from liantu.chain.pairs import markets


def repair_prices(bare: Model, price: Floats) -> Floats:
    """Row prices (R,) at which no crossing and no shipment within reach gains.

    A maker's price is raised to what an outlet pays; a user's is cut to what a supply costs, and to the
    lowest price of a maker within reach plus freight. Cap prices below zero are cut to zero.
    """
    y = np.array(price, dtype=np.float64)
    caps = np.flatnonzero(bare.rows.kind == CAP)
    y[caps] = np.maximum(y[caps], 0.0)
    gain = bare.objective - bare.matrix[caps].T @ y[caps]
    c = bare.columns
    out = np.flatnonzero(np.isin(c.kind, (SELL, DUMP)) & np.isinf(bare.column_upper))
    np.maximum.at(y, c.source[out], gain[out])
    into = np.flatnonzero(np.isin(c.kind, (BUY, SHORTAGE)) & np.isinf(bare.column_upper))
    np.minimum.at(y, c.target[into], -gain[into])
    for m in markets(bare.rows, bare.network.materials):
        offered = sellers(bare.rows, m.makers, y[m.makers])
        lanes = bare.network.materials.lanes(m.material)
        y[m.users] = lowest(bare.rows, offered, m.users, y[m.users], lanes)
    return y


def bound_of(bare: Model, price: Floats) -> float:
    """CNY a year that no plan exceeds, the constant included, from any row prices (R,)."""
    return dual_bound(bare, repair_prices(bare, price)) + bare.constant
