"""A plain reference of the plan, written from docs/formulation.md with scipy alone.

It reads tables row by row, keeps variables in a dictionary, and shares no code with liantu.chain.
"""

from __future__ import annotations

import math
from typing import Any

from scipy.optimize import linprog

from liantu.data.tables import Tables


def rows(tables: Tables, name: str) -> list[dict[str, Any]]:
    return list(tables.filled(name).iter_rows(named=True))


def haversine(a: tuple[float, float], b: tuple[float, float]) -> float:
    la, lb = math.radians(a[0]), math.radians(b[0])
    dlon = math.radians(b[1] - a[1])
    h = math.sin((lb - la) / 2) ** 2 + math.cos(la) * math.cos(lb) * math.sin(dlon / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(h))


class Reference:
    """maximise sum c v, each balance an equality, each cap an inequality."""

    def __init__(self, tables: Tables, add: tuple[str, ...] = (), rate: float | None = None) -> None:
        self.materials = {m["id"]: m for m in rows(tables, "materials")}
        self.more_ways: dict[str, list[tuple[float, float, float]]] = {}
        for w in rows(tables, "transports"):
            tonnes = self.materials[w["material_id"]]["t_per_unit"]
            way = (w["transport_cost_cny_per_tkm"] * tonnes, w["max_transport_km"])
            loading = (w["loading_cost_cny_per_t"] or 0.0) * tonnes
            self.more_ways.setdefault(w["material_id"], []).append((*way, loading))
        self.processes = {p["id"]: p for p in rows(tables, "processes")}
        parameters = {
            p["id"]: p["text"] if p["value"] is None else p["value"] for p in rows(tables, "parameters")
        }
        self.level = parameters.get("price_level", "mid")
        self.rate = parameters.get("capital_charge_rate", 0.12) if rate is None else rate
        self.penalty = parameters.get("shortage_penalty_cny_per_unit", 1e5)
        self.parks = {p["id"]: p for p in rows(tables, "parks")}
        self.net: dict[str, dict[str, float]] = {}
        self.vent: dict[str, dict[str, float]] = {}
        for line in rows(tables, "process_flows"):
            vented = line["direction"] == "out" and line["role"] == "emission"
            book = (self.vent if vented else self.net).setdefault(line["process_id"], {})
            sign = 1 if line["direction"] == "out" else -1
            book[line["material_id"]] = book.get(line["material_id"], 0.0) + sign * line["amount"]
        self.resources = rows(tables, "resources")
        self.demands = rows(tables, "demands")
        self.kappa: dict[str, float] = {}
        for r in self.resources:
            if r["constraint_kind"] == "price":
                self.kappa[r["material_id"]] = self.kappa.get(r["material_id"], 0.0) + r["value"]
        self.cost: dict[Any, float] = {}
        self.upper: dict[Any, float] = {}
        self.balance: dict[Any, dict[Any, float]] = {}
        self.rhs: dict[Any, float] = {}
        self.le: list[tuple[dict[Any, float], float]] = []
        self.constant = 0.0
        self.plants: dict[str, dict[str, Any]] = {}
        self._open_plants(tables, parameters, add)
        self._build()

    def _open_plants(self, tables: Tables, parameters: dict[str, Any], add: tuple[str, ...]) -> None:
        statuses = str(parameters.get("plan_statuses", "operating;building")).split(";")
        for f in rows(tables, "facilities"):
            if (f["status"] or "operating") in statuses:
                at = (f["lat"], f["lon"])
                if f["lat"] is None:
                    at = (self.parks[f["park_id"]]["lat"], self.parks[f["park_id"]]["lon"])
                self.plants[f["id"]] = {
                    "p": f["process_id"],
                    "k": f["capacity_per_year"],
                    "at": at,
                    "host": None,
                    "park": f["park_id"],
                    "local": (),
                    "land": 0.0,
                }
        for c in rows(tables, "candidates"):
            if c["id"] in add:
                park = self.parks[c["suggested_park_id"]]
                self.plants[c["id"]] = {
                    "p": c["process_id"],
                    "k": c["typical_scale"],
                    "at": (park["lat"], park["lon"]),
                    "host": c["shares_capacity_with_facility"],
                    "park": park["id"],
                    "local": (c["local_only_inputs"] or "").split(";"),
                    "land": c["land_ha"],
                }
                capital = c["capex_total_cny"]
                if capital is None:
                    unit = c["capex_cny_per_unit_year"]
                    unit = (
                        self.processes[c["process_id"]]["capex_cny_per_unit_year"] if unit is None else unit
                    )
                    capital = unit * c["typical_scale"]
                self.constant -= self.rate * capital

    def price(self, m: str) -> float:
        return self.materials[m][f"price_{self.level}_cny"]

    def dumping(self, m: str) -> float:
        x = self.materials[m]
        own = (x["disposal_cost_cny_per_unit"] or 0.0) + self.kappa.get(m, 0.0)
        if x["emits_as"]:
            e = self.materials[x["emits_as"]]
            own += x["emits_per_unit"] * (
                (e["disposal_cost_cny_per_unit"] or 0.0) + self.kappa.get(e["id"], 0.0)
            )
        return own

    def freight(self, m: str) -> float:
        x = self.materials[m]
        return (x["transport_cost_cny_per_tkm"] or 0.0) * x["t_per_unit"]

    def node(self, place: str, park: str | None, m: str) -> Any:
        pool = self.materials[m]["pool"]
        if pool == "city":
            return ("city", m)
        if pool == "park":
            return (f"park:{park or ''}", m)
        return (place, m)

    def put(self, node: Any, var: Any, value: float) -> None:
        line = self.balance.setdefault(node, {})
        line[var] = line.get(var, 0.0) + value

    def new(self, var: Any, cost: float, upper: float | None = None) -> Any:
        self.cost[var] = cost
        self.upper[var] = upper
        return var

    def _build(self) -> None:
        makes: dict[str, dict[Any, Any]] = {}
        uses: dict[str, dict[Any, Any]] = {}
        local: dict[Any, bool] = {}
        for f, plant in self.plants.items():
            p = plant["p"]
            cost = -(self.processes[p]["other_opex_cny_per_unit"] or 0.0)
            cost -= sum(v * self.dumping(m) for m, v in self.vent.get(p, {}).items())
            x = self.new(("x", f), cost, plant["k"])
            for m, a in self.net.get(p, {}).items():
                material = self.materials[m]
                air = (
                    material["free_source"]
                    and material["transport_mode"] == "none"
                    and not material["external_buy"]
                )
                if air or a == 0:
                    continue
                node = self.node(f, plant["park"], m)
                self.put(node, x, a)
                (makes if a > 0 else uses).setdefault(m, {})[node] = plant["at"] if node[0] == f else None
                local[node] = node[0] == f and m in plant["local"]  # a pool tells nobody's input apart
        for d in self.demands:
            m = d["material_id"]
            park = self.parks.get(d["park_id"])
            at = (d["lat"], d["lon"]) if d["lat"] is not None else (park["lat"], park["lon"])
            node = self.node(f"demand:{d['id']}", d["park_id"], m)
            uses.setdefault(m, {})[node] = at if node[0].startswith("demand") else None
            self.rhs[node] = self.rhs.get(node, 0.0) + d["quantity_per_year"]
            pays = self.price(m) or 0.0
            penalty = self.penalty if d["penalty_cny_per_unit"] is None else d["penalty_cny_per_unit"]
            self.put(node, self.new(("short", d["id"]), -pays - penalty), 1.0)
            self.constant += pays * d["quantity_per_year"]
        self._crossings(makes, uses, local)
        self._pairs(makes, uses)
        self._caps()

    def _crossings(self, makes: Any, uses: Any, local: dict[Any, bool]) -> None:
        for m, material in self.materials.items():
            for node in uses.get(m, {}):
                if material["external_buy"] and not local.get(node):
                    cost = self.price(m) + self.freight(m) * (material["import_km"] or 0.0)
                    self.put(node, self.new(("buy", node), -cost), 1.0)
            for node in makes.get(m, {}):
                if material["external_sell"]:
                    gain = self.price(m)
                    if material["sell_price_level"]:
                        gain = min(gain, material[f"price_{material['sell_price_level']}_cny"])
                    gain -= self.freight(m) * (material["export_km"] or 0.0)
                    self.put(node, self.new(("sell", node), gain), -1.0)
                if material["disposal_cost_cny_per_unit"] is not None:
                    self.put(node, self.new(("dump", node), -self.dumping(m)), -1.0)

    def _pairs(self, makes: Any, uses: Any) -> None:
        for m, material in self.materials.items():
            if material["transport_mode"] == "none":
                continue
            reach = material["max_transport_km"]
            own = (self.freight(m), math.inf if reach is None else reach, 0.0)
            ways = [own, *self.more_ways.get(m, ())]
            for a, here in makes.get(m, {}).items():
                for b, there in uses.get(m, {}).items():
                    if here is None or there is None or a == b:
                        continue
                    km = haversine(here, there)
                    costs = [fixed + rate * km for rate, farthest, fixed in ways if km <= farthest]
                    if costs:
                        s = self.new(("ship", a, b), -min(costs))
                        self.put(a, s, -1.0)
                        self.put(b, s, 1.0)

    def _inside(self, text: str | None, f: str) -> bool:
        if not text:
            return True
        wanted = text.lstrip("!").split(";")
        plant = self.plants.get(f)
        if plant is None:
            return False
        labels = {
            f"process:{plant['p']}",
            f"facility:{f}",
            f"park:{plant['park']}",
            f"chain:{self.processes[plant['p']]['chain']}",
        }
        return bool(labels & set(wanted)) != text.startswith("!")

    def _caps(self) -> None:
        for m, x in self.materials.items():
            for kind, limit in (
                ("buy", x["external_buy_cap_per_year"]),
                ("sell", x["external_sell_cap_per_year"]),
            ):
                if limit is not None:
                    self.le.append(({v: 1.0 for v in self.cost if v[0] == kind and v[1][1] == m}, limit))
        for r in self.resources:
            self._resource(r)
        for h in {p["host"] for p in self.plants.values() if p["host"]}:
            line = {("x", f): 1.0 for f, p in self.plants.items() if f == h or p["host"] == h}
            self.le.append((line, self.plants[h]["k"] if h in self.plants else 0.0))

    def _resource(self, r: dict[str, Any]) -> None:
        kind, m, line = r["constraint_kind"], r["material_id"], {}
        for v in self.cost:
            name = v[1] if v[0] in ("x", "short") else v[1][0]
            if kind not in ("dispatchable_min",) and not self._inside(r["applies_to"], name):
                continue
            if (kind in ("buy_cap", "agri_cap") and v[0] == "buy" and v[1][1] == m) or (
                kind == "sell_cap" and v[0] == "sell" and v[1][1] == m
            ):
                line[v] = 1.0
            elif kind == "energy_cap" and v[0] == "buy":
                line[v] = self.materials[v[1][1]]["tce_per_unit"] or 0.0
            elif kind in ("disposal_cap", "emission_cap") and v[0] in ("dump", "x"):
                amounts = {v[1][1]: 1.0} if v[0] == "dump" else self.vent.get(self.plants[name]["p"], {})
                line[v] = sum(a * self._becomes(i, m) for i, a in amounts.items())
            elif kind == "dispatchable_min" and v[0] == "x":
                p = self.plants[name]["p"]
                a = self.net.get(p, {}).get(m, 0.0)
                line[v] = r["value"] * max(-a, 0.0) - (
                    max(a, 0.0) if self.processes[p]["dispatchable"] else 0.0
                )
            elif kind == "dispatchable_min" and v[0] == "buy" and v[1][1] == m:
                line[v] = -1.0
        if line:
            self.le.append((line, 0.0 if kind == "dispatchable_min" else r["value"]))

    def _becomes(self, i: str, m: str) -> float:
        x = self.materials[i]
        return 1.0 if i == m else (x["emits_per_unit"] if x["emits_as"] == m else 0.0)

    def solve(self) -> float:
        """Value of the best plan, CNY a year."""
        index = {v: j for j, v in enumerate(self.cost)}
        if not index:
            return self.constant
        from scipy.sparse import lil_matrix

        equal = lil_matrix((len(self.balance), len(index)))
        right = []
        for i, (node, line) in enumerate(self.balance.items()):
            for v, value in line.items():
                equal[i, index[v]] += value
            right.append(self.rhs.get(node, 0.0))
        most = lil_matrix((max(1, len(self.le)), len(index)))
        limits = [limit for _, limit in self.le] or [0.0]
        for i, (line, _) in enumerate(self.le):
            for v, value in line.items():
                most[i, index[v]] += value
        found = linprog(
            [-c for c in self.cost.values()],
            A_ub=most.tocsr(),
            b_ub=limits,
            A_eq=equal.tocsr() if right else None,
            b_eq=right or None,
            bounds=[(0, self.upper[v]) for v in self.cost],
            method="highs",
        )
        assert found.status == 0, found.message
        return -float(found.fun) + self.constant
