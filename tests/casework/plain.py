"""The plain reference: time as a row of minutes, each worked or not. Slow, and easy to believe.

The days are written out here from the State Council's notices for 2024, 2025 and 2026; 2027 has none.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from liantu.casework.days import WorkDays
from liantu.casework.instants import CHINA
from liantu.casework.seed import published_days

FIRST, LAST = date(2024, 1, 1), date(2028, 12, 31)
START = datetime(2024, 1, 1, tzinfo=CHINA)
OFFICE = ((510, 720), (870, 1080))

HOLIDAYS = (
    "2024-01-01 2024-02-10..2024-02-17 2024-04-04..2024-04-06 2024-05-01..2024-05-05 "
    "2024-06-08..2024-06-10 2024-09-15..2024-09-17 2024-10-01..2024-10-07 "
    "2025-01-01 2025-01-28..2025-02-04 2025-04-04..2025-04-06 2025-05-01..2025-05-05 "
    "2025-05-31..2025-06-02 2025-10-01..2025-10-08 "
    "2026-01-01..2026-01-03 2026-02-15..2026-02-23 2026-04-04..2026-04-06 2026-05-01..2026-05-05 "
    "2026-06-19..2026-06-21 2026-09-25..2026-09-27 2026-10-01..2026-10-07"
)
MADE_UP = (
    "2024-02-04 2024-02-18 2024-04-07 2024-04-28 2024-05-11 2024-09-14 2024-09-29 2024-10-12 "
    "2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11 "
    "2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10"
)

DAYS = WorkDays.of([day for day in published_days() if day.day.year <= 2026], range(2004, 2027))
"""The engine's calendar as it is before the notice for 2027."""


def dates(text: str) -> set[date]:
    """'2025-01-01 2025-10-01..2025-10-08' as dates."""
    found: set[date] = set()
    for word in text.split():
        first, _, last = word.partition("..")
        day, end = date.fromisoformat(first), date.fromisoformat(last or first)
        while day <= end:
            found.add(day)
            day += timedelta(days=1)
    return found


HOLIDAY, MADE = dates(HOLIDAYS), dates(MADE_UP)


def worked(day: date) -> bool:
    return day in MADE or (day.weekday() < 5 and day not in HOLIDAY)


def settled(day: date) -> bool:
    """2026 is the last year with a notice; the one for 2027 may still move the end of its December."""
    return day < date(2026, 12, 27)


def every_day() -> list[date]:
    return [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


def _minutes() -> NDArray[np.bool_]:
    minutes = np.zeros(len(every_day()) * 1440, dtype=bool)
    for number, day in enumerate(every_day()):
        if worked(day):
            for start, end in OFFICE:
                for minute in range(start, end):
                    minutes[number * 1440 + minute] = True
    return minutes


WORKED: NDArray[np.bool_] = _minutes()
"""Whether minute i since 2024 began is worked, by the office hours of Gansu."""
ALWAYS: NDArray[np.bool_] = np.ones(len(WORKED), dtype=bool)


def index(at: datetime) -> int:
    """The minute in which an instant lies."""
    return (at - START) // timedelta(minutes=1)


def instant(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def between(a: datetime, b: datetime) -> int:
    """Count the worked minutes one by one."""
    i, j = index(a), index(b)
    return int(WORKED[i:j].sum()) if i <= j else -int(WORKED[j:i].sum())


def after(a: datetime, minutes: int, ticking: NDArray[np.bool_] = WORKED) -> datetime:
    """Walk on minute by minute until so many have ticked."""
    i = index(a)
    while minutes > 0:
        minutes -= int(ticking[i])
        i += 1
    while minutes < 0:
        i -= 1
        minutes += int(ticking[i])
    if i < index(a):  # as late as it may be: go forward again over what doesn't tick
        while not ticking[i]:
            i += 1
    return instant(i)


def close_after(a: datetime, working_days: int) -> datetime:
    """Turn over the leaves of the calendar to the n-th worked day after this one."""
    day = a.astimezone(CHINA).date()
    while working_days:
        day += timedelta(days=1)
        working_days -= worked(day)
    return datetime(day.year, day.month, day.day, 18, tzinfo=CHINA)


def provisional(a: datetime, b: datetime) -> bool:
    day = a.astimezone(CHINA).date()
    while day <= b.astimezone(CHINA).date():
        if not settled(day):
            return True
        day += timedelta(days=1)
    return False
