"""Conservation of elements in recipes. The equations are in docs/formulation.md, section "Conservation"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from liantu.chain.materials import Compositions, read_compositions
from liantu.data.balance_scope import FULL, parse_scope
from liantu.data.schema import near_names
from liantu.data.tables import Tables
from liantu.errors import LiantuError

TOLERANCE = 0.03
"""Largest relative imbalance of an element that is in order."""

TRACE_LOSS = 5e-4
"""t/t of the tracked mass: what may be missing of an element. Compositions of bulk goods leave out what is
below about 0.05 %: the copper of a slag is not told of the cement that is made with it."""

TRACE_GAIN = 1e-8
"""t/t of the tracked mass: what may be too much of an element, 10 mg a tonne. What appears is sold, so that
no more is let through than is worthless even of gold."""

Verdict = Literal["ok", "trace", "flagged", "broken"]
Cause = Literal["", "free_source", "declared", "negligible", "no_composition"]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class UnknownProcessError(LiantuError):
    """A recipe was asked for that the tables do not hold. `params`: found, near."""

    code = "unknown_process"


@dataclass(frozen=True, slots=True)
class RecipeBalance:
    """One element in one recipe, per 1 unit of the reference product.

    mass_in, mass_out    t of the element
    imbalance            (mass_out - mass_in) / max(mass_in, mass_out): -1 all lost, +1 made of nothing
    verdict              ok, trace (beyond tolerance, but negligible), flagged (excused in the data), broken
    reason               the words of the data for what is flagged, else ''
    cause                why the verdict is not simply that of the tolerance
    materials            free sources that excuse it, or materials whose unknown composition may explain it
    """

    process: str
    element: str
    mass_in: float
    mass_out: float
    imbalance: float
    verdict: Verdict
    reason: str = ""
    cause: Cause = ""
    materials: tuple[str, ...] = ()


@dataclass(frozen=True)
class RecipeRow:
    """One flow of a recipe with its mass (t) and its elements (t), per 1 unit of the reference product."""

    direction: str
    material: str
    amount: float
    unit: str
    role: str
    mass: float
    elements: Mapping[str, float]


@dataclass(frozen=True)
class RecipeTable:
    """A recipe as a balanced table: its flows, inputs first, and the balance of each element below them."""

    process: str
    elements: tuple[str, ...]
    rows: tuple[RecipeRow, ...]
    balances: tuple[RecipeBalance, ...] = field(default=())

    def mass(self, direction: str) -> float:
        """t of all flows of one direction; in and out need not agree, since O and H come and go unlisted."""
        return sum(row.mass for row in self.rows if row.direction == direction)


def element_matrix(tables: Tables) -> tuple[tuple[str, ...], sparse.csr_matrix]:
    """The tracked elements, alphabetical, and t of each in one unit of each material.

    The matrix is (M, E), rows in the order of the table of materials: t_per_unit x mass fraction.
    """
    return _weighed(tables, read_compositions(tables))


def _weighed(tables: Tables, compositions: Compositions) -> tuple[tuple[str, ...], sparse.csr_matrix]:
    tonnes = tables.filled("materials")["t_per_unit"].fill_null(0.0).to_numpy()
    return compositions.elements, sparse.csr_matrix(sparse.diags_array(tonnes) @ compositions.fraction)


def check_recipes(tables: Tables, tolerance: float = TOLERANCE) -> tuple[RecipeBalance, ...]:
    """The balance of every tracked element in every recipe, by process as in the table, then by element.

    Raises InputError where a balance_scope is malformed.
    """
    return _balances(tables, tables["processes"], tables["process_flows"], tolerance)


def recipe_table(tables: Tables, process: str, tolerance: float = TOLERANCE) -> RecipeTable:
    """The recipe of `process` as a table of its flows and elements.

    Raises UnknownProcessError, and InputError as `check_recipes` does.
    """
    processes = tables["processes"].filter(pl.col("id") == process)
    if processes.is_empty():
        near = near_names(process, tables["processes"]["id"].to_list())
        raise UnknownProcessError(found=process, near=near)
    flows = tables["process_flows"].filter(pl.col("process_id") == process)
    balances = _balances(tables, processes, flows, tolerance)
    names, matrix = element_matrix(tables)
    index = {m: i for i, m in enumerate(tables["materials"]["id"].to_list())}
    tonnes = tables.filled("materials")["t_per_unit"].fill_null(0.0).to_list()
    rows = []
    for flow in sorted(flows.iter_rows(named=True), key=lambda flow: flow["direction"] != "in"):
        i, amount = index[flow["material_id"]], flow["amount"]
        held = matrix[[i]].tocoo()
        masses = {names[j]: float(w) * amount for j, w in zip(held.col, held.data, strict=True)}
        unit, role = flow["unit"] or tables["materials"]["unit"][i], flow["role"] or ""
        row = (flow["direction"], flow["material_id"], amount, unit, role, amount * tonnes[i], masses)
        rows.append(RecipeRow(*row))
    return RecipeTable(process, tuple(b.element for b in balances), tuple(rows), balances)


@dataclass(frozen=True)
class _Sides:
    """Masses of P recipes and E elements: arrays (P, E); `used` holds all flows as a (P, M) pattern."""

    taken: Floats
    made: Floats
    freed: Bools  # a free source that carries the element takes part
    used: sparse.csr_matrix


def _balances(
    tables: Tables, processes: pl.DataFrame, flows: pl.DataFrame, tolerance: float
) -> tuple[RecipeBalance, ...]:
    compositions = read_compositions(tables)
    names, per_unit = _weighed(tables, compositions)
    sides = _sides(tables, processes, flows, per_unit)
    # reading refuses a malformed scope; in tables made by hand it excuses nothing
    scopes = [parse_scope(text) or FULL for text in processes["balance_scope"].to_list()]
    excused = np.zeros_like(sides.taken, dtype=bool)
    for p in (i for i, scope in enumerate(scopes) if scope is not FULL):
        excused[p] = [scopes[p].excuses(e) for e in names]
    code = _judge(sides, excused, tolerance)
    free, unknown = _by_origin(tables, compositions)
    ids = processes["id"].to_list()
    larger = np.maximum(sides.taken, sides.made)
    imbalance = np.divide(sides.made - sides.taken, larger, where=larger > 0, out=np.zeros_like(larger))
    out = []
    for p, j in np.argwhere(larger > 0).tolist():
        verdict, cause = _VERDICTS[code[p, j]]
        materials: tuple[str, ...] = ()
        if cause == "free_source":
            carriers = free & (per_unit[:, [j]].toarray().ravel() > 0)
            materials = _those(sides.used, p, carriers, compositions.material)
        elif verdict == "broken":
            materials = _those(sides.used, p, unknown, compositions.material)
            cause = "no_composition" if materials else ""
        masses = float(sides.taken[p, j]), float(sides.made[p, j]), float(imbalance[p, j])
        reason = scopes[p].reason if cause == "declared" else ""
        out.append(RecipeBalance(ids[p], names[j], *masses, verdict, reason, cause, materials))
    return tuple(out)


def _judge(sides: _Sides, excused: Bools, tolerance: float) -> npt.NDArray[np.int64]:
    """Position in _VERDICTS of each recipe and element (P, E); the first rule that holds decides."""
    gap = sides.made - sides.taken
    inside = np.abs(gap) <= tolerance * np.maximum(sides.taken, sides.made)
    returned = (gap < 0) & sides.freed
    tracked = np.maximum(sides.taken.sum(axis=1), sides.made.sum(axis=1))[:, None]
    small = (gap <= TRACE_GAIN * tracked) & (-gap <= TRACE_LOSS * tracked)
    code = np.select([inside, returned, excused, small], [0, 1, 2, 3], default=4)
    return np.asarray(code, dtype=np.int64)


_VERDICTS: tuple[tuple[Verdict, Cause], ...] = (
    ("ok", ""), ("ok", "free_source"), ("flagged", "declared"), ("trace", "negligible"), ("broken", ""),
)  # fmt: skip


def _sides(
    tables: Tables, processes: pl.DataFrame, flows: pl.DataFrame, per_unit: sparse.csr_matrix
) -> _Sides:
    recipe = {p: i for i, p in enumerate(processes["id"].to_list())}
    material = {m: i for i, m in enumerate(tables["materials"]["id"].to_list())}
    row = np.array([recipe[p] for p in flows["process_id"].to_list()], dtype=np.int64)
    col = np.array([material[m] for m in flows["material_id"].to_list()], dtype=np.int64)
    amount = flows["amount"].to_numpy()
    shape = (len(recipe), len(material))

    def matrix(keep: Bools) -> sparse.csr_matrix:
        return sparse.csr_matrix((amount[keep], (row[keep], col[keep])), shape=shape)

    inward = (flows["direction"] == "in").to_numpy()
    free = tables.filled("materials")["free_source"].to_numpy()
    return _Sides(
        taken=(matrix(inward) @ per_unit).toarray(),
        made=(matrix(~inward) @ per_unit).toarray(),
        freed=(matrix(free[col]) @ per_unit).toarray() > 0,
        used=matrix(np.ones(len(amount), dtype=bool)),
    )


def _by_origin(tables: Tables, compositions: Compositions) -> tuple[Bools, Bools]:
    """(M,) free sources, and materials with mass of which nobody said what they consist of."""
    frame = tables.filled("materials")
    free = frame["free_source"].to_numpy().astype(bool)
    heavy = frame["t_per_unit"].fill_null(1.0).to_numpy() > 0
    unknown = np.array([o == "unknown" for o in compositions.origin], dtype=bool)
    return free, unknown & heavy & ~free


def _those(used: sparse.csr_matrix, p: int, chosen: Bools, names: tuple[str, ...]) -> tuple[str, ...]:
    """Ids of the chosen materials among the flows of recipe p."""
    columns = used.indices[used.indptr[p] : used.indptr[p + 1]]
    return tuple(names[i] for i in sorted(columns) if chosen[i])
