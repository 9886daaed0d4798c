"""Growth against increment and level.

Formula: base + change = end, and rate = change / (end - change), for one period.
Tolerance: every figure ranges over what its printed digits allow.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import polars as pl

from liantu.ledger.book import Book, Row, key_of, levels
from liantu.ledger.catalogue import Series
from liantu.ledger.checks.parts import (
    Candidate,
    base_period,
    closest,
    comparable,
    factor,
    finding,
    price_question,
    same_source_first,
)
from liantu.ledger.finding import Finding
from liantu.ledger.screen import Frame, apart, shared

CODE = "growth_change"


def check(book: Book, series: Series) -> Iterator[Finding]:
    """Each increment that fits no pair of levels, or no level with its rate."""
    indicator = book.catalogue.known(series[1])
    stock = indicator.kind == "stock"
    rows = book.rows(series)
    at = levels(rows, stock=stock)
    for change in rows:
        if not change.usable or change.seen.measure != "change" or change.seen.status != "actual":
            continue
        base = base_period(change)
        ends = comparable(at.get(key_of(change.period, stock=stock), []), change)
        if base is None or not ends:
            continue
        bases = comparable(at.get(key_of(base, stock=stock), []), change)
        yield from closest(_by_levels(change, bases, ends))
        rates = [
            r for r in rows if _same_growth(r, change) and not price_question(r.seen.price, indicator.growth)
        ]
        yield from closest(_by_rate(change, rates, ends))


def _same_growth(rate: Row, change: Row) -> bool:
    return (
        rate.usable
        and rate.seen.measure == "rate"
        and rate.seen.basis != "average"
        and rate.seen.status == "actual"
        and rate.period == change.period
        and base_period(rate) == base_period(change)
        and factor(rate) is not None
    )


def _by_levels(change: Row, bases: list[Row], ends: list[Row]) -> Iterator[Candidate]:
    bases, ends = same_source_first([bases, ends], change.seen.source)
    for base, end in product(bases, ends):
        expected = base.value + change.value
        roles = {"base": base, "change": change, "end": end}
        why = (["revision"] if base.seen.source != end.seen.source else []) + ["scope", "transcription"]
        if expected.meets(end.value):
            yield None
            continue
        yield (
            expected.gap(end.value),
            finding(CODE, "error", roles, "base + change = end", expected, end.value, why),
        )


def _by_rate(change: Row, rates: list[Row], ends: list[Row]) -> Iterator[Candidate]:
    rates, ends = same_source_first([rates, ends], change.seen.source)
    for rate, end in product(rates, ends):
        growth = factor(rate)
        base = end.value - change.value
        if growth is None or not base.positive:
            continue
        roles = {"change": change, "rate": rate, "end": end}
        expected = base * growth
        why = ["price_basis", "revision", "transcription"]
        formula = "(end − change) × (1 + rate) = end"
        if expected.meets(end.value):
            yield None
            continue
        yield expected.gap(end.value), finding(CODE, "error", roles, formula, expected, end.value, why)


def screen(frame: Frame) -> pl.Series:
    """Series with an increment that misses its levels, or that has a rate beside it."""
    changes = frame.changes
    both = changes.join(
        frame.levels.select("series", "dim", grow_s="ks", grow_e="ke", end_lo="lo", end_hi="hi"),
        on=["series", "dim", "grow_s", "grow_e"],
    )
    with_base = both.join(
        frame.levels.select("series", "dim", bks="ks", bke="ke", base_lo="lo", base_hi="hi"),
        on=["series", "dim", "bks", "bke"],
    )
    low, high = pl.col("base_lo") + pl.col("lo"), pl.col("base_hi") + pl.col("hi")
    missed = with_base.filter(apart(low, pl.col("end_hi")) | apart(pl.col("end_lo"), high))["series"]
    rated = both.join(
        frame.growth.select("series", "grow_s", "grow_e", "f_lo", "f_hi"), on=["series", "grow_s", "grow_e"]
    ).with_columns(base_lo=pl.col("end_lo") - pl.col("hi"), base_hi=pl.col("end_hi") - pl.col("lo"))
    low, high = pl.col("base_lo") * pl.col("f_lo"), pl.col("base_hi") * pl.col("f_hi")
    off = rated.filter(
        (pl.col("base_lo") > 0) & (apart(low, pl.col("end_hi")) | apart(pl.col("end_lo"), high))
    )["series"]
    return shared(missed, off)
