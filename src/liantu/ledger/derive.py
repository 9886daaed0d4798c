"""What is derived and never typed: growth on the year, average growth, attainment of a target."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from liantu.ledger.book import PlainBook, Row, key_of, levels
from liantu.ledger.catalogue import Catalogue, Series
from liantu.ledger.interval import ONE, Interval
from liantu.ledger.observation import Observation
from liantu.ledger.periods import Period, years

HUNDRED = Interval.exactly(100)
SLACK = Fraction(1, 10**12)


@dataclass(frozen=True)
class Derived:
    """A growth in per cent that follows from two levels: between which bounds, and from which rows."""

    series: Series
    period: Period
    basis: str
    value: Interval
    rows: tuple[Observation, Observation]

    @property
    def middle(self) -> float:
        """The middle of the bounds, to be shown."""
        assert self.value.lo is not None
        assert self.value.hi is not None
        return float(self.value.lo + self.value.hi) / 2


@dataclass(frozen=True)
class Attained:
    """A target beside what was done, and the share of it in per cent."""

    series: Series
    period: Period
    target: Observation
    actual: Observation | None
    share: Interval | None


def growth_on_year(rows: Iterable[Observation], catalogue: Catalogue) -> list[Derived]:
    """The growth of every level that has one of the year before: end / base - 1.

    Where a key has several values there is no growth until one of them is official.
    """
    book = PlainBook(rows, catalogue)
    found = []
    for series in book.series:
        at = _single(book, series)
        for key, end in sorted(at.items()):
            base = None if key.open else at.get(key.shift_years(-1))
            if base is not None and _bounded(base, end):
                value = (end.value / base.value - ONE) * HUNDRED
                found.append(Derived(series, key, "on_year", value, (base.seen, end.seen)))
    return found


def average_growth(rows: Iterable[Observation], catalogue: Catalogue, first: int, last: int) -> list[Derived]:
    """The average growth of every yearly level between two years, in per cent a year."""
    book = PlainBook(rows, catalogue)
    found = []
    for series in book.series:
        stock = book.catalogue.known(series[1]).kind == "stock"
        at = _single(book, series)
        base, end = (at.get(key_of(years(y, y), stock=stock)) for y in (first, last))
        if base is not None and end is not None and first < last and _bounded(base, end):
            value = (root(end.value / base.value, last - first) - ONE) * HUNDRED
            found.append(Derived(series, years(first + 1, last), "average", value, (base.seen, end.seen)))
    return found


def against_targets(rows: Iterable[Observation], catalogue: Catalogue) -> list[Attained]:
    """Every target, beside the actual level of its period where there is one."""
    book = PlainBook(rows, catalogue)
    found = []
    for series in book.series:
        stock = book.catalogue.known(series[1]).kind == "stock"
        done = _single(book, series)
        for row in book.rows(series):
            if row.usable and row.seen.status == "target" and row.seen.measure == "level":
                actual = done.get(key_of(row.period, stock=stock))
                same = actual is not None and actual.dimension == row.dimension
                share = actual.value / row.value * HUNDRED if actual and same else None
                seen = actual.seen if actual and same else None
                found.append(Attained(series, row.period, row.seen, seen, share))
    return found


def root(value: Interval, n: int) -> Interval:
    """The n-th root of an interval above zero, rounded outwards by 1e-12 of itself."""
    assert value.lo is not None
    assert value.hi is not None
    low, high = Fraction(float(value.lo) ** (1 / n)), Fraction(float(value.hi) ** (1 / n))
    return Interval(low * (1 - SLACK), high * (1 + SLACK))


def _single(book: PlainBook, series: Series) -> dict[Period, Row]:
    """The level of each key of which all printed values agree; of several the most exact one."""
    stock = book.catalogue.known(series[1]).kind == "stock"
    found = {}
    for key, rows in levels(book.rows(series), stock=stock).items():
        if all(rows[0].value.meets(row.value) and row.dimension == rows[0].dimension for row in rows):
            found[key] = min(rows, key=lambda r: (r.seen.qualifier != "", r.seen.step, r.order))
    return found


def _bounded(base: Row, end: Row) -> bool:
    ends = (base.value.lo, base.value.hi, end.value.lo, end.value.hi)
    return base.value.positive and end.value.positive and None not in ends and base.dimension == end.dimension
