"""The annotated texts of tests/reading/texts: figures in [brackets], below them a row for each.

A row is value|unit|measure|growth basis|subject|indicator|period; '?' is not judged; a row that starts
with '+' is another fact of the bracket before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

TEXTS = Path(__file__).parents[2] / "tests" / "reading" / "texts"


@dataclass(frozen=True)
class Wanted:
    """One fact as a person annotated it."""

    start: int
    end: int
    value: float
    unit: str
    measure: str
    basis: str
    subject: str
    indicator: str
    period: str


@dataclass(frozen=True)
class Annotated:
    """One text with its facts."""

    name: str
    genre: str
    date: str
    text: str
    facts: tuple[Wanted, ...]


def read_annotated(file: str) -> list[Annotated]:
    """The texts of 'development.txt' or 'held_back.txt'. Raises ValueError where brackets and rows differ."""
    blocks = (TEXTS / file).read_text(encoding="utf-8").split("=== ")[1:]
    return [_block(block) for block in blocks]


def _block(block: str) -> Annotated:
    head, body = block.split("\n", 1)
    marked, rows = body.rstrip("\n").split("\n--\n")
    name, genre, date = head.split()[:3]
    spans: list[tuple[int, int]] = []
    text = ""
    for piece in re.split(r"(\[[^\]]*\])", marked):
        if piece.startswith("["):
            spans.append((len(text), len(text) + len(piece) - 2))
            piece = piece[1:-1]
        text += piece
    facts: list[Wanted] = []
    at = -1
    for row in rows.splitlines():
        at += not row.startswith("+")
        value, unit, measure, basis, subject, indicator, period = row.lstrip("+").split("|")
        facts.append(
            Wanted(*spans[at], float(Decimal(value)), unit, measure, basis, subject, indicator, period)
        )
    if at + 1 != len(spans):
        raise ValueError(f"{name}: {len(spans)} brackets, {at + 1} rows")
    return Annotated(name, genre, date, text, tuple(facts))
