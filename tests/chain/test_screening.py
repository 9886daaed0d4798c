"""Screening at every place: as the gap screen, above every proof; and proofs as gaps make them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.chain import offers
from liantu.chain.gap_notional import counted_like
from liantu.chain.gap_proof import Prover
from liantu.chain.gap_screen import Prospects, screen
from liantu.chain.network import Network
from liantu.chain.network_build import build_network
from liantu.chain.plan import Plan, make_plan
from liantu.chain.scenario import Scenario
from liantu.chain.screening import Places, Screening, as_plants, screen_places, typical_scale
from liantu.chain.screening_proof import Reprover, prices_of, prove_plants, prove_screening
from liantu.data.tables import read_tables
from tests.chain.match_city import plant, process
from tests.chain.networks import City, flow, tables_of
from tests.laws import tried

ALL = 10**6
cities = st.builds(
    City,
    seed=st.integers(0, 2**32 - 1),
    plants=st.integers(2, 9),
    materials=st.integers(2, 9),
    ties=st.booleans(),
)


def some_places(seed: int) -> Places:
    rng = np.random.default_rng(seed)
    lat, lon = rng.uniform(38.4, 38.6, 4), rng.uniform(102.1, 102.4, 4)
    return Places(lat, lon, ("p0", "p1", "", "p0"))


def every_margin(plan: Plan, places: Places, *, ends: bool = False) -> np.ndarray:
    """(recipes, places) margins of the gap screen."""
    network, n = plan.network, len(places.lat)
    recipe = np.repeat(np.arange(len(network.recipes.id)), n)
    prospects = Prospects(
        recipe=recipe,
        lat=np.tile(places.lat, len(recipe) // n),
        lon=np.tile(places.lon, len(recipe) // n),
        park=places.park * (len(recipe) // n),
        host=np.full(len(recipe), -1),
        local_only=(frozenset(),) * len(recipe),
        counted=counted_like(network, recipe),
    )
    return screen(plan, prospects, ends=ends).margin.reshape(-1, n)


def screened(plan: Plan, places: Places, scale: np.ndarray | None = None) -> Screening:
    scale = typical_scale(plan.network) if scale is None else scale
    price, n = plan.solution.row_dual, len(places.lat)
    return screen_places(plan.model, price, places, scale, most=ALL, per_recipe=n)


@tried(30)
@given(cities)
def test_margins_are_those_of_the_gap_screen(city: City) -> None:
    plan = make_plan(build_network(city.tables()))
    places = some_places(7)
    expected = every_margin(plan, places)
    found = screened(plan, places)
    charge = plan.model.settings.charge_rate * plan.network.recipes.capex[:, None]
    scale = typical_scale(plan.network)[:, None]
    worth = (np.maximum(expected, 0) - charge) * scale
    money = 1 + np.abs(plan.model.objective).max()
    assert found.priced == worth.size
    assert (worth > 1e-7 * money * scale).sum() <= found.paying <= (worth > -1e-7 * money * scale).sum()
    assert found.paying == len(found.worth)
    assert found.margin == pytest.approx(expected[found.recipe, found.place], rel=1e-9, abs=1e-7)
    assert found.worth == pytest.approx(worth[found.recipe, found.place], rel=1e-9, abs=1e-7 * money)
    assert list(found.worth) == sorted(found.worth, reverse=True)
    assert found.rest == 0.0
    best = screen_places(plan.model, plan.solution.row_dual, places, scale.ravel(), most=3)
    left_out = [w for p, w in zip(found.recipe, found.worth, strict=True) if p not in best.recipe]
    assert best.rest == max(left_out, default=0.0)
    assert len(set(best.recipe.tolist())) == len(best.recipe) <= 3
    assert best.worth[:1].tolist() == found.worth[:1].tolist()


@tried(24)
@given(cities)
def test_no_proof_is_worth_more_than_its_screen(city: City) -> None:
    """And a plant that is small enough is worth just that, where both ends of the prices agree."""
    network = build_network(city.tables())
    plan, places = make_plan(network), some_places(7)
    low, high = every_margin(plan, places, ends=True), every_margin(plan, places)
    money = 1e-7 * (1 + float(np.abs(plan.model.objective) @ plan.solution.x))
    for scale, small in ((typical_scale(network), False), (1e-4 * typical_scale(network), True)):
        found = screened(plan, places, scale)
        if not len(found.worth):
            return
        proof = prove_screening(network, Scenario(), found, places)
        assert proof.base == pytest.approx(plan.objective, rel=1e-9, abs=money)
        assert np.all(proof.proved <= found.worth + money)
        if small:
            ends = low[found.recipe, found.place], high[found.recipe, found.place]
            agree = np.isclose(*ends, rtol=1e-9, atol=1e-9)
            assert proof.proved[agree] == pytest.approx(found.worth[agree], rel=1e-4, abs=money)


@tried(24)
@given(cities)
def test_candidates_are_worth_what_gaps_prove(city: City) -> None:
    network = build_network(city.tables())
    agrees(network, [[0], [1], [0, 1], [1]])


def agrees(network: Network, sets: list[list[int]]) -> None:
    """Sets of candidates (by position among them) proved both ways."""
    candidates = np.flatnonzero(network.plants.is_candidate)
    gaps, here = Prover(network, Scenario()), Reprover(network, Scenario(), candidates.tolist())
    money = 1e-9 * (1 + float(np.abs(here.bare.objective) @ here.base.x))
    assert here.base_value == pytest.approx(gaps.base.value, abs=money)
    for some in sets:
        built = candidates[some]
        worth, found = here.worth(built)
        assert worth == pytest.approx(gaps.worth(built), abs=10 * money)
        assert np.all(here.load(found, built) <= 1 + 1e-9)


def test_jinchang_candidates_are_worth_what_gaps_extend_says() -> None:
    network = build_network(read_tables(Path(__file__).parents[2] / "examples" / "jinchang"))
    n = int(network.plants.is_candidate.sum())
    assert n > 20
    agrees(network, [[k] for k in range(n)] + [list(range(n)), [0, 1, 2], [n - 1]])


@pytest.fixture(scope="module")
def town() -> Network:
    """1 t of ore at 10 becomes 1 t of ware at 100; 10 t a year are sold, one of them by who stands there."""
    plain = {"unit": "t", "t_per_unit": 1.0, "transport_mode": "truck", "max_transport_km": 100.0}
    ware = {"id": "ware", "price_mid_cny": 100.0, "external_sell": True, "external_sell_cap_per_year": 10.0}
    rows = {
        "materials": [
            {**plain, **ware},
            {**plain, "id": "ore", "price_mid_cny": 10.0, "external_buy": True},
        ],
        "processes": [process("good", "ware", 20), process("poor", "ware", 30), process("none", "ware", 95)],
        "process_flows": [
            row
            for name in ("good", "poor", "none")
            for row in (flow(name, 1, "ware", "out", 1.0, role="main"), flow(name, 2, "ore", "in", 1.0))
        ],
        "facilities": [plant("old", "good", 1.0, 38.0)],
    }  # fmt: skip
    return build_network(tables_of("town", **rows))


def test_by_hand_what_prices_promise_what_each_earns_and_what_all_earn(town: Network) -> None:
    """good earns 70 on a tonne, poor 60, of which 9 t more find a buyer."""
    plan = make_plan(town)
    here = Places(np.array([38.0]), np.array([102.0]))
    found = screened(plan, here, np.array([12.0, 8.0, 5.0]))
    assert [town.recipes.id[p] for p in found.recipe] == ["good", "poor"]
    assert (found.priced, found.paying) == (3, 2)
    assert found.worth == pytest.approx([840.0, 480.0])
    seen: list[tuple[int, int]] = []
    proof = prove_screening(town, Scenario(), found, here, lambda k, n: seen.append((k, n)))
    assert seen == [(1, 2), (2, 2)]
    assert proof.proved == pytest.approx([630.0, 480.0])
    assert proof.load == pytest.approx([0.75, 1.0])
    assert proof.together == pytest.approx(630.0)
    assert proof.together_load == pytest.approx([0.75, 0.0])
    assert proof.overestimate == pytest.approx((1320 / 1110, 1110 / 630))
    assert [proof.certain(rest) for rest in (0.0, 500.0, 630.1)] == [2, 1, 0]
    assert (proof.order.tolist(), proof.rank_correlation) == ([0, 1], pytest.approx(1.0))


def test_the_order_of_the_proofs_may_be_another(town: Network) -> None:
    here = Places(np.array([38.0]), np.array([102.0]))
    network = replace(town, recipes=replace(town.recipes, capex=np.array([400.0, 0.0, 0.0])))
    found = screened(make_plan(network), here, np.array([30.0, 8.0, 5.0]))
    assert found.worth == pytest.approx([660.0, 480.0])  # 30 x (70 - 0.12 x 400), 8 x 60
    proof = prove_screening(network, Scenario(), found, here)
    assert proof.proved == pytest.approx([630.0 - 0.12 * 400 * 30, 480.0])
    assert (proof.order.tolist(), proof.rank_correlation) == ([1, 0], pytest.approx(-1.0))


def test_without_compiled_loops_the_screen_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    network = build_network(City(11, plants=40, materials=8).tables())
    model, price = prices_of(network, Scenario())
    both = []
    for compiled in (True, False):
        if not compiled:
            monkeypatch.setattr(offers, "_compiled", lambda: None)
        both.append(
            screen_places(model, price, some_places(3), typical_scale(network), most=ALL, per_recipe=9)
        )
    assert len(both[0].worth) > 0
    assert both[0].recipe.tolist() == both[1].recipe.tolist()
    assert both[0].worth == pytest.approx(both[1].worth, rel=1e-9)


def test_pairs_found_by_price_prove_what_all_pairs_prove(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two partners of each place at first, the rest by price: the same worths, after more searches."""
    network = build_network(City(23, plants=60, materials=5).tables())
    model, price = prices_of(network, Scenario())
    places = some_places(3)
    found = screen_places(model, price, places, typical_scale(network), most=6, per_recipe=3)
    assert len(found.worth) == 6
    whole = prove_screening(network, Scenario(), found, places)
    monkeypatch.setattr("liantu.chain.screening_proof.LISTED", 0)
    monkeypatch.setattr("liantu.chain.screening_proof.PARTNERS", 2)
    some = prove_screening(network, Scenario(), found, places)
    assert some.rounds > whole.rounds
    assert some.proved == pytest.approx(whole.proved, rel=1e-7, abs=1e-3)
    assert some.together == pytest.approx(whole.together, rel=1e-7, abs=1e-3)


def test_nothing_that_pays_is_proved_to_be_nothing(town: Network) -> None:
    here = Places(np.array([38.0]), np.array([102.0]))
    plan = make_plan(town)
    found = screen_places(plan.model, plan.solution.row_dual, here, np.ones(3), recipes=np.array([2]), most=5)
    assert (len(found.worth), found.priced, found.paying) == (0, 1, 0)
    assert as_plants(town, found, here) == ()
    prover = Reprover(town, Scenario(), ())
    proof = prove_plants(prover, np.zeros(0, dtype=np.int64), found.worth)
    assert (proof.together, len(proof.proved)) == (0.0, 0)
    with pytest.raises(ValueError, match="row"):
        screen_places(plan.model, np.zeros(2), here, np.ones(3))
