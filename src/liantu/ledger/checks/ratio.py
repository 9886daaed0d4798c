"""A published share against the two figures behind it.

Formula: share = part / whole x 100. The whole is what `within` names: a subject, for the same indicator,
or an indicator of the same subject. Tolerance: the quotient of the two intervals must meet the share's.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import polars as pl

from liantu.ledger.book import Book, Row, key_of, levels
from liantu.ledger.catalogue import Catalogue, Series
from liantu.ledger.checks.parts import HUNDRED, Candidate, closest, comparable, finding, same_source_first
from liantu.ledger.finding import Finding
from liantu.ledger.screen import Frame, apart

CODE = "ratio"


def check(book: Book, series: Series) -> Iterator[Finding]:
    """Each share that fits no pair of its figures, told by the pair that comes closest."""
    for share in book.rows(series):
        if not share.usable or share.dimension != "percent" or share.seen.status != "actual":
            continue
        whole = whole_of(book.catalogue, series, share.seen.within) if share.seen.measure == "share" else None
        if whole is not None:
            yield from closest(_candidates(book, share, series, whole))


def whole_of(catalogue: Catalogue, series: Series, within: str) -> Series | None:
    """The series that `within` names; None where it names none."""
    if not within:
        return None
    subject = catalogue.subject(within)
    if subject is not None:
        return catalogue.series(subject.id, series[1])[0]
    indicator = catalogue.indicator(within)
    return None if indicator is None else catalogue.series(series[0], indicator.id)[0]


def _candidates(book: Book, share: Row, part: Series, whole: Series) -> Iterator[Candidate]:
    found = []
    for series in (part, whole):
        stock = book.catalogue.known(series[1]).kind == "stock"
        found.append(levels(book.rows(series), stock=stock).get(key_of(share.period, stock=stock), []))
    parts, wholes = same_source_first(found, share.seen.source)
    for a, b in product(parts, wholes):
        if b.value.positive and comparable([a], b):
            expected = a.value / b.value * HUNDRED
            roles = {"part": a, "whole": b, "share": share}
            why = ["definition", "scope", "revision", "transcription"]
            if expected.meets(share.value):
                yield None
                continue
            yield (
                expected.gap(share.value),
                finding(CODE, "error", roles, "part / whole = share", expected, share.value, why),
            )


def screen(frame: Frame) -> pl.Series:
    """Series with a share that the quotient of its figures misses."""
    shares = frame.usable.filter(
        (pl.col("measure") == "share") & (pl.col("within") != "") & (pl.col("status") == "actual")
    ).join(frame.share_map, on=["series", "within"])
    at = frame.levels.select("series", "dim", "ks", "ke", "lo", "hi")
    both = shares
    for name, stock in (("part", "part_stock"), ("whole", "whole_stock")):
        both = both.with_columns(key=pl.when(pl.col(stock)).then("re").otherwise("rs")).join(
            at.rename({"lo": f"{name}_lo", "hi": f"{name}_hi", "dim": f"{name}_dim"}),
            left_on=[name, "key", "re"],
            right_on=["series", "ks", "ke"],
        )
    low = pl.col("part_lo") / pl.col("whole_hi") * 100
    high = pl.col("part_hi") / pl.col("whole_lo") * 100
    off = apart(low, pl.col("hi")) | apart(pl.col("lo"), high)
    return both.filter((pl.col("whole_lo") > 0) & (pl.col("part_dim") == pl.col("whole_dim")) & off)["series"]
