"""What the checks read: the figures in force, by series, in base units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from liantu.ledger.catalogue import Catalogue, Series
from liantu.ledger.interval import Interval
from liantu.ledger.observation import Observation, content_key
from liantu.ledger.periods import Period, point
from liantu.ledger.units import unit_of

KEY_FIELDS = frozenset({"subject", "indicator", "period", "value", "unit", "measure"})
"""A check doesn't rest on a figure of which one of these is in doubt."""


@dataclass(frozen=True, slots=True)
class Row:
    """A figure as the checks see it: the series under which it counts, and its interval in base units.

    `strict` is False where the series counts it by a loose link only.
    """

    seen: Observation
    series: Series
    strict: bool
    value: Interval
    dimension: str
    order: tuple[str, ...]
    """A place in every list, whatever the order of the ledger."""

    @property
    def period(self) -> Period:
        """The period; `usable` says that there is one."""
        assert self.seen.period is not None
        return self.seen.period

    @property
    def usable(self) -> bool:
        """Whether a check may rest on it."""
        return self.seen.period is not None and not (self.seen.doubts & KEY_FIELDS)


class Book(Protocol):
    """The figures in force and what is known of them."""

    @property
    def catalogue(self) -> Catalogue:
        """Subjects, indicators and links."""
        ...

    def rows(self, series: Series) -> Sequence[Row]:
        """The rows of a series, in the order of `Row.order`."""
        ...


def row_of(seen: Observation, catalogue: Catalogue) -> Row:
    """The figure under the series that counts it."""
    series, strict = catalogue.series(seen.subject, seen.indicator)
    order = (*content_key(seen), str(seen.source_date or ""), seen.source, seen.place, seen.id)
    return Row(seen, series, strict, seen.interval, unit_of(seen.unit).dimension, order)


class PlainBook:
    """A book of observations held in a dictionary; every one of them is in force."""

    def __init__(self, seen: Iterable[Observation], catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        found: dict[Series, list[Row]] = {}
        for row in (row_of(one, catalogue) for one in seen):
            found.setdefault(row.series, []).append(row)
        self._rows = {series: sorted(rows, key=lambda r: r.order) for series, rows in found.items()}

    @property
    def series(self) -> list[Series]:
        """Every series that has a row."""
        return sorted(self._rows)

    def rows(self, series: Series) -> Sequence[Row]:
        """The rows of a series."""
        return self._rows.get(series, ())


Key = Period
"""When a level holds: of a stock the end of its period, otherwise the period."""


def key_of(period: Period, *, stock: bool) -> Key:
    """The period under which levels are compared: a stock of 2025 is that at the end of December 2025."""
    return point(period.end) if stock and not period.open else period


def levels(rows: Iterable[Row], *, stock: bool, status: str = "actual") -> dict[Key, list[Row]]:
    """The levels of a series by the time at which they hold."""
    found: dict[Key, list[Row]] = {}
    for row in rows:
        if row.usable and row.seen.measure == "level" and row.seen.status == status:
            found.setdefault(key_of(row.period, stock=stock), []).append(row)
    return found
