"""Models taken apart and put together: without shipments, with a list of them, or a part of the plants.

A *bare* model is the programme of `model.build_model` without a single shipment. A part of it holds the rows
and columns of some places; city caps stay in every part, as rows whose room the caller shares out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy import sparse

from liantu.chain.keys import BALANCE, CAP, SHARED, SHIP, Columns, Rows
from liantu.chain.model import Model, build_model
from liantu.chain.network import Bools, Ints, Network
from liantu.chain.pairs import Pairs, joined
from liantu.chain.scenario import Scenario


def bare_model(network: Network, scenario: Scenario, include: Iterable[int] = ()) -> Model:
    """The model of a scenario without shipments."""
    return build_model(network, scenario, include, lambda _rows, _materials: joined([]))


def with_pairs(bare: Model, pairs: Pairs) -> Model:
    """The model with a shipment for each pair; `bare` has none.

    Shipments stand behind the activities, as `keys.COLUMN_KINDS` orders them.
    """
    n, s = len(bare.plants), len(pairs.km)
    c, material = bare.columns, bare.rows.material[pairs.source]
    ship = Columns(
        np.full(s, SHIP), np.full(s, -1), material, pairs.source, pairs.target, np.asarray(pairs.km)
    )
    columns = Columns(
        *(
            np.concatenate([getattr(c, k)[:n], getattr(ship, k), getattr(c, k)[n:]])
            for k in Columns.__annotations__
        )
    )
    cost = -bare.network.materials.haul(material, np.asarray(pairs.km))
    return replace(
        bare,
        columns=columns,
        matrix=_spliced(bare.matrix, n, pairs),
        objective=np.concatenate([bare.objective[:n], cost, bare.objective[n:]]),
        column_upper=np.concatenate([bare.column_upper[:n], np.full(s, np.inf), bare.column_upper[n:]]),
    )


def _spliced(matrix: sparse.csc_matrix, n: int, pairs: Pairs) -> sparse.csc_matrix:
    """The columns of the pairs (+1 at the source, -1 at the target) put in before column n."""
    s = len(pairs.km)
    cut = int(matrix.indptr[n])
    index = np.column_stack([pairs.source, pairs.target]).ravel()
    value = np.tile([1.0, -1.0], s)
    indices = np.concatenate([matrix.indices[:cut], index, matrix.indices[cut:]])
    data = np.concatenate([matrix.data[:cut], value, matrix.data[cut:]])
    starts = np.concatenate(
        [matrix.indptr[:n], cut + 2 * np.arange(s), matrix.indptr[n:].astype(np.int64) + 2 * s]
    )
    return sparse.csc_matrix((data, indices, starts), (matrix.shape[0], matrix.shape[1] + s))


class Spot(NamedTuple):
    """Where a part's rows, columns and plants stand in the bare model it was taken from."""

    rows: Ints
    columns: Ints
    plants: Ints


@dataclass(frozen=True)
class Part:
    """A part of a bare model: a bare model itself, and where it comes from."""

    model: Model
    spot: Spot


def part_of(bare: Model, inside: Bools) -> Part:
    """The part with the balance rows `inside` (R,), and with what touches none but them.

    Shared capacity comes along with its host; caps come along with what counts against them here.
    Raises ValueError where a plant stands with one leg outside.
    """
    rows, columns = bare.rows, bare.columns
    kept = inside & (rows.kind == BALANCE)
    plants = _plants_inside(bare, kept)
    hosts = np.zeros(len(bare.network.plants.id), dtype=bool)
    hosts[bare.plants[plants]] = True
    kept |= (rows.kind == CAP) | ((rows.kind == SHARED) & hosts[np.maximum(rows.plant, 0)])
    ends = np.where(columns.source >= 0, columns.source, columns.target)
    chosen = np.zeros(len(columns.kind), dtype=bool)
    chosen[plants] = True
    chosen[len(bare.plants) :] = kept[ends[len(bare.plants) :]]
    r, c = np.flatnonzero(kept), np.flatnonzero(chosen)
    return Part(_taken(bare, r, c, plants), Spot(r, c, plants))


def _plants_inside(bare: Model, kept: Bools) -> Ints:
    """Positions of the plants all of whose balances are inside."""
    activity = bare.matrix[:, : len(bare.plants)].tocoo()
    at = bare.rows.kind[activity.row] == BALANCE
    legs = np.bincount(activity.col[at], minlength=len(bare.plants))
    within = np.bincount(activity.col[at], kept[activity.row[at]], minlength=len(bare.plants))
    if ((within > 0) & (within < legs)).any():
        raise ValueError("a plant has balances inside and outside the part")
    return np.flatnonzero((within > 0) & (within == legs))


def _taken(bare: Model, r: Ints, c: Ints, plants: Ints) -> Model:
    """The programme of some rows and columns, with its keys renumbered."""
    place = np.full(len(bare.rows.kind) + 1, -1, dtype=np.int64)  # the last is for the key -1
    place[r] = np.arange(len(r))
    k, rows = bare.columns, bare.rows
    columns = Columns(k.kind[c], k.plant[c], k.material[c], place[k.source[c]], place[k.target[c]], k.km[c])
    demand = place[bare.demand_row]
    return replace(
        bare,
        matrix=sparse.csc_matrix(bare.matrix[:, c].tocsr()[r].tocsc()),
        row_lower=bare.row_lower[r],
        row_upper=bare.row_upper[r],
        objective=bare.objective[c],
        column_upper=bare.column_upper[c],
        constant=0.0,
        columns=columns,
        rows=Rows(
            rows.kind[r],
            rows.material[r],
            rows.plant[r],
            tuple(rows.place[i] for i in r.tolist()),
            rows.lat[r],
            rows.lon[r],
            rows.makes[r],
            rows.uses[r],
            rows.cap[r],
        ),
        caps=tuple(replace(cap, row=int(place[cap.row])) if cap.row >= 0 else cap for cap in bare.caps),
        plants=bare.plants[plants],
        demand_row=demand[demand >= 0],
    )
