"""Runs of months that can't both be.

Formula: a run that was s1 long at t1 is, at t2 = t1 + d, either s1 + d long (it went on) or at most d (it
broke and began anew). Tolerance: t1 and t2 are any time in their periods, and what is printed at t2 may be
three months old.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

import polars as pl

from liantu.ledger.book import Book, Row
from liantu.ledger.catalogue import Series
from liantu.ledger.checks.parts import finding
from liantu.ledger.finding import Finding
from liantu.ledger.interval import Interval
from liantu.ledger.periods import Period, month_number
from liantu.ledger.screen import Frame

CODE = "streak"
LAG = 3
UNITS = {"month": 1, "quarter": 3, "year": 12}


def check(book: Book, series: Series) -> Iterator[Finding]:
    """Each pair of runs of the same thing that no course of events allows."""
    rows = [row for row in book.rows(series) if _usable(row)]
    for a, b in combinations(rows, 2):
        if a.seen.within != b.seen.within or a.seen.value == b.seen.value:
            continue
        first, second = sorted((a, b), key=lambda r: (r.period.end, r.order))
        if not any(_possible(x, y) for x, y in ((first, second), (second, first))):
            expected = _length(first) + _since(first.period, second.period)
            why = ["definition", "transcription", "later_date"]
            formula = "second = first + time between, or ≤ time between"
            yield finding(
                CODE, "error", {"first": first, "second": second}, formula, expected, second.value, why
            )


def _usable(row: Row) -> bool:
    seen = row.seen
    sure = not seen.doubts & {"subject", "indicator", "value"}
    return seen.measure == "streak" and seen.period is not None and sure and seen.unit in UNITS


def _length(row: Row) -> Interval:
    """The run in months: one of 4 quarters may have a month or two more of the next."""
    step = UNITS[row.seen.unit]
    months = Fraction(row.seen.value) * step
    upper = None if row.seen.qualifier == "above" else months + step - 1
    return Interval(months, upper)


def _since(first: Period, second: Period) -> Interval:
    low = month_number(second.start) - month_number(first.end) - LAG
    high = month_number(second.end) - month_number(first.start)
    return Interval.of(low, high)


def _possible(first: Row, second: Row) -> bool:
    """Whether some time d >= 0 between the two lets the second follow the first."""
    since = _since(first.period, second.period)
    if since.hi is None or since.hi < 0:
        return False
    between = Interval(max(since.lo or Fraction(0), Fraction(0)), since.hi)
    run = _length(second)
    went_on = run.meets(_length(first) + between)
    broke = run.lo is not None and run.lo <= since.hi
    return went_on or broke


def screen(frame: Frame) -> pl.Series:
    """Series with several runs."""
    runs = frame.rows.filter((pl.col("measure") == "streak") & pl.col("rs").is_not_null())
    return runs.group_by("series").agg(n=pl.len()).filter(pl.col("n") > 1)["series"]
