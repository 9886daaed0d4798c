"""Periods of figures: day, month, quarter, year, year to date, five-year plan, span, point in time, open end.

Written as '2025-09-30', '2025-09', '2025-Q3', '2025', '2025-01/2025-09', '2021/2025', '@2025-09-30',
'2024/..' and '../2024'. A span takes its first and its last part.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

PeriodKind = Literal["day", "month", "quarter", "year", "ytd", "plan", "span", "point", "open"]

_YEAR = re.compile(r"^(\d{4})$")
_MONTH = re.compile(r"^(\d{4})-(\d{2})$")
_DAY = re.compile(r"^(\d{4})-(\d{2})-(\d{2})$")
_QUARTER = re.compile(r"^(\d{4})-Q([1-4])$")
_HALF = re.compile(r"^(\d{4})-H([12])$")
FOREVER = date.max
SINCE_EVER = date.min


class BadPeriod(ValueError):
    """The text is no period; the message is the text."""


@dataclass(frozen=True, order=True)
class Period:
    """From the first day to the last, both included. `point` marks a moment: the end of that one day.

    An open end is `date.min` or `date.max`.
    """

    start: date
    end: date
    point: bool = False

    def __post_init__(self) -> None:
        if self.start > self.end:
            raise BadPeriod(f"{self.start}/{self.end}")
        if self.point and self.start != self.end:
            raise BadPeriod(f"@{self.start}/{self.end}")

    @property
    def kind(self) -> PeriodKind:
        """What the period is called; told from its days alone."""
        if self.point:
            return "point"
        if self.open:
            return "open"
        if self.start == self.end:
            return "day"
        if not self.monthly:
            return "span"
        if self.months == 1:
            return "month"
        if self.months == 3 and self.start.month % 3 == 1:
            return "quarter"
        if self.years == 1:
            return "year"
        if self.years == 5 and self.start.year % 5 == 1:
            return "plan"
        return "ytd" if self.to_date else "span"

    @property
    def open(self) -> bool:
        """Whether it has no first or no last day."""
        return self.start == SINCE_EVER or self.end == FOREVER

    @property
    def monthly(self) -> bool:
        """Whether it is made of whole months."""
        return not self.point and _whole_months(self.start, self.end)

    @property
    def to_date(self) -> bool:
        """Whether it runs from the first of January to a month's end in the same year."""
        return self.monthly and self.start.month == 1 and self.start.year == self.end.year

    @property
    def months(self) -> int:
        """Length in months, of a period of whole months."""
        return month_number(self.end) - month_number(self.start) + 1

    @property
    def days(self) -> int:
        """Length in days."""
        return (self.end - self.start).days + 1

    @property
    def years(self) -> int | None:
        """Length in whole calendar years; None where it is not made of them."""
        whole = self.monthly and self.start.month == 1 and self.end.month == 12
        return self.end.year - self.start.year + 1 if whole else None

    def contains(self, other: Period) -> bool:
        """Whether every day of the other is a day of this."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Period) -> bool:
        """Whether they share a day."""
        return self.start <= other.end and other.start <= self.end

    def shift_years(self, years: int) -> Period:
        """The same period so many years later; the end of February stays one."""
        if self.open:
            return self
        if self.monthly:
            first = date(self.start.year + years, self.start.month, 1)
            return Period(first, _month_end(date(self.end.year + years, self.end.month, 1)))
        return Period(_shift(self.start, years), _shift(self.end, years), self.point)

    def __str__(self) -> str:
        return format_period(self)


def year(number: int) -> Period:
    """A calendar year."""
    return Period(date(number, 1, 1), date(number, 12, 31))


def month(number: int, of: int) -> Period:
    """A month of a year."""
    first = date(number, of, 1)
    return Period(first, _month_end(first))


def quarter(number: int, of: int) -> Period:
    """A quarter, 1 to 4, of a year."""
    return Period(date(number, 3 * of - 2, 1), month(number, 3 * of).end)


def to_date(number: int, upto: int) -> Period:
    """January to a month of a year."""
    return Period(date(number, 1, 1), month(number, upto).end)


def years(first: int, last: int) -> Period:
    """From the first year through the last; five years from ...1 or ...6 are a five-year plan."""
    return Period(date(first, 1, 1), date(last, 12, 31))


def plan(number: int) -> Period:
    """The five-year plan of that number: the 14th is 2021 to 2025."""
    return years(1951 + 5 * number, 1955 + 5 * number)


def point(at: date) -> Period:
    """The end of a day."""
    return Period(at, at, point=True)


@lru_cache(maxsize=65536)
def parse_period(text: str) -> Period:
    """The period that is written so. Raises BadPeriod."""
    bare = text.strip()
    try:
        if bare.startswith("@"):
            return point(date.fromisoformat(bare[1:]))
        first, slash, last = bare.partition("/")
        if not slash:
            return _one(bare)
        start = SINCE_EVER if first == ".." else _one(first).start
        end = FOREVER if last == ".." else _one(last).end
        if (start, end) == (SINCE_EVER, FOREVER):
            raise BadPeriod(text)
        return Period(start, end)
    except ValueError as error:
        raise BadPeriod(text) from error


@lru_cache(maxsize=65536)
def format_period(period: Period) -> str:
    """How the period is written; `parse_period` reads it back."""
    if period.point:
        return f"@{period.start.isoformat()}"
    if period.open:
        first = ".." if period.start == SINCE_EVER else period.start.isoformat()
        last = ".." if period.end == FOREVER else period.end.isoformat()
        return f"{first}/{last}"
    kind = period.kind
    if kind == "day":
        return period.start.isoformat()
    first, last = period.start.isoformat(), period.end.isoformat()
    if kind == "month":
        return first[:7]
    if kind == "quarter":
        return f"{first[:4]}-Q{(period.start.month + 2) // 3}"
    if period.years == 1:
        return first[:4]
    if period.years is not None:
        return f"{first[:4]}/{last[:4]}"
    return f"{first[:7]}/{last[:7]}" if period.monthly else f"{first}/{last}"


def month_number(day: date) -> int:
    """Months since the year 0, so that months can be subtracted."""
    return day.year * 12 + day.month - 1


@lru_cache(maxsize=65536)
def _whole_months(start: date, end: date) -> bool:
    return start != SINCE_EVER and end != FOREVER and start.day == 1 and end == _month_end(end)


def _one(text: str) -> Period:
    if found := _YEAR.match(text):
        return year(int(found[1]))
    if found := _MONTH.match(text):
        return month(int(found[1]), int(found[2]))
    if found := _QUARTER.match(text):
        return quarter(int(found[1]), int(found[2]))
    if found := _HALF.match(text):
        first = date(int(found[1]), 6 * int(found[2]) - 5, 1)
        return Period(first, month(first.year, 6 * int(found[2])).end)
    if _DAY.match(text):
        day = date.fromisoformat(text)
        return Period(day, day)
    raise BadPeriod(text)


def _month_end(day: date) -> date:
    return date(day.year, day.month, calendar.monthrange(day.year, day.month)[1])


def _shift(day: date, years: int) -> date:
    if day == _month_end(day):
        return _month_end(date(day.year + years, day.month, 1))
    return date(day.year + years, day.month, day.day)


def next_day(period: Period) -> date:
    """The day after the last."""
    return period.end + timedelta(days=1)
