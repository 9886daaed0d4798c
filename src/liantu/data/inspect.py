"""Sheets to typed frames, with every problem that is found on the way."""

from __future__ import annotations

import polars as pl

from liantu.data.cells import typed
from liantu.data.schema import TABLES, Table
from liantu.data.sheet import Bundle
from liantu.errors import Problem

DTYPES: dict[str, type[pl.DataType]] = {
    "text": pl.String, "id": pl.String, "date": pl.String, "number": pl.Float64, "flag": pl.Boolean,
}  # fmt: skip


def inspect_bundle(bundle: Bundle) -> tuple[dict[str, pl.DataFrame], list[Problem]]:
    """Every table of the schema as a typed frame, and all problems in and between the sheets."""
    problems: list[Problem] = []
    frames = {name: empty_frame(table) for name, table in TABLES.items()}
    for sheet in bundle.sheets:
        frame, found = typed(sheet, TABLES[sheet.table])
        frames[sheet.table] = frame
        problems += found
    return frames, problems


def empty_frame(table: Table) -> pl.DataFrame:
    """The table without rows."""
    return pl.DataFrame(schema={field.name: DTYPES[field.type] for field in table.fields})
