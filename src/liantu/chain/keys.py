"""Keys of the model: what each column and each row stands for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from liantu.chain.network import Bools, Floats, Ints

ACTIVITY, SHIP, BUY, SELL, DUMP, SHORTAGE = range(6)
COLUMN_KINDS = ("activity", "ship", "buy", "sell", "dump", "shortage")
BALANCE, SHARED, CAP = range(3)


@dataclass(frozen=True)
class Columns:
    """Keys of the columns, arrays of length C; -1 where a key does not apply."""

    kind: Ints  # ACTIVITY .. SHORTAGE
    plant: Ints  # the plant of an activity, and of a crossing that is not pooled
    material: Ints
    source: Ints  # balance row that gives
    target: Ints  # balance row that receives
    km: Floats


@dataclass(frozen=True)
class Rows:
    """Keys of the rows, arrays of length R. `place` names a plant, 'city', 'park:ID' or 'demand:ID'."""

    kind: Ints  # BALANCE, SHARED, CAP
    material: Ints
    plant: Ints  # plant of a balance row, host of a shared row, else -1
    place: tuple[str, ...]
    lat: Floats
    lon: Floats
    makes: Bools  # some plant makes the material at this row
    uses: Bools  # some plant or demand uses it
    cap: Ints  # index into Model.caps for CAP rows, else -1


@dataclass(frozen=True)
class CapRow:
    """How a city cap enters the model; `row` is -1 for a cap that only counts what is fixed (land)."""

    id: str
    kind: str
    material: int
    limit: float
    unit: str
    name_zh: str
    name_en: str
    row: int
    fixed: float = 0.0


def extend_rows(
    rows: Rows,
    kind: int,
    place: list[str],
    plant: Ints | None = None,
    material: Ints | None = None,
    cap: Ints | None = None,
) -> Rows:
    """Rows with `len(place)` more of one kind."""
    n = len(place)
    minus = np.full(n, -1, dtype=np.int64)
    return replace(
        rows,
        kind=np.concatenate([rows.kind, np.full(n, kind, dtype=np.int64)]),
        material=np.concatenate([rows.material, minus if material is None else material]),
        plant=np.concatenate([rows.plant, minus if plant is None else plant]),
        place=rows.place + tuple(place),
        lat=np.concatenate([rows.lat, np.full(n, np.nan)]),
        lon=np.concatenate([rows.lon, np.full(n, np.nan)]),
        makes=np.concatenate([rows.makes, np.zeros(n, dtype=bool)]),
        uses=np.concatenate([rows.uses, np.zeros(n, dtype=bool)]),
        cap=np.concatenate([rows.cap, minus if cap is None else cap]),
    )
