"""Cells of a workbook to the text that a CSV would hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import cast

from liantu.data.field import Field
from liantu.data.numbers import is_plain
from liantu.data.sheet import Cell, Sheet
from liantu.data.text import number_text
from liantu.errors import Problem
from liantu.messages import problem

_TIMES = (dt.date, dt.time, dt.timedelta)  # a datetime is a date


def plain_column(cells: Sequence[Cell], field: Field, sheet: Sheet) -> tuple[list[str | None], list[Problem]]:
    """The cells as text, null where blank or wrong, and what was found that the field does not hold.

    Numbers become their shortest exact text. Numbers in a text column and text in a number column are read,
    with one notice a column; a date where the field is no date is an error.
    """
    if sheet.plain:
        return cast("list[str | None]", list(cells)), []
    problems: list[Problem] = []
    out: list[str | None] = []
    noticed = False
    for index, cell in enumerate(cells):
        text, code = _plain(cell, field)
        if code == "number_as_text":
            if not noticed:
                problems.append(problem(code, sheet.file, sheet.rows[index], field.name, found=text or ""))
            noticed = True
        elif code:
            found = str(cell)
            problems.append(
                problem(code, sheet.file, sheet.rows[index], field.name, found=found, expected=field.type)
            )
        out.append(text)
    return out, problems + _notice_text_numbers(cells, field, sheet)


def _plain(cell: Cell, field: Field) -> tuple[str | None, str]:
    """(text, code of what is odd about it or '')."""
    if cell is None or isinstance(cell, str):
        return cell, ""
    if isinstance(cell, bool):
        return ("1" if cell else "0", "") if field.type == "flag" else (str(cell).upper(), "")
    if isinstance(cell, int | float):
        text = number_text(float(cell))
        return text, "number_as_text" if field.type in ("text", "id") else ""
    if isinstance(cell, _TIMES):
        if field.type == "date" and isinstance(cell, dt.date):
            return cell.isoformat()[:10], ""
        return None, "date_for_text" if field.type in ("text", "id") else "date_for_number"
    return str(cell), ""


def _notice_text_numbers(cells: Sequence[Cell], field: Field, sheet: Sheet) -> list[Problem]:
    if field.type == "number":
        for index, cell in enumerate(cells):
            if isinstance(cell, str) and is_plain(cell):
                return [problem("text_as_number", sheet.file, sheet.rows[index], field.name, found=cell)]
    return []
