"""Reading says what it did by itself, asks for little, and never breaks on bytes."""

from __future__ import annotations

import codecs
import json
import shutil
import tempfile
import time
from pathlib import Path

import frictionless
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liantu.data.schema import REQUIRED_TABLES, TABLES, near_names
from liantu.data.tables import inspect_tables, read_tables
from liantu.errors import InputError

from .city import JINCHANG, City

FIVE_PLANTS = {
    "materials": "id,unit,price_mid_cny,external_buy,external_sell\n"
    "ore,t,80,1,0\nmetal,t,9000,0,1\nslag,t,,0,0\npower,MWh,400,1,0\nbrick,t,120,0,1\n",
    "processes": "id,reference_product\nsmelting,metal\nbrickmaking,brick\ngeneration,power\n",
    "process_flows": "process_id,line,material_id,direction,amount\n"
    "smelting,1,ore,in,20\nsmelting,2,power,in,3\nsmelting,3,metal,out,1\nsmelting,4,slag,out,8\n"
    "brickmaking,1,slag,in,0.9\nbrickmaking,2,brick,out,1\ngeneration,1,power,out,1\n",
    "facilities": "id,process_id,capacity_per_year,lat,lon\n"
    "f1,smelting,1000,38.5,102.2\nf2,smelting,500,38.4,102.1\nf3,brickmaking,9000,38.5,102.3\n"
    "f4,generation,2000,38.6,102.2\nf5,generation,1000,38.5,102.1\n",
}


