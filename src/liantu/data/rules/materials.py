"""Materials: chemistry that parses, prices in order, tonnes that are known."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from liantu.data.composition import CompositionError, parse_composition, parse_formula
from liantu.data.rules.context import Context
from liantu.data.schema import ENERGY_UNITS


def check(context: Context) -> None:
    """Every rule on materials."""
    if not context.has("materials"):
        return
    _parses(context, "formula", parse_formula)
    _parses(context, "composition", parse_composition)
    _mass(context)
    _prices(context)
    _transports(context)
    itself = pl.col("emits_as") == pl.col("id")
    for index, (name,) in context.bad("materials", itself, "emits_as"):
        context.report("refers_to_itself", "materials", index, "emits_as", str(name), "")


def _parses(context: Context, column: str, parse: Callable[[str], dict[str, float]]) -> None:
    for index, text in enumerate(context.frames["materials"][column].to_list()):
        if text is None:
            continue
        try:
            parse(text)
        except CompositionError as error:
            context.report(error.code, "materials", index, column, error.found, error.expected)


def _mass(context: Context) -> None:
    blank = context.blank("materials", "t_per_unit")
    known = pl.col("unit").is_in(["t", "kg", *ENERGY_UNITS])
    for index, (unit,) in context.bad("materials", blank & pl.col("unit").is_not_null() & ~known, "unit"):
        context.report("mass_unknown", "materials", index, "t_per_unit", str(unit), "t/unit")


def _prices(context: Context) -> None:
    low, mid, high = pl.col("price_low_cny"), pl.col("price_mid_cny"), pl.col("price_high_cny")
    names = ("price_low_cny", "price_mid_cny", "price_high_cny")
    for index, prices in context.bad("materials", (low > mid) | (mid > high) | (low > high), *names):
        column = "price_high_cny" if _greater(prices[1], prices[2]) else "price_low_cny"
        found = ", ".join("" if p is None else f"{p:.15g}" for p in prices)
        context.report("price_order", "materials", index, column, found, "low <= mid <= high")
    crosses = pl.col("external_buy") | pl.col("external_sell")
    for index, _ in context.bad("materials", crosses & context.blank("materials", "price_mid_cny")):
        context.report("price_missing", "materials", index, "price_mid_cny", "", "CNY/unit")


def _transports(context: Context) -> None:
    """A further way belongs to a material that travels, and is another than its own."""
    if not context.has("transports"):
        return
    materials = context.frames["materials"]
    own = dict(zip(materials["id"], materials["transport_mode"].fill_null("truck"), strict=True))
    rows = context.frames["transports"].select("material_id", "transport_mode").iter_rows()
    for index, (material, mode) in enumerate(rows):
        if own.get(material) == "none":
            context.report("does_not_travel", "transports", index, "material_id", str(material), "")
        elif mode is not None and own.get(material) == mode:
            context.report("own_transport", "transports", index, "transport_mode", str(mode), "")


def _greater(a: object, b: object) -> bool:
    return isinstance(a, float) and isinstance(b, float) and a > b
