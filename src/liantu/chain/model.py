"""Network + Scenario -> Model: the activity-analysis programme as sparse arrays with keys.

The equations are in docs/formulation.md, section "Plan". Column j of the matrix corresponds to
position j of every array of `Columns`; row i corresponds to position i of every array of `Rows`.
Rows are written as  leaving + sold + dumped - made - arriving - bought = -committed,  so that the
dual of a balance row is the local price of the material there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import sparse

from liantu.chain.caps import build_caps
from liantu.chain.keys import (
    ACTIVITY,
    BALANCE,
    BUY,
    DUMP,
    SELL,
    SHARED,
    SHIP,
    SHORTAGE,
    CapRow,
    Columns,
    Rows,
    extend_rows,
)
from liantu.chain.network import Bools, Floats, Ints, Materials, Network
from liantu.chain.pairs import Pairs, find_pairs
from liantu.chain.scenario import Scenario, Settings, apply_scenario


@dataclass(frozen=True)
class Model:
    """maximise objective . x + constant,  lower <= matrix x <= upper,  0 <= x <= column_upper."""

    network: Network
    scenario: Scenario
    settings: Settings
    matrix: sparse.csc_matrix  # (R, C)
    row_lower: Floats
    row_upper: Floats
    objective: Floats  # CNY per unit of the column
    column_upper: Floats  # inf where only the balance bounds it
    constant: float  # CNY: value of committed demand less capital charges
    columns: Columns
    rows: Rows
    caps: tuple[CapRow, ...]
    plants: Ints  # plants that have columns; position k is activity column k
    demand_row: Ints  # balance row of each committed demand of the settings

    @property
    def capacity(self) -> Floats:
        """Capacity of `plants` under the scenario, reference units a year."""
        return self.column_upper[: len(self.plants)]


class Slots(NamedTuple):
    """One (plant, material) of a recipe, arrays of length S; coefficient > 0 made, < 0 used."""

    position: Ints  # position in Model.plants
    plant: Ints
    material: Ints
    coefficient: Floats


def build_model(
    network: Network,
    scenario: Scenario,
    include: Iterable[int] = (),
    choose: Callable[[Rows, Materials], Pairs] = find_pairs,
) -> Model:
    """Build the programme of a scenario.

    `include` names plants (indices) that get columns although the scenario leaves them shut; their
    capacity is zero, so that a session can open them without building the model anew. `choose` lists
    the pairs that may ship; the default lists all within range (`pricing` lists those that pay).
    Raises InputError where the scenario or the network cannot be stated (see `apply_scenario`).
    """
    settings = apply_scenario(network, scenario)
    plants = np.array(sorted(set(np.flatnonzero(settings.open).tolist()) | set(include)), dtype=np.int64)
    slots = _slots(network, plants)
    rows, slot_row, demand_row = _balance_rows(network, settings, plants, slots)
    columns, objective = _columns(
        network, settings, plants, rows, demand_row, choose(rows, network.materials)
    )
    committed = _committed(settings, demand_row, len(rows.kind))
    balance = _balance_matrix(len(rows.kind), columns, slots, slot_row)
    shared, shared_upper, rows = _shared_rows(network, settings, plants, rows)
    cap_matrix, cap_upper, caps, rows = build_caps(network, settings, plants, columns, rows)
    n = len(columns.kind)
    matrix = sparse.vstack([balance, _widen(shared, n), cap_matrix], format="csc")
    upper = np.concatenate([-committed, shared_upper, cap_upper])
    lower = np.concatenate([-committed, np.full(len(shared_upper) + len(cap_upper), -np.inf)])
    column_upper = np.full(n, np.inf)
    column_upper[: len(plants)] = np.where(settings.open[plants], settings.capacity[plants], 0.0)
    return Model(
        network=network,
        scenario=scenario,
        settings=settings,
        matrix=matrix,
        row_lower=lower,
        row_upper=upper,
        objective=objective,
        column_upper=column_upper,
        constant=_demand_value(settings) - capital_charge(network, settings, settings.open),
        columns=columns,
        rows=rows,
        caps=caps,
        plants=plants,
        demand_row=demand_row,
    )


def capital_charge(network: Network, settings: Settings, built: Bools) -> float:
    """CNY a year on the candidates among `built` (F,): charge rate x capital."""
    chosen = built & network.plants.is_candidate
    return float(settings.charge_rate * settings.capital[chosen].sum())


def _demand_value(settings: Settings) -> float:
    return float(sum(d.quantity * settings.demand_price(d) for d in settings.demands))


def _slots(network: Network, plants: Ints) -> Slots:
    flow = network.recipes.flow[network.plants.recipe[plants]].tocoo()
    order = np.lexsort((flow.col, flow.row))
    keep = order[~network.materials.unlimited[flow.col[order]]]
    position = flow.row[keep].astype(np.int64)
    return Slots(position, plants[position], flow.col[keep].astype(np.int64), flow.data[keep])


def _balance_rows(
    network: Network, settings: Settings, plants: Ints, slots: Slots
) -> tuple[Rows, Ints, Ints]:
    """One row for each slot that is not pooled, one for each pool, one for each committed demand."""
    pool = np.array(network.materials.pool, dtype=object)[slots.material]
    pooled = pool != ""
    slot_row = np.full(len(slots.material), -1, dtype=np.int64)
    own = np.flatnonzero(~pooled)
    slot_row[own] = np.arange(len(own))
    place = [network.plants.id[f] for f in slots.plant[own]]
    material = slots.material[own].tolist()
    plant = slots.plant[own].tolist()
    lat, lon = network.plants.lat[slots.plant[own]].tolist(), network.plants.lon[slots.plant[own]].tolist()
    makes = (slots.coefficient[own] > 0).tolist()
    uses = (slots.coefficient[own] < 0).tolist()
    pools: dict[tuple[int, str], int] = {}

    def pool_row(m: int, park: str) -> int:
        where = "city" if network.materials.pool[m] == "city" else f"park:{park}"
        if (m, where) not in pools:
            pools[m, where] = len(place)
            place.append(where)
            material.append(m)
            plant.append(-1)
            lat.append(np.nan)
            lon.append(np.nan)
            makes.append(False)
            uses.append(False)
        return pools[m, where]

    for s in np.flatnonzero(pooled):
        row = pool_row(int(slots.material[s]), network.plants.park[slots.plant[s]])
        slot_row[s] = row
        makes[row] |= bool(slots.coefficient[s] > 0)
        uses[row] |= bool(slots.coefficient[s] < 0)
    demand_row = []
    for d in settings.demands:
        if network.materials.pool[d.material]:
            row = pool_row(d.material, d.park)
        else:
            row = len(place)
            place.append(f"demand:{d.id}")
            material.append(d.material)
            plant.append(-1)
            lat.append(d.lat)
            lon.append(d.lon)
            makes.append(False)
            uses.append(True)
        uses[row] = True
        demand_row.append(row)
    n = len(place)
    rows = Rows(
        kind=np.full(n, BALANCE, dtype=np.int64),
        material=np.array(material, dtype=np.int64),
        plant=np.array(plant, dtype=np.int64),
        place=tuple(place),
        lat=np.array(lat, dtype=np.float64),
        lon=np.array(lon, dtype=np.float64),
        makes=np.array(makes, dtype=bool),
        uses=np.array(uses, dtype=bool),
        cap=np.full(n, -1, dtype=np.int64),
    )
    return rows, slot_row, np.array(demand_row, dtype=np.int64)


def _committed(settings: Settings, demand_row: Ints, n_rows: int) -> Floats:
    """(R,) committed demand of each balance row, in the material's unit a year."""
    quantity = np.array([d.quantity for d in settings.demands], dtype=np.float64)
    out = np.zeros(n_rows)
    np.add.at(out, demand_row, quantity)
    return out


