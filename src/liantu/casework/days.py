"""Which days are worked: the weekday rule, what is published for a year, and what the city says.

The State Council publishes holidays and make-up days a year at a time, late in the year before. Until
then Monday to Friday are taken as worked, and what is counted over such days is marked provisional.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Literal

from liantu.casework.calendar import WorkCalendar
from liantu.casework.hours import OFF, Hours
from liantu.errors import LiantuError

Origin = Literal["published", "city"]
FIRST_YEAR, LAST_YEAR = 2004, 2060
_NEW_YEAR_REACHES_BACK_TO = (12, 27)
"""The notice for a year may shift days of the December before: 29 December 2018 was worked for 2019."""


class BadDays(LiantuError):
    """A day stands twice with different contents, outside the years, or with hours that belie it."""

    code = "bad_days"


@dataclass(frozen=True)
class CalendarDay:
    """A day that differs from the weekday rule, or about which the city says so."""

    day: date
    working: bool
    name: str = ""
    """'国庆节'; what the city calls it."""
    hours: Hours | None = None
    """Hours of its own, such as half a day; None for the usual ones. Only where it is worked."""
    origin: Origin = "city"

    def __post_init__(self) -> None:
        """Raises BadDays."""
        if self.hours is not None and self.working != bool(self.hours.spans):
            raise BadDays(day=self.day.isoformat(), hours=str(self.hours), working=self.working)


@dataclass(frozen=True, eq=False)
class WorkDays:
    """The days that differ and the years that are published. Compared by identity; it never changes.

    A day of the city overrides a published one and is settled whatever is published later.
    """

    days: Mapping[date, CalendarDay]
    published: frozenset[int]
    first_year: int = FIRST_YEAR
    last_year: int = LAST_YEAR
    _by_hours: dict[Hours, WorkCalendar] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        """Raises BadDays."""
        outside = [d.isoformat() for d in self.days if not self.first_year <= d.year <= self.last_year]
        if outside:
            raise BadDays(outside=outside, first_year=self.first_year, last_year=self.last_year)
        object.__setattr__(self, "days", MappingProxyType(dict(self.days)))

    @classmethod
    def of(cls, days: Iterable[CalendarDay], published: Iterable[int], **years: int) -> WorkDays:
        """Where a day stands twice the city's row wins. Raises BadDays for two rows of one origin."""
        found: dict[date, CalendarDay] = {}
        for day in days:
            there = found.get(day.day)
            if there is not None and there.origin == day.origin and there != day:
                raise BadDays(twice=day.day.isoformat())
            if there is None or day.origin == "city":
                found[day.day] = day
        return cls(found, frozenset(published), **years)

    def with_days(self, days: Iterable[CalendarDay], published: Iterable[int] = ()) -> WorkDays:
        """These days in place of what was there, and these years published too; what the city said of a
        day stands against a notice. Raises BadDays."""
        merged = dict(self.days)
        for day in days:
            there = merged.get(day.day)
            if there is None or there.origin == "published" or day.origin == "city":
                merged[day.day] = day
        return WorkDays(merged, self.published | frozenset(published), self.first_year, self.last_year)

    def is_working(self, day: date) -> bool:
        """Whether the day is worked: what is said about it, else Monday to Friday."""
        said = self.days.get(day)
        return said.working if said is not None else day.weekday() < 5

    def hours_of(self, day: date, usual: Hours) -> Hours:
        """The hours of work on the day."""
        if not self.is_working(day):
            return OFF
        said = self.days.get(day)
        return said.hours if said is not None and said.hours is not None else usual

    def is_settled(self, day: date) -> bool:
        """Whether nothing that is still to be published can change the day."""
        said = self.days.get(day)
        if said is not None and said.origin == "city":
            return True
        if day.year not in self.published:
            return False
        return (day.month, day.day) < _NEW_YEAR_REACHES_BACK_TO or day.year + 1 in self.published

    def at(self, hours: Hours) -> WorkCalendar:
        """The calendar of these hours of work; made once."""
        calendar = self._by_hours.get(hours)
        if calendar is None:
            calendar = self._by_hours[hours] = WorkCalendar.build(self, hours)
        return calendar
