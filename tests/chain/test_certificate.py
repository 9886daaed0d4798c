"""What a certificate must not let pass: a value that no plan can have, and prices of the wrong sign."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from liantu.chain.certificate import certify, dual_bound
from liantu.chain.network_build import build_network
from liantu.chain.plan import Plan, make_plan
from liantu.data.tables import read_tables
from tests.chain.networks import flow, tables_of

FIRST = Path(__file__).parents[2] / "examples/first-city"


def mint(capacity: float = 1e-9, cap: float | None = None) -> Plan:
    """A plant that makes a good of a million million CNY a tonne."""
    resources = [
        {"id": "market", "unit": "t/y", "value": cap, "material_id": "good", "constraint_kind": "sell_cap"}
    ]
    return make_plan(
        build_network(
            tables_of(
                materials=[{"id": "good", "unit": "t", "price_mid_cny": 1e12, "external_sell": True}],
                processes=[{"id": "make", "reference_product": "good", "reference_unit": "t"}],
                process_flows=[flow("make", 1, "good", "out", 1.0)],
                facilities=[
                    {
                        "id": "mint",
                        "process_id": "make",
                        "capacity_per_year": capacity,
                        "capacity_unit": "t/y",
                        "lat": 38.0,
                        "lon": 102.0,
                    }
                ],
                resources=resources if cap is not None else [],
            )
        )
    )


def test_a_value_above_the_bound_is_no_proof() -> None:
    """A milligram makes 1000 CNY. A hundred of them are too little to show in the residual."""
    plan = mint()
    assert plan.objective == pytest.approx(1000)
    assert plan.certificate.holds
    spoiled = certify(plan.model, replace(plan.solution, x=100 * plan.solution.x))
    assert spoiled.residual < 1e-6
    assert spoiled.gap < -0.9
    assert not spoiled.holds


@pytest.mark.parametrize("factor", [-1e6, -1.0, 0.0, 0.5, 3.0, 1e6])
def test_no_prices_whatever_bring_the_bound_below_the_best_plan(factor: float) -> None:
    plan = mint(capacity=10.0, cap=4.0)
    for row in range(len(plan.solution.row_dual)):
        y = plan.solution.row_dual.copy()
        y[row] = factor * max(abs(float(y[row])), 1.0)
        assert dual_bound(plan.model, y) >= plan.solution.objective * (1 - 1e-12)
    every_row_open = replace(plan.model, row_upper=np.full(len(plan.model.row_upper), np.inf))
    assert dual_bound(every_row_open, np.full(len(plan.model.row_upper), 1e12)) >= 10e12


@pytest.mark.parametrize("level", [0.3, 1.0, 7.0])
def test_a_city_that_can_run_nothing_has_a_proof_too(level: float) -> None:
    """Its plan is worth nothing; what rounding leaves of a sum of thousands of millions is no gap."""
    tables = read_tables(FIRST)
    frames = dict(tables.frames)
    frames["materials"] = frames["materials"].with_columns(
        pl.lit(False).alias("external_buy"), pl.col("price_mid_cny") * level
    )
    plan = make_plan(build_network(replace(tables, frames=frames)))
    assert plan.objective == pytest.approx(0.0, abs=1e-6)
    assert plan.certificate.holds
