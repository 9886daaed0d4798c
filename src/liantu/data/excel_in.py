"""A workbook to sheets: one sheet a table, and a sheet 'package' with what the workbook says of itself."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import python_calamine as calamine

from liantu.data.excel_xml import OddCell, column_letters, odd_cells
from liantu.data.grid import header_row, sheet_of
from liantu.data.schema import CARRIED_PREFIX, TABLES, near_names
from liantu.data.sheet import Bundle, Cell
from liantu.errors import Problem
from liantu.messages import problem

PACKAGE_SHEET = "package"
SIDE_SHEETS = ("readme", "notes", "说明", "备注", "目录")
"""Names of sheets that people add for themselves."""
UNPACKED_LIMIT = 2**30
_BROKEN = (
    calamine.CalamineError, zipfile.BadZipFile, zlib.error, ElementTree.ParseError,
    KeyError, ValueError, OSError, EOFError, NotImplementedError, RuntimeError,
)  # fmt: skip
"""What damaged bytes make the parsers raise; a panic of the compiled one goes by its name."""


def read_workbook(path: Path) -> tuple[Bundle, list[Problem]]:
    """The sheets of the workbook at `path`, and what was wrong with it."""
    content = path.read_bytes()
    bundle = Bundle(name=path.stem)
    refused = _refuse(content, path.name)
    if refused is not None:
        return bundle, [refused]
    problems: list[Problem] = []
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        odd = odd_cells(content)
        for meta in book.sheets_metadata:
            if meta.typ == calamine.SheetTypeEnum.WorkSheet:
                _read_sheet(book, meta.name, odd.get(meta.name, []), path.name, bundle, problems)
    except calamine.PasswordError:
        return bundle, [problem("password", path.name)]
    except BaseException as error:
        if not isinstance(error, _BROKEN) and type(error).__name__ != "PanicException":
            raise
        return bundle, [problem("broken_workbook", path.name, found=str(error)[:120] or type(error).__name__)]
    return bundle, problems


def _refuse(content: bytes, file: str) -> Problem | None:
    """Why these bytes are no .xlsx, told by their container; None where they may be."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        protected = "EncryptedPackage".encode("utf-16-le") in content
        return problem("password" if protected else "old_excel", file)
    if not content.startswith(b"PK"):
        return problem(
            "not_xlsx", file, found="text" if _is_text(content) else "unknown bytes", expected=".xlsx"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            unpacked = sum(info.file_size for info in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        return problem("broken_workbook", file, found=str(error))
    if unpacked > UNPACKED_LIMIT:
        return problem(
            "too_large", file, found=f"{unpacked / 2**20:.0f} MiB", expected=f"{UNPACKED_LIMIT >> 20} MiB"
        )
    if "xl/workbook.xml" not in names:
        found = "xlsb" if "xl/workbook.bin" in names else "ods" if "content.xml" in names else "zip"
        return problem("not_xlsx", file, found=found, expected=".xlsx")
    return None


def _is_text(content: bytes) -> bool:
    return b"\x00" not in content[:4096]


def _read_sheet(
    book: calamine.CalamineWorkbook,
    name: str,
    odd: list[OddCell],
    workbook: str,
    bundle: Bundle,
    problems: list[Problem],
) -> None:
    raw = book.get_sheet_by_name(name)
    rows: Sequence[Sequence[Cell]] = raw.to_python(skip_empty_area=False)
    if name == PACKAGE_SHEET:
        _read_about(rows, bundle)
        return
    file = f"{workbook}/{name}"
    if name not in TABLES:
        if any(cell not in ("", None) for row in rows for cell in row):
            problems.append(_not_a_table(name, file))
        return
    bundle.seen.add(name)
    for cells in _merged(raw):
        problems.append(_odd(OddCell("merged_cells", cells[0], cells[1], cells[2]), rows, file))
    problems += [_odd(cell, rows, file) for cell in odd]
    sheet, found = sheet_of(rows, file=file, table=name, plain=False)
    problems += found
    if sheet is not None:
        bundle.sheets.append(sheet)


def _not_a_table(name: str, file: str) -> Problem:
    near = near_names(name, TABLES)
    if name.startswith(CARRIED_PREFIX) or (name.strip().lower() in SIDE_SHEETS and not near):
        return problem("skipped_sheet", file, found=name)
    return problem("unknown_table", file, found=name, expected=", ".join(near))


def _merged(raw: calamine.CalamineSheet) -> list[tuple[int, int, str]]:
    """(row, column, range) of each merged block, from 0."""
    blocks = []
    for (top, left), (bottom, right) in raw.merged_cell_ranges or []:
        said = f"{column_letters(left)}{top + 1}:{column_letters(right)}{bottom + 1}"
        blocks.append((top, left, said))
    return blocks


def _odd(cell: OddCell, rows: Sequence[Sequence[Cell]], file: str) -> Problem:
    """The problem with one cell, its column named by the header where there is one."""
    top = header_row(rows)
    header = rows[top] if top is not None else []
    name = str(header[cell.column]) if cell.column < len(header) else ""
    return problem(cell.code, file, cell.row + 1, name or column_letters(cell.column), found=cell.found)


def _read_about(rows: Sequence[Sequence[Cell]], bundle: Bundle) -> None:
    """The sheet 'package': a key and a value a row; what is not text is JSON."""
    for row in rows[1:]:
        key, value = (str(cell) for cell in (*row, "", "")[:2])
        if key == "name" and value:
            bundle.name = value
        elif key:
            bundle.about[key] = _json_or_text(value)


def _json_or_text(value: str) -> object:
    if value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            return value
    return value
