"""A sheet to a typed frame: every cell is what its field says, or there is a problem with the cell's place.

The columns of one type are checked as one long column: a check costs the same for two columns or for forty,
and a sentence is made only for a cell that fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import polars as pl

from liantu.data.excel_cells import plain_column
from liantu.data.field import Field, Table
from liantu.data.numbers import ERROR_VALUES, PLAIN, diagnose
from liantu.data.schema import CARRIED_PREFIX, near_names
from liantu.data.sheet import Sheet
from liantu.errors import Problem
from liantu.messages import problem

TRUE, FALSE = ("1", "TRUE", "true", "True"), ("0", "FALSE", "false", "False")
CELL_LIMIT = 32_767
"""Characters that a spreadsheet cell can hold."""
_CONTROL = "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f\\x{FFFE}\\x{FFFF}]"
_LOST = "\\x{FFFD}|锟斤拷|锘挎"
_BAD_ID = "[\\s;:,!\"'，；：！\\x{FF01}-\\x{FF5E}]"
_DATE = "^([0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?|[0-9]{4}-[0-9]{4})$"
_WRONG_SEPARATOR = "[；，、,|\\n]"

Report = Callable[[str, int, str, str, str], None]
"""report(code, index of the record, column, found, expected)"""


def typed(sheet: Sheet, table: Table) -> tuple[pl.DataFrame, list[Problem]]:
    """The sheet as a frame with a column for every field of the table, and the problems of single cells.

    A cell that can't be read is null in the frame.
    """
    problems: list[Problem] = []

    def report(code: str, index: int, column: str, found: str, expected: str) -> None:
        problems.append(
            problem(code, sheet.file, sheet.rows[index], column, found=_short(found), expected=expected)
        )

    raw = _as_text(sheet, table, problems)
    raw = _clean(raw, report)
    out = {name: raw[name] for name in raw.columns}
    out |= _numbers(raw, _there(table.of_type("number"), raw), report)
    out |= _flags(raw, _there(table.of_type("flag"), raw), report)
    out |= _ids(raw, _there(table.of_type("id"), raw), report)
    _dates(raw, _there(table.of_type("date"), raw), report)
    _words(raw, table, report)
    places = {(p.row, p.column) for p in problems}
    _required(raw, table, lambda *a: None if (sheet.rows[a[1]], a[2]) in places else report(*a))
    columns = [out.get(f.name, _nulls(f, raw.height)) for f in table.fields]
    columns += [out[name] for name in raw.columns if name.startswith(CARRIED_PREFIX)]
    return pl.DataFrame(columns), problems


def _as_text(sheet: Sheet, table: Table, problems: list[Problem]) -> pl.DataFrame:
    """Known and carried columns as text; what a workbook's cells held besides text is turned into it."""
    fields = {field.name: field for field in table.fields}
    columns: dict[str, pl.Series] = {}
    for name, cells in zip(sheet.header, sheet.columns, strict=True):
        if name in columns or not (name in fields or name.startswith(CARRIED_PREFIX)):
            continue
        texts, found = plain_column(cells, fields.get(name) or Field(name, "text", "", ""), sheet)
        problems += found
        columns[name] = pl.Series(name, texts, dtype=pl.String)
    return pl.DataFrame(columns, height=len(sheet.rows))


def _clean(raw: pl.DataFrame, report: Report) -> pl.DataFrame:
    """Blank cells to null, line breaks to \\n; characters that no cell may have are reported and dropped."""
    every = _stack(raw, raw.columns)
    odd = every.str.contains(f"{_CONTROL}|{_LOST}|\\r") | (every.str.len_bytes() > CELL_LIMIT)
    blank = pl.all().str.strip_chars() == ""
    raw = raw.with_columns(pl.when(~blank).then(pl.all()).name.keep())
    if not odd.any():
        return raw
    raw = raw.with_columns(pl.all().str.replace_all("\r\n?", "\n"))
    every = _stack(raw, raw.columns)
    for column, index, text in _at(every.str.contains(_CONTROL), raw, raw.columns):
        mark = next(repr(c)[1:-1] for c in text if (c < " " and c not in "\t\n") or c in "\x7f\ufffe\uffff")
        report("control_character", index, column, mark, "")
    for column, index, text in _at(every.str.contains(_LOST), raw, raw.columns):
        report("lost_characters", index, column, text, "")
    for column, index, text in _at(every.str.len_chars() > CELL_LIMIT, raw, raw.columns):
        report("text_too_long", index, column, str(len(text)), str(CELL_LIMIT))
    bad = pl.all().str.contains(f"{_CONTROL}|{_LOST}")
    return raw.with_columns(pl.when(~bad).then(pl.all()).name.keep())


def _numbers(raw: pl.DataFrame, fields: Sequence[Field], report: Report) -> dict[str, pl.Series]:
    names = [field.name for field in fields]
    text = _stack(raw, names)
    value = text.cast(pl.Float64, strict=False)
    good = text.str.contains(PLAIN) & value.is_finite().fill_null(False)
    for column, index, cell in _at(~good & text.is_not_null(), raw, names):
        code, expected = diagnose(cell)
        report(code, index, column, cell, expected)
    value = pl.select(pl.when(good).then(value)).to_series()
    out = {f.name: value.slice(i * raw.height, raw.height).alias(f.name) for i, f in enumerate(fields)}
    for field in fields:
        if field.unit != "deg":  # positions have a rule of their own: the two may be swapped
            _range(out[field.name], field, raw, report)
    return out


