"""A value repeated from another period.

Formula: two periods of one length have different values, when the value has four significant digits or more.
A note: a figure may stand still. Said of flows and rates only.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from liantu.ledger.book import Book, Row
from liantu.ledger.catalogue import Series
from liantu.ledger.checks.parts import finding
from liantu.ledger.finding import Finding
from liantu.ledger.screen import Frame

CODE = "stale"
DIGITS = 4


def check(book: Book, series: Series) -> Iterator[Finding]:
    """Each value that stands again in a later period."""
    if not book.catalogue.known(series[1]).adds_up:
        return
    first: dict[object, Row] = {}
    rows = [row for row in book.rows(series) if _eligible(row)]
    for row in sorted(rows, key=lambda r: (r.period, r.order)):
        key = (row.seen.value.normalize(), row.seen.unit, row.period.months)
        earlier = first.setdefault(key, row)
        if earlier.period != row.period:
            roles = {"earlier": earlier, "later": row}
            why = ["stale", "coincidence"]
            yield finding(CODE, "note", roles, "earlier ≠ later", earlier.value, row.value, why)


def _eligible(row: Row) -> bool:
    seen = row.seen
    digits = len(seen.value.normalize().as_tuple().digits)
    plain = seen.measure == "level" and seen.status == "actual" and seen.qualifier in ("", "only")
    return row.usable and plain and row.period.monthly and digits >= DIGITS


def screen(frame: Frame) -> pl.Series:
    """Series in which a long value stands for several periods."""
    rows = frame.with_attributes(frame.levels).filter(pl.col("adds_up"))
    rows = rows.filter(pl.col("qualifier").is_in(["", "only"]))
    groups = rows.group_by("series", "number", "unit").agg(n=pl.struct("rs", "re").n_unique())
    long = (
        pl.col("number")
        .abs()
        .cast(pl.String)
        .str.replace_all(r"[.]|e.*", "")
        .str.strip_chars("0")
        .str.len_chars()
    )
    return groups.filter((pl.col("n") > 1) & (long >= DIGITS))["series"]
