"""Local prices, rents and cap prices as intervals over all optimal duals.

An optimal plan may be supported by many prices: at an idle plant nearly always. What is published is
the interval over the optimal dual face, never the one vertex that the solver happened on. The lower
end is what one more unit would bring, the upper end what one unit less would cost: the one-sided
derivatives of the optimal value (Rockafellar 1970, theorem 23.4; Akgul 1984).

The face is {y : A_j.y = c_j where 0 < x_j < u_j, >= c_j where x_j = 0, <= c_j where x_j = u_j}, with
y = 0 on rows that have slack. Only rows reached by a degenerate basic variable can move; they fall
into independent components, and one programme bounds one price of every component at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph
from scipy.sparse.linalg import splu

from liantu.chain.implied import implied_upper
from liantu.chain.keys import BALANCE, SHARED
from liantu.chain.model import Model
from liantu.chain.network import Floats, Ints
from liantu.chain.solve import Program, Session, Solution
from liantu.errors import SolverError

ZERO = 1e-9  # relative to the bound of a column: at its bound or inside
SLACK = 1e-9  # relative widening of the face, so that the solver's own point lies in it


@dataclass(frozen=True)
class PriceIntervals:
    """row (R, 2): low and high of each row's dual, CNY per unit of its material; -inf and inf where
    nothing bounds it. rent (K, 2): worth of one more, and of one less, unit of each plant's capacity
    (position as in Model.plants); of a host, of the capacity that it shares with its retrofits, which
    stands in two places of the model and so has one rent over both. exact is False where the network
    was too large for the face: then a row's interval runs from the best offer for the material there to
    the cheapest supply, all other prices being the solver's (`best_offers`), and both ends of a rent
    are the solver's."""

    row: Floats
    rent: Floats
    exact: bool


@dataclass(frozen=True)
class Face:
    """The optimal dual face over the rows that can move: lower <= matrix y <= upper."""

    rows: Ints  # positions of the moving rows in the model
    matrix: sparse.csr_matrix
    lower: Floats
    upper: Floats
    y_lower: Floats
    y_upper: Floats
    component: Ints


def price_intervals(model: Model, solution: Solution, max_work: int = 40_000_000) -> PriceIntervals:
    """Bounds of every row dual and every capacity rent over the optimal dual face.

    Above `max_work` (rows x degenerate basic variables) the rows get their best offers instead, and
    `exact` is False.
    """
    y = solution.row_dual
    row = np.column_stack([y, y])
    shared = shared_rows(model)
    own = np.maximum(solution.reduced[: len(model.plants)], 0.0)
    own[list(shared)] += np.maximum(y[list(shared.values())], 0.0)
    rent = np.column_stack([own, own])
    state = _column_state(model, solution)
    moving = _moving_rows(model, solution, state, max_work)
    if moving is None:
        return PriceIntervals(best_offers(model, y), rent, False)
    if not len(moving):
        return PriceIntervals(row, rent, True)
    face = _face(model, y, state, moving)
    full = np.flatnonzero(state[: len(model.plants)] == FULL)
    uses = _without_hosts(model, shared)[:, full].T.tocsr()
    weights = -uses[:, moving]
    moved = np.flatnonzero(np.diff(weights.indptr))
    targets = sparse.vstack([sparse.identity(len(moving), format="csr"), weights[moved]], format="csr")
    low, high = _bound_all(face, targets)
    row[moving, 0], row[moving, 1] = low[: len(moving)], high[: len(moving)]
    rest = model.objective[full[moved]] - uses[moved] @ _zeroed(y, moving)
    rent[full[moved], 0] = np.maximum(rest + low[len(moving) :], 0.0)
    rent[full[moved], 1] = np.maximum(rest + high[len(moving) :], 0.0)
    for k, i in shared.items():
        if state[k] != FULL:  # only the shared row can hold it
            rent[k] = row[i]
    return PriceIntervals(row + 0.0, rent + 0.0, True)  # no -0.0


