"""First-order worth: what a plant that does not stand yet would earn at the base plan's local prices.

A prospect sells each product where it fetches most (a user within range less freight, the market, the
dump) and takes each input where it is cheapest (a maker within range plus freight, the market), pays
for the city caps that it counts against, for what it vents, and for the host's capacity if it is a
retrofit. Where a price is an interval, the end that applies is taken: low for one more unit offered,
high for one more unit asked for.

With any one set of optimal prices the figure is an upper bound of the proved worth, since the optimal
value is concave in the capacity of a plant; the least of these bounds is the worth of its first unit
(the one-sided derivative of the optimal value, see `prices`). The ends lie below that least bound:

    margin(ends) <= margin of the first unit <= margin(any optimal prices)

so that where the two outer figures agree, no programme has to be solved.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from liantu.chain.caps import becomes
from liantu.chain.keys import BALANCE
from liantu.chain.lanes import carry
from liantu.chain.model import Model
from liantu.chain.network import Bools, Floats, Ints, Network, great_circle_km
from liantu.chain.plan import Plan
from liantu.chain.prices import shared_rows

NOBODY, MARKET, DUMPED, PLACE = range(4)


@dataclass(frozen=True)
class Prospects:
    """Plants that might be built, arrays of length B. counted (B, K): whether each of the model's caps
    counts them (K as `Model.caps`). local_only: materials that they must not buy in."""

    recipe: Ints
    lat: Floats
    lon: Floats
    park: tuple[str, ...]
    host: Ints
    local_only: tuple[frozenset[int], ...]
    counted: Bools


@dataclass(frozen=True)
class Screen:
    """margin (B,): CNY per unit of activity, before capital; -inf where a flow finds no partner.

    The flows behind it, arrays of length S: coefficient > 0 made, < 0 used; price in CNY per unit at
    the prospect's gate; partner NOBODY, MARKET, DUMPED or PLACE; row: the balance row of a PLACE.
    """

    margin: Floats
    bundle: Ints
    material: Ints
    coefficient: Floats
    price: Floats
    partner: Ints
    row: Ints


@dataclass(frozen=True)
class Prices:
    """offer (R,): price of a row for one who sells there; ask (R,): for one who buys there. use and
    free (K,): price of a cap for one who takes room and one who gives room; host (F,): of capacity."""

    offer: Floats
    ask: Floats
    use: Floats
    free: Floats
    host: Floats


def prospects_of(network: Network, plants: Ints) -> Prospects:
    """The plants (indices, usually candidates) as prospects."""
    p = network.plants
    counted = np.ones((len(plants), len(network.caps)), dtype=bool)
    for k, cap in enumerate(network.caps):
        if cap.scope is not None:
            counted[:, k] = np.isin(plants, np.array(sorted(cap.scope), dtype=np.int64))
    return Prospects(
        recipe=p.recipe[plants],
        lat=p.lat[plants],
        lon=p.lon[plants],
        park=tuple(p.park[f] for f in plants),
        host=p.host[plants],
        local_only=tuple(p.local_only[f] for f in plants),
        counted=counted,
    )


def screen(plan: Plan, prospects: Prospects, ends: bool = True) -> Screen:
    """Margin of each prospect's first unit at the plan's local prices.

    `ends`: at the end of each interval that applies, else at the solver's own optimal prices.
    """
    prices = _prices(plan, ends)
    n, m = plan.network, plan.network.materials
    flow = n.recipes.flow[prospects.recipe].tocoo()
    order = np.lexsort((flow.col, flow.row))
    order = order[~m.unlimited[flow.col[order]]]
    bundle, material = flow.row[order].astype(np.int64), flow.col[order].astype(np.int64)
    coefficient = flow.data[order].astype(np.float64)
    made = coefficient > 0
    market, dumped = crossing_prices(plan.model, prices, prospects, bundle, material, made)
    best, row = _neighbours(plan, prices, prospects, bundle, material, made)
    offers = np.stack([market, dumped, np.where(made, best, -best)])
    choice = np.argmax(offers, axis=0)
    value = offers[choice, np.arange(len(choice))]
    partner = np.where(np.isfinite(value), choice + MARKET, NOBODY)
    price = np.where(made, value, -value)
    earned = np.zeros(len(prospects.recipe))
    np.add.at(earned, bundle, coefficient * price)
    margin = earned - own_cost(plan.model, prices, prospects)
    return Screen(margin, bundle, material, coefficient, price, partner, row)


def _prices(plan: Plan, ends: bool) -> Prices:
    model = plan.model
    y = plan.solution.row_dual
    low, high = (plan.intervals.row[:, 0], plan.intervals.row[:, 1]) if ends else (y, y)
    at = np.array([cap.row for cap in model.caps], dtype=np.int64)
    bound = at >= 0
    rent = plan.intervals.rent[:, 1] if ends else np.maximum(plan.solution.reduced[: len(model.plants)], 0.0)
    host = np.full(len(plan.network.plants.id), np.inf)
    if not ends:
        for k, i in shared_rows(model).items():
            rent[k] += max(y[i], 0.0)
    host[model.plants] = np.where(model.settings.open[model.plants], rent, np.inf)
    return Prices(low, high, np.where(bound, high[at], 0.0), np.where(bound, low[at], 0.0), host)


def crossing_prices(
    model: Model, prices: Prices, prospects: Prospects, bundle: Ints, material: Ints, made: Bools
) -> tuple[Floats, Floats]:
    """(S,) gain of one unit at the market (sold, or bought with a minus) and at the dump; -inf: barred."""
    m, s = model.network.materials, model.settings
    sale, buy, dump = s.sell_price[material], s.buy_price[material], s.dump_cost[material]
    for k, cap in enumerate(model.caps):
        use = np.where(prospects.counted[bundle, k], prices.use[k], 0.0)
        here = material == cap.material
        if cap.kind == "sell":
            sale = sale - np.where(here, use, 0.0)
        elif cap.kind == "buy":
            buy = buy + np.where(here, use, 0.0)
        elif cap.kind == "energy":
            buy = buy + _times(m.tce_per_unit[material], use)
        elif cap.kind == "share":
            buy = buy - np.where(here, prices.free[k], 0.0)
        elif cap.kind == "dump":
            dump = dump + _times(becomes(model.network, cap.material)[material], use)
    barred = np.array(
        [i in prospects.local_only[b] for b, i in zip(bundle.tolist(), material.tolist(), strict=True)]
    )
    can_buy = m.buyable[material] & ~barred.astype(bool)
    market = np.where(made, np.where(m.sellable[material], sale, -np.inf), np.where(can_buy, -buy, -np.inf))
    can_dump = made & ~np.isnan(m.disposal_cost[material])
    return market, np.where(can_dump, -dump, -np.inf)


def _neighbours(
    plan: Plan, prices: Prices, prospects: Prospects, bundle: Ints, material: Ints, made: Bools
) -> tuple[Floats, Ints]:
    """(S,) best price among places within range, freight counted, and its row; -inf or inf: none."""
    rows, m = plan.model.rows, plan.network.materials
    best, at = np.where(made, -np.inf, np.inf), np.full(len(bundle), -1, dtype=np.int64)
    balance = rows.kind == BALANCE
    pools = {
        (int(rows.material[i]), rows.place[i]): int(i) for i in np.flatnonzero(balance & np.isnan(rows.lat))
    }
    for i in np.unique(material):
        slots = np.flatnonzero(material == i)
        if m.pool[i]:
            for s in slots:
                place = "city" if m.pool[i] == "city" else f"park:{prospects.park[bundle[s]]}"
                at[s] = pools.get((int(i), place), -1)
            found = slots[at[slots] >= 0]
            best[found] = np.where(made[found], prices.offer[at[found]], prices.ask[at[found]])
        elif m.link[i] != "none":
            here = balance & (rows.material == i)
            for side, others, price, sign in (
                (slots[made[slots]], here & rows.uses, prices.offer, 1.0),
                (slots[~made[slots]], here & rows.makes, prices.ask, -1.0),
            ):
                there = np.flatnonzero(others & ~np.isnan(rows.lat))
                if len(side) and len(there):
                    gain, where = _best_within(
                        plan, prospects, bundle[side], there, int(i), sign * price[there]
                    )
                    best[side] = sign * gain
                    at[side] = np.where(np.isfinite(gain), there[where], -1)
    return best, at


def _best_within(
    plan: Plan, prospects: Prospects, bundle: Ints, there: Ints, material: int, gain: Floats
) -> tuple[Floats, Ints]:
    """Greatest gain (n,) over the rows `there` within range, less freight, and its position."""
    rows, m = plan.model.rows, plan.network.materials
    lat, lon = prospects.lat[bundle], prospects.lon[bundle]
    km = great_circle_km(lat[:, None], lon[:, None], rows.lat[there][None, :], rows.lon[there][None, :])
    net = gain[None, :] - carry(m.lanes(material), km)
    where = np.argmax(net, axis=1)
    return np.asarray(net[np.arange(len(where)), where], dtype=np.float64), where.astype(np.int64)


def own_cost(model: Model, prices: Prices, prospects: Prospects) -> Floats:
    """(B,) CNY per unit of activity: other cost, venting, caps on activity, the host's capacity."""
    n, s = model.network, model.settings
    vent = n.recipes.emission[prospects.recipe]
    cost = n.recipes.opex[prospects.recipe] + vent @ s.dump_cost
    flow = sparse.csc_matrix(n.recipes.flow[prospects.recipe])
    steady = n.recipes.dispatchable[prospects.recipe]
    for k, cap in enumerate(model.caps):
        if cap.kind == "dump":
            amount = np.where(prospects.counted[:, k], vent @ becomes(n, cap.material), 0.0)
            cost = cost + _times(amount, prices.use[k])
        elif cap.kind == "share":
            net = flow[:, [cap.material]].toarray().ravel()
            cost = cost + _times(cap.limit * np.maximum(-net, 0.0), prices.use[k])
            cost = cost - np.where(steady, np.maximum(net, 0.0), 0.0) * prices.free[k]
    host = prospects.host
    return np.asarray(cost + np.where(host >= 0, prices.host[host], 0.0), dtype=np.float64)


def _times(amount: Floats, price: Floats | float) -> Floats:
    """amount x price, zero where there is no amount, whatever the price."""
    return np.multiply(amount, price, out=np.zeros(len(amount)), where=amount > 0)
