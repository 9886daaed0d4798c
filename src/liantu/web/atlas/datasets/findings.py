"""What the check of a file found, in the form in which it is kept, and as a page shows it: on the rows.

The findings are zlib JSON: `problems` (the first LISTED of them), `kinds` (how many of each code in each
table), `rows` (the cells of rows with a problem, as they lay in the file) and `recipes` (elements that a
recipe makes or loses, with the flows of the recipe).
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_noop

from liantu.chain.recipes import RecipeBalance, check_recipes, recipe_table
from liantu.data.field import Table
from liantu.data.formulas import formula_cells
from liantu.data.schema import TABLES
from liantu.data.sheet import Sheet
from liantu.data.tables import Inspection, Tables, inspect_tables
from liantu.errors import InputError, Problem

LISTED = 20_000
"""Problems that are listed one by one; of a file with more, the rest is counted by kind."""
SHORT = 120
FILES = ""
"""Stands for the table of a problem that concerns a whole file."""


@dataclass(frozen=True)
class Checked:
    """A file that was read: its tables, None where an error refuses them, and all that is amiss."""

    tables: Tables | None
    problems: tuple[Problem, ...]
    sheets: tuple[Sheet, ...]
    broken: tuple[RecipeBalance, ...] = ()

    @property
    def errors(self) -> int:
        return sum(p.severity == "error" for p in self.problems)


def check_path(path: Path, step: Callable[[str], None]) -> Checked:
    """Read and check the city at `path`; `step` is told what comes next."""
    step(gettext_noop("Reading and checking the tables"))
    return check_inspection(inspect_tables(path), step)


def check_inspection(inspection: Inspection, step: Callable[[str], None]) -> Checked:
    """The same for sheets that were inspected already: formulas, and the conservation of elements."""
    formulas = formula_cells(inspection.sheets)
    problems = tuple(sorted({*inspection.problems, *formulas}, key=Problem.sort_key))
    if inspection.tables is None:
        return Checked(None, problems, inspection.sheets)
    step(gettext_noop("Balancing the recipes"))
    try:
        recipes = check_recipes(inspection.tables)
    except InputError as error:
        return Checked(None, (*problems, *error.problems), inspection.sheets)
    broken = tuple(r for r in recipes if r.verdict == "broken")
    tables = None if formulas else inspection.tables
    return Checked(tables, problems, inspection.sheets, broken)


def table_of(problem: Problem) -> str:
    """The table whose file the problem names: 'city.xlsx/materials' or 'materials.csv'; else FILES."""
    name = problem.file.rpartition("/")[2].removesuffix(".csv")
    return name if name in TABLES else FILES


def kept(checked: Checked, tables: Tables | None) -> bytes:
    """The findings as they are kept; `tables` to tell the flows of broken recipes by."""
    listed = sorted(checked.problems, key=lambda p: p.severity != "error")[:LISTED]
    kinds = Counter((table_of(p), p.code, p.severity) for p in checked.problems)
    said = {
        "problems": [[*asdict(p).values()] for p in sorted(listed, key=Problem.sort_key)],
        "kinds": [[*key, n] for key, n in kinds.most_common()],
        "rows": _rows(checked.sheets, listed),
        "recipes": _recipes(checked.broken, tables),
    }
    return zlib.compress(json.dumps(said, ensure_ascii=False).encode())


def _rows(sheets: Sequence[Sheet], problems: Iterable[Problem]) -> dict[str, Any]:
    wanted: dict[str, set[int]] = {}
    for p in problems:
        if p.row is not None:
            wanted.setdefault(p.file, set()).add(p.row)
    out = {}
    for sheet in sheets:
        rows = wanted.get(sheet.file, set())
        at = [i for i, number in enumerate(sheet.rows) if number in rows] if rows else []
        cells = {sheet.rows[i]: [_text(column[i]) for column in sheet.columns] for i in at}
        if cells:
            out[sheet.table] = {"header": [h[:SHORT] for h in sheet.header], "cells": cells}
    return out


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell)[:SHORT]


def _recipes(broken: Iterable[RecipeBalance], tables: Tables | None) -> list[dict[str, Any]]:
    """One entry a recipe: its elements that do not balance, and its flows with t of each of them."""
    by_recipe: dict[str, list[RecipeBalance]] = {}
    for balance in broken:
        by_recipe.setdefault(balance.process, []).append(balance)
    out = []
    for process, balances in by_recipe.items():
        elements = [b.element for b in balances]
        flows = recipe_table(tables, process).rows if tables is not None else ()
        out.append(
            {
                "process": process,
                "elements": [[b.element, b.mass_in, b.mass_out, b.imbalance] for b in balances],
                "flows": [
                    [f.direction, f.material, f.amount, f.unit, [f.elements.get(e, 0.0) for e in elements]]
                    for f in flows
                ],
            }
        )
    return out


@dataclass(frozen=True)
class MarkedCell:
    """One cell of a row that was found wrong; `problems` are those of the cell."""

    column: str
    text: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class MarkedRow:
    """A row of a file with its problems; `cells` only for the columns that the page shows."""

    number: int
    cells: tuple[MarkedCell, ...]
    problems: tuple[Problem, ...]


class Findings:
    """What was kept, read again."""

    def __init__(self, content: bytes) -> None:
        empty: dict[str, Any] = {"problems": [], "kinds": [], "rows": {}, "recipes": []}
        self._said = json.loads(zlib.decompress(content)) if content else empty

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """The problems that are listed."""
        return tuple(Problem(*p) for p in self._said["problems"])

    @property
    def kinds(self) -> list[tuple[str, str, str, int]]:
        """(table, code, severity, how many), the most frequent first."""
        return [tuple(k) for k in self._said["kinds"]]

    @property
    def unlisted(self) -> int:
        """Problems that are only counted."""
        return sum(k[3] for k in self.kinds) - len(self.problems)

    @property
    def recipes(self) -> list[dict[str, Any]]:
        """Recipes that do not conserve an element."""
        return list(self._said["recipes"])

    @cached_property
    def by_table(self) -> dict[str, list[Problem]]:
        """The listed problems by table, in the schema's order; whole files first."""
        found: dict[str, list[Problem]] = {}
        for p in self.problems:
            found.setdefault(table_of(p), []).append(p)
        return {name: found[name] for name in (FILES, *TABLES) if name in found}

    def whole(self, table: str) -> list[Problem]:
        """Problems of a table that stand on no row that was kept."""
        cells = self._cells(table)
        return [p for p in self.by_table.get(table, ()) if p.row is None or str(p.row) not in cells]

    def numbers(self, table: str) -> list[int]:
        """Numbers of the rows that were found wrong."""
        return sorted(int(n) for n in self._cells(table))

    def rows(self, table: str, numbers: Sequence[int]) -> tuple[list[str], list[MarkedRow]]:
        """Columns to show, and these rows: the key, the name, and every column with a problem in them."""
        shown = set(numbers)
        mine: dict[int, list[Problem]] = {}
        for p in self.by_table.get(table, ()):
            if p.row in shown:
                mine.setdefault(p.row, []).append(p)
        header: list[str] = self._said["rows"].get(table, {}).get("header", [])
        wrong = {p.column for problems in mine.values() for p in problems}
        columns = _columns(TABLES[table], header, wrong)
        return columns, [self._row(table, header, columns, n, mine.get(n, [])) for n in numbers]

    def _row(
        self, table: str, header: list[str], columns: list[str], number: int, problems: list[Problem]
    ) -> MarkedRow:
        texts = dict(zip(header, self._cells(table)[str(number)], strict=False))
        cells = tuple(
            MarkedCell(c, texts.get(c, ""), tuple(p for p in problems if p.column == c)) for c in columns
        )
        return MarkedRow(number, cells, tuple(problems))

    def _cells(self, table: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = self._said["rows"].get(table, {}).get("cells", {})
        return found


def _columns(table: Table, header: list[str], wrong: set[str | None]) -> list[str]:
    wanted = {*table.key, "name_zh", *wrong}
    return [c for c in dict.fromkeys(header) if c in wanted]
