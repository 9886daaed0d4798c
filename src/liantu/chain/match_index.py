"""One need against a million offers: the exact order of `match`, found without looking at most of them.

    delivered_j = price_j x units + freight(km_j) x units,   freight(km) = least over lanes that reach km

Buckets of offers are opened in the order of what their best could cost (best-first search: Hjaltason and
Samet 1999, doi:10.1145/320248.320255), until no bucket left can hold a better one than those found. The order
is that of `match_need`: delivered cost to a millionth of a CNY, kind, distance, name, form, handle. The
searches are array expressions; nothing is compiled. docs/formulation.md, section "Match index".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from liantu.chain.lanes import Lane, Lanes, carry
from liantu.chain.match_index_shelf import Shelf
from liantu.chain.match_index_stock import Stock
from liantu.chain.match_index_types import (
    Ask,
    Form,
    Found,
    Offers,
    lanes_of,
)
from liantu.chain.network import Floats, Ints, great_circle_km
from liantu.chain.pairs import unit_sphere

__all__ = ["Ask", "Form", "Found", "Lane", "MatchIndex", "Offers", "lanes_of"]

FIRST = 8  # buckets opened at first; then so many times more, while what is found does not suffice
GROWTH = 4
CHUNK = 4096  # buckets at a time
DIGITS = 6  # decimals of a delivered cost that tell two offers apart
PURITY_ROUNDING = 1e-12


class MatchIndex:
    """Offers that needs are matched with; offers come, change and go while it is used.

    Time of a search grows with the number of buckets, of which there is one for about 120 offers, and with
    the offers that could be among the answer: with all those at exactly the cost of the last one listed,
    for equals must be put in order too.

    >>> index = MatchIndex([(Lane(rate=0.5, reach=300.0),)])
    >>> place = {"lat": np.array([38.5, 38.6]), "lon": np.array([102.2, 104.0])}
    >>> offers = Offers(np.array([0, 0]), np.array([5.0, 9.0]), np.array([80.0, 20.0]), **place)
    >>> here, there = index.add(offers).tolist()
    >>> need = Ask((Form(0),), quantity=6.0, lat=38.5, lon=102.2)
    >>> [round(v, 1) for v in index.first(need, 2).delivered.tolist()]
    [80.0, 98.5]
    >>> index.change(there, price=0.0)
    >>> index.cover(need).handle.tolist() == [there]
    True
    """

    def __init__(self, lanes: Sequence[Lanes]) -> None:
        """lanes: how each material can be carried (`lanes_of` reads those of a network)."""
        self._lanes = tuple(tuple(ways) for ways in lanes)
        self._shelves: dict[int, Shelf] = {}
        self._stock = Stock()

    def __len__(self) -> int:
        """Number of offers that stand."""
        return self._stock.standing

    def add(self, offers: Offers) -> Ints:
        """Enter offers; returns their handles (n,), which are never given again.

        Raises ValueError where arrays differ in length, a material has no lanes entry, or a price or
        position is not finite.
        """
        self._check(offers)
        handle = self._stock.enter(offers)
        point = unit_sphere(self._stock.lat[handle], self._stock.lon[handle])
        for i in np.unique(offers.material).tolist():
            at = np.flatnonzero(offers.material == i)
            self._put(i, handle[at], point[at])
        return handle

    def remove(self, handles: Iterable[int]) -> None:
        """Take offers out. Raises KeyError for a handle that does not stand (those before it are out)."""
        for h in handles:
            shelf, bucket = self._where(int(h))
            shelf.take(int(h), bucket)
            self._stock.leave(int(h))

    def change(
        self,
        handle: int,
        *,
        price: float | None = None,
        quantity: float | None = None,
        purity: float | None = None,
        place: tuple[float, float] | None = None,
    ) -> None:
        """Give one offer another price (CNY per unit), quantity, purity or place (lat, lon in degrees).

        What is None stays. Raises KeyError for a handle that does not stand, ValueError for a price or a
        place that is not finite.
        """
        shelf, bucket = self._where(handle)
        stock = self._stock
        if not np.isfinite([stock.price[handle] if price is None else price, *(place or ())]).all():
            raise ValueError("price and place must be finite")
        stock.write(handle, price, quantity, purity, place)
        if place is None:
            shelf.reprice(handle, bucket, float(stock.price[handle]), float(stock.purity[handle]))
        else:
            shelf.take(handle, bucket)
            h = np.array([handle], dtype=np.int64)
            self._put(int(stock.material[handle]), h, unit_sphere(stock.lat[h], stock.lon[h]))

    def name(self, handle: int) -> str:
        """The name that an offer was entered with."""
        return self._stock.name[handle]

    def first(self, ask: Ask, most: int) -> Found:
        """The `most` best offers for an ask, best first: exactly the first of all that are eligible.

        Eligible is what a lane of its material brings from there, is pure enough, costs at most the ask's
        top prices, and is of no group the ask leaves out. Quantities are not compared with the ask's.
        """
        found = Found.nothing()
        for form in range(len(ask.forms) if most > 0 else 0):
            found = self._search(ask, form, most, found)
        return found

    def cover(self, ask: Ask) -> Found:
        """The offers that cover the ask's quantity at least cost, in order; the last one may be cut.

        What they add up to is less than the ask's quantity only where all that is eligible together is.
        """
        most = 16
        while True:
            found = self.first(ask, most)
            before = np.concatenate([[0.0], np.cumsum(found.quantity)[:-1]]) if len(found) else np.zeros(0)
            taken = np.minimum(found.quantity, ask.quantity - before)
            if len(found) < most or (len(found) and before[-1] + found.quantity[-1] >= ask.quantity):
                some = found.at(taken > 0)
                return Found(some.handle, some.form, taken[taken > 0], *_rest(some))
            most *= 4

    def _search(self, ask: Ask, form: int, most: int, found: Found) -> Found:
        """What was found of the forms before, and the best of this one, in order, `most` in all."""
        material, units = ask.forms[form]
        shelf = self._shelves.get(material)
        if shelf is None:
            return found
        point = unit_sphere(np.array([ask.lat]), np.array([ask.lon]))[0]
        purity = None if ask.purity is None else ask.purity - PURITY_ROUNDING
        floor = shelf.floor(point, purity) * units
        limit, size = _limit(ask, found, most), FIRST
        while True:
            todo = np.flatnonzero(floor <= limit)
            if not len(todo):
                return found
            if len(todo) > size:
                todo = todo[np.argpartition(floor[todo], size)[:size]]
            floor[todo] = np.inf
            for start in range(0, len(todo), CHUNK):
                buckets = todo[start : start + CHUNK]
                floors = (shelf.floors(buckets, point, purity) * units).ravel()
                handles = shelf.handle[buckets].ravel()
                for some in _likely(floors, limit, 2 * most):
                    some = some[floors[some] <= limit]
                    found = self._best(Found.joined(found, self._judged(ask, form, handles[some])), most)
                    limit = _limit(ask, found, most)
            size *= GROWTH

    def _judged(self, ask: Ask, form: int, handle: Ints) -> Found:
        """Those of the offers that are eligible, with their exact figures."""
        stock, units = self._stock, ask.forms[form].units
        at = np.array([ask.lat]), np.array([ask.lon])
        km = great_circle_km(stock.lat[handle], stock.lon[handle], *at)
        source = stock.price[handle] * units
        freight = carry(self._lanes[ask.forms[form].material], km) * units
        delivered = source + freight
        good = delivered <= np.where(stock.held[handle], min(ask.most, ask.most_held), ask.most)
        good &= np.isfinite(freight)
        if ask.purity is not None:
            good &= stock.purity[handle] >= ask.purity - PURITY_ROUNDING
        if ask.without:
            good &= ~np.isin(stock.group[handle], list(ask.without))
        quantity = stock.quantity[handle] / units
        every = Found(handle, np.full(len(handle), form), quantity, km, source, freight, delivered)
        return every.at(good)

    def _best(self, found: Found, most: int) -> Found:
        """The `most` first in order."""
        if len(found) > most:
            edge = float(np.partition(found.delivered, most - 1)[most - 1])
            found = found.at(found.delivered <= edge + _same(edge))
        kind, name = self._stock.kind, self._stock.name
        keys = [
            (round(cost, DIGITS), int(kind[h]), km, name[h], form, h)
            for cost, km, form, h in zip(
                *(v.tolist() for v in (found.delivered, found.km, found.form, found.handle)), strict=True
            )
        ]
        order = sorted(range(len(keys)), key=keys.__getitem__)[:most]
        return found.at(np.array(order, dtype=np.int64))

    def _put(self, material: int, handle: Ints, point: Floats) -> None:
        stock = self._stock
        shelf = self._shelves.setdefault(material, Shelf(self._lanes[material]))
        moved, bucket = shelf.put(handle, point, stock.price[handle], stock.purity[handle])
        stock.bucket[moved] = bucket

    def _where(self, handle: int) -> tuple[Shelf, int]:
        if not self._stock.stands(handle):
            raise KeyError(handle)
        return self._shelves[int(self._stock.material[handle])], int(self._stock.bucket[handle])

    def _check(self, offers: Offers) -> None:
        n = len(offers.material)
        given = [v for v in vars(offers).values() if v is not None]
        if any(len(v) != n for v in given):
            raise ValueError("arrays of different lengths")
        if n and not 0 <= int(offers.material.min()) <= int(offers.material.max()) < len(self._lanes):
            raise ValueError("a material has no lanes")
        if not all(np.isfinite(v).all() for v in (offers.price, offers.lat, offers.lon)):
            raise ValueError("price and place must be finite")


def _likely(floors: Floats, limit: float, most: int) -> list[Ints]:
    """Positions of what may cost as little as `limit`; the likeliest `most` apart and before the others."""
    near = np.flatnonzero(floors <= limit)
    if len(near) <= 2 * most:
        return [near]
    order = near[np.argpartition(floors[near], most)]
    return [order[:most], order[most:]]


def _rest(found: Found) -> tuple[Floats, Floats, Floats, Floats]:
    return found.km, found.source, found.freight, found.delivered


def _limit(ask: Ask, found: Found, most: int) -> float:
    """The delivered cost above which nothing can join what was found."""
    edge = float(found.delivered[-1]) if len(found) >= most else np.inf
    top = min(edge, ask.most)
    return top + _same(top) if np.isfinite(top) else np.finfo(np.float64).max


def _same(cost: float) -> float:
    """Two costs closer than this may be one, once rounded."""
    return 2 * 10.0**-DIGITS + 1e-12 * abs(cost)
