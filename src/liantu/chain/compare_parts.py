"""The margin of each place in parts, and the priced quantities of a plan: what a comparison is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from liantu.chain.keys import BALANCE, BUY, DUMP, SELL, SHIP, SHORTAGE
from liantu.chain.network import Floats
from liantu.chain.plan import CROSSING, Plan, clean, transfer_prices

PARTS = (
    "sales", "purchases", "internal_sales", "internal_purchases", "freight", "dumping", "other_cost",
    "capital_charge", "demand", "shortage",
)  # fmt: skip
Parts = dict[str, float]
_CROSSING_PART = {BUY: "purchases", SELL: "sales", DUMP: "dumping", SHORTAGE: "shortage"}


@dataclass(frozen=True)
class Priced:
    """An amount at a price, CNY a year = quantity x price; income above zero. `price` is what a unit would
    bring even where the quantity is zero, None where nothing says so."""

    quantity: float
    price: float | None

    @property
    def value(self) -> float:
        """CNY a year."""
        return self.quantity * (self.price or 0.0)


def margin_parts(plan: Plan) -> dict[str, Parts]:
    """The margin of each place (plant, pool, committed demand) in PARTS, CNY a year.

    The parts of a place add up to its margin (`margins.split_margin`); inside the city each shipment is sold
    and bought at the transfer price of the place it leaves, and the receiver pays freight.
    """
    model, n = plan.model, plan.network
    x, price = clean(model, plan.solution.x), transfer_prices(plan.intervals.row)
    out: dict[str, Parts] = {p.id: dict.fromkeys(PARTS, 0.0) for p in plan.plants}
    vented = n.recipes.emission @ model.settings.dump_cost

    def add(place: str, part: str, money: float) -> None:
        out.setdefault(place, dict.fromkeys(PARTS, 0.0))[part] += money

    for k in np.flatnonzero(x[: len(model.plants)] > 0).tolist():
        recipe = int(n.plants.recipe[model.plants[k]])
        name = n.plants.id[model.plants[k]]
        add(name, "other_cost", -float(n.recipes.opex[recipe] * x[k]))
        add(name, "dumping", -float(vented[recipe] * x[k]))
    for p in plan.plants:
        add(p.id, "capital_charge", -p.charge_cny)
    for name, pool, money in _settlements(plan, x, price):
        add(name, "internal_sales" if money > 0 else "internal_purchases", money)
        add(pool, "internal_purchases" if money > 0 else "internal_sales", -money)
    rows, c = model.rows, model.columns
    for j in np.flatnonzero((c.kind >= SHIP) & (x > 0)).tolist():
        money = float(model.objective[j] * x[j])
        if c.kind[j] == SHIP:
            paid = float(price[c.source[j]] * x[j])
            add(rows.place[c.source[j]], "internal_sales", paid)
            add(rows.place[c.target[j]], "internal_purchases", -paid)
            add(rows.place[c.target[j]], "freight", money)
        else:
            row = int(c.target[j] if c.target[j] >= 0 else c.source[j])
            add(rows.place[row], _CROSSING_PART[int(c.kind[j])], money)
    for d, row in zip(model.settings.demands, model.demand_row.tolist(), strict=True):
        add(rows.place[row], "demand", d.quantity * model.settings.demand_price(d))
    return out


def _settlements(plan: Plan, x: Floats, price: Floats) -> Iterator[tuple[str, str, float]]:
    """(plant, pool, money the plant earns) for what plants make into and use from pools."""
    model = plan.model
    pools = np.flatnonzero((model.rows.kind == BALANCE) & (model.rows.plant < 0))
    part = model.matrix.tocsr()[pools][:, : len(model.plants)].tocoo()
    money = -part.data * x[part.col] * price[pools[part.row]]
    for row, k, value in zip(part.row.tolist(), part.col.tolist(), money.tolist(), strict=True):
        if value != 0:
            yield plan.network.plants.id[model.plants[k]], model.rows.place[pools[row]], value


def crossing_items(plan: Plan) -> dict[tuple[str, str], Priced]:
    """(material, kind) -> what crosses the city line, is vented or falls short, with its price.

    kind: buy, sell, dump, vent, short. Every material that could cross has an item, so that its price is
    known where its quantity is zero.
    """
    model, n = plan.model, plan.network
    m, s, c = n.materials, model.settings, model.columns
    amounts: dict[tuple[str, str], list[float]] = {}
    for crossing in plan.crossings:
        amount = amounts.setdefault((crossing.material, crossing.kind), [0.0, 0.0])
        amount[0] += crossing.quantity
        amount[1] += crossing.value_cny
    out: dict[tuple[str, str], Priced] = {}
    prices = {BUY: -s.buy_price, SELL: s.sell_price, DUMP: -s.dump_cost}
    for kind, price in prices.items():
        for i in np.unique(c.material[c.kind == kind]).tolist():
            out[m.id[i], CROSSING[kind]] = Priced(0.0, float(price[i]))
    for i in np.flatnonzero(np.asarray(n.recipes.emission.sum(axis=0)).ravel() > 0).tolist():
        out[m.id[i], "vent"] = Priced(0.0, -float(s.dump_cost[i]))
    for key, (quantity, value) in amounts.items():
        out[key] = Priced(quantity, value / quantity)
    return out


def freight_items(plan: Plan) -> dict[str, Priced]:
    """material -> unit x km shipped inside the city a year, at minus the freight rate in CNY per unit km.

    Where a material goes several ways the rate is the mean of what was shipped, loading included.
    """
    m = plan.network.materials
    hauled: dict[str, float] = {}
    paid: dict[str, float] = {}
    for s in plan.shipments:
        hauled[s.material] = hauled.get(s.material, 0.0) + s.quantity * s.distance_km
        paid[s.material] = paid.get(s.material, 0.0) + s.cost_cny
    rate = {name: float(m.freight[i]) for i, name in enumerate(m.id)}
    for i in m.more_lanes:
        if hauled.get(m.id[i]):
            rate[m.id[i]] = paid[m.id[i]] / hauled[m.id[i]]
    return {name: Priced(hauled.get(name, 0.0), -rate[name]) for name in m.id}


def opex_items(plan: Plan) -> dict[str, Priced]:
    """plant -> activity at minus its other operating cost, CNY per reference unit."""
    r = plan.network.recipes
    return {p.id: Priced(p.activity, -float(r.opex[r.index[p.recipe]])) for p in plan.plants}


def capital_items(plan: Plan) -> dict[str, Priced]:
    """built candidate -> capital in CNY at minus the charge rate."""
    rate = plan.model.settings.charge_rate
    return {p.id: Priced(p.charge_cny / rate if rate else 0.0, -rate) for p in plan.plants if p.charge_cny}


def demand_items(plan: Plan) -> dict[str, Priced]:
    """committed demand -> quantity at the price it pays."""
    s = plan.model.settings
    return {d.id: Priced(d.quantity, s.demand_price(d)) for d in s.demands}
