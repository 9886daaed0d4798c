"""A copy of the demo city that tests may damage, as CSVs or as a workbook."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from liantu.data.excel_out import write_workbook
from liantu.data.tables import read_tables

JINCHANG = Path(__file__).parents[2] / "examples" / "jinchang"

Place = tuple[str, int | None, str | None]
"""file, row, column: where a problem must be reported."""


class City:
    """The data package in a folder of its own. Every method that damages it returns the damaged place."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / "jinchang"
        self.path.mkdir()
        for file in JINCHANG.iterdir():
            if file.suffix in (".csv", ".json"):
                shutil.copy(file, self.path / file.name)

    def file(self, table: str) -> Path:
        return self.path / f"{table}.csv"

    def rows(self, table: str) -> list[list[str]]:
        return list(csv.reader(io.StringIO(self.file(table).read_text("utf-8"), newline="")))

    def put(self, table: str, rows: list[list[str]]) -> None:
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="\n").writerows(rows)
        self.file(table).write_text(out.getvalue(), "utf-8", newline="")

    def row(self, table: str, *key: str) -> int:
        """Row number of the record whose first cells are `key`."""
        for number, row in enumerate(self.rows(table), 1):
            if tuple(row[: len(key)]) == key:
                return number
        raise KeyError(f"{table} has no row {key}")

    def set(self, table: str, key: str | tuple[str, ...], column: str, text: str) -> Place:
        rows = self.rows(table)
        row = self.row(table, *([key] if isinstance(key, str) else key))
        if column not in rows[0]:
            rows = [[*cells, column if n == 0 else ""] for n, cells in enumerate(rows)]
        rows[row - 1][rows[0].index(column)] = text
        self.put(table, rows)
        return f"{table}.csv", row, column

    def add(self, table: str, *records: dict[str, str], column: str) -> Place:
        """Records appended; the place is the last one's `column`."""
        rows = self.rows(table)
        rows += [[record.get(name, "") for name in rows[0]] for record in records]
        self.put(table, rows)
        return f"{table}.csv", len(rows), column

    def copy(self, table: str, key: str | tuple[str, ...], column: str, **changes: str) -> Place:
        """The record again at the end, with changes."""
        rows = self.rows(table)
        found = rows[self.row(table, *([key] if isinstance(key, str) else key)) - 1]
        return self.add(table, dict(zip(rows[0], found, strict=True)) | changes, column=column)

    def drop(self, table: str, *key: str) -> None:
        rows = self.rows(table)
        self.put(table, [row for row in rows if tuple(row[: len(key)]) != key])

    def rename(self, table: str, column: str, name: str) -> Place:
        rows = self.rows(table)
        rows[0][rows[0].index(column)] = name
        self.put(table, rows)
        return f"{table}.csv", 1, name

    def bytes(self, table: str, change: Callable[[bytes], bytes], row: int | None = None) -> Place:
        """The file's bytes changed; the place is the file, or a row of it."""
        self.file(table).write_bytes(change(self.file(table).read_bytes()))
        return f"{table}.csv", row, None

    def descriptor(
        self, change: Callable[[str], str], column: str | None = None, row: int | None = None
    ) -> Place:
        file = self.path / "datapackage.json"
        before = file.read_text("utf-8")
        file.write_text(change(before), "utf-8")
        assert file.read_text("utf-8") != before
        return "datapackage.json", row, column


class Book:
    """The city as one workbook."""

    def __init__(self, directory: Path, template: bytes) -> None:
        self.path = directory / "city.xlsx"
        self.path.write_bytes(template)

    def edit(self, change: Callable[[Any], Place]) -> Place:
        book = openpyxl.load_workbook(self.path)
        place = change(book)
        book.save(self.path)
        return place

    def set(self, table: str, key: str, column: str, value: object, **style: object) -> Place:
        def change(book: Any) -> Place:
            sheet = book[table]
            names = [cell.value for cell in sheet[1]]
            row = next(r for r in range(2, sheet.max_row + 1) if sheet.cell(r, 1).value == key)
            cell = sheet.cell(row, names.index(column) + 1)
            cell.number_format = "General"
            cell.value = value
            for name, setting in style.items():
                setattr(cell, name, setting)
            return f"city.xlsx/{table}", row, column

        return self.edit(change)


def workbook_bytes(directory: Path) -> bytes:
    """The undamaged city as a workbook."""
    file = directory / "template.xlsx"
    write_workbook(read_tables(JINCHANG), file)
    return file.read_bytes()
