"""Scenarios: small files of frozen overrides, and the settings that follow from them.

A scenario never changes the network; it says which plants are open and at which prices, capacities,
demands and caps the model is stated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from liantu.chain.network import LEVELS, Bools, Demand, Floats, Network
from liantu.errors import InputError
from liantu.messages import problem


@dataclass(frozen=True)
class Scenario:
    """Overrides; a blank field leaves the network's own figure.

    price_level: low, mid or high for every material. prices: material -> CNY per unit or a level.
    capacity: plant -> reference units a year; a candidate's capital and land go with it.
    close / open: plants shut, or opened although their status leaves them out. add: candidates built.
    demand: demand id -> quantity. caps: resource id -> limit. candidates: rows that join
    candidates.csv before the network is built (`with_candidates`). demands: further committed demand.
    """

    name: str = "base"
    title: str = ""
    price_level: str = ""
    prices: Mapping[str, float | str] = field(default_factory=dict)
    capacity: Mapping[str, float] = field(default_factory=dict)
    close: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()
    add: frozenset[str] = frozenset()
    demand: Mapping[str, float] = field(default_factory=dict)
    caps: Mapping[str, float] = field(default_factory=dict)
    carbon_price: float | None = None
    capital_charge_rate: float | None = None
    candidates: tuple[Mapping[str, object], ...] = ()
    demands: tuple[Demand, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """The overrides that are set, for reports and the certificate."""
        blank = Scenario()
        out: dict[str, object] = {"name": self.name}
        for key in self.__dataclass_fields__:
            value = getattr(self, key)
            if key != "name" and value != getattr(blank, key):
                if isinstance(value, frozenset):
                    value = sorted(value)
                out[key] = dict(value) if isinstance(value, Mapping) else value
        return out


@dataclass(frozen=True)
class Settings:
    """What the model is built from: arrays over all plants (F,) and materials (M,), in CNY."""

    open: Bools
    capacity: Floats
    price: Floats  # market price at the city line, before freight; nan = none
    buy_price: Floats  # delivered: price + import freight
    sell_price: Floats  # net: price - export freight
    dump_cost: Floats  # disposal + price of what it emits; 0 where it may not be dumped
    emission_price: Mapping[int, float]
    cap_limit: Mapping[str, float]
    demands: tuple[Demand, ...]
    charge_rate: float  # capital charge, 1/y
    capital: Floats  # CNY to build each plant at its capacity here; 0 for what stands
    land: Floats  # ha of each candidate at its capacity here

    def demand_price(self, demand: Demand) -> float:
        """CNY per unit that a committed demand pays; 0 where the material has no price."""
        value = float(self.price[demand.material])
        return 0.0 if np.isnan(value) else value


def apply_scenario(network: Network, scenario: Scenario) -> Settings:
    """Apply the overrides to the network's figures.

    Raises InputError listing all materials that cross the city line without a price. Names are
    taken to be known (`read_scenario` checks them); an unknown one raises KeyError.
    """
    m, plants = network.materials, network.plants
    level = scenario.price_level or str(network.parameters.get("price_level", "mid"))
    price = _prices(network, scenario, level)
    ceiling = np.where(m.sell_level >= 0, m.price[np.maximum(m.sell_level, 0), np.arange(len(m.id))], np.inf)
    sold_at = np.fmin(price, np.where(np.isnan(ceiling), np.inf, ceiling))
    _require_prices(network, price)
    emission = _emission_prices(network, scenario)
    capacity = _overridden(plants.capacity, plants.index, scenario.capacity)
    typical = np.where(plants.capacity > 0, plants.capacity, 1.0)
    size = np.where(plants.is_candidate & (plants.capacity > 0), capacity / typical, 1.0)
    return Settings(
        open=_open(network, scenario),
        capacity=capacity,
        price=price,
        buy_price=price + m.freight * m.import_km,
        sell_price=sold_at - m.freight * m.export_km,
        dump_cost=_dump_cost(network, emission),
        emission_price=emission,
        cap_limit={k: float(v) for k, v in scenario.caps.items()},
        demands=_demands(network, scenario),
        charge_rate=_charge_rate(network, scenario),
        capital=plants.capital * size,
        land=plants.land * size,
    )


def _emission_prices(network: Network, scenario: Scenario) -> dict[int, float]:
    """CNY per unit emitted of each priced material: its rows added up, each as the scenario has it.

    A carbon price stands in place of the rows of CO2 (where no priced material has that formula, of
    those without a formula), but not of a row that the scenario names itself.
    """
    rows, formula = network.price_rows, network.materials.formula
    out: dict[int, float] = {}
    for name, (m, value) in rows.items():
        out[m] = out.get(m, 0.0) + scenario.caps.get(name, value)
    if scenario.carbon_price is not None:
        named = {m for name, (m, _) in rows.items() if name in scenario.caps}
        carbon = [m for m in out if formula[m].strip() == "CO2"] or [m for m in out if not formula[m].strip()]
        out.update({m: scenario.carbon_price for m in carbon if m not in named})
    return out


def _charge_rate(network: Network, scenario: Scenario) -> float:
    if scenario.capital_charge_rate is not None:
        return scenario.capital_charge_rate
    return float(network.parameters.get("capital_charge_rate", DEFAULT_CHARGE_RATE))


DEFAULT_CHARGE_RATE = 0.12
DEFAULT_STATUSES = "operating;building"


def _prices(network: Network, scenario: Scenario, level: str) -> Floats:
    m = network.materials
    price: Floats = m.price[LEVELS.index(level)].copy()
    for name, value in scenario.prices.items():
        i = m.index[name]
        price[i] = m.price[LEVELS.index(value), i] if isinstance(value, str) else value
    return price


def _require_prices(network: Network, price: Floats) -> None:
    m = network.materials
    bare = np.flatnonzero(np.isnan(price) & (m.buyable | m.sellable))
    if len(bare):
        raise InputError(
            problem(
                "price_missing",
                "materials.csv",
                row=int(i) + 2,
                column="price_mid_cny",
                expected=f"CNY/{m.unit[i]}",
            )
            for i in bare
        )


def _dump_cost(network: Network, emission: Mapping[int, float]) -> Floats:
    """(M,) disposal cost + price of the emission + the same of what it becomes when dumped."""
    m = network.materials
    own = np.where(np.isnan(m.disposal_cost), 0.0, m.disposal_cost)
    for i, value in emission.items():
        own[i] += value
    becomes = np.where(m.emits_as >= 0, m.emits_per_unit * own[np.maximum(m.emits_as, 0)], 0.0)
    return np.asarray(own + becomes, dtype=np.float64)


def _open(network: Network, scenario: Scenario) -> Bools:
    statuses = set(str(network.parameters.get("plan_statuses", DEFAULT_STATUSES)).split(";"))
    plants = network.plants
    return np.array(
        [
            (status in statuses or name in scenario.open or name in scenario.add)
            and name not in scenario.close
            for name, status in zip(plants.id, plants.status, strict=True)
        ],
        dtype=bool,
    )


def _overridden(values: Floats, index: Mapping[str, int], overrides: Mapping[str, float]) -> Floats:
    out = values.astype(np.float64).copy()
    for name, value in overrides.items():
        out[index[name]] = value
    return out


def _demands(network: Network, scenario: Scenario) -> tuple[Demand, ...]:
    return tuple(
        replace(d, quantity=scenario.demand.get(d.id, d.quantity))
        for d in (*network.demands, *scenario.demands)
    )
