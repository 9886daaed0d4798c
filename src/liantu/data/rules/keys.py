"""Keys are unique, references lead somewhere, no one is above itself."""

from __future__ import annotations

import polars as pl

from liantu.data.rules.context import Context
from liantu.data.schema import TABLES, Field, Table

PLANT_LIKE = ("facilities", "candidates", "demands")
"""Tables whose ids share one name space: all of them become places in the network."""


def check(context: Context) -> None:
    """Keys, references, id clashes and cycles in all tables."""
    for name, table in TABLES.items():
        if context.has(name):
            _unique(context, table)
            for field in table.fields:
                if len(field.targets) == 1 and context.given(name, field.name):
                    _references(context, name, field)
    if context.has("chain_stages"):
        _stage_items(context)
    _clashes(context)
    for name in ("enterprises", "chains"):
        if context.has(name):
            _cycles(context, name)


def _unique(context: Context, table: Table) -> None:
    frame = context.frames[table.name]
    key = pl.struct(table.key)
    whole = pl.all_horizontal(pl.col(column).is_not_null() for column in table.key)
    again = whole & ~key.is_first_distinct()
    if not frame.select(again.any()).item():
        return
    first: dict[tuple[object, ...], int] = {}
    for index, values in enumerate(frame.select(table.key).iter_rows()):
        if None in values:
            continue
        if values not in first:
            first[values] = index
            continue
        row = str(context.row(table.name, first[values]))
        if table.key == ("id",):
            context.report("duplicate_id", table.name, index, "id", str(values[0]), row)
        else:
            said = ", ".join(f"{k}={_plain(v)}" for k, v in zip(table.key, values, strict=True))
            context.report("duplicate_row", table.name, index, table.key[-1], said, row)


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _references(context: Context, table: str, field: Field) -> None:
    (target,) = field.targets
    if not context.has(target) or not context.given(target, "id"):
        return
    known = set(context.ids(target))
    cells = context.frames[table][field.name]
    wrong: dict[str, list[str]] = {}
    for cell in cells.drop_nulls().unique().to_list():
        items = cell.split(";") if field.list else [cell]
        missing = [item for item in items if item not in known]
        if missing:
            wrong[cell] = missing
    if not wrong:
        return
    expected = {item: context.expected_id(item, target) for items in wrong.values() for item in items}
    for index, (cell,) in context.bad(table, pl.col(field.name).is_in(list(wrong)), field.name):
        for item in wrong[str(cell)]:
            context.report("unknown_reference", table, index, field.name, item, expected[item])


def _stage_items(context: Context) -> None:
    """item_id must be in the table that item_type names."""
    if not context.has("processes", "materials"):
        return
    for kind, target in (("process", "processes"), ("material", "materials")):
        astray = (pl.col("item_type") == kind) & ~pl.col("item_id").is_in(context.ids(target))
        for index, (item,) in context.bad("chain_stages", astray, "item_id"):
            expected = context.expected_id(str(item), target)
            context.report("unknown_reference", "chain_stages", index, "item_id", str(item), expected)


def _clashes(context: Context) -> None:
    taken: dict[str, str] = {}
    for table in PLANT_LIKE:
        if not context.has(table):
            continue
        clash = pl.col("id").is_in([name for name in context.ids(table) if name in taken])
        for index, (name,) in context.bad(table, clash, "id"):
            context.report("clashing_id", table, index, "id", str(name), f"{taken[str(name)]}.id")
        taken |= {name: table for name in context.ids(table) if name not in taken}


def _cycles(context: Context, table: str) -> None:
    frame = context.frames[table]
    parent = {a: b for a, b in frame.select("id", "parent_id").iter_rows() if a is not None and b is not None}
    told: set[str] = set()
    for index, name in enumerate(frame["id"].to_list()):
        path = [name]
        while path[-1] in parent and len(path) <= len(parent) + 1:
            path.append(parent[path[-1]])
            if path[-1] == name and name not in told:
                told.update(path)
                context.report("cyclic_parent", table, index, "parent_id", " > ".join(path), "")
            if path[-1] in path[:-1]:
                break
