"""Linear programmes by a first-order method: matrix times vector and nothing else, so that a GPU can do it.

Restarted Halpern iteration of the primal-dual hybrid gradient with reflection (Applegate et al. 2021,
arXiv:2106.04756; Lu and Yang 2024, arXiv:2407.16144). It comes near the optimum and not onto it: what is
proven about its answer is for `first_order` to say.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from scipy import sparse

from liantu.chain.network import Floats
from liantu.chain.solve import Program
from liantu.errors import SolverError

CHECKED = 64  # iterations between looks at how far it is
SHRUNK, WORSE, LATE = 0.2, 0.8, 0.36  # when to restart: as in cuPDLP+
EQUAL = 10  # rounds of scaling rows and columns alike
STEP = 0.998  # of what the norm of the matrix allows: it is at most 1 once scaled by sums
Array = Any  # of the backend


class Backend(Protocol):
    """Where the arrays live. Arrays take +, -, *, / and `@` from a matrix, as numpy's do."""

    name: str

    def weights(self, a: sparse.csr_matrix, own: Floats, other: Floats, sums: bool) -> Floats: ...  # noqa: D102
    def matrix(self, values: sparse.csr_matrix) -> Any: ...  # noqa: D102
    def array(self, values: Floats) -> Array: ...  # noqa: D102
    def host(self, values: Array) -> Floats: ...  # noqa: D102
    def copy(self, values: Array) -> Array: ...  # noqa: D102
    def clip(self, values: Array, low: Array, high: Array) -> Array: ...  # noqa: D102


class Numpy:
    """Arrays of this process, on one core."""

    name = "numpy"

    def weights(self, a: sparse.csr_matrix, own: Floats, other: Floats, sums: bool) -> Floats:
        """own_i times the largest |a_ik| other_k of each row, or their sum."""
        if sums:
            return np.asarray(own * (abs(a) @ other))
        weighed = sparse.csr_matrix((np.abs(a.data) * other[a.indices], a.indices, a.indptr), a.shape)
        return np.asarray(own * weighed.max(axis=1).toarray().ravel())

    def matrix(self, values: sparse.csr_matrix) -> Any:
        """As it is."""
        return values

    def array(self, values: Floats) -> Array:
        """As it is."""
        return values

    def host(self, values: Array) -> Floats:
        """As it is."""
        return np.asarray(values, dtype=np.float64)

    def copy(self, values: Array) -> Array:
        """Another with the same values."""
        return values.copy()

    def clip(self, values: Array, low: Array, high: Array) -> Array:
        """Between two bounds, which may be infinite."""
        return np.clip(values, low, high)


class Compressed:
    """A matrix by rows or, for `A' y`, by columns, for compiled loops over all cores (the extra `scale`)."""

    def __init__(self, values: sparse.csr_matrix, product: Any) -> None:
        self.parts: Any = (values.indptr.astype(np.int64), values.indices, values.data)
        self.shape, self._product = values.shape, product

    def __matmul__(self, x: Floats) -> Floats:
        out = np.empty(self.shape[0])
        self._product(*self.parts, x, out)
        return out


class Numba(Numpy):
    """Arrays of this process, with compiled loops on all cores."""

    name = "numba"

    def __init__(self) -> None:
        from liantu.chain import halpern_numba

        self.loops = halpern_numba

    def weights(self, a: sparse.csr_matrix, own: Floats, other: Floats, sums: bool) -> Floats:
        """own_i times the largest |a_ik| other_k of each row, or their sum."""
        out: Floats = np.empty(len(own))
        loop: Any = self.loops.summed if sums else self.loops.largest
        loop(a.indptr.astype(np.int64), a.indices, a.data, own, other, out)
        return out

    def matrix(self, values: sparse.csr_matrix) -> Any:
        """Its compressed rows."""
        return Compressed(values, self.loops.product)


