"""A cumulative figure that falls.

Formula: earlier <= later, for the year to date of what adds up, and for what is counted since the beginning.
Tolerance: intervals of the printed figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from liantu.ledger.book import Book, Row, levels
from liantu.ledger.catalogue import Series
from liantu.ledger.checks.parts import finding
from liantu.ledger.finding import Finding
from liantu.ledger.interval import ZERO
from liantu.ledger.screen import Frame, apart

CODE = "cumulative_falls"


def check(book: Book, series: Series) -> Iterator[Finding]:
    """Each figure that is below the highest before it."""
    indicator = book.catalogue.known(series[1])
    stock = indicator.kind == "stock"
    at = levels(book.rows(series), stock=stock)
    rows = [row for found in at.values() for row in found]
    if any(row.value.below(ZERO) for row in rows):
        return
    groups: dict[object, list[Row]] = {}
    for row in rows:
        if indicator.monotone:
            groups.setdefault(row.dimension, []).append(row)
        elif indicator.adds_up and row.period.to_date and row.period.months < 12:
            groups.setdefault((row.dimension, row.period.start.year), []).append(row)
    for found in groups.values():
        yield from _falls(sorted(found, key=lambda r: (r.period.end, r.order)))


def _falls(rows: Sequence[Row]) -> Iterator[Finding]:
    highest: Row | None = None
    for row in rows:
        if highest is not None and row.period.end > highest.period.end and row.value.below(highest.value):
            roles = {"earlier": highest, "later": row}
            why = ["revision", "definition", "scope", "transcription"]
            yield finding(CODE, "error", roles, "earlier ≤ later", highest.value, row.value, why)
        if highest is None or _low(row) > _low(highest):
            highest = row


def _low(row: Row) -> float:
    return float("-inf") if row.value.lo is None else float(row.value.lo)


def screen(frame: Frame) -> pl.Series:
    """Series with an upper end below a lower end before it."""
    rows = frame.with_attributes(frame.levels).filter(pl.col("monotone") | pl.col("adds_up"))
    to_date = (pl.col("rs").dt.ordinal_day() == 1) & (pl.col("rs").dt.year() == pl.col("re").dt.year())
    rows = rows.filter(pl.col("monotone") | to_date).with_columns(
        year=pl.when(pl.col("monotone")).then(0).otherwise(pl.col("re").dt.year())
    )
    rows = rows.sort("series", "dim", "year", "re")
    before = pl.col("lo").cum_max().over("series", "dim", "year")
    return rows.filter(apart(before, pl.col("hi")) & (pl.col("lo") < before))["series"]
