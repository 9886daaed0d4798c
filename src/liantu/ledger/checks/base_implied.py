"""Bases implied across documents.

Formula: end1 / (1 + rate1) = end2 / (1 + rate2) where both growths start from one base.
Tolerance: the quotients' intervals must meet.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import polars as pl

from liantu.ledger.book import Book
from liantu.ledger.catalogue import Series
from liantu.ledger.checks.implied import Known, implied, implied_frame
from liantu.ledger.checks.parts import comparable, finding
from liantu.ledger.finding import Finding, Severity
from liantu.ledger.screen import Frame, apart

CODE = "base_implied"


def check(book: Book, series: Series) -> Iterator[Finding]:
    """Pairs of implied bases that don't meet, where none of the figures behind them is disputed already."""
    at: dict[object, list[Known]] = {}
    for known in implied(book, series):
        if known.formula.startswith("end"):
            at.setdefault(known.key, []).append(known)
    for bases in at.values():
        for a, b in combinations(sorted(bases, key=_order), 2):
            if not a.value.meets(b.value) and not _disputed(a, b):
                yield _finding(a, b)


def _order(known: Known) -> tuple[tuple[str, ...], ...]:
    return tuple(row.order for _, row in known.rows)


def _disputed(a: Known, b: Known) -> bool:
    """Whether the pair differs because one key has two values, or in units, or by one figure only."""
    (_, end_a), (_, rate_a) = a.rows
    (_, end_b), (_, rate_b) = b.rows
    if not comparable([end_a], end_b):
        return True
    if rate_a.period == rate_b.period and rate_a.seen.basis == rate_b.seen.basis:
        return not end_a.value.meets(end_b.value) or not rate_a.value.meets(rate_b.value)
    return False


def _finding(a: Known, b: Known) -> Finding:
    severity: Severity = "note" if a.real or b.real else "error"
    roles = {**a.roles("first"), **b.roles("second")}
    why = (["price_basis"] if a.real or b.real else []) + ["revision", "scope", "definition", "transcription"]
    formula = "first_end / (1 + first_rate) = second_end / (1 + second_rate)"
    return finding(CODE, severity, roles, formula, a.value, b.value, why, base=str(a.key))


def screen(frame: Frame) -> pl.Series:
    """Series in which implied levels of one key don't all meet."""
    ends = implied_frame(frame).group_by("series", "ks", "ke", "dim").agg(
        pl.col("lo").max(), pl.col("hi").min(), n=pl.len()
    )  # fmt: skip
    return ends.filter((pl.col("n") > 1) & apart(pl.col("lo"), pl.col("hi")))["series"]
