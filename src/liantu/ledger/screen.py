"""A million figures at once: intervals in floats, joined by key, to find the few series that need a look.

A screen never decides. It is drawn a little too wide (`apart` counts ends that touch), so that whatever an
exact check finds is in a series that the check's screen has named.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from liantu.ledger.book import KEY_FIELDS
from liantu.ledger.catalogue import Catalogue, Indicator, Series
from liantu.ledger.formula import Formula
from liantu.ledger.observation import ABOUT, NEAR
from liantu.ledger.units import unit_of

INF = float("inf")
SLACK = 1e-9


def apart(low: pl.Expr, high: pl.Expr) -> pl.Expr:
    """Whether a lower end lies above an upper end, or so near that only the exact check can tell."""
    return low > high - SLACK * pl.min_horizontal(low.abs(), high.abs())


def shared(*found: pl.Series) -> pl.Series:
    """All the series that several screens name."""
    return pl.concat([one.cast(pl.Int32) for one in found])


@dataclass(frozen=True)
class Frame:
    """The figures in force for the screens.

    rows    a row a figure: series (a code), rs and re (its period), ks and ke (the key of a level: a stock's
            is its end), lo and hi in base units, dim (a code of what the unit measures), number, mid, and the
            columns of the ledger's table; `at` is the row of that table
    series  position i is the series of code i
    """

    rows: pl.DataFrame
    series: list[Series]
    catalogue: Catalogue
    dimensions: dict[str, int]

    @staticmethod
    def of(table: pl.DataFrame, catalogue: Catalogue) -> Frame:
        """The frame of the ledger's rows in force, with their column `at`."""
        pairs = table.select("subject", "indicator").unique(maintain_order=True)
        codes: dict[Series, int] = {}
        counted = [
            codes.setdefault(catalogue.series(subject, indicator)[0], len(codes))
            for subject, indicator in pairs.iter_rows()
        ]
        pairs = pairs.with_columns(series=pl.Series(counted, dtype=pl.Int32))
        units = table["unit"].unique(maintain_order=True).to_list()
        dimensions: dict[str, int] = {}
        dims = [dimensions.setdefault(unit_of(unit).dimension, len(dimensions)) for unit in units]
        factors = [float(unit_of(unit).factor) for unit in units]
        sizes = pl.DataFrame(
            {"unit": units, "dim": dims, "factor": factors},
            schema={"unit": pl.String, "dim": pl.Int32, "factor": pl.Float64},
        )
        names = list(codes)
        frame = Frame(pl.DataFrame(), names, catalogue, dimensions)
        rows = table.join(pairs, on=["subject", "indicator"], maintain_order="left")
        rows = rows.join(sizes, on="unit", maintain_order="left")
        rows = frame.with_attributes(rows, "stock", "known")
        return Frame(_keyed(_sized(rows)), names, catalogue, dimensions)

    @cached_property
    def attributes(self) -> pl.DataFrame:
        """What the catalogue knows of each series."""
        cached: dict[str, tuple[object, ...]] = {}
        records = []
        for _, name in self.series:
            if name not in cached:
                cached[name] = _attributes(self.catalogue.known(name), name in self.catalogue.indicators)
            records.append(cached[name])
        columns: dict[str, Any] = {n: [r[i] for r in records] for i, n in enumerate(_ATTRIBUTES)}
        codes = pl.Series("series", range(len(self.series)), dtype=pl.Int32)
        return pl.DataFrame(columns, schema=_ATTRIBUTES).insert_column(0, codes)

    def with_attributes(self, rows: pl.DataFrame, *names: str) -> pl.DataFrame:
        """The rows with the attributes of their series (all, where none is named) beside them."""
        wanted = [name for name in (names or _ATTRIBUTES) if name not in rows.columns]
        return rows.join(self.attributes.select("series", *wanted), on="series", maintain_order="left")

    def dims(self, names: Iterable[str]) -> list[int]:
        """The codes of dimensions."""
        return [code for name, code in self.dimensions.items() if name in names]

    @cached_property
    def usable(self) -> pl.DataFrame:
        """The rows that a check may rest on."""
        return self.rows.filter(pl.col("usable"))

    def levels_of(self, status: str) -> pl.DataFrame:
        """The levels of a status."""
        return self.usable.filter((pl.col("measure") == "level") & (pl.col("status") == status))

    @cached_property
    def levels(self) -> pl.DataFrame:
        """The actual levels."""
        return self.levels_of("actual")

    @cached_property
    def growth(self) -> pl.DataFrame:
        """Rates and multiples of one step, with the keys of their end and base, and their factor."""
        rows = self.usable.filter(
            pl.col("measure").is_in(["rate", "multiple"]) & (pl.col("basis") != "average")
        )
        return _factored(_based(rows)).with_columns(steps=pl.lit(1, pl.Int64))

    @cached_property
    def growth_actual(self) -> pl.DataFrame:
        """Those that are actual."""
        return self.growth.filter(pl.col("status") == "actual").select(_GROWTH)

    @cached_property
    def changes(self) -> pl.DataFrame:
        """Actual increments with the keys of their end and base."""
        rows = self.usable.filter((pl.col("measure") == "change") & (pl.col("status") == "actual"))
        return _based(rows)

    @cached_property
    def averages(self) -> pl.DataFrame:
        """Actual average growths over years, with the keys of their ends, and the steps between."""
        rows = self.usable.filter(
            (pl.col("basis") == "average")
            & pl.col("measure").is_in(["rate", "multiple"])
            & (pl.col("status") == "actual")
            & (pl.col("re").dt.month() == 12)
        )
        last = pl.col("re").dt.year()
        first = pl.coalesce(pl.col("base_e").dt.year(), pl.col("rs").dt.year() - 1)
        rows = rows.with_columns(last=last, first=first, steps=(last - first).cast(pl.Int64))
        rows = rows.filter((pl.col("steps") > 0) & (pl.col("first") > 0)).with_columns(
            grow_s=pl.when("stock").then("re").otherwise(pl.date("last", 1, 1)),
            grow_e="re",
            bke=pl.date("first", 12, 31),
        )
        rows = rows.with_columns(bks=pl.when("stock").then("bke").otherwise(pl.date("first", 1, 1)))
        return _factored(rows).select(_GROWTH)

    @cached_property
    def part_map(self) -> pl.DataFrame:
        """Each series beside the series of its wholes, both present."""
        from liantu.ledger.checks.parts_sum import kind_of

        codes = {series: code for code, series in enumerate(self.series)}
        found = []
        for part, code in codes.items():
            for whole, _ in self.catalogue.wholes(part):
                if whole in codes:
                    kind = kind_of(self.catalogue, part)
                    parts = [p for p, _ in self.catalogue.parts(whole) if kind_of(self.catalogue, p) == kind]
                    subject = self.catalogue.subjects.get(whole[0])
                    complete = subject is not None and subject.complete
                    found.append((code, codes[whole], kind, complete, len(parts)))
        schema: dict[str, Any] = {
            "part": pl.Int32, "whole": pl.Int32, "kind": pl.String, "complete": pl.Boolean,
            "children": pl.Int64,
        }  # fmt: skip
        return pl.DataFrame(found, schema=schema, orient="row").unique(maintain_order=True)

    @cached_property
    def share_map(self) -> pl.DataFrame:
        """Each series and `within` of a share beside the series of its part and its whole."""
        from liantu.ledger.checks.ratio import whole_of

        codes = {series: code for code, series in enumerate(self.series)}
        pairs = self.usable.filter(pl.col("measure") == "share").select("series", "within").unique()
        found = []
        for code, within in pairs.sort("series", "within").iter_rows():
            whole = whole_of(self.catalogue, self.series[code], within)
            if whole in codes:
                stocks = [self.catalogue.known(s[1]).kind == "stock" for s in (self.series[code], whole)]
                found.append((code, within, code, codes[whole], *stocks))
        schema: dict[str, Any] = {
            "series": pl.Int32, "within": pl.String, "part": pl.Int32, "whole": pl.Int32,
            "part_stock": pl.Boolean, "whole_stock": pl.Boolean,
        }  # fmt: skip
        return pl.DataFrame(found, schema=schema, orient="row")

    @cached_property
    def formulas(self) -> dict[str, tuple[Formula, pl.DataFrame]]:
        """Each derived indicator: its formula, and a table of its series and those of the operands."""
        codes = {series: code for code, series in enumerate(self.series)}
        found: dict[str, tuple[Formula, list[list[int | None]]]] = {}
        for (subject, name), code in codes.items():
            formula = self.catalogue.known(name).formula
            if formula is not None:
                operands = [codes.get(self.catalogue.series(subject, n)[0]) for n in formula.names]
                found.setdefault(name, (formula, []))[1].append([code, *operands])
        return {name: (f, _table(rows, ("series", *f.names))) for name, (f, rows) in found.items()}


