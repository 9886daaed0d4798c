"""Rows of cells to a sheet: the header, the width of rows, blank rows and columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from liantu.data.schema import CARRIED_PREFIX, TABLES, near_names
from liantu.data.sheet import Cell, Sheet
from liantu.errors import Problem
from liantu.messages import problem


def sheet_of(
    rows: Sequence[Sequence[Cell]], *, file: str, table: str, first_row: int = 1
) -> tuple[Sheet | None, list[Problem]]:
    """The sheet of these rows, the header first. Row numbers start at `first_row`."""
    top = next((i for i, row in enumerate(rows) if not _blank(row)), None)
    if top is None:
        return None, [problem("empty_table", file)]
    header = [name if isinstance(name, str) else str(name if name is not None else "") for name in rows[top]]
    while header and not header[-1].strip():
        header.pop()
    problems = _check_header(header, file, table, top + first_row)
    width = len(header)
    numbers: list[int] = []
    kept: list[Sequence[Cell]] = []
    for number, row in enumerate(rows[top + 1 :], start=top + 1 + first_row):
        if len(row) != width:
            if _blank(row):
                continue
            if len(row) < width or not _blank(row[width:]):
                filled = len(row) - next(i for i, c in enumerate(reversed(row)) if not _blank([c]))
                problems.append(
                    problem("ragged_row", file, number, found=str(max(filled, min(len(row), width))), expected=str(width))
                )
                continue
            row = row[:width]
        elif _blank(row):
            continue
        numbers.append(number)
        kept.append(row)
    if not kept:
        return None, [*problems, problem("empty_table", file)]
    columns: tuple[Sequence[Cell], ...] = tuple(zip(*kept, strict=True))
    if any(p.code in ("duplicate_column", "missing_column") for p in problems):
        pass
    return Sheet(file, table, tuple(header), columns, numbers), problems


def _blank(row: Sequence[Cell]) -> bool:
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in row)


def _check_header(header: list[str], file: str, table: str, row: int) -> list[Problem]:
    known = TABLES[table].names
    problems = []
    for name, count in Counter(header).items():
        if not name.strip():
            problems.append(problem("blank_header", file, row, found=str(header.index(name) + 1)))
        elif count > 1:
            problems.append(problem("duplicate_column", file, row, name, found=name))
    for name in dict.fromkeys(header):
        if name.strip() and name not in known and not name.startswith(CARRIED_PREFIX):
            near = near_names(name, [k for k in known if k not in header])
            problems.append(problem("unknown_column", file, row, name, found=name, expected=", ".join(near)))
    for field in TABLES[table].fields:
        if field.required and field.name not in header:
            problems.append(problem("missing_column", file, row, field.name, expected=field.name))
    return problems
