"""Cells to types."""

from __future__ import annotations

import polars as pl

from liantu.data.schema import CARRIED_PREFIX, Table
from liantu.data.sheet import Sheet
from liantu.errors import Problem
from liantu.messages import problem


def typed(sheet: Sheet, table: Table) -> tuple[pl.DataFrame, list[Problem]]:
    """The sheet as a frame with a column for every field of the table."""
    problems: list[Problem] = []
    given = {name: [c if c != "" else None for c in col] for name, col in zip(sheet.header, sheet.columns, strict=True)}
    height = len(sheet.rows)
    out = []
    for field in table.fields:
        raw = pl.Series(field.name, given.get(field.name, [None] * height), dtype=pl.String)
        if field.type == "number":
            raw = raw.cast(pl.Float64, strict=False)
        elif field.type == "flag":
            raw = pl.select(pl.when(raw.is_not_null()).then(raw == "1").alias(field.name)).to_series()
        out.append(raw)
    for name in sheet.header:
        if name.startswith(CARRIED_PREFIX):
            out.append(pl.Series(name, given[name], dtype=pl.String))
    _ = problem
    return pl.DataFrame(out), problems
