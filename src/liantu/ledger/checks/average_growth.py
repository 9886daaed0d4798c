"""Average growth against its end points.

Formula: base x (1 + rate)^n = end; 2021/2025 counts from 2020 in n = 5 steps.
Tolerance: base and rate range over what their printed digits allow; powers of intervals are exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import polars as pl

from liantu.ledger.book import Book, Row, key_of, levels
from liantu.ledger.catalogue import Series
from liantu.ledger.checks.growth_level import grown, growth_finding, misses
from liantu.ledger.checks.parts import Candidate, closest, comparable, factor, same_source_first, span_of
from liantu.ledger.finding import Finding
from liantu.ledger.screen import Frame

CODE = "average_growth"


def check(book: Book, series: Series) -> Iterator[Finding]:
    """Each average rate that fits no pair of its end points, told by the pair that comes closest."""
    stock = book.catalogue.known(series[1]).kind == "stock"
    rows = book.rows(series)
    at = levels(rows, stock=stock)
    for rate in rows:
        if not rate.usable or rate.seen.basis != "average" or rate.seen.status != "actual":
            continue
        span = span_of(rate)
        if span is None or factor(rate) is None:
            continue
        start, end, steps = span
        bases, ends = at.get(key_of(start, stock=stock), []), at.get(key_of(end, stock=stock), [])
        yield from closest(_candidates(book, rate, bases, ends, steps))


def _candidates(book: Book, rate: Row, bases: list[Row], ends: list[Row], steps: int) -> Iterator[Candidate]:
    bases, ends = same_source_first([bases, ends], rate.seen.source)
    growth = factor(rate)
    assert growth is not None
    for base, end in product(bases, ends):
        if base.value.positive and comparable([base], end):
            expected = base.value * growth**steps
            roles = {"base": base, "rate": rate, "end": end}
            if expected.meets(end.value):
                yield None
                continue
            yield expected.gap(end.value), growth_finding(book, CODE, roles, expected, steps)


def screen(frame: Frame) -> pl.Series:
    """Series with an average rate whose product misses a level."""
    return grown(frame, frame.averages, frame.levels).filter(misses())["series"]
