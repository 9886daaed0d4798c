"""The proof of an offer: the plan solved again with a source of the offered material at the place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from liantu.chain.keys import SHARED
from liantu.chain.match_cover import stretches
from liantu.chain.match_effect import MOVES, Resolved, effect, scenario_of
from liantu.chain.match_extend import with_source
from liantu.chain.match_query import StandIn
from liantu.chain.match_types import OfferReport, Proof, ProofStep
from liantu.chain.model import Model, build_model
from liantu.chain.network import Ints
from liantu.chain.plan import Plan, clean
from liantu.chain.reduced import solve_model


def prove_offer(plan: Plan, report: OfferReport, forms: Sequence[StandIn]) -> Proof:
    """What an offer brings the city, as much of it as is worth taking, and stretch by stretch.

    worth = value of the plan with the source - value of the plan; candidates stay shut. What is short is
    not taken: the city is better off without it.
    """
    network = with_source(plan.network, forms, report.place, report.offer.quantity)
    sources = network.plants.id[len(plan.network.plants.id) :]
    scenario = scenario_of(plan)
    model = build_model(network, replace(scenario, open=scenario.open | set(sources)))
    at = np.array([int(np.searchsorted(model.plants, network.plants.index[s])) for s in sources])
    value, taken, steps, offered = plan.objective, 0.0, [], 0.0
    for s in stretches(report.best):
        offered += s.quantity
        solution = solve_model(_giving(model, at, offered))
        now, then = float(clean(model, solution.x)[at].sum()), solution.objective + model.constant
        more = now - taken
        proved = (then - value) / more if more > MOVES * s.quantity else None
        steps.append(ProofStep(s.who, s.displaces, s.quantity, s.cny_per_unit, proved))
        value, taken = then, now
    solution = solve_model(model)
    after = Resolved(model, solution, solution.objective + model.constant)
    taken = float(clean(model, solution.x)[at].sum())
    gain = after.value - plan.objective
    return Proof(
        quantity=taken,
        short=max(report.offer.quantity - taken, 0.0),
        screened_cny_per_unit=report.best.cny_per_unit,
        proved_cny_per_unit=gain / taken if taken > MOVES * report.offer.quantity else None,
        steps=tuple(steps),
        effect=effect(plan, after),
    )


def _giving(model: Model, at: Ints, quantity: float) -> Model:
    """The model with sources (positions) that can give `quantity` together."""
    column, row = model.column_upper.copy(), model.row_upper.copy()
    column[at] = quantity
    row[(model.rows.kind == SHARED) & (model.rows.plant == model.plants[at[0]])] = quantity
    return replace(model, column_upper=column, row_upper=row)
