"""A listing of a report as a table of a page: headers with their units, cells as text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from liantu.report.cells import fact, header, texts
from liantu.report.listing import Listing, Report


@dataclass(frozen=True)
class Table:
    """heads: (title, unit, numeric) of each column; rows: (text, numeric) of each cell."""

    title: str
    heads: tuple[tuple[str, str, bool], ...]
    rows: tuple[tuple[tuple[str, bool], ...], ...]


def tables_of(listings: Iterable[Listing]) -> tuple[Table, ...]:
    """The listings in the language of the page."""
    return tuple(_table(listing) for listing in listings)


def _table(listing: Listing) -> Table:
    columns = [[row[i] for row in listing.rows] for i in range(len(listing.columns))]
    heads = tuple(
        (*header(column, cells), column.kind != "text")
        for column, cells in zip(listing.columns, columns, strict=True)
    )
    written = [texts(column, cells) for column, cells in zip(listing.columns, columns, strict=True)]
    rows = tuple(
        tuple((text, head[2]) for text, head in zip(row, heads, strict=True))
        for row in zip(*written, strict=True)
    )
    return Table(listing.title, heads, rows)


def facts_of(report: Report) -> tuple[tuple[str, str], ...]:
    """The facts of a report: name, and its value with the unit."""
    return tuple((f.name, fact(f.column, f.value)) for f in report.facts)
