"""Counts that must be whole.

Formulas: a count of persons, firms, projects is whole; so is the base that a count and its growth imply:
a whole number lies in end / (1 + rate). Tolerance: the interval of the printed figures.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from liantu.ledger.book import Book
from liantu.ledger.catalogue import Series
from liantu.ledger.checks.implied import implied, implied_frame
from liantu.ledger.checks.parts import finding
from liantu.ledger.finding import Finding
from liantu.ledger.screen import Frame
from liantu.ledger.units import WHOLE

CODE = "whole_count"
COUNTED = ("flow", "stock", "count")


def check(book: Book, series: Series) -> Iterator[Finding]:
    """Counts in whose interval no whole number lies, and growths that leave no whole base."""
    if book.catalogue.known(series[1]).kind not in COUNTED:
        return
    rows = book.rows(series)
    if not any(row.dimension in WHOLE for row in rows):
        return
    for row in rows:
        if not row.usable or row.dimension not in WHOLE or row.seen.measure not in ("level", "change"):
            continue
        if not row.value.has_whole:
            why = ["unit", "average", "transcription"]
            yield finding(CODE, "error", {"count": row}, "count is whole", None, row.value, why)
    for known in implied(book, series):
        roles = dict(known.rows)
        end = roles.get("end")
        if (
            end is None
            or known.steps != 1
            or end.dimension not in WHOLE
            or roles["rate"].seen.measure != "rate"
        ):
            continue
        if end.value.has_whole and not known.value.has_whole:
            why = ["revision", "scope", "transcription"]
            yield finding(CODE, "warning", roles, "end / (1 + rate) is whole", None, known.value, why)


def screen(frame: Frame) -> pl.Series:
    """Series with an interval that may hold no whole number."""
    counted = frame.with_attributes(frame.usable).filter(
        pl.col("kind").is_in(COUNTED) & pl.col("dim").is_in(frame.dims(WHOLE))
    )
    direct = counted.filter(pl.col("measure").is_in(["level", "change"]) & _no_whole())["series"]
    bases = frame.with_attributes(implied_frame(frame)).filter(
        pl.col("kind").is_in(COUNTED) & pl.col("dim").is_in(frame.dims(WHOLE)) & _no_whole()
    )["series"]
    return pl.concat([direct, bases])


def _no_whole() -> pl.Expr:
    exact = pl.col("lo").round() == pl.col("lo")  # a whole end is a whole number in it
    slack = 1e-9 * (pl.col("hi").abs() + 1)
    return ~exact & ((pl.col("hi") - slack).floor() < (pl.col("lo") + slack).ceil())
