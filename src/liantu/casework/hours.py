"""Hours of work in a day."""

from __future__ import annotations

import re
from dataclasses import dataclass

from liantu.casework.instants import DAY
from liantu.errors import LiantuError

_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


class BadHours(LiantuError):
    """The hours of work overlap, are out of order, end before they begin, or aren't written 08:30-12:00."""

    code = "bad_hours"


@dataclass(frozen=True)
class Hours:
    """Spans of work in minutes since midnight, ascending and apart: ((510, 720), (870, 1080)).

    No span at all is a day off. A span may end at 24:00; none passes midnight.
    """

    spans: tuple[tuple[int, int], ...]

    def __post_init__(self) -> None:
        """Raises BadHours."""
        last = -1
        for start, end in self.spans:
            if not last < start < end <= DAY:
                raise BadHours(hours=str(self))
            last = end

    @classmethod
    def of(cls, *texts: str) -> Hours:
        """Hours.of('08:30-12:00', '14:30-18:00'). Raises BadHours."""
        spans = []
        for text in texts:
            match = _SPAN.fullmatch(text.strip())
            if not match or int(match[2]) > 59 or int(match[4]) > 59:
                raise BadHours(hours=text)
            spans.append((int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])))
        return cls(tuple(spans))

    def __str__(self) -> str:
        return ", ".join(f"{s // 60:02}:{s % 60:02}-{e // 60:02}:{e % 60:02}" for s, e in self.spans)

    @property
    def minutes(self) -> int:
        """Minutes of work in the day."""
        return sum(end - start for start, end in self.spans)

    def before(self, minute: int) -> int:
        """Minutes of work before this minute of the day."""
        worked = 0
        for start, end in self.spans:
            if minute <= start:
                break
            worked += min(minute, end) - start
        return worked

    def first_with(self, worked: int) -> int:
        """The earliest minute of the day before which `worked` minutes lie; 1 <= worked <= minutes."""
        for start, end in self.spans:
            if worked <= end - start:
                return start + worked
            worked -= end - start
        raise ValueError("more minutes than the day has")

    def last_with(self, worked: int) -> int:
        """The latest minute of the day before which `worked` minutes lie; 0 <= worked < minutes."""
        for start, end in self.spans:
            if worked < end - start:
                return start + worked
            worked -= end - start
        raise ValueError("more minutes than the day has")


OFF = Hours(())
OFFICE = Hours.of("08:30-12:00", "14:30-18:00")
"""The office hours of Gansu's public bodies: seven hours a day."""
