"""What differs between two states of a city's tables, row by row under the tables' own keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from liantu.data.inspect import empty_frame
from liantu.data.schema import TABLES, Table
from liantu.data.tables import Tables
from liantu.data.text import number_text

KEY_SEPARATOR = ";"
"""Joins the values of a key to one text; no identifier can hold it."""


@dataclass(frozen=True)
class CellChange:
    """One cell before and after; None is blank."""

    column: str
    before: Any
    after: Any


@dataclass(frozen=True)
class TableChange:
    """Rows of one table that were added or removed, and those that differ.

    Row i of `before` and row i of `after` have the same key; all frames have the same columns.
    """

    table: Table
    added: pl.DataFrame
    removed: pl.DataFrame
    before: pl.DataFrame
    after: pl.DataFrame

    @property
    def counts(self) -> tuple[int, int, int]:
        """Rows added, removed, changed."""
        return self.added.height, self.removed.height, self.after.height

    def cells(self, start: int = 0, count: int | None = None) -> Iterator[tuple[str, tuple[CellChange, ...]]]:
        """(key as text, cells that differ) of the changed rows from `start` on."""
        before = self.before.slice(start, count).rows()
        after = self.after.slice(start, count)
        keys = key_texts(self.table, after).to_list()
        for key, old, new in zip(keys, before, after.rows(), strict=True):
            triples = zip(after.columns, old, new, strict=True)
            yield key, tuple(CellChange(c, a, b) for c, a, b in triples if a != b)


def compare_tables(before: Tables | None, after: Tables) -> Mapping[str, TableChange]:
    """The tables in which something differs, in the schema's order; without `before` every row is added."""
    found = {}
    for name, table in TABLES.items():
        old = empty_frame(table) if before is None else before[name]
        change = _compare(table, old, after[name])
        if any(change.counts):
            found[name] = change
    return found


def _compare(table: Table, old: pl.DataFrame, new: pl.DataFrame) -> TableChange:
    columns = list(dict.fromkeys((*new.columns, *old.columns)))
    old, new = _widened(old, columns), _widened(new, columns)
    key = list(table.key)
    added = new.join(old, on=key, how="anti", maintain_order="left")
    removed = old.join(new, on=key, how="anti", maintain_order="left")
    rest = [c for c in columns if c not in key]
    both = new.join(old, on=key, how="inner", suffix="\x00old", maintain_order="left")
    differs = pl.any_horizontal(
        [pl.col(c).ne_missing(pl.col(f"{c}\x00old")) for c in rest] or [pl.lit(False)]
    )
    both = both.filter(differs)
    was = [pl.col(c) if c in key else pl.col(f"{c}\x00old").alias(c) for c in columns]
    return TableChange(table, added, removed, both.select(was), both.select(columns))


def _widened(frame: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """The frame with these columns; its own x_ columns need not be in the other."""
    missing = [pl.lit(None, dtype=pl.String).alias(c) for c in columns if c not in frame.columns]
    return frame.with_columns(missing).select(columns)


def key_text(values: tuple[object, ...]) -> str:
    """The values of a key as one text: 'naoh_electrolysis;3'."""
    return KEY_SEPARATOR.join(number_text(v) if isinstance(v, float) else str(v) for v in values)


def key_texts(table: Table, frame: pl.DataFrame) -> pl.Series:
    """The key of every row as one text."""
    if len(table.key) == 1:
        return frame[table.key[0]].cast(pl.String).alias("key")
    return pl.Series("key", [key_text(row) for row in frame.select(table.key).iter_rows()], dtype=pl.String)
