"""A network cut into blocks of neighbours, by recursive bisection.

What must stay together is an atom: a plant with all its balances, plants that share a pool or a host's
capacity. Atoms are halved across the longer side of where they stand until a block holds few enough plants.
Blocks are numbered so that neighbours in the tree of halvings have neighbouring numbers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from liantu.chain.keys import CAP
from liantu.chain.model import Model
from liantu.chain.network import Bools, Floats, Ints

SHIFT = 0.22
"""How far a cut moves from the middle between one partition and the next, as a share of what is cut."""


@dataclass(frozen=True)
class Atoms:
    """of_row (R,): atom of each row, -1 for a cap. lat, lon, plants (A,): its place, how many plants."""

    of_row: Ints
    lat: Floats
    lon: Floats
    plants: Floats


def find_atoms(bare: Model) -> Atoms:
    """What may not be cut apart."""
    n, rows = len(bare.rows.kind), bare.rows
    bound = np.flatnonzero(rows.kind != CAP)
    activity = bare.matrix[:, : len(bare.plants)].tocsr()[bound]
    legs = activity.tocoo()
    size = activity.shape[0] + activity.shape[1]
    ends = (legs.row, legs.col + activity.shape[0])
    graph = sparse.coo_matrix((np.ones(len(legs.data)), ends), (size, size))
    label = connected_components(graph, directed=False)[1]
    label = np.unique(label, return_inverse=True)[1].astype(np.int64)
    of_row = np.full(n, -1, dtype=np.int64)
    of_row[bound] = label[: len(bound)]
    size = int(label.max(initial=-1)) + 1
    located = bound[~np.isnan(rows.lat[bound])]
    count = np.maximum(np.bincount(of_row[located], minlength=size), 1)
    lat = np.bincount(of_row[located], rows.lat[located], minlength=size) / count
    lon = np.bincount(of_row[located], rows.lon[located], minlength=size) / count
    plants = np.bincount(label[len(bound) :], minlength=size).astype(np.float64)
    return Atoms(of_row, lat, lon, plants)


def cut(atoms: Atoms, most: int, turn: int = 0) -> Ints:
    """(R,) the block of each row, -1 for a cap; a block holds about `most` plants or fewer.

    Another `turn` cuts elsewhere, so that what was a border lies inside.
    """
    rng = np.random.default_rng(turn)
    label = np.zeros(len(atoms.lat), dtype=np.int64)
    weight = np.maximum(atoms.plants, 1e-3)
    waiting = [np.arange(len(atoms.lat))]
    next_label = 0
    while waiting:
        some = waiting.pop()
        if len(some) <= 1 or weight[some].sum() <= most:
            label[some] = next_label
            next_label += 1
            continue
        share = 0.5 if turn == 0 else 0.5 + rng.uniform(-SHIFT, SHIFT)
        low = _lower_side(atoms, some, weight[some], share)
        waiting += [some[~low], some[low]]
    return np.where(atoms.of_row >= 0, label[atoms.of_row], -1)


def _lower_side(atoms: Atoms, some: Ints, weight: Floats, share: float) -> Bools:
    """Marks the atoms on the lower side of a cut across the longer side, with `share` of the weight."""
    lat, lon = atoms.lat[some], atoms.lon[some]
    wide = np.ptp(lon) * math.cos(math.radians(float(lat.mean()))) > np.ptp(lat)
    order = np.lexsort((lat, lon) if wide else (lon, lat))
    below = np.cumsum(weight[order]) <= share * weight.sum()
    below[0], below[-1] = True, False
    low = np.zeros(len(some), dtype=bool)
    low[order[below]] = True
    return low