class Torch(Numpy):
    """Arrays of torch (the extra `gpu`), on a GPU where there is one, in double precision."""

    def __init__(self, device: str = "") -> None:
        import torch

        self._torch = torch
        self._device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        self.name = f"torch {torch.__version__} {self._device}"

    def matrix(self, values: sparse.csr_matrix) -> Any:
        """Compressed rows there."""
        import warnings

        t = self._torch
        parts = (t.from_numpy(a.astype(np.int64)) for a in (values.indptr, values.indices))
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*[Ss]parse")  # torch calls its matrices a trial
            found = t.sparse_csr_tensor(*parts, t.from_numpy(values.data.astype(np.float64)), values.shape)
        return found.to(self._device)

    def array(self, values: Floats) -> Array:
        """A copy there."""
        return self._torch.from_numpy(np.array(values, dtype=np.float64)).to(self._device)

    def host(self, values: Array) -> Floats:
        """A copy here."""
        return np.asarray(values.cpu().numpy(), dtype=np.float64)

    def copy(self, values: Array) -> Array:
        """Another with the same values."""
        return values.clone()

    def clip(self, values: Array, low: Array, high: Array) -> Array:
        """Between two bounds, which may be infinite."""
        return self._torch.clip(values, low, high)


def backend(name: str = "") -> Backend:
    """`numpy`, `numba`, `torch`, `torch:cpu` or `torch:cuda`; '' is the fastest of those installed here:
    torch where it finds a GPU, numba, numpy.

    Raises SolverError where one is asked for that is not installed.
    """
    if name == "numpy":
        return Numpy()
    try:
        found = Numba() if name == "numba" else Torch(name.partition(":")[2])
    except ImportError as error:
        if name:
            raise SolverError("backend_missing", backend=name) from error
        return _on_cpu()
    return found if name or "cuda" in found.name else _on_cpu()


def _on_cpu() -> Backend:
    try:
        return Numba()
    except ImportError:
        return Numpy()


@dataclass(frozen=True)
class Point:
    """Where the iteration stands: x (C,) and row prices y (R,), signed as in `solve.Solution`.

    error: the largest of the relative violation of rows, of prices, and the distance of both objectives.
    weight: of a step in y against one in x, found on the way; 0 where none is known.
    """

    x: Floats
    y: Floats
    error: float
    iterations: int
    weight: float = 0.0


def iterate(
    program: Program, start: Point, tolerance: float, until: float, most: int, where: Backend
) -> Point:
    """From `start` until the error is within `tolerance`, the clock at `until`, or `most` iterations done."""
    kind = _Compiled if isinstance(where, Numba) else _Iteration
    return kind(program, start, where).run(tolerance, until, most)


