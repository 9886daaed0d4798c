"""Networks unlike the benchmark: over the date line and a pole, long chains, one hub, tiny plants, ties.

Both bounds must enclose the plan of all pairs on the way, and meet in it where blocks are joined.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from liantu.chain.bound import bound_of
from liantu.chain.certificate import residual
from liantu.chain.model import build_model
from liantu.chain.network_build import build_network
from liantu.chain.parts import bare_model
from liantu.chain.reduced import solve_model
from liantu.chain.regions import Limits, solve_by_regions
from liantu.chain.scale import solution_of
from liantu.chain.scenario import Scenario
from liantu.data.tables import Tables
from tests.chain.networks import flow, tables_of

PLANTS = 160
Place = tuple[float, float]


def nation(
    steps: int,
    place: Callable[[int, np.random.Generator], Place],
    size: Callable[[int, np.random.Generator], float],
    *,
    reach: float = 300.0,
    ties: bool = False,
    seed: int = 3,
) -> Tables:
    """A chain m0 -> m1 -> ... with a by-product that goes back two steps, plants at `place`, a cap on m0."""
    rng = np.random.default_rng(seed)

    def number(low: float, high: float) -> float:
        return float(round(rng.uniform(low, high))) if ties else float(rng.uniform(low, high))

    materials = [
        {
            "id": f"m{i}",
            "unit": "t",
            "t_per_unit": 1.0,
            "transport_mode": "truck",
            "max_transport_km": reach,
            "transport_cost_cny_per_tkm": 0.25 if ties else number(0.1, 0.5),
            "price_mid_cny": 100.0 * (i + 1) if ties else 100.0 * (i + 1) * number(0.9, 1.1),
            "external_buy": True,
            "external_sell": True,
            "import_km": number(200, 600),
            "export_km": number(200, 600),
            "disposal_cost_cny_per_unit": 10.0,
        }
        for i in range(steps + 1)
    ]
    processes: list[dict[str, Any]] = []
    flows: list[dict[str, Any]] = []
    for i in range(1, steps + 1):
        name = f"r{i}"
        processes.append(
            {
                "id": name,
                "reference_product": f"m{i}",
                "reference_unit": "t",
                "other_opex_cny_per_unit": 20.0 if ties else number(0.0, 60.0),
            }
        )
        flows += [flow(name, 1, f"m{i - 1}", "in", 1.0), flow(name, 2, f"m{i}", "out", 1.0)]
        if i > 2:
            flows.append(flow(name, 3, f"m{i - 2}", "out", 0.1))
    spots = [place(f, rng) for f in range(PLANTS)]
    facilities = [
        {
            "id": f"f{f}",
            "process_id": f"r{f % steps + 1}",
            "capacity_per_year": size(f, rng),
            "capacity_unit": "t/y",
            "status": "operating",
            "lat": lat,
            "lon": lon,
        }
        for f, (lat, lon) in enumerate(spots)
    ]
    total = sum(float(row["capacity_per_year"]) for row in facilities)
    cap = {"id": "ore", "unit": "t/y", "material_id": "m0", "value": total / steps / 4}
    return tables_of(
        materials=materials,
        processes=processes,
        process_flows=flows,
        facilities=facilities,
        resources=[cap | {"constraint_kind": "buy_cap"}],
    )


def spread(_f: int, rng: np.random.Generator) -> Place:
    return float(rng.uniform(25, 45)), float(rng.uniform(85, 120))


def date_line(_f: int, rng: np.random.Generator) -> Place:
    return float(rng.uniform(60, 70)), float((rng.uniform(170, 190) + 180) % 360 - 180)


def pole(_f: int, rng: np.random.Generator) -> Place:
    return float(rng.uniform(86, 90)), float(rng.uniform(-180, 180))


def one_spot(_f: int, _rng: np.random.Generator) -> Place:
    return 35.0, 105.0


def any_size(_f: int, rng: np.random.Generator) -> float:
    return float(1000 * (1 + rng.pareto(1.2)))


def one_giant(f: int, rng: np.random.Generator) -> float:
    return 1e7 if f == 0 else any_size(f, rng)


def tiny(f: int, rng: np.random.Generator) -> float:
    return any_size(f, rng) if f % 20 == 0 else float(rng.uniform(1e-4, 1e-1))


ODD = {
    "spread": lambda: nation(5, spread, any_size),
    "date line": lambda: nation(5, date_line, any_size),
    "pole": lambda: nation(5, pole, any_size),
    "one spot": lambda: nation(4, one_spot, any_size),
    "long chain": lambda: nation(40, spread, any_size, reach=3000.0),
    "one giant": lambda: nation(5, spread, one_giant, reach=1500.0),
    "tiny plants": lambda: nation(5, spread, tiny, reach=1500.0),
    "ties": lambda: nation(5, spread, lambda _f, _rng: 1000.0, ties=True),
    "no reach": lambda: nation(5, spread, any_size, reach=1.0),
}


NEAR = {"spread", "one giant", "tiny plants", "no reach"}
"""Where blocks that stay apart come near the best plan soon; elsewhere all plants stand at every border."""


@pytest.mark.parametrize("kind", ODD)
@pytest.mark.parametrize("joined", [True, False])
def test_bounds_enclose_the_plan_of_all_pairs(kind: str, joined: bool) -> None:
    network = build_network(ODD[kind]())
    every = build_model(network, Scenario())
    best = solve_model(every)
    value, money = best.objective + every.constant, 1.0 + float(np.abs(every.objective) @ best.x)
    rounding = 1e-7 * money
    told: list[tuple[float, float]] = []
    goal = 1e-9 if joined else 1e-3 if kind in NEAR else 0.5
    limits = Limits(goal=goal, leaf=12, largest=60, whole=1000 if joined else 60)
    found = solve_by_regions(network, Scenario(), limits, progress=lambda _n, *both: told.append(both))
    assert found.state.gap <= goal
    assert all(low - rounding <= value <= high + rounding for low, high in told)
    model, solution = solution_of(found, limits, 0.0)
    assert residual(model, solution.x) <= 1e-6
    assert float(model.objective @ solution.x) + model.constant == pytest.approx(found.state.lower, rel=1e-9)
    bound = bound_of(bare_model(network, Scenario()), solution.row_dual)
    assert value - rounding <= bound <= found.state.upper + rounding
