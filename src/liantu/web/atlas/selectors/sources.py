"""Where the figures come from: the published reports, and how many rows of each table rest on what."""

from __future__ import annotations

from dataclasses import dataclass

from liantu.data.schema import TABLES
from liantu.data.tables import Tables
from liantu.web.kit.naming import Named


@dataclass(frozen=True)
class TableSize:
    """A table: its rows, and how many of them are of which quality."""

    table: Named
    rows: int
    qualities: tuple[tuple[str, int], ...]


def table_sizes(tables: Tables) -> tuple[TableSize, ...]:
    """Every table that has rows."""
    out = []
    for name, declared in TABLES.items():
        frame = tables[name]
        if not frame.height:
            continue
        counted = frame["quality"].value_counts(sort=True).iter_rows() if "quality" in frame.columns else ()
        named = Named(name, declared.title_zh, declared.title_en)
        out.append(TableSize(named, frame.height, tuple((q or "", n) for q, n in counted)))
    return tuple(out)
