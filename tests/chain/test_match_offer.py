"""Offers, worked by hand on the city of one gas: who takes it, whom that displaces, what it brings."""

from __future__ import annotations

import pytest

from liantu.chain.match import Offer, match_offer
from liantu.chain.match_types import MissedOutlet, OfferReport
from liantu.chain.plan import make_plan
from liantu.chain.scenario import Scenario
from liantu.errors import InputError
from tests.chain.match_city import GAS, KM, flow, gas_city, plant, process

BURNED_OUT = Scenario(capacity={"soda": 40.0})
"""soda makes 20 t of gas, resin could use 30: gasworks fills up with 10 t at 55 CNY."""


def outlets(report: OfferReport) -> list[tuple[str, str, float, float]]:
    figures = [(o.quantity, o.worth_cny_per_unit) for o in report.options]
    names = [(o.taker, o.displaces) for o in report.options]
    return [(*name, round(q, 6), round(cny, 6)) for name, (q, cny) in zip(names, figures, strict=True)]


def miss(report: OfferReport, taker: str) -> MissedOutlet:
    found = [n for n in report.near_misses if n.taker == taker]
    assert len(found) == 1, report.near_misses
    return found[0]


class TestOutlets:
    def test_what_is_made_on_purpose_is_displaced_before_what_is_burned_anyway(self) -> None:
        report = match_offer(make_plan(gas_city(), BURNED_OUT), Offer("gas", 40, "here"))
        assert outlets(report) == [
            ("resin", "plant:gasworks", 10, round(55 + 20 * KM, 6)),
            ("resin", "plant:soda", 20, round(-30 + 10 * KM, 6)),
            ("dump", "dump", 40, -30),
        ]
        first = report.options[0]
        assert (first.distance_km, first.freight_cny_per_unit) == (
            pytest.approx(5 * KM),
            pytest.approx(5 * KM),
        )
        assert first.net_cny_per_unit == pytest.approx(55 + 15 * KM)

    def test_the_proof_takes_what_is_worth_taking(self) -> None:
        report = match_offer(make_plan(gas_city(), BURNED_OUT), Offer("gas", 40, "here"))
        proof = report.proof
        assert proof is not None
        assert (proof.quantity, proof.short) == (pytest.approx(10), pytest.approx(30))
        assert proof.proved_cny_per_unit == pytest.approx(55 + 15 * KM)
        assert proof.effect.cost_cny == pytest.approx(-10 * (55 + 15 * KM))
        assert [(c.place, c.after) for c in proof.effect.losers] == [("gasworks", 0)]
        (given,) = proof.effect.deliveries
        assert (given.target, given.quantity) == ("resin", pytest.approx(10))
        assert [s.proved_cny_per_unit for s in proof.steps[1:]] == [None] * len(proof.steps[1:])

    def test_a_user_that_could_run_more_and_one_that_buys_in(self) -> None:
        gas = {"external_buy": True, "price_mid_cny": 52.0}
        plan = make_plan(gas_city(gas, facilities=[plant("resin2", "make_resin", 9.0, 38.0)]), BURNED_OUT)
        bought = [o for o in match_offer(plan, Offer("gas", 40, "here")).options if o.displaces == "purchase"]
        assert sum(o.quantity for o in bought) == pytest.approx(19)
        assert {round(o.worth_cny_per_unit, 6) for o in bought} == {52}
        shut = make_plan(gas_city(), Scenario(capacity={"soda": 0.0}, close=frozenset({"gasworks"})))
        report = match_offer(shut, Offer("gas", 40, "here"))
        assert outlets(report)[0] == ("resin", "idle capacity", 30, 70)
        assert report.proof is not None
        assert report.proof.proved_cny_per_unit == pytest.approx(70 - 5 * KM)

    def test_a_sale_outside_within_the_room_of_the_market(self) -> None:
        gas = {"external_sell": True, "price_mid_cny": 20.0, "external_sell_cap_per_year": 35.0}
        report = match_offer(make_plan(gas_city(gas)), Offer("gas", 40, "here"))
        assert report.export_cny_per_unit == 20
        assert ("export", "market", 15, 20) in outlets(report)
        # soda would sell outside what resin no longer takes, and save the way to it
        assert outlets(report)[0] == ("resin", "plant:soda", 30, round(20 + 10 * KM, 6))
        full = miss(report, "export")
        assert (full.reason, full.quantity, full.reasons[0].who) == ("no_capacity", 25, "sell_cap:gas")

    def test_a_demand_that_is_short(self) -> None:
        demand = {"id": "town", "material_id": "gas", "quantity_per_year": 50.0, "unit": "t",
                  "park_id": "here", "penalty_cny_per_unit": 500.0}  # fmt: skip
        plan = make_plan(gas_city({"price_mid_cny": 10.0}, demands=[demand]), BURNED_OUT)
        report = match_offer(plan, Offer("gas", 4, "here"))
        assert outlets(report)[0] == ("demand:town", "shortage", 5, 510)
        assert report.proof is not None
        assert report.proof.proved_cny_per_unit == pytest.approx(510)

    def test_a_candidate_is_ranked_but_covers_nothing(self) -> None:
        candidate = {"id": "c_resin", "process_id": "make_resin", "typical_scale": 10.0, "scale_unit": "t/y",
                     "capex_total_cny": 500.0, "suggested_park_id": "here", "link_type": "延链"}  # fmt: skip
        report = match_offer(make_plan(gas_city(candidates=[candidate])), Offer("gas", 40, "here"))
        # 80 - 10 - the charge of 12 % on 50 CNY of capital a tonne
        assert outlets(report)[0] == ("c_resin", "candidate", 10, 64)
        assert "c_resin" not in {s.who for s in report.best.steps}


