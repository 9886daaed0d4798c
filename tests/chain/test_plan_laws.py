"""The plan against a plain reference, and the laws of linear programming, on Jinchang and random cities."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.chain.certificate import dual_bound, residual
from liantu.chain.implied import implied_upper
from liantu.chain.keys import SHIP
from liantu.chain.model import build_model
from liantu.chain.network_build import build_network
from liantu.chain.plan import Plan, make_plan
from liantu.chain.prices import best_offers, price_intervals
from liantu.chain.reduced import find_reduction, solve_model
from liantu.chain.scenario import Scenario
from liantu.chain.solve import program_of, solve
from liantu.data.tables import Tables, read_tables
from tests.chain.networks import City, flow, tables_of
from tests.chain.reference import Reference
from tests.laws import tried

JINCHANG = Path(__file__).parents[2] / "examples" / "jinchang"
LAWS = tried(60)
cities = st.builds(
    City,
    seed=st.integers(0, 2**32 - 1),
    plants=st.integers(1, 9),
    materials=st.integers(2, 9),
    ties=st.booleans(),
).map(City.tables)
BOTH = Scenario(add=frozenset({"k0", "k1"}))


def close(a: float, b: float, scale: float = 1.0) -> bool:
    return abs(a - b) <= 1e-7 * max(1.0, abs(a), abs(b), scale)


def turnover(plan: Plan) -> float:
    """Gross money of the plan: the scale against which rounding is judged."""
    return float(np.abs(plan.model.objective) @ plan.solution.x) + abs(plan.model.constant)


@tried(300)
@given(cities)
def test_the_value_is_that_of_the_reference(tables: Tables) -> None:
    plan = make_plan(build_network(tables), BOTH)
    assert close(plan.objective, Reference(tables, add=("k0", "k1")).solve(), turnover(plan))


@pytest.mark.parametrize(
    "add", [(), ("c_ticl4_500", "c_tio2_chloride"), ("c_rutile_copperas", "c_fepo4", "c_ppa", "c_lfp")]
)
def test_jinchang_has_the_value_of_the_reference(add: tuple[str, ...]) -> None:
    tables = read_tables(JINCHANG)
    plan = make_plan(build_network(tables), Scenario(add=frozenset(add)))
    expected = Reference(tables, add=add).solve()
    assert abs(plan.objective - expected) <= 1e-7 * abs(expected)
    assert plan.certificate.holds


@tried(200)
@given(cities)
def test_the_reduced_form_is_the_plain_form(tables: Tables) -> None:
    model = build_model(build_network(tables), BOTH)
    plain, reduced = solve(program_of(model)), solve_model(model)
    assert abs(plain.objective - reduced.objective) <= 1e-9 * (1 + np.abs(model.objective) @ plain.x)
    assert residual(model, reduced.x) <= 1e-9
    assert dual_bound(model, reduced.row_dual) - reduced.objective <= 1e-7 * (
        1 + np.abs(model.objective) @ reduced.x
    )
    assert reduced.basic.sum() + reduced.row_basic.sum() == len(model.row_lower)


def test_a_pair_that_cannot_pay_is_not_listed() -> None:
    """Goods sell at 100 and are bought at 120; a tonne-kilometre costs 1: 19 km pay, 21 do not."""
    goods = {"unit": "t", "t_per_unit": 1.0, "transport_cost_cny_per_tkm": 1.0, "external_sell": True}
    tables = tables_of(
        materials=[
            {"id": "goods", "price_mid_cny": 100.0, "external_buy": True, "import_km": 20.0, **goods},
            {"id": "thing", "price_mid_cny": 900.0, **goods},
        ],
        processes=[
            {"id": p, "reference_product": m, "reference_unit": "t"}
            for p, m in (("make", "goods"), ("use", "thing"))
        ],
        process_flows=[
            flow("make", 1, "goods", "out", 1.0),
            flow("use", 1, "goods", "in", 1.0),
            flow("use", 2, "thing", "out", 1.0),
        ],
        facilities=[
            {
                "id": name,
                "process_id": process,
                "capacity_per_year": 9.0,
                "capacity_unit": "t/y",
                "status": "operating",
                "lat": 38.0 + km / 111.195,
                "lon": 102.0,
            }
            for name, process, km in (("maker", "make", 0.0), ("near", "use", 19.0), ("far", "use", 21.0))
        ],
    )
    model = build_model(build_network(tables), Scenario())
    ships = np.flatnonzero(model.columns.kind == SHIP)
    kept = {model.rows.place[model.columns.target[j]]: bool(find_reduction(model).keep[j]) for j in ships}
    assert kept == {"near": True, "far": False}
    plan = make_plan(model.network)
    assert [(s.source, s.target, s.quantity) for s in plan.shipments] == [
        ("maker", "near", pytest.approx(9.0))
    ]
    assert plan.objective == pytest.approx(9 * (900 - 19) + 9 * (900 - 120))


@LAWS
@given(cities)
def test_what_enters_a_place_leaves_it(tables: Tables) -> None:
    plan = make_plan(build_network(tables), BOTH)
    assert residual(plan.model, plan.solution.x) <= 1e-7
    balance: dict[tuple[str, str], float] = {}

    def book(place: str, material: str, amount: float) -> None:
        pool = plan.network.materials.pool[plan.network.materials.index[material]]
        plant = plan.network.plants.index.get(place)
        if pool and plant is not None:
            place = "city" if pool == "city" else f"park:{plan.network.plants.park[plant]}"
        balance[place, material] = balance.get((place, material), 0.0) + amount

    for p in plan.plants:
        recipe = plan.network.recipes.flow[plan.network.recipes.index[p.recipe]].tocoo()
        for m, a in zip(recipe.col, recipe.data, strict=True):
            book(p.id, plan.network.materials.id[m], a * p.activity)
    for s in plan.shipments:
        book(s.source, s.material, -s.quantity)
        book(s.target, s.material, s.quantity)
    for c in plan.crossings:
        if c.kind != "vent":
            book(c.place, c.material, c.quantity if c.kind in ("buy", "short") else -c.quantity)
    for d, row in zip(plan.model.settings.demands, plan.model.demand_row, strict=True):
        book(plan.model.rows.place[row], plan.network.materials.id[d.material], -d.quantity)
    scale = 1.0 + float(np.max(plan.solution.x, initial=0.0))
    assert all(abs(v) <= 1e-6 * scale for v in balance.values()), balance


@LAWS
@given(cities)
def test_strong_duality_and_complementary_slackness(tables: Tables) -> None:
    plan = make_plan(build_network(tables), BOTH)
    model, x, y = plan.model, plan.solution.x, plan.solution.row_dual
    money = 1.0 + turnover(plan)
    assert abs(dual_bound(model, y) - model.objective @ x) <= 1e-7 * money
    reduced = model.objective - model.matrix.T @ y
    bound = np.where(np.isfinite(model.column_upper), model.column_upper, implied_upper(model))
    assert np.all(np.abs(np.minimum(reduced, 0.0) * x) <= 1e-6 * money)
    assert np.all(np.maximum(reduced, 0.0) * np.maximum(bound - x, 0.0) <= 1e-6 * money)
    slack = np.where(np.isfinite(model.row_upper), model.row_upper - model.matrix @ x, 0.0)
    assert np.all(np.abs(y * slack) <= 1e-6 * money)


@LAWS
@given(cities, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(tables: Tables, random) -> None:
    shuffled = {}
    for name, frame in tables.frames.items():
        order = list(range(len(frame)))
        random.shuffle(order)
        shuffled[name] = frame[order] if order else frame
    a, b = (
        make_plan(build_network(tables), BOTH),
        make_plan(build_network(replace(tables, frames=shuffled)), BOTH),
    )
    assert close(a.objective, b.objective, turnover(a))
    assert a.certificate.digest == b.certificate.digest


MONEY = {
    "materials": (
        "transport_cost_cny_per_tkm",
        "price_low_cny",
        "price_mid_cny",
        "price_high_cny",
        "disposal_cost_cny_per_unit",
    ),
    "processes": ("other_opex_cny_per_unit", "capex_cny_per_unit_year"),
    "candidates": ("capex_total_cny", "capex_cny_per_unit_year"),
    "demands": ("penalty_cny_per_unit",),
    "transports": ("transport_cost_cny_per_tkm", "loading_cost_cny_per_t"),
}


def ten_times(tables: Tables) -> Tables:
    frames = dict(tables.frames)
    for name, columns in MONEY.items():
        frames[name] = frames[name].with_columns(pl.col(c) * 10 for c in columns)
    priced = (
        pl.when(pl.col("constraint_kind") == "price").then(pl.col("value") * 10).otherwise(pl.col("value"))
    )
    frames["resources"] = frames["resources"].with_columns(priced.alias("value"))
    return replace(tables, frames=frames)


@LAWS
@given(cities)
def test_ten_times_the_prices_is_ten_times_the_plan(tables: Tables) -> None:
    a, b = make_plan(build_network(tables), BOTH), make_plan(build_network(ten_times(tables)), BOTH)
    assert close(10 * a.objective, b.objective, 10 * turnover(a))


@LAWS
@given(cities)
def test_margins_add_up_to_the_total(tables: Tables) -> None:
    plan = make_plan(build_network(tables), BOTH)
    for part in (plan.margins.place, plan.margins.chain, plan.margins.enterprise):
        assert close(sum(part.values()), plan.objective, turnover(plan))
    assert close(plan.margins.total, plan.objective, turnover(plan))


@tried(40)
@given(cities, st.data())
def test_a_price_interval_is_what_one_more_and_one_less_unit_are_worth(
    tables: Tables, data: st.DataObject
) -> None:
    """Both ends against finite differences of the optimal value itself."""
    plan = make_plan(build_network(tables))
    model = plan.model
    if not len(model.row_upper):
        return
    i = data.draw(st.integers(0, len(model.row_upper) - 1))
    step = 1e-3

    def value(change: float) -> float | None:
        lower, upper = model.row_lower.copy(), model.row_upper.copy()
        lower[i], upper[i] = lower[i] + change, upper[i] + change
        from liantu.errors import SolverError

        try:
            return solve_model(replace(model, row_lower=lower, row_upper=upper)).objective
        except SolverError:
            return None

    base, more, less = plan.solution.objective, value(step), value(-step)
    low, high = plan.intervals.row[i]
    tolerance = 1e-3 * (1 + abs(base)) * 1e-3 + 0.05 * (1 + min(abs(low), 1e6) + min(abs(high), 1e6))
    if more is None:
        assert low == -np.inf
    elif np.isfinite(low):
        assert (more - base) / step <= low + tolerance
    if less is None:
        assert high == np.inf
    elif np.isfinite(high):
        assert (base - less) / step >= high - tolerance
    if more is not None and less is not None:
        assert (more - base) / step <= (base - less) / step + tolerance


@LAWS
@given(cities)
def test_the_best_offers_enclose_every_price_and_meet_where_a_material_is_traded(tables: Tables) -> None:
    plan = make_plan(build_network(tables), BOTH)
    model, x, y = plan.model, plan.solution.x, plan.solution.row_dual
    offers = best_offers(model, y)
    slack = 1e-6 * (1 + np.abs(y))
    assert np.all(offers[:, 0] <= y + slack)
    assert np.all(offers[:, 1] >= y - slack)
    for ends, side in ((model.columns.source, 0), (model.columns.target, 1)):
        traded = ends[(ends >= 0) & (x > 1e-6 * (1 + np.max(x)))]
        assert np.allclose(offers[traded, side], y[traded], rtol=1e-6, atol=1e-4)


def test_a_network_too_large_for_the_face_says_so() -> None:
    model = build_model(build_network(read_tables(JINCHANG)), Scenario())
    intervals = price_intervals(model, solve_model(model), max_work=0)
    assert not intervals.exact


def test_a_spoiled_plan_or_wrong_prices_show_in_the_certificate() -> None:
    plan = make_plan(build_network(read_tables(JINCHANG)))
    x, y = plan.solution.x.copy(), plan.solution.row_dual.copy()
    assert plan.certificate.holds
    busiest = int(np.argmax(np.where(plan.model.columns.kind == 1, x, 0.0)))
    x[busiest] *= 1.01
    assert residual(plan.model, x) > 1e-4
    y[int(np.argmax(np.abs(y)))] *= 1.1
    assert dual_bound(plan.model, y) > plan.solution.objective * (1 + 1e-6)


def test_the_model_is_small_work_beside_its_solution() -> None:
    """The same model is built whatever candidates are shut, and holds no pair out of range."""
    network = build_network(read_tables(JINCHANG))
    model = build_model(network, Scenario())
    ships = model.columns.kind == 1
    assert np.all(model.columns.km[ships] <= network.materials.max_km[model.columns.material[ships]])
    assert ships.sum() > 100
