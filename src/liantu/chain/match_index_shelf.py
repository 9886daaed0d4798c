"""Offers of one material in small buckets, each bounded in space and price, that are changed in place.

Buckets are cut like a k-d tree (Bentley 1975, doi:10.1145/361002.361007) over the four coordinates that a
delivered price is made of, all in km: the point on the sphere, and price / freight rate. A chord through
the earth is never longer than the way on its surface, so that

    least price of the bucket + freight over the chord to its box  <=  any delivered price in it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from liantu.chain.lanes import Lanes, carry
from liantu.chain.network import EARTH_RADIUS_KM, Floats, Ints

SLOTS = 256  # offers that a bucket has room for
FILL = 192  # offers of a bucket that was cut from many, at most
SLACK_KM = 1e-6  # of a chord: the difference of two points on the unit sphere is rounded
FREE_RATE = 1e-6  # CNY per unit and km below which a bucket is cut by price alone
EMPTY = -1


class Shelf:
    """The buckets of one material. Positions are (bucket, slot); a slot that is empty costs inf."""

    def __init__(self, lanes: Lanes) -> None:
        self.lanes = lanes
        rate = min((lane.rate for lane in lanes), default=0.0)
        self._km_per_cny = 1.0 / max(rate, FREE_RATE)
        self.buckets = 0
        self._low, self._high = np.zeros((3, 0)), np.zeros((3, 0))
        self._least, self._purest = np.zeros(0), np.zeros(0)
        self._point = np.zeros((0, 3, SLOTS))
        self.price, self._purity = np.zeros((0, SLOTS)), np.zeros((0, SLOTS))
        self.handle = np.zeros((0, SLOTS), dtype=np.int64)

    def put(self, handle: Ints, point: Floats, price: Floats, purity: Floats) -> tuple[Ints, Ints]:
        """(handles, buckets) of all offers that now stand elsewhere than before: those that came, point
        (n, 3) on the unit sphere, and those that a full bucket had to part with.

        Many are cut into buckets of their own; a few join the buckets that grow least by them.
        """
        if len(handle) > SLOTS:
            place = np.column_stack([point * EARTH_RADIUS_KM, price * self._km_per_cny])
            parts = _cut(place)
            first = self._reserve(len(parts))
            for b, part in enumerate(parts, start=first):
                self._fill(b, handle[part], point[part], price[part], purity[part])
            where = np.empty(len(handle), dtype=np.int64)
            for b, part in enumerate(parts, start=first):
                where[part] = b
            return handle, where
        moved: dict[int, int] = {}
        for k in range(len(handle)):
            moved |= self._join(int(handle[k]), point[k], float(price[k]), float(purity[k]))
        return np.array(list(moved), dtype=np.int64), np.array(list(moved.values()), dtype=np.int64)

    def reprice(self, handle: int, bucket: int, price: float, purity: float) -> None:
        """New price and purity of an offer that stays where it is."""
        slot = self._slot(handle, bucket)
        self.price[bucket, slot], self._purity[bucket, slot] = price, purity
        self._bound(bucket)

    def take(self, handle: int, bucket: int) -> None:
        """Take an offer out."""
        slot = self._slot(handle, bucket)
        self.handle[bucket, slot], self.price[bucket, slot] = EMPTY, np.inf
        self._bound(bucket)

    def floor(self, point: Floats, purity: float | None) -> Floats:
        """(buckets,) below which no delivered price in the bucket lies; inf where none can do."""
        n = self.buckets
        gap = np.maximum(self._low[:, :n] - point[:, None], point[:, None] - self._high[:, :n])
        np.maximum(gap, 0.0, out=gap)
        km = _shortened(np.sqrt(np.einsum("ib,ib->b", gap, gap)))
        out = self._least[:n] + carry(self.lanes, km, SLACK_KM)
        if purity is not None:
            out[~(self._purest[:n] >= purity)] = np.inf
        return out

    def floors(self, buckets: Ints, point: Floats, purity: float | None) -> Floats:
        """(m, SLOTS) the same bound for each offer of m buckets; inf too where a slot is empty."""
        gap = self._point[buckets] - point[None, :, None]
        km = _shortened(np.sqrt(np.einsum("bis,bis->bs", gap, gap)))
        out = self.price[buckets] + carry(self.lanes, km.ravel(), SLACK_KM).reshape(km.shape)
        if purity is not None:
            out[~(self._purity[buckets] >= purity)] = np.inf
        return np.asarray(out)

    def _join(self, handle: int, point: Floats, price: float, purity: float) -> dict[int, int]:
        """Put one offer into the bucket that grows least, or half of it into a new one."""
        n = self.buckets
        if not n:
            self._fill(self._reserve(1), *_alone(handle, point, price, purity))
            return {handle: 0}
        outside = np.maximum(self._low[:, :n] - point[:, None], point[:, None] - self._high[:, :n])
        apart = np.sqrt((np.maximum(outside, 0.0) ** 2).sum(axis=0)) * EARTH_RADIUS_KM
        below = np.maximum(self._least[:n] - price, 0.0) * self._km_per_cny
        b = int(np.argmin(np.where(np.isfinite(below), apart + below, apart)))
        slots = np.flatnonzero(self.handle[b] == EMPTY)
        if len(slots):
            s = int(slots[0])
            self.handle[b, s], self._point[b, :, s] = handle, point
            self.price[b, s], self._purity[b, s] = price, purity
            self._bound(b)
            return {handle: b}
        return self._split(b, _alone(handle, point, price, purity))

    def _split(self, b: int, one: tuple[Ints, Floats, Floats, Floats]) -> dict[int, int]:
        handle = np.concatenate([self.handle[b], one[0]])
        point = np.concatenate([self._point[b].T, one[1]])
        price, purity = np.concatenate([self.price[b], one[2]]), np.concatenate([self._purity[b], one[3]])
        place = np.column_stack([point * EARTH_RADIUS_KM, price * self._km_per_cny])
        parts = _halves(place, np.arange(len(handle)))
        moved: dict[int, int] = {}
        for bucket, part in zip((b, self._reserve(1)), parts, strict=True):
            self._fill(bucket, handle[part], point[part], price[part], purity[part])
            moved |= dict.fromkeys(handle[part].tolist(), bucket)
        return moved

    def _fill(self, b: int, handle: Ints, point: Floats, price: Floats, purity: Floats) -> None:
        n = len(handle)
        self.handle[b], self.price[b], self._purity[b] = EMPTY, np.inf, np.nan
        self.handle[b, :n], self.price[b, :n], self._purity[b, :n] = handle, price, purity
        self._point[b, :, :n] = point.T
        self._bound(b)

    def _bound(self, b: int) -> None:
        """Bounds of a bucket from what stands in it."""
        here = self.handle[b] != EMPTY
        if here.any():
            points = self._point[b][:, here]
            self._low[:, b], self._high[:, b] = points.min(axis=1), points.max(axis=1)
        self._least[b] = self.price[b, here].min(initial=np.inf)
        self._purest[b] = np.fmax.reduce(self._purity[b, here], initial=-np.inf)

    def _slot(self, handle: int, bucket: int) -> int:
        return int(np.flatnonzero(self.handle[bucket] == handle)[0])

    def _reserve(self, more: int) -> int:
        """Room for more buckets; position of the first."""
        first, room = self.buckets, len(self._least)
        self.buckets += more
        if self.buckets > room:
            extra = max(more, room // 2, 4)
            self._low, self._high = (_longer(a, extra, axis=1) for a in (self._low, self._high))
            self._least, self._purest = (_longer(a, extra) for a in (self._least, self._purest))
            self._point, self.price = _longer(self._point, extra), _longer(self.price, extra)
            self._purity, self.handle = _longer(self._purity, extra), _longer(self.handle, extra)
        return first


def _shortened(chord: Floats) -> Floats:
    """km that the way over a chord of the unit sphere is at least."""
    return np.maximum(chord * EARTH_RADIUS_KM - SLACK_KM, 0.0)


def _alone(handle: int, point: Floats, price: float, purity: float) -> tuple[Ints, Floats, Floats, Floats]:
    return np.array([handle], dtype=np.int64), point[None, :], np.array([price]), np.array([purity])


def _cut(place: Floats) -> list[Ints]:
    """Positions in parts of at most FILL, halved again and again along what spreads most."""
    parts, todo = [], [np.arange(len(place))]
    while todo:
        some = todo.pop()
        if len(some) <= FILL:
            parts.append(some)
        else:
            todo += _halves(place[some], some)
    return parts


def _halves(place: Floats, label: Ints) -> list[Ints]:
    wide = int(np.argmax(place.max(axis=0) - place.min(axis=0)))
    middle = len(place) // 2
    order = np.argpartition(place[:, wide], middle)
    return [label[order[:middle]], label[order[middle:]]]


def _longer(a: npt.NDArray[Any], extra: int, axis: int = 0) -> npt.NDArray[Any]:
    shape = list(a.shape)
    shape[axis] = extra
    return np.concatenate([a, np.zeros(shape, dtype=a.dtype)], axis=axis)
