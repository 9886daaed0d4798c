"""What the rules look at and where they report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from liantu.data.schema import near_names
from liantu.data.sheet import Sheet
from liantu.errors import Problem
from liantu.messages import problem

_NEAR_BUDGET = 300_000
"""Names compared in all; a file full of unknown names is told without near names in the end."""


@dataclass
class Context:
    """Typed frames with the sheets they came from, and the problems so far.

    Position i of frames[table] corresponds to sheets[table].rows[i]. A table that was not given, or is too
    damaged to read, has no sheet: nothing is said about it or by it.
    """

    frames: Mapping[str, pl.DataFrame]
    sheets: Mapping[str, Sheet]
    problems: list[Problem] = field(default_factory=list)
    _names: dict[str, list[str]] = field(default_factory=dict)
    _compared: int = 0

    def has(self, *tables: str) -> bool:
        """Whether all these tables were given and readable."""
        return all(table in self.sheets for table in tables)

    def given(self, table: str, column: str) -> bool:
        """Whether the file has this column."""
        return table in self.sheets and column in self.sheets[table].header

    def blank(self, table: str, column: str) -> pl.Expr:
        """Whether the file has nothing in the cell: neither a value nor something wrong."""
        if not self.given(table, column):
            return pl.lit(True)
        sheet = self.sheets[table]
        cells = sheet.columns[sheet.header.index(column)]
        return pl.lit(pl.Series([cell is None or not str(cell).strip() for cell in cells], dtype=pl.Boolean))

    def row(self, table: str, index: int) -> int:
        """Row number of a record as a spreadsheet shows it."""
        return self.sheets[table].rows[index]

    def report(
        self, code: str, table: str, index: int, column: str, found: str = "", expected: str = ""
    ) -> None:
        """Note a problem with a cell."""
        sheet = self.sheets[table]
        self.problems.append(
            problem(code, sheet.file, sheet.rows[index], column, found=found, expected=expected)
        )

    def bad(self, table: str, condition: pl.Expr, *columns: str) -> Iterator[tuple[int, tuple[object, ...]]]:
        """(index, values of the columns) of each record where the condition is true; null is not."""
        frame = self.frames[table]
        mask = frame.with_columns(condition.alias("x_bad"))["x_bad"]  # a literal stretches, as in no select
        for index in mask.arg_true().to_list():
            yield index, tuple(frame[column][index] for column in columns)

    def ids(self, table: str) -> list[str]:
        """The ids of a table."""
        if table not in self._names:
            self._names[table] = self.frames[table]["id"].drop_nulls().unique(maintain_order=True).to_list()
        return self._names[table]

    def expected_id(self, word: str, table: str) -> str:
        """'materials.id (ni_ore, ni_slag)': where the word should be, and the names close to it there."""
        names = self.ids(table)
        self._compared += len(names)
        near = near_names(word, names) if self._compared <= _NEAR_BUDGET else ()
        return f"{table}.id ({', '.join(near)})" if near else f"{table}.id"


def lookup(frame: pl.DataFrame, key: str, column: str, value: str) -> pl.Expr:
    """The `value` that the record of `frame` with `key` equal to `column` holds; null where there is none."""
    pairs = frame.select(key, value).drop_nulls(key).unique(key, keep="first")
    if not pairs.height:
        return pl.lit(None, dtype=frame[value].dtype)
    return pl.col(column).replace_strict(pairs[key], pairs[value], default=None)
