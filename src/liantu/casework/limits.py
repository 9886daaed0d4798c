"""Limits, and the two ways to measure time: by work, or by the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from liantu.casework.calendar import WorkCalendar
from liantu.casework.instants import DAY

Unit = Literal["working_days", "working_hours", "working_minutes",
               "calendar_days", "calendar_hours", "calendar_minutes"]  # fmt: skip
Base = Literal["working", "calendar"]
UNITS: tuple[Unit, ...] = ("working_days", "working_hours", "working_minutes",
                           "calendar_days", "calendar_hours", "calendar_minutes")  # fmt: skip


@dataclass(frozen=True)
class Limit:
    """So much time: 5 working_days, 4 working_hours, 30 calendar_days."""

    amount: int
    unit: Unit

    @property
    def base(self) -> Base:
        """What the minutes are minutes of."""
        return "working" if self.unit.startswith("working") else "calendar"


def allowance(limit: Limit, start: int, calendar: WorkCalendar) -> int:
    """Minutes that a clock with this limit is given when it starts at minute `start`.

    Days are counted as the law does: the day of the start doesn't count, and the last day ends with its
    work (working days) or at 24:00 (calendar days). Hours and minutes count from the start.
    """
    if limit.unit == "working_days":
        return calendar.work_before(calendar.close_after(start, limit.amount)) - calendar.work_before(start)
    if limit.unit == "calendar_days":
        return (start // DAY + 1 + limit.amount) * DAY - start
    return duration(limit, calendar)


def duration(limit: Limit, calendar: WorkCalendar) -> int:
    """The limit as a plain number of minutes, where it has no start: a working day is the usual hours."""
    of_unit = {"days": calendar.hours.minutes if limit.base == "working" else DAY, "hours": 60, "minutes": 1}
    return limit.amount * of_unit[limit.unit.split("_")[1]]


def measure(base: Base, a: int, b: int, calendar: WorkCalendar) -> int:
    """Minutes from a to b, of work or of the calendar."""
    return calendar.work_before(b) - calendar.work_before(a) if base == "working" else b - a


def shift(base: Base, a: int, minutes: int, calendar: WorkCalendar) -> int:
    """The minute so many minutes after a, of work or of the calendar."""
    return calendar.minute_after(a, minutes) if base == "working" else a + minutes
