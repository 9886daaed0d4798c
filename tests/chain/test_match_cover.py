"""Covers against a linear and an integer programme."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from liantu.chain import match_cover
from liantu.chain.match_cover import MOST_STRETCHES, cheapest, fewest, stretches
from liantu.chain.match_types import Step
from tests.laws import tried

tranches = st.lists(
    st.builds(
        Step,
        who=st.sampled_from(["a", "b", "c", "d", "e"]),
        material=st.just("gas"),
        displaces=st.sampled_from(["dump", "sale", "idle capacity"]),
        quantity=st.floats(0.5, 50).map(lambda v: round(v, 2)),
        cny_per_unit=st.floats(-100, 100).map(lambda v: round(v, 2)),
    ),
    min_size=1,
    max_size=9,
)


@tried(100)
@given(tranches, st.floats(0.5, 300).map(lambda v: round(v, 2)))
def test_filling_in_order_of_cost_is_the_optimum_of_the_linear_programme(
    options: list[Step], quantity: float
) -> None:
    most = sum(o.quantity for o in options)
    cover = cheapest(options, quantity)
    wanted = min(quantity, most)
    best = linprog(
        [o.cny_per_unit for o in options],
        A_eq=np.ones((1, len(options))), b_eq=[wanted],
        bounds=[(0, o.quantity) for o in options],
    )  # fmt: skip
    assert cover.quantity == pytest.approx(wanted)
    assert cover.total_cny == pytest.approx(best.fun, rel=1e-7, abs=1e-6)
    assert cover.shortfall == pytest.approx(max(quantity - most, 0), abs=1e-6)


@tried(50)
@given(tranches, st.floats(0.5, 300).map(lambda v: round(v, 2)))
def test_no_fewer_partners_would_do_and_so_many_at_no_less_cost(options: list[Step], quantity: float) -> None:
    cover = fewest(options, quantity)
    names = sorted({o.who for o in options})
    wanted = min(quantity, sum(o.quantity for o in options))

    def able(size: int) -> list[list[Step]]:
        sets = [[o for o in options if o.who in chosen] for chosen in combinations(names, size)]
        return [part for part in sets if sum(o.quantity for o in part) >= wanted * (1 - 1e-12)]

    assert not able(cover.partners - 1)
    assert cover.total_cny == pytest.approx(
        min(cheapest(part, wanted).total_cny for part in able(cover.partners)), abs=1e-6
    )
    assert cover.quantity == pytest.approx(wanted)


@tried(25)
@given(tranches, st.floats(0.5, 300).map(lambda v: round(v, 2)))
def test_the_integer_programme_agrees_with_trying_every_set(options: list[Step], quantity: float) -> None:
    tried = fewest(options, quantity)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(match_cover, "MOST_SETS", 0)
        solved = fewest(options, quantity)
    assert solved.quantity == pytest.approx(tried.quantity)
    assert solved.total_cny == pytest.approx(tried.total_cny, abs=1e-4)


def test_the_city_is_asked_before_the_market() -> None:
    options = [
        Step("import", "gas", "market", 100, 5),
        Step("a", "gas", "dump", 6, 1),
        Step("b", "gas", "sale", 6, 2),
    ]
    assert [s.who for s in fewest(options, 10).steps] == ["a", "b"]
    assert [s.who for s in fewest(options, 20).steps] == ["import"]
    assert [s.who for s in cheapest(options, 20).steps] == ["a", "b", "import"]


def test_of_two_at_one_cost_the_first_is_taken() -> None:
    options = [Step("a", "gas", "dump", 5, 1.0), Step("b", "gas", "plant:x", 5, 1.0 - 1e-9)]
    assert [s.who for s in cheapest(options, 5).steps] == ["a"]


def test_nothing_covers_nothing() -> None:
    for cover in (cheapest([], 7), fewest([], 7)):
        assert (cover.steps, cover.quantity, cover.shortfall, cover.cny_per_unit) == ((), 0, 7, None)


def test_a_long_cover_is_proved_a_dozen_steps_at_a_time() -> None:
    options = [Step(f"p{i:02}", "gas", "dump", 2.0, float(i)) for i in range(20)]
    *first, rest = stretches(cheapest(options, 40))
    assert len(first) == MOST_STRETCHES
    assert (rest.who, rest.quantity, rest.cny_per_unit) == ("", 16.0, sum(range(12, 20)) / 8)
