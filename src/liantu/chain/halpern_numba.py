"""The loops of `halpern` on a CPU, compiled, each over all cores. Imported where numba is installed."""

from __future__ import annotations

from numba import njit, prange

from liantu.chain.network import Floats, Ints


@njit(parallel=True, cache=True)
def columns_step(
    start: Ints,
    row: Ints,
    value: Floats,
    cost: Floats,
    top: Floats,
    y: Floats,
    x: Floats,
    x0: Floats,
    tau: float,
    share: float,
    mirrored: Floats,
) -> None:
    """mirrored = 2 x' - x,  x' = clip(x - tau (cost - A'y), 0, top);  x = share mirrored + (1 - share) x0."""
    for j in prange(len(x)):
        slope = cost[j]
        for k in range(start[j], start[j + 1]):
            slope -= value[k] * y[row[k]]
        moved = min(max(x[j] - tau * slope, 0.0), top[j])
        far = 2.0 * moved - x[j]
        mirrored[j] = far
        x[j] = share * far + (1.0 - share) * x0[j]


@njit(parallel=True, cache=True)
def rows_step(
    start: Ints,
    column: Ints,
    value: Floats,
    lower: Floats,
    upper: Floats,
    mirrored: Floats,
    y: Floats,
    y0: Floats,
    sigma: float,
    share: float,
) -> None:
    """y' = v + sigma clip(-v / sigma, lower, upper),  v = y - sigma A mirrored;  y as x in `columns_step`."""
    for i in prange(len(y)):
        total = 0.0
        for k in range(start[i], start[i + 1]):
            total += value[k] * mirrored[column[k]]
        v = y[i] - sigma * total
        moved = v + sigma * min(max(-v / sigma, lower[i]), upper[i])
        y[i] = share * (2.0 * moved - y[i]) + (1.0 - share) * y0[i]


@njit(parallel=True, cache=True)
def product(start: Ints, index: Ints, value: Floats, x: Floats, out: Floats) -> None:
    """out = A x, for the compressed rows of A, or A'x for its compressed columns."""
    for i in prange(len(out)):
        total = 0.0
        for k in range(start[i], start[i + 1]):
            total += value[k] * x[index[k]]
        out[i] = total


@njit(parallel=True, cache=True)
def largest(start: Ints, index: Ints, value: Floats, own: Floats, other: Floats, out: Floats) -> None:
    """out_i = own_i max_k |value_k| other_k of each compressed row or column."""
    for i in prange(len(out)):
        most = 0.0
        for k in range(start[i], start[i + 1]):
            most = max(most, abs(value[k]) * other[index[k]])
        out[i] = own[i] * most


@njit(parallel=True, cache=True)
def summed(start: Ints, index: Ints, value: Floats, own: Floats, other: Floats, out: Floats) -> None:
    """out_i = own_i sum_k |value_k| other_k of each compressed row or column."""
    for i in prange(len(out)):
        total = 0.0
        for k in range(start[i], start[i + 1]):
            total += abs(value[k]) * other[index[k]]
        out[i] = own[i] * total
