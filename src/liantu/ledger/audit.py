"""All checks over a ledger: screens name the series, exact checks decide; a new row looks at its own few."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from liantu.ledger.book import Book
from liantu.ledger.catalogue import Series
from liantu.ledger.checks import (
    average_growth,
    base_implied,
    bounds,
    cumulative_falls,
    growth_change,
    growth_level,
    identity,
    identity_growth,
    magnitude,
    part_whole,
    parts_sum,
    rank,
    ratio,
    span_base,
    stale,
    streak,
    target,
    two_values,
    whole_count,
    year_to_date,
)
from liantu.ledger.finding import Finding
from liantu.ledger.screen import Frame


@dataclass(frozen=True)
class Check:
    """A check: its code, its exact test of one series, and its screen."""

    code: str
    exact: Callable[[Book, Series], Iterator[Finding]]
    screen: Callable[[Frame], pl.Series]


_MODULES = (
    average_growth, growth_level, growth_change, two_values, part_whole, parts_sum, ratio, identity,
    identity_growth, base_implied, year_to_date, rank, whole_count, bounds, cumulative_falls, magnitude,
    target, stale, streak, span_base,
)  # fmt: skip
CHECKS: tuple[Check, ...] = tuple(Check(m.CODE, m.check, m.screen) for m in _MODULES)
"""Every check, in the order in which it is described."""


def screened(frame: Frame) -> list[tuple[Check, list[Series]]]:
    """The series that each check has to look at."""
    found = []
    for check in CHECKS:
        codes = check.screen(frame).drop_nulls().unique().sort().to_list()
        found.append((check, [frame.series[code] for code in codes]))
    return found


def exact(book: Book, series: Iterable[Series]) -> list[Finding]:
    """Every check on every one of these series, without a screen."""
    return merged(finding for one in series for check in CHECKS for finding in check.exact(book, one))


FROM_PARTS = frozenset({part_whole.CODE, parts_sum.CODE})
FROM_OTHERS = frozenset({identity.CODE, identity_growth.CODE, ratio.CODE})
"""Checks that look beyond the series they stand at: to its parts, and to what it is derived from."""


def around(book: Book, series: Series, others: Iterable[Series]) -> list[Finding]:
    """What the checks find that may look at a series: all at itself, some at its wholes and the derived."""
    found = [finding for check in CHECKS for finding in check.exact(book, series)]
    beyond = FROM_PARTS | FROM_OTHERS
    for other in others:
        if other != series:
            found += [f for check in CHECKS if check.code in beyond for f in check.exact(book, other)]
    return merged(found)


def merged(findings: Iterable[Finding]) -> list[Finding]:
    """Findings that say the same as one, in their order. Of several the one whose rows come first stays."""
    found: dict[str, Finding] = {}
    for finding in findings:
        mark = finding.fingerprint
        if mark not in found or _place(finding) < _place(found[mark]):
            found[mark] = finding
    return sorted(found.values(), key=lambda finding: finding.order)


def _place(finding: Finding) -> tuple[tuple[str, str, str], ...]:
    return tuple((str(row.source_date or ""), row.source, row.id) for row in finding.rows)
