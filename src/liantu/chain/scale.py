"""How a scenario is solved, by the size of its network: with all pairs listed, or by regions."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

import numpy as np

from liantu.chain.model import Model, build_model
from liantu.chain.network import Network
from liantu.chain.pairs import Pairs, chosen
from liantu.chain.parts import bare_model, with_pairs
from liantu.chain.pricing import LISTED_PAIRS, count_pairs
from liantu.chain.reduced import solve_model
from liantu.chain.regions import Limits, Regional, Told, solve_by_regions
from liantu.chain.scenario import Scenario
from liantu.chain.solve import Solution, solver_name

MANY = 25_000  # plants above which blocks that are joined are done sooner than one programme with all pairs

SolveLarge = Callable[[Network, Scenario], tuple[Model, Solution]]


def solve_large(
    network: Network,
    scenario: Scenario,
    limits: Limits = Limits(),  # noqa: B008 (frozen)
    executor: Executor | None = None,
    progress: Told | None = None,
    saved: Path | None = None,
) -> tuple[Model, Solution]:
    """(model, solution) with the shipments that are used; see `regions.solve_by_regions`.

    The row prices are those of the tightest bound found, at which no pair within reach gains: they bound
    every plan, whatever its shipments. Raises InputError and SolverError as `solve_by_regions` does.
    """
    start = time.monotonic()
    found = solve_by_regions(network, scenario, limits, executor, progress, saved)
    return solution_of(found, limits, time.monotonic() - start)


def solution_of(found: Regional, limits: Limits, seconds: float) -> tuple[Model, Solution]:
    """A plan by regions as a model that lists the pairs it uses, and the solution of that model."""
    bare, plan = found.bare, found.state.found
    used = np.flatnonzero((plan.shipped > 0) | plan.shipped_basic)
    used = used[_order(bare, chosen(plan.pairs, used))]
    model = with_pairs(bare, chosen(plan.pairs, used))
    n = len(bare.plants)
    x = np.concatenate([plan.x[:n], plan.shipped[used], plan.x[n:]])
    basic = np.concatenate([plan.basic[:n], plan.shipped_basic[used], plan.basic[n:]])
    solution = Solution(
        status="optimal" if found.whole else "feasible",
        objective=found.state.lower - bare.constant,
        bound=found.state.upper - bare.constant,
        x=x,
        row_dual=found.price,
        reduced=model.objective - model.matrix.T @ found.price,
        basic=basic,
        row_basic=plan.row_basic,
        iterations=plan.iterations,
        seconds=seconds,
        solver=solver_name(),
        options={"gap": limits.goal, "regions": found.state.step},
    )
    return model, solution


def _order(bare: Model, pairs: Pairs) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """By material, source and target, as listed pairs are."""
    return np.lexsort((pairs.target, pairs.source, bare.rows.material[pairs.source]))


def solve_scenario(
    network: Network, scenario: Scenario, solve_large: SolveLarge = solve_large
) -> tuple[Model, Solution]:
    """The model and its solution, with all pairs listed where there are few enough of them and of plants."""
    if may_be_large(network):
        bare = bare_model(network, scenario)
        if len(bare.plants) > MANY or count_pairs(bare.rows, network.materials) > LISTED_PAIRS:
            return solve_large(network, scenario)
    model = build_model(network, scenario)
    return model, solve_model(model)


def lists_all(solution: Solution) -> bool:
    """Whether its model lists every pair within reach: a solution that went for a gap lists those it uses."""
    return "gap" not in solution.options


def may_be_large(network: Network) -> bool:
    """Whether a scenario of it may have more plants, or more pairs, than go into one programme at once."""
    return len(network.plants.id) > MANY or network.most_pairs > LISTED_PAIRS
