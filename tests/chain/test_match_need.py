"""Needs, worked by hand: the tranches of a supplier, and what the proof says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from liantu.chain.match import Need, match_need, match_needs
from liantu.chain.plan import make_plan
from liantu.errors import InputError
from tests.chain.match_city import GAS, KM, flow, gas_city, miss, plant, process, rows


class TestTranches:
    def test_first_what_is_burned_then_what_stands_idle_then_what_others_use(self) -> None:
        report = match_need(make_plan(gas_city()), Need("gas", 60, "here"))
        assert rows(report) == [
            ("soda", "dump", 20, -30),
            ("gasworks", "idle capacity", 25, 55),
            ("soda", "plant:resin", 30, round(70 - 10 * KM, 6)),
        ]
        assert [round(o.freight_cny_per_unit, 9) for o in report.options] == [
            round(v * KM, 9) for v in (5, 15, 5)
        ]
        burned, idle, taken = report.options
        assert (burned.distance_km, burned.link, burned.hazard) == (pytest.approx(5 * KM), "pipe", "2.1")
        assert burned.delivered_cny_per_unit == pytest.approx(-30 + 5 * KM)
        assert (burned.byproduct, idle.byproduct) == (False, False)
        assert (taken.loser, taken.loser_cny_per_unit) == ("resin", pytest.approx(70 + 30 - 10 * KM))

    def test_the_proof_is_the_screened_cost_where_nothing_else_moves(self) -> None:
        report = match_need(make_plan(gas_city()), Need("gas", 60, "here"))
        cost = 20 * (-30 + 5 * KM) + 25 * (55 + 15 * KM) + 15 * (70 - 10 * KM + 5 * KM)
        assert report.cheapest.total_cny == pytest.approx(cost)
        assert report.cheapest.partners == 2
        proof = report.proof
        assert proof is not None
        assert (proof.quantity, proof.short) == (pytest.approx(60), 0)
        assert proof.effect.cost_cny == pytest.approx(cost)
        assert proof.proved_cny_per_unit == pytest.approx(cost / 60)
        assert [s.proved_cny_per_unit for s in proof.steps] == [
            pytest.approx(s.screened_cny_per_unit) for s in proof.steps
        ]
        (loser, *sales) = proof.effect.losers
        assert (loser.place, loser.before, loser.after) == ("resin", pytest.approx(30), pytest.approx(15))
        assert [(c.kind, c.material) for c in sales] == [("sell", "resin")]
        assert [(c.material, round(c.before, 6), c.after) for c in proof.effect.dumps_less] == [
            ("gas", 20, 0)
        ]
        assert sum(d.quantity for d in proof.effect.deliveries) == pytest.approx(60)
        assert proof.effect.gap < 1e-9

    def test_the_proof_may_supply_otherwise_than_the_cover(self) -> None:
        report = match_need(make_plan(gas_city(gasworks=38.02)), Need("gas", 60, "here"))
        proof = report.proof
        assert proof is not None
        # gasworks is nearer to resin: it serves resin, and soda serves the need with what resin had
        assert proof.effect.cost_cny == pytest.approx(report.cheapest.total_cny - 15 * 10 * KM)
        assert {d.source: round(d.quantity, 6) for d in proof.effect.deliveries} == {
            "soda": 50,
            "gasworks": 10,
        }

    def test_a_sale_that_the_market_caps_comes_after_the_dump(self) -> None:
        gas = {"external_sell": True, "price_mid_cny": 50.0, "external_sell_cap_per_year": 12.0}
        report = match_need(make_plan(gas_city(gas)), Need("gas", 18, "here"))
        assert rows(report)[:2] == [("soda", "dump", 8, -30), ("soda", "sale", 12, 50)]
        assert report.proof is not None
        assert report.proof.effect.cost_cny == pytest.approx(8 * -30 + 10 * 50 + 18 * 5 * KM)

    def test_a_dump_that_fills_its_cap_is_worth_the_room_too(self) -> None:
        cap = {
            "id": "flare",
            "unit": "t/y",
            "value": 15.0,
            "material_id": "gas",
            "constraint_kind": "disposal_cap",
        }
        report = match_need(make_plan(gas_city(resources=[cap])), Need("gas", 4, "here"))
        # two more tonnes of soda, 80 CNY each, for every tonne of gas that need not be burned
        assert report.options[0].source_cny_per_unit == pytest.approx(-160)
        assert report.proof is not None
        assert report.proof.effect.cost_cny == pytest.approx(4 * (-160 + 5 * KM))

    def test_buying_in_is_an_option_and_the_measure_of_the_others(self) -> None:
        gas = {"external_buy": True, "price_mid_cny": 60.0, "import_km": 2.0}
        report = match_need(make_plan(gas_city(gas)), Need("gas", 60, "here"))
        assert report.import_cny_per_unit == pytest.approx(62)
        (bought,) = [o for o in report.options if o.link == "import"]
        assert (bought.supplier, bought.displaces, bought.quantity) == ("import", "market", 60)
        assert (bought.distance_km, bought.saving_cny_per_unit) == (2.0, 0.0)
        assert report.options[0].saving_cny_per_unit == pytest.approx(92 - 5 * KM)
        # resin can buy in too, so that taking from it costs no more than that
        taken = report.options[2]
        assert (taken.displaces, taken.source_cny_per_unit) == ("plant:resin", pytest.approx(62 - 10 * KM))
        assert {s.who for s in report.cheapest.steps} == {"soda", "gasworks"}

    def test_what_others_use_is_committed_where_buying_in_is_cheaper(self) -> None:
        gas = {"external_buy": True, "price_mid_cny": 60.0, "import_km": 2.0}
        plan = make_plan(gas_city(gas, gasworks=38.02))
        report = match_need(plan, Need("gas", 60, lat=38.06, lon=102.0))
        held = miss(report, "soda").reasons[0]
        assert (held.code, held.who, held.quantity) == ("committed", "resin", pytest.approx(30))
        assert (held.has, held.needs) == (pytest.approx(62 + 50 * KM), 62)
        assert {s.who for s in report.cheapest.steps} == {"soda", "gasworks", "import"}
        assert [s.who for s in report.fewest.steps] == [
            "import"
        ]  # nor do 20 and 25 t of the city's own make 60

    def test_a_cap_on_buying_leaves_a_shortage_that_is_told(self) -> None:
        gas = {"external_buy": True, "price_mid_cny": 60.0, "external_buy_cap_per_year": 10.0}
        report = match_need(make_plan(gas_city(gas)), Need("gas", 200, "here"))
        assert miss(report, "import").reasons[0].who == "buy_cap:gas"
        assert report.cheapest.quantity == pytest.approx(85)
        assert report.cheapest.shortfall == pytest.approx(115)
        assert report.proof is not None
        assert report.proof.quantity == pytest.approx(85)
        assert report.proof.short == pytest.approx(115)

    def test_a_second_solve_can_be_left_out(self) -> None:
        assert match_need(make_plan(gas_city()), Need("gas", 60, "here"), prove=False).proof is None


class TestWhatIsRefused:
    def test_everything_at_once(self) -> None:
        plan = make_plan(gas_city())
        with pytest.raises(InputError) as error:
            match_need(plan, Need("gsa", 0, "heer", purity=2.0, top_price=float("nan")))
        problems = {p.column: p for p in error.value.problems}
        assert set(problems) == {"material", "quantity", "at", "purity", "top_price"}
        assert "gas" in problems["material"].expected
        assert "here" in problems["at"].expected
        assert {p.file for p in problems.values()} == {"need"}

    @pytest.mark.parametrize(
        ("place", "column", "code"),
        [
            ({}, "at", "position_missing"),
            ({"lat": 38.0}, "lon", "position_incomplete"),
            ({"lat": 98.0, "lon": 102.0}, "lat", "out_of_range"),
        ],
    )
    def test_a_place_that_is_none(self, place: dict[str, float], column: str, code: str) -> None:
        with pytest.raises(InputError) as error:
            match_need(make_plan(gas_city()), Need("gas", 1, **place))  # type: ignore[arg-type]
        assert [(p.column, p.code) for p in error.value.problems] == [(column, code)]

    @pytest.mark.parametrize("quantity", [-1.0, 0.0, float("inf"), float("nan")])
    def test_no_quantity(self, quantity: float) -> None:
        with pytest.raises(InputError, match="quantity"):
            match_need(make_plan(gas_city()), Need("gas", quantity, "here"))

    def test_names_in_either_language_are_understood(self) -> None:
        plan = make_plan(gas_city())
        wanted = [match_need(plan, Need(word, 60, "here")).options for word in ("gas", "氢气", "Hydrogen")]
        assert wanted[0] == wanted[1] == wanted[2]


def test_a_position_does_as_well_as_a_park() -> None:
    plan = make_plan(gas_city())
    by_name, by_position = (
        match_need(plan, need) for need in (Need("gas", 60, "here"), Need("gas", 60, lat=38.005, lon=102.0))
    )
    assert by_name.options == by_position.options
    assert by_position.place.name == "38.005, 102"


def test_a_pooled_material_is_matched_at_the_pool() -> None:
    gas = {"pool": "city", "transport_mode": "pipeline"}
    report = match_need(make_plan(gas_city(gas)), Need("gas", 60, "here"))
    assert rows(report) == [
        ("city", "dump", 20, -30), ("gasworks", "idle capacity", 25, 55), ("city", "plant:resin", 30, 70),
    ]  # fmt: skip
    assert miss(report, "soda").reason == "no_capacity"
    assert report.proof is not None
    assert report.proof.effect.cost_cny == pytest.approx(20 * -30 + 25 * 55 + 15 * 70)


def test_the_pool_of_another_park_is_none_of_the_needs() -> None:
    parks = {"soda": "away", "resin": "away", "gasworks": "here"}
    network = gas_city({"pool": "park"})
    park = tuple(parks[name] for name in network.plants.id)
    moved = replace(network, plants=replace(network.plants, park=park))
    report = match_need(make_plan(moved), Need("gas", 30, "here"))
    assert rows(report) == [("gasworks", "idle capacity", 25, 55)]
    assert miss(report, "park:away").reason == "other_pool"
    with pytest.raises(InputError):
        match_need(make_plan(moved), Need("gas", 30, lat=38.0, lon=102.0))


def test_two_needs_together_can_cost_less_than_apart() -> None:
    """The cells that make the chlorine bring as much of the gas."""
    chlorine = {**GAS, "id": "chlorine", "formula": "Cl2", "name_zh": "氯气", "name_en": "Chlorine"}
    brine = {"id": "brine", "unit": "t", "t_per_unit": 1.0, "price_mid_cny": 90.0, "external_buy": True}
    network = gas_city(
        materials=[chlorine, brine],
        processes=[process("cells", "soda", 0)],
        process_flows=[
            flow("cells", 1, "soda", "out", 0.1, role="main"), flow("cells", 2, "chlorine", "out", 1.0),
            flow("cells", 3, "gas", "out", 1.0), flow("cells", 4, "brine", "in", 1.0),
        ],
        facilities=[plant("cells", "cells", 50.0, 38.005)],
    )  # fmt: skip
    joint = match_needs(make_plan(network), [Need("gas", 60, "here"), Need("chlorine", 40, "here")])
    assert joint.together_cny < joint.apart_cny - 100
    assert joint.effect.cost_cny == joint.together_cny
    assert len(joint.reports) == 2
