"""Recipes: units agree, every process has flows and makes one unit of its reference product."""

from __future__ import annotations

import polars as pl

from liantu.data.balance_scope import parse_scope
from liantu.data.rules.context import Context, lookup

ONE = 1e-6
"""By how much the net output of the reference product may differ from 1."""


def check(context: Context) -> None:
    """Every rule on processes and their flows."""
    if context.has("processes"):
        for index, scope in enumerate(context.frames["processes"]["balance_scope"]):
            if parse_scope(scope) is None:
                expected = "full, 'full except Ag,Au: reason' or 'exempt: reason'"
                context.report("bad_balance_scope", "processes", index, "balance_scope", scope, expected)
    if context.has("materials", "processes"):
        unit = lookup(context.frames["materials"], "id", "reference_product", "unit")
        wrong_unit(context, "processes", "reference_unit", unit)
    if context.has("materials", "process_flows"):
        unit = lookup(context.frames["materials"], "id", "material_id", "unit")
        wrong_unit(context, "process_flows", "unit", unit)
    if context.has("process_flows"):
        _repeated(context)
    if context.has("processes", "process_flows"):
        _reference(context)


def wrong_unit(context: Context, table: str, column: str, expected: pl.Expr) -> None:
    """Report each unit in the column that is not the expected one; blank and unknown pass."""
    frame = context.frames[table].with_columns(expected.alias("expected_unit"))
    wrong = frame.select((pl.col(column) != pl.col("expected_unit")).arg_true()).to_series().to_list()
    for index in wrong:
        found, unit = frame[column][index], frame["expected_unit"][index]
        context.report("wrong_unit", table, index, column, found, unit)


def _repeated(context: Context) -> None:
    frame = context.frames["process_flows"]
    key = ("process_id", "material_id", "direction")
    again = ~pl.struct(key).is_first_distinct() & pl.all_horizontal(pl.col(k).is_not_null() for k in key)
    first: dict[tuple[object, ...], int] = {}
    if frame.select(again.any()).item():
        for index, values in enumerate(frame.select(key).iter_rows()):
            if None in values:
                continue
            if values in first:
                row = str(context.row("process_flows", first[values]))
                context.report("duplicate_flow", "process_flows", index, "material_id", str(values[1]), row)
            else:
                first[values] = index


def _reference(context: Context) -> None:
    processes, flows = context.frames["processes"], context.frames["process_flows"]
    product = lookup(processes, "id", "process_id", "reference_product")
    own = flows.with_row_index("index").filter(pl.col("material_id") == product)
    sign = pl.when(pl.col("direction") == "out").then(1.0).otherwise(-1.0)
    net = own.group_by("process_id").agg(
        (pl.col("amount") * sign).sum().alias("net"),
        pl.col("amount").null_count().alias("unknown") + pl.col("direction").null_count(),
        (pl.col("direction") == "out").any().alias("made"),
        pl.col("index").sort_by(pl.col("direction") == "in").first(),
    )
    told = {row["process_id"]: row for row in net.iter_rows(named=True)}
    with_flows = set(flows["process_id"].drop_nulls().to_list())
    unclear = flows["process_id"].null_count() + flows["material_id"].null_count() > 0
    for index, (name, made) in enumerate(processes.select("id", "reference_product").iter_rows()):
        if name is None or made is None:
            continue
        if name not in with_flows:
            if not unclear:
                expected = "process_flows.process_id"
                context.report("process_without_flows", "processes", index, "id", name, expected)
        elif name not in told or not told[name]["made"]:
            if not unclear:
                context.report("reference_not_made", "processes", index, "reference_product", name, made)
        elif not told[name]["unknown"] and abs(told[name]["net"] - 1.0) > ONE:
            found = f"{told[name]['net']:.10g}"
            context.report("reference_amount", "process_flows", told[name]["index"], "amount", found, "1")
