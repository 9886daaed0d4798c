"""Closed intervals with exact rational ends: what a printed figure may stand for, and what follows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

Number = Fraction | Decimal | int


@dataclass(frozen=True)
class Interval:
    """All numbers from `lo` to `hi`, both included; None is no bound on that side.

    Every operation encloses: for x in a and y in b, x op y is in a op b. Ends are fractions, so that no
    rounding of the machine enters.
    """

    lo: Fraction | None
    hi: Fraction | None

    def __post_init__(self) -> None:
        if self.lo is not None and self.hi is not None and self.lo > self.hi:
            raise ValueError(f"an interval from {self.lo} to {self.hi} is empty")

    @staticmethod
    def of(lo: Number | None, hi: Number | None) -> Interval:
        """The interval between two numbers."""
        return Interval(None if lo is None else Fraction(lo), None if hi is None else Fraction(hi))

    @staticmethod
    def exactly(value: Number) -> Interval:
        """The interval of one number."""
        return Interval(Fraction(value), Fraction(value))

    @staticmethod
    def around(value: Number, half: Number) -> Interval:
        """value - half to value + half."""
        return Interval(Fraction(value) - Fraction(half), Fraction(value) + Fraction(half))

    def __add__(self, other: Interval) -> Interval:
        return Interval(_plus(self.lo, other.lo), _plus(self.hi, other.hi))

    def __neg__(self) -> Interval:
        return Interval(None if self.hi is None else -self.hi, None if self.lo is None else -self.lo)

    def __sub__(self, other: Interval) -> Interval:
        return self + -other

    def __mul__(self, other: Interval) -> Interval:
        if self._plain and other._plain:
            return Interval(self.lo * other.lo, self.hi * other.hi)  # type: ignore[operator]
        if ZERO in (self, other):
            return ZERO
        ends = [_times(a, b) for a in self._ends() for b in other._ends()]
        known = [end for end in ends if isinstance(end, Fraction)]
        return Interval(
            None if _LOW in ends else min(known, default=None),
            None if _HIGH in ends else max(known, default=None),
        )

    def __truediv__(self, other: Interval) -> Interval:
        """The quotient; unbounded on both sides where the divisor may be zero."""
        if self._plain and other._plain and other.positive:
            return Interval(self.lo / other.hi, self.hi / other.lo)  # type: ignore[operator]
        if other.has(0):
            return ANY
        lo = Fraction(0) if other.hi is None else 1 / other.hi
        hi = Fraction(0) if other.lo is None else 1 / other.lo
        return self * Interval(lo, hi)

    def __pow__(self, n: int) -> Interval:
        """The n-th power, n a whole number from 0, of an interval that is nowhere negative."""
        if n < 0 or self.lo is None or self.lo < 0:
            raise ValueError("a power is taken of what is nowhere negative, to a whole exponent from 0")
        return Interval(self.lo**n, None if self.hi is None else self.hi**n)

    def _ends(self) -> tuple[Fraction | str, Fraction | str]:
        return (_LOW if self.lo is None else self.lo, _HIGH if self.hi is None else self.hi)

    def has(self, value: Number) -> bool:
        """Whether the number lies in it."""
        value = Fraction(value)
        return (self.lo is None or self.lo <= value) and (self.hi is None or value <= self.hi)

    def meets(self, other: Interval) -> bool:
        """Whether the two have a number in common."""
        return not (self.below(other) or other.below(self))

    def below(self, other: Interval) -> bool:
        """Whether all of it is less than all of the other."""
        return self.hi is not None and other.lo is not None and self.hi < other.lo

    def gap(self, other: Interval) -> Fraction:
        """How far the two lie apart; 0 where they meet."""
        if self.below(other):
            return _sure(other.lo) - _sure(self.hi)
        return _sure(self.lo) - _sure(other.hi) if other.below(self) else Fraction(0)

    @property
    def positive(self) -> bool:
        """Whether every number in it is above zero."""
        return self.lo is not None and self.lo.numerator > 0

    @property
    def _plain(self) -> bool:
        """Whether it is bounded and nowhere negative, so that its ends go with the other's ends."""
        return self.lo is not None and self.hi is not None and self.lo.numerator >= 0

    @property
    def has_whole(self) -> bool:
        """Whether a whole number lies in it."""
        return self.lo is None or self.hi is None or -(-self.lo // 1) <= self.hi

    def __str__(self) -> str:
        return (
            f"[{'-∞' if self.lo is None else plain(self.lo)}, {'∞' if self.hi is None else plain(self.hi)}]"
        )


def plain(value: Fraction, digits: int = 6) -> str:
    """A number to so many significant digits, without an exponent."""
    if value == 0:
        return "0"
    text = f"{Decimal(value.numerator) / Decimal(value.denominator):.{digits}g}"
    return f"{Decimal(text).normalize():f}"


def _plus(a: Fraction | None, b: Fraction | None) -> Fraction | None:
    return None if a is None or b is None else a + b


def _times(a: Fraction | str, b: Fraction | str) -> Fraction | str:
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a * b
    signs = _sign(a) * _sign(b)
    return Fraction(0) if signs == 0 else _HIGH if signs > 0 else _LOW


def _sign(a: Fraction | str) -> int:
    if isinstance(a, Fraction):
        return (a > 0) - (a < 0)
    return 1 if a == _HIGH else -1


def _sure(value: Fraction | None) -> Fraction:
    assert value is not None
    return value


_LOW, _HIGH = "low", "high"
ZERO = Interval(Fraction(0), Fraction(0))
ONE = Interval(Fraction(1), Fraction(1))
ANY = Interval(None, None)
