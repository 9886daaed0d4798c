"""What several checks share: growth in rows, pairs and triples that fit best, building a finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from liantu.ledger.book import Row
from liantu.ledger.finding import Finding, Severity
from liantu.ledger.interval import ONE, Interval
from liantu.ledger.periods import Period, month_number, to_date, year

HUNDRED = Interval.exactly(100)


def finding(
    check: str,
    severity: Severity,
    roles: dict[str, Row],
    formula: str,
    expected: Interval | None,
    found: Interval | None,
    explanations: Sequence[str],
    **params: object,
) -> Finding:
    """A finding about these rows; an error becomes a warning where a row counts by a loose link."""
    loose = any(not row.strict for row in roles.values())
    if loose and severity == "error":
        severity = "warning"
    told = [*(["scope"] if loose else []), *explanations]
    return Finding(
        check,
        severity,
        tuple(row.seen for row in roles.values()),
        tuple(roles),
        formula,
        expected,
        found,
        tuple(dict.fromkeys(told)),
        tuple((name, str(value)) for name, value in params.items()),
    )


def factor(row: Row) -> Interval | None:
    """End over base that a rate or a multiple states; None where it states none that is above zero."""
    if row.seen.measure == "rate":
        stated = ONE + row.value / HUNDRED
    elif row.seen.measure == "multiple":
        stated = row.value
    else:
        return None
    return stated if stated.positive else None


def base_period(row: Row) -> Period | None:
    """What a rate, change or multiple compares with; None where that is not known."""
    seen = row.seen
    if seen.base_period is not None:
        return seen.base_period
    period = row.period
    if period.open:
        return None
    if seen.basis == "on_year" and (not period.monthly or period.months <= 12):
        return period.shift_years(-1)
    if seen.basis == "on_previous" and period.monthly:
        return shift_months(period, -period.months)
    return None


def shift_months(period: Period, months: int) -> Period:
    """A period of whole months, so many months later."""

    def moved(number: int) -> Period:
        return to_date(number // 12, number % 12 + 1)

    first = moved(month_number(period.start) + months)
    last = moved(month_number(period.end) + months)
    return Period(first.end.replace(day=1), last.end)


def span_of(row: Row) -> tuple[Period, Period, int] | None:
    """(base year, last year, steps) of a growth over years: 2021/2025 counts from 2020 in five steps."""
    seen = row.seen
    last = row.period
    if last.years is None:
        return None
    end = year(last.end.year)
    if seen.base_period is not None:
        base = seen.base_period
        if base.years is None:
            return None
        start = base.end.year
    elif last.years > 1:
        start = last.start.year - 1
    else:
        return None
    steps = end.end.year - start
    return (year(start), end, steps) if steps > 0 else None


def same_source_first(groups: Sequence[Sequence[Row]], source: str) -> list[list[Row]]:
    """Each group's rows of one source where every group has one; else all rows."""
    own = [[row for row in group if row.seen.source == source] for group in groups]
    return own if all(own) else [list(group) for group in groups]


def comparable(rows: Iterable[Row], like: Row) -> list[Row]:
    """The rows in the unit of another."""
    return [row for row in rows if row.dimension == like.dimension]


Candidate = tuple[Fraction, Finding] | None
"""How far some figures miss their formula, and the finding on it; None where they fit."""


def closest(candidates: Iterable[Candidate]) -> Iterator[Finding]:
    """The finding with the smallest gap; none where one candidate fits."""
    found: list[tuple[Fraction, Finding]] = []
    for candidate in candidates:
        if candidate is None:
            return
        found.append(candidate)
    least = min((gap for gap, _ in found), default=None)
    if least is not None:
        yield min((one for gap, one in found if gap == least), key=lambda one: one.fingerprint)


def price_question(stated: str, growth: str) -> bool:
    """Whether a growth rate is real, or may be, while the levels are in current prices."""
    return stated == "real" or (stated == "unknown" and growth == "real")


def percent(value: Fraction, digits: int = 1) -> str:
    """A share as a percentage: '39.7'."""
    return f"{float(value * 100):.{digits}f}"
