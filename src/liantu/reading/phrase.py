"""A head and the clause that it is looked for in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_CLAUSE_END = re.compile(r"[，:;]|,(?!(?<=\d,)\d{3}(?!\d))")


def clause_start(text: str, start: int, end: int) -> int:
    """Where the last clause of [start, end) begins."""
    marks = [m.end() for m in _CLAUSE_END.finditer(text, start, end)]
    return marks[-1] if marks else start


@dataclass(frozen=True)
class Head:
    """An indicator and the rule that found it; `canonical` where it is an id of the lexicon."""

    name: str
    rule: str
    canonical: bool
    start: int = 0
    bearer: str = ""


@lru_cache(maxsize=16)
def ending(words: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern for any of the words at the end."""
    return re.compile("(?:" + "|".join(re.escape(w) for w in words) + ")$")


@lru_cache(maxsize=16)
def opening(words: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern for any of the words."""
    return re.compile("(?:" + "|".join(re.escape(w) for w in words) + ")")
