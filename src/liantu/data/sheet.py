"""A table as it lies in the file, before anything is believed about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

Cell = object
"""Text from a CSV; text, number, bool, date or time from a workbook; None where blank."""


@dataclass(frozen=True)
class Sheet:
    """One table in one file.

    file     how the file is named to people: 'materials.csv' or 'city.xlsx/materials'
    table    name of the table
    header   column names; position j corresponds to columns[j]
    columns  cells by column; position i in each corresponds to rows[i]
    rows     row number of each record as a spreadsheet shows it: the header is 1
    """

    file: str
    table: str
    header: tuple[str, ...]
    columns: tuple[Sequence[Cell], ...]
    rows: Sequence[int]
    plain: bool = True
    """Every cell is text, as in a CSV."""


@dataclass
class Bundle:
    """Everything found at a path: its sheets, and what the package says of itself."""

    sheets: list[Sheet] = field(default_factory=list)
    name: str = ""
    about: dict[str, object] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    """Tables that were found, also those too damaged to give a sheet."""
