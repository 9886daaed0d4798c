"""Chlorine and hydrogen for a titanium plant: what the city can supply, what it says no to, and how fast."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from time import perf_counter

import pytest

from liantu.chain.match import MatchReport, Need, Offer, match_need, match_needs, match_offer
from liantu.chain.match_local import Local
from liantu.chain.match_outlets import outlets_of
from liantu.chain.match_query import family
from liantu.chain.match_types import NearMiss
from liantu.chain.network_build import build_network
from liantu.chain.plan import Plan, make_plan
from liantu.data.tables import read_tables
from liantu.errors import InputError

ZONE, HEXIBAO = "jinchang_etdz", "hexibao_ip"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(build_network(read_tables(Path(__file__).parents[2] / "examples" / "jinchang")))


def miss(report: MatchReport, supplier: str) -> NearMiss:
    return next(n for n in report.near_misses if n.supplier == supplier)


def test_chlorine_is_given_with_money_on_top(plan: Plan) -> None:
    """The chlor-alkali plant would run harder for its caustic soda, were there an outlet for the chlorine."""
    report = match_need(plan, Need("氯气", 30_000, ZONE))
    first = [o for o in report.options if o.displaces == "idle capacity"]
    assert {o.supplier for o in first} == {"f_chlor_alkali", "f_mg"}
    assert all(-940 < o.delivered_cny_per_unit < -920 and o.byproduct and o.link == "pipe" for o in first)
    assert report.import_cny_per_unit is None
    assert report.cheapest.shortfall == 0
    proof = report.proof
    assert proof is not None
    assert proof.quantity == pytest.approx(30_000)
    assert proof.proved_cny_per_unit == pytest.approx(-928.4, abs=0.1)
    assert not [c for c in proof.effect.losers if c.kind == "activity" and c.after < 0.98 * c.before]
    raised = {c.place: c.after / c.before for c in proof.effect.others if c.kind == "activity"}
    assert raised["f_chlor_alkali"] == pytest.approx(1.13, abs=0.01)


def test_who_would_lose_if_chlorine_were_taken_from_them(plan: Plan) -> None:
    taken = {
        o.loser: o for o in match_need(plan, Need("chlorine", 30_000, ZONE), prove=False).options if o.loser
    }
    assert {"f_ticl4", "f_hcl_gas", "f_beida"} <= set(taken)
    assert taken["f_ticl4"].loser_cny_per_unit > 3_000
    assert taken["f_beida"].loser_cny_per_unit > taken["f_ticl4"].loser_cny_per_unit
    assert taken["f_hcl_gas"].loser_cny_per_unit < 50


def test_hydrogen_that_is_burned_costs_its_pipe(plan: Plan) -> None:
    report = match_need(plan, Need("hydrogen", 700, ZONE))
    assert [(o.supplier, o.displaces) for o in report.options[:2]] == [
        ("f_si_c", "dump"), ("f_chlor_alkali", "dump"),
    ]  # fmt: skip
    assert sum(o.quantity for o in report.options[:2]) == pytest.approx(785, abs=1)
    assert report.proof is not None
    assert 0 < (report.proof.proved_cny_per_unit or 0) < 1
    assert {c.material for c in report.proof.effect.dumps_less} == {"hydrogen"}


def test_prices_see_the_first_tonne_and_the_proof_the_last(plan: Plan) -> None:
    """Past what is burned, a tonne of hydrogen brings 35 tonnes of chlorine that nobody takes."""
    report = match_need(plan, Need("hydrogen", 1_200, ZONE))
    proof = report.proof
    assert proof is not None
    idle = [o for o in report.options if o.displaces == "idle capacity"]
    assert [(o.supplier, o.byproduct) for o in idle] == [("f_chlor_alkali", True)] * 2
    assert [o.delivered_cny_per_unit for o in idle] == [
        pytest.approx(0.23, abs=0.01), pytest.approx(55_712, abs=1),
    ]  # fmt: skip
    assert idle[0].quantity == pytest.approx(25, abs=1)  # with the chlorine that users have room for
    assert report.cheapest.cny_per_unit == pytest.approx(16_124, rel=1e-3)
    assert proof.proved_cny_per_unit == pytest.approx(15_209, rel=1e-3)
    costs = [s.proved_cny_per_unit or 0.0 for s in proof.steps]
    assert all(a <= b + 1e-3 for a, b in pairwise(costs))


def test_where_more_chlorine_could_go(plan: Plan) -> None:
    local, m = Local.of(plan), plan.network.materials
    rows = plan.model.rows
    at = {(m.id[rows.material[i]], rows.place[i]): i for i in range(len(rows.place)) if rows.material[i] >= 0}
    chlorine = outlets_of(local, at["chlorine", "f_chlor_alkali"])
    room = {p.id: p.capacity - p.activity for p in plan.plants}
    assert chlorine.room == pytest.approx(0.055 * room["f_ni_electrolysis"] + 0.01 * room["f_pgm_refine"])
    assert chlorine.beyond == -2_500
    hydrogen = outlets_of(local, at["hydrogen", "f_chlor_alkali"])
    assert (hydrogen.room, hydrogen.beyond) == (float("inf"), None)


def test_one_match_feeds_the_other(plan: Plan) -> None:
    """A titanium plant that takes the chlorine too finds its hydrogen already made."""
    joint = match_needs(plan, [Need("chlorine", 30_000, ZONE), Need("hydrogen", 1_200, ZONE)])
    assert joint.apart_cny == pytest.approx(-9.6e6, rel=0.02)
    assert joint.together_cny == pytest.approx(-27.85e6, rel=0.01)
    assert {d.material for d in joint.effect.deliveries} == {"chlorine", "hydrogen"}


def test_at_hexibao_the_hydrogen_is_another_and_chlorine_is_out_of_reach(plan: Plan) -> None:
    hydrogen = match_need(plan, Need("hydrogen", 1_200, HEXIBAO))
    first = hydrogen.options[0]
    assert (first.supplier, first.material, first.displaces) == (
        "f_coal_h2",
        "hydrogen_gas_coal",
        "idle capacity",
    )
    assert first.delivered_cny_per_unit == pytest.approx(6_052, abs=1)
    assert miss(hydrogen, "f_chlor_alkali").reason == "too_far"
    assert hydrogen.proof is not None
    assert hydrogen.proof.proved_cny_per_unit == pytest.approx(first.delivered_cny_per_unit)
    chlorine = match_need(plan, Need("chlorine", 30_000, HEXIBAO))
    assert (chlorine.options, chlorine.cheapest.shortfall) == ((), 30_000)
    near = miss(chlorine, "f_chlor_alkali")
    assert near.distance_km == pytest.approx(15.9, abs=0.1)
    far, hazard = near.reasons
    assert (far.code, far.needs, hazard.code, hazard.who) == ("too_far", 10, "hazard", "2.3 (5.1, 8)")
    acid = miss(chlorine, "f_sop")
    assert (acid.material, acid.reason, acid.reasons[0].who) == ("hydrochloric_acid", "other_form", "Cl")


def test_what_is_bought_in_is_measured_against_the_market(plan: Plan) -> None:
    report = match_need(plan, Need("sulfuric_acid", 50_000, ZONE))
    assert report.import_cny_per_unit == pytest.approx(350 + 0.35 * 500)
    best = report.options[0]
    assert best.saving_cny_per_unit == pytest.approx(report.import_cny_per_unit - best.delivered_cny_per_unit)
    assert {"dilute_acid", "sulfuric_acid"} <= {o.material for o in report.options}
    weak = next(o for o in report.options if o.material == "dilute_acid" and o.displaces == "dump")
    assert weak.units_per_unit == pytest.approx(0.98)


def test_an_offer_of_red_gypsum_finds_the_stack_full(plan: Plan) -> None:
    report = match_offer(plan, Offer("red_gypsum", 100_000, ZONE))
    stack = next(n for n in report.near_misses if n.taker == "dump")
    assert (stack.reason, stack.reasons[0].who) == ("no_capacity", "red_gypsum_stack")
    assert [o.displaces for o in report.options] == ["candidate"]
    assert report.proof is not None
    assert report.proof.quantity == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("at", [ZONE, HEXIBAO])
def test_no_maker_and_no_user_of_anything_vanishes(plan: Plan, at: str) -> None:
    network = plan.network
    for i, material in enumerate(network.materials.id):
        if network.materials.unlimited[i]:
            continue  # air has no balance
        kin = [s.material for s in family(network, i)]
        flow = network.recipes.flow[:, kin].toarray()[network.plants.recipe]
        need = match_need(plan, Need(material, 1_000, at), prove=False)
        there = {o.supplier for o in need.options} | {n.supplier for n in need.near_misses}
        assert {n for n, f in zip(network.plants.id, flow, strict=True) if (f > 0).any()} <= there
        offer = match_offer(plan, Offer(material, 1_000, at), prove=False)
        there = {o.taker for o in offer.options} | {n.taker for n in offer.near_misses}
        assert {n for n, f in zip(network.plants.id, flow, strict=True) if (f < 0).any()} <= there
        json.dumps([asdict(need), asdict(offer)], allow_nan=False)


def test_a_match_takes_milliseconds(plan: Plan) -> None:
    match_need(plan, Need("chlorine", 30_000, ZONE), prove=False)
    start = perf_counter()
    for _ in range(5):
        match_need(plan, Need("chlorine", 30_000, ZONE), prove=False)
    assert (perf_counter() - start) / 5 < 0.1  # some 2 ms on an idle core


def test_what_is_free_everywhere_is_not_matched(plan: Plan) -> None:
    with pytest.raises(InputError, match="free_everywhere"):
        match_need(plan, Need("air", 10, ZONE))
