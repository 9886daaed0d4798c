"""Instants in China's time, counted in whole minutes.

China keeps one time, eight hours ahead of UTC, without summer time since 1992. A clock counts whole
minutes: the seconds of an instant are kept in the history and cut off in the counting, so that the
minutes of adjoining stretches add up.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from liantu.errors import LiantuError

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
DAY = 1440
"""Minutes of a day."""
_EPOCH = datetime(1970, 1, 1, tzinfo=CHINA)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_MINUTE = timedelta(minutes=1)


class NaiveInstant(LiantuError):
    """A datetime came without its timezone, so nobody knows which instant it is."""

    code = "naive_instant"


def is_instant(at: datetime) -> bool:
    """Whether the datetime says which instant it is."""
    return at.tzinfo is not None and at.utcoffset() is not None


def in_china(at: datetime) -> datetime:
    """The same instant, told in China's time. Raises NaiveInstant."""
    if not is_instant(at):
        raise NaiveInstant(at=at.isoformat())
    return at.astimezone(CHINA)


def minute_of(at: datetime) -> int:
    """Whole minutes since 1970 began in China; seconds are cut off. Raises NaiveInstant."""
    if not is_instant(at):
        raise NaiveInstant(at=at.isoformat())
    return (at - _EPOCH) // _MINUTE


def instant_of(minute: int) -> datetime:
    """The instant at which a minute begins, in China's time."""
    return _EPOCH + minute * _MINUTE


def day_number(day: date) -> int:
    """Days since 1970 began: the number of the minutes of a day divided by 1440."""
    return day.toordinal() - _EPOCH_DAY


def day_of(number: int) -> date:
    """The date with this day number."""
    return date.fromordinal(number + _EPOCH_DAY)