def shared_rows(model: Model) -> dict[int, int]:
    """The shared-capacity row of each host that has columns, by its position in Model.plants."""
    row = {int(model.rows.plant[i]): int(i) for i in np.flatnonzero(model.rows.kind == SHARED)}
    return {k: row[f] for k, f in enumerate(model.plants.tolist()) if f in row}


def _without_hosts(model: Model, shared: dict[int, int]) -> sparse.csc_matrix:
    """The matrix without what hosts themselves take of their shared rows: a full host's capacity is worth
    what it earns before it pays for that."""
    if not shared:
        return model.matrix
    at = np.array([list(shared.values()), list(shared)], dtype=np.int64)
    own = sparse.coo_matrix((np.ones(len(shared)), (at[0], at[1])), model.matrix.shape)
    return sparse.csc_matrix(model.matrix - own)


def best_offers(model: Model, y: Floats) -> Floats:
    """(R, 2) what others would pay for one unit at each row, and what they would supply one for.

    low = max over outlets of (their gain + price at their destination), high = min over supplies of
    (their cost + price at their origin), with the row prices y (R,) elsewhere. At a row that trades
    both equal its price. Rows of caps and shared capacity keep y.
    """
    c = model.columns
    balance = model.rows.kind == BALANCE
    out = np.column_stack([np.where(balance, -np.inf, y), np.where(balance, np.inf, y)])
    gives, takes = np.flatnonzero(c.source >= 0), np.flatnonzero(c.target >= 0)
    cap = model.matrix.tocsr()[~balance].T @ y[~balance]
    gain = model.objective - cap
    offer = gain[gives] + np.where(c.target[gives] >= 0, y[c.target[gives]], 0.0)
    supply = -gain[takes] + np.where(c.source[takes] >= 0, y[c.source[takes]], 0.0)
    np.maximum.at(out[:, 0], c.source[gives], offer)
    np.minimum.at(out[:, 1], c.target[takes], supply)
    return out


FREE, EMPTY, INSIDE, FULL = range(4)


def _column_state(model: Model, solution: Solution) -> Ints:
    """(C,) INSIDE, EMPTY (at zero), FULL (at its bound), or FREE (a shut plant: no condition)."""
    bound = implied_upper(model)
    tolerance = ZERO * (1.0 + np.where(np.isfinite(bound), bound, 0.0))
    state = np.full(len(solution.x), INSIDE)
    state[solution.x <= tolerance] = EMPTY
    upper = model.column_upper
    state[np.isfinite(upper) & (solution.x >= upper - tolerance)] = FULL
    state[upper == 0] = FREE
    return state


def _zeroed(y: Floats, rows: Ints) -> Floats:
    out = y.copy()
    out[rows] = 0.0
    return out


def _moving_rows(model: Model, solution: Solution, state: Ints, max_work: int) -> Ints | None:
    """Rows whose dual is not unique: those that a degenerate basic variable reaches."""
    basic, row_basic = np.flatnonzero(solution.basic), np.flatnonzero(solution.row_basic)
    activity = model.matrix @ solution.x
    slack = np.minimum(
        np.where(np.isfinite(model.row_upper), model.row_upper - activity, np.inf),
        np.where(np.isfinite(model.row_lower), activity - model.row_lower, np.inf),
    )
    tight = slack <= ZERO * (1.0 + np.abs(np.where(np.isfinite(model.row_upper), model.row_upper, 0.0)))
    weak = np.concatenate([state[basic] != INSIDE, tight[row_basic]])
    if not weak.any():
        return np.zeros(0, dtype=np.int64)
    n = len(model.row_lower)
    if n * int(weak.sum()) > max_work or len(basic) + len(row_basic) != n:
        return None
    unit = sparse.identity(n, format="csc")[:, row_basic]
    basis = sparse.hstack([model.matrix[:, basic], unit], format="csc")
    at = np.flatnonzero(weak)
    start = np.zeros((n, len(at)))
    start[at, np.arange(len(at))] = 1.0
    reach = np.asarray(splu(basis).solve(start, "T"))  # type: ignore[call-overload]
    return np.flatnonzero((np.abs(reach) > 1e-9).any(axis=1)).astype(np.int64)


