"""Values to the text that stands in a cell."""

from __future__ import annotations

import polars as pl


def number_text(x: float) -> str:
    """Shortest decimal text that reads back as the same float: 200000, 0.1, 2e-06."""
    return repr(x).removesuffix(".0")


def texts(series: pl.Series) -> list[str]:
    """The cells of a column as text; a blank one is ''."""
    if series.dtype == pl.Float64:
        return ["" if x is None else number_text(x) for x in series.to_list()]
    if series.dtype == pl.Boolean:
        return ["" if x is None else str(int(x)) for x in series.to_list()]
    return ["" if x is None else x for x in series.to_list()]
