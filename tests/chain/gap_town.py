"""A town of five plants whose gaps are worked out by hand, for the tests of the gap analysis.

    cell   1 salt -> 1 chlorine + 1 soda      capacity 100, other cost 30
    acid   1 chlorine -> 1 acid               capacity  40, other cost  5
    mill   1 ore -> 1 concentrate             capacity  60, other cost 15, ore at most 50
    still  1 solvent -> 1 spirit              capacity  10, other cost  5
    cook   1 coal -> 1 solvent                capacity  20, other cost 80

Bought: salt 10, ore 5, solvent 80, coal 10. Sold: soda 100, acid 25, concentrate 50, spirit 100, tetra
200 (at most 10), pigment 260, glaze 150 (at most 30). Chlorine is dumped at 20. All stand together.

    cell   100 x (100 - 10 - 30) = 6000, less 60 chlorine dumped at 20 = 1200
    acid    40 x (25 - 5)        =  800
    mill    50 x (50 - 5 - 15)   = 1500
    still   10 x (100 - 80 - 5)  =  150      (cook's solvent would cost 90)
    in all                         7250

Candidates, at a charge of 0.1 a year: tetra (1 concentrate + 1 chlorine -> 1 tetra, 20, scale 50,
20 000 CNY) and pigment (1 tetra -> 1 pigment, 10, scale 40, 5 000 CNY, tetra from the town only).
Nobody proposed glazing (1 soda -> 1 glaze, 20, 100 CNY per unit of capacity), nor a second acid plant
(500 per unit: its charge of 50 is more than the 40 that a chlorine brings there).
"""

from __future__ import annotations

from typing import Any

from liantu.data.tables import Tables
from tests.chain.networks import flow, tables_of

LAT, LON = 38.5, 102.2
KM = 1 / 111.19508372419142  # degrees of latitude on the mean sphere


def material(name: str, price: float | None = None, **more: Any) -> dict[str, Any]:
    """A row of materials: by lorry at 1 CNY per t and km unless given."""
    row = {"id": name, "unit": "t", "t_per_unit": 1.0, "price_mid_cny": price, "transport_mode": "truck"}
    return {**row, "max_transport_km": 2000.0, "transport_cost_cny_per_tkm": 1.0, **more}


def plant(name: str, process_id: str, capacity: float, km: float = 0.0) -> dict[str, Any]:
    """A row of facilities, `km` north of the town."""
    row = {"id": name, "process_id": process_id, "capacity_per_year": capacity, "capacity_unit": "t/y"}
    return {**row, "status": "operating", "lat": LAT + km * KM, "lon": LON}


def process(name: str, product: str, opex: float, **more: Any) -> dict[str, Any]:
    """A row of processes."""
    row = {"id": name, "reference_product": product, "reference_unit": "t", "other_opex_cny_per_unit": opex}
    return {**row, **more}


def _materials() -> list[dict[str, Any]]:
    sold: dict[str, Any] = {"external_sell": True, "transport_cost_cny_per_tkm": 0.0}
    bought: dict[str, Any] = {"external_buy": True, "transport_cost_cny_per_tkm": 0.0}
    return [
        material("salt", 10.0, **bought),
        material("ore", 5.0, external_buy_cap_per_year=50.0, **bought),
        material("coal", 10.0, **bought),
        material("solvent", 80.0, **bought),
        material(
            "chlorine", transport_mode="pipeline", max_transport_km=3.0, disposal_cost_cny_per_unit=20.0
        ),
        material("soda", 100.0, **sold),
        material("acid", 25.0, **sold),
        material("concentrate", 50.0, **sold),
        material("spirit", 100.0, **sold),
        material("tetra", 200.0, external_sell_cap_per_year=10.0, **sold),
        material("pigment", 260.0, **sold),
        material("glaze", 150.0, external_sell_cap_per_year=30.0, **sold),
        material("water", 0.0, unit="m3", formula="H2O", free_source=True, **bought),
        material("power", 0.0, unit="MWh", transport_mode="grid", pool="city", tce_per_unit=0.1229, **bought),
    ]


def _flows() -> list[dict[str, Any]]:
    recipes = {
        "cell": [("salt", -1.0), ("chlorine", 1.0), ("soda", 1.0)],
        "acid": [("chlorine", -1.0), ("acid", 1.0)],
        "mill": [("ore", -1.0), ("concentrate", 1.0)],
        "still": [("solvent", -1.0), ("spirit", 1.0)],
        "cook": [("coal", -1.0), ("solvent", 1.0)],
        "tetra": [
            ("concentrate", -1.0),
            ("chlorine", -1.0),
            ("tetra", 1.0),
            ("water", -2.0),
            ("power", -0.5),
        ],
        "pigment": [("tetra", -1.0), ("pigment", 1.0)],
        "glazing": [("soda", -1.0), ("glaze", 1.0)],
    }
    return [
        flow(name, line, what, "out" if amount > 0 else "in", abs(amount))
        for name, flows in recipes.items()
        for line, (what, amount) in enumerate(flows, start=1)
    ]


def gap_town(**replace: Any) -> Tables:
    """The town's tables; a table may be replaced."""
    tables: dict[str, Any] = {
        "materials": _materials(),
        "processes": [
            process("cell", "soda", 30.0, capex_cny_per_unit_year=100.0),
            process("acid", "acid", 5.0, capex_cny_per_unit_year=500.0),
            process("mill", "concentrate", 15.0),
            process("still", "spirit", 5.0),
            process("cook", "solvent", 80.0),
            process("tetra", "tetra", 20.0),
            process("pigment", "pigment", 10.0),
            process("glazing", "glaze", 20.0, capex_cny_per_unit_year=100.0),
        ],
        "process_flows": _flows(),
        "facilities": [
            plant("f_cell", "cell", 100.0),
            plant("f_acid", "acid", 40.0),
            plant("f_mill", "mill", 60.0),
            plant("f_still", "still", 10.0),
            plant("f_cook", "cook", 20.0),
        ],
        "parks": [{"id": "park", "lat": LAT, "lon": LON}],
        "candidates": [candidate("k_tetra", 50.0, 20_000.0), candidate("k_pigment", 40.0, 5_000.0)],
        "parameters": [{"id": "capital_charge_rate", "value": 0.1}],
        **replace,
    }
    return tables_of("gap town", **tables)


def candidate(name: str, scale: float, capital: float, **more: Any) -> dict[str, Any]:
    """A candidate row; the tetra plant and the pigment plant name each other as partners."""
    tetra = name == "k_tetra"
    row = {
        "id": name,
        "process_id": "tetra" if tetra else "pigment",
        "link_type": "补链" if tetra else "延链",
        "typical_scale": scale,
        "scale_unit": "t/y",
        "capex_total_cny": capital,
        "land_ha": 2.0 if tetra else 3.0,
        "jobs": 20.0 if tetra else 30.0,
        "suggested_park_id": "park",
        "works_best_with": "k_pigment" if tetra else "k_tetra",
        "local_only_inputs": "chlorine" if tetra else "tetra",
    }
    return {**row, **more}
