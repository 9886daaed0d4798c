"""A candidate that the scenario resizes: capital, land and payback go with it, in every study."""

from __future__ import annotations

import pytest

from liantu.chain.gaps import find_gaps
from liantu.chain.network_build import build_network
from liantu.chain.plan import make_plan
from liantu.chain.portfolio import choose_portfolio, portfolio_scenario
from liantu.chain.scenario import Scenario
from tests.chain.gap_town import gap_town

TWICE = Scenario(capacity={"k_tetra": 100.0})


def test_gaps_take_the_capital_and_the_land_of_the_size_that_is_proved() -> None:
    """Twice the tetra plant costs 40,000 and 4 ha; the charge of a tenth is 4000 a year."""
    report = find_gaps(build_network(gap_town()), TWICE)
    tetra = next(c for c in report.candidates if c.id == "k_tetra")
    proof = report.proof("k_tetra+k_pigment")
    assert tetra.capital_cny == pytest.approx(40_000)
    assert (proof.capital_cny, proof.land_ha) == pytest.approx((45_000, 4 + 3))
    assert proof.charge_cny_per_year == pytest.approx(0.1 * proof.capital_cny)
    assert proof.payback_years == pytest.approx(45_000 / proof.gain_cny_per_year)
    assert {m.id: m.capital_cny for m in proof.members} == pytest.approx(
        {"k_tetra": 40_000, "k_pigment": 5_000}
    )


def test_a_land_cap_counts_the_candidates_inside_its_scope_at_their_size() -> None:
    resources = [
        {"id": "all", "unit": "ha", "value": 50.0, "constraint_kind": "land_cap"},
        {
            "id": "some",
            "unit": "ha",
            "value": 50.0,
            "constraint_kind": "land_cap",
            "applies_to": "process:tetra",
        },
        {
            "id": "none",
            "unit": "ha",
            "value": 50.0,
            "constraint_kind": "land_cap",
            "applies_to": "process:mill",
        },
    ]
    report = find_gaps(build_network(gap_town(resources=resources)), TWICE)
    caps = report.proof("k_tetra+k_pigment").caps
    assert {c.id: (c.before, c.after) for c in caps if c.id in ("all", "some", "none")} == {
        "all": (0, 7),
        "some": (0, 4),
    }


def test_the_portfolio_leaves_the_land_that_a_built_candidate_takes_at_its_size() -> None:
    """Of 6.5 ha the tetra plant at twice its size takes 4: the pigment plant of 3 ha does not fit."""
    resources = [{"id": "land", "unit": "ha", "value": 6.5, "constraint_kind": "land_cap"}]
    network = build_network(gap_town(resources=resources))
    built = frozenset({"k_tetra"})
    assert [c.id for c in choose_portfolio(network, Scenario(add=built)).chosen] == ["k_pigment"]
    resized = choose_portfolio(network, Scenario(add=built, capacity=TWICE.capacity))
    assert resized.chosen == ()
    (land,) = [limit for limit in resized.limits if limit.id == "land"]
    assert land.used == pytest.approx(4)


def test_the_portfolio_pays_for_the_size_that_it_builds() -> None:
    """Half the pigment plant costs 2500: what the portfolio says it is worth is what its plan is worth."""
    network = build_network(gap_town())
    built = Scenario(add=frozenset({"k_tetra"}), capacity={"k_pigment": 20.0})
    result = choose_portfolio(network, built)
    (pigment,) = result.chosen
    assert (pigment.size, pigment.capital_cny) == pytest.approx((20, 2500))
    plan = make_plan(network, portfolio_scenario(built, result))
    assert plan.objective == pytest.approx(result.value_cny)
