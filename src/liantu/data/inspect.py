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


def inspect_bundle(bundle: Bundle, earlier: list[Problem]) -> tuple[dict[str, pl.DataFrame], list[Problem]]:
    """Every table of the schema as a typed frame; `earlier` and all problems in and between the sheets."""
    problems: list[Problem] = []
    frames = {name: empty_frame(table) for name, table in TABLES.items()}
    for sheet in bundle.sheets:
        frames[sheet.table], found = typed(sheet, TABLES[sheet.table])
        problems += found
    context = Context(frames, {sheet.table: sheet for sheet in bundle.sheets})
    apply(context)
    return frames, _without_echoes(earlier, problems, context.problems)


def _without_echoes(*stages: list[Problem]) -> list[Problem]:
    """All problems, but a cell that one stage found wrong is not reported again by a later one."""
    told: set[tuple[str, int | None, str | None]] = set()
    kept: list[Problem] = []
    for problems in stages:
        kept += [p for p in problems if p.row is None or (p.file, p.row, p.column) not in told]
        told |= {(p.file, p.row, p.column) for p in problems if p.severity == "error"}
    return kept


def empty_frame(table: Table) -> pl.DataFrame:
    """The table without rows."""
    return pl.DataFrame(schema={field.name: DTYPES[field.type] for field in table.fields})
