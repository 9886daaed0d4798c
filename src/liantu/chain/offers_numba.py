"""The loops of `offers`, compiled. Imported where numba is installed; 208 MB with its compiler."""

from __future__ import annotations

import numpy as np
from numba import njit, prange

from liantu.chain.network import Floats, Ints


@njit(parallel=True, cache=True)
def lowest(
    points: Floats,
    price: Floats,
    region: Ints,
    places: Floats,
    own: Ints,
    ceiling: Floats,
    freight: float,
    reach: float,
    chord: float,
    radius: float,
    out: Floats,
) -> None:
    """out_i = min(ceiling_i, price_j + freight x km_ij) over j within reach and of another region."""
    for i in prange(len(places)):
        x, y, z, best = places[i, 0], places[i, 1], places[i, 2], ceiling[i]
        for j in range(len(price)):
            room = best - price[j]
            if room <= 0:
                break
            if region[j] == own[i]:
                continue
            square = (points[j, 0] - x) ** 2 + (points[j, 1] - y) ** 2 + (points[j, 2] - z) ** 2
            if square > chord * chord:
                continue
            if freight > 0 and square >= (room / (freight * radius)) ** 2:
                continue
            km = 2 * radius * np.arcsin(min(1.0, np.sqrt(square) / 2))
            if km > reach:
                continue
            best = min(best, price[j] + freight * km)
        out[i] = best


@njit(parallel=True, cache=True)
def best(
    points: Floats,
    price: Floats,
    places: Floats,
    ceiling: Floats,
    freight: float,
    reach: float,
    chord: float,
    radius: float,
    found: Ints,
    value: Floats,
) -> None:
    """found_i: the partners with the lowest delivered price below ceiling_i, best first; value_i: it."""
    most = found.shape[1]
    for i in prange(len(places)):
        x, y, z, n, worst = places[i, 0], places[i, 1], places[i, 2], 0, ceiling[i]
        for j in range(len(price)):
            room = worst - price[j]
            if room <= 0:
                break
            square = (points[j, 0] - x) ** 2 + (points[j, 1] - y) ** 2 + (points[j, 2] - z) ** 2
            if square > chord * chord:
                continue
            if freight > 0 and square >= (room / (freight * radius)) ** 2:
                continue
            km = 2 * radius * np.arcsin(min(1.0, np.sqrt(square) / 2))
            v = price[j] + freight * km
            if km > reach or v >= worst:
                continue
            k = n if n < most else most - 1
            while k > 0 and value[i, k - 1] > v:
                value[i, k], found[i, k] = value[i, k - 1], found[i, k - 1]
                k -= 1
            value[i, k], found[i, k] = v, j
            n = min(n + 1, most)
            if n == most:
                worst = value[i, most - 1]