def _range(values: pl.Series, field: Field, raw: pl.DataFrame, report: Report) -> None:
    low, high = field.minimum, field.maximum
    outside = pl.lit(False)
    if low is not None:
        outside = outside | (pl.col(field.name) < low)
    if high is not None:
        outside = outside | (pl.col(field.name) > high)
    if low is None and high is None:
        return
    for index in pl.DataFrame([values]).select(outside.arg_true()).to_series().to_list():
        if low == 0 and values[index] < 0:
            report("negative_value", index, field.name, raw[field.name][index], "0")
        else:
            bounds = f"{'' if low is None else f'{low:g}'}..{'' if high is None else f'{high:g}'}"
            report("out_of_range", index, field.name, raw[field.name][index], bounds)


def _flags(raw: pl.DataFrame, fields: Sequence[Field], report: Report) -> dict[str, pl.Series]:
    names = [field.name for field in fields]
    text = _stack(raw, names)
    good = text.is_in(TRUE + FALSE)
    for column, index, cell in _at(~good, raw, names):
        report("bad_flag", index, column, cell, "0, 1")
    value = pl.select(pl.when(good).then(text.is_in(TRUE))).to_series()
    return {f.name: value.slice(i * raw.height, raw.height).alias(f.name) for i, f in enumerate(fields)}


def _ids(raw: pl.DataFrame, fields: Sequence[Field], report: Report) -> dict[str, pl.Series]:
    out = {}
    names = [field.name for field in fields if not field.list]
    bad = _stack(raw, names).str.contains(_BAD_ID)
    for column, index, cell in _at(bad, raw, names):
        report(*_bad_id(cell, index, column))
    if bad.any():
        good = pl.select(pl.when(~bad).then(_stack(raw, names))).to_series()
        out = {name: good.slice(i * raw.height, raw.height).alias(name) for i, name in enumerate(names)}
    for name in (field.name for field in fields if field.list):
        separator = raw[name].str.contains(_WRONG_SEPARATOR)
        empty = raw[name].str.contains("^;|;\\s*;|;$")
        spaced = raw[name].str.contains("^\\s|\\s$|\\s;|;\\s") & ~empty
        for _, index, cell in _at(separator, raw, [name]):
            report("wrong_list_separator", index, name, cell, _items(re.sub(_WRONG_SEPARATOR, ";", cell)))
        for _, index, cell in _at(empty & ~separator, raw, [name]):
            report("empty_list_item", index, name, cell, _items(cell))
        for _, index, cell in _at(spaced & ~separator, raw, [name]):
            report("stray_space", index, name, cell, _items(cell))
        bad = separator | empty | spaced
        if bad.any():
            out[name] = pl.select(pl.when(~bad).then(raw[name])).to_series().alias(name)
    return out


def _items(cell: str) -> str:
    """The list as it should be written."""
    return ";".join(filter(None, (item.strip() for item in cell.split(";"))))


def _bad_id(cell: str, index: int, column: str) -> tuple[str, int, str, str, str]:
    if cell.upper() in ERROR_VALUES:
        return "error_cell", index, column, cell, "id"
    if not pl.Series([cell.strip()]).str.contains(_BAD_ID)[0]:
        return "stray_space", index, column, cell, cell.strip()
    return "bad_id", index, column, cell, "id"


def _dates(raw: pl.DataFrame, fields: Sequence[Field], report: Report) -> None:
    for field in fields:
        for column, index, cell in _at(~raw[field.name].str.contains(_DATE), raw, [field.name]):
            report("bad_date", index, column, cell, "2025-06-26")


def _words(raw: pl.DataFrame, table: Table, report: Report) -> None:
    for field in table.fields:
        if not field.enum or field.name not in raw.columns:
            continue
        for column, index, cell in _at(~raw[field.name].is_in(field.enum), raw, [field.name]):
            near = near_names(cell, field.enum)
            report("unknown_word", index, column, cell, ", ".join(near or field.enum))


def _required(raw: pl.DataFrame, table: Table, report: Report) -> None:
    for field in table.fields:
        if field.required and field.name in raw.columns and raw[field.name].null_count():
            for index in raw[field.name].is_null().arg_true().to_list():
                report("missing_value", index, field.name, "", field.type)


def _stack(raw: pl.DataFrame, names: Sequence[str]) -> pl.Series:
    """The columns one under the other: cell i of column j is at j * height + i."""
    if not names:
        return pl.Series("cell", [], pl.String)
    return pl.concat([raw[name].alias("cell") for name in names])


def _at(bad: pl.Series, raw: pl.DataFrame, names: Sequence[str]) -> Iterator[tuple[str, int, str]]:
    """(column, index of the record, text) of each cell where the stacked mask is true; null is not."""
    if not bad.any():
        return
    for position in bad.arg_true().to_list():
        column, index = divmod(position, raw.height)
        yield names[column], index, raw[names[column]][index]


def _there(fields: Sequence[Field], raw: pl.DataFrame) -> list[Field]:
    return [field for field in fields if field.name in raw.columns]


def _nulls(field: Field, height: int) -> pl.Series:
    dtype: pl.DataType = {"number": pl.Float64(), "flag": pl.Boolean()}.get(field.type, pl.String())
    return pl.Series(field.name, [None] * height, dtype=dtype)


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "..."
