"""Two plans compared: sums that hold exactly, a case worked by hand, and Jinchang."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from liantu.chain.compare import Comparison, compare_plans
from liantu.chain.compare_parts import margin_parts
from liantu.chain.network_build import build_network
from liantu.chain.plan import Plan, make_plan
from liantu.chain.scenario import Scenario
from liantu.data.tables import Tables, read_tables
from tests.chain.networks import City, flow, tables_of

JINCHANG = Path(__file__).parents[2] / "examples" / "jinchang"
LAT, LON = 38.5, 102.2
TEN_KM = 10 / 111.19508372419142


def town(**more: Any) -> Tables:
    """A works makes 100 t of acid from bought sulfur (1 t at 60) and sells it at 100, or ships it 10 km to a
    plant that makes 1 t of salt, sold at 180, of 1 t of acid. Freight is 1 a tonne-km."""
    rows: dict[str, Any] = {
        "materials": [
            {"id": "sulfur", "unit": "t", "price_mid_cny": 60.0, "external_buy": True},
            {"id": "acid", "unit": "t", "price_mid_cny": 100.0, "external_sell": True,
             "max_transport_km": 50.0, "transport_cost_cny_per_tkm": 1.0, "transport_mode": "truck"},
            {"id": "salt", "unit": "t", "price_mid_cny": 180.0, "external_sell": True},
        ],
        "processes": [
            {"id": "burn", "reference_product": "acid", "reference_unit": "t", "chain": "s",
             "other_opex_cny_per_unit": 3.0},
            {"id": "react", "reference_product": "salt", "reference_unit": "t", "chain": "s",
             "other_opex_cny_per_unit": 20.0},
        ],
        "process_flows": [
            flow("burn", 1, "sulfur", "in", 1.0), flow("burn", 2, "acid", "out", 1.0, role="main"),
            flow("react", 1, "acid", "in", 1.0), flow("react", 2, "salt", "out", 1.0, role="main"),
        ],
        "facilities": [
            {"id": "works", "process_id": "burn", "capacity_per_year": 100.0, "capacity_unit": "t/y",
             "lat": LAT, "lon": LON},
            {"id": "saltern", "process_id": "react", "capacity_per_year": 40.0, "capacity_unit": "t/y",
             "lat": LAT + TEN_KM, "lon": LON},
        ],
    }  # fmt: skip
    return tables_of(**{**rows, **more})


def plan_of(tables: Tables, **scenario: Any) -> Plan:
    return make_plan(build_network(tables), Scenario(**scenario))


def test_a_price_that_rises_and_a_plant_that_closes_are_told_apart() -> None:
    a = plan_of(town(), name="open")
    b = plan_of(town(), name="shut", prices={"sulfur": 70.0}, close=frozenset({"saltern"}))
    c = compare_plans(a, b)
    assert (c.a, c.b, c.same_tables) == ("open", "shut", True)
    assert c.a_cny == pytest.approx(60 * 100 + 40 * 180 - 100 * 60 - 40 * 10 - 300 - 800)
    assert c.difference_cny == pytest.approx(-100 * 10 + 40 * (100 - 180 + 10 + 20))
    lines = {
        line.name: (line.difference_cny, line.price_effect_cny, line.quantity_effect_cny) for line in c.lines
    }
    assert lines["bought"] == pytest.approx((-1000, -1000, 0))
    assert lines["sold"] == pytest.approx((40 * 100 - 40 * 180, 0, 40 * 100 - 40 * 180))
    assert lines["freight"] == pytest.approx((400, 0, 400))
    assert lines["other_cost"] == pytest.approx((800, 0, 800))
    assert lines["shortage"] == lines["capital_charge"] == lines["demand"] == (0, 0, 0)
    materials = {(m.material, m.kind): m for m in c.materials}
    assert set(materials) == {("sulfur", "bought"), ("acid", "sold"), ("salt", "sold"), ("acid", "freight")}
    assert materials["acid", "freight"].quantity_a == pytest.approx(400)  # t km
    places = {p.place: p for p in c.places}
    assert (places["saltern"].in_a, places["saltern"].in_b) == (True, False)
    # acid is worth 100 at the works in both, so that the saltern's whole margin is lost
    assert places["saltern"].difference_cny == pytest.approx(-40 * (180 - 100 - 10 - 20))
    assert {p.name: p.difference_cny for p in places["works"].parts} == pytest.approx(
        {"sales": 4000, "purchases": -1000, "internal_sales": -4000, "other_cost": 0}
    )
    assert [(s.source, s.target, s.change) for s in c.shipments] == [("works", "saltern", "vanishes")]
    assert [(x.plant, x.change) for x in c.activities] == [("saltern", "gone")]
    moved = {(p.material, p.place): p for p in c.prices}
    assert moved["sulfur", "works"].certain
    assert moved["sulfur", "works"].shift_cny == pytest.approx(10)


def test_caps_that_begin_and_cease_to_bind() -> None:
    cap = {"id": "market", "unit": "t/y", "value": 50.0, "material_id": "acid", "constraint_kind": "sell_cap"}
    tight = town(resources=[cap])
    a, b = plan_of(tight), plan_of(tight, caps={"market": 80.0})
    begins, ceases = compare_plans(b, a).caps, compare_plans(a, b).caps
    assert [(c.id, c.change, c.limit_a, c.limit_b) for c in begins] == [("market", "begins", 80.0, 50.0)]
    assert [(c.id, c.change) for c in ceases] == [("market", "ceases")]
    assert ceases[0].price_a_cny == pytest.approx(100 - 63)
    gone = compare_plans(a, plan_of(town())).caps
    assert [(c.change, c.limit_b, c.price_b_cny) for c in gone] == [("ceases", None, None)]


def test_a_plan_differs_from_itself_in_nothing() -> None:
    a = plan_of(town())
    c = compare_plans(a, a)
    assert (c.difference_cny, c.rounding_cny) == (0, 0)
    assert c.materials == c.places == c.activities == c.shipments == c.caps == c.prices == ()
    assert all(line.difference_cny == 0 for line in c.lines)


def test_versions_of_the_tables_are_compared_by_name() -> None:
    """The new version knows another product, and another plant that makes it; the saltern is forgotten."""
    old = town()
    materials = [*old["materials"].to_dicts(), {"id": "gas", "unit": "t", "price_mid_cny": 500.0,
                                                "external_sell": True}]  # fmt: skip
    new = town(
        materials=materials,
        processes=[old["processes"].to_dicts()[0], {"id": "crack", "reference_product": "gas",
                                                    "reference_unit": "t"}],
        process_flows=[*old["process_flows"].to_dicts()[:2], flow("crack", 1, "acid", "in", 2.0),
                       flow("crack", 2, "gas", "out", 1.0, role="main")],
        facilities=[old["facilities"].to_dicts()[0],
                    {**old["facilities"].to_dicts()[1], "id": "cracker", "process_id": "crack"}],
    )  # fmt: skip
    c = compare_plans(plan_of(old), plan_of(new))
    assert not c.same_tables
    check_sums(c)
    assert {(x.plant, x.change) for x in c.activities} == {("saltern", "gone"), ("cracker", "new")}
    gas = next(m for m in c.materials if m.material == "gas")
    assert (gas.price_effect_cny, gas.quantity_effect_cny) == pytest.approx((0, 40 * 500))
    back = compare_plans(plan_of(new), plan_of(old))
    assert back.difference_cny == -c.difference_cny
    assert {m.material: m.price_effect_cny for m in back.materials}["gas"] == pytest.approx(0)


def check_sums(c: Comparison) -> None:
    """Lines, materials, places and chains each add up to the difference."""
    scale = 1e-9 * (1 + abs(c.a_cny) + abs(c.b_cny) + sum(abs(x.a_cny) + abs(x.b_cny) for x in c.lines))
    assert sum(x.difference_cny for x in c.lines) == pytest.approx(c.difference_cny, abs=scale)
    effects = sum(x.price_effect_cny + x.quantity_effect_cny for x in c.lines)
    assert effects == pytest.approx(c.difference_cny, abs=scale)
    wide = scale + 1e-9 * sum(abs(p.a_cny) + abs(p.b_cny) for place in c.places for p in place.parts)
    assert sum(x.difference_cny for x in c.places) == pytest.approx(c.difference_cny, abs=wide)
    assert sum(x.difference_cny for x in c.chains) == pytest.approx(c.difference_cny, abs=wide)
    for place in c.places:
        assert sum(p.difference_cny for p in place.parts) == pytest.approx(place.difference_cny, abs=wide)
    for line in c.lines:
        of_kind = [m for m in c.materials if m.kind == line.name]
        if line.name not in ("other_cost", "capital_charge", "demand"):
            assert sum(m.difference_cny for m in of_kind) == pytest.approx(line.difference_cny, abs=scale)
    for m in c.materials:
        assert m.price_effect_cny + m.quantity_effect_cny == pytest.approx(m.difference_cny, abs=scale)
    assert abs(c.rounding_cny) <= 1e-6 * (1 + abs(c.a_cny) + abs(c.b_cny))


def check_parts(plan: Plan) -> None:
    """The parts of each place add up to its margin."""
    parts = margin_parts(plan)
    size = 1 + sum(abs(v) for of in parts.values() for v in of.values())
    for place, margin in plan.margins.place.items():
        assert sum(parts.get(place, {}).values()) == pytest.approx(margin, abs=1e-9 * size)
    assert sum(v for of in parts.values() for v in of.values()) == pytest.approx(
        plan.margins.total, abs=1e-9 * size
    )


@pytest.mark.parametrize("seed", range(40))
def test_sums_hold_between_any_two_plans(seed: int) -> None:
    tables = City(seed).tables()
    a = plan_of(tables)
    b = plan_of(
        tables,
        price_level="high" if seed % 3 else "low",
        add=frozenset({"k0", "k1"}),
        close=frozenset({"f1"}) if seed % 2 else frozenset(),
        carbon_price=30.0,
        capital_charge_rate=0.2,
        demand={"d0": 9.0} if len(tables["demands"]) else {},
    )
    check_parts(a)
    check_parts(b)
    forth, back = compare_plans(a, b), compare_plans(b, a)
    check_sums(forth)
    check_sums(back)
    assert back.difference_cny == pytest.approx(-forth.difference_cny)
    for one, two in zip(forth.lines, back.lines, strict=True):
        scale = 1e-9 * (1 + abs(one.a_cny) + abs(one.b_cny))
        assert two.price_effect_cny == pytest.approx(-one.price_effect_cny, abs=scale)


@pytest.mark.parametrize("seed", range(0, 40, 4))
def test_sums_hold_between_versions_of_the_tables(seed: int) -> None:
    """The later version has lost a plant, another has moved and grown, and prices have changed."""
    tables = City(seed).tables()
    rows = {name: tables[name].to_dicts() for name in tables.frames}
    rows["facilities"] = rows["facilities"][1:]
    rows["candidates"] = [{**row, "shares_capacity_with_facility": None} for row in rows["candidates"]]
    rows["facilities"][0] |= {"capacity_per_year": 300.0, "lat": 38.7}
    rows["materials"] = [{**m, "price_mid_cny": 1.1 * (m["price_mid_cny"] or 0)} for m in rows["materials"]]
    rows["materials"] = [{**m, "emits_as": None} for m in rows["materials"]]
    later = replace(tables_of(**rows), name=tables.name)
    comparison = compare_plans(plan_of(tables), plan_of(later))
    assert not comparison.same_tables
    check_sums(comparison)
    assert ("f0", "gone") in {(x.plant, x.change) for x in comparison.activities}


def test_jinchang_with_purified_acid() -> None:
    network = build_network(read_tables(JINCHANG))
    a, b = make_plan(network), make_plan(network, Scenario(name="ppa", add=frozenset({"c_ppa"})))
    c = compare_plans(a, b)
    check_sums(c)
    check_parts(b)
    assert c.difference_cny == pytest.approx(1.108e8, rel=0.01)
    lines = {line.name: line.difference_cny for line in c.lines}
    assert lines["capital_charge"] == pytest.approx(-0.12 * 690e6)
    assert all(line.price_effect_cny == pytest.approx(0, abs=1) for line in c.lines)
    assert ("c_ppa", "new") in {(x.plant, x.change) for x in c.activities}
    assert any(s.target == "c_ppa" and s.change == "appears" for s in c.shipments)
    assert max(c.materials, key=lambda m: m.difference_cny).material == "ppa"
