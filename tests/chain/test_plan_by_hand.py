"""Plans worked out by hand: plants, pipes, pools, retrofits, demand."""

from __future__ import annotations

import numpy as np
import pytest

from liantu.chain.network import great_circle_km
from liantu.errors import InputError
from tests.chain.acid_town import LAT, LON, acid_town, activity, plant, price, process, solved
from tests.chain.networks import flow


def test_a_degree_of_latitude_is_111_km() -> None:
    assert great_circle_km(*(np.array([v]) for v in (0.0, 0.0, 1.0, 0.0)))[0] == pytest.approx(
        111.195, abs=1e-3
    )


def test_the_acid_plant_limits_the_smelter() -> None:
    """800 metal earn 500 - 200 - 50, pipe 1, absorb 5; 600 acid go 10 km, 200 are dumped at 30."""
    plan = solved(acid_town())
    assert activity(plan) == pytest.approx({"smelter": 800, "acid_plant": 800, "works": 300})
    by_hand = 800 * (500 - 200 - 50 - 1 - 5) - 200 * 30 + 300 * (400 - 20) - 600 * 10
    assert plan.objective == pytest.approx(by_hand)
    assert price(plan, "acid", "acid_plant") == pytest.approx((-30, -30))
    assert price(plan, "acid", "works") == pytest.approx((-20, -20))
    assert price(plan, "gas", "smelter") == pytest.approx((-250, -250))
    rent = {p.id: (p.rent_low, p.rent_high) for p in plan.plants}
    assert rent["smelter"] == pytest.approx((0, 0))
    assert rent["acid_plant"] == pytest.approx((250 - 1 - 5 - 30,) * 2)
    assert rent["works"] == pytest.approx((400 - 20 + 40,) * 2)
    [ship] = [s for s in plan.shipments if s.material == "acid"]
    assert (ship.source, ship.target, ship.link) == ("acid_plant", "works", "road")
    assert (ship.quantity, ship.distance_km, ship.cost_cny) == pytest.approx((600, 10, 6000))
    dumped = [(c.material, c.quantity, c.value_cny) for c in plan.crossings if c.kind == "dump"]
    assert dumped == [("acid", pytest.approx(200), pytest.approx(-6000))]


def test_margins_by_hand() -> None:
    """Gas leaves the smelter at -250, acid the acid plant at -30; the receiver pays freight."""
    plan = solved(acid_town())
    assert plan.margins.place == pytest.approx(
        {
            "smelter": 800 * (500 - 200 - 50) + 800 * -250,
            "acid_plant": 800 * 250 - 800 * 1 - 800 * 5 + 600 * -30 - 200 * 30,
            "works": 300 * (400 - 20) - 600 * -30 - 600 * 10,
        }
    )


def test_a_gas_pipe_too_long_stops_the_smelter() -> None:
    far = [plant("smelter", "smelt", 1000.0), plant("acid_plant", "absorb", 800.0, km=4.0)]
    plan = solved(acid_town(facilities=far))
    assert activity(plan) == pytest.approx({"smelter": 0, "acid_plant": 0})
    low, high = price(plan, "gas", "smelter")
    assert low == -np.inf
    assert high == pytest.approx(-250)


def test_what_crosses_the_city_line_needs_a_price() -> None:
    rows = [{**row, "price_mid_cny": None} for row in acid_town()["materials"].to_dicts()]
    with pytest.raises(InputError) as error:
        solved(acid_town(materials=rows))
    assert [(p.row, p.code) for p in error.value.problems] == [(row, "price_missing") for row in (2, 3, 5, 6)]


def test_committed_demand_is_met_or_its_shortage_is_reported() -> None:
    demand = [
        {
            "id": "town",
            "material_id": "metal",
            "quantity_per_year": 900.0,
            "unit": "t",
            "lat": LAT,
            "lon": LON,
            "penalty_cny_per_unit": 1000.0,
        }
    ]
    plan = solved(acid_town(demands=demand))
    [short] = plan.shortages
    assert (short.place, short.quantity) == ("demand:town", pytest.approx(100))
    assert short.value_cny == pytest.approx(-100 * 1500)
    base = solved(acid_town())
    assert plan.objective == pytest.approx(base.objective - 100 * 1000)
    assert solved(acid_town(demands=demand), demand={"town": 500.0}).shortages == ()


def test_a_pool_is_one_balance_for_the_city() -> None:
    rows = [
        {**row, "pool": "city" if row["id"] == "acid" else None}
        for row in acid_town()["materials"].to_dicts()
    ]
    plan = solved(acid_town(materials=rows))
    assert not [s for s in plan.shipments if s.material == "acid"]
    assert price(plan, "acid", "city") == pytest.approx((-30, -30))
    assert plan.objective == pytest.approx(solved(acid_town()).objective + 600 * 10)
    assert sum(plan.margins.place.values()) == pytest.approx(plan.objective)


def test_a_retrofit_shares_the_capacity_of_its_host() -> None:
    town = acid_town()
    better = [*town["processes"].to_dicts(), process("smelt_clean", "metal", 60.0)]
    flows = [
        *town["process_flows"].to_dicts(),
        flow("smelt_clean", 1, "ore", "in", 2.0),
        flow("smelt_clean", 2, "metal", "out", 1.0, role="main"),
    ]
    retrofit = [
        {
            "id": "clean",
            "process_id": "smelt_clean",
            "typical_scale": 400.0,
            "scale_unit": "t/y",
            "capex_total_cny": 10000.0,
            "shares_capacity_with_facility": "smelter",
            "suggested_park_id": "park",
        }
    ]
    park = [{"id": "park", "lat": LAT, "lon": LON}]
    tables = acid_town(processes=better, process_flows=flows, candidates=retrofit, parks=park)
    plan = solved(tables, add=frozenset({"clean"}), capital_charge_rate=0.1)
    assert activity(plan) == pytest.approx({"smelter": 600, "acid_plant": 600, "works": 300, "clean": 400})
    by_hand = 600 * 244 + 400 * 240 + 300 * 380 - 6000 - 1000
    assert plan.objective == pytest.approx(by_hand)
    assert plan.caps == ()
    shut = solved(tables, add=frozenset({"clean"}), close=frozenset({"smelter"}), capital_charge_rate=0.1)
    assert activity(shut)["clean"] == 0


def test_local_only_inputs_are_not_bought_in() -> None:
    bid = [
        {
            "id": "second",
            "process_id": "react",
            "typical_scale": 500.0,
            "scale_unit": "t/y",
            "capex_total_cny": 0.0,
            "suggested_park_id": "park",
            "local_only_inputs": "acid",
        }
    ]
    park = [{"id": "park", "lat": LAT, "lon": LON}]
    add = frozenset({"second"})
    plan = solved(acid_town(candidates=bid, parks=park), add=add)
    assert activity(plan)["second"] == pytest.approx(400)
    assert not [c for c in plan.crossings if c.kind == "buy" and c.place == "second"]
    free = solved(acid_town(candidates=[{**bid[0], "local_only_inputs": None}], parks=park), add=add)
    assert activity(free)["second"] == pytest.approx(500)
