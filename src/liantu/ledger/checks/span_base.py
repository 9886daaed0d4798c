"""A sum over years that is compared with one of those years.

Formula: a sum L over n years that is m times its base year b = L / m leaves (m - 1) / (n - 1) of b a year to
the other years. Where that is less than b, the figure fell, though a rise is stated.
Tolerance: m ranges over what its printed digits allow. A warning: mostly the level is the last year's.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from liantu.ledger.book import Book, Row
from liantu.ledger.catalogue import Series
from liantu.ledger.checks.parts import factor, finding
from liantu.ledger.finding import Finding
from liantu.ledger.interval import ONE, Interval
from liantu.ledger.screen import Frame

CODE = "span_base"


def check(book: Book, series: Series) -> Iterator[Finding]:
    """Each rise of a sum over years against a year inside, that leaves the other years less than that one."""
    if not book.catalogue.known(series[1]).adds_up:
        return
    rows = book.rows(series)
    for rise in rows:
        growth = factor(rise) if rise.usable and rise.seen.status == "actual" else None
        years = rise.period.years if growth is not None else None
        base = rise.seen.base_period
        if growth is None or base is None or years is None or years < 2 or rise.seen.basis == "average":
            continue
        if base.years != 1 or not rise.period.contains(base) or not ONE.below(growth):
            continue
        others = (growth - ONE) / Interval.exactly(years - 1)
        for level in rows:
            if _sums(level, rise) and others.below(ONE):
                roles = {"sum": level, "rise": rise}
                why = ["period_of_figure", "definition", "transcription"]
                formula = "mean of the other years / base year = (multiple − 1) / (years − 1) ≥ 1"
                yield finding(
                    CODE, "warning", roles, formula, Interval(ONE.lo, None), others, why, years=years
                )


def _sums(level: Row, rise: Row) -> bool:
    same = level.usable and level.period == rise.period and level.seen.source == rise.seen.source
    return same and level.seen.measure == "level" and level.seen.status == "actual"


def screen(frame: Frame) -> pl.Series:
    """Series with a growth over years against a year inside them."""
    rows = frame.with_attributes(frame.usable).filter(pl.col("adds_up"))
    rises = rows.filter(
        pl.col("measure").is_in(["rate", "multiple"])
        & (pl.col("base_s") >= pl.col("rs"))
        & (pl.col("base_e") <= pl.col("re"))
        & (pl.col("re").dt.year() > pl.col("rs").dt.year())
    )
    return rises["series"].unique()
