"""Laws of a match on random cities: nothing vanishes, prices bound the proof, every figure is finite."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from liantu.chain.match import Need, Offer, match_need, match_offer
from liantu.chain.match_local import Local
from liantu.chain.match_outlets import changes
from liantu.chain.match_query import family
from liantu.chain.match_types import MatchReport, OfferReport
from liantu.chain.network_build import build_network
from liantu.chain.plan import Plan, make_plan, read_plan
from liantu.chain.scenario import Scenario
from liantu.chain.whatif import WhatIf
from liantu.data.tables import Tables
from tests.chain.networks import City
from tests.laws import tried

LAWS = tried(60)
cities = st.builds(
    City,
    seed=st.integers(0, 2**32 - 1),
    plants=st.integers(2, 9),
    materials=st.integers(2, 9),
    ties=st.booleans(),
).map(City.tables)
quantities = st.sampled_from([0.5, 20.0, 400.0])


def plan_of(tables: Tables) -> Plan:
    return make_plan(build_network(tables), Scenario())


def everyone(plan: Plan, material: str, sign: int) -> set[str]:
    """Plants and candidates that make (1) or use (-1) the material or one of its formula."""
    network = plan.network
    kin = [s.material for s in family(network, network.materials.index[material])]
    flow = sign * network.recipes.flow[:, kin].toarray()
    return {n for n, p in zip(network.plants.id, network.plants.recipe, strict=True) if (flow[p] > 0).any()}


def suppliers(report: MatchReport) -> set[str]:
    return {o.supplier for o in report.options} | {n.supplier for n in report.near_misses}


def takers(report: OfferReport) -> set[str]:
    return {o.taker for o in report.options} | {n.taker for n in report.near_misses}


@LAWS
@given(cities, quantities)
def test_nobody_who_makes_or_uses_it_vanishes(tables: Tables, quantity: float) -> None:
    plan = plan_of(tables)
    for material in plan.network.materials.id:
        need = match_need(plan, Need(material, quantity, "p0"), prove=False)
        assert everyone(plan, material, 1) <= suppliers(need)
        offer = match_offer(plan, Offer(material, quantity, "p1"), prove=False)
        assert everyone(plan, material, -1) <= takers(offer)


@LAWS
@given(cities, quantities, st.sampled_from(["m0", "m1"]))
def test_every_figure_can_be_written(tables: Tables, quantity: float, material: str) -> None:
    plan = plan_of(tables)
    for report in (
        match_need(plan, Need(material, quantity, "p0")),
        match_offer(plan, Offer(material, quantity, "p0")),
    ):
        json.dumps(asdict(report), allow_nan=False)
        assert report.proof is not None
        assert report.proof.effect.gap <= 1e-6
        assert report.proof.effect.residual <= 1e-6


@LAWS
@given(cities, quantities, st.sampled_from(["m0", "m1"]))
def test_the_first_unit_is_the_cheapest(tables: Tables, quantity: float, material: str) -> None:
    """Nothing is delivered below the cheapest local price in reach, and no stretch below the last."""
    plan = plan_of(tables)
    report = match_need(plan, Need(material, quantity, "p0"))
    proof = report.proof
    assert proof is not None
    scale = 1e-6 * (1 + float(np.abs(plan.model.objective) @ plan.solution.x))
    proved = [s for s in proof.steps if s.proved_cny_per_unit is not None]
    total = sum(s.quantity * s.proved_cny_per_unit for s in proved if s.proved_cny_per_unit is not None)
    if proof.short == 0 and len(proved) == len(proof.steps):
        assert total == pytest.approx(proof.effect.cost_cny, abs=scale)
    for before, after in pairwise(proved):
        assert after.proved_cny_per_unit is not None
        assert before.proved_cny_per_unit is not None
        slack = scale / min(before.quantity, after.quantity)
        assert after.proved_cny_per_unit >= before.proved_cny_per_unit - slack
    if proof.proved_cny_per_unit is not None:
        floor = cheapest_price(plan, report)
        assert proof.effect.cost_cny >= proof.quantity * floor - scale


def cheapest_price(plan: Plan, report: MatchReport) -> float:
    """The least local price of the material in reach, with freight, or the import price."""
    local, m = Local.of(plan), plan.network.materials
    i = m.index[report.material]
    offers = [math.inf if report.import_cny_per_unit is None else report.import_cny_per_unit]
    for row in local.rows_of(i).tolist():
        km = local.kilometres(row, report.place.lat, report.place.lon)
        if km <= m.reach(i):
            offers.append(float(local.low[row]) + float(m.haul(np.array([i]), np.array([km]))[0]))
    return min(offers)


@LAWS
@given(cities, quantities, st.sampled_from(["m0", "m1"]))
def test_an_offer_is_worth_less_the_more_there_is(tables: Tables, quantity: float, material: str) -> None:
    plan = plan_of(tables)
    proof = match_offer(plan, Offer(material, quantity, "p0")).proof
    assert proof is not None
    assert proof.effect.cost_cny <= 1e-6 * (1 + abs(plan.objective))
    assert proof.quantity <= quantity * (1 + 1e-9)
    more = match_offer(plan, Offer(material, 2 * quantity, "p0")).proof
    assert more is not None
    slack = 1e-6 * (1 + float(np.abs(plan.model.objective) @ plan.solution.x))
    assert more.effect.cost_cny <= proof.effect.cost_cny + slack
    assert more.effect.cost_cny >= 2 * proof.effect.cost_cny - slack


@LAWS
@given(cities)
def test_a_plant_below_its_capacity_breaks_even_at_the_local_price(tables: Tables) -> None:
    plan = plan_of(tables)
    assume(plan.intervals.exact)
    local = Local.of(plan)
    for material in range(len(plan.network.materials.id)):
        for row in local.rows_of(material).tolist():
            for k, _ in local.plants_at(row):
                inside = local.load(k) > 1e-3 and local.room(k) > 1e-3 * float(plan.model.capacity[k])
                touched = plan.model.matrix[:, [k]].indices
                if inside and np.all(local.high[touched] - local.low[touched] < 1e-9):
                    for rise in (True, False):
                        price = float(local.low[row])
                        assert local.break_even(k, row, rise) == pytest.approx(price, rel=1e-6, abs=1e-4)


@LAWS
@given(cities)
def test_the_further_a_plant_changes_the_worse(tables: Tables) -> None:
    """Stretches add up to what can change; a maker's cost rises along them, a user's worth falls."""
    plan = plan_of(tables)
    local = Local.of(plan)
    for material in range(len(plan.network.materials.id)):
        for row in local.rows_of(material).tolist():
            for k, amount in local.plants_at(row):
                for rise in (True, False):
                    parts = changes(local, k, row, rise)
                    whole = local.room(k) if rise else float(local.x[k])
                    assert sum(p.activity for p in parts) == pytest.approx(whole, abs=1e-6)
                    assert parts[0].cny == local.break_even(k, row, rise) or len(parts) == 1
                    worse = 1 if (amount > 0) == rise else -1
                    for before, after in pairwise(parts):
                        assert worse * (after.cny - before.cny) >= -1e-6 * (1 + abs(before.cny))


@tried(15)
@given(cities)
def test_a_what_if_is_matched_as_the_plan_that_builds_the_same(tables: Tables) -> None:
    network = build_network(tables)
    session = WhatIf(network, Scenario())
    built = [network.plants.index["k0"]]
    after = read_plan(session.model_with(built), session.solve(built))
    stated = make_plan(network, Scenario(add=frozenset({"k0"})))
    assert after.objective == pytest.approx(stated.objective, rel=1e-9, abs=1e-6)
    costs = [match_need(plan, Need("m0", 20, "p0")).proof for plan in (after, stated)]
    assert costs[0] is not None
    assert costs[1] is not None
    scale = 1e-6 * (1 + abs(stated.objective))
    assert costs[0].effect.cost_cny == pytest.approx(costs[1].effect.cost_cny, abs=scale)
