"""CSV to workbook to CSV to workbook: nothing is lost, numbers are equal bit for bit."""

from __future__ import annotations

import struct
import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liantu.data.excel_out import write_workbook
from liantu.data.inspect import empty_frame
from liantu.data.package_out import write_package
from liantu.data.schema import TABLES
from liantu.data.tables import Tables, digest_of, inspect_tables, read_tables

from .city import JINCHANG

_TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\ufffd\ufffe\uffff", exclude_categories=("Cs", "Cc")),
    min_size=1,
    max_size=20,
).filter(lambda text: text.strip() != "")
_TRICKY = st.sampled_from(
    [
        "0913",
        "1e5",
        "=1+1",
        "+86",
        "2025-01-06",
        "TRUE",
        "a\nb",
        ' "quoted", ',
        "'",
        "_x000D_",
        "#REF!",
        "@x",
        "-",
        "NaN",
    ]
)
_NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(
    [-0.0, 0.1 + 0.2, 2.0**53 + 2, 5e-324, 1.7976931348623157e308, 1 / 3, 1e22, 123456789.123456789]
)


def _city(rows: list[tuple[str, str, float, float | None, bool | None]]) -> Tables:
    """A city whose materials carry the given texts and numbers."""
    frames = {name: empty_frame(table) for name, table in TABLES.items()}
    count = len(rows)
    frames["materials"] = pl.DataFrame(
        {
            "id": [f"m{i}" for i in range(count)],
            "unit": ["t"] * count,
            "name_zh": [row[0] for row in rows],
            "gbt4754": [row[1] for row in rows],
            "price_mid_cny": [row[2] for row in rows],
            "disposal_cost_cny_per_unit": [row[3] for row in rows],
            "free_source": [row[4] for row in rows],
            "x_own": [row[1] for row in rows],
        },
        schema_overrides={"disposal_cost_cny_per_unit": pl.Float64, "free_source": pl.Boolean},
    )
    given = frames["materials"]
    blank = [n for n in TABLES["materials"].names if n not in given.columns]
    frames["materials"] = pl.concat(
        [given, empty_frame(TABLES["materials"]).select(blank)], how="diagonal"
    ).select(*TABLES["materials"].names, "x_own")
    frames["processes"] = _rows("processes", id="p", reference_product="m0")
    frames["process_flows"] = _rows(
        "process_flows", process_id="p", line=1.0, material_id="m0", direction="out", amount=1.0
    )
    frames["facilities"] = _rows(
        "facilities", id="f", process_id="p", capacity_per_year=1.0, lat=38.5, lon=102.2
    )
    return Tables(frames, "small", "小城", "Small city", {"licenses": [{"name": "ODbL-1.0"}], "note": "x"})


def _rows(table: str, **values: object) -> pl.DataFrame:
    empty = empty_frame(TABLES[table])
    return pl.concat([empty, pl.DataFrame([values])], how="diagonal").select(empty.columns)


def _same(a: Tables, b: Tables) -> None:
    assert a.digest == b.digest
    assert (a.name, a.title_zh, a.title_en, dict(a.about)) == (b.name, b.title_zh, b.title_en, dict(b.about))
    for name in TABLES:
        assert a[name].equals(b[name], null_equal=True), name


@given(
    st.lists(
        st.tuples(
            _TEXT | _TRICKY, _TEXT | _TRICKY, _NUMBERS, st.none() | _NUMBERS, st.none() | st.booleans()
        ),
        min_size=1,
        max_size=6,
    )
)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_is_lost_between_package_and_workbook(
    rows: list[tuple[str, str, float, float | None, bool | None]],
) -> None:  # fmt: skip
    first = _city(rows)
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        write_package(first, here / "one")
        second = read_tables(here / "one")
        write_workbook(second, here / "two.xlsx")
        third = read_tables(here / "two.xlsx")
        write_package(third, here / "three")
        write_workbook(read_tables(here / "three"), here / "four.xlsx")
        fourth = read_tables(here / "four.xlsx")
        assert (here / "one" / "materials.csv").read_bytes() == (
            here / "three" / "materials.csv"
        ).read_bytes()
    for later in (second, third, fourth):
        _same(first, later)
    for row, price in zip(rows, fourth["materials"]["price_mid_cny"], strict=True):
        assert struct.pack("d", row[2]) == struct.pack("d", price)


def test_the_demo_city_comes_back_byte_for_byte(tmp_path: Path) -> None:
    tables = read_tables(JINCHANG)
    write_workbook(tables, tmp_path / "city.xlsx")
    write_package(read_tables(tmp_path / "city.xlsx"), tmp_path / "again")
    for file in (tmp_path / "again").iterdir():
        assert file.read_bytes() == (JINCHANG / file.name).read_bytes(), file.name


def test_a_bare_folder_of_tables_reads_like_the_package(tmp_path: Path) -> None:
    for file in JINCHANG.glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    bare = read_tables(tmp_path)
    assert bare.digest == read_tables(JINCHANG).digest
    assert bare.name == tmp_path.name


def test_the_digest_does_not_see_the_order_of_rows_and_columns() -> None:
    tables = read_tables(JINCHANG)
    shuffled = {
        name: tables[name].sample(fraction=1, shuffle=True, seed=7).select(sorted(tables[name].columns))
        for name in TABLES
    }
    assert digest_of(shuffled) == tables.digest


@pytest.mark.parametrize("table", ["materials", "process_flows", "parameters"])
def test_the_digest_sees_the_smallest_change(table: str) -> None:
    tables = read_tables(JINCHANG)
    column = {"materials": "price_mid_cny", "process_flows": "amount", "parameters": "value"}[table]
    nudged = dict(tables.frames) | {table: tables[table].with_columns(pl.col(column) * (1 + 2**-52))}
    assert digest_of(nudged) != tables.digest


def test_cells_do_not_run_into_each_other_in_the_digest() -> None:
    def one(a: str | None, b: str | None) -> str:
        return digest_of({"t": pl.DataFrame({"a": [a], "b": [b]}, schema={"a": pl.String, "b": pl.String})})

    assert len({one("x", "y"), one("xy", None), one(None, "xy"), one("y", "x"), one(None, None)}) == 5


def test_own_columns_are_carried_along(tmp_path: Path) -> None:
    write_package(_city([("甲", "0913", 1.5, None, None)]), tmp_path)
    inspection = inspect_tables(tmp_path)
    assert inspection.tables is not None
    assert inspection.tables["materials"]["x_own"].to_list() == ["0913"]