def _folder(directory: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (directory / f"{name}.csv").write_text(text, "utf-8")
    return directory


def test_a_newcomer_needs_four_short_tables(tmp_path: Path) -> None:
    tables = read_tables(_folder(tmp_path, FIVE_PLANTS))
    assert tables["facilities"].height == 5
    assert not any(tables[name].height for name in TABLES if name not in REQUIRED_TABLES)
    filled = tables.filled("materials")
    assert filled["t_per_unit"].to_list() == [1, 1, 1, 0, 1]
    assert filled["max_transport_km"].to_list() == [2000] * 5
    assert filled["price_high_cny"].to_list() == [80, 9000, None, 400, 120]
    assert filled["external_sell"].to_list() == [False, True, False, False, True]
    assert tables.filled("facilities")["status"].to_list() == ["operating"] * 5


def test_every_table_of_the_schema_is_there_with_every_column(tmp_path: Path) -> None:
    tables = read_tables(_folder(tmp_path, FIVE_PLANTS))
    dtypes = {"number": pl.Float64, "flag": pl.Boolean}
    for name, table in TABLES.items():
        expected = {field.name: dtypes.get(field.type, pl.String) for field in table.fields}
        assert dict(tables[name].schema) == expected, name


def test_references_to_a_table_that_is_not_given_are_let_be(tmp_path: Path) -> None:
    files = dict(FIVE_PLANTS)
    files["facilities"] = files["facilities"].replace("lat,lon\n", "lat,lon,park_id,enterprise_id\n").replace(
        "f1,smelting,1000,38.5,102.2", "f1,smelting,1000,38.5,102.2,east,acme"
    )  # fmt: skip
    files["facilities"] = "\n".join(
        line + ",," * (line.count(",") == 4) for line in files["facilities"].splitlines()
    )
    assert read_tables(_folder(tmp_path, files))["facilities"]["park_id"][0] == "east"


@pytest.mark.parametrize("table", REQUIRED_TABLES)
def test_a_required_table_is_missed(table: str, tmp_path: Path) -> None:
    files = {name: text for name, text in FIVE_PLANTS.items() if name != table}
    with pytest.raises(InputError) as caught:
        read_tables(_folder(tmp_path, files))
    assert [(p.code, p.expected) for p in caught.value.problems] == [("missing_table", table)]


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.docx").write_bytes(b"PK\x03\x04")
    assert [p.code for p in inspect_tables(tmp_path).problems] == ["no_tables"]


def test_a_table_with_a_wrong_name_is_refused_with_the_right_one(tmp_path: Path) -> None:
    _folder(tmp_path, FIVE_PLANTS)
    (tmp_path / "facilities.csv").rename(tmp_path / "facility.csv")
    problems = inspect_tables(tmp_path).problems
    assert {(p.file, p.code, p.expected) for p in problems} == {
        ("facility.csv", "unknown_table", "facilities"),
        (tmp_path.name, "missing_table", "facilities"),
    }


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("byte_order_mark", lambda text: codecs.BOM_UTF8 + text.encode()),
        ("gb18030", lambda text: text.encode("gbk")),
        ("gb18030", lambda text: text.encode("gb18030")),
        ("utf16", lambda text: text.encode("utf-16")),
    ],
)
def test_other_encodings_are_read_and_said(code: str, change, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    city = City(tmp_path)
    city.bytes("parks", lambda content: change(content.decode()))
    inspection = inspect_tables(city.path)
    assert inspection.tables is not None
    assert inspection.tables.digest == read_tables(JINCHANG).digest
    assert [(p.file, p.code, p.severity) for p in inspection.problems] == [("parks.csv", code, "notice")]


def test_windows_line_ends_blank_rows_and_quoted_cells_change_nothing(tmp_path: Path) -> None:
    city = City(tmp_path)
    rows = city.rows("parks")
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    text = "\r\n".join([*lines[:4], "", *lines[4:], "," * (len(rows[0]) - 1), ""])
    city.bytes("parks", lambda _: text.encode())
    assert read_tables(city.path).digest == read_tables(JINCHANG).digest
    rows = city.rows("parks")
    rows[-3][4] = "north"
    city.put("parks", rows)
    (problem,) = inspect_tables(city.path).errors
    assert (problem.row, problem.column) == (len(rows) - 2, "lat")


def test_columns_in_any_order_and_own_columns_are_fine(tmp_path: Path) -> None:
    city = City(tmp_path)
    rows = city.rows("parks")
    city.put("parks", [[*row[::-1], "x_phone" if i == 0 else "0935"] for i, row in enumerate(rows)])
    assert set(read_tables(city.path)["parks"]["x_phone"]) == {"0935"}


def test_a_far_place_is_remarked_on(tmp_path: Path) -> None:
    city = City(tmp_path)
    city.set("facilities", "f_mine3", "lat", "3.8455")
    inspection = inspect_tables(city.path)
    assert inspection.tables is not None
    assert [(p.code, p.column) for p in inspection.notices] == [("far_position", "lat")]


def test_chlorine_may_have_a_negative_price() -> None:
    chlorine = read_tables(JINCHANG)["materials"].filter(pl.col("id") == "chlorine")
    assert chlorine["price_low_cny"][0] < 0


def test_a_chinese_column_name_finds_its_column(tmp_path: Path) -> None:
    city = City(tmp_path)
    city.rename("candidates", "rationale", "理由")
    (problem,) = inspect_tables(city.path).errors
    assert problem.expected == "rationale"


def test_near_names_see_through_case_and_hyphens() -> None:
    assert near_names("Ni-Ore", ["ni_ore", "coke"]) == ("ni_ore",)
    assert near_names("zzz", ["ni_ore", "coke"]) == ()


def test_the_package_validates_with_an_independent_reader() -> None:
    report = frictionless.Package(str(JINCHANG / "datapackage.json")).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type"])


def test_every_row_of_figures_has_quality_and_source() -> None:
    tables = read_tables(JINCHANG)
    for name in (
        "materials",
        "processes",
        "process_flows",
        "resources",
        "candidates",
        "projects",
        "parameters",
    ):
        assert tables[name]["quality"].null_count() == 0, name
        assert tables[name]["source"].null_count() == 0, name
    assert (
        tables["facilities"]["quality"].null_count()
        == tables["facilities"]["capacity_source"].null_count()
        == 0
    )


def test_the_descriptor_describes_every_field_in_both_languages() -> None:
    content = json.loads((JINCHANG / "datapackage.json").read_text("utf-8"))
    for resource in content["resources"]:
        for field in resource["schema"]["fields"]:
            assert field["type"]
            assert field["description"]
            assert field["description_zh"]


def test_the_demo_city_reads_fast() -> None:
    read_tables(JINCHANG)
    start = time.process_time()  # of this process alone: other work on the machine does not count
    for _ in range(3):
        read_tables(JINCHANG)
    assert (time.process_time() - start) / 3 < 0.3


def test_a_hundred_thousand_plants_read_in_seconds_with_every_bad_cell_named(tmp_path: Path) -> None:
    city = City(tmp_path)
    rows = city.rows("facilities")
    many = [[f"g{i}", *rows[1 + i % (len(rows) - 1)][1:]] for i in range(100_000)]
    capacity = rows[0].index("capacity_per_year")
    for i in range(0, 100_000, 1000):
        many[i][capacity] = "1,5"
    city.put("facilities", [*rows, *many])
    start = time.process_time()
    problems = inspect_tables(city.path).problems
    assert time.process_time() - start < 10
    assert [p.row for p in problems] == [len(rows) + 1 + i for i in range(0, 100_000, 1000)]


@pytest.fixture(scope="module")
def victim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return City(tmp_path_factory.mktemp("fuzz")).path


_EDIT = st.tuples(
    st.integers(0, 10**6), st.sampled_from(["set", "insert", "cut"]), st.binary(min_size=1, max_size=6)
)


@given(
    st.sampled_from(["materials", "facilities", "resources", "sources"]),
    st.lists(_EDIT, min_size=1, max_size=8),
)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_random_bytes_are_refused_or_read_but_never_break(
    victim: Path, table: str, edits: list[tuple[int, str, bytes]]
) -> None:  # fmt: skip
    file = victim / f"{table}.csv"
    content = bytearray((JINCHANG / file.name).read_bytes())
    for place, kind, new in edits:
        at = place % (len(content) + 1)
        end = {"set": at + len(new), "insert": at, "cut": at + 200 * len(new)}[kind]
        content[at:end] = b"" if kind == "cut" else new
    file.write_bytes(bytes(content))
    inspection = inspect_tables(victim)
    shutil.copy(JINCHANG / file.name, file)
    assert (inspection.tables is None) == bool(inspection.errors)
    assert str(InputError(inspection.problems))


@given(st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_bytes_as_descriptor_or_workbook_are_refused(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in ("datapackage.json", "city.xlsx"):
            file = Path(folder) / name
            file.write_bytes(content)
            assert inspect_tables(file).tables is None
