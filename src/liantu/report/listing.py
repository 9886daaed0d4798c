"""What a report is made of: facts, and listings whose columns know their unit.

A report is built once, in the language spoken, and written to a terminal, a pipe or a workbook. Cells hold
numbers as they are; scaling and rounding belong to the writer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple


class Quantity(NamedTuple):
    """An amount in a unit of the tables, such as 't/y'."""

    value: float
    unit: str


class Interval(NamedTuple):
    """Least and greatest value; an infinite end where nothing bounds it."""

    low: float
    high: float


Cell = str | float | Quantity | Interval | None
"""None where there is nothing to say."""

Kind = Literal["text", "number", "share", "money", "quantity", "interval"]


@dataclass(frozen=True)
class Column:
    """A column: `title` without its unit, in the language spoken.

    text      as it is
    number    in `unit`; of mixed sizes where `mixed`, so that each is rounded by itself
    share     a fraction of 1, shown in per cent
    money     CNY, a year where `unit` is 'CNY/y'; one scale for the whole listing
    quantity  a Quantity a cell, each in a unit of its own; a year, unless `unit` is 'any'
    interval  an Interval a cell, in `unit`

    An optional column is left out where a terminal is too narrow for it, together with those of the same
    group where `optional` names one.
    """

    title: str
    kind: Kind = "text"
    unit: str = ""
    mixed: bool = False
    optional: bool | str = False


@dataclass(frozen=True)
class Listing:
    """A table under a title; `short` rows of it are shown unless all are asked for. A workbook has all."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    short: int | None = None
    empty: str = ""
    """What is said in place of a table without rows; where this is blank too, the listing is left out."""


class Fact(NamedTuple):
    """One line of the summary: its name, and a text or a cell with the column that tells how to write it."""

    name: str
    value: Cell
    column: Column = Column("")


@dataclass(frozen=True)
class Report:
    """A result in the language spoken. `notes` are sentences below the facts."""

    title: str
    facts: Sequence[Fact] = ()
    listings: Sequence[Listing] = ()
    notes: Sequence[str] = field(default_factory=tuple)
