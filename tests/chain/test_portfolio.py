"""Choosing candidates together: small cities worked by hand, and Jinchang."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from liantu.chain.network import Network
from liantu.chain.network_build import build_network
from liantu.chain.plan import make_plan
from liantu.chain.portfolio import Room, choose_portfolio, portfolio_scenario
from liantu.chain.scenario import Scenario
from liantu.data.tables import read_tables
from liantu.errors import InputError
from tests.chain.networks import flow, tables_of

JINCHANG = Path(__file__).parents[2] / "examples" / "jinchang"


def material(name: str, price: float, **more: Any) -> dict[str, Any]:
    return {"id": name, "unit": "t", "price_mid_cny": price, "transport_mode": "truck", **more}


def candidate(
    name: str, process: str, scale: float = 100.0, capital: float = 10_000.0, **more: Any
) -> dict[str, Any]:
    row = {"id": name, "process_id": process, "typical_scale": scale, "capex_total_cny": capital}
    return {**row, "suggested_park_id": "p", "link_type": "补链", "land_ha": 1.0, **more}


def city(candidates: list[dict[str, Any]], **more: Any) -> Network:
    """Ore, bought at 10, is made into `mid`, which no one sells, and mid into `good`, which sells at 50;
    `side` is made of ore and sells at 30. Capital is charged at 10 % a year."""
    rows: dict[str, Any] = {
        "materials": [
            material("ore", 10.0, external_buy=True),
            material("mid", 20.0),
            material("good", 50.0, external_sell=True),
            material("side", 30.0, external_sell=True),
        ],
        "processes": [
            {"id": "refine", "reference_product": "mid", "reference_unit": "t"},
            {"id": "finish", "reference_product": "good", "reference_unit": "t"},
            {"id": "divert", "reference_product": "side", "reference_unit": "t"},
        ],
        "process_flows": [
            flow("refine", 1, "ore", "in", 1.0), flow("refine", 2, "mid", "out", 1.0, role="main"),
            flow("finish", 1, "mid", "in", 1.0), flow("finish", 2, "good", "out", 1.0, role="main"),
            flow("divert", 1, "ore", "in", 1.0), flow("divert", 2, "side", "out", 1.0, role="main"),
        ],
        "facilities": [],
        "parks": [{"id": "p", "lat": 38.5, "lon": 102.2}],
        "parameters": [{"id": "capital_charge_rate", "value": 0.1}],
    }  # fmt: skip
    return build_network(tables_of(**{**rows, "candidates": candidates, **more}))


PAIR = [candidate("c_mid", "refine", works_best_with="c_good"), candidate("c_good", "finish")]


def test_partners_are_found_together_though_each_alone_loses() -> None:
    result = choose_portfolio(city(PAIR), runners_up=2)
    assert result.worth_cny_per_year == pytest.approx(100 * (50 - 10) - 2 * 1000)
    assert result.bound_cny_per_year == pytest.approx(result.worth_cny_per_year)
    assert result.proven
    assert {c.id: c.marginal_cny_per_year for c in result.chosen} == pytest.approx(
        {"c_mid": 3000, "c_good": 3000}
    )
    assert result.partners_apart == ()
    empty = result.runners_up[0]  # either alone could not run: the only other choice is none
    assert (empty.candidates, empty.loss_cny_per_year) == ((), pytest.approx(2000))
    assert len(result.runners_up) == 1


def test_a_partner_that_is_not_worth_it_stays_apart_and_is_named() -> None:
    poor = candidate("c_side", "divert", capital=500_000.0)
    rich = candidate("c_mid", "refine", works_best_with="c_side;c_good")
    result = choose_portfolio(city([poor, rich, PAIR[1]]))
    assert [c.id for c in result.chosen] == ["c_good", "c_mid"]
    assert [(p.chosen, p.partner) for p in result.partners_apart] == [("c_mid", "c_side")]
    assert result.partners_apart[0].added_cny_per_year == pytest.approx(100 * 20 - 50_000)
    assert [(left.id, left.fits) for left in result.left_out] == [("c_side", True)]


def test_a_size_between_smallest_and_full_costs_capital_and_land_in_proportion() -> None:
    side = candidate("c_side", "divert", min_scale=20.0)
    cap = {"id": "market", "unit": "t/y", "value": 60.0, "material_id": "side", "constraint_kind": "sell_cap"}
    result = choose_portfolio(city([side], resources=[cap]))
    (chosen,) = result.chosen
    assert chosen.size == pytest.approx(60)
    assert chosen.load == pytest.approx(1)
    assert (chosen.capital_cny, chosen.land_ha) == (pytest.approx(6000), pytest.approx(0.6))
    assert result.worth_cny_per_year == pytest.approx(60 * 20 - 600)
    assert next(u for u in result.limits if u.id == "market").binds


def test_below_the_smallest_size_it_is_built_at_that_size_or_not_at_all() -> None:
    side = candidate("c_side", "divert", capital=20_000.0, min_scale=20.0)
    cap = {"id": "market", "unit": "t/y", "value": 19.0, "material_id": "side", "constraint_kind": "sell_cap"}
    less = {**cap, "value": 18.0}
    small = choose_portfolio(city([{**side, "capex_total_cny": 18_500.0}], resources=[cap]))
    assert small.chosen[0].size == pytest.approx(20)
    assert small.worth_cny_per_year == pytest.approx(19 * 20 - 370)
    none = choose_portfolio(city([side], resources=[less]))
    assert none.chosen == ()
    assert none.worth_cny_per_year == pytest.approx(0)
    assert none.proven


def test_a_budget_for_one_pays_for_the_better_and_has_a_price() -> None:
    pair = [candidate("c_side", "divert"), candidate("c_side2", "divert", scale=120.0, capital=11_000.0)]
    result = choose_portfolio(city(pair), room=Room(capital_cny=20_000.0), budgets=[5_000, 10_500, 25_000])
    assert [c.id for c in result.chosen] == ["c_side2"]
    budget = result.limits[0]
    assert (budget.id, budget.used, budget.limit) == ("capital", pytest.approx(11_000), 20_000)
    gain = 100 * 20 - 1000
    assert budget.binds
    assert budget.price_low == pytest.approx(gain / budget.step)  # 2000 more would pay for both
    assert [p.worth_cny_per_year for p in result.frontier] == pytest.approx([0, 1000, 1000 + 1300])
    assert [p.candidates for p in result.frontier] == [(), ("c_side",), ("c_side", "c_side2")]


def test_the_land_cap_holds_and_land_that_a_scenario_takes_counts() -> None:
    pair = [candidate("c_side", "divert"), candidate("c_side2", "divert", scale=120.0, capital=11_000.0)]
    land = {"id": "land", "unit": "ha", "value": 1.5, "constraint_kind": "land_cap"}
    network = city(pair, resources=[land])
    free = choose_portfolio(network)
    assert [c.id for c in free.chosen] == ["c_side2"]
    assert [left.fits for left in free.left_out] == [False]
    taken = choose_portfolio(network, Scenario(add=frozenset({"c_side"})))
    assert taken.chosen == ()
    assert taken.limits[0].used == pytest.approx(1.0)
    roomy = choose_portfolio(city(pair), room=Room(land_ha=1.0))
    assert [c.id for c in roomy.chosen] == ["c_side2"]


LEAN = {
    "processes": [
        {"id": "divert", "reference_product": "side", "reference_unit": "t"},
        {"id": "lean", "reference_product": "side", "reference_unit": "t"},
    ],
    "process_flows": [
        flow("divert", 1, "ore", "in", 1.0), flow("divert", 2, "side", "out", 1.0, role="main"),
        flow("lean", 1, "ore", "in", 0.2), flow("lean", 2, "side", "out", 1.0, role="main"),
    ],
}  # fmt: skip


def test_a_retrofit_takes_over_the_capacity_of_its_host() -> None:
    """A tonne of side brings 20 as it stands and 28 with the retrofit, 100 t a year in all."""
    plant = {
        "id": "f",
        "process_id": "divert",
        "capacity_per_year": 100.0,
        "capacity_unit": "t/y",
        "park_id": "p",
    }
    retrofit = candidate("c_lean", "lean", capital=1000.0, shares_capacity_with_facility="f")
    result = choose_portfolio(city([retrofit], facilities=[plant], **LEAN))
    assert result.base_cny == pytest.approx(100 * 20)
    assert result.worth_cny_per_year == pytest.approx(100 * 8 - 100)
    assert result.chosen[0].load == pytest.approx(1.0)


def test_a_retrofit_of_a_candidate_needs_that_candidate() -> None:
    host = candidate("c_host", "divert", capital=10_000.0)
    retrofit = candidate("c_lean", "lean", capital=1000.0, shares_capacity_with_facility="c_host")
    both = choose_portfolio(city([host, retrofit], **LEAN), runners_up=3)
    assert both.worth_cny_per_year == pytest.approx(100 * 28 - 1100)
    assert [set(r.candidates) for r in both.runners_up] == [{"c_host"}, set()]
    poor = choose_portfolio(city([host, retrofit], **LEAN), room=Room(capital_cny=2000.0))
    assert poor.chosen == ()


def test_rooms_hold_for_the_whole_city_and_are_priced() -> None:
    water = material("water", 1.0, formula="H2O", external_buy=True)
    co2 = material("co2", 0.0, formula="CO2", transport_mode="none", disposal_cost_cny_per_unit=0.0)
    coal = material("coal", 5.0, external_buy=True, tce_per_unit=0.7)
    more = [flow("divert", 3, "water", "in", 2.0), flow("divert", 4, "coal", "in", 0.5),
            flow("divert", 5, "co2", "out", 0.9, role="emission")]  # fmt: skip
    tables = {
        "materials": [material("ore", 10.0, external_buy=True), material("side", 30.0, external_sell=True),
                      water, coal, co2],
        "processes": LEAN["processes"][:1],
        "process_flows": LEAN["process_flows"][:2] + more,
        "facilities": [{"id": "f", "process_id": "divert", "capacity_per_year": 50.0, "capacity_unit": "t/y",
                        "park_id": "p"}],
    }  # fmt: skip
    network = city([candidate("c", "divert", capital=100.0)], **tables)
    margin = 30 - 10 - 2 - 2.5
    free = choose_portfolio(network)
    assert free.worth_cny_per_year == pytest.approx(100 * margin - 10)
    for room, allowed, name in (
        (Room(water_m3=40.0), 20.0, "room:water"),
        (Room(energy_tce=14.0), 40.0, "room:energy"),
        (Room(co2_t=54.0), 60.0, "room:co2"),
    ):
        tight = choose_portfolio(network, room=room)
        assert tight.worth_cny_per_year == pytest.approx(allowed * margin - 10)
        use = next(u for u in tight.limits if u.id == name)
        assert use.binds
        assert use.used == pytest.approx(use.limit)
    assert choose_portfolio(network, room=Room(co2_t=0.0)).chosen == ()
    saving = choose_portfolio(network, room=Room(co2_t=-9.0))  # ten tonnes less than now
    assert saving.worth_cny_per_year == pytest.approx(-10 * margin)


def test_every_wrong_room_is_refused_at_once() -> None:
    with pytest.raises(InputError) as refused:
        choose_portfolio(
            city(PAIR), room=Room(capital_cny=-1.0, land_ha=float("nan"), water_m3=5.0, co2_t=1.0)
        )
    found = [(p.code, p.column if p.code == "bad_room" else p.found) for p in refused.value.problems]
    assert found == [
        ("bad_room", "capital_cny"), ("bad_room", "land_ha"), ("room_without_material", "water_m3"),
        ("room_without_material", "co2_t"),
    ]  # fmt: skip
    with pytest.raises(InputError):
        choose_portfolio(city(PAIR), budgets=[-5.0])
    with pytest.raises(InputError):
        choose_portfolio(city(PAIR), runners_up=-1, differ_by=0)


def test_a_city_without_candidates_has_an_empty_choice() -> None:
    result = choose_portfolio(city([]))
    assert (result.chosen, result.worth_cny_per_year, result.proven) == ((), 0.0, True)
    assert result.runners_up == ()


def test_a_closed_candidate_is_no_choice_and_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    closed = Scenario(close=frozenset({"c_good"}))
    result = choose_portfolio(city(PAIR), closed, progress=lambda done, total: told.append((done, total)))
    assert result.chosen == ()
    assert [done for done, _ in told] == list(range(1, len(told) + 1))
    assert told[-1][0] <= told[-1][1]


def test_runners_up_may_be_asked_to_differ_by_more() -> None:
    three = [candidate(f"c{i}", "divert", capital=10_000.0 + 100 * i) for i in range(3)]
    near = choose_portfolio(city(three), runners_up=1)
    far = choose_portfolio(city(three), runners_up=1, differ_by=2)
    assert near.runners_up[0].removed == ("c2",)
    assert far.runners_up[0].removed == ("c1", "c2")
    assert far.runners_up[0].loss_cny_per_year == pytest.approx(2 * 2000 - 1010 - 1020)


@pytest.fixture(scope="module")
def jinchang() -> Network:
    return build_network(read_tables(JINCHANG))


def test_jinchang_chooses_22_candidates_and_land_binds(jinchang: Network) -> None:
    result = choose_portfolio(jinchang, runners_up=1, budgets=[20e8, 60e8])
    assert result.proven
    assert result.worth_cny_per_year == pytest.approx(26.0e8, rel=0.01)
    chosen = {c.id for c in result.chosen}
    assert len(chosen) == 22
    assert {"c_superalloy", "c_ppa", "c_fepo4", "c_nfpp", "c_cells_10gwh", "c_ess_8gwh"} <= chosen
    assert not {"c_ticl4_500", "c_tio2_chloride", "c_lfp"} & chosen
    land = next(u for u in result.limits if u.id == "land_industrial")
    assert land.binds
    assert land.used <= land.limit == 220
    assert result.frontier[0].worth_cny_per_year < result.frontier[1].worth_cny_per_year
    plan = make_plan(jinchang, portfolio_scenario(Scenario(), result))
    assert plan.objective == pytest.approx(result.value_cny, rel=1e-9)
    assert not any(cap.exceeded for cap in plan.caps)


def test_jinchang_within_a_budget_and_without_more_water(jinchang: Network) -> None:
    room = Room(capital_cny=50e8, water_m3=0.0)
    result = choose_portfolio(jinchang, room=room, runners_up=0, budgets=[])
    again = choose_portfolio(jinchang, room=room, runners_up=0, budgets=[])
    assert result == again
    assert result.proven
    assert result.capital_cny <= 50e8
    water = next(u for u in result.limits if u.id == "room:water")
    assert water.used <= water.limit * (1 + 1e-9)


def test_out_of_time_the_bound_stays_open_and_still_holds(jinchang: Network) -> None:
    result = choose_portfolio(jinchang, runners_up=1, budgets=[], time_limit=0.0)
    assert 26.0e8 <= result.bound_cny_per_year <= 30e8
    assert not result.proven
    assert result.limits[0].basis == "open"
    assert result.worth_cny_per_year <= result.bound_cny_per_year
    assert np.isfinite(result.gap)
