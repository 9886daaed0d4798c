"""Tables with some rows edited, as the cells of a file of them: to be inspected like any other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

from liantu.data.diff import KEY_SEPARATOR, key_texts
from liantu.data.package_out import columns_to_write
from liantu.data.schema import TABLES, Table
from liantu.data.sheet import Bundle, Sheet
from liantu.data.tables import Tables
from liantu.data.text import texts


@dataclass(frozen=True)
class RowEdit:
    """What becomes of one row. `key` is its key as one text; `cells` are new texts by column.

    cells None: the row is removed. new: there is no such row yet, and its other cells are blank.
    """

    table: str
    key: str
    cells: Mapping[str, str] | None
    new: bool = False


@dataclass(frozen=True)
class Edited:
    """The edited tables as sheets. `rows` tells where an edited row stands: (table, key) -> row number.

    `lost` are edits of rows that are not there, or additions of rows that are.
    """

    bundle: Bundle
    rows: Mapping[tuple[str, str], int]
    lost: tuple[RowEdit, ...] = field(default=())


def edited(tables: Tables, edits: Iterable[RowEdit]) -> Edited:
    """The tables with the edits made, unchecked; files are named as those of a data package."""
    by_table: dict[str, list[RowEdit]] = {}
    for edit in edits:
        by_table.setdefault(edit.table, []).append(edit)
    about = {"title_zh": tables.title_zh, "title_en": tables.title_en, **tables.about}
    bundle = Bundle(name=tables.name, about=about)
    rows: dict[tuple[str, str], int] = {}
    lost: list[RowEdit] = []
    for name, table in TABLES.items():
        frame, own = tables[name], by_table.get(name, [])
        if not (frame.height or table.required or own):
            continue
        text = _as_text(table, frame, {c for edit in own for c in (edit.cells or {})})
        text = _apply(table, frame, text, own, rows, lost)
        bundle.seen.add(name)
        if text.height:
            cells = tuple(text[c].to_list() for c in text.columns)
            numbers = range(2, text.height + 2)
            bundle.sheets.append(Sheet(f"{name}.csv", name, tuple(text.columns), cells, numbers))
    return Edited(bundle, rows, tuple(lost))


def _as_text(table: Table, frame: pl.DataFrame, touched: set[str]) -> pl.DataFrame:
    """The cells as text; columns that have a value somewhere, are required or are touched."""
    written = set(columns_to_write(table, frame)) | (touched & set(table.names)) | set(table.key)
    columns = [c for c in frame.columns if c in written]
    return pl.DataFrame({c: pl.Series(c, texts(frame[c]), dtype=pl.String) for c in columns})


def _apply(
    table: Table,
    frame: pl.DataFrame,
    text: pl.DataFrame,
    edits: list[RowEdit],
    rows: dict[tuple[str, str], int],
    lost: list[RowEdit],
) -> pl.DataFrame:
    if not edits:
        return text
    at = {key: i for i, key in enumerate(key_texts(table, frame).to_list())}
    kept = text.to_dicts()
    gone: set[int] = set()
    for edit in edits:
        i = at.get(edit.key)
        if (i is None) != edit.new:
            lost.append(edit)
        elif edit.cells is None and i is not None:
            gone.add(i)
        elif i is not None:
            kept[i] |= dict(edit.cells or {})
        else:
            cells = dict(zip(table.key, edit.key.split(KEY_SEPARATOR), strict=False)) | dict(edit.cells or {})
            kept.append({c: cells.get(c, "") for c in text.columns})
            at[edit.key] = len(kept) - 1
    left = [i for i in range(len(kept)) if i not in gone]
    number = {i: n for n, i in enumerate(left, start=2)}
    rows |= {(table.name, e.key): number[at[e.key]] for e in edits if at.get(e.key) in number}
    return pl.DataFrame([kept[i] for i in left], schema=dict.fromkeys(text.columns, pl.String))