class TestNearMisses:
    def test_too_far_and_too_dangerous(self) -> None:
        report = match_offer(make_plan(gas_city()), Offer("gas", 10, "away"))
        assert [r.code for r in miss(report, "resin").reasons] == ["too_far", "hazard"]
        assert [o.taker for o in report.options] == ["dump"]

    def test_purity(self) -> None:
        report = match_offer(make_plan(gas_city(), BURNED_OUT), Offer("gas", 10, "here", purity=0.8))
        assert [(r.code, r.has, r.needs) for r in miss(report, "resin").reasons] == [("purity", 0.8, 0.95)]

    def test_below_the_floor(self) -> None:
        report = match_offer(make_plan(gas_city(), BURNED_OUT), Offer("gas", 40, "here", floor_price=0))
        assert [o.displaces for o in report.options] == ["plant:gasworks"]
        assert (miss(report, "resin").reason, miss(report, "resin").quantity) == (
            "too_low",
            pytest.approx(20),
        )
        assert miss(report, "dump").reason == "too_low"

    def test_worse_than_throwing_it_away(self) -> None:
        report = match_offer(make_plan(gas_city()), Offer("gas", 10, lat=38.06, lon=102.0))
        assert [o.taker for o in report.options] == ["dump"]
        assert miss(report, "resin").reasons[0].needs == -30

    def test_a_user_of_another_form(self) -> None:
        acid = {**GAS, "id": "acid", "name_zh": "酸", "name_en": "Acid", "transport_mode": "truck"}
        network = gas_city(
            materials=[acid],
            processes=[process("use_acid", "soda", 0)],
            process_flows=[
                flow("use_acid", 1, "soda", "out", 1.0, role="main"), flow("use_acid", 2, "acid", "in", 1.0),
            ],
            facilities=[plant("pickler", "use_acid", 5.0, 38.0)],
        )  # fmt: skip
        assert (
            miss(match_offer(make_plan(network), Offer("gas", 10, "here")), "pickler").reason == "other_form"
        )


def test_a_stand_in_takes_by_its_content() -> None:
    pure = {**GAS, "id": "pure", "name_zh": "高纯氢", "name_en": "Pure", "purity": 1.0}
    network = gas_city(
        materials=[pure],
        processes=[process("use_pure", "resin", 10)],
        process_flows=[
            flow("use_pure", 1, "resin", "out", 1.0, role="main"), flow("use_pure", 2, "pure", "in", 1.0),
        ],
        facilities=[plant("fine", "use_pure", 19.0, 38.005)],
    )  # fmt: skip
    report = match_offer(make_plan(network), Offer("gas", 15, "here"))
    first = report.options[0]
    assert (first.taker, first.material, first.displaces) == ("fine", "pure", "idle capacity")
    assert (first.quantity, first.worth_cny_per_unit) == (pytest.approx(20), pytest.approx(70 * 0.95))
    assert report.proof is not None
    assert report.proof.quantity == pytest.approx(15)
    assert report.proof.proved_cny_per_unit == pytest.approx(70 * 0.95)


def test_what_is_refused_names_the_offer() -> None:
    with pytest.raises(InputError) as error:
        match_offer(make_plan(gas_city()), Offer("gass", -2, "nowhere", purity=0.0))
    assert {p.column for p in error.value.problems} == {"material", "quantity", "at", "purity"}
    assert {p.file for p in error.value.problems} == {"offer"}
