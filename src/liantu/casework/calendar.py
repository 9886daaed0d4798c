"""Minutes of work between two instants, and the instant so many minutes of work away.

Sums over whole days are kept once, so that both are a look-up and a bisection. With W(t) the minutes of
work before t: working_minutes_between(a, b) = W(b) - W(a), and add_working(a, n) is the earliest t with
W(t) = W(a) + n for n > 0, a itself for n = 0, the latest such t for n < 0. So

    working_minutes_between(a, add_working(a, n)) == n          for every n
    add_working(a, working_minutes_between(a, b)) <= b          for a <= b, the same where b ends work
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate
from typing import TYPE_CHECKING

from liantu.casework.hours import Hours
from liantu.casework.instants import DAY, day_number, day_of, instant_of, minute_of
from liantu.errors import LiantuError

if TYPE_CHECKING:
    from liantu.casework.days import WorkDays


class OutsideCalendar(LiantuError):
    """An instant, or one that was counted to, lies outside the years of the calendar."""

    code = "outside_calendar"


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """Work by the day. Position i in `hours_of_day` is the day numbered `first` + i.

    `before[i]` counts the minutes of work before day i, `unsettled[i]` the days before day i that may
    still change; both have one entry more than there are days. `worked` holds the worked days' numbers.
    """

    hours: Hours
    first: int
    hours_of_day: tuple[Hours, ...]
    before: tuple[int, ...]
    unsettled: tuple[int, ...]
    worked: tuple[int, ...]

    @classmethod
    def build(cls, days: WorkDays, hours: Hours) -> WorkCalendar:
        """The calendar of the years of `days` with these usual hours."""
        first = day_number(date(days.first_year, 1, 1))
        numbers = range(first, day_number(date(days.last_year, 12, 31)) + 1)
        dates = [day_of(number) for number in numbers]
        of_day = tuple(days.hours_of(day, hours) for day in dates)
        return cls(
            hours,
            first,
            of_day,
            tuple(accumulate((h.minutes for h in of_day), initial=0)),
            tuple(accumulate((not days.is_settled(day) for day in dates), initial=0)),
            tuple(number for number, h in zip(numbers, of_day, strict=True) if h.spans),
        )

    def working_minutes_between(self, a: datetime, b: datetime) -> int:
        """Minutes of work from a to b, negative where b comes first. Raises OutsideCalendar, NaiveInstant."""
        return self.work_before(minute_of(b)) - self.work_before(minute_of(a))

    def add_working(self, a: datetime, minutes: int) -> datetime:
        """The instant `minutes` of work after a (before it where negative), as the module says.

        Raises OutsideCalendar, NaiveInstant.
        """
        return instant_of(self.minute_after(minute_of(a), minutes))

    def work_before(self, minute: int) -> int:
        """Minutes of work from the calendar's beginning to this minute."""
        day, of_day = divmod(minute, DAY)
        i = day - self.first
        if 0 <= i < len(self.hours_of_day):
            return self.before[i] + self.hours_of_day[i].before(of_day)
        if i == len(self.hours_of_day) and not of_day:
            return self.before[i]
        raise OutsideCalendar(at=instant_of(minute).isoformat())

    def minute_after(self, minute: int, work: int) -> int:
        """`add_working` in minutes."""
        target = self.work_before(minute) + work
        if not work:
            return minute
        if not 0 <= target <= self.before[-1]:
            raise OutsideCalendar(at=instant_of(minute).isoformat(), minutes=work)
        if work > 0:
            i = bisect_left(self.before, target) - 1
            of_day = self.hours_of_day[i].first_with(target - self.before[i])
        else:
            i = bisect_right(self.before, target) - 1
            of_day = self.hours_of_day[i].last_with(target - self.before[i])
        return (self.first + i) * DAY + of_day

    def close_after(self, minute: int, working_days: int) -> int:
        """The close of work on the n-th worked day after the day of this minute, which doesn't count."""
        i = bisect_right(self.worked, minute // DAY) + working_days - 1
        if not 0 <= i < len(self.worked):
            raise OutsideCalendar(at=instant_of(minute).isoformat(), working_days=working_days)
        day = self.worked[i]
        return day * DAY + self.hours_of_day[day - self.first].spans[-1][1]

    def is_provisional(self, start: int, end: int) -> bool:
        """Whether a day from the one of minute `start` to that of `end`, both included, may still change."""
        first, last = start // DAY - self.first, end // DAY - self.first
        if not 0 <= first <= last < len(self.hours_of_day):
            raise OutsideCalendar(start=instant_of(start).isoformat(), end=instant_of(end).isoformat())
        return self.unsettled[last + 1] > self.unsettled[first]
