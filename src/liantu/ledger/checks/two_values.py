"""One key with two values.

Formula: value a = value b, for one subject, indicator, period, measure and basis.
Tolerance: the printed intervals of the two must have a number in common.
Silent for: an expected value beside an actual one, another date, nominal beside real, unknown indicators.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import polars as pl

from liantu.ledger.book import Book, Row, key_of
from liantu.ledger.catalogue import Indicator, Series
from liantu.ledger.checks.parts import finding
from liantu.ledger.finding import Finding
from liantu.ledger.screen import Frame, apart

CODE = "two_values"


def check(book: Book, series: Series) -> Iterator[Finding]:
    """Each pair of figures with one key whose intervals don't meet."""
    indicator = book.catalogue.indicators.get(series[1])
    if indicator is None:
        return
    groups: dict[tuple[object, ...], dict[tuple[str, ...], Row]] = {}
    for row in book.rows(series):
        if row.usable and _has_key(row, indicator):
            said = (*row.order[:13], row.seen.source if row.seen.status != "actual" else "")
            groups.setdefault(_key(row, indicator), {}).setdefault(said, row)
    for rows in groups.values():
        for a, b in combinations(rows.values(), 2):
            if {a.seen.price, b.seen.price} == {"nominal", "real"} or a.value.meets(b.value):
                continue
            first, second = sorted((a, b), key=lambda r: (str(r.seen.source_date or ""), r.order))
            yield _finding(first, second)


def _has_key(row: Row, indicator: Indicator) -> bool:
    seen = row.seen
    if seen.measure == "rank":
        return bool(seen.within)
    if seen.measure == "share":
        return bool(seen.within) or indicator.kind == "rate"
    return seen.measure != "streak"


def _key(row: Row, indicator: Indicator) -> tuple[object, ...]:
    seen = row.seen
    stock = indicator.kind == "stock" and seen.measure == "level"
    own = "" if seen.status == "actual" else seen.source
    return (
        key_of(row.period, stock=stock), seen.measure, seen.basis, seen.base_period, seen.within,
        row.dimension, seen.status, own,
    )  # fmt: skip


def _finding(a: Row, b: Row) -> Finding:
    dated = a.seen.source_date != b.seen.source_date
    why = ["revision"] if dated else []
    if "unknown" in (a.seen.price, b.seen.price) and a.seen.measure in ("rate", "multiple"):
        why.append("price_basis")
    why += ["scope", "definition", "transcription"]
    return finding(CODE, "error", {"first": a, "second": b}, "first = second", a.value, b.value, why)


def screen(frame: Frame) -> pl.Series:
    """Series in which the largest lower end of a key is above the smallest upper end."""
    rows = frame.usable.filter(pl.col("known") & (pl.col("measure") != "streak")).with_columns(
        own=pl.when(pl.col("status") == "actual").then(None).otherwise(pl.col("source"))
    )
    level = pl.col("measure") == "level"
    rows = rows.with_columns(
        s=pl.when(level).then("ks").otherwise("rs"), e=pl.when(level).then("ke").otherwise("re")
    )
    keys = ["series", "s", "e", "measure", "basis", "base_s", "base_e", "within", "dim", "status", "own"]
    ends = rows.group_by(keys).agg(pl.col("lo").max(), pl.col("hi").min(), n=pl.len())
    return ends.filter((pl.col("n") > 1) & apart(pl.col("lo"), pl.col("hi")))["series"]
