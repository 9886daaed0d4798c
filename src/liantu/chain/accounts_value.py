"""Output value and value added of plants, chains and the city."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from liantu.chain.accounts_flows import Flows
from liantu.chain.accounts_local import chains_with_parents, lineage
from liantu.chain.keys import BUY, DUMP, SELL, SHIP
from liantu.chain.network import Floats


@dataclass(frozen=True)
class OutputValue:
    """Money a year, CNY. scope: plant, chain, city, or pool (what belongs to no plant).

    output: what is made and not dumped, at the price of the city line. inputs: what is used, at the same
    prices. other: freight of what arrives, price differences at the city line (import and export freight,
    price ceilings), dumping and emissions. value_added = output - inputs - other. final_output (city): sold
    and delivered alone, so that what one plant makes for another counts once.
    """

    scope: str
    id: str
    output_cny: float
    inputs_cny: float
    other_cny: float
    value_added_cny: float
    final_output_cny: float


def output_values(flows: Flows) -> tuple[OutputValue, ...]:
    """Output value (产值) and value added of each plant, pool, chain and the city.

        output      = sum_m (made - dumped) x market price
        value added = output - sum_m used x market price - freight paid - dumping - emissions
                      - (delivered price - market price) x bought - (market price - net price) x sold
    Market price is that of the city line in the scenario, nothing where there is none or where it is
    negative. Value added is before other operating cost (labour, maintenance, services, taxes), which the
    tables give in one figure, and before capital charge:
        value added of the city = objective + other operating cost + capital charge + shortage penalties.
    The city's gross output counts what passes from plant to plant at each step, as the sum of plants'
    output in statistics does (工业总产值). A chain gathers its plants and those of its sub-chains.
    """
    n, model = flows.plan.network, flows.plan.model
    figures = _by_place(flows)
    plants = [n.plants.id[model.plants[k]] for k in np.flatnonzero(flows.x[: len(model.plants)] > 0)]
    chain_of = {p: n.recipes.chain[n.plants.recipe[n.plants.index[p]]] for p in plants}
    out = [_value("plant", p, figures[p]) for p in plants]
    out += [_value("pool", p, figures[p]) for p in figures if p not in chain_of and np.any(figures[p] != 0)]
    for name in chains_with_parents(n, chain_of.values()):
        inside = [figures[p] for p in plants if name in lineage(n, chain_of[p])]
        out.append(_value("chain", name, np.sum(inside, axis=0)))
    final = float(flows.market @ (flows.sold + flows.delivered))
    total = np.sum(list(figures.values()), axis=0) if figures else np.zeros(3)
    return (*out, _value("city", "", total, final))


def _value(scope: str, name: str, figures: Floats, final: float = 0.0) -> OutputValue:
    output, inputs, other = (float(v) for v in figures)
    return OutputValue(scope, name, output, inputs, other, output - inputs - other, final)


def _by_place(flows: Flows) -> dict[str, Floats]:
    """(output, inputs, other) of each place: a plant, a pool or a committed demand."""
    n, model, x = flows.plan.network, flows.plan.model, flows.x
    c, rows, market = model.columns, model.rows, flows.market
    out: dict[str, Floats] = {}
    made, used = np.asarray(flows.made @ market), np.asarray(flows.used @ market)
    vented = np.asarray(flows.vented @ model.settings.dump_cost)
    for k in np.flatnonzero(x[: len(model.plants)] > 0):
        out[n.plants.id[model.plants[k]]] = np.array([made[k], used[k], vented[k]])

    def at(row: int) -> Floats:
        return out.setdefault(rows.place[row], np.zeros(3))

    for j in np.flatnonzero((c.kind >= SHIP) & (x > 0)).tolist():
        kind, money = int(c.kind[j]), float(model.objective[j] * x[j])
        price = float(market[c.material[j]] * x[j])
        if kind == SHIP:
            at(int(c.target[j]))[2] -= money
        elif kind == BUY:
            at(int(c.target[j]))[2] += -money - price
        elif kind == SELL:
            at(int(c.source[j]))[2] += price - money
        elif kind == DUMP:
            at(int(c.source[j]))[:] += np.array([-price, 0.0, -money])
    _deliver(flows, out)
    return out


def _deliver(flows: Flows, out: dict[str, Floats]) -> None:
    """Committed demand pays its own price; the difference to the market price stands at its place."""
    model = flows.plan.model
    short = flows.x[len(flows.x) - len(model.demand_row) :]
    for d, row, missing in zip(
        model.settings.demands, model.demand_row.tolist(), short.tolist(), strict=True
    ):
        price = model.settings.demand_price(d) - float(flows.market[d.material])
        if price != 0:
            out.setdefault(model.rows.place[row], np.zeros(3))[2] -= price * (d.quantity - missing)
