"""Caps that several blocks share: what a unit of room is worth to all, and who gets how much of it."""

from __future__ import annotations

import numpy as np

from liantu.chain.keys import CAP
from liantu.chain.model import Model
from liantu.chain.network import Floats
from liantu.chain.parts import Part

STEP = 2.0  # by how much at most a price moves at a time, before it is enclosed
LEAST = 1.05  # and by how much at least
WIDER = 0.02  # by which an enclosure is widened each time, for the other prices move too


class CapMarket:
    """Prices of caps found by what blocks would use at them.

    price (R,): row prices to try next. Where a cap would be overused its price rises, else it falls: by the
    ratio of use and room until both happened, by halves after that.
    """

    def __init__(self, bare: Model, price: Floats) -> None:
        self.price = price
        caps = int((bare.rows.kind == CAP).sum())
        self.low, self.high = np.zeros(caps), np.full(caps, np.inf)
        self.wanted: Floats | None = None

    def heard(self, bare: Model, price: Floats, wanted: Floats) -> None:
        """Blocks ended at row prices (R,), and would do `wanted` (C,)."""
        at = np.flatnonzero(bare.rows.kind == CAP)
        room, use = bare.row_upper[at], bare.matrix[at] @ wanted
        worth = price[at]
        over = use > room
        self.low = np.where(over, worth, np.minimum(self.low, worth)) * (1 - WIDER)
        self.high = np.where(over, np.maximum(self.high, worth), worth) * (1 + WIDER)
        ratio = use / np.maximum(room, 1e-9 * (1.0 + use))
        grown = worth * np.clip(ratio, LEAST, STEP)
        shrunk = worth * np.clip(ratio, 1 / STEP, 1 / LEAST)
        enclosed = np.isfinite(self.high) & (self.low > 0)
        moved = np.where(enclosed, 0.5 * (self.low + self.high), np.where(over, grown, shrunk))
        self.price = price.copy()
        self.price[at] = np.where(np.isfinite(room), moved, worth)
        self.wanted = wanted

    def rooms(self, bare: Model, parts: list[Part], kept: list[Floats]) -> list[Floats]:
        """Each part's room of the caps (K,), half way from `kept` to what it would use at the prices."""
        if self.wanted is None:
            return kept
        at = bare.rows.kind == CAP
        total, legs = bare.row_upper[at], bare.matrix[np.flatnonzero(at)]
        divisible = np.isfinite(total) & (total > 0) & (legs.min(axis=1).toarray().ravel() >= 0)
        use = [p.model.matrix[p.model.rows.kind == CAP] @ self.wanted[p.spot.columns] for p in parts]
        asked = np.maximum(sum(use), 1e-300)
        size = np.array([p.model.capacity.sum() for p in parts])
        share = size / max(float(size.sum()), 1e-300)
        fit, spare = np.minimum(total / asked, 1.0), np.maximum(total - asked, 0.0)
        target = [u * fit + spare * s for u, s in zip(use, share, strict=True)]
        return [np.where(divisible, 0.5 * (k + t), k) for k, t in zip(kept, target, strict=True)]
