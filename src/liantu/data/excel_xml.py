"""What the fast reader of workbooks does not tell: formulas without a value, and error values.

Sheets are looked into only where their XML has a formula or an error at all.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

_ODD = re.compile(rb'<(?:\w+:)?f[ >/]|\bt="e"')
"""The start of a formula, or the type of an error value."""
_PREFIXED = re.compile(rb"<\w+:sheetData")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


@dataclass(frozen=True)
class OddCell:
    """A cell that is wrong as a cell. `row` and `column` count from 0."""

    code: str
    row: int
    column: int
    found: str


def odd_cells(content: bytes) -> dict[str, list[OddCell]]:
    """The odd cells of each sheet by its name. Raises zipfile and XML errors where the workbook is broken."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(path) for name, path in _sheet_paths(archive).items()}
    return {name: _scan(xml) for name, xml in parts.items() if _ODD.search(xml)}


def _sheet_paths(archive: zipfile.ZipFile) -> dict[str, str]:
    names = set(archive.namelist())
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {r.get("Id"): r.get("Target", "") for r in relations}
    paths = {}
    for element in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if _local(element.tag) != "sheet":
            continue
        target = targets.get(element.get(_RELATION) or element.get(_STRICT_RELATION)) or ""
        path = posixpath.normpath(posixpath.join("xl", target)).lstrip("/")
        if path in names:
            paths[element.get("name", "")] = path
    return paths


def _scan(xml: bytes) -> list[OddCell]:
    """Look at the cells around each formula and error; a formula may span no other cell's end."""
    cells = _prefixed_cells(xml) if _PREFIXED.search(xml) else _cells_at(xml, _ODD)
    return [odd for cell in cells if (odd := _judge(cell)) is not None]


def _cells_at(xml: bytes, mark: re.Pattern[bytes]) -> Iterator[ElementTree.Element]:
    done = -1
    for match in mark.finditer(xml):
        start = xml.rfind(b"<c ", 0, match.end())
        end = xml.find(b"</c>", match.start())
        if start <= done or end < 0:
            continue
        done = start
        yield ElementTree.fromstring(xml[start : end + 4])


def _prefixed_cells(xml: bytes) -> Iterator[ElementTree.Element]:
    for _, element in ElementTree.iterparse(io.BytesIO(xml)):
        tag = _local(element.tag)
        if tag == "c":
            yield element
        elif tag == "row":
            element.clear()


def _judge(cell: ElementTree.Element) -> OddCell | None:
    place = _place(cell.get("r", ""))
    parts = {_local(child.tag): (child.text or "") for child in cell}
    if place is None:
        return None
    if cell.get("t") == "e":
        return OddCell("error_cell", *place, parts.get("v", ""))
    if "f" in parts and not parts.get("v") and cell.get("t") != "str":  # str: a formula that gives ""
        return OddCell("formula_without_value", *place, "=" + parts["f"])
    return None


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _place(reference: str) -> tuple[int, int] | None:
    """(row, column) from 0 of 'B3'."""
    letters = reference.rstrip("0123456789")
    digits = reference[len(letters) :]
    if not digits or not letters.isalpha():
        return None
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return int(digits) - 1, column - 1


def column_letters(column: int) -> str:
    """Name of a column counted from 0: A, B, ... AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
