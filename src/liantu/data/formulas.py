"""Text that a spreadsheet would run as a formula when a CSV is opened in it."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from liantu.data.schema import CARRIED_PREFIX, TABLES
from liantu.data.sheet import Sheet
from liantu.errors import Problem
from liantu.messages import problem

FORMULA = r"^[=@\t\r]|^[+\-].*(\||!|[A-Za-z]\()"
"""How a formula starts; '+4' or '-5 % (2023)' does not."""


def formula_cells(sheets: Iterable[Sheet]) -> tuple[Problem, ...]:
    """Each text cell that a spreadsheet would take for a formula. Numbers are checked elsewhere."""
    found = []
    for sheet in sheets:
        table = TABLES[sheet.table]
        words = {f.name for f in table.of_type("text", "id", "date")}
        for column, cells in zip(sheet.header, sheet.columns, strict=True):
            if column not in words and not column.startswith(CARRIED_PREFIX):
                continue
            text = pl.Series([c if isinstance(c, str) else None for c in cells], dtype=pl.String)
            for i in text.str.contains(FORMULA).arg_true().to_list():
                said = text[i][:80]
                found.append(problem("formula_text", sheet.file, sheet.rows[i], column, found=said))
    return tuple(found)
