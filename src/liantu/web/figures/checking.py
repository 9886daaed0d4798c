"""Checks over the stored figures: around what was just added, by index; over all of them, as a job."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from liantu.ledger.audit import around
from liantu.ledger.book import Row, row_of
from liantu.ledger.catalogue import Catalogue, Series
from liantu.ledger.checks.ratio import whole_of
from liantu.ledger.finding import SEVERITIES, Finding
from liantu.ledger.interval import Interval
from liantu.ledger.ledger import Ledger
from liantu.ledger.live import LiveBook
from liantu.web.figures import catalogue
from liantu.web.figures.models import FindingRow, FindingState, ObservationRow
from liantu.web.figures.rows import PLAIN, observation_of, table_of

BECAUSE = "checks look at all figures, whoever entered them"
AROUND = 300
"""So many new figures are checked at once; of more, all are checked behind the request."""


class StoredBook:
    """The figures in force, read series by series, without `but`; with a `year`, those that end in it."""

    def __init__(
        self,
        known: Catalogue,
        but: Collection[Any] = (),
        also: Collection[Any] = (),
        year: int | None = None,
    ) -> None:
        self.catalogue = known
        self._but, self._also, self._year = set(but), list(also), year
        self._rows: dict[Series, list[Row]] = {}
        self._names: dict[Series, list[Series]] = {}
        for of, (to, _strict) in known.same_as.items():
            self._names.setdefault(to, []).append(of)
        self._shares: dict[Series, list[Series]] | None = None

    def rows(self, series: Series) -> Sequence[Row]:
        """The rows of a series, and of those that count as it."""
        if series not in self._rows:
            self.take([series])
        return self._rows[series]

    def ending(self, year: int, series: Iterable[Series]) -> StoredBook:
        """The rows whose period ends in a year; `series` are read at once."""
        near = StoredBook(self.catalogue, self._but, self._also, year)
        near.take(series)
        return near

    def take(self, series: Iterable[Series]) -> None:
        """Read some series, so many at once that no question to the database becomes too long."""
        wanted = list(series)
        self._rows |= {one: [] for one in wanted}
        for i in range(0, len(wanted), 100):
            asked, some = Q(), set(wanted[i : i + 100])
            for one in some:
                for subject, indicator in [one, *self._names.get(one, ())]:
                    asked |= Q(subject=subject, indicator=indicator)
            for row in self._found(asked):
                if row.series in some:
                    self._rows[row.series].append(row)
        for one in wanted:
            self._rows[one].sort(key=lambda row: row.order)

    def _found(self, asked: Q) -> Iterable[Row]:
        found = ObservationRow.objects.unscoped(because=BECAUSE).filter(asked)
        if self._year is not None:
            found = found.filter(end__range=(date(self._year, 1, 1), date(self._year, 12, 31)))
        found = found.filter(Q(standing__in_force=True) | Q(pk__in=self._also)).exclude(pk__in=self._but)
        for row in found.select_related("entered_by").distinct():
            yield row_of(observation_of(row), self.catalogue)

    def anchors(self, series: Series) -> list[Series]:
        """The series whose checks look at this one."""
        if self._shares is None:
            self._shares = {}
            found = ObservationRow.objects.unscoped(because=BECAUSE).filter(measure="share")
            for subject, indicator, within in found.exclude(within="").order_by().values_list(
                "subject", "indicator", "within"
            ).distinct():  # fmt: skip
                part = self.catalogue.series(subject, indicator)[0]
                whole = whole_of(self.catalogue, part, within)
                if whole is not None:
                    self._shares.setdefault(whole, []).append(part)
        return list(dict.fromkeys([*self.catalogue.anchors(series), *self._shares.get(series, ())]))


def check_around(
    new: Sequence[ObservationRow], gone: Collection[Any] = (), back: Collection[Any] = ()
) -> tuple[int, int]:
    """What rows that came into force, and rows that left it, change among the findings: opened, gone.

    `new` are stored and in force; `gone` are keys of rows that were in force before; `back` of others that
    came back. Within the transaction that stored them.
    """
    known = catalogue.current()
    moved = [*new, *ObservationRow.objects.unscoped(because=BECAUSE).filter(pk__in=[*gone, *back])]
    touched = [(known.series(r.subject, r.indicator)[0], r.end.year if r.end else None) for r in moved]
    before_book = StoredBook(known, but=[*(r.pk for r in new), *back], also=gone)
    after_book = StoredBook(known)
    before, after = around(before_book, touched), around(after_book, touched)
    was, now = {f.fingerprint for f in before}, {f.fingerprint for f in after}
    left, told = was - now, {f.fingerprint: _ids(f) for f in before}
    FindingState.objects.unscoped(because=BECAUSE).filter(fingerprint__in=left).update(present=False)
    keep([f for f in after if told.get(f.fingerprint) != _ids(f)])
    return len(now - was), len(left)


def _ids(finding: Finding) -> tuple[str, ...]:
    return tuple(row.id for row in finding.rows)


def check_all(progress: Any = None) -> list[Finding]:
    """Every finding of the figures in force."""
    rows = ObservationRow.objects.unscoped(because=BECAUSE).filter(standing__in_force=True)
    table = table_of(rows.order_by("number").values_list(*PLAIN).iterator(chunk_size=5000))
    return LiveBook(Ledger(table), catalogue.current()).findings()


def keep_all(findings: Iterable[Finding]) -> tuple[int, int]:
    """Make these the findings there are: how many are there, how many went."""
    found = list(findings)
    rows = FindingState.objects.unscoped(because=BECAUSE)
    marks = {f.fingerprint for f in found}
    there = rows.filter(present=True).values_list("pk", "fingerprint")
    left = [pk for pk, mark in there if mark not in marks]
    for i in range(0, len(left), 500):
        rows.filter(pk__in=left[i : i + 500]).update(present=False)
    for i in range(0, len(found), 500):
        keep(found[i : i + 500])
    return len(found), len(left)


def keep(findings: Sequence[Finding]) -> None:
    """Store findings that are new, and say of the others that they are there, on which rows."""
    rows = FindingState.objects.unscoped(because=BECAUSE)
    there = {s.fingerprint: s for s in rows.filter(fingerprint__in=[f.fingerprint for f in findings])}
    now = timezone.now()
    made = [_state(f, now) for f in findings if f.fingerprint not in there]
    rows.bulk_create(made)
    states = there | {s.fingerprint: s for s in made}
    back = [s.pk for s in there.values() if not s.present]
    rows.filter(pk__in=back).update(present=True, found_at=now)
    FindingRow.objects.filter(finding__in=[s.pk for s in there.values()]).delete()
    FindingRow.objects.bulk_create(
        FindingRow(finding=states[f.fingerprint], observation_id=row.id, role=role, position=i)
        for f in findings
        for i, (role, row) in enumerate(zip(f.roles, f.rows, strict=True))
    )


def _state(f: Finding, now: Any) -> FindingState:
    content = {
        "formula": f.formula, "expected": _ends(f.expected), "found": _ends(f.found),
        "explanations": list(f.explanations), "params": dict(f.params),
    }  # fmt: skip
    return FindingState(
        fingerprint=f.fingerprint, check_code=f.check, severity=f.severity,
        grave=SEVERITIES.index(f.severity), content=content, found_at=now,
    )  # fmt: skip


def _ends(interval: Interval | None) -> list[float | None] | None:
    if interval is None:
        return None
    return [None if end is None else float(end) for end in (interval.lo, interval.hi)]
