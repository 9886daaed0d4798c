"""Rows of a table as a list, with what a draft does to them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.http import QueryDict

from liantu.data.diff import key_texts
from liantu.data.field import Field, Table
from liantu.data.schema import TABLES
from liantu.data.tables import Tables
from liantu.web.atlas.datasets import refresh
from liantu.web.atlas.datasets.reach import PARK_COLUMN, PARK_TABLE
from liantu.web.atlas.models import DraftEdit
from liantu.web.kit import parameters

PER_PAGE = 50
MORE_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "facilities": ("enterprise_id", "park_id", "process_id"),
    "materials": ("kind", "unit"),
    "processes": ("reference_product", "reference_unit", "chain"),
    "process_flows": ("material_id", "direction", "unit"),
    "demands": ("material_id", "unit"),
    "resources": ("constraint_kind", "material_id", "unit"),
    "parameters": ("value", "unit"),
    "sources": ("title_zh", "publisher", "date"),
    "chain_stages": ("stage",),
    "projects": ("status", "investment_cny"),
    "candidates": ("process_id", "typical_scale"),
}


@dataclass(frozen=True)
class Row:
    """A row of the list; `edit` is what the person's draft does to it."""

    key: str
    cells: Sequence[Any]
    edit: DraftEdit | None


@dataclass(frozen=True)
class RowList:
    """A page of rows; it answers to the templates of lists."""

    table: Table
    columns: Sequence[Field]
    rows: Sequence[Row]
    total: int
    page: int
    pages: int
    sort: str
    q: str

    @property
    def before(self) -> int:
        return self.page - 1

    @property
    def after(self) -> int:
        return self.page + 1 if self.page < self.pages else 0

    @property
    def first(self) -> int:
        return (self.page - 1) * PER_PAGE + 1 if self.rows else 0

    @property
    def last(self) -> int:
        return (self.page - 1) * PER_PAGE + len(self.rows)


def columns_of(table: Table) -> list[Field]:
    """The columns of a list: key, name, what the row is about, what has to be kept fresh."""
    watched = refresh.by_table().get(table.name, {})
    wanted = dict.fromkeys((*table.key, "name_zh", "name_en", *MORE_COLUMNS.get(table.name, ()), *watched))
    return [table.field(c) for c in wanted if c in table.names]


def row_list(
    get: QueryDict, tables: Tables, table: Table, edits: Mapping[str, DraftEdit], parks: frozenset[str]
) -> RowList:
    """The rows that the address asks for; `parks` limits the table of plants to these."""
    columns = columns_of(table)
    names = [c.name for c in columns]
    sort = parameters.choice(get, "sort", [s + n for n in names for s in ("", "-")], names[0])
    q, page = parameters.text(get, "q"), parameters.page_number(get)
    frame = tables[table.name]
    if parks and table.name == PARK_TABLE:
        frame = frame.filter(pl.col(PARK_COLUMN).is_in(list(parks)))
    frame = _searched(frame, names, q)
    by = sort.removeprefix("-")
    frame = frame.sort(
        by, *table.key, descending=[sort.startswith("-")] + [False] * len(table.key), nulls_last=True
    )
    pages = max(1, math.ceil(frame.height / PER_PAGE))
    if page > pages:
        raise parameters.BadParameterError("page", str(page), [str(n) for n in range(1, pages + 1)])
    shown = frame.slice((page - 1) * PER_PAGE, PER_PAGE)
    keys = key_texts(table, shown).to_list()
    rows = [Row(k, c, edits.get(k)) for k, c in zip(keys, shown.select(names).rows(), strict=True)]
    return RowList(table, columns, rows, frame.height, page, pages, sort, q)


def _searched(frame: pl.DataFrame, names: list[str], q: str) -> pl.DataFrame:
    """Each word stands in one of the text columns."""
    texts = [n for n in names if frame[n].dtype == pl.String]
    for word in q.lower().split():
        hits = [pl.col(n).str.to_lowercase().str.contains(word, literal=True).fill_null(False) for n in texts]
        frame = frame.filter(pl.any_horizontal(hits or [pl.lit(False)]))
    return frame


def ids_of(tables: Tables, table: Table) -> dict[str, list[tuple[str, str]]]:
    """What a field of the table may refer to: (id, name) by the table referred to."""
    found: dict[str, list[tuple[str, str]]] = {}
    for field in table.fields:
        for target in field.targets:
            if target in found or tables[target].height > 5000:
                continue
            columns = [c for c in ("id", "name_zh", "title_zh") if c in TABLES[target].names][:2]
            found[target] = [(r[0], r[-1] or "") for r in tables[target].select(columns).iter_rows() if r[0]]
    return found


def next_line(tables: Tables, process: str) -> int:
    """The number of the next flow of a process."""
    flows = tables["process_flows"].filter(pl.col("process_id") == process)
    return int(flows["line"].max() or 0) + 1  # type: ignore[arg-type]
