"""One figure with everything that makes it a figure: whose, what, when, on what basis, from where."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal, get_args

from liantu.ledger.interval import Interval
from liantu.ledger.periods import Period
from liantu.ledger.units import unit_of

Measure = Literal["level", "change", "rate", "share", "ratio", "rank", "multiple", "streak"]
Basis = Literal["", "on_year", "on_previous", "average", "cumulative"]
Price = Literal["unknown", "nominal", "real"]
Status = Literal["actual", "expected", "target", "planned"]
Qualifier = Literal["", "above", "below", "near", "about", "only"]
MEASURES: tuple[Measure, ...] = get_args(Measure)
BASES: tuple[Basis, ...] = get_args(Basis)
PRICES: tuple[Price, ...] = get_args(Price)
STATUSES: tuple[Status, ...] = get_args(Status)
QUALIFIERS: tuple[Qualifier, ...] = get_args(Qualifier)

COMPARING = ("change", "rate", "multiple")
"""Measures that compare with a base."""
NEAR, ABOUT = Fraction(15, 100), Fraction(1, 10)
"""How far 近 may lie below its figure, and 约 on either side of it, as parts of the figure."""


class BadObservation(ValueError):
    """The fields contradict each other; the message says which."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One figure, as it was published. Nothing of it is ever changed; a correction is another one.

    value      in `unit`, exactly as printed; a fall is negative; a rate in per cent
    step       place of the last printed digit in `unit`: 0.1 for 505.7; 0 where the figure is exact
    period     None where it is not known
    base_period  what a rate, change or multiple compares with; None for the usual one
    within     population of a rank (全省), whole of a share, what a streak counts (rank, growth)
    doubts     names of the fields that a reader was not sure of; checks don't rest on them
    corrects   id of the observation that this one replaces
    """

    id: str
    subject: str
    indicator: str
    period: Period | None
    value: Decimal
    unit: str
    step: Decimal = Decimal(0)
    measure: Measure = "level"
    basis: Basis = ""
    price: Price = "unknown"
    status: Status = "actual"
    qualifier: Qualifier = ""
    base_period: Period | None = None
    within: str = ""
    source: str = ""
    source_date: date | None = None
    place: str = ""
    entered_by: str = ""
    entered_at: datetime | None = None
    corrects: str = ""
    doubts: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for name, words in _WORDS.items():
            if getattr(self, name) not in words:
                raise BadObservation(f"{name}: {getattr(self, name)!r}")
        if not (self.id and self.subject and self.indicator and self.unit):
            raise BadObservation("id, subject, indicator and unit can't be blank")
        if not self.value.is_finite() or not self.step.is_finite() or self.step < 0:
            raise BadObservation(f"value {self.value}, step {self.step}")
        if self.base_period is not None and self.measure not in COMPARING:
            raise BadObservation(f"base_period: a {self.measure} compares with nothing")
        if self.corrects == self.id:
            raise BadObservation("it corrects itself")

    @property
    def interval(self) -> Interval:
        """What the printed figure may stand for, in base units: see `printed`."""
        factor = Fraction(unit_of(self.unit).factor)
        return printed(Fraction(self.value) * factor, Fraction(self.step) * factor, self.qualifier)

    def with_value(self, value: Decimal, step: Decimal | None = None) -> Observation:
        """The same figure with another value."""
        return replace(self, value=value, step=self.step if step is None else step)


_WORDS = {
    "measure": MEASURES, "basis": BASES, "price": PRICES, "status": STATUSES, "qualifier": QUALIFIERS,
}  # fmt: skip


def printed(value: Fraction, step: Fraction, qualifier: str) -> Interval:
    """The numbers that a figure printed so may stand for.

    Half a step on either side; 超 and 以上 open the
    upper side, 不足 the lower one; 近 reaches 15 % below the figure, 约 10 % to either side. Of a negative
    figure (a fall) above and below are meant of its size.
    """
    half = step / 2
    if qualifier in ("", "only"):
        return Interval(value - half, value + half) if half else Interval(value, value)
    if value < 0:
        mirrored = printed(-value, step, qualifier)
        return -mirrored
    if qualifier == "above":
        return Interval(value - half, None)
    if qualifier == "below":
        return Interval(None, value + half)
    return Interval(
        value - max(half, value * (NEAR if qualifier == "near" else ABOUT)),
        value + (half if qualifier == "near" else max(half, value * ABOUT)),
    )


def content_key(row: Observation) -> tuple[str, ...]:
    """What the figure says, without who entered it, when, and where it was read."""
    return (
        row.subject, row.indicator, str(row.period or ""), row.measure, row.basis, row.price, row.status,
        row.qualifier, str(row.base_period or ""), row.within, row.unit, f"{row.value.normalize():f}",
        f"{row.step.normalize():f}",
    )  # fmt: skip


def digest_of(parts: tuple[str, ...]) -> str:
    """A short hash of some words, the same on every machine."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:20]
