"""Identities between growths: what is per head grows as the whole does over the heads.

Formula: multiple(a / b) = multiple(a) / multiple(b) over the same years. Where the growth of b is not
printed, its `drift` bounds it: (1 - drift)^n to (1 + drift)^n; the finding is a warning then.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from liantu.ledger.book import Book, Row
from liantu.ledger.catalogue import Series
from liantu.ledger.checks.parts import factor, finding, span_of
from liantu.ledger.finding import Finding
from liantu.ledger.interval import Interval
from liantu.ledger.screen import Frame

CODE = "identity_growth"
Years = tuple[int, int]
LOOSE_WORD = Fraction(1, 20)
"""A doubling (翻番) is said of what lies within 5 % of it."""


@dataclass(frozen=True)
class Total:
    """End over base across some years, and the figure that says so."""

    value: Interval
    row: Row


def check(book: Book, series: Series) -> Iterator[Finding]:
    """Each growth of a quotient that the growths of its two parts don't allow."""
    indicator = book.catalogue.known(series[1])
    parts = indicator.formula.quotient if indicator.formula else None
    if parts is None:
        return
    above, below = ((book.catalogue.series(series[0], name)[0]) for name in parts)
    tops, bottoms = totals(book, above), totals(book, below)
    drift = book.catalogue.known(below[1]).drift
    for years, results in totals(book, series).items():
        for result in results:
            found = [
                f for top in tops.get(years, []) for f in _test(result, top, bottoms.get(years), drift, years)
            ]
            if found and all(f is not None for f in found):
                yield min((f for f in found if f is not None), key=lambda f: f.fingerprint)


def totals(book: Book, series: Series) -> dict[Years, list[Total]]:
    """Growth over more than one year: a rate on average, or a multiple or rate against a base year."""
    found: dict[Years, list[Total]] = {}
    for row in book.rows(series):
        if not row.usable or row.seen.status != "actual":
            continue
        growth, span = factor(row), span_of(row)
        if growth is None or span is None:
            continue
        start, end, steps = span
        if row.seen.basis == "average":
            growth = growth**steps
        elif row.seen.measure == "multiple" and row.seen.step == 0:
            growth = growth * Interval.around(1, LOOSE_WORD)
        found.setdefault((start.end.year, end.end.year), []).append(Total(growth, row))
    return found


def _test(
    result: Total, top: Total, bottoms: list[Total] | None, drift: float | None, years: Years
) -> Iterator[Finding | None]:
    """A finding, or None where the three fit; nothing where the third is not bounded."""
    why = ["price_basis", "definition", "period_of_figure", "transcription"]
    formula = "multiple of quotient = multiple of above / multiple of below"
    for bottom in bottoms or ():
        expected = top.value / bottom.value
        roles = {"above": top.row, "below": bottom.row, "result": result.row}
        apart = not expected.meets(result.value)
        yield finding(CODE, "error", roles, formula, expected, result.value, why) if apart else None
    if not bottoms and drift is not None:
        steps = years[1] - years[0]
        bounded = Interval.around(1, Fraction(str(drift))) ** steps
        expected = top.value / bounded
        roles = {"above": top.row, "result": result.row}
        apart = not expected.meets(result.value)
        found = finding(
            CODE,
            "warning",
            roles,
            formula,
            expected,
            result.value,
            why,
            drift=f"{drift * 100:g}",
            steps=steps,
        )
        yield found if apart else None


def screen(frame: Frame) -> pl.Series:
    """Series of quotients that have a growth over years, and so has what stands above."""
    grown = frame.usable.filter(
        pl.col("measure").is_in(["rate", "multiple"])
        & (pl.col("status") == "actual")
        & ((pl.col("re").dt.year() > pl.col("rs").dt.year()) | pl.col("base_s").is_not_null())
    )["series"].unique()
    found = [pl.Series("series", [], dtype=pl.Int32)]
    for formula, operands in frame.formulas.values():
        if formula.quotient is not None:
            both = operands.filter(
                pl.col("series").is_in(grown.implode()) & pl.col(formula.quotient[0]).is_in(grown.implode())
            )
            found.append(both["series"])
    return pl.concat(found)
