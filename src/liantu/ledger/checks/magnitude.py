"""A figure in the wrong unit, magnitude or currency.

Formulas, against the other levels of the series over periods of the same length within six years:
    value / median of the others is between 1/300 and 300;
    where the others agree within a half, value / median is not that of yuan and dollars (5.8 to 8);
    one key in yuan and in a foreign currency: their quotient is a rate of exchange (USD 5.5-8.5, EUR 6.5-11).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import polars as pl

from liantu.ledger.book import Book, Row, key_of
from liantu.ledger.catalogue import Series
from liantu.ledger.checks.parts import finding
from liantu.ledger.finding import Finding
from liantu.ledger.interval import Interval
from liantu.ledger.screen import Frame, shared

CODE = "magnitude"
FAR = 300
SPREAD = 10
YEARS = 6
SWAP = (Fraction(58, 10), Fraction(8))
RATES = {"money_usd": (Fraction(55, 10), Fraction(85, 10)), "money_eur": (Fraction(65, 10), Fraction(11))}


def check(book: Book, series: Series) -> Iterator[Finding]:
    """Levels far from all others of their series, and pairs that no rate of exchange joins."""
    stock = book.catalogue.known(series[1]).kind == "stock"
    rows = [
        row
        for row in book.rows(series)
        if row.usable
        and row.seen.measure == "level"
        and row.seen.status == "actual"
        and row.seen.qualifier in ("", "only", "near", "about")
        and row.seen.value > 0
        and not row.period.open
    ]
    groups: dict[object, list[Row]] = {}
    for row in rows:
        length = 0 if stock else (row.period.months if row.period.monthly else row.period.days / 30)
        groups.setdefault((row.dimension, length), []).append(row)
    for group in groups.values():
        yield from _outliers(group)
    yield from _exchanged(rows, stock)


def _size(row: Row) -> Fraction:
    value = row.value
    if value.lo is None or value.hi is None:
        return value.hi or value.lo or Fraction(0)
    return (value.lo + value.hi) / 2


def _outliers(rows: Sequence[Row]) -> Iterator[Finding]:
    sized = [(row, _size(row), row.period.end.year) for row in rows]
    for row, size, year in sized:
        near = [
            (o, held)
            for o, held, at in sized
            if abs(at - year) <= YEARS and o.seen.id != row.seen.id and o.period != row.period
        ]
        if len(near) < 2 or size <= 0:
            continue
        sizes = sorted(held for _, held in near)
        middle, spread = sizes[(len(sizes) - 1) // 2], sizes[-1] / sizes[0]
        quotient = size / middle
        far = spread <= SPREAD and not Fraction(1, FAR) < quotient < FAR
        steady = spread <= Fraction(3, 2) and row.dimension == "money"
        swapped = steady and (SWAP[0] <= quotient <= SWAP[1] or SWAP[0] <= 1 / quotient <= SWAP[1])
        if not far and not swapped:
            continue
        like = min(near, key=lambda o: (abs(o[1] - middle), o[0].order))[0]
        formula = "1/300 < value / usual < 300" if far else "value / usual is no rate of exchange"
        expected = Interval(sizes[0], sizes[-1])
        why = ["unit" if far else "currency", "definition", "transcription"]
        roles = {"value": row, "usual": like}
        told = f"{float(quotient):.4g}"
        yield finding(CODE, "warning", roles, formula, expected, row.value, why, times=told)


def _exchanged(rows: Sequence[Row], stock: bool) -> Iterator[Finding]:
    foreign = [row for row in rows if row.dimension in RATES]
    for other in foreign:
        for row in rows:
            if row.dimension != "money" or not other.value.positive:
                continue
            if key_of(row.period, stock=stock) != key_of(other.period, stock=stock):
                continue
            quotient, allowed = row.value / other.value, Interval(*RATES[other.dimension])
            if not quotient.meets(allowed):
                roles = {"yuan": row, "foreign": other}
                why = ["currency", "unit", "transcription"]
                yield finding(
                    CODE, "error", roles, "yuan / foreign = rate of exchange", allowed, quotient, why
                )


def screen(frame: Frame) -> pl.Series:
    """Series whose levels are wide apart, or in several currencies."""
    rows = frame.levels.filter(pl.col("number") > 0)
    spread = rows.group_by("series", "dim").agg(
        pl.col("mid").min().alias("a"), pl.col("mid").max().alias("b")
    )
    wide = spread.filter(pl.col("b") >= 5.5 * pl.col("a"))["series"]
    foreign = rows.filter(pl.col("dim").is_in(frame.dims(set(RATES))))["series"]
    return shared(wide, foreign)
