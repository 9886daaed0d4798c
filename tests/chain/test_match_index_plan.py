"""The supply of a plan kept for many needs gives the options and covers that a match from scratch gives."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from liantu.chain.match import Need, match_need, match_needs
from liantu.chain.match_index_plan import Supply
from liantu.chain.network_build import build_network
from liantu.chain.plan import Plan, make_plan
from liantu.chain.scenario import Scenario
from tests.chain.match_city import GAS, gas_city, plant, process
from tests.chain.networks import City, flow
from tests.laws import tried

LAWS = tried(45)


def some_needs(plan: Plan, rng: np.random.Generator) -> list[Need]:
    """Needs of every material: at a plant, in a park, anywhere; with and without a top price and purity."""
    out = []
    for material in plan.network.materials.id:
        for at in ("p0", "p1", "", ""):
            lat, lon = (
                (None, None) if at else (float(rng.uniform(38.3, 38.7)), float(rng.uniform(102, 102.4)))
            )
            price = [None, 60.0, 300.0][rng.integers(3)]
            purity = [None, 0.3, 0.95][rng.integers(3)]
            quantity = [0.5, 20.0, 400.0][rng.integers(3)]
            pooled = plan.network.materials.pool[plan.network.materials.index[material]] == "park"
            out.append(Need(material, quantity, "p0" if pooled else at, lat, lon, purity, price))
    return [n for n in out if not plan.network.materials.unlimited[plan.network.materials.index[n.material]]]


@LAWS
@given(st.integers(0, 2**32 - 1), st.integers(2, 14), st.integers(2, 8), st.booleans())
def test_the_options_are_those_of_a_match_from_scratch(
    seed: int, plants: int, materials: int, ties: bool
) -> None:
    plan = make_plan(build_network(City(seed, plants, materials, ties).tables()), Scenario())
    supply = Supply(plan)
    for need in some_needs(plan, np.random.default_rng(seed)):
        report = match_need(plan, need, prove=False)
        assert match_need(plan, need, prove=False, supply=supply) == report
        for most in (1, 3, 1000):
            assert supply.first(need, most) == report.options[:most]
        assert supply.cover(need) == report.cheapest


def test_stand_ins_and_the_askers_own_suppliers_are_found_as_before() -> None:
    """Raw gas of two qualities; resin asks for more of what soda delivers to it already."""
    raw = {**GAS, "id": "raw", "purity": 0.5, "name_zh": "粗氢", "name_en": "Raw"}
    rows = {
        "materials": [raw],
        "processes": [process("make_raw", "raw", 20)],
        "process_flows": [flow("make_raw", 1, "raw", "out", 1.0), flow("make_raw", 2, "coal", "in", 1.0)],
        "facilities": [plant("rawworks", "make_raw", 40.0, 38.003)],
    }
    plan = make_plan(gas_city(None, 37.99, **rows))
    supply = Supply(plan)
    seen = set()
    for at in ("soda", "resin", "gasworks"):
        for material in ("gas", "raw"):
            for purity in (None, 0.9):
                need = Need(material, 15.0, at, purity=purity)
                report = match_need(plan, need, prove=False)
                seen |= {(o.material, o.displaces) for o in report.options}
                assert supply.first(need, 99) == report.options
                assert supply.cover(need) == report.cheapest
    expected = {("gas", "dump"), ("gas", "plant:resin"), ("gas", "idle capacity"), ("raw", "idle capacity")}
    assert expected <= seen


def test_needs_that_are_matched_together_share_their_supply() -> None:
    plan = make_plan(gas_city())
    needs = [Need("gas", 5.0, "resin"), Need("gas", 5.0, "gasworks")]
    assert match_needs(plan, needs).reports == tuple(match_need(plan, n) for n in needs)
