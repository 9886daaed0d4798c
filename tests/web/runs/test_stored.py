"""What is stored is what was found: read again without solving, to the last digit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from liantu import runs
from liantu.chain import plan as plans
from liantu.chain.gap_report import GapReport
from liantu.chain.portfolio_result import PortfolioResult
from liantu.chain.scale import solve_large
from liantu.report.accounts import accounts_json
from liantu.report.plan import plan_json
from liantu.web.atlas.runs import stored
from liantu.web.atlas.runs.stored import StoredRunError

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture(scope="module")
def city() -> runs.City:
    return runs.open_city(EXAMPLES / "guitang")


@pytest.mark.parametrize(
    ("name", "scenario"), [("guitang", "base"), ("jinchang", "base"), ("jinchang", "titanium_pair")]
)
def test_a_plan_is_read_again_without_solving(
    monkeypatch: pytest.MonkeyPatch, name: str, scenario: str
) -> None:
    city = runs.open_city(EXAMPLES / name, scenario)
    plan = runs.plan(city)
    packed = stored.pack_plan(plan)
    monkeypatch.setattr(plans, "solve_scenario", lambda *_: pytest.fail("it was solved"))
    again = stored.unpack_plan(city.network, city.scenario, packed)
    assert again.certificate == plan.certificate
    assert plan_json(again, city) == plan_json(plan, city)
    one, two = (accounts_json(plans_accounts(p), city) for p in (again, plan))
    assert one == two


def plans_accounts(plan: plans.Plan):  # type: ignore[no-untyped-def]
    from liantu.chain.accounts import circular_accounts

    return circular_accounts(plan)


def test_a_plan_whose_pairs_were_found_by_price_is_read_again(city: runs.City) -> None:
    plan = plans.read_plan(*solve_large(city.network, city.scenario))
    again = stored.unpack_plan(city.network, city.scenario, stored.pack_plan(plan))
    assert again.shipments == plan.shipments
    assert again.prices == plan.prices


def test_a_plan_of_other_tables_or_of_another_version_is_refused(city: runs.City) -> None:
    plan = runs.plan(city)
    packed = stored.pack_plan(plan)
    other = runs.open_city(EXAMPLES / "jinchang")
    with pytest.raises(StoredRunError, match="digest"):
        stored.unpack_plan(other.network, other.scenario, packed)
    with pytest.raises(StoredRunError, match=r"primal|columns|rows"):
        stored.unpack_plan(city.network, replace(city.scenario, price_level="low"), packed)
    bent = replace(plan, solution=replace(plan.solution, x=plan.solution.x * 1.5))
    changed = stored.pack_plan(replace(bent, certificate=plan.certificate))
    with pytest.raises(StoredRunError, match="primal"):
        stored.unpack_plan(city.network, city.scenario, changed)


def test_a_gap_report_is_the_same_record_again(city: runs.City) -> None:
    report = runs.gaps(city)
    again = stored.unpack_record(GapReport, stored.pack_record(report))
    assert again == report
    assert {type(leg.price) for c in again.candidates for leg in c.legs} == {float}


def test_infinite_and_missing_figures_survive(city: runs.City) -> None:
    report = runs.gaps(city, top=1)
    odd = replace(report.candidates[0], margin_cny_per_unit=-np.inf, payback_years=None)
    kept = replace(report, candidates=(odd,))
    assert stored.unpack_record(GapReport, stored.pack_record(kept)) == kept


def test_a_portfolio_is_the_same_record_again(city: runs.City) -> None:
    result = runs.portfolio(city, runs.Rooms(capital=5e8), runners_up=1, budgets=[1e8])
    assert stored.unpack_record(PortfolioResult, stored.pack_record(result)) == result


def test_bytes_that_are_no_record_are_refused() -> None:
    with pytest.raises(StoredRunError):
        stored.unpack_record(GapReport, b"nonsense")
    with pytest.raises(StoredRunError):
        stored.unpack_record(GapReport, stored.pack_record({"base_value": "much"}))
