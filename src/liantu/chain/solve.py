"""Model -> Solution. The only importer of HiGHS.

HiGHS (Huangfu and Hall 2018, doi:10.1007/s12532-017-0130-5) minimises; a programme here maximises,
so objective and duals change sign on the way in and out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version

import highspy
import numpy as np
from scipy import sparse

from liantu.chain.model import Model
from liantu.chain.network import Bools, Floats, Ints
from liantu.errors import SolverError

OPTIMAL = "optimal"


@dataclass(frozen=True)
class Program:
    """maximise objective . x,  row_lower <= matrix x <= row_upper,  lower <= x <= upper."""

    matrix: sparse.csc_matrix
    objective: Floats
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats
    integer: Bools | None = None


@dataclass(frozen=True)
class Options:
    """Solver options: name -> value as HiGHS spells them."""

    values: Mapping[str, object] = field(default_factory=dict)

    def stated(self) -> dict[str, object]:
        """The options in force besides the solver's defaults."""
        return {"threads": 1, "random_seed": 0, **self.values}


@dataclass(frozen=True)
class Solution:
    """Primal and dual values of a programme that was maximised.

    x (C,) and row_dual (R,): the gain of one more unit of a row's right-hand side; reduced (C,) is
    objective - matrix' row_dual; basic (C,) and row_basic (R,) mark the basis. For a MILP row_dual and
    reduced are empty and `bound` is the proven upper bound on the objective.
    """

    status: str
    objective: float
    bound: float
    x: Floats
    row_dual: Floats
    reduced: Floats
    basic: Bools
    row_basic: Bools
    iterations: int
    seconds: float
    solver: str
    options: Mapping[str, object]


def program_of(model: Model) -> Program:
    """The model as a plain programme (its constant left out)."""
    return Program(
        model.matrix,
        model.objective,
        model.row_lower,
        model.row_upper,
        np.zeros(len(model.objective)),
        model.column_upper,
    )


@cache
def solver_name() -> str:
    """Name and version of the solver, as certificates print it."""
    return f"HiGHS {version('highspy')}"


