"""Identities: what an indicator's formula says, as GDP per head = GDP / population.

Formula: value = formula(operands) of one subject and period. A stock that drifts (population) may stand for
the year's mean and is widened by its drift of a year. Tolerance: interval arithmetic over the operands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice, product

import polars as pl

from liantu.ledger.book import Book, Row, key_of, levels
from liantu.ledger.catalogue import Series
from liantu.ledger.checks.parts import Candidate, closest, finding, same_source_first
from liantu.ledger.finding import Finding
from liantu.ledger.formula import Formula
from liantu.ledger.interval import Interval
from liantu.ledger.screen import Frame, apart

CODE = "identity"
MOST = 256
"""Combinations of values of the operands that are tried."""


def check(book: Book, series: Series) -> Iterator[Finding]:
    """Each value that fits no combination of its operands, told by the one that comes closest."""
    indicator = book.catalogue.known(series[1])
    if indicator.formula is None:
        return
    rows = book.rows(series)
    for row in rows:
        if (
            not row.usable
            or row.seen.measure not in ("level", "share", "ratio")
            or row.seen.status != "actual"
        ):
            continue
        operands = [_at(book, series[0], name, row) for name in indicator.formula.names]
        if all(operands):
            chosen = same_source_first(operands, row.seen.source)
            yield from closest(_candidates(book, row, indicator.formula, chosen))


def _at(book: Book, subject: str, name: str, row: Row) -> list[Row]:
    series, _ = book.catalogue.series(subject, name)
    stock = book.catalogue.known(name).kind == "stock"
    return levels(book.rows(series), stock=stock).get(key_of(row.period, stock=stock), [])


def _candidates(
    book: Book, row: Row, formula: Formula, operands: Sequence[Sequence[Row]]
) -> Iterator[Candidate]:
    for rows in islice(product(*operands), MOST):
        values = {name: _widened(book, name, one) for name, one in zip(formula.names, rows, strict=True)}
        expected = formula.over(values)
        roles = {**dict(zip(formula.names, rows, strict=True)), "result": row}
        why = ["definition", "revision", "scope", "transcription"]
        said = f"result = {formula.text}"
        if expected.meets(row.value):
            yield None
            continue
        yield expected.gap(row.value), finding(CODE, "error", roles, said, expected, row.value, why)


def _widened(book: Book, name: str, row: Row) -> Interval:
    indicator = book.catalogue.known(name)
    if indicator.drift is None or indicator.kind != "stock":
        return row.value
    return row.value * Interval.around(1, Fraction(str(indicator.drift)))


def screen(frame: Frame) -> pl.Series:
    """Series of derived indicators that miss their formula."""
    found = [_screen_one(frame, name) for name in sorted(frame.formulas)]
    return pl.concat([pl.Series("series", [], dtype=pl.Int32), *found])


def _screen_one(frame: Frame, name: str) -> pl.Series:
    formula, operands = frame.formulas[name]
    rows = frame.usable.filter(
        pl.col("measure").is_in(["level", "share", "ratio"]) & (pl.col("status") == "actual")
    ).join(operands, on="series")
    both = rows.select("series", "rs", "re", "lo", "hi", *formula.names)
    at = frame.levels.select("series", "ks", "ke", "lo", "hi")
    for operand in formula.names:
        indicator = frame.catalogue.known(operand)
        stock = indicator.kind == "stock"
        wide = indicator.drift or 0.0 if stock else 0.0
        mine = at.rename({"lo": f"{operand}@lo", "hi": f"{operand}@hi"}).with_columns(
            pl.when(pl.col(f"{operand}@lo") > 0).then(pl.col(f"{operand}@lo") * (1 - wide))
            .otherwise(pl.col(f"{operand}@lo") * (1 + wide)).alias(f"{operand}@lo"),
            pl.when(pl.col(f"{operand}@hi") > 0).then(pl.col(f"{operand}@hi") * (1 + wide))
            .otherwise(pl.col(f"{operand}@hi") * (1 - wide)).alias(f"{operand}@hi"),
        )  # fmt: skip
        both = both.with_columns(from_="re" if stock else "rs").join(
            mine, left_on=[operand, "from_", "re"], right_on=["series", "ks", "ke"]
        )
    values = {n: (both[f"{n}@lo"].to_numpy(), both[f"{n}@hi"].to_numpy()) for n in formula.names}
    low, high = formula.over_arrays(values)
    both = both.with_columns(e_lo=pl.Series(low), e_hi=pl.Series(high))
    return both.filter(apart(pl.col("e_lo"), pl.col("hi")) | apart(pl.col("lo"), pl.col("e_hi")))["series"]
