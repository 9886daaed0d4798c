"""Gaps worked out by hand: a town that dumps chlorine, and the two plants that are worth nothing alone."""

from __future__ import annotations

from typing import Any

import pytest

from liantu.chain.gap_report import CandidateGap, ExtendGap, FillGap, GapReport, StrengthenGap
from liantu.chain.gaps import find_gaps
from liantu.chain.network_build import build_network
from liantu.chain.scenario import Scenario
from tests.chain.gap_town import gap_town, plant


@pytest.fixture(scope="module")
def report() -> GapReport:
    return find_gaps(build_network(gap_town()))


def candidate_of(report: GapReport, name: str) -> CandidateGap:
    return next(c for c in report.candidates if c.id == name)


def fill_of(report: GapReport, name: str) -> FillGap:
    return next(r for r in report.fill if r.id == name)


def extend_of(report: GapReport, name: str) -> ExtendGap:
    return next(r for r in report.extend if r.id == name)


def strengthen_of(report: GapReport, name: str) -> StrengthenGap:
    return next(r for r in report.strengthen if r.id == name)


def test_the_plan_before_is_worth_what_the_table_says(report: GapReport) -> None:
    assert report.base_value == pytest.approx(7250)
    assert report.charge_rate == 0.1


def test_the_tetra_plant_promises_much_loses_alone_and_earns_with_its_partner(report: GapReport) -> None:
    """First unit: 200 - 50 + 20 - 20 = 150. Alone only 10 are sold; with pigment 40 more earn 250 each."""
    tetra = candidate_of(report, "k_tetra")
    assert tetra.margin_cny_per_unit == pytest.approx(150)
    assert tetra.first_order_cny_per_year == pytest.approx(150 * 50 - 2000)
    assert tetra.alone_cny_per_year == pytest.approx(150 * 10 - 2000)
    assert tetra.with_partners_cny_per_year == pytest.approx(10 * 150 + 40 * 200 - 2000 - 500)
    assert tetra.worth_cny_per_year == tetra.with_partners_cny_per_year
    assert tetra.partners == ("k_pigment",)
    assert tetra.proof == "k_tetra+k_pigment"
    assert tetra.added_cny_per_year == pytest.approx(7000 + 500)
    assert tetra.load == pytest.approx(1.0)
    assert tetra.payback_years == pytest.approx(25_000 / 9_500)


def test_a_plant_that_finds_no_input_is_worth_its_charge_less(report: GapReport) -> None:
    pigment = candidate_of(report, "k_pigment")
    assert pigment.margin_cny_per_unit == float("-inf")
    assert pigment.first_order_cny_per_year == pytest.approx(-500)
    assert pigment.alone_cny_per_year == pytest.approx(-500)
    assert pigment.worth_cny_per_year == pytest.approx(7000)
    assert [leg.partner for leg in pigment.legs if leg.material == "tetra"] == [""]


def test_the_legs_of_the_screen_say_where_each_flow_would_go(report: GapReport) -> None:
    legs = {leg.material: leg for leg in candidate_of(report, "k_tetra").legs}
    assert (legs["tetra"].partner, legs["tetra"].price, legs["tetra"].value_cny) == ("sell", 200, 10_000)
    assert (legs["concentrate"].partner, legs["concentrate"].price) == ("f_mill", 50)
    assert (legs["chlorine"].partner, legs["chlorine"].price) == ("f_cell", -20)
    assert legs["chlorine"].quantity == -50


def test_the_proof_tells_what_changes_and_what_it_takes(report: GapReport) -> None:
    proof = report.proof("k_tetra+k_pigment")
    assert proof.worth_cny_per_year == pytest.approx(7000)
    assert proof.first_order_cny_per_year == pytest.approx(5500 - 500)
    assert (proof.gain_cny_per_year, proof.charge_cny_per_year) == pytest.approx((9500, 2500))
    assert (proof.capital_cny, proof.land_ha, proof.jobs) == (25_000, 5, 50)
    assert proof.water_m3_per_year == pytest.approx(100)
    assert proof.electricity_mwh_per_year == pytest.approx(25)
    assert proof.energy_tce_per_year == pytest.approx(25 * 0.1229)
    assert proof.purchased_tce_per_year == pytest.approx(25 * 0.1229)
    assert [(m.id, m.activity, m.load) for m in proof.members] == [
        ("k_tetra", pytest.approx(50), pytest.approx(1)),
        ("k_pigment", pytest.approx(40), pytest.approx(1)),
    ]
    changes = {(c.kind, c.material): (c.before, c.after, c.value_cny) for c in proof.crossings}
    assert changes["dump", "chlorine"] == pytest.approx((60, 10, 1000))
    assert changes["sell", "concentrate"] == pytest.approx((50, 0, -2500))
    assert changes["sell", "pigment"] == pytest.approx((0, 40, 10_400))
    assert changes["sell", "tetra"] == pytest.approx((0, 10, 2000))
    assert [(c.id, c.before, c.after) for c in proof.caps] == [("sell_cap:tetra", 0, pytest.approx(10))]
    assert proof.plants == ()


