"""Plans worked out by hand: a smelter, an acid plant, a fertiliser plant and their neighbours."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from liantu.chain.network import build_network, great_circle_km
from liantu.chain.plan import Plan, make_plan
from liantu.chain.scenario import Scenario
from liantu.data.tables import Tables
from liantu.errors import InputError
from tests.chain.networks import flow, tables_of

LAT, LON = 38.5, 102.2
TEN_KM = 10 / 111.19508372419142  # degrees of latitude on the mean sphere


def material(name: str, price: float | None = None, **more: Any) -> dict[str, Any]:
    row = {
        "id": name,
        "unit": "t",
        "t_per_unit": 1.0,
        "price_mid_cny": price,
        "transport_mode": "truck",
        "max_transport_km": 2000.0,
        "transport_cost_cny_per_tkm": 1.0,
    }
    return {**row, **more}


def plant(name: str, process: str, capacity: float, km: float = 0.0, **more: Any) -> dict[str, Any]:
    row = {
        "id": name,
        "process_id": process,
        "capacity_per_year": capacity,
        "capacity_unit": "t/y",
        "status": "operating",
        "lat": LAT + km / 10 * TEN_KM,
        "lon": LON,
    }
    return {**row, **more}


def process(name: str, product: str, opex: float = 0.0, **more: Any) -> dict[str, Any]:
    row = {"id": name, "reference_product": product, "reference_unit": "t", "other_opex_cny_per_unit": opex}
    return {**row, **more}


def acid_town(**replace: Any) -> Tables:
    """Smelter: 2 ore -> 1 metal + 1 gas. Acid plant: 1 gas -> 1 acid. Fertiliser, 10 km off: 2 acid -> 1.

    Ore costs 100, metal sells at 500, acid can be bought at 80 or dumped at 30, fertiliser sells at 400.
    Gas may not be dumped and reaches 3 km.
    """
    tables: dict[str, Any] = {
        "materials": [
            material("ore", 100.0, external_buy=True),
            material("metal", 500.0, external_sell=True),
            material("gas", transport_mode="pipeline", max_transport_km=3.0),
            material("acid", 80.0, external_buy=True, disposal_cost_cny_per_unit=30.0),
            material("fertiliser", 400.0, external_sell=True),
        ],
        "processes": [
            process("smelt", "metal", 50.0),
            process("absorb", "acid", 5.0),
            process("react", "fertiliser", 20.0),
        ],
        "process_flows": [
            flow("smelt", 1, "ore", "in", 2.0),
            flow("smelt", 2, "metal", "out", 1.0, role="main"),
            flow("smelt", 3, "gas", "out", 1.0),
            flow("absorb", 1, "gas", "in", 1.0),
            flow("absorb", 2, "acid", "out", 1.0, role="main"),
            flow("react", 1, "acid", "in", 2.0),
            flow("react", 2, "fertiliser", "out", 1.0, role="main"),
        ],
        "facilities": [
            plant("smelter", "smelt", 1000.0),
            plant("acid_plant", "absorb", 800.0, km=1.0),
            plant("works", "react", 300.0, km=11.0),
        ],
    }
    tables.update(replace)
    return tables_of(**tables)


def solved(tables: Tables, **scenario: Any) -> Plan:
    return make_plan(build_network(tables), Scenario(**scenario))


def activity(plan: Plan) -> dict[str, float]:
    return {p.id: p.activity for p in plan.plants}


def price(plan: Plan, name: str, place: str) -> tuple[float, float]:
    return next((p.low, p.high) for p in plan.prices if (p.material, p.place) == (name, place))


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


def test_a_cap_on_dumping_binds_and_has_a_price() -> None:
    cap = [
        {
            "id": "pond",
            "unit": "t/y",
            "value": 100.0,
            "material_id": "acid",
            "constraint_kind": "disposal_cap",
        }
    ]
    plan = solved(acid_town(resources=cap))
    assert activity(plan)["smelter"] == pytest.approx(700)
    [pond] = plan.caps
    assert (pond.used, pond.limit) == pytest.approx((100, 100))
    assert pond.price_low == pytest.approx(500 - 200 - 50 - 1 - 5 - 30)
    assert solved(acid_town(resources=cap), caps={"pond": 150.0}).objective == pytest.approx(
        plan.objective + 50 * pond.price_low
    )


def test_a_cap_in_scope_holds_for_its_plants_alone() -> None:
    cap = {
        "id": "ore_right",
        "unit": "t/y",
        "value": 100.0,
        "material_id": "ore",
        "constraint_kind": "buy_cap",
    }
    two = [
        plant("smelter", "smelt", 1000.0),
        plant("second", "smelt", 100.0),
        plant("acid_plant", "absorb", 800.0),
    ]
    scoped = acid_town(facilities=two, resources=[{**cap, "applies_to": "facility:second"}])
    assert activity(solved(scoped))["second"] <= 50 + 1e-6
    assert activity(
        solved(acid_town(facilities=two[1:], resources=scoped["resources"].to_dicts()))
    ) == pytest.approx({"second": 50, "acid_plant": 50})
    others = acid_town(facilities=two, resources=[{**cap, "applies_to": "!facility:second"}])
    assert activity(solved(others)) == pytest.approx({"smelter": 50, "second": 100, "acid_plant": 150})


def test_a_scope_on_a_pooled_material_is_refused() -> None:
    cap = [
        {
            "id": "right",
            "unit": "t/y",
            "value": 1.0,
            "material_id": "ore",
            "constraint_kind": "buy_cap",
            "applies_to": "facility:smelter",
        }
    ]
    rows = acid_town()["materials"].to_dicts()
    pooled = [{**row, "pool": "city" if row["id"] == "ore" else None} for row in rows]
    with pytest.raises(InputError) as error:
        solved(acid_town(materials=pooled, resources=cap))
    assert error.value.problems[0].code == "scope_on_pool"


def test_what_crosses_the_city_line_needs_a_price() -> None:
    rows = [{**row, "price_mid_cny": None} for row in acid_town()["materials"].to_dicts()]
    with pytest.raises(InputError) as error:
        solved(acid_town(materials=rows))
    assert [(p.row, p.code) for p in error.value.problems] == [
        (row, "crossing_without_price") for row in (2, 3, 5, 6)
    ]


def test_an_emission_is_vented_priced_and_capped() -> None:
    town = acid_town()
    rows = [
        *town["materials"].to_dicts(),
        material("co2", disposal_cost_cny_per_unit=0.0, transport_mode="none"),
    ]
    flows = [*town["process_flows"].to_dicts(), flow("smelt", 4, "co2", "out", 0.5, role="emission")]
    carbon = {
        "id": "carbon",
        "unit": "CNY/t",
        "value": 40.0,
        "material_id": "co2",
        "constraint_kind": "price",
    }
    sky = {
        "id": "sky",
        "unit": "t/y",
        "value": 300.0,
        "material_id": "co2",
        "constraint_kind": "emission_cap",
    }
    plan = solved(acid_town(materials=rows, process_flows=flows, resources=[carbon, sky]))
    assert activity(plan)["smelter"] == pytest.approx(600)
    [vent] = [c for c in plan.crossings if c.kind == "vent"]
    assert (vent.quantity, vent.value_cny) == pytest.approx((300, -12000))
    free = solved(acid_town(materials=rows, process_flows=flows, resources=[carbon, sky]), carbon_price=0.0)
    assert free.objective == pytest.approx(plan.objective + 12000)


def test_dumping_one_thing_emits_another() -> None:
    town = acid_town()
    rows = [
        {**row, "emits_as": "fume" if row["id"] == "acid" else None, "emits_per_unit": 2.0}
        for row in town["materials"].to_dicts()
    ]
    rows.append(material("fume", disposal_cost_cny_per_unit=7.0, transport_mode="none"))
    cap = [
        {"id": "sky", "unit": "t/y", "value": 300.0, "material_id": "fume", "constraint_kind": "emission_cap"}
    ]
    plan = solved(acid_town(materials=rows, resources=cap))
    assert next(c.value_cny for c in plan.crossings if c.kind == "dump") == pytest.approx(-150 * (30 + 14))
    assert plan.caps[0].used == pytest.approx(300)


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


def test_a_dispatchable_share_keeps_the_steam_plant_running() -> None:
    power = material(
        "power",
        300.0,
        external_buy=True,
        external_sell=True,
        sell_price_level="low",
        price_low_cny=200.0,
        price_high_cny=400.0,
        pool="city",
    )
    made = [
        process("sun", "power", 10.0),
        process("coal", "power", 250.0, dispatchable=True),
        process("use", "goods", 0.0),
    ]
    flows = [
        flow("sun", 1, "power", "out", 1.0, role="main"),
        flow("coal", 1, "power", "out", 1.0, role="main"),
        flow("use", 1, "power", "in", 1.0),
        flow("use", 2, "goods", "out", 1.0, role="main"),
    ]
    share = [
        {
            "id": "steady",
            "unit": "fraction",
            "value": 0.4,
            "material_id": "power",
            "constraint_kind": "dispatchable_min",
        }
    ]
    tables = tables_of(
        materials=[power, material("goods", 900.0, external_sell=True)],
        processes=made,
        process_flows=flows,
        facilities=[plant("pv", "sun", 100.0), plant("steam", "coal", 100.0), plant("mill", "use", 50.0)],
        resources=share,
    )
    plan = solved(tables)
    assert activity(plan) == pytest.approx({"pv": 100, "steam": 20, "mill": 50})
    [cap] = plan.caps
    assert (cap.used, cap.limit) == pytest.approx((0.4, 0.4))
    assert cap.price_low == pytest.approx(50)
    assert price(plan, "power", "city") == pytest.approx((200, 200))
    assert plan.objective == pytest.approx(50 * 900 + 70 * 200 - 100 * 10 - 20 * 250)


def test_land_of_what_is_built_is_counted_and_told_when_it_is_too_much() -> None:
    bid = [
        {
            "id": "second",
            "process_id": "react",
            "typical_scale": 5.0,
            "scale_unit": "t/y",
            "capex_total_cny": 0.0,
            "suggested_park_id": "park",
            "land_ha": 12.0,
        }
    ]
    cap = [{"id": "land", "unit": "ha", "value": 10.0, "constraint_kind": "land_cap"}]
    tables = acid_town(candidates=bid, resources=cap, parks=[{"id": "park", "lat": LAT, "lon": LON}])
    assert not solved(tables).caps[0].exceeded
    land = solved(tables, add=frozenset({"second"})).caps[0]
    assert (land.used, land.exceeded) == (12.0, True)
