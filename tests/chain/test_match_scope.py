"""Caps that hold for some plants only, where a need or an offer stands: counted as what stands there is."""

from __future__ import annotations

import pytest

from liantu.chain.match import Need, Offer, match_need, match_offer
from liantu.chain.plan import make_plan
from tests.chain.match_city import gas_city

BOUGHT = {
    "external_buy": True,
    "price_mid_cny": 50.0,
    "disposal_cost_cny_per_unit": None,
    "external_sell": True,
}


def city(applies_to: str, kind: str = "buy_cap"):  # type: ignore[no-untyped-def]
    cap = {
        "id": "some",
        "unit": "t/y",
        "value": 5.0,
        "material_id": "gas",
        "constraint_kind": kind,
        "applies_to": applies_to,
    }
    return gas_city(BOUGHT, resources=[cap])


COUNTED = [
    ("", "here", True),
    ("!process:make_resin", "here", True),
    ("process:make_resin", "here", False),
    ("park:here", "here", True),
    ("park:here", "away", False),
    ("!park:here", "away", True),
    ("facility:soda", "soda", True),
    ("!facility:soda", "soda", False),
]


@pytest.mark.parametrize(("applies_to", "at", "counted"), COUNTED)
def test_what_is_bought_for_a_need_counts_against_the_caps_of_its_place(
    applies_to: str, at: str, counted: bool
) -> None:
    """Nothing within reach gives 1000 t: with the cap the market has 5, without it all."""
    report = match_need(make_plan(city(applies_to)), Need("gas", 1000.0, at))
    market = [o for o in report.options if o.supplier == "import" and not o.loser]
    bought = report.proof.effect.deliveries if report.proof else ()
    most = sum(d.quantity for d in bought if d.source == "import")
    offered = sum(o.quantity for o in market)
    assert offered <= 5.0 if counted else offered == 1000.0
    assert most <= 5.0 + 1e-6 if counted else most > 800.0


@pytest.mark.parametrize(("applies_to", "at", "counted"), COUNTED)
def test_what_is_sold_of_an_offer_counts_against_the_caps_of_its_place(
    applies_to: str, at: str, counted: bool
) -> None:
    """The city sells 20 t of its own: a cap of 5 leaves no room where it counts both."""
    report = match_offer(make_plan(city(applies_to, "sell_cap")), Offer("gas", 1000.0, at))
    sold = sum(o.quantity for o in report.options if o.taker == "export")
    assert (sold <= 5.0 + 1e-6) if counted else sold == pytest.approx(1000.0)
    assert report.proof is not None
    assert (report.proof.quantity < 200.0) if counted else report.proof.quantity == pytest.approx(1000.0)
