"""Near misses of a need: each source that fails says why, and what stands in by its formula."""

from __future__ import annotations

from typing import Any

import pytest

from liantu.chain.match import Need, match_need
from liantu.chain.network import Network
from liantu.chain.plan import make_plan
from liantu.chain.scenario import Scenario
from tests.chain.match_city import GAS, KM, flow, gas_city, miss, plant, process, rows


class TestNearMisses:
    def test_too_far_for_its_pipe_and_too_dangerous_for_the_road(self) -> None:
        report = match_need(make_plan(gas_city()), Need("gas", 10, "away"))
        assert report.options == ()
        near = miss(report, "gasworks")
        assert (near.reason, near.quantity) == ("too_far", 25)
        far, hazard = near.reasons
        assert (far.has, far.needs) == (pytest.approx(210 * KM), 10)
        assert (hazard.code, hazard.who, hazard.needs) == ("hazard", "2.1", 10)
        assert report.proof is not None
        assert (report.proof.quantity, report.proof.short) == (0, 10)
        assert report.proof.proved_cny_per_unit is None

    def test_what_goes_by_road_is_only_too_far(self) -> None:
        report = match_need(make_plan(gas_city({"transport_mode": "truck"})), Need("gas", 10, "away"))
        assert [r.code for r in miss(report, "gasworks").reasons] == ["too_far"]

    def test_purity(self) -> None:
        report = match_need(make_plan(gas_city()), Need("gas", 10, "here", purity=0.99))
        assert report.options == ()
        assert [(r.code, r.has, r.needs) for r in miss(report, "soda").reasons] == [("purity", 0.95, 0.99)]

    def test_a_purity_that_is_not_known_does_not_pass(self) -> None:
        report = match_need(make_plan(gas_city({"purity": None})), Need("gas", 10, "here", purity=0.5))
        assert [(r.code, r.has) for r in miss(report, "soda").reasons] == [("purity", None)]

    def test_too_dear(self) -> None:
        report = match_need(make_plan(gas_city()), Need("gas", 60, "here", top_price=50))
        assert rows(report) == [("soda", "dump", 20, -30)]
        near = miss(report, "gasworks")
        assert (near.reason, near.quantity, near.reasons[0].needs) == ("too_dear", 25, 50)
        assert near.reasons[0].has == pytest.approx(55 + 15 * KM)
        assert (miss(report, "soda").reason, miss(report, "soda").quantity) == (
            "committed",
            pytest.approx(30),
        )
        assert report.cheapest.shortfall == pytest.approx(40)

    def test_all_of_it_used_elsewhere(self) -> None:
        network = gas_city(facilities=[plant("resin2", "make_resin", 20.0, 38.012)])
        near = miss(match_need(make_plan(network), Need("gas", 10, "away")), "soda")
        assert [r.code for r in near.reasons] == ["too_far", "hazard", "committed", "committed"]
        assert {r.who: round(r.quantity or 0, 6) for r in near.reasons[2:]} == {"resin": 30, "resin2": 20}

    def test_a_maker_that_cannot_run_says_what_it_lacks(self) -> None:
        flows = [flow("make_odd", 1, "gas", "out", 1.0, role="main"), flow("make_odd", 2, "ore", "in", 1.0)]
        network = gas_city(
            materials=[{"id": "ore", "unit": "t", "t_per_unit": 1.0}],
            processes=[process("make_odd", "gas", 0)],
            process_flows=flows,
            facilities=[plant("odd", "make_odd", 5.0, 38.0)],
        )
        (reason,) = miss(match_need(make_plan(network), Need("gas", 10, "here")), "odd").reasons
        assert (reason.code, reason.has, reason.who) == ("no_capacity", 0, "ore")

    def test_a_shut_a_planned_and_a_possible_plant(self) -> None:
        candidate = {"id": "c_gas", "process_id": "make_gas", "typical_scale": 7.0, "scale_unit": "t/y",
                     "suggested_park_id": "here", "link_type": "补链"}  # fmt: skip
        network = gas_city(
            facilities=[plant("later", "make_gas", 9.0, 38.0, status="planned")], candidates=[candidate]
        )
        plan = make_plan(network, Scenario(close=frozenset({"gasworks"})))
        report = match_need(plan, Need("gas", 10, "here"))
        told = {
            n: (miss(report, n).reason, miss(report, n).reasons[0].who)
            for n in ("gasworks", "later", "c_gas")
        }
        assert told == {
            "gasworks": ("not_built", "closed"),
            "later": ("not_built", "planned"),
            "c_gas": ("not_built", "candidate"),
        }
        assert miss(report, "c_gas").quantity == 7

    def test_the_asker_is_not_taken_from(self) -> None:
        gas = {"disposal_cost_cny_per_unit": None}
        full = make_plan(gas_city(gas), Scenario(capacity={"soda": 60.0}))
        report = match_need(full, Need("gas", 10, "resin"))
        assert [o.supplier for o in report.options] == ["gasworks"]
        (reason,) = miss(report, "soda").reasons
        assert (reason.code, reason.who, reason.quantity) == ("committed", "resin", pytest.approx(30))