_ATTRIBUTES: dict[str, Any] = {
    "known": pl.Boolean, "stock": pl.Boolean, "adds_up": pl.Boolean, "monotone": pl.Boolean,
    "kind": pl.String, "direction": pl.String, "pace_lo": pl.Float64, "pace_hi": pl.Float64,
    "bound_lo": pl.Float64, "bound_hi": pl.Float64, "ranks": pl.Float64,
}  # fmt: skip
_GROWTH = ["series", "dim", "grow_s", "grow_e", "bks", "bke", "f_lo", "f_hi", "steps"]


def _table(rows: list[list[int | None]], names: tuple[str, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Int32), orient="row")


def _attributes(indicator: Indicator, known: bool) -> tuple[object, ...]:
    pace, bounds = indicator.pace or (None, None), indicator.bounds or (None, None)
    return (
        known, indicator.kind == "stock", indicator.adds_up, indicator.monotone, indicator.kind,
        indicator.direction, *pace, *bounds, indicator.ranks,
    )  # fmt: skip


def _sized(rows: pl.DataFrame) -> pl.DataFrame:
    """lo and hi as `observation.printed` has them."""
    number = pl.col("value").cast(pl.Float64) * pl.col("factor")
    rows = rows.with_columns(number=number, half=pl.col("step").cast(pl.Float64) * pl.col("factor") / 2)
    size, half, fall = pl.col("number").abs(), pl.col("half"), pl.col("number") < 0
    said = pl.col("qualifier")
    under = pl.when(said == "near").then(float(NEAR)).when(said == "about").then(float(ABOUT)).otherwise(0.0)
    over = pl.when(said == "about").then(float(ABOUT)).otherwise(0.0)
    small = pl.when(said == "below").then(-INF).otherwise(size - pl.max_horizontal(half, size * under))
    large = pl.when(said == "above").then(INF).otherwise(size + pl.max_horizontal(half, size * over))
    rows = rows.with_columns(small=small, large=large)
    return rows.with_columns(
        lo=pl.when(fall).then(-pl.col("large")).otherwise("small"),
        hi=pl.when(fall).then(-pl.col("small")).otherwise("large"),
        mid=pl.col("number"),
    ).drop("small", "large", "half", "factor")


