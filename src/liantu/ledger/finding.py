"""A finding: what can't be true together, why, and what may explain it. It is open, closed, or open again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from liantu.ledger.interval import Interval
from liantu.ledger.observation import Observation, content_key, digest_of

Severity = Literal["error", "warning", "note"]
"""error: both can't be true; warning: only if the explanation holds; note: says what has to be stated."""
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True)
class Finding:
    """Figures that contradict each other, or one that can't be.

    rows         the figures, each in its role: end, base, rate, part, whole, ...; position i of `roles` names
                 the role of position i of `rows`
    formula      what should hold between the roles
    expected     the interval that follows from the other figures; None where none does
    found        the interval that is printed
    explanations codes of what may explain it, the likeliest first
    params       further numbers that the sentence tells, as text
    fingerprint  the same as long as the figures say the same, whoever entered them and wherever they stand
    """

    check: str
    severity: Severity
    rows: tuple[Observation, ...]
    roles: tuple[str, ...]
    formula: str
    expected: Interval | None
    found: Interval | None
    explanations: tuple[str, ...]
    params: tuple[tuple[str, str], ...] = ()

    @property
    def fingerprint(self) -> str:
        """Hash of the check and of what each figure in each role says."""
        parts = [self.check]
        for role, row in sorted(zip(self.roles, map(content_key, self.rows), strict=True)):
            parts += [role, *row]
        return digest_of(tuple(parts))

    @property
    def order(self) -> tuple[int, str, str]:
        """Place in a list: the gravest first, then by check."""
        return (SEVERITIES.index(self.severity), self.check, self.fingerprint)


@dataclass(frozen=True)
class Closure:
    """That a person closed a finding, or opened it again, and why."""

    fingerprint: str
    by: str
    at: datetime
    reason: str
    closed: bool = True


class ClosureRefused(ValueError):
    """A closure without a reason or without a name; the message is its code."""


@dataclass(frozen=True)
class Triage:
    """The findings of one run: still open, and closed with the closure that did it."""

    open: tuple[Finding, ...]
    closed: tuple[tuple[Finding, Closure], ...]


def close(finding: Finding, *, by: str, at: datetime, reason: str) -> Closure:
    """The closure of a finding. Raises ClosureRefused without a reason or a name."""
    return _closure(finding, by, at, reason, closed=True)


def reopen(finding: Finding, *, by: str, at: datetime, reason: str) -> Closure:
    """The opposite of a closure. Raises ClosureRefused without a reason or a name."""
    return _closure(finding, by, at, reason, closed=False)


def triage(findings: Iterable[Finding], closures: Sequence[Closure]) -> Triage:
    """Findings apart by the last word on each fingerprint; what changed has a new one and is open."""
    last = {closure.fingerprint: closure for closure in sorted(closures, key=lambda c: c.at)}
    still: list[Finding] = []
    done: list[tuple[Finding, Closure]] = []
    for finding in sorted(findings, key=lambda f: f.order):
        closure = last.get(finding.fingerprint)
        if closure is not None and closure.closed:
            done.append((finding, closure))
        else:
            still.append(finding)
    return Triage(tuple(still), tuple(done))


def _closure(finding: Finding, by: str, at: datetime, reason: str, *, closed: bool) -> Closure:
    if not by.strip():
        raise ClosureRefused("closed_by_nobody")
    if not reason.strip():
        raise ClosureRefused("no_reason")
    return Closure(finding.fingerprint, by.strip(), at, reason.strip(), closed)
