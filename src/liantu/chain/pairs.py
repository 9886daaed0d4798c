"""Which plants may ship to which: pairs within a material's range, with their distance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from liantu.chain.keys import Rows
from liantu.chain.network import EARTH_RADIUS_KM, Floats, Ints, Materials, great_circle_km

DENSE_PAIRS = 2_000_000


class Pairs(NamedTuple):
    """Allowed shipments, arrays of length S, ordered by material, source and target."""

    source: Ints  # balance row
    target: Ints
    km: Floats


class Market(NamedTuple):
    """The makers and users of one material that stand at a place; positions are balance rows."""

    material: int
    reach: float  # km
    makers: Ints
    users: Ints


def markets(rows: Rows, materials: Materials) -> Iterator[Market]:
    """Each material that can be shipped, with who makes and who uses it; pooled rows do not ship."""
    located = ~np.isnan(rows.lat)
    at = np.flatnonzero(located & (rows.makes | rows.uses))
    at = at[np.argsort(rows.material[at], kind="stable")]
    cuts = np.flatnonzero(np.diff(rows.material[at])) + 1
    for group in np.split(at, cuts):
        if not len(group) or materials.link[m := int(rows.material[group[0]])] == "none":
            continue
        makers, users = group[rows.makes[group]], group[rows.uses[group]]
        if len(makers) and len(users):
            yield Market(m, materials.reach(m), makers, users)


def find_pairs(rows: Rows, materials: Materials) -> Pairs:
    """Every maker and user of one material within its range; distances are great circles."""
    parts = []
    for market in markets(rows, materials):
        i, j, km = within(rows, market.makers, market.users, market.reach)
        parts.append(Pairs(market.makers[i], market.users[j], km))
    return joined(parts)


def joined(parts: list[Pairs]) -> Pairs:
    """Lists of pairs one after the other."""
    if not parts:
        empty = np.zeros(0, dtype=np.int64)
        return Pairs(empty, empty, np.zeros(0))
    return Pairs(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def chosen(pairs: Pairs, at: npt.NDArray[np.generic]) -> Pairs:
    """The pairs that a mask or a list of positions chooses."""
    return Pairs(pairs.source[at], pairs.target[at], pairs.km[at])


def within(rows: Rows, makers: Ints, users: Ints, reach: float) -> tuple[Ints, Ints, Floats]:
    """Positions in `makers` and `users` within `reach` km and their distances, in row-major order."""
    lat1, lon1, lat2, lon2 = rows.lat[makers], rows.lon[makers], rows.lat[users], rows.lon[users]
    if len(lat1) * len(lat2) <= DENSE_PAIRS:
        km = great_circle_km(lat1[:, None], lon1[:, None], lat2[None, :], lon2[None, :])
        i, j = np.nonzero(km <= reach)
        return i.astype(np.int64), j.astype(np.int64), km[i, j]
    found = cKDTree(unit_sphere(lat1, lon1)).sparse_distance_matrix(
        cKDTree(unit_sphere(lat2, lon2)), chord_of(reach), output_type="ndarray"
    )
    order = np.lexsort((found["j"], found["i"]))
    i, j = found["i"][order].astype(np.int64), found["j"][order].astype(np.int64)
    km = great_circle_km(lat1[i], lon1[i], lat2[j], lon2[j])
    keep = km <= reach
    return i[keep], j[keep], km[keep]


def chord_of(km: float) -> float:
    """Chord on the unit sphere of a great-circle distance, a hair wide so that none is missed."""
    return float(2 * np.sin(min(km / EARTH_RADIUS_KM, np.pi) / 2) * (1 + 1e-9))


def unit_sphere(lat: Floats, lon: Floats) -> Floats:
    """Points on the unit sphere (n, 3) of degrees."""
    p, q = np.radians(lat), np.radians(lon)
    return np.column_stack([np.cos(p) * np.cos(q), np.cos(p) * np.sin(q), np.sin(p)])