class TestSameFormula:
    def pure(self, **columns: Any) -> dict[str, Any]:
        return {**GAS, "id": "pure", "name_zh": "高纯氢", "name_en": "Pure", "purity": 1.0, **columns}

    def city(self, **columns: Any) -> Network:
        """A plant burns 8 t of the pure gas beside 8 t of soda."""
        flows = [
            flow("make_pure", 1, "soda", "out", 1.0, role="main"),
            flow("make_pure", 2, "pure", "out", 1.0),
        ]
        return gas_city(
            materials=[self.pure(**columns)],
            processes=[process("make_pure", "soda", 20)],
            process_flows=flows,
            facilities=[plant("cracker", "make_pure", 8.0, 38.004)],
        )

    def test_it_stands_in_by_its_content(self) -> None:
        report = match_need(make_plan(self.city()), Need("gas", 28, "here"))
        option = next(o for o in report.options if o.supplier == "cracker")
        assert (option.material, option.displaces, option.purity) == ("pure", "dump", 1.0)
        assert option.units_per_unit == pytest.approx(0.95)
        assert option.quantity == pytest.approx(8 / 0.95)  # 8 t of it do the work of 8.42 t
        assert option.source_cny_per_unit == pytest.approx(-30 * 0.95)
        assert report.proof is not None
        assert report.proof.proved_cny_per_unit == pytest.approx(report.cheapest.cny_per_unit)

    def test_it_answers_a_purity_that_the_other_misses(self) -> None:
        report = match_need(make_plan(self.city()), Need("gas", 5, "here", purity=0.99))
        assert [o.supplier for o in report.options] == ["cracker"]
        assert miss(report, "soda").reason == "purity"

    def test_a_gas_does_not_stand_in_for_what_goes_by_road(self) -> None:
        report = match_need(make_plan(self.city(transport_mode="truck")), Need("gas", 5, "here"))
        assert miss(report, "cracker", "pure").reason == "other_form"

    def test_the_same_element_thrown_away_in_another_compound_is_named(self) -> None:
        tonne = {"unit": "t", "t_per_unit": 1.0, "transport_mode": "truck", "max_transport_km": 100.0}
        metal = {**tonne, "id": "ti", "formula": "Ti", "composition": "Ti:0.997"}
        salt = {**tonne, "id": "ticl4", "formula": "TiCl4", "composition": "Ti:0.25234;Cl:0.747",
                "disposal_cost_cny_per_unit": 5.0}  # fmt: skip
        flows = [
            flow("make_salt", 1, "soda", "out", 1.0, role="main"),
            flow("make_salt", 2, "ticl4", "out", 2.0),
        ]
        network = gas_city(
            materials=[metal, salt],
            processes=[process("make_salt", "soda", 1)],
            process_flows=flows,
            facilities=[plant("salt", "make_salt", 3.0, 38.0)],
        )
        near = miss(match_need(make_plan(network), Need("ti", 1, "here")), "salt", "ticl4")
        assert (near.reason, near.quantity, near.reasons[0].who) == ("other_form", pytest.approx(6), "Ti")
