"""Bounds of columns that follow from a model: every plan keeps them, and every best plan the closer ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.chain import implied
from liantu.chain.bound import Bounds
from liantu.chain.implied import best_upper, implied_upper
from liantu.chain.keys import ACTIVITY
from liantu.chain.model import Model, build_model
from liantu.chain.network_build import build_network
from liantu.chain.parts import bare_model
from liantu.chain.reduced import solve_model
from liantu.chain.scenario import Scenario
from liantu.chain.solve import program_of, solve
from liantu.data.tables import Tables
from tests.chain.networks import flow, tables_of
from tests.chain.test_plan_laws import BOTH, cities
from tests.laws import tried

FEW = tried(40)


def feasible(model: Model, seed: int) -> np.ndarray:
    """Some plan: the best one for other prices, at which what crosses costs something."""
    rng = np.random.default_rng(seed)
    other = program_of(model)
    gain = np.where(model.columns.kind == ACTIVITY, rng.uniform(0, 500, len(other.objective)), -1.0)
    return solve(replace(other, objective=gain)).x


@FEW
@given(cities, st.integers(0, 2**32 - 1))
def test_no_feasible_plan_runs_above_what_is_implied(tables: Tables, seed: int) -> None:
    model = build_model(build_network(tables), BOTH)
    x, upper = feasible(model, seed), implied_upper(model)
    runs = np.flatnonzero(model.columns.kind == ACTIVITY)
    assert np.all(x[runs] <= upper[runs] * (1 + 1e-7) + 1e-6)


@FEW
@given(cities)
def test_the_best_plan_keeps_the_closer_bounds(tables: Tables) -> None:
    network = build_network(tables)
    model = build_model(network, BOTH)
    best, upper = solve_model(model), best_upper(bare_model(network, BOTH))
    n = len(model.plants)
    assert np.all(best.x[:n] <= upper[:n] * (1 + 1e-7) + 1e-6)


def hub(local: float, *, capped: bool = False, sold: bool = True, price: float = 120.0) -> Tables:
    """A plant of 1,000,000 t that loses on each (or not, at another price) where all it needs is bought; some
    make it nearby."""
    material = {
        "unit": "t",
        "t_per_unit": 1.0,
        "transport_mode": "truck",
        "max_transport_km": 300.0,
        "transport_cost_cny_per_tkm": 0.0,
        "import_km": 0.0,
        "export_km": 0.0,
        "external_buy": True,
        "external_sell": True,
    }
    prices = {"a": 100.0, "b": price, "c": 10.0}
    rows = [
        {**material, "id": m, "price_mid_cny": p, "price_low_cny": p, "price_high_cny": p}
        for m, p in prices.items()
    ]
    rows[0] |= {"external_sell": sold, "disposal_cost_cny_per_unit": 0.0}
    if capped:
        rows[0] |= {"external_buy_cap_per_year": 40.0, "disposal_cost_cny_per_unit": None}
    plant = {"capacity_unit": "t/y", "status": "operating", "lat": 38.4, "lon": 102.1}
    return tables_of(
        materials=rows,
        processes=[
            {"id": "big", "reference_product": "b", "reference_unit": "t", "other_opex_cny_per_unit": 30.0},
            {"id": "small", "reference_product": "a", "reference_unit": "t", "other_opex_cny_per_unit": 5.0},
        ],
        process_flows=[
            flow("big", 1, "b", "out", 1.0, role="main"),
            flow("big", 2, "a", "in", 2.0),
            flow("small", 1, "a", "out", 1.0, role="main"),
            flow("small", 2, "c", "in", 1.0),
        ],
        facilities=[
            {**plant, "id": "giant", "process_id": "big", "capacity_per_year": 1e6},
            {**plant, "id": "near", "process_id": "small", "capacity_per_year": local},
            {**plant, "id": "far", "process_id": "small", "capacity_per_year": 500.0, "lat": 10.0},
        ],
    )


def test_a_plant_larger_than_all_that_feeds_it_is_bounded_by_that() -> None:
    network = build_network(hub(30.0))
    bare = bare_model(network, Scenario())
    giant = list(network.plants.id).index("giant")
    assert implied_upper(bare)[giant] == 1e6
    assert best_upper(bare)[giant] == pytest.approx(15.0)  # 30 t nearby, two of which make one


def test_a_cap_on_what_it_buys_binds_every_plan() -> None:
    network = build_network(hub(30.0, capped=True))
    bare = bare_model(network, Scenario())
    giant = list(network.plants.id).index("giant")
    assert implied_upper(bare)[giant] == pytest.approx((40 + 30 + 500) / 2)
    assert best_upper(bare)[giant] == pytest.approx(15.0)


def test_an_error_in_its_price_costs_little(monkeypatch: pytest.MonkeyPatch) -> None:
    network = build_network(hub(30.0))
    model = build_model(network, Scenario())
    best = solve_model(model)
    bare = bare_model(network, Scenario())
    price = best.row_dual - 60.0 * (
        bare.rows.uses & (bare.rows.material == list(network.materials.id).index("a"))
    )
    close = Bounds(bare).of(price) - best.objective - model.constant
    monkeypatch.setattr(implied, "HEAVY", 0)
    assert Bounds(bare).of(price) - best.objective - model.constant > 1_000 * close > 0


def test_a_small_maker_gives_way_to_a_large_user() -> None:
    network = build_network(hub(30.0, sold=False, price=300.0))
    model = build_model(network, Scenario())
    best = solve_model(model)
    bare = bare_model(network, Scenario())
    a = list(network.materials.id).index("a")
    near = bare.rows.makes & (bare.rows.material == a) & (bare.rows.lat > 30)
    excess = Bounds(bare).of(best.row_dual - 20.0 * near) - best.objective - model.constant
    assert 0 <= excess <= 20.0 * 30.0 * (1 + 1e-9)  # its own 30 t, not all that the user could use
