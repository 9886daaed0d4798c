"""Several ways of transport for one material: the cheapest that reaches carries it, and is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from liantu.chain.match import match_need
from liantu.chain.match_query import Need
from liantu.chain.network_build import build_network
from liantu.chain.plan import Plan, make_plan
from liantu.data.package_out import write_package
from liantu.data.tables import Tables, inspect_tables
from tests.chain.networks import flow, tables_of

KM = 111.195  # of one degree of latitude


def ore_town(distance: float, *ways: dict[str, object]) -> Tables:
    """A mine and a works so many km apart; a lorry costs 1 CNY/t/km and goes 50 km."""
    goods = {"unit": "t", "t_per_unit": 1.0, "transport_cost_cny_per_tkm": 1.0}
    plants = [("mine", "dig", 0.0), ("works", "smelt", distance)]
    return tables_of(
        materials=[
            {"id": "ore", "transport_mode": "truck", "max_transport_km": 50.0, **goods},
            {"id": "metal", "price_mid_cny": 900.0, "external_sell": True, **goods},
        ],
        processes=[
            {"id": p, "reference_product": m, "reference_unit": "t"}
            for p, m in (("dig", "ore"), ("smelt", "metal"))
        ],
        process_flows=[
            flow("dig", 1, "ore", "out", 1.0),
            flow("smelt", 1, "ore", "in", 1.0),
            flow("smelt", 2, "metal", "out", 1.0),
        ],
        facilities=[
            {
                "id": name, "process_id": process, "capacity_unit": "t/y",
                "capacity_per_year": 20.0 if name == "mine" else 10.0,
                "status": "operating", "lat": 38.0 + km / KM, "lon": 102.0,
            }
            for name, process, km in plants
        ],
        transports=[{"material_id": "ore", **way} for way in ways],
    )  # fmt: skip


RAIL = {
    "transport_mode": "container", "max_transport_km": 500.0, "transport_cost_cny_per_tkm": 0.1,
    "loading_cost_cny_per_t": 20.0,
}  # fmt: skip
PIPE = {"transport_mode": "pipeline", "max_transport_km": 10.0, "transport_cost_cny_per_tkm": 0.01}


def shipped(plan: Plan) -> tuple[str, float]:
    (s,) = plan.shipments
    return s.link, s.cost_cny / s.quantity


@pytest.mark.parametrize(
    ("distance", "link", "cost"),
    [(5.0, "pipe", 0.05), (15.0, "road", 15.0), (40.0, "rail", 24.0), (400.0, "rail", 60.0)],
)
def test_the_cheapest_way_that_reaches_is_taken(distance: float, link: str, cost: float) -> None:
    plan = make_plan(build_network(ore_town(distance, RAIL, PIPE)))
    assert shipped(plan) == (link, pytest.approx(cost, rel=1e-4))
    assert plan.objective == pytest.approx(10 * (900 - cost), rel=1e-6)
    assert plan.certificate.holds


def test_beyond_the_reach_of_every_way_nothing_goes() -> None:
    assert make_plan(build_network(ore_town(400.0, PIPE))).shipments == ()
    assert make_plan(build_network(ore_town(600.0, RAIL))).shipments == ()


def test_a_match_says_the_way_and_what_it_costs() -> None:
    plan = make_plan(build_network(ore_town(40.0, RAIL)))
    report = match_need(plan, Need("ore", 1.0, "works"))
    (option,) = [o for o in report.options if o.supplier == "mine"]
    assert option.link == "rail"
    assert option.freight_cny_per_unit == pytest.approx(24.0, rel=1e-4)


def test_a_way_of_what_stays_put_or_has_it_already_is_refused(tmp_path: Path) -> None:
    town = ore_town(40.0, RAIL, {**RAIL, "transport_mode": "truck"})
    write_package(town, tmp_path / "town")
    found = inspect_tables(tmp_path / "town")
    assert found.tables is None
    assert [(p.code, p.file, p.column) for p in found.errors] == [
        ("own_transport", "transports.csv", "transport_mode")
    ]


def test_it_goes_through_a_package_and_back(tmp_path: Path) -> None:
    town = ore_town(40.0, RAIL, PIPE)
    write_package(town, tmp_path / "town")
    back = inspect_tables(tmp_path / "town").tables
    assert back is not None
    assert back.digest == town.digest
    assert ore_town(40.0).digest != town.digest
