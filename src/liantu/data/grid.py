"""Rows of cells to a sheet: the header, the width of rows, blank rows and columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from liantu.data.schema import CARRIED_PREFIX, TABLES, near_names
from liantu.data.sheet import Cell, Sheet
from liantu.errors import Problem
from liantu.messages import problem

_FOOTER = re.compile(
    r"\s*((合\s*计|总\s*计|小\s*计|totals?|sum)\s*[:：]?\s*$|(注|备注|说明|notes?)\s*[:：])", re.IGNORECASE
)
"""What a line of sums or remarks under a table starts with."""
TITLE_ROWS = 6
"""How far down a header is looked for under a title."""


def sheet_of(
    rows: Sequence[Sequence[Cell]], *, file: str, table: str, plain: bool = True
) -> tuple[Sheet | None, list[Problem]]:
    """The sheet of these rows, the header first, and what is wrong with their shape.

    `plain` says that every cell is text. Blank rows are passed over; row numbers count them.
    """
    top = header_row(rows)
    if top is None:
        return None, [problem("empty_table", file)]
    lower = _header_below(rows, top, table)
    if lower is not None:
        return None, [problem("title_above_header", file, top + 1, expected=str(lower + 1))]
    header = ["" if name is None else str(name) for name in rows[top]]
    while header and not header[-1].strip() and _column_is_blank(rows[top + 1 :], len(header) - 1):
        header.pop()
    problems = _check_header(header, file, table, top + 1)
    if not set(header) & set(TABLES[table].names):
        return None, problems
    kept, numbers, ragged = _records(rows, top, len(header), file)
    if not kept and not ragged:
        return None, [*problems, problem("empty_table", file)]
    columns = tuple(zip(*kept, strict=True)) if kept else tuple(() for _ in header)
    return Sheet(file, table, tuple(header), columns, numbers, plain), problems + ragged


def header_row(rows: Sequence[Sequence[Cell]]) -> int | None:
    """Position of the first row that is not blank."""
    return next((i for i, row in enumerate(rows) if not _blank(row)), None)


def _header_below(rows: Sequence[Sequence[Cell]], top: int, table: str) -> int | None:
    """Position of the header where a title stands above it."""
    known = set(TABLES[table].names)
    if known & set(rows[top]):
        return None
    for i, row in enumerate(rows[top + 1 : top + TITLE_ROWS], start=top + 1):
        if len(known & {cell for cell in row if isinstance(cell, str)}) > 1:
            return i
    return None


def _records(
    rows: Sequence[Sequence[Cell]], top: int, width: int, file: str
) -> tuple[list[Sequence[Cell]], list[int], list[Problem]]:
    kept: list[Sequence[Cell]] = []
    numbers: list[int] = []
    problems: list[Problem] = []
    for number, row in enumerate(rows[top + 1 :], start=top + 2):
        if _blank(row):
            continue
        if isinstance(row[0], str) and _FOOTER.match(row[0]):
            problems.append(problem("not_a_record", file, number, found=row[0][:40]))
            continue
        if len(row) != width:
            if len(row) < width or not _blank(row[width:]):
                count = len(row) if len(row) < width else _filled(row)
                problems.append(problem("ragged_row", file, number, found=str(count), expected=str(width)))
                continue
            row = row[:width]
        numbers.append(number)
        kept.append(row)
    return kept, numbers, problems


def _filled(row: Sequence[Cell]) -> int:
    """Cells up to the last one that is not blank."""
    return max(i for i, cell in enumerate(row, start=1) if not _blank([cell]))


def _blank(row: Sequence[Cell]) -> bool:
    if row and isinstance(row[0], str) and row[0].strip():
        return False
    return all(cell is None or cell == "" or (isinstance(cell, str) and not cell.strip()) for cell in row)


def _column_is_blank(rows: Sequence[Sequence[Cell]], column: int) -> bool:
    return all(len(row) <= column or _blank([row[column]]) for row in rows)


def _near_columns(name: str, table: str, header: list[str]) -> Sequence[str]:
    """Columns not yet in the header whose name is close, or whose Chinese description says the same."""
    fields = [field for field in TABLES[table].fields if field.name not in header]
    bare = name.strip()
    return (
        near_names(name, [field.name for field in fields])
        or [field.name for field in fields if bare and not bare.isascii() and bare in field.zh][:3]
    )


def _check_header(header: list[str], file: str, table: str, row: int) -> list[Problem]:
    known = TABLES[table].names
    problems = []
    for position, name in enumerate(header, start=1):
        if not name.strip():
            problems.append(problem("blank_header", file, row, found=str(position)))
    for name, count in Counter(header).items():
        if not name.strip():
            continue
        if count > 1:
            problems.append(problem("duplicate_column", file, row, name, found=name))
        if name not in known and not name.startswith(CARRIED_PREFIX):
            near = ", ".join(_near_columns(name, table, header))
            problems.append(problem("unknown_column", file, row, name, found=name, expected=near))
    for field in TABLES[table].fields:
        if field.required and field.name not in header:
            problems.append(problem("missing_column", file, row, field.name, expected=field.name))
    return problems
