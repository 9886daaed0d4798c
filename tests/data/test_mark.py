"""The marked copy: bad cells coloured and explained, ready to be corrected and handed in."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from liantu.data.mark import ERROR_COLOUR, PROBLEM_SHEET, mark_workbook
from liantu.data.tables import inspect_tables, read_tables

from .city import JINCHANG, Book, City, workbook_bytes


@pytest.fixture
def damaged(tmp_path: Path) -> City:
    city = City(tmp_path)
    city.set("facilities", "f_rutile", "capacity_per_year", "40万")
    city.set("facilities", "f_rutile", "process_id", "synthetic_rutil")
    city.set("materials", "steam", "note", "=HYPERLINK(1)")
    return city


def test_it_colours_and_explains_each_bad_cell(damaged: City, tmp_path: Path) -> None:
    problems = inspect_tables(damaged.path).problems
    mark_workbook(damaged.path, problems, tmp_path / "marked.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "marked.xlsx")["facilities"]
    row = damaged.row("facilities", "f_rutile")
    cells = {sheet.cell(1, cell.column).value: cell for cell in sheet[row]}
    bad = cells["capacity_per_year"]
    assert bad.value == "40万"
    assert bad.fill.start_color.rgb.endswith(ERROR_COLOUR)
    assert "400000" in bad.comment.text
    assert "含单位" in bad.comment.text
    assert "has a unit in it" in bad.comment.text
    assert "synthetic_rutile_acid" in cells["process_id"].comment.text
    assert cells["name_zh"].comment is None


def test_it_lists_every_problem_on_the_first_sheet(damaged: City, tmp_path: Path) -> None:
    problems = inspect_tables(damaged.path).problems
    mark_workbook(damaged.path, problems, tmp_path / "marked.xlsx")
    book = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    assert book.sheetnames[0] == PROBLEM_SHEET
    assert [row[3].value for row in list(book[PROBLEM_SHEET])[1:]] == [p.code for p in problems]


def test_the_corrected_copy_reads_as_the_city(damaged: City, tmp_path: Path) -> None:
    mark_workbook(damaged.path, inspect_tables(damaged.path).problems, tmp_path / "marked.xlsx")
    book = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    for table, key, column, value in (
        ("facilities", "f_rutile", "capacity_per_year", "400000"),
        ("facilities", "f_rutile", "process_id", "synthetic_rutile_acid"),
        ("materials", "steam", "note", None),
    ):
        sheet = book[table]
        names = [cell.value for cell in sheet[1]]
        sheet.cell(damaged.row(table, key), names.index(column) + 1).value = value
    book.save(tmp_path / "corrected.xlsx")
    assert read_tables(tmp_path / "corrected.xlsx").digest == read_tables(JINCHANG).digest


def test_it_marks_a_workbook_in_place_of_its_cells(tmp_path: Path) -> None:
    book = Book(tmp_path, workbook_bytes(tmp_path))
    book.set("facilities", "f_rutile", "capacity_per_year", "a lot")
    mark_workbook(book.path, inspect_tables(book.path).problems, tmp_path / "marked.xlsx")
    marked = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    assert sum(1 for row in marked["facilities"].iter_rows(min_row=2) for cell in row if cell.comment) == 1
    assert "年产能" in marked["facilities"]["G1"].comment.text, "the explanation of the header stays"


def test_a_file_that_can_not_be_opened_gives_the_list_alone(tmp_path: Path) -> None:
    (tmp_path / "city.xlsx").write_bytes(b"PK\x03\x04 and no more")
    problems = inspect_tables(tmp_path / "city.xlsx").problems
    mark_workbook(tmp_path / "city.xlsx", problems, tmp_path / "marked.xlsx")
    assert openpyxl.load_workbook(tmp_path / "marked.xlsx").sheetnames == [PROBLEM_SHEET]
