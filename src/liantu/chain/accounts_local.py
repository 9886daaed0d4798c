"""Local supply rate 本地配套率: how much of what is used was made in the city."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from liantu.chain.accounts_flows import Flows
from liantu.chain.network import Bools, Floats, Ints, Network


@dataclass(frozen=True)
class LocalSupply:
    """Inputs of a material, a plant, a chain or the city, and the local share of them, a year.

    scope: material, plant, chain or city; id that of the thing ('' for the city). quantity and local in
    `unit`: the material's own, else t. Money in CNY: value at the delivered prices of the plan, market
    at the prices of the city line. A rate is local / all, None where there are no inputs. The figures
    leave out free sources (air, water) and utilities; rate_with_utilities is the rate by delivered value
    with utilities (electricity, steam, gases) in.
    """

    scope: str
    id: str
    unit: str
    quantity: float
    local: float
    rate_quantity: float | None
    value_cny: float
    local_value_cny: float
    rate_value: float | None
    market_cny: float
    local_market_cny: float
    rate_market: float | None
    rate_with_utilities: float | None


def local_supply(flows: Flows) -> tuple[LocalSupply, ...]:
    """Local supply rates: every material used, every plant that runs, every chain, and the city.

    For inputs i of the scope:  rate = sum local_i / sum (local_i + bought_i)
    - by quantity: in the material's unit, over several materials in t (t_per_unit);
    - by value: local at the price of the place it leaves (not below zero) and freight, bought at the
      price of the city line and import freight;
    - by market value: both at the price of the city line, so that only origins count and not prices.
    What comes from a pool is local in the share that plants of the city made of what entered the pool.
    What is won at the user's own site (transport on site, import distance 0: ore in the ground) is local.
    A chain gathers the inputs of its plants, wherever in the city they come from; a chain that has
    sub-chains gathers theirs too.
    """
    n = flows.plan.network
    n_used = _Inputs(flows)
    everything = np.arange(len(flows.uses.plant))
    out = [n_used.rate("material", n.materials.id[m], at, m) for m, at in _groups(flows.uses.material)]
    out += [
        n_used.rate("plant", n.plants.id[flows.plan.model.plants[k]], at)
        for k, at in _groups(flows.uses.plant)
    ]
    chain = [n.recipes.chain[n.plants.recipe[flows.plan.model.plants[k]]] for k in flows.uses.plant]
    for name in chains_with_parents(n, chain):
        inside = np.array([name in lineage(n, c) for c in chain], dtype=bool)
        out.append(n_used.rate("chain", name, np.flatnonzero(inside)))
    return (*out, n_used.rate("city", "", everything))


def lineage(network: Network, chain: str) -> tuple[str, ...]:
    """A chain and the chains it belongs to, from the bottom up; nothing for ''."""
    out: list[str] = []
    while chain and chain not in out:
        out.append(chain)
        chain = network.chains[chain][2] if chain in network.chains else ""
    return tuple(out)


def chains_with_parents(network: Network, used: Iterable[str]) -> tuple[str, ...]:
    """The chains of `used` and those they belong to, in the order of the tables, then unlisted ones."""
    wanted = dict.fromkeys(name for chain in dict.fromkeys(used) for name in lineage(network, chain))
    listed = [name for name in network.chains if name in wanted]
    return (*listed, *(name for name in wanted if name not in network.chains))


class _Inputs:
    """The inputs of a plan with their values, ready to be summed over any of them."""

    def __init__(self, flows: Flows) -> None:
        n, u = flows.plan.network, flows.uses
        m = n.materials
        own = np.array([link == "site" for link in m.link], dtype=bool) & (m.import_km == 0)
        here = np.where(own[u.material], u.bought, 0.0)
        self.material = u.material
        self.units = m.unit
        self.tonnes = m.t_per_unit[u.material]
        self.all = u.quantity
        self.local = u.local + here
        self.value_local = u.paid_local + np.where(own[u.material], u.paid_bought, 0.0)
        self.value_all = u.paid_local + u.paid_bought
        self.market = flows.market[u.material]
        self.counted: Bools = ~m.free_source[u.material]
        self.goods: Bools = self.counted & np.array([m.kind[i] != "utility" for i in u.material], dtype=bool)

    def rate(self, scope: str, name: str, at: Ints, material: int | None = None) -> LocalSupply:
        """The account of the inputs at positions `at`; of a single material every kind counts."""
        goods = at if material is not None else at[self.goods[at]]
        weight = np.ones(len(goods)) if material is not None else self.tonnes[goods]
        quantity, local = float(weight @ self.all[goods]), float(weight @ self.local[goods])
        value, local_value = _sum(self.value_all, goods), _sum(self.value_local, goods)
        market = float(self.market[goods] @ self.all[goods])
        local_market = float(self.market[goods] @ self.local[goods])
        both = at if material is not None else at[self.counted[at]]
        return LocalSupply(
            scope=scope,
            id=name,
            unit=self.units[material] if material is not None else "t",
            quantity=quantity,
            local=local,
            rate_quantity=_ratio(local, quantity),
            value_cny=value,
            local_value_cny=local_value,
            rate_value=_ratio(local_value, value),
            market_cny=market,
            local_market_cny=local_market,
            rate_market=_ratio(local_market, market),
            rate_with_utilities=_ratio(_sum(self.value_local, both), _sum(self.value_all, both)),
        )


def _groups(keys: Ints) -> list[tuple[int, Ints]]:
    """(key, positions) of each value among `keys`, in order of the keys."""
    return [(int(key), np.flatnonzero(keys == key)) for key in np.unique(keys)]


def _sum(values: Floats, at: Ints) -> float:
    return float(values[at].sum())


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None
