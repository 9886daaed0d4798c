"""A copy of the input with the bad cells coloured, for a person to correct and hand in again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from liantu.data.encoding import decode
from liantu.data.locate import DESCRIPTOR, csv_files
from liantu.errors import Problem
from liantu.messages import fix, place, sentence, what

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

ERROR_COLOUR, NOTICE_COLOUR = "FFC7CE", "FFEB9C"
PROBLEM_SHEET = "x_problems"
_ILLEGAL = dict.fromkeys([*range(9), 11, 12, *range(14, 32)])


def mark_workbook(source: str | Path, problems: Iterable[Problem], out: str | Path) -> None:
    """Write to `out` a copy of `source` (workbook, package or folder of CSVs) with `problems` marked.

    A bad cell is coloured and carries the sentence in Chinese and English as a comment; a problem of a whole
    row marks its first cell, one of a whole file is only listed. A first sheet, x_problems, lists them all;
    the reader passes over it, so the corrected copy can be handed in as it is. A source that no program can
    open gives the list alone. Raises OSError where `out` can't be written.
    """
    problems = list(problems)
    book = _copy(Path(source))
    for problem in problems:
        sheet = _sheet_of(book, problem)
        if sheet is not None and problem.row is not None:
            _mark(sheet, problem)
    _list(book, problems)
    book.save(str(out))


def _copy(source: Path) -> Workbook:
    from openpyxl import Workbook, load_workbook  # 200 ms, and only for marking

    if source.is_file() and source.name != DESCRIPTOR:
        try:
            return load_workbook(source)
        except Exception:  # the input is broken, that is why it is marked: give the list alone
            return _empty(Workbook())
    book = _empty(Workbook())
    directory = source if source.is_dir() else source.parent
    for path in csv_files(directory):
        _copy_csv(book.create_sheet(path.stem[:31]), path)
    return book


def _empty(book: Workbook) -> Workbook:
    for sheet in list(book.worksheets):
        book.remove(sheet)
    return book


def _copy_csv(sheet: Worksheet, path: Path) -> None:
    """The cells as they stand in the file, as text."""
    text, _ = decode(path.read_bytes(), path.name)
    if text is None:
        return
    for row in csv.reader(io.StringIO(text, newline="")):
        sheet.append([cell.translate(_ILLEGAL) for cell in row])
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.number_format = "@"
            cell.data_type = "s"


def _sheet_of(book: Workbook, problem: Problem) -> Any:
    """The sheet that the problem's file names: 'city.xlsx/materials' or 'materials.csv'."""
    name = problem.file.rpartition("/")[2].removesuffix(".csv")
    return book[name] if name in book.sheetnames else None


def _mark(sheet: Any, problem: Problem) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    cell = sheet.cell(problem.row, _column(sheet, problem.column))
    if type(cell).__name__ == "MergedCell":
        return
    colour = ERROR_COLOUR if problem.severity == "error" else NOTICE_COLOUR
    cell.fill = PatternFill("solid", start_color=colour)
    said = f"{what(problem, 'zh')}；{fix(problem, 'zh')}\n{what(problem, 'en')}; {fix(problem, 'en')}"
    before = f"{cell.comment.text}\n\n" if cell.comment and PROBLEM_SHEET in cell.comment.author else ""
    cell.comment = Comment(before + said, PROBLEM_SHEET, height=120, width=320)


def _column(sheet: Any, name: str | None) -> int:
    """Number of the column with this header; the first one where there is none."""
    for row in sheet.iter_rows(min_row=1, max_row=6):
        for cell in row:
            if name is not None and cell.value == name:
                return int(cell.column)
    return 1


def _list(book: Workbook, problems: list[Problem]) -> None:
    sheet = book.create_sheet(PROBLEM_SHEET, 0)
    sheet.append(["file", "row", "column", "code", "found", "expected", "问题与改法", "problem and fix"])
    for p in sorted(problems, key=Problem.sort_key):
        zh, en = (sentence(p, lang)[len(place(p, lang)) :] for lang in ("zh", "en"))
        row = [p.file, p.row, p.column, p.code, p.found, p.expected, zh, en]
        sheet.append([v.translate(_ILLEGAL) if isinstance(v, str) else v for v in row])
        for cell in sheet[sheet.max_row]:
            if cell.data_type == "f":
                cell.data_type = "s"
    for letter, width in zip("ABCDEFGH", (24, 6, 22, 20, 24, 24, 60, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
