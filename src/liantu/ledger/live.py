"""Findings of a whole ledger, and of one more row in milliseconds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from liantu.ledger.audit import JOINT, alone, joint, merged, screened
from liantu.ledger.book import Book, Row, row_of
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

    `order` lists places in the table by series and the year in which the period ends, `first` where each
    series begins in it, `ends` the years in that order (-1: no period).
    """

    def __init__(self, ledger: Ledger, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.table = ledger.table
        self.frame = Frame.of(ledger.in_force, catalogue)
        codes = self.frame.rows["series"].to_numpy()
        years = self.frame.rows["re"].dt.year().fill_null(-1).to_numpy()
        sorting = np.lexsort((years, codes))
        self.order = self.frame.rows["at"].to_numpy()[sorting]
        self.ends = years[sorting]
        self.first = np.searchsorted(codes[sorting], np.arange(len(self.frame.series) + 1))
        self.codes = {series: code for code, series in enumerate(self.frame.series)}
        self._cache: dict[Series, list[Row]] = {}
        self._added: dict[Series, list[Row]] = {}
        self._corrected: set[str] = set()
        self._near: dict[tuple[Series, int], list[Row]] = {}
        self._own: dict[Series, list[Finding]] = {}
        self._all_known = False
        self._shares: dict[Series, list[Series]] = {}
        for _, _, part, whole, _, _ in self.frame.share_map.iter_rows():
            self._shares.setdefault(self.frame.series[whole], []).append(self.frame.series[part])

    def rows(self, series: Series) -> Sequence[Row]:
        """The rows of a series."""
        if series not in self._cache:
            read = self._read([series], None) + self._added.get(series, [])
            rows = [row for row in read if row.seen.id not in self._corrected]
            self._cache[series] = sorted(rows, key=lambda row: row.order)
        return self._cache[series]

    def ending(self, year: int, series: Iterable[Series]) -> Book:
        """The rows whose period ends in a year; `series` are read at once."""
        return _Ending(self, year, series)

    def rows_ending(self, year: int, series: Iterable[Series]) -> list[Row]:
        """Those of some series, in no order."""
        wanted = list(series)
        new = [one for one in wanted if (one, year) not in self._near]
        self._near |= {(one, year): [] for one in new}
        for row in self._read(new, year):
            self._near[row.series, year].append(row)
        read = [row for one in wanted for row in self._near[one, year]]
        for one in wanted:
            read += [r for r in self._added.get(one, ()) if r.seen.period and r.period.end.year == year]
        return [row for row in read if row.seen.id not in self._corrected]

    def _read(self, series: Sequence[Series], year: int | None) -> list[Row]:
        places: list[int] = []
        for code in (self.codes.get(one) for one in series):
            if code is not None:
                low, high = self.first[code], self.first[code + 1]
                if year is not None:
                    low, high = low + np.searchsorted(self.ends[low:high], [year, year + 1])
                places += self.order[low:high].tolist()
        if not places:
            return []
        return [row_of(observation_of(r), self.catalogue) for r in self.table[places].iter_rows(named=True)]

    def findings(self) -> list[Finding]:
        """All findings of the ledger: every check on the series that its screen names."""
        found: list[Finding] = []
        own: dict[Series, list[Finding]] = {}
        for check, series in screened(self.frame):
            for one in series:
                told = list(check.exact(self, one))
                found += told
                if check.code not in JOINT:
                    own.setdefault(one, []).extend(told)
        if not self._added:
            self._own, self._all_known = own, True
        return merged(found)

    def add(self, row: Observation, corrected: Observation | None = None) -> Change:
        """Add a row, which may correct another one: what that changes among the findings.

        The caller has appended it to the ledger, which refuses an id that is taken. `corrected` is the row
        that `row.corrects` names. Of a series whose findings are known, only those after the row are worked
        out; checks beyond the series look only at what ends in the same year.
        """
        moved = [self._touched(one) for one in (row, corrected) if one]
        series = list(dict.fromkeys(one for one, _ in moved))
        if row.measure == "share":
            whole = whole_of(self.catalogue, series[0], row.within)
            if whole is not None and series[0] not in self._shares.setdefault(whole, []):
                self._shares[whole].append(series[0])
        before = [f for one in series for f in self._alone(one)] + joint(self, moved)
        self._added.setdefault(series[0], []).append(row_of(row, self.catalogue))
        if row.corrects:
            self._corrected.add(row.corrects)
        for one in series:
            self._cache.pop(one, None)
            self._own[one] = alone(self, one)
        after = [f for one in series for f in self._own[one]] + joint(self, moved)
        self._near.clear()
        return Change(_less(merged(after), before), _less(merged(before), after))

    def _touched(self, row: Observation) -> tuple[Series, int | None]:
        series, _ = self.catalogue.series(row.subject, row.indicator)
        return series, row.period.end.year if row.period else None

    def _alone(self, series: Series) -> list[Finding]:
        """What is found in a series alone; once all were screened, nothing where nothing is kept."""
        if series not in self._own and not self._all_known:
            self._own[series] = alone(self, series)
        return self._own.get(series, [])

    def anchors(self, series: Series) -> list[Series]:
        """The series whose checks look at this one, with those that have a share of which it is the whole."""
        shares = self._shares.get(series, ())
        return list(dict.fromkeys([*self.catalogue.anchors(series), *shares]))


class _Ending:
    """A book of the rows whose period ends in one year."""

    def __init__(self, book: LiveBook, year: int, series: Iterable[Series]) -> None:
        self.catalogue = book.catalogue
        self._book, self._year = book, year
        self._rows: dict[Series, list[Row]] = {}
        self._take(series)

    def rows(self, series: Series) -> Sequence[Row]:
        """The rows of a series that end in the year."""
        if series not in self._rows:
            self._take([series])
        return self._rows[series]

    def _take(self, series: Iterable[Series]) -> None:
        wanted = list(series)
        self._rows |= {one: [] for one in wanted}
        for row in sorted(self._book.rows_ending(self._year, wanted), key=lambda row: row.order):
            self._rows[row.series].append(row)


def _less(some: Iterable[Finding], others: Iterable[Finding]) -> tuple[Finding, ...]:
    marks = {finding.fingerprint for finding in others}
    return tuple(finding for finding in some if finding.fingerprint not in marks)


def audit(ledger: Ledger, catalogue: Catalogue) -> list[Finding]:
    """Every finding of a ledger, the gravest first."""
    return LiveBook(ledger, catalogue).findings()
