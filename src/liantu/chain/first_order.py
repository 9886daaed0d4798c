"""A plan by a first-order method alone: near the optimum, made feasible, and proven like any other plan.

The method multiplies matrices and vectors and does nothing else, on a GPU where torch finds one.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from liantu.chain.approach import Approach
from liantu.chain.bound import Bounds
from liantu.chain.certificate import gap_between
from liantu.chain.halpern import Backend, backend
from liantu.chain.model import Model
from liantu.chain.network import Network
from liantu.chain.pairs import chosen, find_pairs
from liantu.chain.parts import bare_model, with_pairs
from liantu.chain.pricing import count_pairs, nearest_pairs
from liantu.chain.scenario import Scenario
from liantu.chain.solve import Solution
from liantu.chain.warm import LISTED, PARTNERS

FIRST, GROWTH = 400, 1.5  # iterations of the first stage, and of each stage per one of the stage before
FINEST = 1e-12  # error of the iteration: below, more of it is rounding


@dataclass(frozen=True)
class Effort:
    """goal: stop at this gap. seconds, iterations: or after so much. where: see `halpern.backend`."""

    goal: float = 1e-4
    seconds: float = float("inf")
    iterations: int = 200_000
    where: str = ""


def solve_first_order(
    network: Network,
    scenario: Scenario,
    effort: Effort = Effort(),
) -> tuple[Model, Solution]:
    """(model, solution): a feasible plan with the pairs it uses, prices that bound every plan, and the bound.

    Stages grow longer, and pairs that gain at the prices found join, until the gap is met or the effort is
    spent. Raises SolverError where the backend is missing.
    """
    begun = time.monotonic()
    where = backend(effort.where)
    bare = bare_model(network, scenario)
    listed = count_pairs(bare.rows, network.materials) <= LISTED
    pairs = (
        find_pairs(bare.rows, network.materials)
        if listed
        else nearest_pairs(bare.rows, network.materials, PARTNERS)
    )
    approach = Approach(Bounds(bare), where, pairs, listed)
    until, stage = begun + effort.seconds, float(FIRST)
    while True:
        left = effort.iterations - approach.iterations
        approach.stage(min(int(stage), left), FINEST, until)
        stage *= GROWTH
        spent = approach.iterations >= effort.iterations or time.monotonic() >= until
        if (
            spent
            or gap_between(approach.lower, approach.upper) <= effort.goal
            or (approach.error <= FINEST and not approach.fresh)
        ):
            return _plan(approach, effort, where, time.monotonic() - begun)


def _plan(approach: Approach, effort: Effort, where: Backend, seconds: float) -> tuple[Model, Solution]:
    """What was found, with the pairs that are used, in the order in which pairs are listed."""
    bare = approach.bare
    own, pairs, shipped = approach.plan
    n, used = len(bare.plants), np.flatnonzero(shipped > 0)
    model = with_pairs(bare, chosen(pairs, used))
    x = np.concatenate([own[:n], shipped[used], own[n:]])
    price = approach.bounds.repaired(approach.best_price)
    nothing = np.zeros(len(x), dtype=bool)
    return model, Solution(
        status="feasible",
        objective=float(model.objective @ x),
        bound=approach.upper - bare.constant,
        x=x,
        row_dual=price,
        reduced=model.objective - model.matrix.T @ price,
        basic=nothing,
        row_basic=np.zeros(len(price), dtype=bool),
        iterations=approach.iterations,
        seconds=seconds,
        solver=f"restarted Halpern PDHG, {where.name}",
        options={"gap": effort.goal},
    )
