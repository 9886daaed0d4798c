"""The same sweep with one process and with two, here and on a dask cluster. Writes benchmarks/results.md.

python benchmarks/sweeps.py [plants] [scenarios] [workers ...]

Each scenario closes one plant; its plan is solved and read with its price intervals. More workers than there
are cores would say nothing: by default one and two.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from liantu.chain.network_build import build_network
from liantu.chain.scenario import Scenario
from liantu.chain.sweep import ADDRESS, Processes, crew, spread
from liantu.chain.sweep_plans import planned
from scale import put
from synthetic import nation


def main(plants: int, scenarios: int, workers: list[int]) -> None:
    network = build_network(nation(plants, materials=40))
    ids = network.plants.id[:scenarios]
    tasks = [(network, Scenario(f"without {name}", close=frozenset({name}))) for name in ids]
    begun = time.perf_counter()
    values = [p.objective for p in spread(planned, tasks, None)]
    alone = time.perf_counter() - begun
    rows = [("in this process", 1, 0.0, alone)]
    for count in workers:
        for name, start, seconds, found in (*here(tasks, count), *cluster(tasks, count)):
            assert found == values, "not the same to the last digit"
            rows.append((name, count, start, seconds))
    put("sweeps", list(lines(plants, scenarios, rows)))


def here(tasks: list[object], count: int) -> Iterator[tuple[str, float, float, list[float]]]:
    begun = time.perf_counter()
    with Processes(count) as executor:
        list(executor.map(planned, tasks[:1] * count))  # started, with all that is imported
        yield "local processes", *timed(tasks, executor, begun)


def cluster(tasks: list[object], count: int) -> Iterator[tuple[str, float, float, list[float]]]:
    try:
        from distributed import LocalCluster
    except ImportError:
        return
    begun = time.perf_counter()
    with LocalCluster(
        n_workers=count, threads_per_worker=1, dashboard_address=":0", host="127.0.0.1", silence_logs=50
    ) as made:
        os.environ[ADDRESS] = made.scheduler_address
        with crew() as executor:
            list(spread(planned, tasks[:1] * count, executor))
            yield "dask on loopback", *timed(tasks, executor, begun)
        del os.environ[ADDRESS]


def timed(tasks: list[object], executor: object, begun: float) -> tuple[float, float, list[float]]:
    """(seconds to start, seconds for the tasks, the plans' values)."""
    ready = time.perf_counter()
    values = [p.objective for p in spread(planned, tasks, executor)]
    return ready - begun, time.perf_counter() - ready, values


def lines(plants: int, scenarios: int, rows: list[tuple[str, int, float, float]]) -> Iterator[str]:
    load = os.getloadavg()[0]
    yield "## Sweeps (`benchmarks/sweeps.py`)"
    yield ""
    yield f"{scenarios} scenarios of {plants} plants, each solved and read with its price intervals, on"
    day = time.strftime("%Y-%m-%d")
    yield f"{os.cpu_count()} cores, {day}; load of the machine at the end {load:.1f} (above"
    yield "the number of cores others are at work too). The answers are the same to the last digit."
    yield "More than two workers were not measured."
    yield ""
    yield "| where | workers | start s | tasks s | times as fast as in one process |"
    yield "| --- | --- | --- | --- | --- |"
    for name, count, start, seconds in rows:
        yield f"| {name} | {count} | {start:.1f} | {seconds:.1f} | {rows[0][3] / seconds:.2f} |"


if __name__ == "__main__":
    given = [int(v) for v in sys.argv[1:]]
    main(*(given[:2] if len(given) > 1 else (300, 16)), given[2:] or [1, 2])
