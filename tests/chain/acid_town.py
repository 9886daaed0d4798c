"""A small city for plans worked out by hand: a smelter, an acid plant, a fertiliser plant."""

from __future__ import annotations

from typing import Any

from liantu.chain.network_build import build_network
from liantu.chain.plan import Plan, make_plan
from liantu.chain.scenario import Scenario
from liantu.data.tables import Tables
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
