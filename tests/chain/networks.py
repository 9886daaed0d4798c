"""Networks for tests: tables from plain rows, and random cities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from liantu.data.inspect import empty_frame
from liantu.data.schema import TABLES
from liantu.data.tables import Tables

Rows = Sequence[Mapping[str, Any]]


def tables_of(name: str = "test", **rows: Rows) -> Tables:
    """Tables from rows given as mappings; what a row leaves out is blank."""
    frames = {}
    for table, declared in TABLES.items():
        blank = empty_frame(declared)
        given = rows.get(table, ())
        for row in given:
            unknown = set(row) - set(blank.columns)
            assert not unknown, f"{table} has no column {unknown}"
        data = {column: [row.get(column) for row in given] for column in blank.columns}
        frames[table] = pl.DataFrame(data, schema=blank.schema)
    return Tables(frames, name=name, title_zh=name, title_en=name)


def flow(
    process: str, line: int, material: str, direction: str, amount: float, **more: Any
) -> dict[str, Any]:
    """One row of process_flows; the unit is t unless given."""
    row = {"process_id": process, "line": line, "material_id": material, "direction": direction}
    return {**row, "amount": amount, "unit": "t", "role": "feed", **more}


class City:
    """A random city: recycle loops, pools, pipes, caps, shares, retrofits, candidates, demand."""

    def __init__(self, seed: int, plants: int = 6, materials: int = 6, ties: bool = False) -> None:
        self.rng = np.random.default_rng(seed)
        self.ties = ties
        self.n_plants, self.n_materials = plants, materials
        self.n_recipes = max(2, plants // 2)

    def tables(self) -> Tables:
        """The city as tables."""
        materials = [self._material(i) for i in range(self.n_materials)]
        materials.append(
            {
                "id": "gas",
                "unit": "t",
                "t_per_unit": 1.0,
                "disposal_cost_cny_per_unit": 0.0,
                "transport_mode": "none",
                "max_transport_km": 0.0,
            }
        )
        processes, flows = [], []
        for p in range(self.n_recipes):
            process, its = self._recipe(p)
            processes.append(process)
            flows += its
        facilities = [self._plant(f) for f in range(self.n_plants)]
        candidates = [self._candidate(c, facilities) for c in range(2)]
        resources = [*self._resources(), *self._scoped(materials, candidates)]
        return tables_of(
            materials=materials,
            processes=processes,
            process_flows=flows,
            facilities=facilities,
            parks=[{"id": "p0", "lat": 38.45, "lon": 102.2}, {"id": "p1", "lat": 38.6, "lon": 102.4}],
            candidates=candidates,
            resources=resources,
            demands=self._demands(),
            transports=self._transports(),
        )

    def _transports(self) -> list[dict[str, Any]]:
        """Some materials go by conveyor or container too: other reach and rate, with loading."""
        return [
            {
                "material_id": f"m{i}",
                "transport_mode": mode,
                "max_transport_km": float(self.rng.choice([0, 10, 500])),
                "transport_cost_cny_per_tkm": float(self.rng.choice([0.0, 0.02, 0.2])),
                "loading_cost_cny_per_t": self.number(0, 8) if self._chance(0.7) else None,
            }
            for i in range(self.n_materials)
            for mode in ("conveyor", "container")
            if self._chance(0.25)
        ]

    def number(self, low: float, high: float) -> float:
        """A random figure; whole when ties are wanted."""
        value = float(self.rng.uniform(low, high))
        return float(round(value)) if self.ties else round(value, 3)

    def _chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def _material(self, i: int) -> dict[str, Any]:
        price = self.number(10, 60) * (1 + i)
        mode = str(self.rng.choice(["pipeline", "truck", "rail_truck", "onsite"]))
        return {
            "id": f"m{i}",
            "unit": "t",
            "t_per_unit": 1.0,
            "transport_mode": mode,
            "max_transport_km": float(self.rng.choice([5, 25, 2000])),
            "transport_cost_cny_per_tkm": float(self.rng.choice([0.0, 0.1, 0.4])),
            "price_low_cny": 0.8 * price,
            "price_mid_cny": price,
            "price_high_cny": 1.3 * price,
            "disposal_cost_cny_per_unit": self.number(0, 30) if self._chance(0.7) else None,
            "external_buy": self._chance(0.7),
            "external_sell": self._chance(0.7),
            "import_km": self.number(0, 300),
            "export_km": self.number(0, 300),
            "external_buy_cap_per_year": self.number(5, 300) if self._chance(0.3) else None,
            "external_sell_cap_per_year": self.number(5, 300) if self._chance(0.3) else None,
            "tce_per_unit": self.number(0, 2) if self._chance(0.5) else None,
            "pool": str(self.rng.choice(["city", "park"])) if self._chance(0.2) else None,
            "sell_price_level": "low" if self._chance(0.2) else None,
            "emits_as": "gas" if self._chance(0.2) else None,
            "emits_per_unit": 0.5,
        }

    def _recipe(self, p: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        size = int(self.rng.integers(2, min(5, self.n_materials) + 1))
        chosen = self.rng.choice(self.n_materials, size=size, replace=False)
        if self._chance(0.8):  # mostly from cheap to dear, sometimes a recycle
            chosen = np.sort(chosen)[::-1]
        flows = [flow(f"r{p}", 1, f"m{chosen[0]}", "out", 1.0, role="main")]
        for line, m in enumerate(chosen[1:], start=2):
            direction = "in" if self._chance(0.65) else "out"
            flows.append(flow(f"r{p}", line, f"m{m}", direction, self.number(1, 12) / 10 + 0.01))
        if self._chance(0.5):
            flows.append(
                flow(f"r{p}", size + 1, "gas", "out", self.number(1, 9) / 10 + 0.01, role="emission")
            )
        row = {
            "id": f"r{p}",
            "reference_product": f"m{chosen[0]}",
            "reference_unit": "t",
            "chain": f"c{p % 2}",
            "other_opex_cny_per_unit": self.number(0, 40),
            "dispatchable": self._chance(0.5),
        }
        return row, flows

    def _plant(self, f: int) -> dict[str, Any]:
        return {
            "id": f"f{f}",
            "process_id": f"r{self.rng.integers(self.n_recipes)}",
            "park_id": f"p{f % 2}",
            "capacity_per_year": self.number(10, 200),
            "capacity_unit": "t/y",
            "status": "operating",
            "lat": 38.4 + float(self.rng.random()) / 5,
            "lon": 102.1 + float(self.rng.random()) / 3,
            "enterprise_id": None,
        }

    def _candidate(self, c: int, facilities: list[dict[str, Any]]) -> dict[str, Any]:
        host = facilities[0] if c == 1 else None
        process = host["process_id"] if host else f"r{self.rng.integers(self.n_recipes)}"
        return {
            "id": f"k{c}",
            "process_id": process,
            "typical_scale": self.number(10, 150),
            "scale_unit": "t/y",
            "capex_total_cny": self.number(100, 5000),
            "land_ha": 1.0,
            "suggested_park_id": f"p{c}",
            "shares_capacity_with_facility": host["id"] if host else None,
            "link_type": "延链",
        }

    def _resources(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = [
            {
                "id": "air",
                "unit": "t/y",
                "value": self.number(5, 200),
                "material_id": "gas",
                "constraint_kind": "emission_cap",
            },
            {"id": "tce", "unit": "tce/y", "value": self.number(20, 900), "constraint_kind": "energy_cap"},
            {
                "id": "carbon",
                "unit": "CNY/t",
                "value": self.number(0, 20),
                "material_id": "gas",
                "constraint_kind": "price",
            },
        ]
        if self._chance(0.5):
            rows.append(
                {
                    "id": "steady",
                    "unit": "fraction",
                    "value": 0.4,
                    "material_id": "m1",
                    "constraint_kind": "dispatchable_min",
                }
            )
        return rows

    def _scoped(self, materials: Rows, candidates: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Caps that hold for some plants only; and what the candidates must not buy in."""
        rng = np.random.default_rng(self.rng.integers(2**32))
        for candidate in candidates:
            if rng.random() < 0.3:
                candidate["local_only_inputs"] = f"m{rng.integers(self.n_materials)}"
        scopes = (
            "process:r0",
            "!process:r1",
            "facility:f0;facility:k1",
            "park:p1",
            "!chain:c0",
            "!facility:f0",
        )
        out = []
        for m in materials:
            kind = str(rng.choice(["buy_cap", "agri_cap", "sell_cap", "disposal_cap"]))
            if rng.random() < 0.3 and (kind == "disposal_cap" or not m.get("pool")):
                out.append(
                    {
                        "id": f"some_{m['id']}",
                        "unit": "t/y",
                        "value": round(float(rng.uniform(1, 120)), 1),
                        "material_id": m["id"],
                        "constraint_kind": kind,
                        "applies_to": str(rng.choice(scopes)),
                    }
                )
        return out

    def _demands(self) -> list[dict[str, Any]]:
        if self._chance(0.5):
            return []
        return [
            {
                "id": "d0",
                "material_id": "m0",
                "quantity_per_year": self.number(5, 100),
                "unit": "t",
                "park_id": "p0",
                "penalty_cny_per_unit": self.number(50, 900),
            }
        ]
