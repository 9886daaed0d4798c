"""Models taken apart and put together: without shipments, with a list of them, or a part of the plants.

A *bare* model is the programme of `model.build_model` without a single shipment. A part of it holds the rows
and columns of some places; city caps stay in every part, as rows whose room the caller shares out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy import sparse

from liantu.chain.keys import BALANCE, CAP, SHIP, Columns, Rows
from liantu.chain.model import Model, build_model
from liantu.chain.network import Ints, Network
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


def parts_of(bare: Model, label: Ints) -> Iterator[Part]:
    """The part of each block, in the order of the labels (R,): its rows, and what touches them alone.

    Caps (label -1) come along with every part, with what counts against them there. Raises ValueError where
    a plant has balances in two blocks.
    """
    of_column = _column_labels(bare, label)
    caps = np.flatnonzero(bare.rows.kind == CAP)
    row_order, column_order = (np.argsort(v, kind="stable") for v in (label, of_column))
    sorted_rows, sorted_columns = label[row_order], of_column[column_order]
    place = np.full(len(label) + 1, -1, dtype=np.int64)  # the last is for the key -1
    for block in range(int(label.max(initial=-1)) + 1):
        own, c = (
            order[np.searchsorted(v, block) : np.searchsorted(v, block, "right")]
            for order, v in ((row_order, sorted_rows), (column_order, sorted_columns))
        )
        r = np.sort(np.concatenate([own, caps]))
        place[r] = np.arange(len(r))
        plants = c[c < len(bare.plants)]
        yield Part(_taken(bare, r, c, plants, place), Spot(r, c, plants))
        place[r] = -1


def _column_labels(bare: Model, label: Ints) -> Ints:
    """(C,) the block of each column."""
    columns, n = bare.columns, len(bare.plants)
    out = label[np.where(columns.source >= 0, columns.source, columns.target)]
    legs = bare.matrix[:, :n].tocoo()
    at = bare.rows.kind[legs.row] == BALANCE
    first, last = np.full(n, len(label), dtype=np.int64), np.full(n, -1, dtype=np.int64)
    np.minimum.at(first, legs.col[at], label[legs.row[at]])
    np.maximum.at(last, legs.col[at], label[legs.row[at]])
    if (first < last).any():
        raise ValueError("a plant has balances in two blocks")
    out[:n] = last
    return out


def _taken(bare: Model, r: Ints, c: Ints, plants: Ints, place: Ints) -> Model:
    """The programme of some rows and columns, with its keys renumbered; place (R + 1,): where a row goes."""
    k, rows = bare.columns, bare.rows
    columns = Columns(k.kind[c], k.plant[c], k.material[c], place[k.source[c]], place[k.target[c]], k.km[c])
    demand = place[bare.demand_row]
    taken = bare.matrix[:, c]
    return replace(
        bare,
        matrix=sparse.csc_matrix((taken.data, place[taken.indices], taken.indptr), (len(r), len(c))),
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
            tuple(rows.place[i] for i in r.tolist()) if rows.place else (),
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
