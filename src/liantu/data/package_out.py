"""Tables to a Frictionless data package: datapackage.json beside one CSV a table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from liantu.data.schema import CARRIED_PREFIX, TABLES, Field, Table
from liantu.data.text import texts

if TYPE_CHECKING:
    from liantu.data.tables import Tables

FRICTIONLESS_TYPES = {
    "text": "string",
    "id": "string",
    "date": "string",
    "number": "number",
    "flag": "boolean",
}


def write_package(tables: Tables, directory: str | Path) -> None:
    """Write `tables` as a data package into `directory`, made where it is missing.

    Optional tables without rows and optional columns without values are left out. Reading it back gives the
    same tables: numbers bit for bit, text letter for letter. Raises OSError where the place can't be written.
    """
    directory = Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    for name, table in TABLES.items():
        frame = tables[name]
        if frame.height or table.required:
            text = csv_text(frame.select(columns_to_write(table, frame)))
            (directory / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    text = json.dumps(descriptor(tables), ensure_ascii=False, indent=2)
    (directory / "datapackage.json").write_text(text + "\n", encoding="utf-8")


def columns_to_write(table: Table, frame: pl.DataFrame) -> list[str]:
    """Columns with a value somewhere, and the required ones; the file's own x_ columns always."""
    return [
        name
        for name in frame.columns
        if name.startswith(CARRIED_PREFIX)
        or table.field(name).required
        or frame[name].null_count() < frame.height
    ]


def csv_text(frame: pl.DataFrame) -> str:
    """The frame as CSV: a header row, \\n line ends, numbers as short as they read back equal."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(frame.columns)
    writer.writerows(zip(*(texts(frame[name]) for name in frame.columns), strict=True))
    return out.getvalue()


def descriptor(tables: Tables) -> dict[str, Any]:
    """The datapackage.json of `tables`: types, units, descriptions, keys, generated from the schema."""
    present = [name for name, table in TABLES.items() if tables[name].height or table.required]
    head: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": tables.name,
        "title": tables.title_en,
        "title_en": tables.title_en,
        "title_zh": tables.title_zh,
    }
    head |= {key: value for key, value in tables.about.items() if key not in head}
    head["resources"] = [_resource(TABLES[name], tables[name], present) for name in present]
    return head


def _resource(table: Table, frame: pl.DataFrame, present: list[str]) -> dict[str, Any]:
    columns = columns_to_write(table, frame)
    fields = [_field(table, name) for name in columns]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""], "primaryKey": list(table.key)}
    foreign = [
        {"fields": field.name, "reference": {"resource": _self(field.targets[0], table), "fields": "id"}}
        for field in table.fields
        if field.name in columns and _is_foreign(field, present)
    ]
    if foreign:
        schema["foreignKeys"] = foreign
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"{table.name}.csv",
        "title": table.title_en,
        "title_zh": table.title_zh,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _is_foreign(field: Field, present: list[str]) -> bool:
    """Only a plain reference can be said in a table schema: not a list cell, not a choice of tables."""
    return len(field.targets) == 1 and not field.list and field.targets[0] in present


def _self(target: str, table: Table) -> str:
    return "" if target == table.name else target


def _field(table: Table, name: str) -> dict[str, Any]:
    if name.startswith(CARRIED_PREFIX):
        return {"name": name, "type": "string"}
    field = table.field(name)
    out: dict[str, Any] = {"name": name, "type": FRICTIONLESS_TYPES[field.type]}
    if field.type == "flag":
        out |= {"trueValues": ["1", "TRUE", "true"], "falseValues": ["0", "FALSE", "false"]}
    out |= {"description": field.en, "description_zh": field.zh}
    if field.unit:
        out["unit"] = field.unit
    constraints: Mapping[str, object] = {
        "required": True if field.required else None,
        "minimum": field.minimum,
        "maximum": field.maximum,
        "enum": list(field.enum) or None,
    }
    if any(value is not None for value in constraints.values()):
        out["constraints"] = {key: value for key, value in constraints.items() if value is not None}
    if field.default is not None:
        out["default"] = field.default
    if field.list:
        out["separator"] = ";"
    if field.references:
        out["references"] = field.references
    return out
