"""A figure outside of what it can be.

Formula: low <= value <= high: a share from 0 to 100 %, an indicator within its declared `bounds`.
Tolerance: some number of the printed interval must lie inside.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import polars as pl

from liantu.ledger.book import Book, Row
from liantu.ledger.catalogue import Indicator, Series
from liantu.ledger.checks.parts import finding
from liantu.ledger.finding import Finding
from liantu.ledger.interval import Interval
from liantu.ledger.screen import Frame, apart

CODE = "bounds"


def check(book: Book, series: Series) -> Iterator[Finding]:
    """Each figure that lies wholly outside."""
    indicator = book.catalogue.known(series[1])
    for row in book.rows(series):
        allowed = _allowed(row, indicator) if row.usable else None
        if allowed is not None and not row.value.meets(allowed):
            why = ["unit", "definition", "transcription"]
            yield finding(CODE, "error", {"value": row}, "low ≤ value ≤ high", allowed, row.value, why)


def _allowed(row: Row, indicator: Indicator) -> Interval | None:
    if row.seen.measure == "share" and row.dimension == "percent":
        return Interval.of(0, 100)
    if row.seen.measure == "level" and indicator.bounds is not None:
        low, high = (None if end is None else Fraction(str(end)) for end in indicator.bounds)
        return Interval(low, high)
    return None


def screen(frame: Frame) -> pl.Series:
    """Series with a figure that may lie outside."""
    rows = frame.with_attributes(frame.usable)
    percent = pl.col("dim").is_in(frame.dims({"percent"}))
    share = (pl.col("measure") == "share") & percent
    level = pl.col("measure") == "level"
    off_share = share & (apart(pl.lit(0.0), pl.col("hi")) | apart(pl.col("lo"), pl.lit(100.0)))
    off_level = level & (apart(pl.col("bound_lo"), pl.col("hi")) | apart(pl.col("lo"), pl.col("bound_hi")))
    return rows.filter(off_share | off_level)["series"]
