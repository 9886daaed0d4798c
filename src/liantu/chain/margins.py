"""Margin of a plan split by plant, chain and enterprise; the parts add up to the total.

A plant's margin = what it sells and ships, less what it buys and receives, less freight of what it
receives, dumping, venting, other cost and capital charge. Sales and purchases count at the money that
crosses the city line; flows inside the city count at the transfer price of the place they leave, so
that they cancel in the sum whatever that price is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from liantu.chain.keys import BALANCE, SHIP
from liantu.chain.model import Model
from liantu.chain.network import Floats


@dataclass(frozen=True)
class Margins:
    """CNY a year. place: plant id, or a pool or committed demand; chain and enterprise gather plants;
    what belongs to no plant (pools, demands) stands under ''. Each mapping adds up to `total`."""

    total: float
    place: Mapping[str, float]
    chain: Mapping[str, float]
    enterprise: Mapping[str, float]


def split_margin(model: Model, x: Floats, price: Floats) -> Margins:
    """Split objective . x + constant by place, with transfer prices (R,)."""
    by_row = _row_margin(model, x, price)
    place: dict[str, float] = {}
    n = model.network
    open_plants = model.settings.open[model.plants]
    for k, f in enumerate(model.plants):
        if open_plants[k]:
            charge = model.settings.charge_rate * model.settings.capital[f]
            place[n.plants.id[f]] = float(model.objective[k] * x[k] - charge)
    for name, value in _settlements(model, x, price).items():
        place[name] = place.get(name, 0.0) + value
    for i in np.flatnonzero(model.rows.kind == BALANCE):
        if by_row[i] != 0.0:
            name = model.rows.place[i]
            place[name] = place.get(name, 0.0) + float(by_row[i])
    chain: dict[str, float] = {}
    enterprise: dict[str, float] = {}
    for name, value in place.items():
        f = n.plants.index.get(name, -1)
        key = n.recipes.chain[n.plants.recipe[f]] if f >= 0 else ""
        owner = n.plants.enterprise[f] if f >= 0 else ""
        chain[key] = chain.get(key, 0.0) + value
        enterprise[owner] = enterprise.get(owner, 0.0) + value
    return Margins(float(model.objective @ x) + model.constant, place, chain, enterprise)


def _settlements(model: Model, x: Floats, price: Floats) -> dict[str, float]:
    """What each plant earns from the pools it makes into or uses from, and the pools the opposite."""
    pools = np.flatnonzero((model.rows.kind == BALANCE) & (model.rows.plant < 0))
    part = model.matrix.tocsr()[pools][:, : len(model.plants)].tocoo()
    value = -part.data * x[part.col] * price[pools[part.row]]
    out: dict[str, float] = {}
    for row, k, amount in zip(part.row, part.col, value, strict=True):
        plant, pool = model.network.plants.id[model.plants[k]], model.rows.place[pools[row]]
        out[plant] = out.get(plant, 0.0) + float(amount)
        out[pool] = out.get(pool, 0.0) - float(amount)
    return out


def _row_margin(model: Model, x: Floats, price: Floats) -> Floats:
    """(R,) money that each balance row earns: crossings, freight paid, flows at transfer prices."""
    c, n = model.columns, len(model.rows.kind)
    out = np.zeros(n)
    ship = np.flatnonzero((c.kind == SHIP) & (x != 0))
    value = price[c.source[ship]] * x[ship]
    np.add.at(out, c.source[ship], value)
    np.add.at(out, c.target[ship], model.objective[ship] * x[ship] - value)
    cross = np.flatnonzero((c.kind > SHIP) & (x != 0))
    row = np.where(c.target[cross] >= 0, c.target[cross], c.source[cross])
    np.add.at(out, row, model.objective[cross] * x[cross])
    for d, i in zip(model.settings.demands, model.demand_row, strict=True):
        out[i] += d.quantity * model.settings.demand_price(d)
    return out
