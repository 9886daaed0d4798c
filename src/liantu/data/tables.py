"""Tables: a city as checked, typed tables. Reading is all or nothing, and tells every problem at once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl

from liantu.data.inspect import inspect_bundle
from liantu.data.locate import locate
from liantu.data.schema import ENERGY_UNITS, TABLES
from liantu.data.sheet import Bundle, Sheet
from liantu.errors import InputError, Problem


@dataclass(frozen=True)
class Tables:
    """A city: every table of the schema, perhaps with no rows; null is a blank cell.

    Text is pl.String, numbers pl.Float64, flags pl.Boolean; every field of the schema is a column, in its
    order, followed by the file's own x_ columns as text. Rows keep the order of the file.
    """

    frames: Mapping[str, pl.DataFrame]
    name: str
    title_zh: str
    title_en: str
    about: Mapping[str, Any] = field(default_factory=dict)
    """What the package says of itself besides: description, licenses, version. Not part of the digest."""

    def __post_init__(self) -> None:
        missing = [name for name in TABLES if name not in self.frames]
        if missing:
            raise ValueError(f"Tables needs every table of the schema; missing {missing}")
        object.__setattr__(self, "frames", MappingProxyType(dict(self.frames)))

    def __getitem__(self, table: str) -> pl.DataFrame:
        return self.frames[table]

    @cached_property
    def digest(self) -> str:
        """sha256 (hex) of the content: the same for any order of rows and columns, from CSV or a workbook."""
        return digest_of(self.frames)

    def filled(self, table: str) -> pl.DataFrame:
        """The table with each blank cell replaced by the default that its field declares.

        t_per_unit of a material is 1 for t, 0.001 for kg and 0 for energy; low and high prices are the mid
        price. Fields without a default stay null.
        """
        frame = self.frames[table]
        fills = [
            pl.col(f.name).fill_null(pl.lit(f.default)) for f in TABLES[table].fields if f.default is not None
        ]
        if table == "materials":
            fills += _material_defaults()
        return frame.with_columns(fills)


def _material_defaults() -> list[pl.Expr]:
    unit = pl.col("unit")
    tonnes = (
        pl.when(unit == "t").then(1.0).when(unit == "kg").then(0.001).when(unit.is_in(ENERGY_UNITS)).then(0.0)
    )
    emits = pl.when(pl.col("emits_as").is_not_null()).then(1.0)
    return [
        pl.coalesce(pl.col("t_per_unit"), tonnes).alias("t_per_unit"),
        pl.coalesce(pl.col("emits_per_unit"), emits).alias("emits_per_unit"),
        pl.coalesce(pl.col("price_low_cny"), pl.col("price_mid_cny")).alias("price_low_cny"),
        pl.coalesce(pl.col("price_high_cny"), pl.col("price_mid_cny")).alias("price_high_cny"),
    ]


@dataclass(frozen=True)
class Inspection:
    """What a reading found: the tables, None where an error refuses them; errors and notices in order."""

    tables: Tables | None
    problems: tuple[Problem, ...]
    sheets: tuple[Sheet, ...] = ()
    """The cells as they lay in the file."""

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What refuses the input."""
        return tuple(p for p in self.problems if p.severity == "error")

    @property
    def notices(self) -> tuple[Problem, ...]:
        """What the reader did by itself and says so."""
        return tuple(p for p in self.problems if p.severity == "notice")


def inspect_tables(path: str | Path) -> Inspection:
    """Read the city at `path` and say everything that is wrong with it, notices included. Never raises.

    `path`: a directory with datapackage.json, that file itself, a bare directory of CSVs named as the tables,
    or one .xlsx workbook with a sheet a table.
    """
    return inspect_sheets(*locate(Path(path)))


def inspect_sheets(bundle: Bundle, earlier: list[Problem]) -> Inspection:
    """The same for sheets that were read already, with the problems of reading them."""
    frames, problems = inspect_bundle(bundle, earlier)
    problems = sorted(set(problems), key=Problem.sort_key)
    if any(p.severity == "error" for p in problems):
        return Inspection(None, tuple(problems), tuple(bundle.sheets))
    about = dict(bundle.about)
    title = str(about.pop("title", "") or bundle.name)
    tables = Tables(
        frames,
        name=bundle.name,
        title_zh=str(about.pop("title_zh", "") or title),
        title_en=str(about.pop("title_en", "") or title),
        about=about,
    )
    return Inspection(tables, tuple(problems), tuple(bundle.sheets))


def read_tables(path: str | Path) -> Tables:
    """The city at `path` (see `inspect_tables`). Raises InputError with all problems at once."""
    inspection = inspect_tables(path)
    if inspection.tables is None:
        raise InputError(inspection.errors)
    return inspection.tables


LATER = ("transports",)
"""Tables that the schema got later: without rows they leave a city's digest what it was."""


def digest_of(frames: Mapping[str, pl.DataFrame]) -> str:
    """sha256 (hex) over the non-blank cells of the frames, each row canonical, rows sorted."""
    total = hashlib.sha256()
    for name in sorted(frames):
        rows = _canonical_rows(frames[name])
        if not rows and name in LATER:
            continue
        total.update(f"{name}\x1d{len(rows)}\x1d".encode())
        total.update("\x1d".join(rows).encode())
    return total.hexdigest()


def _canonical_rows(frame: pl.DataFrame) -> list[str]:
    """Each row as text of its non-blank cells, sorted; a number by its bits."""
    cells = []
    for column in sorted(frame.columns):
        series = frame[column]
        if series.null_count() == frame.height:
            continue
        if series.dtype == pl.Float64:
            text = pl.Series(column, series.fill_null(0.0).to_numpy().view("int64")).cast(pl.String)
            series = pl.select(pl.when(series.is_not_null()).then(text)).to_series().alias(column)
        cells.append(pl.lit(f"{column}\x1f") + series.cast(pl.String) + pl.lit("\x1e"))
    if not cells:
        return [""] * frame.height
    return frame.select(pl.concat_str([c.fill_null("") for c in cells]).alias("row"))["row"].sort().to_list()
