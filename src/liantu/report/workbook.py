"""A report to an .xlsx workbook: a sheet a list, units in the frozen header, numbers unrounded.

Every text is written as text: a cell that starts with = + - or @ never becomes a formula.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from liantu.chain.units import unit_label
from liantu.i18n import current_language
from liantu.i18n import gettext as _
from liantu.report.cells import fact, label
from liantu.report.listing import Cell, Column, Interval, Listing, Quantity, Report

SHEET_NAME = 31  # characters that a spreadsheet allows


def write_report(report: Report, file: str | Path) -> None:
    """Write the report: the facts as the first sheet, then every listing in full. Raises OSError."""
    import xlsxwriter  # 80 ms, and only for writing
    from xlsxwriter.exceptions import FileCreateError

    book: Any = xlsxwriter.Workbook(
        str(file), {"strings_to_urls": False, "strings_to_formulas": False, "strings_to_numbers": False}
    )
    book.set_properties({"title": report.title, "comments": "liantu"})
    head = book.add_format(
        {"bold": True, "bg_color": "#E8EEF7", "border": 1, "text_wrap": True, "valign": "top"}
    )
    formats = {
        "head": head,
        "share": book.add_format({"num_format": "0.0%"}),
        "money": book.add_format({"num_format": "#,##0"}),
        "number": book.add_format({"num_format": "#,##0.######"}),
        "text": book.add_format({"num_format": "@"}),
    }
    taken: set[str] = set()
    _facts(book.add_worksheet(_name(_("Summary"), taken)), report, formats)
    for listing in report.listings:
        _listing(book.add_worksheet(_name(listing.title, taken)), listing, formats)
    try:
        book.close()
    except FileCreateError as error:
        cause = error.args[0] if error.args and isinstance(error.args[0], OSError) else OSError(str(error))
        raise cause from error


def _name(title: str, taken: set[str]) -> str:
    """A sheet's name: what a spreadsheet allows, used once; a long title ends where a word of it ends."""
    if len(title) > SHEET_NAME:
        title = re.split(r"[:：,，;；]", title)[0]
    if len(title) > SHEET_NAME:
        title = title[: SHEET_NAME + 1].rpartition(" ")[0] or title
    plain = re.sub(r"[\[\]:*?/\\]", " ", title).strip("' ")[:SHEET_NAME] or "sheet"
    name, n = plain, 1
    while name.lower() in taken:
        n += 1
        name = f"{plain[: SHEET_NAME - 3]} {n}"
    taken.add(name.lower())
    return name


def _facts(sheet: Any, report: Report, formats: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 70)
    sheet.write_string(0, 0, report.title, formats["head"])
    sheet.write_string(0, 1, "", formats["head"])
    sheet.freeze_panes(1, 0)
    lines = [(f.name, fact(f.column, f.value)) for f in report.facts] + [("", note) for note in report.notes]
    for i, (name, said) in enumerate(lines, start=1):
        sheet.write_string(i, 0, name, formats["text"])
        sheet.write_string(i, 1, said, formats["text"])


def _listing(sheet: Any, listing: Listing, formats: dict[str, Any]) -> None:
    columns = [part for j, column in enumerate(listing.columns) for part in _split(column, j)]
    sheet.freeze_panes(1, 1)
    for j, (title, kind, _get) in enumerate(columns):
        sheet.write_string(0, j, title, formats["head"])
        sheet.set_column(j, j, 28 if kind == "text" else 16)
    for i, row in enumerate(listing.rows, start=1):
        for j, (_title, kind, get) in enumerate(columns):
            _write(sheet, i, j, get(row), kind, formats)
    if listing.rows:
        sheet.autofilter(0, 0, len(listing.rows), len(columns) - 1)


def _split(column: Column, j: int) -> list[tuple[str, str, Any]]:
    """(header, kind, how to take it from a row) of the sheet's columns that one column becomes."""
    own, unit, low, high = _("own unit"), _("unit"), _("low"), _("high")
    if column.kind == "quantity":
        return [
            (f"{column.title} ({own})", "number", lambda row: _part(row[j], "value")),
            (f"{column.title}: {unit}", "text", lambda row: _unit(row[j])),
        ]
    if column.kind == "interval":
        of = f" ({label(column.unit)})" if column.unit else ""
        return [
            (f"{column.title}: {low}{of}", "number", lambda row: _part(row[j], "low")),
            (f"{column.title}: {high}{of}", "number", lambda row: _part(row[j], "high")),
        ]
    unit = {"share": "%"}.get(column.kind, label(column.unit))
    return [(f"{column.title} ({unit})" if unit else column.title, column.kind, lambda row: row[j])]


def _part(cell: Cell, name: str) -> float | None:
    return getattr(cell, name) if isinstance(cell, Quantity | Interval) else None


def _unit(cell: Cell) -> str | None:
    return unit_label(cell.unit, current_language()) if isinstance(cell, Quantity) else None


def _write(sheet: Any, i: int, j: int, cell: Cell, kind: str, formats: dict[str, Any]) -> None:
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return
    if isinstance(cell, str):
        sheet.write_string(i, j, cell[:32_767], formats["text"])
    elif isinstance(cell, Sequence):
        sheet.write_string(i, j, fact(Column("", "interval"), cell), formats["text"])
    elif math.isinf(cell):
        sheet.write_string(i, j, "∞" if cell > 0 else "-∞", formats["text"])
    else:
        sheet.write_number(i, j, cell, formats.get(kind, formats["number"]))
