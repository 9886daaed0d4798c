"""What an index of offers is given and answers: lanes, offers, asks and what is found.

Money is CNY, a quantity is a year's. An offer counts in the unit of its own material, an ask and what is
found in the unit of the material that is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf
from typing import NamedTuple

import numpy as np

from liantu.chain.lanes import Lanes
from liantu.chain.network import Bools, Floats, Ints, Materials


def lanes_of(materials: Materials) -> tuple[Lanes, ...]:
    """The lanes of each material of a network; what can't be carried is had where it is, and nowhere else."""
    return tuple(materials.lanes(i) for i in range(len(materials.id)))


@dataclass(frozen=True)
class Offers:
    """Offers to enter, arrays of length n. material: position in the index's lanes; price: CNY per unit
    at the place; lat, lon in degrees.

    purity: mass fraction, nan unknown. kind: of two offers at one delivered cost the lower comes first.
    held: taken from somebody who uses it today, so that an ask's `most_held` bounds it. group: who gives
    it; an ask may leave groups out. name: what it is called, the last of what orders equals. What is None
    is the same for all: nan, 0, no, -1, ''.
    """

    material: Ints
    quantity: Floats
    price: Floats
    lat: Floats
    lon: Floats
    purity: Floats | None = None
    kind: Ints | None = None
    held: Bools | None = None
    group: Ints | None = None
    name: Sequence[str] | None = None


class Form(NamedTuple):
    """A material that will do: `units` of it stand for one unit of what is asked for."""

    material: int
    units: float = 1.0


@dataclass(frozen=True)
class Ask:
    """One need. purity: least mass fraction; most: top price delivered; most_held: that of what others
    hold; without: groups whose offers do not count."""

    forms: tuple[Form, ...]
    quantity: float
    lat: float
    lon: float
    purity: float | None = None
    most: float = inf
    most_held: float = inf
    without: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Found:
    """Offers in order, arrays of length n. handle: as `MatchIndex.add` gave it; form: position in the
    ask's forms; quantity, and CNY per unit, in the unit asked for: delivered = source + freight."""

    handle: Ints
    form: Ints
    quantity: Floats
    km: Floats
    source: Floats
    freight: Floats
    delivered: Floats

    def __len__(self) -> int:
        return len(self.handle)

    def at(self, where: Ints | Bools | slice) -> Found:
        """Those that a mask, a slice or a list of positions chooses."""
        return Found(*(getattr(self, name)[where] for name in self.__dataclass_fields__))

    @staticmethod
    def joined(one: Found, other: Found) -> Found:
        """One behind the other."""
        names = Found.__dataclass_fields__
        return Found(*(np.concatenate([getattr(one, n), getattr(other, n)]) for n in names))

    @staticmethod
    def nothing() -> Found:
        """No offers."""
        none = np.zeros(0, dtype=np.int64)
        return Found(none, none, *(np.zeros(0) for _ in range(5)))
