"""What a proved set of candidates changes in the city: plants, crossings, caps, prices, and what it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from liantu.chain.gap_proof import KINDS, Prover, State, money_noise
from liantu.chain.gap_report import CapChange, CrossingChange, Member, PlantChange, PriceChange, Proof
from liantu.chain.keys import BALANCE
from liantu.chain.model import Model
from liantu.chain.network import Floats, Materials, Network
from liantu.chain.plan import Plan, clean
from liantu.chain.prices import price_intervals
from liantu.chain.solve import Solution
from liantu.chain.units import UNITS, split_unit

NOTICED = 1e-6  # relative change below which nothing is said
PRICES_SHOWN = 12
LONGEST_PAYBACK = 1000.0  # years; beyond it is never


@dataclass(frozen=True)
class Book:
    """Per material (M,): m3 of water, MWh of electricity in one unit; 0 where it is neither."""

    network: Network

    @cached_property
    def water(self) -> Floats:
        """t (taken for m3) per unit of water that carries no energy."""
        m = self.network.materials
        pure = np.array([text == "H2O" for text in m.formula], dtype=bool) & (m.tce_per_unit == 0)
        return np.where(pure, m.t_per_unit, 0.0)

    @cached_property
    def electricity(self) -> Floats:
        """MWh per unit of what the grid carries."""
        m = self.network.materials
        return np.array([_mwh(m, i) for i in range(len(m.id))])


def _mwh(materials: Materials, i: int) -> float:
    symbol, qualifier, _ = split_unit(materials.unit[i])
    if materials.link[i] != "grid" or qualifier or symbol not in UNITS or UNITS[symbol].dimension != "energy":
        return 0.0
    return UNITS[symbol].factor / UNITS["MWh"].factor


@dataclass(frozen=True)
class Priced:
    """Local prices of a solved model: by (material, place) their interval, CNY per unit, and the quantity
    that passes through, a year."""

    interval: Mapping[tuple[str, str], tuple[float, float]]
    flow: Mapping[tuple[str, str], float]


def price(model: Model, solution: Solution) -> Priced:
    """Local prices of a solution, at the places of open plants, pools and demands."""
    rows, names = model.rows, model.network.materials.id
    low_high = price_intervals(model, solution).row
    through = 0.5 * (abs(model.matrix) @ np.abs(clean(model, solution.x)))
    at = [(int(i), (names[rows.material[i]], rows.place[i])) for i in np.flatnonzero(rows.kind == BALANCE)]
    return Priced(
        {key: (float(low_high[i, 0]), float(low_high[i, 1])) for i, key in at},
        {key: float(through[i]) for i, key in at},
    )


def prove(
    prover: Prover,
    built: frozenset[int],
    first_order: float,
    book: Book,
    base: Plan,
    prices: tuple[Priced, Priced] | None,
) -> Proof:
    """The proof of one set. `prices`: before and with it; None leaves them out."""
    n, state = prover.network, prover.state(built)
    order = sorted(built)
    worth, charge = prover.worth(built), prover.charge(built)
    settings = prover.model.settings
    capital = float(settings.capital[order].sum())
    gain = worth + charge
    used = -(n.recipes.flow[n.plants.recipe[order]].T @ state.activity[order])
    jobs = float(n.plants.jobs[order].sum())
    energy = n.materials.tce_per_unit
    return Proof(
        id=set_id(n, built),
        members=tuple(_member(prover, state, f) for f in order),
        worth_cny_per_year=worth,
        first_order_cny_per_year=first_order,
        gain_cny_per_year=gain,
        charge_cny_per_year=charge,
        capital_cny=capital,
        payback_years=payback(capital, gain, base),
        land_ha=float(settings.land[order].sum()),
        water_m3_per_year=float(book.water @ used),
        energy_tce_per_year=float(energy @ used),
        electricity_mwh_per_year=float(book.electricity @ used),
        purchased_tce_per_year=float(energy @ (state.quantity[0] - prover.base.quantity[0])),
        jobs=None if np.isnan(jobs) else jobs,
        plants=_plants(prover, state, built),
        crossings=_crossings(prover, state),
        caps=_caps(prover, state),
        prices=() if prices is None else _prices(*prices, money_noise(base.model, base.solution)),
        prices_read=prices is not None,
    )


def set_id(network: Network, built: frozenset[int]) -> str:
    """Names of the set joined by '+', in the order of the tables."""
    return "+".join(network.plants.id[f] for f in sorted(built))


def payback(capital: float, gain: float, base: Plan) -> float | None:
    """Years of gain (before capital charge) that return the capital; None: never."""
    if gain <= money_noise(base.model, base.solution) or capital > LONGEST_PAYBACK * gain:
        return None
    return capital / gain


def _member(prover: Prover, state: State, f: int) -> Member:
    p, scale = prover.network.plants, float(prover.model.settings.capacity[f])
    activity, capital = float(state.activity[f]), float(prover.model.settings.capital[f])
    process = prover.network.recipes.id[p.recipe[f]]
    return Member(p.id[f], process, scale, activity, activity / scale if scale > 0 else 0.0, capital)


def _plants(prover: Prover, state: State, built: frozenset[int]) -> tuple[PlantChange, ...]:
    """Standing plants that rise or fall, the largest share of its capacity first."""
    capacity = prover.model.settings.capacity
    before, after = prover.base.activity, state.activity
    share = np.abs(after - before) / np.where(capacity > 0, capacity, 1.0)
    found = [f for f in np.flatnonzero(share > NOTICED) if f not in built]
    return tuple(
        PlantChange(
            prover.network.plants.id[f], float(before[f]), float(after[f]),
            float((after[f] - before[f]) / before[f]) if before[f] > 0 else None,
        )
        for f in sorted(found, key=lambda f: -share[f])
    )  # fmt: skip


def _crossings(prover: Prover, state: State) -> tuple[CrossingChange, ...]:
    """Crossings that change, the largest money first, then the largest relative change."""
    base = prover.base
    change = np.abs(state.quantity - base.quantity)
    largest = np.maximum(state.quantity, base.quantity)
    money = state.money - base.money
    at = [(int(k), int(m)) for k, m in np.argwhere(change > NOTICED * (largest + NOTICED))]
    at.sort(key=lambda km: (-abs(money[km]), -change[km] / largest[km]))
    names = prover.network.materials.id
    return tuple(
        CrossingChange(
            names[m], KINDS[k], float(base.quantity[k, m]), float(state.quantity[k, m]), float(money[k, m])
        )
        for k, m in at
    )


def _caps(prover: Prover, state: State) -> tuple[CapChange, ...]:
    before, after = prover.base.used, state.used
    limit = np.array([cap.limit for cap in prover.model.caps])
    moved = np.abs(after - before) > NOTICED * np.maximum(np.abs(before), np.abs(after))
    at = sorted(np.flatnonzero(moved), key=lambda k: -abs(after[k] - before[k]) / (abs(limit[k]) or 1.0))
    return tuple(
        CapChange(prover.model.caps[k].id, float(before[k]), float(after[k]), float(limit[k])) for k in at
    )


def _prices(before: Priced, after: Priced, noise: float) -> tuple[PriceChange, ...]:
    """The local prices whose intervals moved apart, by the money that flows through the place."""
    out = []
    for key, (low, high) in after.interval.items():
        if key not in before.interval:
            continue
        was_low, was_high = before.interval[key]
        moved = max(low - was_high, 0.0) - max(was_low - high, 0.0)
        flow = max(before.flow[key], after.flow[key])
        least = NOTICED * abs(was_high if moved > 0 else was_low)
        if np.isfinite(moved) and abs(moved) > least and abs(moved) * flow > noise:
            out.append(PriceChange(*key, was_low, was_high, low, high, moved, moved * flow))
    return tuple(sorted(out, key=lambda c: -abs(c.value_cny))[:PRICES_SHOWN])
