"""Sheets to typed frames, with every problem in them and between them."""

from __future__ import annotations

import polars as pl

from liantu.data.cells import typed
from liantu.data.rules import apply
from liantu.data.rules.context import Context
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
        frames[sheet.table], found = typed(sheet, TABLES[sheet.table])
        problems += found
    context = Context(frames, {sheet.table: sheet for sheet in bundle.sheets})
    apply(context)
    return frames, _without_echoes(problems, context.problems)


def _without_echoes(first: list[Problem], later: list[Problem]) -> list[Problem]:
    """A cell that is wrong in itself is not reported again by a rule that found it blank."""
    places = {(p.file, p.row, p.column) for p in first if p.severity == "error"}
    return first + [p for p in later if p.row is None or (p.file, p.row, p.column) not in places]


def empty_frame(table: Table) -> pl.DataFrame:
    """The table without rows."""
    return pl.DataFrame(schema={field.name: DTYPES[field.type] for field in table.fields})
