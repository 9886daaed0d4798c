"""Findings of a whole ledger, and of one more row in milliseconds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from liantu.ledger.audit import around, merged, screened
from liantu.ledger.book import Row, row_of
from liantu.ledger.catalogue import Catalogue, Series
from liantu.ledger.checks.ratio import whole_of
from liantu.ledger.columns import observation_of
from liantu.ledger.finding import Finding
from liantu.ledger.ledger import Ledger
from liantu.ledger.observation import Observation
from liantu.ledger.screen import Frame


@dataclass(frozen=True)
class Change:
    """What a new row did to the findings: those that came, and those that went."""

    opened: tuple[Finding, ...]
    gone: tuple[Finding, ...]


class LiveBook:
    """A ledger's rows in force by series, read from its table only where a check asks; rows may be added.

    `order` lists places in the table by series, and `first` where each series begins in it.
    """

    def __init__(self, ledger: Ledger, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.table = ledger.table
        self.frame = Frame.of(ledger.in_force, catalogue)
        codes = self.frame.rows["series"].to_numpy()
        sorting = np.argsort(codes, kind="stable")
        self.order = self.frame.rows["at"].to_numpy()[sorting]
        self.first = np.searchsorted(codes[sorting], np.arange(len(self.frame.series) + 1))
        self.codes = {series: code for code, series in enumerate(self.frame.series)}
        self._cache: dict[Series, list[Row]] = {}
        self._added: dict[Series, list[Row]] = {}
        self._corrected: set[str] = set()
        self._shares: dict[Series, list[Series]] = {}
        for _, _, part, whole, _, _ in self.frame.share_map.iter_rows():
            self._shares.setdefault(self.frame.series[whole], []).append(self.frame.series[part])

    def rows(self, series: Series) -> Sequence[Row]:
        """The rows of a series."""
        if series not in self._cache:
            code = self.codes.get(series)
            places = [] if code is None else self.order[self.first[code] : self.first[code + 1]].tolist()
            read = [
                row_of(observation_of(r), self.catalogue) for r in self.table[places].iter_rows(named=True)
            ]
            rows = [row for row in read + self._added.get(series, []) if row.seen.id not in self._corrected]
            self._cache[series] = sorted(rows, key=lambda row: row.order)
        return self._cache[series]

    def findings(self) -> list[Finding]:
        """All findings of the ledger: every check on the series that its screen names."""
        found: list[Finding] = []
        for check, series in screened(self.frame):
            for one in series:
                found.extend(check.exact(self, one))
        return merged(found)

    def add(self, row: Observation, corrected: Observation | None = None) -> Change:
        """Add a row, which may correct another one: what that changes among the findings.

        The caller has appended it to the ledger, which refuses an id that is taken. `corrected` is the row
        that `row.corrects` names.
        """
        series = [self.catalogue.series(one.subject, one.indicator)[0] for one in (row, corrected) if one]
        anchors = list(dict.fromkeys(a for one in series for a in self.anchors(one)))
        before = [f for one in dict.fromkeys(series) for f in around(self, one, anchors)]
        self._added.setdefault(series[0], []).append(row_of(row, self.catalogue))
        if row.corrects:
            self._corrected.add(row.corrects)
        whole = whole_of(self.catalogue, series[0], row.within) if row.measure == "share" else None
        if whole is not None:
            self._shares.setdefault(whole, []).append(series[0])
        for one in series:
            self._cache.pop(one, None)
        after = [f for one in dict.fromkeys(series) for f in around(self, one, anchors)]
        return Change(_less(merged(after), before), _less(merged(before), after))

    def anchors(self, series: Series) -> list[Series]:
        """The series whose checks look at this one, with those that have a share of which it is the whole."""
        shares = self._shares.get(series, ())
        return list(dict.fromkeys([*self.catalogue.anchors(series), *shares]))


def _less(some: Iterable[Finding], others: Iterable[Finding]) -> tuple[Finding, ...]:
    marks = {finding.fingerprint for finding in others}
    return tuple(finding for finding in some if finding.fingerprint not in marks)


def audit(ledger: Ledger, catalogue: Catalogue) -> list[Finding]:
    """Every finding of a ledger, the gravest first."""
    return LiveBook(ledger, catalogue).findings()
