"""The working days that cases are counted by: as published, and as the city's own table says."""

from __future__ import annotations

from functools import lru_cache

from liantu.casework import days as casework
from liantu.casework.days import WorkDays
from liantu.casework.hours import Hours
from liantu.casework.seed import published
from liantu.web.casefile.models import CalendarDay, CalendarEdition, CalendarYear


def work_days() -> WorkDays:
    """The calendar as it is now: one query where nothing has changed."""
    return _read(CalendarEdition.objects.values_list("number", flat=True).first() or 0)


@lru_cache(maxsize=2)
def _read(edition: int) -> WorkDays:
    """`edition` only tells one state of the tables from another."""
    years = CalendarYear.objects.values_list("year", flat=True)
    return published().with_days([as_casework(row) for row in CalendarDay.objects.all()], years)


def forget() -> None:
    """Read the tables again; for tests, whose databases start anew."""
    _read.cache_clear()


def as_casework(row: CalendarDay) -> casework.CalendarDay:
    """A row as the engine takes it. Raises BadDays and BadHours."""
    hours = Hours.of(*[part for part in row.hours.split(",") if part.strip()]) if row.hours.strip() else None
    origin: casework.Origin = "city" if row.origin == CalendarDay.Origin.CITY else "published"
    return casework.CalendarDay(row.day, row.working, row.name, hours, origin)
