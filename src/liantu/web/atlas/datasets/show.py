"""What pages show of differences and of problems: one table at a time, a page of rows at a time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.http import QueryDict

from liantu.data.diff import CellChange, TableChange, key_texts
from liantu.data.schema import TABLES
from liantu.data.text import texts
from liantu.errors import Problem
from liantu.web.atlas.datasets.findings import Findings, MarkedRow
from liantu.web.atlas.datasets.stale import label
from liantu.web.kit import parameters
from liantu.web.kit.naming import chinese

PER_PAGE = 50
KINDS = ("changed", "added", "removed")
SHOWN_CELLS = 8


def title_of(table: str) -> str:
    """What a table is called in the language of the page."""
    return TABLES[table].title_zh if chinese() else TABLES[table].title_en


@dataclass(frozen=True)
class Pages:
    """Where a page stands among the others."""

    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, math.ceil(self.total / PER_PAGE))

    @property
    def before(self) -> int:
        return self.page - 1

    @property
    def after(self) -> int:
        return self.page + 1 if self.page < self.pages else 0

    @property
    def first(self) -> int:
        return (self.page - 1) * PER_PAGE + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.page * PER_PAGE, self.total)

    @property
    def start(self) -> int:
        return (self.page - 1) * PER_PAGE


def _pages(get: QueryDict, total: int) -> Pages:
    found = Pages(total, parameters.page_number(get))
    if found.page > found.pages:
        raise parameters.BadParameterError(
            "page", str(found.page), [str(n) for n in range(1, found.pages + 1)]
        )
    return found


@dataclass(frozen=True)
class DiffRow:
    """One row that differs: its cells before and after; of an added or removed one its first cells."""

    key: str
    name: str
    cells: Sequence[CellChange]
    more: int = 0


@dataclass(frozen=True)
class Tab:
    """One table of a difference or of problems, to choose among."""

    table: str
    title: str
    counts: Sequence[int]
    chosen: bool


@dataclass(frozen=True)
class DiffPage:
    """Rows of one table and one kind; `kinds` are (kind, rows) of the table."""

    tabs: Sequence[Tab]
    table: str
    kind: str
    kinds: Sequence[tuple[str, int]]
    rows: Sequence[DiffRow]
    list: Pages


def diff_page(get: QueryDict, changes: Mapping[str, TableChange]) -> DiffPage | None:
    """The rows that the address asks for; None where nothing differs."""
    if not changes:
        return None
    table = parameters.choice(get, "table", tuple(changes), next(iter(changes)))
    change = changes[table]
    counts = dict(zip(KINDS, (change.after.height, change.added.height, change.removed.height), strict=True))
    kind = parameters.choice(get, "kind", KINDS, next(k for k in KINDS if counts[k]))
    pages = _pages(get, counts[kind])
    if kind == "changed":
        after = change.after.slice(pages.start, PER_PAGE)
        names = [label(row, "") for row in after.iter_rows(named=True)]
        cells = change.cells(pages.start, PER_PAGE)
        rows = [DiffRow(key, name, c) for (key, c), name in zip(cells, names, strict=True)]
    else:
        frame = change.added if kind == "added" else change.removed
        rows = _whole_rows(change, frame.slice(pages.start, PER_PAGE), kind)
    tabs = [Tab(name, title_of(name), c.counts, name == table) for name, c in changes.items()]
    return DiffPage(tabs, table, kind, list(counts.items()), rows, pages)


def _whole_rows(change: TableChange, frame: pl.DataFrame, kind: str) -> list[DiffRow]:
    known = (*change.table.key, "name_zh", "name_en")
    out = []
    for key, row in zip(key_texts(change.table, frame).to_list(), frame.iter_rows(named=True), strict=True):
        cells = [
            CellChange(c, *((None, v) if kind == "added" else (v, None)))
            for c, v in row.items()
            if v is not None and c not in known
        ]
        out.append(DiffRow(key, label(row, ""), cells[:SHOWN_CELLS], max(0, len(cells) - SHOWN_CELLS)))
    return out


@dataclass(frozen=True)
class ProblemPage:
    """Rows of one table with their problems; `whole` concern the table or the file."""

    tabs: Sequence[Tab]
    table: str
    whole: Sequence[Problem]
    columns: Sequence[str]
    rows: Sequence[MarkedRow]
    list: Pages
    kinds: Sequence[tuple[str, str, str, int]]
    unlisted: int


def problem_page(get: QueryDict, findings: Findings, files: str) -> ProblemPage | None:
    """The problems that the address asks for; None where there is none. `files` names the whole-file tab."""
    there = findings.by_table
    if not there:
        return None
    asked = parameters.choice(get, "table", [t or "file" for t in there], next(iter(there)) or "file")
    table = "" if asked == "file" else asked
    numbers = findings.numbers(table) if table else []
    pages = _pages(get, len(numbers))
    columns, rows = findings.rows(table, numbers[pages.start : pages.start + PER_PAGE]) if table else ([], [])
    counts: dict[str, int] = {}
    for where, _code, _severity, n in findings.kinds:
        counts[where] = counts.get(where, 0) + n
    tabs = [Tab(t or "file", title_of(t) if t else files, (counts.get(t, 0),), t == table) for t in there]
    whole = findings.whole(table)[: 4 * PER_PAGE]
    return ProblemPage(tabs, table, whole, columns, rows, pages, findings.kinds, findings.unlisted)


def cell_text(value: Any) -> str:
    """A cell as it stands in a file; blank is a dash."""
    if value is None:
        return "–"
    return texts(pl.Series([value]))[0]
