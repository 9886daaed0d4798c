"""What an index knows of each offer, by handle: columns that grow."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from liantu.chain.match_index_types import Offers

BLANK: dict[str, Any] = {"purity": np.nan, "kind": 0, "held": False, "group": -1}
TYPES: dict[str, Any] = {
    "material": np.int64,
    "quantity": np.float64,
    "price": np.float64,
    "lat": np.float64,
    "lon": np.float64,
    "purity": np.float64,
    "kind": np.int64,
    "held": np.bool_,
    "group": np.int64,
    "bucket": np.int64,
}
GONE = -1


class Stock:
    """Columns as in `Offers`, and the bucket that an offer stands in; longer than there are offers."""

    def __init__(self) -> None:
        self.name: list[str] = []
        self.standing = 0
        for column, kind in TYPES.items():
            setattr(self, column, np.zeros(0, dtype=kind))

    material: npt.NDArray[np.int64]
    quantity: npt.NDArray[np.float64]
    price: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    lon: npt.NDArray[np.float64]
    purity: npt.NDArray[np.float64]
    kind: npt.NDArray[np.int64]
    held: npt.NDArray[np.bool_]
    group: npt.NDArray[np.int64]
    bucket: npt.NDArray[np.int64]

    def enter(self, offers: Offers) -> npt.NDArray[np.int64]:
        """Write offers behind the others; their handles."""
        first, n = len(self.name), len(offers.material)
        handle = np.arange(first, first + n, dtype=np.int64)
        self.name += [""] * n if offers.name is None else [str(v) for v in offers.name]
        short = first + n - len(self.material)
        for column, kind in TYPES.items():
            if short > 0:
                blank = np.zeros(max(short, first // 2), dtype=kind)
                setattr(self, column, np.concatenate([getattr(self, column), blank]))
            given = getattr(offers, column, None)
            getattr(self, column)[handle] = BLANK.get(column, GONE) if given is None else given
        self.standing += n
        return handle

    def stands(self, handle: int) -> bool:
        """Whether an offer was entered and not taken out."""
        return 0 <= handle < len(self.name) and bool(self.bucket[handle] != GONE)

    def leave(self, handle: int) -> None:
        """Mark an offer as gone."""
        self.bucket[handle] = GONE
        self.standing -= 1

    def write(
        self,
        handle: int,
        price: float | None,
        quantity: float | None,
        purity: float | None,
        place: tuple[float, float] | None,
    ) -> None:
        """Change what is not None."""
        for column, value in (("price", price), ("quantity", quantity), ("purity", purity)):
            if value is not None:
                getattr(self, column)[handle] = value
        if place is not None:
            self.lat[handle], self.lon[handle] = place
