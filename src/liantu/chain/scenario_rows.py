"""Rows that a scenario adds to the tables: candidates and committed demands written out in the file.

They are read and checked as rows of candidates.csv and demands.csv are, by the same rules, and a
problem is told with the line and key of the scenario file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl
import yaml

from liantu.chain.network import Demand
from liantu.chain.scenario_names import City
from liantu.chain.scenario_yaml import Reading, close_names, is_blank, joined, line_of, shown
from liantu.data.cells import typed
from liantu.data.rules import apply
from liantu.data.rules.context import Context
from liantu.data.schema import TABLES
from liantu.data.sheet import Sheet
from liantu.data.tables import Tables
from liantu.errors import Problem

Row = dict[str, object]
Nodes = Sequence[tuple[str, yaml.Node]]
"""Key path and mapping of each row."""
Columns = Mapping[str, str]
Places = dict[tuple[int, str], tuple[int, str]]
"""(line of the row, column) -> (line, key path) of the cell."""

DEMAND_COLUMNS = {
    "material": "material_id", "quantity": "quantity_per_year", "park": "park_id", "lat": "lat", "lon": "lon",
    "penalty": "penalty_cny_per_unit",
}  # fmt: skip
"""Keys of a demand in a scenario file, and the columns of demands.csv that they fill."""
CANDIDATE_COLUMNS = {name: name for name in TABLES["candidates"].names}
"""A candidate is written with the columns of candidates.csv as keys."""


def read_candidates(reading: Reading, tables: Tables, nodes: Nodes) -> list[Row]:
    """The candidates written out under `add`, as rows; problems go to `reading`."""
    return _read(reading, tables, "candidates", CANDIDATE_COLUMNS, nodes)


def read_demands(reading: Reading, city: City, nodes: Nodes) -> tuple[Demand, ...]:
    """New committed demands: (id, node of the mapping) of each; problems go to `reading`."""
    positions = city.tables["parks"].select("id", "lat", "lon").iter_rows()
    parks = {name: (lat, lon) for name, lat, lon in positions}
    out = []
    for row in _read(reading, city.tables, "demands", DEMAND_COLUMNS, nodes):
        park = str(row.get("park_id") or "")
        at = parks.get(park, (None, None))
        lat, lon = row.get("lat", at[0]), row.get("lon", at[1])
        material = city.materials.ids.index(str(row["material_id"]))
        penalty = row.get("penalty_cny_per_unit", city.penalty)
        quantity, y, x, cost = (_float(v) for v in (row["quantity_per_year"], lat, lon, penalty))
        out.append(Demand(str(row["id"]), material, quantity, y, x, cost, park))
    return tuple(out)


def _float(value: object) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")


def _read(reading: Reading, tables: Tables, table: str, columns: Columns, nodes: Nodes) -> list[Row]:
    """The mappings as rows of a table, none where one of them has an error."""
    before = len(reading.problems)
    places: Places = {}
    cells = [_cells(reading, key, node, columns, places) for key, node in nodes]
    required = [field.name for field in TABLES[table].fields if field.required]
    header = tuple(dict.fromkeys([*required, *(name for row in cells for name in row)]))
    lines = [line_of(node) for _, node in nodes]
    values = tuple([row.get(name, "") for row in cells] for name in header)
    sheet = Sheet(reading.file, table, header, values, lines)
    frame, problems = typed(sheet, TABLES[table])
    problems += _checked(tables, table, frame, sheet)
    keys = {line_of(node): key for key, node in nodes}
    names = {column: name for name, column in columns.items()}
    told = {(p.row, p.column) for p in reading.problems[before:]}
    for p in problems:
        row, column = p.row or 0, p.column or ""
        whole = row, joined(keys.get(row, ""), names.get(column, column))
        line, key = places.get((row, column), whole)
        if p.code == "missing_value" and (line, key) in told:
            continue  # what stands there was refused already
        reading.problems.append(replace(p, row=line, column=key))
    if any(p.severity == "error" for p in reading.problems[before:]):
        return []
    return [{k: v for k, v in row.items() if v is not None} for row in frame.iter_rows(named=True)]


def _cells(reading: Reading, key: str, node: yaml.Node, columns: Columns, places: Places) -> dict[str, str]:
    """Column -> cell as a CSV would hold it, of one mapping; `places` learns where each cell stands."""
    out: dict[str, str] = {}
    if "id" not in columns:
        out["id"] = key.rpartition(".")[2]
    example = ", ".join(f"{name}: …" for name in list(columns)[:3])
    for name, at, value in reading.entries(node, key, f"{{{example}}}"):
        place = joined(key, name)
        if name not in columns:
            reading.report("unknown_key", at, place, name, close_names(name, columns))
            continue
        places[line_of(node), columns[name]] = line_of(value), place
        if isinstance(value, yaml.SequenceNode) and all(isinstance(v, yaml.ScalarNode) for v in value.value):
            out[columns[name]] = ";".join(str(item.value) for item in value.value)
        elif isinstance(value, yaml.ScalarNode):
            out[columns[name]] = "" if is_blank(value) else _plain(str(value.value))
        else:
            reading.report("wrong_shape", value, place, shown(value), "1200.5 | ID | [ID, ID]")
    return out


def _plain(text: str) -> str:
    """A flag as a table writes it."""
    return {"true": "1", "false": "0"}.get(text.lower(), text)


def _checked(tables: Tables, table: str, frame: pl.DataFrame, sheet: Sheet) -> list[Problem]:
    """What the rules between rows and tables say of the new rows, as if they stood in their table."""
    old = tables[table]
    frames = dict(tables.frames)
    frames[table] = pl.concat([old, frame], how="diagonal")
    sheets = {
        name: Sheet(
            f"{name}.csv",
            name,
            tuple(f.columns),
            tuple(f.to_dict(as_series=False).values()),
            range(2, f.height + 2),
        )
        for name, f in tables.frames.items()
        if f.height
    }
    whole = tuple([None] * old.height + list(column) for column in sheet.columns)
    sheets[table] = replace(sheet, columns=whole, rows=[0] * old.height + list(sheet.rows))
    context = Context(frames, sheets)
    apply(context)
    return [p for p in context.problems if p.file == sheet.file and p.row]