def test_fill_lists_purchases_and_dumps_with_their_reason(report: GapReport) -> None:
    chlorine = fill_of(report, "dump:chlorine")
    assert (chlorine.quantity, chlorine.value_cny) == pytest.approx((60, 1200))
    assert chlorine.reason == "capacity"  # the acid plant runs full
    assert chlorine.best == "k_tetra"
    assert (chlorine.options[0].before, chlorine.options[0].after) == pytest.approx((60, 10))
    assert chlorine.worth_cny_per_year == pytest.approx(7000)
    assert chlorine.first_order_cny_per_year == pytest.approx(5500)
    salt = fill_of(report, "buy:salt")
    assert (salt.reason, salt.worth_cny_per_year, salt.options) == ("no_local_maker", None, ())
    assert report.fill[0] == chlorine
    assert report.fill[-1].worth_cny_per_year is None


SOLVENT = {
    "dearer_here": [plant("f_cook", "cook", 20.0)],
    "capacity": [plant("f_cook", "cook", 4.0)],
    "too_far": [plant("f_cook", "cook", 20.0, km=30.0)],
    "no_local_maker": [],
}


@pytest.mark.parametrize("reason", SOLVENT)
def test_a_purchase_has_the_reason_of_its_town(reason: str) -> None:
    """The still buys solvent: the cook is dear, too small, out of range, or not there."""
    tables = gap_town()
    rows = [r for r in tables["facilities"].to_dicts() if r["id"] != "f_cook"] + SOLVENT[reason]
    processes: list[dict[str, Any]] = tables["processes"].to_dicts()
    materials: list[dict[str, Any]] = tables["materials"].to_dicts()
    for row in processes:
        if row["id"] == "cook" and reason == "capacity":
            row["other_opex_cny_per_unit"] = 10.0
    for row in materials:
        if row["id"] == "solvent":
            row["max_transport_km"] = 5.0
    report = find_gaps(build_network(gap_town(facilities=rows, processes=processes, materials=materials)))
    row = fill_of(report, "buy:solvent")
    assert row.reason == reason
    assert row.quantity == pytest.approx(6 if reason == "capacity" else 10)


def test_extend_raises_what_is_sold(report: GapReport) -> None:
    sold = extend_of(report, "sell:concentrate")
    assert (sold.quantity, sold.value_cny, sold.sold_cny_per_unit) == pytest.approx((50, 2500, 50))
    option = sold.options[0]
    assert (option.id, option.partners) == ("k_tetra", ("k_pigment",))
    assert (option.before, option.after) == pytest.approx((50, 0))
    assert option.made_cny_per_unit == pytest.approx(200)
    assert option.multiple == pytest.approx(4)
    assert option.gained_cny_per_unit == pytest.approx(9500 / 50)
    assert sold.worth_cny_per_year == pytest.approx(7000)


def test_a_recipe_that_nobody_proposed_is_tried_at_its_best_scale(report: GapReport) -> None:
    """Glazing earns 150 - 100 - 20 - 10 of charge = 20 a unit up to the 30 that can be sold, of 100 sodas."""
    glazing = candidate_of(report, "new:glazing@park")
    assert glazing.source == "recipe"
    assert glazing.scale == pytest.approx(30)
    assert glazing.worth_cny_per_year == pytest.approx(600)
    assert glazing.first_order_cny_per_year == pytest.approx(600)
    (notional,) = report.notionals
    assert (notional.park, notional.largest, notional.capital_known) == ("park", pytest.approx(100), True)
    assert notional.capital_cny == pytest.approx(3000)
    soda = extend_of(report, "sell:soda")
    assert soda.best == "new:glazing@park"
    assert soda.options[0].after == pytest.approx(70)
    assert report.proof("new:glazing@park").jobs is None


def test_a_recipe_that_cannot_pay_its_capital_is_not_tried() -> None:
    processes = gap_town()["processes"].to_dicts()
    for row in processes:
        if row["id"] == "glazing":
            row["capex_cny_per_unit_year"] = 301.0  # a charge of 30.1 on a margin of 30
    report = find_gaps(build_network(gap_town(processes=processes)))
    assert report.notionals == ()
    assert not any(c.source == "recipe" for c in report.candidates)