def _columns(
    network: Network, settings: Settings, plants: Ints, rows: Rows, demand_row: Ints, pairs: Pairs
) -> tuple[Columns, Floats]:
    """All columns with their objective coefficients, in the order of COLUMN_KINDS."""
    m = network.materials
    none = np.full(len(plants), -1, dtype=np.int64)
    vented = network.recipes.emission @ settings.dump_cost
    gain = -(network.recipes.opex + vented)[network.plants.recipe[plants]]
    zero = np.zeros(len(plants))
    parts = [(Columns(np.full(len(plants), ACTIVITY), plants, none, none, none, zero), gain)]
    source, target, km = pairs
    mat = rows.material[source]
    ship = Columns(np.full(len(source), SHIP), np.full(len(source), -1), mat, source, target, km)
    parts.append((ship, -m.haul(mat, km)))
    mat = rows.material
    local = {(f, i) for f in plants.tolist() for i in network.plants.local_only[f]}
    barred = np.array(
        [(f, i) in local for f, i in zip(rows.plant.tolist(), mat.tolist(), strict=True)], dtype=bool
    )
    for kind, chosen, value in (
        (BUY, rows.uses & m.buyable[mat] & ~barred, -settings.buy_price[mat]),
        (SELL, rows.makes & m.sellable[mat], settings.sell_price[mat]),
        (DUMP, rows.makes & ~np.isnan(m.disposal_cost[mat]), -settings.dump_cost[mat]),
    ):
        at = np.flatnonzero(chosen)
        minus = np.full(len(at), -1, dtype=np.int64)
        ends = (minus, at) if kind == BUY else (at, minus)
        keys = Columns(np.full(len(at), kind), rows.plant[at], mat[at], *ends, np.zeros(len(at)))
        parts.append((keys, value[at]))
    parts.append(_shortages(settings, rows, demand_row))
    joined = Columns(
        *(np.concatenate([getattr(p, name) for p, _ in parts]) for name in Columns.__annotations__)
    )
    return joined, np.concatenate([value for _, value in parts])


