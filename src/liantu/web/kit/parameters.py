"""Reading the address of a page: what is there is one of what may be, or the person is told."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.http import QueryDict

LONGEST = 200


class BadParameterError(Exception):
    """A parameter of the address makes no sense: its name, what was found, and what could stand there."""

    def __init__(self, name: str, found: str, expected: Collection[str] = ()) -> None:
        super().__init__(name, found)
        self.name = name
        self.found = found if len(found) <= 60 else found[:60] + "…"
        self.expected = tuple(expected)[:12]
        self.more = max(0, len(expected) - len(self.expected))


def text(get: QueryDict, name: str) -> str:
    """Free text, such as a search; blank where it is not given."""
    found = get.get(name, "").strip()
    if len(found) > LONGEST or "\x00" in found:
        raise BadParameterError(name, found.replace("\x00", "␀"))
    return found


def choice(get: QueryDict, name: str, allowed: Collection[str], default: str = "") -> str:
    """One of `allowed`, or `default` where it is blank or not given."""
    found = text(get, name)
    if not found:
        return default
    if found not in allowed:
        raise BadParameterError(name, found, tuple(allowed))
    return found


def flag(get: QueryDict, name: str) -> bool:
    """Whether name=1 is given."""
    return choice(get, name, ("0", "1"), "0") == "1"


def page_number(get: QueryDict, name: str = "page") -> int:
    """A page of a list, counted from 1."""
    found = text(get, name) or "1"
    if not (found.isascii() and found.isdigit() and 1 <= int(found[:7]) <= 100_000):
        raise BadParameterError(name, found, ("1", "2", "3"))
    return int(found)


def day(get: QueryDict, name: str) -> date | None:
    """A day as 2026-01-31; None where it is blank."""
    found = text(get, name)
    try:
        return date.fromisoformat(found) if found else None
    except ValueError:
        raise BadParameterError(name, found, ("2026-01-31",)) from None
