"""Text in drawings: how wide it is, and how it is cut to fit."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


def width(text: str, size: float) -> float:
    """Width in px at a font size: a Chinese character is one em, a Latin one a little over half."""
    return sum(map(_em, text)) * size


@lru_cache(maxsize=8192)
def _em(c: str) -> float:
    if unicodedata.east_asian_width(c) in "WF":
        return 1.0
    if c in "iljtfr.,;:'()|!· ":
        return 0.34
    return 0.7 if c.isupper() or c in "mw%@" else 0.57


def cut(text: str, room: float, size: float) -> str:
    """The text, or its beginning with an ellipsis, within `room` px."""
    if width(text, size) <= room:
        return text
    kept = ""
    for c in text:
        if width(kept + c + "…", size) > room:
            break
        kept += c
    return kept.rstrip() + "…"


def wrap(text: str, room: float, size: float, lines: int = 2) -> list[str]:
    """At most `lines` lines within `room` px; words stay whole, Chinese breaks anywhere; the rest is cut."""
    out: list[str] = []
    rest = text.strip()
    while rest and len(out) < lines - 1 and width(rest, size) > room:
        n = _break(rest, room, size)
        out.append(rest[:n].rstrip())
        rest = rest[n:].lstrip()
    if rest:
        out.append(cut(rest, room, size))
    return out


def _break(text: str, room: float, size: float) -> int:
    """Where to break: the last place that fits and does not tear a Latin word or open a line with a mark."""
    best, used = 0, 0.0
    for i, c in enumerate(text):
        used += _em(c) * size
        if used > room:
            break
        ahead = text[i + 1] if i + 1 < len(text) else " "
        torn = c.isascii() and c.isalnum() and ahead.isascii() and ahead.isalnum()
        if not torn and ahead not in "，。、；：）)」”" and c not in "（(「“":
            best = i + 1
    return best or max(1, i)