class _Iteration:
    """minimise c.x, lower <= A x <= upper, 0 <= x <= top, in units in which rows and columns weigh alike."""

    def __init__(self, program: Program, start: Point, where: Backend) -> None:
        self.where = where
        matrix, row, col = _scaled(sparse.csr_matrix(program.matrix), where)
        self.row, self.col = row, col
        up = where.array
        self.a, self.at = where.matrix(matrix), where.matrix(sparse.csr_matrix(matrix.T))
        self.c = up(-program.objective * col)
        self.lower, self.upper = up(program.row_lower * row), up(program.row_upper * row)
        self.zero, self.top = up(np.zeros(len(col))), up(program.upper / col)
        self.open = up(np.where(np.isinf(program.upper), 1.0, 0.0))
        self.top_end = up(_finite(program.upper / col))
        ends = _finite(program.row_lower * row), _finite(program.row_upper * row)
        self.low_end, self.high_end = up(ends[0]), up(ends[1])
        self.x, self.y = up(start.x / col), up(-start.y / row)
        side = np.maximum(np.abs(ends[0]), np.abs(ends[1]))
        norms = float(np.linalg.norm(program.objective * col)), float(np.linalg.norm(side))
        self.weight = start.weight or (norms[0] / norms[1] if min(norms) > 0 else 1.0)
        self.norms = norms

    def run(self, tolerance: float, until: float, most: int) -> Point:
        """Iterate, restarting from where it came whenever it has come much nearer."""
        count, last, first = 0, math.inf, math.inf
        x0, y0, k = self.where.copy(self.x), self.where.copy(self.y), 0
        error = self._error()
        while error > tolerance and count < most and time.monotonic() < until:
            if count % CHECKED == 0 or k == 0:
                x, y = self._stepped()
                dx, dy = x - self.x, y - self.y
                distance = self._distance(dx, dy)
                first = distance if k == 0 else first
                far = k >= LATE * count and count > CHECKED
                if k and (
                    distance <= SHRUNK * first or far or (distance <= WORSE * first and distance > last)
                ):
                    self._reweigh(x - x0, y - y0)
                    self.x, self.y, k, last = x, y, 0, math.inf
                    x0, y0 = self.where.copy(x), self.where.copy(y)
                    error = self._error()
                    count += 1
                    continue
                last = distance
                error = self._error()
            self._advance(x0, y0, (k + 1) / (k + 2))
            count, k = count + 1, k + 1
        x, y = self._stepped()  # within the bounds, as a reflected point need not be
        return Point(self.where.host(x) * self.col, -self.where.host(y) * self.row, error, count, self.weight)

    def _advance(self, x0: Array, y0: Array, share: float) -> None:
        """One reflected step, drawn back towards where the iteration was restarted."""
        x, y = self._stepped()
        self.x = share * (2.0 * x - self.x) + (1 - share) * x0
        self.y = share * (2.0 * y - self.y) + (1 - share) * y0

    def _stepped(self) -> tuple[Array, Array]:
        """One step of the hybrid gradient from the current point."""
        tau, sigma = STEP / self.weight, STEP * self.weight
        x = self.where.clip(self.x - tau * (self.c - self.at @ self.y), self.zero, self.top)
        v = self.y - sigma * (self.a @ (2.0 * x - self.x))
        return x, v + sigma * self.where.clip(v / -sigma, self.lower, self.upper)

    def _distance(self, dx: Array, dy: Array) -> float:
        """How far a step moves, in the norm in which steps never grow."""
        tau, sigma = STEP / self.weight, STEP * self.weight
        value = (dx * dx).sum() / tau + 2.0 * (dy * (self.a @ dx)).sum() + (dy * dy).sum() / sigma
        return math.sqrt(max(float(value), 0.0))

    def _reweigh(self, dx: Array, dy: Array) -> None:
        """Balance the steps of x and y by how far each went since the last restart."""
        far_x, far_y = (math.sqrt(float((d * d).sum())) for d in (dx, dy))
        if min(far_x, far_y) > 1e-12:
            self.weight = math.sqrt(self.weight * far_y / far_x)

    def _error(self) -> float:
        """The largest of three relative errors: rows, prices, objectives."""
        x, y = self._stepped()
        clip, inf = self.where.clip, math.inf
        value = self.a @ x
        rows = value - clip(value, self.lower, self.upper)
        under = clip(self.c - self.at @ y, -inf, 0.0)  # pays for a column at its top; it has none: wrong
        wrong = under * self.open
        dual = (clip(y, 0.0, inf) * self.low_end).sum() + (clip(y, -inf, 0.0) * self.high_end).sum()
        dual, primal = float(dual + (under * self.top_end).sum()), float((self.c * x).sum())
        return max(
            math.sqrt(float((rows * rows).sum())) / (1 + self.norms[1]),
            math.sqrt(float((wrong * wrong).sum())) / (1 + self.norms[0]),
            abs(primal - dual) / (1 + abs(primal) + abs(dual)),
        )


class _Compiled(_Iteration):
    """The same, with both halves of a step in one pass over the matrix each."""

    def __init__(self, program: Program, start: Point, where: Backend) -> None:
        super().__init__(program, start, where)
        self.far = np.empty_like(self.x)

    def _advance(self, x0: Array, y0: Array, share: float) -> None:
        tau, sigma = STEP / self.weight, STEP * self.weight
        far, loops = self.far, self.where.loops  # type: ignore[attr-defined]
        loops.columns_step(*self.at.parts, self.c, self.top, self.y, self.x, x0, tau, share, far)
        loops.rows_step(*self.a.parts, self.lower, self.upper, far, self.y, y0, sigma, share)


def _finite(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, 0.0)


def _scaled(matrix: sparse.csr_matrix, where: Backend) -> tuple[sparse.csr_matrix, Floats, Floats]:
    """The matrix with its rows and columns weighed alike, and the weights of both (Ruiz 2001).

    The last round makes its norm at most 1 (Pock and Chambolle 2011, lemma 2).
    """
    row, col = np.ones(matrix.shape[0]), np.ones(matrix.shape[1])
    by_column = sparse.csr_matrix(matrix.T)
    for turn in range(EQUAL + 1):
        sums = turn == EQUAL
        r, c = where.weights(matrix, row, col, sums), where.weights(by_column, col, row, sums)
        row = row / np.sqrt(np.where(r > 0, r, 1.0))
        col = col / np.sqrt(np.where(c > 0, c, 1.0))
    value = matrix.data * np.repeat(row, np.diff(matrix.indptr)) * col[matrix.indices]
    return sparse.csr_matrix((value, matrix.indices, matrix.indptr), matrix.shape), row, col
