"""Water, energy and carbon dioxide of a plan, and their intensity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from liantu.chain.accounts_counters import becomes_co2, is_water
from liantu.chain.accounts_flows import Flows
from liantu.chain.keys import DUMP
from liantu.chain.network import Floats


@dataclass(frozen=True)
class Water:
    """Water of the city, m3 a year (1 t of water counts as 1 m3).

    fresh_m3 is bought; reclaimed_m3 is won from other streams (waste water, brines, condensate);
    used_m3 = fresh + reclaimed - sold - dumped is what plants use up or pass on as something else.
    reuse_rate = reclaimed / (fresh + reclaimed).
    """

    fresh_m3: float
    reclaimed_m3: float
    used_m3: float
    sold_or_dumped_m3: float
    reuse_rate: float | None


@dataclass(frozen=True)
class Carrier:
    """An energy carrier over the city line: amounts a year in its unit, and t of coal equivalent."""

    material: str
    unit: str
    tce_per_unit: float
    bought: float
    sold: float
    bought_tce: float
    sold_tce: float


@dataclass(frozen=True)
class Energy:
    """Energy of the city, tce a year.

    comprehensive = bought + renewable - sold. renewable: carriers made by recipes that use none (sun,
    wind). recovered: what other plants give out beyond the carriers they take (reaction heat); it comes
    with no purchase and is not counted again. flared: carriers that are dumped.
    bought + renewable + recovered = sold + flared + consumed, and consumed is what plants take net.
    """

    carriers: tuple[Carrier, ...]
    bought_tce: float
    sold_tce: float
    renewable_tce: float
    recovered_tce: float
    flared_tce: float
    consumed_tce: float
    comprehensive_tce: float


@dataclass(frozen=True)
class Carbon:
    """Direct carbon dioxide, t a year: vented by recipes, and what dumped materials become."""

    vented_t: float
    from_dumped_t: float
    total_t: float


@dataclass(frozen=True)
class Burden:
    """What a plant takes and gives out, a year, and per unit of its main product.

    tce: carriers used less carriers made; below zero it gives energy. co2_t: vented, and what its dumped
    materials become. water_m3: used less made. Per unit of the reference product of its recipe.
    """

    plant: str
    recipe: str
    product: str
    unit: str
    activity: float
    tce: float
    co2_t: float
    water_m3: float
    tce_per_unit: float
    co2_t_per_unit: float
    water_m3_per_unit: float


def water_account(flows: Flows) -> Water:
    """Fresh, reclaimed and used water.

    Per plant, water made less water used, in m3; a plant that wins more than it takes reclaims:
        reclaimed = sum over plants of max(0, made - used),  used = sum of max(0, used - made)
        fresh + reclaimed = used + sold + dumped + delivered,  reuse rate = reclaimed / (fresh + reclaimed)
    Water is what has the formula H2O and is no energy carrier. Circulation inside a plant is not seen:
    its water figure is make-up, so that this rate is the share of reclaimed water (再生水), below the
    recirculation rate (工业用水重复利用率) of a plant's own statistics.
    """
    tonnes = np.where(is_water(flows.plan.network), flows.plan.network.materials.t_per_unit, 0.0)
    net = np.asarray((flows.made - flows.used) @ tonnes, dtype=np.float64)
    fresh = float(tonnes @ flows.bought)
    reclaimed = float(np.maximum(net, 0.0).sum())
    gone = float(tonnes @ (flows.sold + flows.dumped + flows.delivered))
    total = fresh + reclaimed
    return Water(
        fresh, reclaimed, float(np.maximum(-net, 0.0).sum()), gone, reclaimed / total if total > 0 else None
    )


def energy_account(flows: Flows) -> Energy:
    """Energy in t of coal equivalent, with the coefficients of the tables.

        comprehensive = bought + renewable - sold

    After GB/T 2589: carriers that enter less carriers that leave, each once, at its coefficient; electricity
    at its heat equivalent where the tables say 0.1229 tce/MWh. Not separated: carriers used as feedstock
    (coke as reductant, coal for hydrogen) are in. Not counted: energy to make what is bought, freight, and
    what a plant recovers for itself.
    """
    m = flows.plan.network.materials
    tce = m.tce_per_unit
    made, used = np.asarray(flows.made @ tce), np.asarray(flows.used @ tce)
    net = np.asarray(made - used, dtype=np.float64)
    free = used <= 0
    renewable = float(np.maximum(net, 0.0)[free].sum())
    recovered = float(np.maximum(net, 0.0)[~free].sum())
    carriers = tuple(
        Carrier(
            m.id[i], m.unit[i], float(tce[i]), float(flows.bought[i]), float(flows.sold[i]),
            float(tce[i] * flows.bought[i]), float(tce[i] * flows.sold[i]),
        )
        for i in np.flatnonzero((tce > 0) & ((flows.bought > 0) | (flows.sold > 0)))
    )  # fmt: skip
    bought, sold = float(tce @ flows.bought), float(tce @ (flows.sold + flows.delivered))
    return Energy(
        carriers=tuple(sorted(carriers, key=lambda c: (-c.bought_tce, c.material))),
        bought_tce=bought,
        sold_tce=sold,
        renewable_tce=renewable,
        recovered_tce=recovered,
        flared_tce=float(tce @ flows.dumped),
        consumed_tce=float(np.maximum(-net, 0.0).sum()),
        comprehensive_tce=bought + renewable - sold,
    )


def carbon_account(flows: Flows) -> Carbon:
    """Direct CO2:  sum vented + sum dumped x (t of CO2 that a unit becomes, `emits_per_unit`).

    In: fuel and process carbon of every plant of the city, flares. Not in: CO2 of bought electricity and
    goods, freight, and carbon that leaves in products.
    """
    weight = becomes_co2(flows.plan.network)
    vented = float(np.asarray(flows.vented.sum(axis=0)).ravel() @ weight)
    dumped = float(flows.dumped @ weight)
    return Carbon(vented, dumped, vented + dumped)


def burdens(flows: Flows) -> tuple[Burden, ...]:
    """Energy, CO2 and water of each plant that runs, and per unit of its main product.

    The CO2 of what a pool dumps belongs to no plant and is in the city's account only.
    """
    n, model = flows.plan.network, flows.plan.model
    m = n.materials
    water = np.where(is_water(n), m.t_per_unit, 0.0)
    tce = np.asarray((flows.used - flows.made) @ m.tce_per_unit)
    cubic = np.asarray((flows.used - flows.made) @ water)
    carbon = np.asarray(flows.vented @ becomes_co2(n)) + _dumped_co2(flows)
    out = []
    for k in np.flatnonzero(flows.x[: len(model.plants)] > 0):
        recipe = int(n.plants.recipe[model.plants[k]])
        product, activity = int(n.recipes.reference[recipe]), float(flows.x[k])
        totals = float(tce[k]), float(carbon[k]), float(cubic[k])
        out.append(
            Burden(
                n.plants.id[model.plants[k]], n.recipes.id[recipe], m.id[product], m.unit[product], activity,
                *totals, *(v / activity for v in totals),
            )
        )  # fmt: skip
    return tuple(out)


def _dumped_co2(flows: Flows) -> Floats:
    """(K,) t of CO2 that each plant's dumped materials become."""
    model = flows.plan.model
    c, weight = model.columns, becomes_co2(flows.plan.network)
    out = np.zeros(len(model.plants))
    where = {int(f): k for k, f in enumerate(model.plants)}
    for j in np.flatnonzero((c.kind == DUMP) & (c.plant >= 0) & (flows.x > 0)):
        out[where[int(c.plant[j])]] += flows.x[j] * weight[c.material[j]]
    return out
