"""Excel and CSV files to grids of text, merged cells filled in, with the place of every cell."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import python_calamine as calamine

from liantu.data.encoding import decode
from liantu.errors import Problem

UNPACKED_LIMIT = 2**30


@dataclass(frozen=True)
class Grid:
    """Cells of a sheet as text, as they are shown; a merged block has its text in every cell."""

    file: str
    cells: tuple[tuple[str, ...], ...]


def read_grid(content: bytes, file: str, sheet: str = "") -> tuple[Grid | None, list[Problem]]:
    """The grid of a CSV, or of a sheet (the first, where none is named) of a workbook; and what is wrong."""
    if content.startswith(b"PK"):
        return _workbook(content, file, sheet)
    text, problems = decode(content, file)
    if text is None:
        return None, problems
    first = text.split("\n", 1)[0]
    mark = max(",\t;", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
    except csv.Error as error:
        return None, [
            *problems,
            Problem(file, None, None, "broken_quotes", str(error), "", "correct the quotes"),
        ]
    return _grid(file, rows), problems


def _workbook(content: bytes, file: str, sheet: str) -> tuple[Grid | None, list[Problem]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(info.file_size for info in archive.infolist()) > UNPACKED_LIMIT:
                return None, [_refused(file, "too_large", "more than 1 GiB", "split the workbook")]
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        name = sheet or book.sheet_names[0]
        if name not in book.sheet_names:
            said = ", ".join(book.sheet_names)
            return None, [Problem(file, None, None, "unknown_sheet", name, said, f"name one of: {said}")]
        raw = book.get_sheet_by_name(name)
        rows = [[_shown(cell) for cell in row] for row in raw.to_python(skip_empty_area=False)]
        for (top, left), (bottom, right) in raw.merged_cell_ranges or []:
            for i in range(top, min(bottom + 1, len(rows))):
                for j in range(left, min(right + 1, len(rows[i]))):
                    rows[i][j] = rows[top][left]
    except (calamine.CalamineError, zipfile.BadZipFile, KeyError, ValueError, OSError, IndexError) as error:
        return None, [_refused(file, "broken_workbook", str(error)[:80], "save it anew as .xlsx")]
    return _grid(f"{file}/{name}", rows), []


def _refused(file: str, code: str, found: str, fix: str) -> Problem:
    return Problem(file, None, None, code, found, "", fix)


def _grid(file: str, rows: list[list[str]]) -> Grid:
    width = max((len(row) for row in rows), default=0)
    return Grid(file, tuple(tuple(row + [""] * (width - len(row))) for row in rows))


def _shown(cell: object) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() and abs(cell) < 1e15 else f"{Decimal(repr(cell)):f}"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time().isoformat() == "00:00:00" else cell.isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell or "").strip()


def letters(column: int) -> str:
    """The name of a column from 0: A, B, ..., Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
