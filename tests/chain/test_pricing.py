"""Pairs found by price: the same plan as with every pair listed, and an exact search."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.chain.bound import Bounds
from liantu.chain.certificate import dual_bound
from liantu.chain.keys import BALANCE, SHIP
from liantu.chain.model import build_model
from liantu.chain.network_build import build_network
from liantu.chain.pairs import find_pairs
from liantu.chain.parts import bare_model
from liantu.chain.plan import make_plan, read_plan
from liantu.chain.prices import best_offers
from liantu.chain.pricing import count_pairs, nearest_pairs, paying
from liantu.chain.reduced import solve_model
from liantu.chain.scale import solve_large
from liantu.chain.warm import solve_bare
from liantu.data.tables import Tables
from tests.chain.networks import City
from tests.chain.test_plan_laws import BOTH, LAWS, cities


@LAWS
@given(cities)
def test_pairs_found_by_price_give_the_plan_of_all_pairs(tables: Tables) -> None:
    network = build_network(tables)
    every = build_model(network, BOTH)
    best = solve_model(every)
    model, found = solve_large(network, BOTH)
    money = 1 + float(np.abs(every.objective) @ best.x)
    assert abs(found.objective - best.objective) <= 1e-9 * money
    assert (model.columns.kind == SHIP).sum() <= (every.columns.kind == SHIP).sum()
    assert dual_bound(every, Bounds(model).repaired(found.row_dual)) - found.objective <= 1e-7 * money


@LAWS
@given(cities)
def test_the_search_alone_gives_the_plan_of_all_pairs(tables: Tables) -> None:
    """From one partner each, so that all others are found by price."""
    network = build_network(tables)
    bare, every = bare_model(network, BOTH), build_model(network, BOTH)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("liantu.chain.warm.LISTED", 0)
        patch.setattr("liantu.chain.warm.PARTNERS", 1)
        found, best = solve_bare(bare), solve_model(every)
    assert abs(found.value(bare) - best.objective) <= 1e-9 * (1 + float(np.abs(every.objective) @ best.x))


@LAWS
@given(cities, st.integers(0, 2**32 - 1))
def test_the_search_for_paying_pairs_is_exact(tables: Tables, seed: int) -> None:
    network = build_network(tables)
    bare = bare_model(network, BOTH)
    rows = bare.rows
    price = np.random.default_rng(seed).uniform(-50, 200, len(rows.kind))
    every = find_pairs(rows, network.materials)
    freight = network.materials.haul(rows.material[every.source], every.km)
    gain = price[every.target] - price[every.source] - freight
    expected = {(s, t) for s, t in zip(every.source[gain > 1e-6], every.target[gain > 1e-6], strict=True)}
    found = paying(bare, price, 1000)
    assert {(s, t) for s, t in zip(found.source, found.target, strict=True)} >= expected
    assert len(found.km) <= (gain > 0).sum()
    best = paying(bare, price, 1)
    assert {s for s, _ in expected} <= set(best.source.tolist())
    assert {t for _, t in expected} <= set(best.target.tolist())


def test_many_pairs_are_searched_in_blocks_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    network = build_network(City(5, plants=60, materials=3).tables())
    rows = build_model(network, BOTH).rows
    every = find_pairs(rows, network.materials)
    assert count_pairs(rows, network.materials) == len(every.km) > 100
    assert network.most_pairs >= len(every.km)
    monkeypatch.setattr("liantu.chain.pairs.DENSE_PAIRS", 50)
    again = find_pairs(rows, network.materials)
    assert np.array_equal(again.source, every.source)
    assert np.array_equal(again.target, every.target)


def test_each_place_begins_with_its_nearest_partners() -> None:
    network = build_network(City(5, plants=60, materials=3).tables())
    rows = build_model(network, BOTH).rows
    every, near = find_pairs(rows, network.materials), nearest_pairs(rows, network.materials, 1)
    for target in np.unique(every.target):
        closest = every.km[every.target == target].min()
        assert closest in near.km[near.target == target]


def test_the_form_is_chosen_by_the_number_of_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where pairs are not listed the plan is as good, as well proved, and no price is off its best offers."""
    network = build_network(City(5, plants=60, materials=3).tables())
    listed = make_plan(network, BOTH)
    monkeypatch.setattr("liantu.chain.scale.LISTED_PAIRS", 10)
    priced = make_plan(network, BOTH)
    assert (priced.model.columns.kind == SHIP).sum() < (listed.model.columns.kind == SHIP).sum()
    assert priced.objective == pytest.approx(listed.objective, rel=1e-9)
    assert priced.certificate.holds
    assert not priced.intervals.exact
    y, every = priced.solution.row_dual, build_model(network, BOTH)
    expected = best_offers(every, y)
    balance = every.rows.kind == BALANCE
    assert priced.intervals.row[balance] == pytest.approx(expected[balance], rel=1e-9)
    spoiled = replace(priced.solution, row_dual=y * 1.1)
    assert not read_plan(priced.model, spoiled).certificate.holds
