"""CSV bytes to a sheet: encoding, delimiter, quotes and the width of rows."""

from __future__ import annotations

import csv
import io

from liantu.data.encoding import decode
from liantu.data.grid import sheet_of
from liantu.data.sheet import Sheet
from liantu.errors import Problem
from liantu.messages import problem

csv.field_size_limit(2**31 - 1)


def read_csv(content: bytes, *, file: str, table: str) -> tuple[Sheet | None, list[Problem]]:
    """The sheet in `content`, None where it can't be one, and what was wrong or worth saying."""
    text, problems = decode(content, file)
    if text is None:
        return None, problems
    if not text.strip():
        return None, [*problems, problem("empty_table", file)]
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows.extend(reader)
    except csv.Error as error:
        return None, [*problems, problem("broken_quotes", file, len(rows) + 1, found=str(error))]
    delimiter = _wrong_delimiter(rows)
    if delimiter:
        return None, [*problems, problem("wrong_delimiter", file, 1, found=delimiter, expected=",")]
    sheet, more = sheet_of(rows, file=file, table=table)
    return sheet, problems + more


def _wrong_delimiter(rows: list[list[str]]) -> str:
    """The character that seems to separate the columns, where it is not the comma; else ''."""
    header = next((row for row in rows if row), [""])
    if len(header) > 1:
        return ""
    for name, mark in ((";", ";"), ("tab", "\t"), ("|", "|"), ("，", "，"), ("；", "；")):
        if mark in header[0]:
            return name
    return ""