class Session:
    """A programme loaded in the solver; changes keep the basis, so that the next solve is warm."""

    def __init__(self, program: Program, options: Options = Options()) -> None:
        self.options = options
        self._highs = highspy.Highs()
        self._highs.setOptionValue("output_flag", False)
        for name, value in options.stated().items():
            if self._highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
                raise SolverError("option_refused", name=name, value=value)
        if self._highs.passModel(_lp(program)) == highspy.HighsStatus.kError:
            raise SolverError("model_refused")
        self._integer = program.integer is not None and bool(program.integer.any())
        self._kept: object = None

    def set_upper(self, columns: Ints, upper: Floats) -> None:
        """New upper bounds of columns; lower bounds are kept at zero."""
        at = np.asarray(columns, dtype=np.int32)
        self._highs.changeColsBounds(len(at), at, np.zeros(len(at)), np.asarray(upper, dtype=np.float64))

    def set_row_bounds(self, row: int, lower: float, upper: float) -> None:
        """New bounds of one row."""
        self._highs.changeRowBounds(int(row), float(lower), float(upper))

    def add_columns(self, objective: Floats, matrix: sparse.csc_matrix) -> None:
        """More columns, at zero and without an upper bound; matrix (R, new)."""
        n = len(objective)
        self._highs.addCols(
            n,
            -np.asarray(objective, dtype=np.float64),
            np.zeros(n),
            np.full(n, np.inf),
            matrix.nnz,
            matrix.indptr[:-1].astype(np.int32),
            matrix.indices.astype(np.int32),
            matrix.data,
        )

    def set_objective(self, objective: Floats) -> None:
        """A new objective (C,), still maximised."""
        n = len(objective)
        self._highs.changeColsCost(n, np.arange(n, dtype=np.int32), -np.asarray(objective, dtype=np.float64))

    def set_basis(self, basic: Bools, at_upper: Bools, row_basic: Bools, row_at_upper: Bools) -> None:
        """Start from a basis: which columns and rows are basic, and which of the others stand at their
        upper bound."""
        kinds = highspy.HighsBasisStatus
        names = (kinds.kLower, kinds.kUpper, kinds.kBasic)
        basis = highspy.HighsBasis()
        basis.col_status = [names[i] for i in np.where(basic, 2, at_upper.astype(int))]
        basis.row_status = [names[i] for i in np.where(row_basic, 2, row_at_upper.astype(int))]
        basis.valid = True
        if self._highs.setBasis(basis) == highspy.HighsStatus.kError:
            raise SolverError("basis_refused")

    def keep_basis(self) -> None:
        """Remember the basis as it is now, for `restore_basis`."""
        self._kept = self._highs.getBasis()

    def restore_basis(self) -> None:
        """Start the next solve from the basis that was kept, and from nothing else that was found since."""
        self._highs.clearSolver()
        if self._kept is None or self._highs.setBasis(self._kept) == highspy.HighsStatus.kError:
            raise SolverError("basis_refused")

    def solve(self, basis: bool = True) -> Solution:
        """Solve and return values; without `basis` its marks are left empty, which is faster to read.

        Raises SolverError unless the solver proves an optimum, or for a MILP holds a feasible point
        with a bound when its limit is reached (status 'limit').
        """
        self._highs.run()
        status = self._highs.getModelStatus()
        info = self._highs.getInfo()
        limit = status in (highspy.HighsModelStatus.kTimeLimit, highspy.HighsModelStatus.kSolutionLimit)
        feasible = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        done = status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty)
        if not done and not (self._integer and limit and feasible):
            raise SolverError("not_optimal", status=self._highs.modelStatusToString(status))
        return self._read(OPTIMAL if not limit else "limit", info, basis)

    def _read(self, status: str, info: object, with_basis: bool) -> Solution:
        values = self._highs.getSolution()
        x = np.array(values.col_value)
        basic, row_basic = self._basis() if with_basis else (np.zeros(0, dtype=bool), np.zeros(0, dtype=bool))
        objective = -float(info.objective_function_value)  # type: ignore[attr-defined]
        bound = -float(info.mip_dual_bound) if self._integer else objective  # type: ignore[attr-defined]
        return Solution(
            status=status,
            objective=objective,
            bound=bound,
            x=x,
            row_dual=np.zeros(0) if self._integer else -np.array(values.row_dual),
            reduced=np.zeros(0) if self._integer else -np.array(values.col_dual),
            basic=basic,
            row_basic=row_basic,
            iterations=max(int(info.simplex_iteration_count), 0),  # type: ignore[attr-defined]
            seconds=float(self._highs.getRunTime()),
            solver=solver_name(),
            options=self.options.stated(),
        )

    def _basis(self) -> tuple[Bools, Bools]:
        """Marks of the basic columns and rows."""
        basis = self._highs.getBasis()
        at = highspy.HighsBasisStatus.kBasic
        return (
            np.array([s == at for s in basis.col_status], dtype=bool),
            np.array([s == at for s in basis.row_status], dtype=bool),
        )


def solve(program: Program, options: Options = Options()) -> Solution:
    """Solve a programme once."""
    return Session(program, options).solve()


def _lp(program: Program) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.objective), len(program.row_lower)
    lp.col_cost_ = -program.objective
    lp.col_lower_, lp.col_upper_ = program.lower, program.upper
    lp.row_lower_, lp.row_upper_ = program.row_lower, program.row_upper
    matrix = program.matrix
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = matrix.indptr
    lp.a_matrix_.index_ = matrix.indices
    lp.a_matrix_.value_ = matrix.data
    if program.integer is not None and program.integer.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(flag)] for flag in program.integer]
    return lp
