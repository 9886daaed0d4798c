"""A plan as quantities: what each plant makes and uses, what crosses the line, where inputs come from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from liantu.chain.keys import BALANCE, BUY, DUMP, SELL, SHIP, SHORTAGE
from liantu.chain.network import Bools, Floats, Ints
from liantu.chain.plan import Plan, clean, transfer_prices


@dataclass(frozen=True)
class Uses:
    """Each input of each plant, arrays of length U; quantities in the material's unit a year.

    bought comes over the city line, local from plants of the city. paid (CNY a year): purchases at the
    delivered price; local at the price of the place it leaves, never below zero, and freight.
    """

    plant: Ints  # position in Model.plants
    material: Ints
    quantity: Floats
    bought: Floats
    local: Floats
    paid_bought: Floats
    paid_local: Floats


@dataclass(frozen=True)
class Flows:
    """A plan's quantities a year, each in the material's unit.

    made and used (K, M) by plant, net within a recipe; vented (K, M). city totals (M,): bought, sold,
    dumped, delivered to committed demand. row_dumped (R,): dumped at each balance row. market (M,):
    price at the city line, nothing where there is none or where it is negative.
    """

    plan: Plan
    x: Floats
    made: sparse.csr_matrix
    used: sparse.csr_matrix
    vented: sparse.csr_matrix
    bought: Floats
    sold: Floats
    dumped: Floats
    delivered: Floats
    row_dumped: Floats
    market: Floats
    uses: Uses

    @property
    def total_made(self) -> Floats:
        """(M,) made in the city."""
        return np.asarray(self.made.sum(axis=0), dtype=np.float64).ravel()

    @property
    def total_used(self) -> Floats:
        """(M,) used by the plants of the city."""
        return np.asarray(self.used.sum(axis=0), dtype=np.float64).ravel()


@dataclass(frozen=True)
class MaterialBalance:
    """One material over the whole city, a year, in its unit:
    made + bought = used + sold + dumped + delivered, residual the difference."""

    material: str
    unit: str
    made: float
    bought: float
    used: float
    sold: float
    dumped: float
    delivered: float
    residual: float


def read_flows(plan: Plan) -> Flows:
    """Quantities of a plan, computed from its activities and crossings."""
    model, n = plan.model, plan.network
    x = clean(model, plan.solution.x)
    activity = sparse.diags(x[: len(model.plants)])
    recipe = n.plants.recipe[model.plants]
    net = sparse.csr_matrix(activity @ n.recipes.flow[recipe])
    c, size = model.columns, len(n.materials.id)
    totals = {
        kind: _sums(c.material[c.kind == kind], x[c.kind == kind], size)
        for kind in (BUY, SELL, DUMP, SHORTAGE)
    }
    committed = _sums(
        np.array([d.material for d in model.settings.demands], dtype=np.int64),
        np.array([d.quantity for d in model.settings.demands], dtype=np.float64),
        size,
    )
    dump = np.flatnonzero(c.kind == DUMP)
    return Flows(
        plan=plan,
        x=x,
        made=net.maximum(0),
        used=(-net).maximum(0),
        vented=sparse.csr_matrix(activity @ n.recipes.emission[recipe]),
        bought=totals[BUY],
        sold=totals[SELL],
        dumped=totals[DUMP],
        delivered=committed - totals[SHORTAGE],
        row_dumped=_sums(c.source[dump], x[dump], len(model.rows.kind)),
        market=np.maximum(np.nan_to_num(model.settings.price, nan=0.0), 0.0),
        uses=_uses(plan, x, net),
    )


def material_balances(flows: Flows) -> tuple[MaterialBalance, ...]:
    """The balance of every material that is made, used or bought and is not an unlimited free source."""
    m = flows.plan.network.materials
    made, used = flows.total_made, flows.total_used
    out = []
    for i in np.flatnonzero(
        ~m.unlimited & ((made > 0) | (used > 0) | (flows.bought > 0) | (flows.delivered > 0))
    ):
        gone = used[i] + flows.sold[i] + flows.dumped[i] + flows.delivered[i]
        rest = made[i] + flows.bought[i] - gone
        figures = made[i], flows.bought[i], used[i], flows.sold[i], flows.dumped[i], flows.delivered[i], rest
        out.append(MaterialBalance(m.id[i], m.unit[i], *(float(v) for v in figures)))
    return tuple(out)


def _uses(plan: Plan, x: Floats, net: sparse.csr_matrix) -> Uses:
    """Inputs of plants, split by origin. What a pool delivers is mixed of what it takes in."""
    model, n = plan.model, plan.network
    c, rows = model.columns, model.rows
    taken = (-net).maximum(0).tocoo()
    keep = ~n.materials.unlimited[taken.col] & (taken.data > 0)
    plant, material, quantity = (
        taken.row[keep].astype(np.int64),
        taken.col[keep].astype(np.int64),
        taken.data[keep],
    )
    row, pooled = _rows_of(plan, plant, material)
    size = len(rows.kind)
    buy, ship = np.flatnonzero(c.kind == BUY), np.flatnonzero(c.kind == SHIP)
    bought_at = _sums(c.target[buy], x[buy], size)
    price = np.maximum(transfer_prices(plan.intervals.row), 0.0)
    came = _sums(c.target[ship], x[ship], size)
    paid_at = _sums(c.target[ship], x[ship] * price[c.source[ship]] - model.objective[ship] * x[ship], size)
    made_at = _made_at(plan, x)
    inflow = np.where(pooled, made_at[row], came[row]) + bought_at[row]
    share = np.where(inflow > 0, bought_at[row] / np.where(inflow > 0, inflow, 1.0), 0.0)
    bought = np.minimum(share, 1.0) * quantity
    local = quantity - bought
    each = np.where(
        pooled, price[row], np.where(came[row] > 0, paid_at[row] / np.where(came[row] > 0, came[row], 1.0), 0)
    )
    return Uses(
        plant=plant,
        material=material,
        quantity=quantity,
        bought=bought,
        local=local,
        paid_bought=bought * np.nan_to_num(model.settings.buy_price[material], nan=0.0),
        paid_local=local * each,
    )


def _rows_of(plan: Plan, plant: Ints, material: Ints) -> tuple[Ints, Bools]:
    """Balance row of each (plant position, material), and whether it is a pool's."""
    model, n = plan.model, plan.network
    at = {
        (place, int(m)): i
        for i, (place, m) in enumerate(zip(model.rows.place, model.rows.material, strict=True))
        if model.rows.kind[i] == BALANCE
    }
    row = np.zeros(len(plant), dtype=np.int64)
    pooled = np.zeros(len(plant), dtype=bool)
    for i, (k, m) in enumerate(zip(plant.tolist(), material.tolist(), strict=True)):
        f = int(model.plants[k])
        pool = n.materials.pool[m]
        place = {"": n.plants.id[f], "city": "city"}.get(pool, f"park:{n.plants.park[f]}")
        row[i], pooled[i] = at[place, m], pool != ""
    return row, pooled


def _made_at(plan: Plan, x: Floats) -> Floats:
    """(R,) what plants make into each balance row."""
    model = plan.model
    part = model.matrix[:, : len(model.plants)].tocoo()
    give = (part.data < 0) & (model.rows.kind[part.row] == BALANCE)
    return _sums(part.row[give].astype(np.int64), -part.data[give] * x[part.col[give]], len(model.rows.kind))


def _sums(at: Ints, values: Floats, n: int) -> Floats:
    out = np.zeros(n)
    np.add.at(out, at, values)
    return out
