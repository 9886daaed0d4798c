"""Tables to one workbook: a sheet a table, the header frozen, each column explained in a comment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from liantu.data.excel_in import PACKAGE_SHEET
from liantu.data.package_out import columns_to_write
from liantu.data.schema import CARRIED_PREFIX, TABLES, Field, Table
from liantu.data.text import number_text

if TYPE_CHECKING:
    from liantu.data.tables import Tables


def write_workbook(tables: Tables, file: str | Path) -> None:
    """Write `tables` as an .xlsx workbook: a sheet a table, and a sheet 'package' with name and titles.

    The header is row 1 and frozen; what a column holds, and its unit, is a comment on its header in Chinese
    and English. Reading it back gives the same tables: numbers bit for bit, text letter for letter, 0913 as
    0913. Raises OSError where the file can't be written.
    """
    import xlsxwriter  # 80 ms, and only for writing

    book: Any = xlsxwriter.Workbook(str(file), {"strings_to_urls": False, "strings_to_formulas": False})
    formats = {
        "head": book.add_format({"bold": True, "bg_color": "#E8EEF7", "border": 1}),
        "must": book.add_format({"bold": True, "bg_color": "#FBE5D6", "border": 1}),
        "text": book.add_format({"num_format": "@"}),
    }
    for name, table in TABLES.items():
        frame = tables[name]
        if frame.height or table.required:
            _write_sheet(book.add_worksheet(name), table, frame, formats)
    _write_about(book.add_worksheet(PACKAGE_SHEET), tables, formats)
    try:
        book.close()
    except xlsxwriter.exceptions.FileCreateError as error:
        cause = error.args[0] if error.args and isinstance(error.args[0], OSError) else OSError(str(error))
        raise cause from error


def _write_sheet(sheet: Any, table: Table, frame: pl.DataFrame, formats: dict[str, Any]) -> None:
    _exact_numbers(sheet)
    sheet.freeze_panes(1, 1)
    sheet.set_comments_author("liantu")
    for j, name in enumerate(columns_to_write(table, frame)):
        field = None if name.startswith(CARRIED_PREFIX) else table.field(name)
        must = field is not None and field.required
        sheet.write_string(0, j, name, formats["must" if must else "head"])
        if field is not None:
            sheet.write_comment(0, j, comment(field), {"x_scale": 2, "y_scale": 1.4})
            if field.enum:
                sheet.data_validation(1, j, max(frame.height, 200), j, _choice(field))
        is_text = frame[name].dtype == pl.String
        sheet.set_column(j, j, _width(name), formats["text"] if is_text else None)
        _write_column(sheet, j, frame[name], formats)


def _write_column(sheet: Any, j: int, column: pl.Series, formats: dict[str, Any]) -> None:
    for i, value in enumerate(column.to_list(), start=1):
        if value is None:
            continue
        if isinstance(value, str):
            sheet.write_string(i, j, value, formats["text"])
        else:
            sheet.write_number(i, j, value)


def _exact_numbers(sheet: Any) -> None:
    """Write each number in its shortest exact form; the library keeps 16 digits, one too few."""

    def write(number: float, attributes: Any = ()) -> None:
        marks = "".join(f' {key}="{value}"' for key, value in attributes)
        sheet.fh.write(f"<c{marks}><v>{number_text(float(number))}</v></c>")

    sheet._xml_number_element = write


def comment(field: Field) -> str:
    """What a column holds, for the comment on its header."""
    unit = f" [{field.unit}]" if field.unit else ""
    must = "必填 required\n" if field.required else ""
    words = f"\n{' | '.join(field.enum)}" if field.enum else ""
    items = "\n多项用 ; 分隔 / items separated by ;" if field.list else ""
    return f"{must}{field.zh}{unit}\n{field.en}{unit}{words}{items}"


def _choice(field: Field) -> dict[str, Any]:
    return {"validate": "list", "source": list(field.enum), "error_type": "warning"}


def _width(name: str) -> int:
    return 30 if name.startswith(("name", "note", "title", "rationale")) else max(10, min(len(name) + 2, 28))


def _write_about(sheet: Any, tables: Tables, formats: dict[str, Any]) -> None:
    """Key and value a row; what is not text as JSON."""
    about = {"name": tables.name, "title_zh": tables.title_zh, "title_en": tables.title_en}
    rows = [("key", "value"), *((k, v) for k, v in (about | dict(tables.about)).items())]
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 20, formats["text"])
    sheet.set_column(1, 1, 80, formats["text"])
    for i, (key, value) in enumerate(rows):
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        sheet.write_string(i, 0, key, formats["head" if i == 0 else "text"])
        sheet.write_string(i, 1, text, formats["head" if i == 0 else "text"])
