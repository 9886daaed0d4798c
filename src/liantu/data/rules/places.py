"""Plants, candidates and demands: where they are, what they run, in which unit."""

from __future__ import annotations

import polars as pl

from liantu.data.rules.context import Context, lookup
from liantu.data.rules.recipes import wrong_unit

FAR_DEG = 15.0
"""Degrees from the median position beyond which a place is remarked on."""


def check(context: Context) -> None:
    """Every rule on plants, parks, candidates and demands."""
    for table in ("facilities", "parks", "demands"):
        if context.has(table):
            _coordinates(context, table)
            _far(context, table)
    for table in ("facilities", "demands"):
        if context.has(table):
            _placed(context, table)
    _units(context)
    if context.has("facilities", "processes"):
        made = lookup(context.frames["processes"], "id", "process_id", "reference_product")
        frame = context.frames["facilities"].with_columns(made.alias("made"))
        for index in frame.select((pl.col("reference_product") != pl.col("made")).arg_true()).to_series():
            found, expected = frame["reference_product"][index], frame["made"][index]
            column = "reference_product"
            context.report("wrong_reference_product", "facilities", index, column, found, expected)
    if context.has("candidates"):
        _candidates(context)


def _coordinates(context: Context, table: str) -> None:
    lat, lon = pl.col("lat"), pl.col("lon")
    swapped = ((lat.abs() > 90) & (lat.abs() <= 180) & (lon.abs() <= 90)).fill_null(False)
    for index, (a, b) in context.bad(table, swapped, "lat", "lon"):
        context.report("lat_lon_swapped", table, index, "lat", f"{a:.10g}", f"{b:.10g}")
    for column, limit in (("lat", 90), ("lon", 180)):
        for index, (value,) in context.bad(table, (pl.col(column).abs() > limit) & ~swapped, column):
            context.report("out_of_range", table, index, column, f"{value:.10g}", f"-{limit}..{limit}")
    if not (context.given(table, "lat") or context.given(table, "lon")):
        return
    for one, other in (("lat", "lon"), ("lon", "lat")):
        blank = context.blank(table, one) & pl.col(other).is_not_null()
        for index, _ in context.bad(table, blank):
            context.report("position_incomplete", table, index, one, "", "deg")


def _far(context: Context, table: str) -> None:
    """Places far from all others: a notice, as a slip of the pen looks the same as a far plant."""
    for column in ("lat", "lon"):
        middle = context.frames[table][column].median()
        if not isinstance(middle, float):
            continue
        limit = 90 if column == "lat" else 180
        away = ((pl.col(column) - middle).abs() > FAR_DEG) & (pl.col(column).abs() <= limit)
        for index, (value,) in context.bad(table, away, column):
            context.report("far_position", table, index, column, f"{value:.10g}", f"{middle:.6g}")


def _placed(context: Context, table: str) -> None:
    """A plant or a demand has a position of its own or a park with one; what is pooled needs none."""
    parks = context.frames["parks"].filter(pl.col("lat").is_not_null() & pl.col("lon").is_not_null())
    missing = context.blank(table, "lat") & context.blank(table, "lon")
    if context.has("parks"):
        placed = pl.col("park_id").is_in(parks["id"].to_list())
        unknown = ~pl.col("park_id").is_in(context.ids("parks"))  # told as an unknown reference
        missing &= ~(placed | unknown).fill_null(False)
    if table == "demands" and context.has("materials"):
        pool = lookup(context.frames["materials"], "id", "material_id", "pool")
        missing &= (pool != "city").fill_null(True)
    for index, _ in context.bad(table, missing):
        context.report("position_missing", table, index, "lat", "", "deg")


def _units(context: Context) -> None:
    if not context.has("materials", "processes"):
        return
    unit = lookup(context.frames["materials"], "id", "reference_product", "unit")
    processes = context.frames["processes"].with_columns(unit.alias("made_in"))
    made_in = lookup(processes, "id", "process_id", "made_in") + "/y"
    if context.has("facilities"):
        wrong_unit(context, "facilities", "capacity_unit", made_in)
    if context.has("candidates"):
        wrong_unit(context, "candidates", "scale_unit", made_in)
    if context.has("demands"):
        unit = lookup(context.frames["materials"], "id", "material_id", "unit")
        either = pl.when(pl.col("unit") == unit + "/y").then(pl.col("unit")).otherwise(unit)
        wrong_unit(context, "demands", "unit", either)


def _candidates(context: Context) -> None:
    above = pl.col("min_scale") > pl.col("typical_scale")
    for index, (least, typical) in context.bad("candidates", above, "min_scale", "typical_scale"):
        context.report("scale_order", "candidates", index, "min_scale", f"{least:.15g}", f"{typical:.15g}")
    itself = pl.col("works_best_with").str.split(";").list.contains(pl.col("id"))
    for index, (name,) in context.bad("candidates", itself, "id"):
        context.report("refers_to_itself", "candidates", index, "works_best_with", str(name), "")
