"""China's published holidays and make-up days, as seed of the city's own table.

Source: the State Council's yearly notices, as the package chinesecalendar holds them (MIT).
"""

from __future__ import annotations

from functools import cache

from chinese_calendar import constants  # type: ignore[import-untyped]

from liantu.casework.days import CalendarDay, WorkDays

_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利七十周年纪念日",
}


def published_years() -> frozenset[int]:
    """The years that the seed holds."""
    return frozenset(day.year for day in constants.holidays)


def published_days() -> tuple[CalendarDay, ...]:
    """Holidays, with those that fall on a weekend, and weekend days worked to make up; ascending."""
    off = [CalendarDay(d, False, _NAMES.get(name, name), origin="published")
           for d, name in constants.holidays.items()]  # fmt: skip
    on = [CalendarDay(d, True, f"{_NAMES.get(name, name)}调休上班", origin="published")
          for d, name in constants.workdays.items()]  # fmt: skip
    return tuple(sorted(off + on, key=lambda d: d.day))


@cache
def published() -> WorkDays:
    """The calendar as published, without anything of a city."""
    return WorkDays.of(published_days(), published_years())
