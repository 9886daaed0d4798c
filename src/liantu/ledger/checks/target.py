"""Targets against what was done.

Formula: actual >= target of the same period where more is better, actual <= target where less is; and a
target of a later period of the same length is not behind what was reached before it was set.
Notes, since both figures may be true. Tolerance: the intervals don't meet.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from liantu.ledger.book import Book, Row, key_of, levels
from liantu.ledger.catalogue import Series
from liantu.ledger.checks.parts import comparable, finding
from liantu.ledger.finding import Finding
from liantu.ledger.screen import Frame

CODE = "target"


def check(book: Book, series: Series) -> Iterator[Finding]:
    """Targets that were missed, and targets behind what was reached already."""
    indicator = book.catalogue.known(series[1])
    if indicator.direction == "none":
        return
    up, stock = indicator.direction == "up", indicator.kind == "stock"
    rows = book.rows(series)
    done = levels(rows, stock=stock)
    for target in rows:
        if not target.usable or target.seen.status != "target" or target.seen.measure != "level":
            continue
        for actual in comparable(done.get(key_of(target.period, stock=stock), []), target):
            if _behind(actual, target, up):
                yield _finding("actual reaches target", {"target": target, "actual": actual}, ["revision"])
        earlier = [
            row for found in done.values() for row in comparable(found, target) if _before(row, target)
        ]
        best = max(earlier, key=lambda r: (r.period.end, r.order), default=None)
        if best is not None and _behind(target, best, up):
            yield _finding(
                "target is beyond what was reached", {"target": target, "actual": best}, ["definition"]
            )


def _behind(a: Row, b: Row, up: bool) -> bool:
    return a.value.below(b.value) if up else b.value.below(a.value)


def _before(row: Row, target: Row) -> bool:
    set_on = target.seen.source_date
    return (
        row.period.monthly
        and target.period.monthly
        and row.period.months == target.period.months
        and row.period.end < target.period.start
        and set_on is not None
        and row.period.end < set_on
    )


def _finding(formula: str, roles: dict[str, Row], why: list[str]) -> Finding:
    target, actual = roles["target"], roles["actual"]
    return finding(CODE, "note", roles, formula, target.value, actual.value, [*why, "scope", "transcription"])


def screen(frame: Frame) -> pl.Series:
    """Series with a target."""
    rows = frame.with_attributes(
        frame.usable.filter((pl.col("status") == "target") & (pl.col("measure") == "level"))
    )
    return rows.filter(pl.col("direction") != "none")["series"].unique()
