"""Sweeps over processes: the answers of one process, and a death that costs one task."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest

from liantu.chain import gaps, sweep
from liantu.chain.gap_proof import Prover
from liantu.chain.network import Network
from liantu.chain.network_build import build_network
from liantu.chain.plan import Plan, make_plan, solve_scenario
from liantu.chain.regions import Limits, Regional, solve_by_regions
from liantu.chain.scenario import Scenario
from liantu.chain.solve import Solution
from liantu.chain.sweep import Processes, crew, spread
from liantu.chain.sweep_plans import make_plans
from liantu.errors import InputError, LiantuError, Problem, SolverError
from tests.chain.networks import City

JOINED = Limits(goal=-1.0, leaf=6, together=2)  # blocks of blocks, until one holds all


@pytest.fixture(scope="module")
def network() -> Network:
    return build_network(City(3, plants=20, materials=5).tables())


@pytest.fixture(scope="module")
def scenarios(network: Network) -> list[Scenario]:
    return [Scenario(f"s{k}", close=frozenset({network.plants.id[k]})) for k in range(8)]


@pytest.fixture(scope="module")
def processes() -> Iterator[Processes]:
    executor = Processes(2)
    yield executor
    executor.shutdown()


def noted(asked: tuple[Network, Path, Scenario]) -> Solution:
    """A solved scenario, and a line in a file of its own about who solved it."""
    network, folder, scenario = asked
    with (folder / scenario.name).open("a") as file:
        file.write(f"{os.getpid()}\n")
    time.sleep(0.1)  # so that a death finds somebody at work
    return solve_scenario(network, scenario)[1]


def same(a: Solution, b: Solution) -> bool:
    """To the last digit."""
    return bool(np.array_equal(a.x, b.x)) and bool(np.array_equal(a.row_dual, b.row_dual))


def same_plans(a: Plan, b: Plan) -> bool:
    """To the last digit."""
    names = ("plants", "shipments", "crossings", "prices", "caps", "margins")
    return same(a.solution, b.solution) and all(getattr(a, k) == getattr(b, k) for k in names)


def survives(executor: Executor, network: Network, asked: list[Scenario], folder: Path) -> None:
    """One process dies in the middle: the same answers, and only what it had in hand was done twice (the task
    at work, and one whose answer was on its way); what the others did was done once."""
    found = spread(noted, [(network, folder, s) for s in asked], executor)
    solved = [next(found)]
    until = time.monotonic() + 30
    while len(at_work := {pid for run in runs_of(asked, folder) for pid in run}) < 2:
        assert time.monotonic() < until, "one process does everything"
        time.sleep(0.01)
    dead = sorted(at_work)[-1]
    os.kill(int(dead), signal.SIGKILL)
    solved += found
    assert all(same(one, solve_scenario(network, s)[1]) for one, s in zip(solved, asked, strict=True))
    runs = runs_of(asked, folder)
    assert all(len(run) == 1 or (len(run) == 2 and run[0] == dead) for run in runs)


def runs_of(asked: list[Scenario], folder: Path) -> list[list[str]]:
    """The processes that began each scenario."""
    files = [folder / s.name for s in asked]
    return [file.read_text().split() if file.exists() else [] for file in files]


def same_regions(a: Regional, b: Regional) -> bool:
    one, two = a.state, b.state
    return (one.lower, one.upper, one.step) == (two.lower, two.upper, two.step) and all(
        np.array_equal(getattr(one.found, k), getattr(two.found, k)) for k in ("x", "shipped", "price")
    )


def test_a_process_that_is_killed_costs_its_task(
    processes: Processes, network: Network, scenarios: list[Scenario], tmp_path: Path
) -> None:
    survives(processes, network, scenarios, tmp_path)


def test_regions_are_the_same_in_other_processes(processes: Processes, network: Network) -> None:
    alone = solve_by_regions(network, Scenario(), JOINED)
    assert alone.state.step >= 2
    assert same_regions(alone, solve_by_regions(network, Scenario(), JOINED, processes))


def test_gaps_are_the_same_in_other_processes(processes: Processes, monkeypatch: pytest.MonkeyPatch) -> None:
    network = build_network(City(0, plants=20, materials=5).tables())
    alone = gaps.find_gaps(network)
    helped: list[Executor | None] = []

    def counted(*args: object) -> Iterator[object]:
        helped.append(args[2])  # type: ignore[arg-type]
        return spread(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(sweep, "START", 0.0)  # every process pays
    monkeypatch.setattr(sweep, "crew", lambda _workers, pays: nullcontext(processes if pays else None))
    monkeypatch.setattr(sweep, "spread", counted)
    assert gaps.find_gaps(network) == alone
    assert helped == [processes, processes]


def test_what_is_proved_does_not_depend_on_what_was_asked_before(network: Network) -> None:
    sets = [frozenset({f}) for f in np.flatnonzero(network.plants.is_candidate).tolist()]
    sets += [a | b for a in sets for b in sets if a != b]
    one, two = Prover(network, Scenario()), Prover(network, Scenario())
    forth = {s: one.state(s) for s in sets}
    back = {s: two.state(s) for s in reversed(sets)}
    assert len(sets) > 2
    for s in sets:
        assert forth[s].value == back[s].value
        assert np.array_equal(forth[s].activity, back[s].activity)


def die(_: int) -> None:
    os._exit(1)


def refuse(code: str) -> None:
    if code == "input":
        raise InputError([Problem("a.csv", 2, "b", "c", "d", "e", "f")])
    raise SolverError(code, status="odd")


def unsendable(_: int) -> object:
    return lambda: 0


def test_what_fails_there_fails_here(processes: Processes) -> None:
    for code in ("input", "not_optimal"):
        with pytest.raises(LiantuError) as alone:
            refuse(code)
        with pytest.raises(type(alone.value)) as there:
            list(spread(refuse, [code], processes))
        assert str(there.value) == str(alone.value)
        assert vars(there.value) == vars(alone.value)
    with pytest.raises((AttributeError, RuntimeError), match="pickle"):
        list(spread(unsendable, [0], processes))


def test_a_task_that_kills_its_process_is_given_up_and_the_others_go_on(
    processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "ATTEMPTS", 2)
    doomed, well = processes.submit(die, 0), processes.submit(os.path.basename, "a/b")
    with pytest.raises(SolverError) as given_up:
        doomed.result()
    assert given_up.value.code == "worker_died"
    assert well.result() == "b"


def test_a_script_without_a_guard_may_sweep() -> None:
    script = (
        "from liantu.chain.sweep import crew, spread\n"
        "import operator\n"
        "with crew(2) as executor:\n"
        "    print(list(spread(operator.neg, [1, 2], executor)))\n"
    )
    done = subprocess.run([sys.executable, "-"], input=script, capture_output=True, text=True, check=True)
    assert done.stdout == "[-1, -2]\n"


def test_one_process_or_little_work_needs_no_crew() -> None:
    with crew(1) as executor:
        assert executor is None
    with crew(4, pays=False) as executor:
        assert executor is None


def test_a_two_worker_cluster_survives_a_death(
    network: Network, scenarios: list[Scenario], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    distributed = pytest.importorskip(
        "distributed", reason="dask.distributed is not installed (liantu[scale])"
    )
    alone = solve_by_regions(network, Scenario(), JOINED)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=":0", host="127.0.0.1", silence_logs=50
    ) as cluster:
        monkeypatch.setenv("LIANTU_DASK", cluster.scheduler_address)
        with crew() as executor:
            assert executor is not None
            survives(executor, network, scenarios, tmp_path)
            assert same_regions(alone, solve_by_regions(network, Scenario(), JOINED, executor))
            with pytest.raises(SolverError) as failed:
                list(spread(refuse, ["not_optimal"], executor))
            assert failed.value.params == {"status": "odd"}
        plans = list(make_plans([(network, s) for s in scenarios[:2]]))
        assert all(same_plans(p, make_plan(network, s)) for p, s in zip(plans, scenarios[:2], strict=True))
        monkeypatch.setattr(sweep, "held", lambda _names: f"liantu of process {os.getpid()}")
        with pytest.raises(InputError) as refused, crew():
            pass
        assert {p.code for p in refused.value.problems} == {"cluster_differs"}


def test_a_cluster_that_does_not_answer_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="dask.distributed is not installed (liantu[scale])")
    monkeypatch.setattr(sweep, "PATIENCE", 0.3)
    monkeypatch.setenv("LIANTU_DASK", "tcp://127.0.0.1:1")
    with pytest.raises(InputError) as refused, crew():
        pass
    assert [p.code for p in refused.value.problems] == ["cluster_unreachable"]
