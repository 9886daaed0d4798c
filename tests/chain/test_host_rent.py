"""What the capacity of a plant is worth that a retrofit shares: one rent, over both bounds of the model."""

from __future__ import annotations

import pytest

from liantu.chain.gaps import find_gaps
from liantu.chain.network_build import build_network
from liantu.chain.plan import make_plan
from liantu.chain.scenario import Scenario
from liantu.data.tables import Tables
from tests.chain.networks import flow, tables_of

BUILT = Scenario(add=frozenset({"retrofit"}))
BORDER = {"unit": "t", "t_per_unit": 1.0, "transport_cost_cny_per_tkm": 0.0}


def shop(scale: float = 5.0, other: float = 50.0) -> Tables:
    """The host makes goods of 100 from stuff of 10; its retrofit makes what sells at `other` of the same."""
    at = {"lat": 38.0, "lon": 102.0}
    return tables_of(
        materials=[
            {"id": "stuff", "price_mid_cny": 10.0, "external_buy": True, **BORDER},
            {"id": "goods", "price_mid_cny": 100.0, "external_sell": True, **BORDER},
            {"id": "other", "price_mid_cny": other, "external_sell": True, **BORDER},
        ],
        processes=[
            {"id": f"make_{m}", "reference_product": m, "reference_unit": "t"} for m in ("goods", "other")
        ],
        process_flows=[
            flow(f"make_{m}", line, what, direction, 1.0)
            for m in ("goods", "other")
            for line, what, direction in ((1, m, "out"), (2, "stuff", "in"))
        ],
        parks=[{"id": "park", **at}],
        facilities=[
            {
                "id": "host",
                "process_id": "make_goods",
                "park_id": "park",
                "capacity_per_year": 10.0,
                "capacity_unit": "t/y",
                **at,
            }
        ],
        candidates=[
            {
                "id": "retrofit",
                "process_id": "make_other",
                "typical_scale": scale,
                "scale_unit": "t/y",
                "capex_total_cny": 0.0,
                "suggested_park_id": "park",
                "shares_capacity_with_facility": "host",
                "link_type": "强链",
            }
        ],
    )


def rents(tables: Tables, scenario: Scenario) -> dict[str, tuple[float, float]]:
    plan = make_plan(build_network(tables), scenario)
    return {p.id: (p.rent_low, p.rent_high) for p in plan.plants}


def test_a_retrofit_that_stands_idle_leaves_its_host_the_rent_that_it_had() -> None:
    """90 a tonne, not what host and retrofit could split it into."""
    assert rents(shop(), Scenario())["host"] == pytest.approx((90, 90))
    assert rents(shop(), BUILT) == {"host": pytest.approx((90, 90)), "retrofit": pytest.approx((0, 0))}
    (row,) = find_gaps(build_network(shop()), BUILT).strengthen
    assert (row.price_low, row.price_high) == pytest.approx((90, 90))
    assert row.first_order_cny_per_year == pytest.approx(row.worth_cny_per_year)


def test_where_the_retrofit_earns_more_the_host_has_what_is_left() -> None:
    """The retrofit's own 5 t earn 30 more each; a tonne of the host's capacity earns 90 by the host."""
    assert rents(shop(other=130.0), BUILT) == {
        "host": pytest.approx((90, 90)),
        "retrofit": pytest.approx((30, 30)),
    }


def test_where_the_retrofit_fills_the_host_its_capacity_earns_by_either() -> None:
    """At 10 t each, one more of the host's is run by the host (90), one less lost by the retrofit (120)."""
    assert rents(shop(scale=10.0, other=130.0), BUILT)["host"] == pytest.approx((90, 120))
