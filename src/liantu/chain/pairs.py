"""Which plants may ship to which: pairs within a material's range, with their distance."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from liantu.chain.keys import Rows
from liantu.chain.network import EARTH_RADIUS_KM, Bools, Floats, Ints, Materials, great_circle_km

DENSE_PAIRS = 2_000_000


def find_pairs(rows: Rows, materials: Materials, located: Bools) -> tuple[Ints, Ints, Floats]:
    """(source row, target row, km) of every maker and user of one material within its range.

    `located` (R,) marks rows that stand at a place; pooled rows do not ship. Distances are great
    circles between the plants. Pairs are ordered by material, source, target.
    """
    sources, targets, kms = [], [], []
    makes, uses = rows.makes & located, rows.uses & located
    for m in np.intersect1d(rows.material[makes], rows.material[uses]):
        reach = float(materials.max_km[m])
        if materials.link[m] == "none":
            continue
        at = rows.material == m
        a, b = np.flatnonzero(at & makes), np.flatnonzero(at & uses)
        i, j, km = _near(rows.lat[a], rows.lon[a], rows.lat[b], rows.lon[b], reach)
        sources.append(a[i])
        targets.append(b[j])
        kms.append(km)
    if not sources:
        empty = np.zeros(0, dtype=np.int64)
        return empty, empty, np.zeros(0)
    return np.concatenate(sources), np.concatenate(targets), np.concatenate(kms)


def _near(lat1: Floats, lon1: Floats, lat2: Floats, lon2: Floats, reach: float) -> tuple[Ints, Ints, Floats]:
    """Index pairs within `reach` km and their distances, all of them, in row-major order."""
    if len(lat1) * len(lat2) <= DENSE_PAIRS or not np.isfinite(reach) or reach > 5000:
        km = great_circle_km(lat1[:, None], lon1[:, None], lat2[None, :], lon2[None, :])
        i, j = np.nonzero(km <= reach)
        return i.astype(np.int64), j.astype(np.int64), km[i, j]
    chord = 2 * np.sin(min(reach / EARTH_RADIUS_KM, np.pi) / 2) * (1 + 1e-9)
    found = cKDTree(_unit(lat1, lon1)).sparse_distance_matrix(
        cKDTree(_unit(lat2, lon2)), chord, output_type="ndarray"
    )
    order = np.lexsort((found["j"], found["i"]))
    i, j = found["i"][order].astype(np.int64), found["j"][order].astype(np.int64)
    km = great_circle_km(lat1[i], lon1[i], lat2[j], lon2[j])
    keep = km <= reach
    return i[keep], j[keep], km[keep]


def _unit(lat: Floats, lon: Floats) -> Floats:
    """Points on the unit sphere (n, 3) of degrees."""
    p, q = np.radians(lat), np.radians(lon)
    return np.column_stack([np.cos(p) * np.cos(q), np.cos(p) * np.sin(q), np.sin(p)])
