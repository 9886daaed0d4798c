"""A plan by a first-order method: HiGHS's worth within the proven gap, and a gap wherever it went wrong."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from liantu.chain import approach, first_order
from liantu.chain.certificate import certify
from liantu.chain.first_order import Effort, solve_first_order
from liantu.chain.halpern import Numpy, Point, backend, iterate
from liantu.chain.model import Model, build_model
from liantu.chain.network import Network
from liantu.chain.network_build import build_network
from liantu.chain.reduced import solve_model
from liantu.chain.solve import Program, Solution, solve
from liantu.errors import SolverError
from tests.chain.networks import City
from tests.chain.test_plan_laws import BOTH

GOAL = 1e-5
SEEDS = (0, 5, 7, 9, 12)  # cities in which something runs; with loops, pools, caps, shares, demand


def city(seed: int) -> tuple[Network, float]:
    """A random city and the worth of its best plan."""
    network = build_network(City(seed, plants=12, materials=6).tables())
    model = build_model(network, BOTH)
    return network, solve_model(model).objective + model.constant


def proven(model: Model, solution: Solution, best: float) -> float:
    """The gap of a plan that is feasible and whose bound is one."""
    proof = certify(model, solution)
    noise = 1e-9 * (1.0 + float(np.abs(model.objective) @ solution.x))
    assert proof.residual <= 1e-9
    assert proof.primal <= best + noise
    assert solution.bound + model.constant >= best - noise
    return (solution.bound + model.constant - proof.primal) / max(1e4, abs(proof.primal))


@pytest.mark.parametrize("seed", SEEDS)
def test_its_plan_is_the_best_within_the_gap(seed: int) -> None:
    network, best = city(seed)
    model, solution = solve_first_order(network, BOTH, Effort(GOAL, iterations=20_000, where="numpy"))
    assert proven(model, solution, best) <= GOAL
    assert abs(certify(model, solution).gap) <= GOAL  # as a plan prints it


def test_pairs_that_are_not_listed_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_order, "LISTED", 0)
    monkeypatch.setattr(first_order, "PARTNERS", 1)
    network = build_network(City(3, plants=60, materials=5).tables())
    listed = build_model(network, BOTH)
    best = solve_model(listed).objective + listed.constant
    model, solution = solve_first_order(network, BOTH, Effort(1e-4, iterations=20_000, where="numpy"))
    assert proven(model, solution, best) <= 1e-4


def test_little_effort_leaves_a_gap_and_a_plan() -> None:
    network, best = city(5)
    model, solution = solve_first_order(network, BOTH, Effort(1e-9, iterations=64, where="numpy"))
    assert proven(model, solution, best) > GOAL


@pytest.mark.parametrize(
    "spoil",
    [
        lambda p: replace(p, x=1.5 * p.x),
        lambda p: replace(p, x=p.x * np.linspace(0.2, 1.0, len(p.x))),
        lambda p: replace(p, y=p.y + 5.0),
        lambda p: replace(p, y=-p.y),
    ],
    ids=["more than there is", "less than pays", "dearer", "wrong sign"],
)
def test_what_is_spoiled_shows_as_a_gap(
    spoil: Callable[[Point], Point], monkeypatch: pytest.MonkeyPatch
) -> None:
    network, best = city(9)
    effort = Effort(GOAL, iterations=2_000, where="numpy")

    def spoiled(*given: object) -> Point:
        return spoil(iterate(*given))  # type: ignore[arg-type]

    monkeypatch.setattr(approach, "iterate", spoiled)
    model, solution = solve_first_order(network, BOTH, effort)
    assert proven(model, solution, best) > 100 * GOAL


def test_a_programme_with_all_kinds_of_rows() -> None:
    rng = np.random.default_rng(1)
    matrix = sparse.csc_matrix(rng.uniform(0.1, 2.0, (6, 9)) * (rng.random((6, 9)) < 0.6))
    middle = matrix @ rng.uniform(0, 2, 9)
    lower = np.where(np.arange(6) < 2, middle, np.where(np.arange(6) < 4, -np.inf, middle - 0.5))
    program = Program(
        matrix,
        rng.uniform(-1, 2, 9),
        lower,
        np.where(np.arange(6) == 5, np.inf, middle + (np.arange(6) >= 2)),
        np.zeros(9),
        np.full(9, 3.0),
    )
    exact = solve(program)
    found = iterate(program, Point(np.zeros(9), np.zeros(6), np.inf, 0), 1e-9, np.inf, 50_000, Numpy())
    assert found.error <= 1e-9
    assert float(program.objective @ found.x) == pytest.approx(exact.objective, rel=1e-7)
    assert found.y == pytest.approx(exact.row_dual, abs=1e-6)


def beside_numpy(where: str) -> tuple[Solution, Solution]:
    """A city's solution by numpy, and by another backend, which is proven."""
    network, best = city(7)
    here = solve_first_order(network, BOTH, Effort(GOAL, where="numpy"))
    there = solve_first_order(network, BOTH, Effort(GOAL, where=where))
    assert proven(*there, best) <= GOAL
    return here[1], there[1]


def test_on_torch_it_takes_the_same_way() -> None:
    pytest.importorskip("torch", reason="torch is not installed (liantu[gpu])")
    here, there = beside_numpy("torch:cpu")
    assert there.solver.startswith("restarted Halpern PDHG, torch")
    assert there.objective == pytest.approx(here.objective, rel=GOAL)


def test_a_backend_that_is_missing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    assert backend().name in ("numba", "numpy")
    monkeypatch.setitem(sys.modules, "liantu.chain.halpern_numba", None)
    monkeypatch.delattr("liantu.chain.halpern_numba", raising=False)
    assert backend().name == "numpy"
    for name in ("torch", "numba"):
        with pytest.raises(SolverError) as refused:
            backend(name)
        assert refused.value.code == "backend_missing"


def test_compiled_it_takes_the_same_way() -> None:
    pytest.importorskip("numba", reason="numba is not installed (liantu[scale])")
    here, there = beside_numpy("numba")
    assert there.iterations == here.iterations
    assert there.x == pytest.approx(here.x, rel=1e-9, abs=1e-6)
