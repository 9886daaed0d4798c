"""The difference of two solved plans of one network: who runs less, what is sold and dumped no more."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from liantu.chain.certificate import certify
from liantu.chain.keys import ACTIVITY, BUY, DUMP, SELL, SHIP, SHORTAGE
from liantu.chain.match_extend import MATCH
from liantu.chain.match_types import IMPORT, Change, Effect
from liantu.chain.model import Model
from liantu.chain.network import Floats
from liantu.chain.plan import Plan, Shipment, clean
from liantu.chain.scenario import Scenario
from liantu.chain.solve import Solution

MOVES = 1e-6
"""Share of the larger of two figures below which their difference is rounding."""
KINDS = {BUY: "buy", SELL: "sell", DUMP: "dump"}


@dataclass(frozen=True)
class Resolved:
    """A model with a need or an offer added, and its solution; value is CNY a year of the city, without
    what an added demand pays or is fined."""

    model: Model
    solution: Solution
    value: float


def scenario_of(plan: Plan) -> Scenario:
    """The plan's scenario, with what a what-if opened and resized written into it."""
    settings, plants = plan.model.settings, plan.network.plants
    built = {plants.id[f] for f in np.flatnonzero(settings.open & plants.is_candidate)}
    resized = np.flatnonzero(settings.capacity != plants.capacity)
    capacity = {plants.id[f]: float(settings.capacity[f]) for f in resized}
    scenario = plan.scenario
    return replace(scenario, add=scenario.add | built, capacity={**scenario.capacity, **capacity})


def effect(plan: Plan, after: Resolved) -> Effect:
    """What moves from the plan to the new one: plants, and what crosses the city line."""
    changes = [*_plant_changes(plan, after), *_shortages(plan, after), *_crossing_changes(plan, after)]
    losers = [c for c in changes if c.kind == "activity" and c.after < c.before]
    losers.sort(key=lambda c: c.after / c.before)
    losers += [c for c in changes if c.kind == "short" and c.after > c.before]
    losers += [c for c in changes if c.kind == "sell" and c.after < c.before]
    dumps = [c for c in changes if c.kind in ("dump", "vent") and c.after < c.before]
    proof = certify(after.model, after.solution)
    return Effect(
        cost_cny=plan.objective - after.value,
        deliveries=_deliveries(after),
        losers=tuple(losers),
        dumps_less=tuple(dumps),
        others=tuple(c for c in changes if c not in losers and c not in dumps),
        gap=proof.gap,
        residual=proof.residual,
    )


def _deliveries(after: Resolved) -> tuple[Shipment, ...]:
    """What reaches the added demands, or leaves the added source, in the new plan."""
    model, out = after.model, []
    c, place, m = model.columns, model.rows.place, model.network.materials
    x = clean(model, after.solution.x)
    for j in np.flatnonzero((c.target >= 0) & (x > 0) & np.isin(c.kind, (SHIP, BUY))).tolist():
        bought = c.kind[j] == BUY
        source = IMPORT if bought else place[c.source[j]]
        target = place[c.target[j]]
        i, quantity = int(c.material[j]), float(x[j])
        added = m.id[i].startswith(MATCH)
        if (target.startswith(MATCH) or source.startswith(MATCH)) and not added:
            km = float(m.import_km[i] if bought else c.km[j])
            link = IMPORT if bought else m.link[i]
            cost = -float(model.objective[j]) * quantity
            out.append(Shipment(m.id[i], source, target, quantity, km, cost, link))
    return tuple(out)


def _plant_changes(plan: Plan, after: Resolved) -> list[Change]:
    network = after.model.network
    before = {p.id: p.activity for p in plan.plants}
    x = clean(after.model, after.solution.x)
    out = []
    for k, f in enumerate(after.model.plants.tolist()):
        name = network.plants.id[f]
        if name in before and _moves(before[name], float(x[k])):
            product = network.materials.id[network.recipes.reference[network.plants.recipe[f]]]
            out.append(Change("activity", name, product, before[name], float(x[k]), 0.0))
    return out


def _shortages(plan: Plan, after: Resolved) -> list[Change]:
    """Committed demands of the city that fall short by more, or less."""
    out = []
    was, now = (
        clean(m, s.x)[m.columns.kind == SHORTAGE]
        for m, s in ((plan.model, plan.solution), (after.model, after.solution))
    )
    for d, before, then in zip(plan.model.settings.demands, was.tolist(), now.tolist(), strict=False):
        if _moves(before, then):
            fine = plan.model.settings.demand_price(d) + d.penalty
            name, material = f"demand:{d.id}", plan.network.materials.id[d.material]
            out.append(Change("short", name, material, before, then, (before - then) * fine))
    return out


def _crossing_changes(plan: Plan, after: Resolved) -> list[Change]:
    """By kind and material in the whole city: from where equal plans sell is no change."""
    was = _crossings(plan.model, clean(plan.model, plan.solution.x))
    now = _crossings(after.model, clean(after.model, after.solution.x))
    out = []
    for kind, material in dict.fromkeys((*was, *now)):
        q0, v0 = was.get((kind, material), (0.0, 0.0))
        q1, v1 = now.get((kind, material), (0.0, 0.0))
        if _moves(q0, q1):
            out.append(Change(kind, "city", material, q0, q1, v1 - v0))
    return out


def _crossings(model: Model, x: Floats) -> dict[tuple[str, str], tuple[float, float]]:
    """(kind, material) -> quantity and money of what crosses the city line."""
    c, size, ids = model.columns, len(model.network.materials.id), model.network.materials.id
    out: dict[tuple[str, str], tuple[float, float]] = {}
    for kind, name in KINDS.items():
        at = c.kind == kind
        quantity = np.bincount(c.material[at], x[at], minlength=size)
        money = np.bincount(c.material[at], x[at] * model.objective[at], minlength=size)
        for i in np.flatnonzero(quantity):
            out[name, ids[i]] = float(quantity[i]), float(money[i])
    emission = model.network.recipes.emission[model.network.plants.recipe[model.plants]]
    vented = np.asarray(emission.T @ x[c.kind == ACTIVITY]).ravel()
    for i in np.flatnonzero(vented):
        out["vent", ids[i]] = float(vented[i]), -float(vented[i] * model.settings.dump_cost[i])
    return out


def _moves(before: float, after: float) -> bool:
    return abs(after - before) > MOVES * max(abs(before), abs(after)) + 1e-9
