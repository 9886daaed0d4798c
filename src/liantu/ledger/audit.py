"""All checks over a ledger: screens name the series, exact checks decide; a new row looks at its own few."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from liantu.ledger.book import Book
from liantu.ledger.catalogue import Catalogue, Series
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


JOINT = frozenset({part_whole.CODE, parts_sum.CODE, identity.CODE, identity_growth.CODE, ratio.CODE})
"""Checks that look beyond the series they stand at: to its parts, to what it is derived from, to the whole
of a share. Each holds figures against each other only whose periods end in one year."""


class WideBook(Book, Protocol):
    """A book in which one may look only at what a new row touches."""

    def anchors(self, series: Series) -> list[Series]:
        """The series at which a check stands that looks at this one, itself among them."""
        ...

    def ending(self, year: int, series: Iterable[Series]) -> Book:
        """Its rows whose period ends in a year; `series` will surely be asked for."""
        ...


def alone(book: Book, series: Series) -> list[Finding]:
    """What the checks find that look at one series only."""
    return [f for check in CHECKS if check.code not in JOINT for f in check.exact(book, series)]


def joint(book: WideBook, touched: Iterable[tuple[Series, int | None]]) -> list[Finding]:
    """What the others find where rows that end in a year bear on it; none rests on a row without period."""
    standing: dict[int, dict[Series, None]] = {}
    for series, year in touched:
        if year is not None:
            standing.setdefault(year, {}).update(dict.fromkeys(book.anchors(series)))
    found: list[Finding] = []
    for year, anchors in standing.items():
        near = book.ending(year, _asked(book.catalogue, anchors))
        for series in anchors:
            found += [f for check in CHECKS if check.code in JOINT for f in check.exact(near, series)]
    return found


def _asked(catalogue: Catalogue, anchors: Iterable[Series]) -> list[Series]:
    found: dict[Series, None] = {}
    for subject, name in anchors:
        formula = catalogue.known(name).formula
        operands = [catalogue.series(subject, n)[0] for n in formula.names] if formula else []
        parts = [part for part, _ in catalogue.parts((subject, name))]
        found |= dict.fromkeys([(subject, name), *parts, *operands])
    return list(found)


def around(book: WideBook, touched: Iterable[tuple[Series, int | None]]) -> list[Finding]:
    """What the checks find that may look at rows of these series whose periods end in these years."""
    pairs = list(touched)
    own = [f for series in dict.fromkeys(s for s, _ in pairs) for f in alone(book, series)]
    return merged(own + joint(book, pairs))


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