CAPACITIES = {
    # rent, gain of a tenth, charge, holds from, holds to
    "f_cell": (40, 400, 100, 40, 200),  # below 40 the acid plant starves: a chlorine is then worth 20
    "f_acid": (40, 160, 200, 0, 80),  # more acid earns less than its capital costs
    "f_still": (15, 15, 0, 0, 20),
}


@pytest.mark.parametrize("name", CAPACITIES)
def test_strengthen_prices_a_tenth_more_capacity_and_how_far_it_holds(report: GapReport, name: str) -> None:
    rent, gain, charge, start, end = CAPACITIES[name]
    row = strengthen_of(report, f"capacity:{name}")
    assert (row.price_low, row.price_high) == pytest.approx((rent, rent))
    assert row.gain_cny_per_year == pytest.approx(gain)
    assert row.charge_cny_per_year == pytest.approx(charge)
    assert row.worth_cny_per_year == pytest.approx(gain - charge)
    assert row.first_order_cny_per_year == pytest.approx(gain - charge)
    assert (row.holds_from, row.holds_to) == pytest.approx((start, end), abs=1e-4)


def test_strengthen_prices_a_cap_up_to_where_the_plant_behind_it_is_full(report: GapReport) -> None:
    ore = strengthen_of(report, "cap:buy_cap:ore")
    assert (ore.used, ore.limit, ore.price_low) == pytest.approx((50, 50, 30))
    assert (ore.step, ore.worth_cny_per_year, ore.charge_cny_per_year) == pytest.approx((5, 150, 0))
    assert (ore.holds_from, ore.holds_to) == pytest.approx((0, 60), abs=1e-4)
    assert all(row.subject != "f_mill" for row in report.strengthen)  # it has room


def test_a_tenth_more_can_be_worth_less_than_its_price_says() -> None:
    """Ore up to 50, the mill up to 52: of five more units of ore two are used."""
    rows = gap_town()["facilities"].to_dicts()
    next(r for r in rows if r["id"] == "f_mill")["capacity_per_year"] = 52.0
    row = strengthen_of(find_gaps(build_network(gap_town(facilities=rows))), "cap:buy_cap:ore")
    assert row.first_order_cny_per_year == pytest.approx(150)
    assert row.worth_cny_per_year == pytest.approx(60)
    assert row.holds_to == pytest.approx(52, abs=1e-4)


def test_where_two_limits_meet_one_more_of_either_is_worth_nothing() -> None:
    rows = gap_town()["facilities"].to_dicts()
    next(r for r in rows if r["id"] == "f_mill")["capacity_per_year"] = 50.0
    report = find_gaps(build_network(gap_town(facilities=rows)))
    for name in ("cap:buy_cap:ore", "capacity:f_mill"):
        row = strengthen_of(report, name)
        assert (row.price_low, row.price_high) == pytest.approx((0, 30), abs=1e-4)
        assert row.worth_cny_per_year == pytest.approx(0, abs=1e-3)
        assert row.holds_from == pytest.approx(0, abs=1e-4)


def test_what_the_scenario_builds_or_closes_is_no_candidate() -> None:
    network = build_network(gap_town())
    built = find_gaps(network, Scenario(add=frozenset({"k_tetra"})))
    assert built.base_value == pytest.approx(7250 - 500)
    (pigment,) = [c for c in built.candidates if c.source == "candidates"]
    assert pigment.alone_cny_per_year == pytest.approx(7500)
    assert pigment.with_partners_cny_per_year is None
    closed = find_gaps(network, Scenario(close=frozenset({"k_tetra"})))
    assert [c.id for c in closed.candidates if c.source == "candidates"] == ["k_pigment"]


def test_a_town_without_candidates_still_says_what_it_buys_and_where_it_binds() -> None:
    processes = [r for r in gap_town()["processes"].to_dicts() if r["id"] != "glazing"]
    flows = [r for r in gap_town()["process_flows"].to_dicts() if r["process_id"] != "glazing"]
    kept = {"processes": processes, "process_flows": flows, "candidates": []}
    report = find_gaps(build_network(gap_town(**kept)))
    assert {r.id for r in report.fill} == {"buy:salt", "buy:ore", "buy:solvent", "dump:chlorine"}
    assert report.strengthen


def test_progress_counts_up_to_its_total_and_top_cuts_the_lists() -> None:
    seen: list[tuple[int, int, str]] = []
    report = find_gaps(build_network(gap_town()), progress=lambda *step: seen.append(step), top=1)
    counts = [done for done, _, _ in seen]
    assert counts == sorted(counts)
    assert seen[-1][0] == seen[-1][1]
    assert (len(report.fill), len(report.extend), len(report.strengthen)) == (1, 1, 1)
    named = {o.id for row in report.fill for o in row.options}
    assert named <= {c.id for c in report.candidates}
    assert {c.proof for c in report.candidates} <= {p.id for p in report.proofs}
