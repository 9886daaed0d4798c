"""A workbook is as good as a package; what spreadsheets do to cells is found and named by its place."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest

from liantu.data.tables import inspect_tables, read_tables

from .city import JINCHANG, Book, Place, workbook_bytes


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return workbook_bytes(tmp_path_factory.mktemp("book"))


class Damage(NamedTuple):
    name: str
    code: str
    hurt: Callable[[Book], Place]
    echoes: frozenset[str] = frozenset()


def _cell(name: str, code: str, table: str, key: str, column: str, value: object, **style: object) -> Damage:
    return Damage(name, code, lambda book: book.set(table, key, column, value, **style))


def _merge(book: Any) -> Place:
    sheet = book["parks"]
    sheet.merge_cells("D3:D5")
    return "city.xlsx/parks", 3, "level"


def _title(book: Any) -> Place:
    book["parks"].insert_rows(1)
    book["parks"]["A1"] = "金昌市园区一览表"
    return "city.xlsx/parks", 1, None


def _clear(book: Any) -> Place:
    book["parks"].delete_rows(1, 20)
    return "city.xlsx/parks", None, None


def _header_only(book: Any) -> Place:
    book["parks"].delete_rows(2, 20)
    return "city.xlsx/parks", None, None


def _rename_sheet(book: Any) -> Place:
    book["facilities"].title = "Facility"
    return "city.xlsx/Facility", None, None


def _stray_sheet(book: Any) -> Place:
    book.create_sheet("Tabelle1")["A1"] = 5
    return "city.xlsx/Tabelle1", None, None


def _header(book: Any) -> Place:
    book["parks"]["D1"] = "name_en"
    return "city.xlsx/parks", 1, "name_en"


def _error(book: Any) -> Place:
    cell = book["materials"]["C9"]
    cell.value, cell.data_type = "#REF!", "e"
    return "city.xlsx/materials", 9, "name_en"


CAPACITY = ("facilities", "f_rutile", "capacity_per_year")
DAMAGES = [
    _cell("formula without a value", "formula_without_value", *CAPACITY, "=2*200000"),
    _cell("date for a number", "date_for_number", *CAPACITY, dt.date(2025, 1, 6)),
    _cell("time for a number", "date_for_number", *CAPACITY, dt.time(12, 30)),
    _cell("date for text", "date_for_text", "materials", "steam", "gbt4754", dt.datetime(2025, 3, 1)),
    _cell("date for an id", "date_for_text", "facilities", "f_rutile", "process_id", dt.date(2025, 3, 1)),
    _cell("text in a number", "text_in_number", "facilities", "f_rutile", "capacity_per_year", "a lot"),
    _cell("full-width number as text", "full_width", *CAPACITY, "４０００００"),
    _cell("yes for a number", "text_in_number", "facilities", "f_rutile", "capacity_per_year", True),
    _cell("number for a flag", "bad_flag", "processes", "coal_power", "dispatchable", 7),
    _cell("number for a reference", "unknown_reference", "facilities", "f_rutile", "park_id", 12),
    _cell("blank where needed", "missing_value", "facilities", "f_rutile", "capacity_per_year", None),
    Damage("error value", "error_cell", lambda b: b.edit(_error)),
    Damage("merged cells", "merged_cells", lambda b: b.edit(_merge)),
    Damage("title above the header", "title_above_header", lambda b: b.edit(_title)),
    Damage("empty sheet", "empty_table", lambda b: b.edit(_clear)),
    Damage("header only", "empty_table", lambda b: b.edit(_header_only)),
    Damage("renamed sheet", "unknown_table", lambda b: b.edit(_rename_sheet), frozenset({"missing_table"})),
    Damage("stray sheet", "unknown_table", lambda b: b.edit(_stray_sheet)),
    Damage("duplicate header", "duplicate_column", lambda b: b.edit(_header)),
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES, ids=[d.name for d in DAMAGES])
def test_it_names_the_damaged_place(damage: Damage, tmp_path: Path, template: bytes) -> None:
    book = Book(tmp_path, template)
    place = damage.hurt(book)
    inspection = inspect_tables(book.path)
    assert inspection.tables is None
    found = {(p.file, p.row, p.column): p.code for p in inspection.errors}
    assert found.get(place) == damage.code, found
    others = {p.code for p in inspection.errors if (p.file, p.row, p.column) != place}
    assert others <= damage.echoes, found


def _write(name: str, content: bytes) -> Callable[[Path], Path]:
    def write(directory: Path) -> Path:
        (directory / name).write_bytes(content)
        return directory / name

    return write


def _zip(name: str, *members: str) -> Callable[[Path], Path]:
    def write(directory: Path) -> Path:
        with zipfile.ZipFile(directory / name, "w") as archive:
            for member in members:
                archive.writestr(member, "<a/>")
        return directory / name

    return write


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
FILES = [
    ("old .xls", "old_excel", _write("city.xls", OLE)),
    ("password", "password", _write("city.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"))),
    ("CSV named .xlsx", "not_xlsx", _write("city.xlsx", b"id,unit\nsteel,t\n")),
    ("bytes named .xlsx", "not_xlsx", _write("city.xlsx", bytes(range(256)))),
    ("empty .xlsx", "not_xlsx", _write("city.xlsx", b"")),
    ("cut .xlsx", "broken_workbook", _write("city.xlsx", b"PK\x03\x04" + bytes(80))),
    ("zip named .xlsx", "not_xlsx", _zip("city.xlsx", "readme.txt")),
    ("open document", "not_xlsx", _zip("city.ods", "mimetype", "content.xml")),
    ("binary workbook", "not_xlsx", _zip("city.xlsb", "xl/workbook.bin")),
    ("workbook without parts", "broken_workbook", _zip("city.xlsx", "xl/workbook.xml")),
    ("picture", "not_a_city", _write("city.png", b"\x89PNG")),
    ("nothing there", "no_such_path", lambda directory: directory / "jinchan"),
]


@pytest.mark.parametrize(("name", "code", "write"), FILES, ids=[f[0] for f in FILES])
def test_it_refuses_a_file_that_is_no_workbook(
    name: str, code: str, write: Callable[[Path], Path], tmp_path: Path
) -> None:
    path = write(tmp_path)
    inspection = inspect_tables(path)
    assert inspection.tables is None
    assert (path.name, code) in {(Path(p.file).name, p.code) for p in inspection.errors}


def test_it_survives_a_workbook_cut_anywhere(tmp_path: Path, template: bytes) -> None:
    for size in range(1000, len(template), len(template) // 40):
        (tmp_path / "cut.xlsx").write_bytes(template[:size])
        assert inspect_tables(tmp_path / "cut.xlsx").tables is None


def test_it_reads_what_a_spreadsheet_program_saves(tmp_path: Path, template: bytes) -> None:
    book = Book(tmp_path, template)
    book.edit(lambda b: ("", None, None))  # loaded and saved by another program
    assert read_tables(book.path).digest == read_tables(JINCHANG).digest


def test_it_reads_numbers_kept_as_text_and_says_so(tmp_path: Path, template: bytes) -> None:
    book = Book(tmp_path, template)
    book.set("facilities", "f_rutile", "capacity_per_year", "400000")
    book.set("materials", "steam", "gbt4754", 4430)
    inspection = inspect_tables(book.path)
    assert inspection.tables is not None
    assert inspection.tables.digest == read_tables(JINCHANG).digest
    assert {p.code for p in inspection.notices} == {"text_as_number", "number_as_text"}


def test_it_takes_a_cached_formula_a_real_flag_and_a_real_date(tmp_path: Path, template: bytes) -> None:
    book = Book(tmp_path, template)
    book.set("processes", "coal_power", "dispatchable", True)
    book.set("sources", "gansu-daily-2025-11-07", "date", dt.date(2025, 11, 7))
    assert read_tables(book.path).digest == read_tables(JINCHANG).digest


def test_it_passes_over_empty_and_side_sheets(tmp_path: Path, template: bytes) -> None:
    book = Book(tmp_path, template)

    def add(opened: Any) -> Place:
        opened.create_sheet("Sheet1")
        opened.create_sheet("说明")["A1"] = "给同事的话"
        opened.create_sheet("x_draft")["A1"] = 1
        return "", None, None

    book.edit(add)
    inspection = inspect_tables(book.path)
    assert inspection.tables is not None
    assert [p.code for p in inspection.notices] == ["skipped_sheet", "skipped_sheet"]


def test_the_header_is_frozen_and_explained_in_both_languages(tmp_path: Path, template: bytes) -> None:
    book = openpyxl.load_workbook(Book(tmp_path, template).path)
    sheet = book["facilities"]
    assert sheet.freeze_panes == "B2"
    capacity = next(cell for cell in sheet[1] if cell.value == "capacity_per_year")
    assert "年产能" in capacity.comment.text
    assert "capacity in reference units" in capacity.comment.text
    assert "[unit/y]" in capacity.comment.text


def test_it_refuses_a_workbook_that_unpacks_without_end(
    tmp_path: Path, template: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liantu.data.excel_in.UNPACKED_LIMIT", 1000)
    assert [p.code for p in inspect_tables(Book(tmp_path, template).path).problems] == ["too_large"]


def test_it_says_so_where_a_file_can_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "city.xlsx").write_bytes(b"PK\x03\x04")

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    (problem,) = inspect_tables(tmp_path / "city.xlsx").problems
    assert (problem.code, problem.found) == ("unreadable_file", "Permission denied")


def test_it_names_the_file_of_a_folder_that_can_not_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "materials.csv").write_text("id,unit\n", encoding="utf-8")

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    (problem,) = inspect_tables(tmp_path).problems
    assert (problem.code, problem.file) == ("unreadable_file", "materials.csv")
