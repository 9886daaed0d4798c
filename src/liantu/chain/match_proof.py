"""The proof of a need: the plan solved again with the need as committed demand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from liantu.chain.keys import SHORTAGE
from liantu.chain.match_cover import stretches
from liantu.chain.match_effect import MATCH, MOVES, Resolved, effect, scenario_of
from liantu.chain.match_types import Cover, MatchReport, Proof, ProofStep
from liantu.chain.model import Model, build_model
from liantu.chain.network import Demand, Floats
from liantu.chain.plan import Plan, clean
from liantu.chain.reduced import solve_model
from liantu.chain.solve import Solution

PENALTY = 1e5
"""CNY per unit that falls short, where the city names none; high, so that a need is met if it can be."""


def demands_of(plan: Plan, report: MatchReport, number: int = 0) -> tuple[Demand, ...]:
    """The need as committed demand: one for each material of its cheapest cover, in own units.

    What the cover leaves short is asked of the material itself, so that the plan reports the shortage.
    """
    m = plan.network.materials
    units = _units(report)
    wanted: dict[str, float] = {}
    for s in report.cheapest.steps:
        wanted[s.material] = wanted.get(s.material, 0.0) + s.quantity * units[s.material]
    if report.cheapest.shortfall > 0:
        wanted[report.material] = wanted.get(report.material, 0.0) + report.cheapest.shortfall
    penalty = float(plan.network.parameters.get("shortage_penalty_cny_per_unit", PENALTY))
    place = report.place
    return tuple(
        Demand(f"{MATCH}{number}:{name}", m.index[name], q, place.lat, place.lon, penalty, place.park)
        for name, q in wanted.items()
    )


def committed(plan: Plan, demands: Sequence[Demand]) -> tuple[Resolved, Floats]:
    """The plan's scenario solved again with further committed demands, and what of each falls short."""
    scenario = scenario_of(plan)
    model = build_model(plan.network, replace(scenario, demands=(*scenario.demands, *demands)))
    model = _asking(model, demands, [d.quantity for d in demands])
    solution = solve_model(model)
    short = _short(model, solution, demands)
    paid = sum(d.quantity * model.settings.demand_price(d) for d in demands)
    value = _undone(model, solution, demands) + model.constant - paid
    return Resolved(model, solution, value), short


def _short(model: Model, solution: Solution, demands: Sequence[Demand]) -> Floats:
    """Shortage of the added demands, which come last among the model's, in own units."""
    at = np.flatnonzero(model.columns.kind == SHORTAGE)
    return clean(model, solution.x)[at[len(at) - len(demands) :]]


def _undone(model: Model, solution: Solution, demands: Sequence[Demand]) -> float:
    """Objective without what the added demands are fined, nor the price that goes unpaid: CNY a year."""
    fine = np.array([model.settings.demand_price(d) + d.penalty for d in demands])
    return solution.objective + float(fine @ _short(model, solution, demands))


def prove_need(plan: Plan, report: MatchReport) -> Proof:
    """What a need costs the city, all of it and stretch by stretch of its cheapest cover.

    cost = value of the plan - value of the plan that must deliver; a stretch costs the difference of two
    plans too. The new plan is free to supply as suits the city, whoever the cover named. Prices say what
    the first unit costs, this says what the last one does.
    """
    demands = demands_of(plan, report)
    after, missing = committed(plan, demands)
    units = _units(report)
    ids = [plan.network.materials.id[d.material] for d in demands]
    short = sum(q / units[name] for q, name in zip(missing.tolist(), ids, strict=True))
    delivered = max(report.need.quantity - short, 0.0)
    cost = plan.objective - after.value
    return Proof(
        quantity=delivered,
        short=short,
        screened_cny_per_unit=report.cheapest.cny_per_unit,
        proved_cny_per_unit=cost / delivered if delivered > MOVES * report.need.quantity else None,
        steps=_stretches(after.model, demands, report.cheapest, units, report.material),
        effect=effect(plan, after),
    )


def _units(report: MatchReport) -> dict[str, float]:
    """Units of each material that stand for one unit of the need."""
    return {report.material: 1.0, **{o.material: o.units_per_unit for o in report.options}}


def _stretches(
    model: Model, demands: Sequence[Demand], cover: Cover, units: Mapping[str, float], material: str
) -> tuple[ProofStep, ...]:
    """The cover's steps one after another, each with the cost of going on from the last."""
    names = [model.network.materials.id[d.material] for d in demands]
    asked = dict.fromkeys(names, 0.0)

    def solved() -> tuple[float, float]:
        part = _asking(model, demands, [asked[name] for name in names])
        solution = solve_model(part)
        short = _short(part, solution, demands).tolist()
        return _undone(part, solution, demands), sum(q / units[n] for q, n in zip(short, names, strict=True))

    value, missing = solved()
    out = []
    parts = [(s.who, s.displaces, s.material, s.quantity, s.cny_per_unit) for s in stretches(cover)]
    rest = ("", "", material, cover.shortfall, None)
    for who, displaces, name, quantity, screened in [*parts, *([rest] if cover.shortfall > 0 else [])]:
        asked[name] += quantity * units[name]
        then, lacks = solved()
        more = quantity - (lacks - missing)
        proved = (value - then) / more if more > MOVES * quantity else None
        out.append(ProofStep(who, displaces, quantity, screened, proved))
        value, missing = then, lacks
    return tuple(out)


def _asking(model: Model, demands: Sequence[Demand], quantities: Sequence[float]) -> Model:
    """The model with other quantities of the added demands, and no demand shorter than all of it.

    Several demands may share the balance of a pool, where the bound keeps one from going short for another.
    """
    rows = model.demand_row[len(model.demand_row) - len(demands) :]
    bound = model.row_upper.copy()
    np.add.at(bound, rows, np.array([d.quantity for d in demands]) - np.array(quantities))
    lower = np.where(np.isfinite(model.row_lower), bound, model.row_lower)
    before = [d.quantity for d in model.settings.demands[: len(model.demand_row) - len(demands)]]
    column = model.column_upper.copy()
    column[model.columns.kind == SHORTAGE] = [*before, *quantities]
    return replace(model, row_lower=lower, row_upper=bound, column_upper=column)
