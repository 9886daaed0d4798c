"""What a plant that is not built would gain from a unit of one input, at the best prices it can reach."""

from __future__ import annotations

import math

import numpy as np

from liantu.chain.lanes import carry
from liantu.chain.match_local import Local
from liantu.chain.network import great_circle_km


def worth_of_input(local: Local, plant: int, material: int) -> tuple[float, str]:
    """CNY per unit of `material` at which plant (index) breaks even at full load, and '' ; or -inf and the
    material for want of which it cannot run.

    (outputs at the best price in reach - other inputs at the cheapest - other cost - vents - capital
    charge a unit) / amount used. Caps of the city are not counted.
    """
    network, settings = local.model.network, local.model.settings
    recipe = int(network.plants.recipe[plant])
    flow = network.recipes.flow[[recipe]].tocoo()
    vented = float((network.recipes.emission[[recipe]] @ settings.dump_cost)[0])
    charge = settings.charge_rate * float(settings.capital[plant]) / float(settings.capacity[plant])
    rest, used = -float(network.recipes.opex[recipe]) - vented - charge, 0.0
    for i, amount in zip(flow.col.tolist(), flow.data.tolist(), strict=True):
        if i == material:
            used = -amount
        elif not network.materials.unlimited[i]:
            price = best_sale(local, plant, i) if amount > 0 else best_purchase(local, plant, i)
            if math.isinf(price):
                return -math.inf, network.materials.id[i]
            rest += amount * price
    return rest / used, ""


def best_sale(local: Local, plant: int, material: int) -> float:
    """The most a unit would bring at a place: sold outside, dumped, or shipped to a user; -inf if none."""
    m, settings = local.model.network.materials, local.model.settings
    offers = [-math.inf]
    if m.sellable[material]:
        offers.append(float(settings.sell_price[material]))
    if not math.isnan(m.disposal_cost[material]):
        offers.append(-float(settings.dump_cost[material]))
    for row, freight in _around(local, plant, material):
        if local.model.rows.uses[row] or local.model.rows.plant[row] < 0:
            offers.append(float(local.low[row]) - freight)
    return max(v for v in offers if v < math.inf)


def best_purchase(local: Local, plant: int, material: int) -> float:
    """The least a unit would cost at a place: bought in, or from a maker; inf if nobody has it."""
    network = local.model.network
    offers = [math.inf]
    if network.materials.buyable[material] and material not in network.plants.local_only[plant]:
        offers.append(float(local.model.settings.buy_price[material]))
    for row, freight in _around(local, plant, material):
        if local.model.rows.makes[row]:
            offers.append(float(local.high[row]) + freight)
    return min(v for v in offers if v > -math.inf)


def _around(local: Local, plant: int, material: int) -> list[tuple[int, float]]:
    """(row, freight in CNY per unit) of the balances of a material within its range of a plant."""
    network, rows = local.model.network, local.model.rows
    m, plants = network.materials, network.plants
    at = local.rows_of(material)
    if m.pool[material]:
        place = "city" if m.pool[material] == "city" else f"park:{plants.park[plant]}"
        return [(row, 0.0) for row in at.tolist() if rows.place[row] == place]
    if m.link[material] == "none":
        return []
    km = great_circle_km(rows.lat[at], rows.lon[at], plants.lat[[plant]], plants.lon[[plant]])
    near = np.flatnonzero(km <= m.reach(material))  # nan, which stands nowhere, is not
    return list(zip(at[near].tolist(), carry(m.lanes(material), km[near]).tolist(), strict=True))