def _shortages(settings: Settings, rows: Rows, demand_row: Ints) -> tuple[Columns, Floats]:
    """One column a committed demand; not delivering loses the price and costs the penalty."""
    n = len(demand_row)
    minus = np.full(n, -1, dtype=np.int64)
    keys = Columns(np.full(n, SHORTAGE), minus, rows.material[demand_row], minus, demand_row, np.zeros(n))
    cost = [-(settings.demand_price(d) + d.penalty) for d in settings.demands]
    return keys, np.array(cost, dtype=np.float64)


def _balance_matrix(n_rows: int, columns: Columns, slots: Slots, slot_row: Ints) -> sparse.csr_matrix:
    gives, takes = np.flatnonzero(columns.source >= 0), np.flatnonzero(columns.target >= 0)
    row = np.concatenate([slot_row, columns.source[gives], columns.target[takes]])
    col = np.concatenate([slots.position, gives, takes])
    value = np.concatenate([-slots.coefficient, np.ones(len(gives)), -np.ones(len(takes))])
    return sparse.coo_matrix((value, (row, col)), (n_rows, len(columns.kind))).tocsr()


def _shared_rows(
    network: Network, settings: Settings, plants: Ints, rows: Rows
) -> tuple[sparse.csr_matrix, Floats, Rows]:
    """A host and the retrofits that run inside it share the host's capacity."""
    host = network.plants.host[plants]
    hosts = np.unique(host[host >= 0])
    entries = [(k, c) for k, h in enumerate(hosts) for c in np.flatnonzero((host == h) | (plants == h))]
    row = np.array([e[0] for e in entries], dtype=np.int64)
    col = np.array([e[1] for e in entries], dtype=np.int64)
    matrix = sparse.coo_matrix((np.ones(len(entries)), (row, col)), (len(hosts), len(plants))).tocsr()
    upper = np.where(settings.open[hosts], settings.capacity[hosts], 0.0) if len(hosts) else np.zeros(0)
    return (
        matrix,
        upper,
        extend_rows(rows, SHARED, [f"shared:{network.plants.id[h]}" for h in hosts], plant=hosts),
    )


def _widen(matrix: sparse.csr_matrix, n_columns: int) -> sparse.csr_matrix:
    return sparse.csr_matrix((matrix.data, matrix.indices, matrix.indptr), (matrix.shape[0], n_columns))
