"""The peers of benchmarks/scale.py: python benchmarks/scale_peers.py NAME CASE ANSWER [ATTEMPT]

Each states the plain programme of CASE through its own interface and solves it, on one thread; how is said
in OPTIONS. ATTEMPT gives a solver other options. Needs the extra `peers` alone: it runs in an environment of
its own (`make bench-peers`), since highspy 1.15 and ortools can't share a process.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import numpy as np
from scipy import sparse

sys.path.insert(0, str(Path(__file__).parent))
from scale_process import peak_mb

OPTIONS = {
    "highspy": "arrays passed at once; dual simplex after presolve, its own choice",
    "linopy": "arrays of terms in classes of the rows' length, not one table as wide as the longest row; "
    "io_api direct, HiGHS as above",
    "linopy-groupby": "sums by groupby, as its manual shows; io_api direct, HiGHS as above",
    "pulp": "one expression a row, CBC by its command line, its own choice of method",
    "glop": "sparse matrix passed at once through the model builder's helper; dual simplex",
}
VERSIONS = {
    "highspy": ("highspy",), "linopy": ("linopy", "highspy"), "linopy-groupby": ("linopy", "highspy"),
    "pulp": ("pulp",), "glop": ("ortools",),
}  # fmt: skip
MODULES = {
    "highspy": ("highspy",), "linopy": ("linopy", "pandas", "highspy"),
    "linopy-groupby": ("linopy", "pandas", "highspy"), "pulp": ("pulp",),
    "glop": ("ortools.linear_solver.python.model_builder",),
}  # fmt: skip
Answer = tuple[np.ndarray, np.ndarray]


class Case:
    """maximise objective . x,  row_lower <= matrix x <= row_upper,  0 <= x <= upper."""

    def __init__(self, file: str) -> None:
        with np.load(file) as a:
            self.matrix = sparse.csc_matrix((a["data"], a["indices"], a["indptr"]), tuple(a["shape"]))
            self.objective, self.upper, self.kind = a["objective"], a["upper"], a["kind"]
            self.row_lower, self.row_upper = a["row_lower"], a["row_upper"]


def highspy(case: Case, attempt: str) -> tuple[Callable[[], None], Callable[[], Answer]]:
    import highspy as h

    solver = h.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    for pair in filter(None, attempt.split(",")):
        name, value = pair.split("=")
        solver.setOptionValue(name, value)
    lp = h.HighsLp()
    lp.num_col_, lp.num_row_ = case.matrix.shape[1], case.matrix.shape[0]
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = -case.objective, np.zeros(len(case.upper)), case.upper
    lp.row_lower_, lp.row_upper_ = case.row_lower, case.row_upper
    lp.a_matrix_.format_ = h.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = case.matrix.indptr, case.matrix.indices
    lp.a_matrix_.value_ = case.matrix.data
    solver.passModel(lp)

    def answer() -> Answer:
        found = solver.getSolution()
        return np.array(found.col_value), -np.array(found.row_dual)

    return lambda: solver.run(), answer


def linopy(case: Case, attempt: str) -> tuple[Callable[[], None], Callable[[], Answer]]:
    import linopy as lib
    import xarray as xr

    model, rows = lib.Model(), case.matrix.tocsr()
    x = _linopy_columns(model, case)
    labels = x.labels.values
    length = np.diff(rows.indptr)
    group = np.ceil(np.log2(np.maximum(length, 1))).astype(int)
    equal = case.row_lower == case.row_upper
    parts = []
    for wide in np.unique(group):
        for same in (True, False):
            at = np.flatnonzero((group == wide) & (equal == same) & (length > 0))
            if not len(at):
                continue
            width = int(length[at].max())
            spot = rows.indptr[at][:, None] + np.arange(width)
            there = np.arange(width) < length[at][:, None]
            spot = np.where(there, spot, 0)
            dims = ("row", "_term")
            terms = xr.Dataset(
                {
                    "coeffs": (dims, np.where(there, rows.data[spot], np.nan)),
                    "vars": (dims, np.where(there, labels[rows.indices[spot]], -1)),
                },
                coords={"row": at},
            )
            expression = lib.LinearExpression(terms, model)
            limit = xr.DataArray(case.row_upper[at], dims="row", coords={"row": at})
            name = f"r{wide}{'e' if same else 'u'}"
            model.add_constraints(expression, "=" if same else "<=", limit, name=name)
            parts.append((name, at))
    _linopy_objective(model, case, x)
    return _linopy_solved(model, case, x, parts)


def linopy_groupby(case: Case, attempt: str) -> tuple[Callable[[], None], Callable[[], Answer]]:
    import linopy as lib
    import pandas as pd
    import xarray as xr

    model, entries = lib.Model(), case.matrix.tocoo()
    x = _linopy_columns(model, case)
    equal = case.row_lower == case.row_upper
    parts = []
    for name, sign, rows in (("balance", "=", equal), ("cap", "<=", ~equal)):
        at = np.flatnonzero(rows[entries.row])
        if not len(at):
            continue
        entry = pd.RangeIndex(len(at), name="entry")
        term = x.isel(column=xr.DataArray(entries.col[at], coords=[entry]))
        by = xr.DataArray(entries.row[at].astype(np.int64), coords=[entry], name="row")
        summed = (term * xr.DataArray(entries.data[at], coords=[entry])).groupby(by).sum()
        there = summed.indexes["row"].to_numpy()
        limit = xr.DataArray(case.row_upper[there], coords={"row": there}, dims="row")
        model.add_constraints(summed, sign, limit, name=name)
        parts.append((name, there))
    _linopy_objective(model, case, x)
    return _linopy_solved(model, case, x, parts)


def _linopy_columns(model, case):  # type: ignore[no-untyped-def]
    import pandas as pd
    import xarray as xr

    index = pd.RangeIndex(len(case.upper), name="column")
    lower, upper = (xr.DataArray(v, coords=[index]) for v in (np.zeros(len(case.upper)), case.upper))
    return model.add_variables(lower, upper, name="x")


def _linopy_objective(model, case, x) -> None:  # type: ignore[no-untyped-def]
    import xarray as xr

    gain = xr.DataArray(case.objective, coords=[x.indexes["column"]])
    model.add_objective((x * gain).sum(), sense="max")


def _linopy_solved(model, case, x, parts):  # type: ignore[no-untyped-def]
    def solve() -> None:
        model.solve(solver_name="highs", io_api="direct", output_flag=False, threads=1)

    def answer() -> Answer:
        price = np.zeros(len(case.row_lower))
        for name, at in parts:
            price[at] = model.constraints[name].dual.values
        return x.solution.values, price

    return solve, answer


def pulp(case: Case, attempt: str) -> tuple[Callable[[], None], Callable[[], Answer]]:
    import pulp as lib

    problem = lib.LpProblem("case", lib.LpMaximize)
    x = [
        lib.LpVariable(f"x{j}", 0, None if u == np.inf else u)
        for j, u in enumerate(case.upper.tolist())
    ]  # fmt: skip
    problem += lib.LpAffineExpression(list(zip(x, case.objective.tolist(), strict=True)))
    rows = case.matrix.tocsr()
    start, index, value = rows.indptr.tolist(), rows.indices.tolist(), rows.data.tolist()
    stated = []
    for i, (low, high) in enumerate(zip(case.row_lower.tolist(), case.row_upper.tolist(), strict=True)):
        entries = range(start[i], start[i + 1])
        if not entries:
            continue
        total = lib.LpAffineExpression([(x[index[k]], value[k]) for k in entries])
        row = lib.LpConstraint(total, lib.LpConstraintEQ if low == high else lib.LpConstraintLE, rhs=high)
        problem.addConstraint(row, f"r{i}")
        stated.append(i)
    command = lib.PULP_CBC_CMD(msg=False, mip=False, threads=1, options=attempt.split(",") if attempt else [])

    def answer() -> Answer:
        price = np.zeros(len(case.row_lower))
        for i in stated:
            price[i] = problem.constraints[f"r{i}"].pi or 0.0
        return np.array([v.varValue or 0.0 for v in x]), price

    return lambda: problem.solve(command), answer


def glop(case: Case, attempt: str) -> tuple[Callable[[], None], Callable[[], Answer]]:
    from ortools.linear_solver.python import model_builder

    model = model_builder.Model()
    rows = sparse.csr_matrix(case.matrix)
    model.helper.fill_model_from_sparse_data(
        np.zeros(len(case.upper)), case.upper, case.objective, case.row_lower, case.row_upper, rows
    )
    model.helper.set_maximize(True)
    solver = model_builder.Solver("glop")
    solver.set_solver_specific_parameters(attempt or "use_dual_simplex: true")

    def answer() -> Answer:
        helper = solver._Solver__solve_helper  # its public calls go name by name
        return np.array(helper.variable_values()), np.array(helper.dual_values())

    return lambda: solver.solve(model), answer


PEERS = {
    "highspy": highspy, "linopy": linopy, "linopy-groupby": linopy_groupby, "pulp": pulp, "glop": glop,
}  # fmt: skip


def main(name: str, file: str, target: str, attempt: str = "") -> None:
    case = Case(file)
    for module in MODULES[name]:
        import_module(module)  # not a part of building
    begun = time.perf_counter()
    solve, answer = PEERS[name](case, attempt)
    built = time.perf_counter()
    solve()
    solved = time.perf_counter()
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024 if name == "pulp" else 0.0
    peak = peak_mb() + child
    x, price = answer()
    np.savez(target, x=x, price=price)
    used = ", ".join(f"{p} {version(p)}" for p in VERSIONS[name])
    print()
    print(json.dumps({
        "status": "done", "build": built - begun, "solve": solved - built, "total": solved - begun,
        "peak_mb": peak, "stated": float(case.objective @ x), "version": used,
    }))  # fmt: skip


if __name__ == "__main__":
    if len(sys.argv) > 3:
        main(*sys.argv[1:])
    else:
        print("a part of benchmarks/scale.py")