def _keyed(rows: pl.DataFrame) -> pl.DataFrame:
    """The period, the key of a level, and whether a check may rest on the row."""
    doubtful = pl.lit(False)
    for name in sorted(KEY_FIELDS):
        doubtful = doubtful | pl.col("doubts").str.contains(rf"(^|;){name}(;|$)")
    return rows.rename(
        {"start": "rs", "end": "re", "base_start": "base_s", "base_end": "base_e"}
    ).with_columns(
        ks=pl.when("stock").then("re").otherwise("rs"),
        ke="re",
        usable=pl.col("rs").is_not_null() & ~doubtful,
    )


def _based(rows: pl.DataFrame) -> pl.DataFrame:
    """grow_s, grow_e: the key of the end; bks, bke: the key of the base. Rows without a base are left out."""
    start, end = pl.col("rs"), pl.col("re")
    open_end = (start.dt.year() <= 1) | (end.dt.year() >= 9999)
    months = (end.dt.year() - start.dt.year()) * 12 + end.dt.month() - start.dt.month() + 1
    rows = rows.with_columns(months=months.cast(pl.Int64), open_end=open_end)
    given = pl.col("base_s").is_not_null()
    rows = rows.filter(given | (pl.col("basis").is_in(["on_year", "on_previous"]) & ~pl.col("open_end")))
    by = (
        pl.when(pl.col("basis") == "on_previous")
        .then(pl.format("-{}mo", "months"))
        .otherwise(pl.lit("-12mo"))
    )

    def moved(day: str) -> pl.Expr:
        last = pl.col(day) == pl.col(day).dt.month_end()
        back = pl.col(day).dt.offset_by(by)
        return pl.when(last).then(back.dt.month_end()).otherwise(back)

    rows = rows.with_columns(
        grow_s=pl.col("ks"),
        grow_e=pl.col("ke"),
        b_s=pl.when(given).then("base_s").otherwise(moved("rs")),
        bke=pl.when(given).then("base_e").otherwise(moved("re")),
    )
    return rows.with_columns(bks=pl.when("stock").then("bke").otherwise("b_s")).drop("b_s", "open_end")


def _factored(rows: pl.DataFrame) -> pl.DataFrame:
    """f_lo, f_hi: end over base, where it is above zero."""
    rate = pl.col("measure") == "rate"
    return rows.with_columns(
        f_lo=pl.when(rate).then(1 + pl.col("lo") / 100).otherwise("lo"),
        f_hi=pl.when(rate).then(1 + pl.col("hi") / 100).otherwise("hi"),
    ).filter(pl.col("f_lo") > 0)
