"""Pairs found by price: the same plan as with every pair listed, and an exact search."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.chain.certificate import dual_bound
from liantu.chain.keys import SHIP
from liantu.chain.model import build_model
from liantu.chain.network_build import build_network
from liantu.chain.pairs import find_pairs
from liantu.chain.plan import solve_scenario
from liantu.chain.pricing import count_pairs, nearest_pairs, paying_pairs, solve_by_price, unlisted_bound
from liantu.chain.reduced import solve_model
from liantu.data.tables import Tables
from tests.chain.networks import City
from tests.chain.test_plan_laws import BOTH, LAWS, cities


@LAWS
@given(cities)
def test_pairs_found_by_price_give_the_plan_of_all_pairs(tables: Tables) -> None:
    network = build_network(tables)
    every = build_model(network, BOTH)
    best = solve_model(every)
    model, found = solve_by_price(network, BOTH, nearest=1)
    money = 1 + float(np.abs(every.objective) @ best.x)
    assert abs(found.objective - best.objective) <= 1e-9 * money
    assert (model.columns.kind == SHIP).sum() <= (every.columns.kind == SHIP).sum()
    assert unlisted_bound(model, found.row_dual) <= 1e-7 * money
    assert dual_bound(model, found.row_dual) - found.objective <= 1e-7 * money


@LAWS
@given(cities, st.integers(0, 2**32 - 1))
def test_the_search_for_paying_pairs_is_exact(tables: Tables, seed: int) -> None:
    network = build_network(tables)
    rows = build_model(network, BOTH).rows
    price = np.random.default_rng(seed).uniform(-50, 200, len(rows.kind))
    every = find_pairs(rows, network.materials)
    gain = (
        price[every.target]
        - price[every.source]
        - network.materials.freight[rows.material[every.source]] * every.km
    )
    expected = {(s, t) for s, t in zip(every.source[gain > 1e-6], every.target[gain > 1e-6], strict=True)}
    found = paying_pairs(rows, network.materials, price, most=1000)
    assert {(s, t) for s, t in zip(found.source, found.target, strict=True)} >= expected
    assert len(found.km) <= (gain > 0).sum()
    best = paying_pairs(rows, network.materials, price, most=1)
    assert {s for s, _ in expected} <= set(best.source.tolist())
    assert {t for _, t in expected} <= set(best.target.tolist())


def test_many_pairs_are_searched_in_blocks_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    network = build_network(City(5, plants=60, materials=3).tables())
    rows = build_model(network, BOTH).rows
    every = find_pairs(rows, network.materials)
    assert count_pairs(rows, network.materials) == len(every.km) > 100
    assert network.most_pairs >= len(every.km)
    price = np.random.default_rng(1).uniform(-50, 200, len(rows.kind))
    whole = paying_pairs(rows, network.materials, price, most=3)
    for name in ("pairs.DENSE_PAIRS", "pricing.BLOCK"):
        monkeypatch.setattr(f"liantu.chain.{name}", 50)
    parts = paying_pairs(rows, network.materials, price, most=3)
    assert set(zip(*parts, strict=True)) >= set(zip(*whole, strict=True))
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


def test_the_form_is_chosen_by_the_number_of_pairs() -> None:
    network = build_network(City(5, plants=60, materials=3).tables())
    listed, one = solve_scenario(network, BOTH)
    priced, other = solve_scenario(network, BOTH, listed_pairs=10)
    assert (priced.columns.kind == SHIP).sum() < (listed.columns.kind == SHIP).sum()
    assert other.objective == pytest.approx(one.objective, rel=1e-9)
