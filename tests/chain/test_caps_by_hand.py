"""City caps worked out by hand: purchases, dumping, emissions, shares, land."""

from __future__ import annotations

import pytest

from liantu.errors import InputError
from tests.chain.acid_town import LAT, LON, acid_town, activity, material, plant, price, process, solved
from tests.chain.networks import flow, tables_of


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


def test_a_candidate_built_smaller_takes_less_capital_and_land() -> None:
    bid = [
        {
            "id": "second",
            "process_id": "react",
            "typical_scale": 500.0,
            "scale_unit": "t/y",
            "capex_total_cny": 10000.0,
            "suggested_park_id": "park",
            "land_ha": 12.0,
        }
    ]
    cap = [
        {"id": "land", "unit": "ha", "value": 10.0, "constraint_kind": "land_cap"},
        {
            "id": "elsewhere",
            "unit": "ha",
            "value": 1.0,
            "constraint_kind": "land_cap",
            "applies_to": "park:none",
        },
    ]
    tables = acid_town(candidates=bid, resources=cap, parks=[{"id": "park", "lat": LAT, "lon": LON}])
    add, rate = frozenset({"second"}), 0.1
    small = solved(tables, add=add, capital_charge_rate=rate, capacity={"second": 250.0})
    assert [c.used for c in small.caps] == [6.0, 0.0]
    assert next(p.charge_cny for p in small.plants if p.id == "second") == pytest.approx(500.0)
    assert small.objective == pytest.approx(sum(small.margins.place.values()))
    whole = solved(tables, add=add, capital_charge_rate=rate)
    assert [c.used for c in whole.caps] == [12.0, 0.0]
