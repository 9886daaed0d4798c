"""The proof of an offer: the plan solved again with a source of the offered material at the place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from scipy import sparse

from liantu.chain.keys import SHARED
from liantu.chain.match_cover import stretches
from liantu.chain.match_effect import MATCH, MOVES, Resolved, effect, scenario_of
from liantu.chain.match_query import StandIn
from liantu.chain.match_types import OfferReport, Proof, ProofStep
from liantu.chain.model import Model, build_model
from liantu.chain.network import Ints, Network, Plants, Recipes
from liantu.chain.plan import Plan, clean
from liantu.chain.reduced import solve_model


def with_source(network: Network, report: OfferReport, forms: Sequence[StandIn]) -> Network:
    """The network with plants that make the offered material out of nothing, up to the quantity offered.

    The first form is the offered material; the others run inside its capacity, each unit of it as so many
    units of a material of the same formula.
    """
    n, first = len(forms), len(network.plants.id)
    ids = tuple(f"{MATCH}{network.materials.id[s.material]}" for s in forms)
    materials = np.array([s.material for s in forms], dtype=np.int64)
    units = np.array([s.units for s in forms])
    makes = sparse.csr_matrix((units, (np.arange(n), materials)), (n, len(network.materials.id)))
    names = {"id": ids, "name_zh": ids, "name_en": ids}
    recipes = _extended(network.recipes, n, **names, reference=materials, flow=makes)
    place = report.place
    plants = _extended(
        network.plants, n, **names,
        park=(place.park,) * n,
        status=("offered",) * n,
        recipe=len(network.recipes.id) + np.arange(n),
        capacity=np.full(n, report.offer.quantity),
        lat=np.full(n, place.lat),
        lon=np.full(n, place.lon),
        host=np.array([-1] + [first] * (n - 1), dtype=np.int64),
    )  # fmt: skip
    return replace(network, recipes=recipes, plants=plants)


Noun = TypeVar("Noun", Recipes, Plants)


def _extended(noun: Noun, n: int, **given: Any) -> Noun:
    """Recipes or plants with n more at the end; what is not given is blank: 0, False, '' or empty."""
    joined: dict[str, Any] = {}
    for name in noun.__dataclass_fields__:
        old, new = getattr(noun, name), given.get(name)
        if isinstance(old, tuple):
            joined[name] = old + ((type(old[0])(),) * n if new is None else new)
        elif isinstance(old, sparse.csr_matrix):
            more = sparse.csr_matrix((n, int(old.shape[1])), dtype=np.float64) if new is None else new
            joined[name] = sparse.csr_matrix(sparse.vstack([old, more]))
        else:
            joined[name] = np.concatenate([old, np.zeros(n, dtype=old.dtype) if new is None else new])
    return replace(noun, **joined)


def prove_offer(plan: Plan, report: OfferReport, forms: Sequence[StandIn]) -> Proof:
    """What an offer brings the city, as much of it as is worth taking, and stretch by stretch.

    worth = value of the plan with the source - value of the plan; candidates stay shut. What is short is
    not taken: the city is better off without it.
    """
    network = with_source(plan.network, report, forms)
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