def _face(model: Model, y: Floats, state: Ints, moving: Ints) -> Face:
    part = model.matrix.tocsr()[moving].T.tocsr()  # (C, moving)
    touched = np.flatnonzero((np.diff(part.indptr) > 0) & (state != FREE))
    matrix = part[touched]
    at = model.objective[touched] - (model.matrix.T @ _zeroed(y, moving))[touched]
    here = matrix @ y[moving]
    margin = SLACK * (1.0 + np.abs(at)) + np.abs(np.where(state[touched] == INSIDE, here - at, 0.0))
    lower = np.where(state[touched] == FULL, -np.inf, np.minimum(at, here) - margin)
    upper = np.where(state[touched] == EMPTY, np.inf, np.maximum(at, here) + margin)
    inequality = ~np.isfinite(model.row_lower[moving])
    graph = (matrix.T @ matrix).astype(bool)
    _, component = csgraph.connected_components(graph, directed=False)
    y_lower = np.where(inequality, np.minimum(0.0, y[moving]), -np.inf)
    return Face(
        moving, matrix, lower, upper, y_lower, np.full(len(moving), np.inf), component.astype(np.int64)
    )


def _bound_all(face: Face, targets: sparse.csr_matrix) -> tuple[Floats, Floats]:
    """Least and greatest value of each target (row of weights over the moving rows) on the face.

    First the face's recession cone says which targets are unbounded; then the rest are bounded.
    """
    n = targets.shape[0]
    low, high = np.full(n, -np.inf), np.full(n, np.inf)
    width = len(face.rows)
    finite_lower, finite_upper = np.isfinite(face.lower), np.isfinite(face.upper)
    cone = Program(
        face.matrix.tocsc(),
        np.zeros(width),
        np.where(finite_lower, 0.0, -np.inf),
        np.where(finite_upper, 0.0, np.inf),
        np.where(np.isfinite(face.y_lower), 0.0, -1.0),
        np.ones(width),
    )
    body = Program(face.matrix.tocsc(), np.zeros(width), face.lower, face.upper, face.y_lower, face.y_upper)
    for sign, out in ((1.0, high), (-1.0, low)):
        growth = _maximise(cone, face, sign * targets, np.arange(n))
        bounded = np.flatnonzero(growth <= 1e-7)
        out[bounded] = sign * _maximise(body, face, sign * targets, bounded)
    return low, high


def _maximise(program: Program, face: Face, targets: sparse.csr_matrix, wanted: Ints) -> Floats:
    """Greatest value of each wanted target; targets in different components share a programme."""
    session = Session(program)
    best = np.zeros(len(wanted))
    for batch in _batches(face, targets, wanted):
        objective = np.asarray(targets[wanted[batch]].sum(axis=0), dtype=np.float64).ravel()
        session.set_objective(objective)
        try:
            y = session.solve(basis=False).x
        except SolverError:
            session = Session(program)
            session.set_objective(objective)
            y = session.solve(basis=False).x
        best[batch] = targets[wanted[batch]] @ y
    return best


def _batches(face: Face, targets: sparse.csr_matrix, wanted: Ints) -> list[Ints]:
    """Positions in `wanted`, grouped so that no two of a group touch one component."""
    taken: list[set[int]] = []
    groups: list[list[int]] = []
    for position, target in enumerate(wanted):
        used = set(
            face.component[targets.indices[targets.indptr[target] : targets.indptr[target + 1]]].tolist()
        )
        for group, busy in zip(groups, taken, strict=True):
            if not (used & busy):
                group.append(position)
                busy |= used
                break
        else:
            groups.append([position])
            taken.append(used)
    return [np.array(group, dtype=np.int64) for group in groups]
