"""Large networks block by block: the same plan, a bound that holds for any prices, and going on later."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.chain import offers, regions
from liantu.chain.bound import Bounds, bound_of
from liantu.chain.certificate import residual
from liantu.chain.keys import CAP
from liantu.chain.model import Model, build_model
from liantu.chain.network import Floats
from liantu.chain.network_build import build_network
from liantu.chain.pairs import Pairs, chosen, find_pairs, markets
from liantu.chain.parts import bare_model, parts_of, with_pairs
from liantu.chain.reduced import solve_model
from liantu.chain.region_state import State
from liantu.chain.regions import Limits, solve_by_regions
from liantu.chain.scenario import Scenario
from liantu.data.tables import Tables
from liantu.errors import InputError
from tests.chain.networks import City
from tests.chain.test_plan_laws import BOTH, cities
from tests.laws import tried

FEW = tried(25)


def whole(bare: Model, state: State) -> tuple[Model, Floats]:
    """The plan as a solution of the model that lists its shipments."""
    found = state.found
    order = np.lexsort((found.pairs.target, found.pairs.source, bare.rows.material[found.pairs.source]))
    model, n = with_pairs(bare, chosen(found.pairs, order)), len(bare.plants)
    return model, np.concatenate([found.x[:n], found.shipped[order], found.x[n:]])


@FEW
@given(cities)
def test_a_model_with_its_pairs_put_in_is_the_model(tables: Tables) -> None:
    network = build_network(tables)
    plain, bare = build_model(network, BOTH), bare_model(network, BOTH)
    put = with_pairs(bare, find_pairs(bare.rows, network.materials))
    assert (plain.matrix != put.matrix).nnz == 0
    assert np.array_equal(plain.objective, put.objective)
    assert np.array_equal(plain.columns.km, put.columns.km)


@FEW
@given(cities, st.integers(0, 2**32 - 1))
def test_no_plan_exceeds_the_bound_of_any_prices(tables: Tables, seed: int) -> None:
    network = build_network(tables)
    bare = bare_model(network, BOTH)
    model = with_pairs(bare, find_pairs(bare.rows, network.materials))
    best = solve_model(model)
    value, money = best.objective + model.constant, 1 + float(np.abs(model.objective) @ best.x)
    assert bound_of(bare, best.row_dual) - value <= 1e-7 * money
    noise = np.random.default_rng(seed).uniform(-300, 300, len(bare.rows.kind))
    for price in (best.row_dual + 0.1 * noise, noise, np.zeros(len(noise))):
        assert bound_of(bare, price) >= value - 1e-9 * money


@FEW
@given(cities, st.booleans())
def test_joined_blocks_give_the_best_plan(tables: Tables, narrow: bool) -> None:
    network = build_network(tables)
    model = build_model(network, BOTH)
    best = solve_model(model)
    value, money = best.objective + model.constant, 1 + float(np.abs(model.objective) @ best.x)
    told: list[tuple[float, float]] = []
    limits = Limits(goal=-1.0, leaf=2, together=2 if narrow else 4)
    found = solve_by_regions(network, BOTH, limits, progress=lambda _n, low, high: told.append((low, high)))
    assert found.whole
    assert abs(found.state.lower - value) <= 1e-7 * money
    assert all(low <= value + 1e-7 * money and high >= value - 1e-7 * money for low, high in told)
    plan, x = whole(found.bare, found.state)
    assert residual(plan, x) <= 1e-7
    assert abs(float(plan.objective @ x) + plan.constant - found.state.lower) <= 1e-7 * money


def small(seed: int = 3) -> Tables:
    return City(seed, plants=60, materials=5).tables()


@pytest.mark.parametrize("swept", [False, True], ids=["approached", "swept"])
def test_blocks_that_stay_apart_come_closer_and_never_worse(
    swept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regions, "SLOW", -1.0 if swept else 1.0)  # an approach is too slow always, or never
    monkeypatch.setattr(regions, "FIRST", 8)
    network = build_network(small())
    best = solve_model(build_model(network, Scenario()))
    told: list[tuple[str, float, float]] = []

    def tell(name: str, low: float, high: float) -> None:
        told.append((name, low, high))

    begun = time.monotonic()
    clock = SimpleNamespace(monotonic=lambda: begun + 100 * len(told))  # it stops after twelve steps
    monkeypatch.setattr(regions, "time", clock)
    limits = Limits(goal=1e-9, seconds=1200, leaf=10, largest=15, whole=15)
    found = solve_by_regions(network, Scenario(), limits, progress=tell)
    assert not found.whole
    value = best.objective + found.bare.constant
    after = told[regions.TURNS :]
    assert [t[0] for t in told[: regions.TURNS]] == ["join"] + regions.OPENING * ["approach"]
    assert {t[0] for t in after} == {"dual" if swept else "approach", "primal"}
    assert all(a[1] <= b[1] and a[2] >= b[2] for a, b in pairwise(told))
    assert after[-1][1] <= value * (1 + 1e-9)
    assert after[-1][2] >= value * (1 - 1e-9)
    plan, x = whole(found.bare, found.state)
    assert residual(plan, x) <= 1e-7


def test_it_goes_on_from_where_it_was_stopped(tmp_path: Path) -> None:
    network, saved = build_network(small()), tmp_path / "state.npz"
    stopped = solve_by_regions(network, Scenario(), Limits(seconds=0, leaf=10), saved=saved)
    assert stopped.state.step == 0
    first = solve_by_regions(network, Scenario(), Limits(goal=1e9, leaf=10), saved=saved)
    assert first.state.step == 1
    rest = solve_by_regions(network, Scenario(), Limits(leaf=10), saved=saved)
    assert rest.state.step > 1
    assert rest.state.gap <= 1e-6
    other = build_network(small(seed=4))
    with pytest.raises(InputError) as refused:
        solve_by_regions(other, Scenario(), saved=saved)
    assert [p.code for p in refused.value.problems] == ["state_of_another_city"]
    saved.write_bytes(b"junk")
    with pytest.raises(InputError) as refused:
        solve_by_regions(network, Scenario(), saved=saved)
    assert [p.code for p in refused.value.problems] == ["state_unreadable"]


def test_a_plant_with_one_leg_outside_is_refused() -> None:
    bare = bare_model(build_network(small()), Scenario())
    legs = np.diff(bare.matrix[:, : len(bare.plants)].indptr)
    torn = int(np.flatnonzero(legs > 1)[0])
    inside = np.zeros(len(bare.rows.kind), dtype=bool)
    inside[bare.matrix[:, torn].indices[0]] = True
    with pytest.raises(ValueError, match="two blocks"):
        list(parts_of(bare, np.where(inside, 0, 1)))


def test_spoiled_prices_show_as_a_gap() -> None:
    network = build_network(small())
    bare = bare_model(network, Scenario())
    found = solve_by_regions(network, Scenario(), Limits(leaf=10)).state
    right = bound_of(bare, found.best_price)
    wrong = found.best_price.copy()
    wrong[bare.rows.kind != CAP] *= 1.05
    assert bound_of(bare, wrong) > right * (1 + 1e-4)


@pytest.mark.parametrize("seed", range(5))
def test_compiled_and_plain_searches_agree(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    network = build_network(small(seed))
    bare = bare_model(network, Scenario())
    rng = np.random.default_rng(seed)
    price = rng.uniform(0, 400, len(bare.rows.kind))
    region = rng.integers(0, 3, len(price))

    def searched() -> tuple[list[Floats], list[set[tuple[int, int]]]]:
        low, pairs = [Bounds(bare).repaired(price)], []
        for m in markets(bare.rows, network.materials):
            offered = offers.sellers(bare.rows, m.makers, price[m.makers], region)
            lanes = network.materials.lanes(m.material)
            low.append(offers.lowest(bare.rows, offered, m.users, price[m.users], lanes, region))
            found: Pairs | tuple[np.ndarray, np.ndarray] = offers.best_pairs(
                bare.rows, offered, m.users, price[m.users], lanes, 3
            )
            pairs.append(set(zip(found[0].tolist(), found[1].tolist(), strict=True)))
        return low, pairs

    compiled = searched()
    monkeypatch.setattr(offers, "_compiled", lambda: None)
    plain = searched()
    assert all(np.allclose(a, b, rtol=1e-12) for a, b in zip(compiled[0], plain[0], strict=True))
    assert compiled[1] == plain[1]
