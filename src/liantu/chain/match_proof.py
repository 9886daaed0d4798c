"""The proof of a need: the plan solved again with the need as committed demand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from liantu.chain.keys import SHORTAGE
from liantu.chain.match_cover import stretches
from liantu.chain.match_effect import MOVES, Resolved, effect, scenario_of
from liantu.chain.match_extend import MATCH, with_sink
from liantu.chain.match_query import family
from liantu.chain.match_types import MatchReport, Proof, ProofStep
from liantu.chain.model import Model, build_model
from liantu.chain.network import Demand, Floats
from liantu.chain.plan import Plan, clean
from liantu.chain.reduced import solve_model

PENALTY = 1e5
"""CNY per unit that falls short, where the city names none; high, so that a need is met if it can be."""


@dataclass(frozen=True)
class Asked:
    """The plan's model with needs as its last demands, which pay nothing; fine is CNY per unit short."""

    model: Model
    fine: Floats

    def solve(self, quantities: Sequence[float]) -> tuple[Resolved, Floats]:
        """The plan that must deliver so much of each need, and what of it falls short."""
        n = len(quantities)
        model = _asking(self.model, quantities)
        solution = solve_model(model)
        short = clean(model, solution.x)[np.flatnonzero(model.columns.kind == SHORTAGE)[-n:]]
        value = solution.objective + model.constant + float(self.fine @ short)
        return Resolved(model, solution, value), short


def asked(plan: Plan, reports: Sequence[MatchReport]) -> Asked:
    """Build needs into the plan's network, each as a demand for a material that only its eligible forms
    turn into, at its place."""
    network, scenario, demands = plan.network, scenario_of(plan), []
    penalty = float(network.parameters.get("shortage_penalty_cny_per_unit", PENALTY))
    first = len(network.plants.id)
    for number, report in enumerate(reports):
        i, need, place = network.materials.index[report.material], report.need, report.place
        name = f"{MATCH}{number}"
        forms = [s for s in family(network, i) if s.alike and _pure(plan, s.material, need.purity)]
        fine = penalty + max(float(np.nan_to_num(plan.model.settings.price[i])), 0.0)
        network = with_sink(network, forms, place, need.quantity, name, report.unit)
        new = network.materials.index[name]
        demands.append(Demand(name, new, need.quantity, place.lat, place.lon, fine, place.park))
    scenario = replace(
        scenario,
        open=scenario.open | set(network.plants.id[first:]),
        demands=(*scenario.demands, *demands),
    )
    return Asked(build_model(network, scenario), np.array([d.penalty for d in demands]))


def _pure(plan: Plan, material: int, needs: float | None) -> bool:
    return needs is None or bool(plan.network.materials.purity[material] >= needs - 1e-12)


def _asking(model: Model, quantities: Sequence[float]) -> Model:
    """The model with other quantities of its last demands, and no demand shorter than all of it: several
    may share the balance of a pool, where one must not go short for another."""
    demands, n = model.settings.demands, len(quantities)
    before = [d.quantity for d in demands[: len(demands) - n]]
    change = np.array([d.quantity for d in demands[len(demands) - n :]]) - np.array(quantities)
    bound = model.row_upper.copy()
    np.add.at(bound, model.demand_row[len(demands) - n :], change)
    lower = np.where(np.isfinite(model.row_lower), bound, model.row_lower)
    column = model.column_upper.copy()
    column[model.columns.kind == SHORTAGE] = [*before, *quantities]
    return replace(model, row_lower=lower, row_upper=bound, column_upper=column)


def prove_need(plan: Plan, report: MatchReport) -> Proof:
    """What a need costs the city, all of it and stretch by stretch of its cheapest cover.

    cost = value of the plan - value of the plan that must deliver; a stretch costs the difference of two
    plans too. The new plan is free to supply as suits the city, whoever the cover named. Prices say what
    the first unit costs, this says what the last one does.
    """
    need = asked(plan, [report])
    after, short = need.solve([report.need.quantity])
    delivered = max(report.need.quantity - float(short[0]), 0.0)
    some = delivered > MOVES * report.need.quantity
    return Proof(
        quantity=delivered,
        short=float(short[0]),
        screened_cny_per_unit=report.cheapest.cny_per_unit,
        proved_cny_per_unit=(plan.objective - after.value) / delivered if some else None,
        steps=_stretches(need, report),
        effect=effect(plan, after),
    )


def _stretches(need: Asked, report: MatchReport) -> tuple[ProofStep, ...]:
    """The cover's steps one after another, each with the cost of going on from the last."""
    cover = report.cheapest
    parts = [(s.who, s.displaces, s.quantity, s.cny_per_unit) for s in stretches(cover)]
    rest = [("", "", cover.shortfall, None)] if cover.shortfall > 0 else []
    total, missing = 0.0, 0.0
    value = need.solve([0.0])[0].value
    out = []
    for who, displaces, quantity, screened in [*parts, *rest]:
        total += quantity
        then, short = need.solve([total])
        more = quantity - (float(short[0]) - missing)
        proved = (value - then.value) / more if more > MOVES * quantity else None
        out.append(ProofStep(who, displaces, quantity, screened, proved))
        value, missing = then.value, float(short[0])
    return tuple(out)
