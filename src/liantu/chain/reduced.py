"""The reduced form of a model: crossings without a cap are eliminated, and pairs that cannot pay dropped.

At a balance where something may be sold (or dumped) without a cap, the outlet takes what is left over:
v = rhs - rest >= 0. Substituting it prices every column of the row at the outlet's value pi, and the
equality becomes rest <= rhs; likewise for a purchase. With pi the parity price of each row,

    c' = c - A' pi,   y = pi + y',   x_eliminated = +-(rhs - A_kept x)

so that a shipment's coefficient is its gain: import parity at its target - export parity at its source -
freight. Where both ends have such a crossing, a shipment with gain <= 0 can never pay and is not listed.
The reduced programme has the same optimum as the plain one (docs/formulation.md, "Reduced form").
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from liantu.chain.keys import BALANCE, BUY, SHIP
from liantu.chain.model import Model
from liantu.chain.network import Bools, Floats, Ints
from liantu.chain.solve import Options, Program, Session, Solution

NONE, OUTLET, SUPPLY = range(3)


@dataclass(frozen=True)
class Reduction:
    """What was taken out of a model, so that a solution can be put back together.

    crossing (R,): NONE, or whether a row's OUTLET or SUPPLY was eliminated; column (R,) which one.
    parity (R,): its price, CNY per unit. keep (C,) and rows (R,): what the reduced programme holds.
    """

    crossing: Ints
    column: Ints
    parity: Floats
    keep: Bools
    rows: Bools

    def cross(self, x: Floats, rest: Floats, limit: Floats) -> None:
        """Set the eliminated crossings in x (C,) to what is left over, or missing, where all else adds up to
        rest (R,) and must come to limit (R,)."""
        at = np.flatnonzero(self.crossing != NONE)
        sign = np.where(self.crossing[at] == OUTLET, 1.0, -1.0)
        x[self.column[at]] = np.maximum(sign * (limit[at] - rest[at]), 0.0)


def find_reduction(model: Model) -> Reduction:
    """Choose the crossing to eliminate at each balance, and the columns and rows that fall away."""
    c, n_rows = model.columns, len(model.row_lower)
    entries = np.diff(model.matrix.indptr)
    single = (c.kind >= BUY) & (entries == 1) & np.isinf(model.column_upper)
    outlet = _best(np.flatnonzero(single & (c.source >= 0)), c.source, model.objective, n_rows)
    supply = _best(np.flatnonzero(single & (c.target >= 0)), c.target, model.objective, n_rows)
    crossing = np.where(outlet >= 0, OUTLET, np.where(supply >= 0, SUPPLY, NONE))
    column = np.where(outlet >= 0, outlet, supply)
    value = model.objective[np.maximum(column, 0)]
    parity = np.where(crossing == OUTLET, value, np.where(crossing == SUPPLY, -value, 0.0))
    keep = np.ones(len(c.kind), dtype=bool)
    keep[column[column >= 0]] = False
    keep[_dominated(single, c.source, outlet, column)] = False
    keep[_dominated(single, c.target, supply, column)] = False
    gain = model.objective - model.matrix.T @ parity
    ships = c.kind == SHIP
    both = ships & (crossing[c.source] == OUTLET) & (crossing[c.target] == SUPPLY)
    keep[both & (gain <= 0)] = False
    return Reduction(crossing, column, parity, keep, _needed_rows(model, crossing, keep))


def _best(columns: Ints, row: Ints, value: Floats, n_rows: int) -> Ints:
    """(R,) the column of greatest value among `columns` at each row, or -1; the first of equals."""
    best = np.full(n_rows, -1, dtype=np.int64)
    order = columns[np.lexsort((-columns, value[columns]))]
    best[row[order]] = order
    return best


def _dominated(single: Bools, row: Ints, best: Ints, eliminated: Ints) -> Ints:
    """Uncapped crossings of a row that a better one of the same side replaces."""
    at = np.flatnonzero(single & (row >= 0))
    return np.asarray(at[(best[row[at]] != at) & (eliminated[row[at]] != at)], dtype=np.int64)


def _needed_rows(model: Model, crossing: Ints, keep: Bools) -> Bools:
    """A row whose crossing is eliminated says nothing once only activities of its own sign are left:
    -made <= 0 or used >= 0."""
    matrix = model.matrix.tocsr()
    entry_row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    kept = keep[matrix.indices]
    rhs = np.where(model.rows.kind == BALANCE, model.row_upper, np.inf)
    sign = np.where(crossing == OUTLET, -1.0, 1.0)
    against = kept & (matrix.data * sign[entry_row] < 0)
    open_rows = np.bincount(entry_row[against], minlength=matrix.shape[0]) > 0
    idle = (crossing != NONE) & ~open_rows & (np.where(crossing == OUTLET, rhs >= 0, rhs <= 0))
    return np.asarray(~idle, dtype=bool)


def reduced_program(model: Model, reduction: Reduction) -> Program:
    """The programme that is solved; rows with an eliminated crossing become inequalities."""
    gain = model.objective - model.matrix.T @ reduction.parity
    lower = np.where(reduction.crossing == OUTLET, -np.inf, model.row_lower)
    upper = np.where(reduction.crossing == SUPPLY, np.inf, model.row_upper)
    matrix = model.matrix[:, reduction.keep].tocsr()[reduction.rows].tocsc()
    return Program(
        sparse.csc_matrix(matrix),
        gain[reduction.keep],
        lower[reduction.rows],
        upper[reduction.rows],
        np.zeros(int(reduction.keep.sum())),
        model.column_upper[reduction.keep],
    )


class ModelSession:
    """A model loaded in the solver in reduced form; solutions come back in the plain form."""

    def __init__(self, model: Model, options: Options = Options()) -> None:  # noqa: B008 (frozen)
        self.model = model
        self.reduction = find_reduction(model)
        self._position = np.cumsum(self.reduction.keep) - 1
        self._row = np.cumsum(self.reduction.rows) - 1
        self._session = Session(reduced_program(model, self.reduction), options)

    def start_from(self, basic: Bools, row_basic: Bools, x: Floats) -> None:
        """Start from a basis of the plain form; x (C,) tells which columns stand at their bound."""
        r = self.reduction
        rows = np.flatnonzero(r.crossing != NONE)
        row_basic = row_basic.copy()
        row_basic[rows] = basic[r.column[rows]]
        upper = self.model.column_upper
        at_upper = np.isfinite(upper) & (x >= upper * (1 - 1e-9))
        self._session.set_basis(
            basic[r.keep], at_upper[r.keep], row_basic[r.rows], (r.crossing != SUPPLY)[r.rows]
        )

    def set_capacity(self, positions: Ints, capacity: Floats) -> None:
        """New capacities of plants (positions as in Model.plants)."""
        self._session.set_upper(self._position[positions], capacity)

    def set_shared(self, row: int, capacity: float) -> None:
        """A new bound of a shared-capacity row."""
        self._session.set_row_bounds(int(self._row[row]), -np.inf, capacity)

    def keep_basis(self) -> None:
        """Remember the basis as it is now, for `restore_basis`."""
        self._session.keep_basis()

    def restore_basis(self) -> None:
        """Start the next solve from the basis that was kept, so that it does not depend on those before."""
        self._session.restore_basis()

    def solve(self) -> Solution:
        """Solve; the objective is that of the plain form (the model's constant left out)."""
        return expand(self.model, self.reduction, self._session.solve())


def expand(model: Model, reduction: Reduction, found: Solution) -> Solution:
    """The plain form's solution from the reduced one: flows, prices and basis."""
    x = np.zeros(len(model.objective))
    x[reduction.keep] = found.x
    reduction.cross(x, model.matrix @ x, model.row_upper)
    rows = np.flatnonzero(reduction.crossing != NONE)
    y = reduction.parity.copy()
    y[reduction.rows] += found.row_dual
    basic = np.zeros(len(x), dtype=bool)
    basic[reduction.keep] = found.basic
    row_basic = np.zeros(len(y), dtype=bool)
    row_basic[reduction.rows] = found.row_basic
    row_basic[~reduction.rows] = True
    basic[reduction.column[rows]] = row_basic[rows]
    row_basic[rows] = False
    return replace(
        found,
        objective=float(model.objective @ x),
        bound=float(model.objective @ x),
        x=x,
        row_dual=y,
        reduced=model.objective - model.matrix.T @ y,
        basic=basic,
        row_basic=row_basic,
    )


def solve_model(model: Model, options: Options = Options()) -> Solution:  # noqa: B008 (frozen)
    """Solve a model once, in reduced form; its constant is not part of the solution's objective."""
    return ModelSession(model, options).solve()
