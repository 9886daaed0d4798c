"""A city small enough to match by hand: one gas, thrown away, used and made on purpose.

soda makes 50 t of gas beside 100 t of soda; resin uses 30 t of it, 20 t are burned at 30 CNY. gasworks
could make 25 t from coal at 40 + 15 = 55 CNY but stands idle. resin earns 80 - 10 = 70 CNY on a tonne.
A tonne-kilometre costs 1 CNY; all plants stand on one meridian.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from liantu.chain.match_types import MatchReport, NearMiss
from liantu.chain.network import Network
from liantu.chain.network_build import build_network
from tests.chain.networks import flow, tables_of

KM = 6371.0088 * 3.141592653589793 / 180 / 1000
"""km of a thousandth of a degree of latitude."""

GAS: dict[str, Any] = {
    "id": "gas", "name_zh": "氢气", "name_en": "Hydrogen", "formula": "H2", "purity": 0.95, "unit": "t",
    "t_per_unit": 1.0, "hazard_class": "2.1", "transport_mode": "pipeline", "max_transport_km": 10.0,
    "transport_cost_cny_per_tkm": 1.0, "disposal_cost_cny_per_unit": 30.0,
}  # fmt: skip


def gas_city(
    gas: Mapping[str, Any] | None = None, gasworks: float = 37.99, **more: list[dict[str, Any]]
) -> Network:
    """The city; `gas` changes columns of the gas, `gasworks` is a latitude, `more` adds rows to tables."""
    plain = {"unit": "t", "t_per_unit": 1.0, "transport_mode": "truck", "max_transport_km": 100.0}
    materials = [
        {**GAS, **(gas or {})},
        {**plain, "id": "soda", "price_mid_cny": 100.0, "external_sell": True},
        {**plain, "id": "resin", "price_mid_cny": 80.0, "external_sell": True},
        {**plain, "id": "coal", "price_mid_cny": 40.0, "external_buy": True},
    ]
    flows = [
        flow("make_soda", 1, "soda", "out", 1.0, role="main"),
        flow("make_soda", 2, "gas", "out", 0.5),
        flow("make_resin", 1, "resin", "out", 1.0, role="main"),
        flow("make_resin", 2, "gas", "in", 1.0),
        flow("make_gas", 1, "gas", "out", 1.0, role="main"),
        flow("make_gas", 2, "coal", "in", 1.0),
    ]
    rows: dict[str, list[dict[str, Any]]] = {
        "materials": materials,
        "processes": [
            process("make_soda", "soda", 20),
            process("make_resin", "resin", 10),
            process("make_gas", "gas", 15),
        ],
        "process_flows": flows,
        "facilities": [
            plant("soda", "make_soda", 100.0, 38.000),
            plant("resin", "make_resin", 30.0, 38.010),
            plant("gasworks", "make_gas", 25.0, gasworks),
        ],
        "parks": [{"id": "here", "lat": 38.005, "lon": 102.0}, {"id": "away", "lat": 38.200, "lon": 102.0}],
    }  # fmt: skip
    return build_network(tables_of(**{t: [*rows.get(t, ()), *more.get(t, ())] for t in {*rows, *more}}))


def process(name: str, product: str, opex: float) -> dict[str, Any]:
    """One row of processes."""
    return {
        "id": name,
        "reference_product": product,
        "reference_unit": "t",
        "other_opex_cny_per_unit": float(opex),
    }


def plant(name: str, recipe: str, capacity: float, lat: float, **more: Any) -> dict[str, Any]:
    """One row of facilities, on the meridian."""
    row = {"id": name, "process_id": recipe, "capacity_per_year": capacity, "capacity_unit": "t/y"}
    return {**row, "status": "operating", "lat": lat, "lon": 102.0, **more}


def rows(report: MatchReport) -> list[tuple[str, str, float, float]]:
    """Supplier, what it displaces, quantity and cost at the source of each option, rounded."""
    figures = [(o.quantity, o.source_cny_per_unit) for o in report.options]
    names = [(o.supplier, o.displaces) for o in report.options]
    return [(*name, round(q, 6), round(cny, 6)) for name, (q, cny) in zip(names, figures, strict=True)]


def miss(report: MatchReport, supplier: str, material: str = "gas") -> NearMiss:
    """The one near miss of a supplier."""
    found = [n for n in report.near_misses if (n.supplier, n.material) == (supplier, material)]
    assert len(found) == 1, report.near_misses
    return found[0]
