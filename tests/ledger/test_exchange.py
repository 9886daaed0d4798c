# ruff: noqa: E501 -- tables with Chinese text, whose characters count double
"""Tables of senders in, SDMX-CSV out and back, and what is derived."""

from __future__ import annotations

import ast
import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

import liantu.ledger
from liantu.errors import InputError
from liantu.ledger.columns import observations_of, table_of
from liantu.ledger.derive import against_targets, average_growth, growth_on_year
from liantu.ledger.guess import guess
from liantu.ledger.importing import import_table
from liantu.ledger.mapping import Mapping, mapping_text, read_mapping, remembered, save_mapping
from liantu.ledger.observation import BASES, COMPARING, MEASURES, PRICES, QUALIFIERS, STATUSES, Observation
from liantu.ledger.periods import parse_period
from liantu.ledger.sdmx import COLUMNS, read_sdmx_csv, sdmx_csv, time_period
from liantu.messages import SENTENCES
from tests.ledger.figures import CATALOGUE, fig

WIDE = Mapping(
    "统计局", "wide", {"指标": "indicator", "单位": "unit"}, header_rows=2, skip=1,
    constants={"subject": "某市"}, words={"规上工业总产值": "output"}, ignore=("注", "合计"),
)  # fmt: skip


def workbook(rows: list[list[object]], merges: tuple[tuple[int, int, int, int, str], ...] = ()) -> bytes:
    """An Excel file with these rows and merged blocks."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("月报")
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            sheet.write(i, j, cell)
    for block in merges:
        sheet.merge_range(*block)
    book.close()
    return out.getvalue()


TABLE: list[list[object]] = [
    ["主要经济指标"],
    ["指标", "单位", "", "", ""],
    ["", "", "总量", "同比增长（%）", ""],
    ["地区生产总值", "亿元", 505.7, 11, 700],
    ["  其中：规上工业总产值", "亿元", 1993.82, 30.3, "-"],
    ["企业", "个", 120, "", ""],
    ["注：初步核算数"],
]
MERGES = ((1, 2, 1, 3, "2025年1-9月"), (1, 0, 2, 0, "指标"), (1, 1, 2, 1, "单位"), (1, 4, 2, 4, "2025年目标"))


class TestWideTables:
    def test_merged_chinese_headings(self) -> None:
        rows = import_table(workbook(TABLE, MERGES), "月报.xlsx", WIDE, CATALOGUE, by="wang")
        said = [
            (r.indicator, str(r.period), str(r.value), r.unit, r.measure, r.basis, r.status) for r in rows
        ]
        assert said == [
            ("gdp", "2025-01/2025-09", "505.7", "yi_CNY", "level", "", "actual"),
            ("gdp", "2025-01/2025-09", "11", "%", "rate", "on_year", "actual"),
            ("gdp", "2025", "700", "yi_CNY", "level", "", "target"),
            ("output", "2025-01/2025-09", "1993.82", "yi_CNY", "level", "", "actual"),
            ("output", "2025-01/2025-09", "30.3", "%", "rate", "on_year", "actual"),
            ("firms", "2025-01/2025-09", "120", "count", "level", "", "actual"),
        ]
        assert [str(r.step) for r in rows] == ["0.1", "1", "1", "0.01", "0.1", "0"]
        assert rows[0].place == "C4"
        assert {r.entered_by for r in rows} == {"wang"}

    def test_every_problem_at_once_with_its_place(self) -> None:
        bad = [list(row) for row in TABLE]
        bad[2][2] = "随便什么"
        bad[3][3] = "11个点"
        bad[4][0] = "没有的指标"
        bad[5][1] = "吨"
        bad[5][4] = 5
        with pytest.raises(InputError) as caught:
            import_table(workbook(bad, MERGES), "月报.xlsx", WIDE, CATALOGUE)
        told = {(p.code, p.row, p.column) for p in caught.value.problems}
        assert told >= {
            ("heading_unread", 2, "C"),
            ("unit_in_number", 4, "D"),
            ("unknown_indicator", 5, "indicator"),
            ("wrong_unit", 6, "unit"),
        }
        assert all(p.fix for p in caught.value.problems)

    def test_a_heading_of_the_mapping_that_is_not_there(self) -> None:
        other = replace(WIDE, columns={"指标": "indicator", "计量单位": "unit"})
        with pytest.raises(InputError) as caught:
            import_table(workbook(TABLE, MERGES), "月报.xlsx", other, CATALOGUE)
        assert "missing_column" in {p.code for p in caught.value.problems}


class TestLongTables:
    MAPPING = Mapping(
        "开发区", "long",
        {"单位名称": "subject", "指标": "indicator", "时期": "period", "数值（万元）": "value"},
        words={"金昌开发区": "zone"},
    )  # fmt: skip

    @pytest.mark.parametrize("coding", ["utf-8", "gb18030", "utf-8-sig"])
    def test_a_figure_a_row(self, coding: str) -> None:
        text = '单位名称,指标,时期,数值（万元）\n金昌开发区,工业总产值,2025年一季度,"1,234.5"\n东区,出口,2025年,—\n'
        [row] = import_table(text.encode(coding), "f.csv", self.MAPPING, CATALOGUE)
        assert (row.subject, row.indicator, str(row.period), row.value) == (
            "zone",
            "output",
            "2025-Q1",
            Decimal("1234.5"),
        )
        assert row.unit == "wan_CNY"

    def test_a_period_that_is_none(self) -> None:
        text = "单位名称,指标,时期,数值（万元）\n东区,出口,去年,5\n"
        with pytest.raises(InputError) as caught:
            import_table(text.encode(), "f.csv", self.MAPPING, CATALOGUE)
        assert [(p.code, p.row, p.found) for p in caught.value.problems] == [("bad_period", 2, "去年")]


class TestMappings:
    def test_one_is_remembered_for_each_sender(self, tmp_path: Path) -> None:
        save_mapping(WIDE, tmp_path)
        save_mapping(TestLongTables.MAPPING, tmp_path)
        assert remembered("统计局", tmp_path) == WIDE
        assert remembered("财政局", tmp_path) is None
        assert read_mapping(mapping_text(TestLongTables.MAPPING)) == TestLongTables.MAPPING

    def test_a_damaged_one_is_told_whole(self) -> None:
        with pytest.raises(InputError) as caught:
            read_mapping("layout: tall\ncolumns: {A: colour}\nheader_rows: x\nshoe: 1\n")
        assert {p.code for p in caught.value.problems} >= {"bad_value", "missing_value", "unknown_key"}


words = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=12).map(str.strip)
PERIODS = ["2025", "2025-Q2", "2025-09", "2025-01/2025-09", "2021/2025", "@2025-09-30", "2024/..", "2025-03-02",
           "2025-03-03/2025-04-02", "../2020"]  # fmt: skip


@st.composite
def observations(draw: st.DrawFn) -> Observation:
    """Any observation."""
    measure = draw(st.sampled_from(MEASURES))
    return Observation(
        id=draw(words) or "x", subject=draw(words) or "s", indicator=draw(words) or "i",
        period=draw(st.none() | st.sampled_from(PERIODS).map(parse_period)),
        value=draw(st.decimals(-10**9, 10**9, places=3)), unit=draw(st.sampled_from(["CNY", "yi_CNY", "%", "t/a"])),
        step=draw(st.sampled_from([Decimal(0), Decimal("0.1"), Decimal(100)])), measure=measure,
        basis=draw(st.sampled_from(BASES)), price=draw(st.sampled_from(PRICES)),
        status=draw(st.sampled_from(STATUSES)), qualifier=draw(st.sampled_from(QUALIFIERS)),
        base_period=parse_period(draw(st.sampled_from(PERIODS))) if measure in COMPARING else None,
        within=draw(words), source=draw(words), source_date=draw(st.none() | st.dates()), place=draw(words),
        entered_by=draw(words), entered_at=draw(st.none() | st.datetimes(timezones=st.just(UTC))),
        doubts=frozenset(draw(st.sets(st.sampled_from(["period", "value"])))),
    )  # fmt: skip


class TestSdmx:
    @given(st.lists(observations(), max_size=4))
    def test_nothing_is_lost(self, rows: list[Observation]) -> None:
        assert list(read_sdmx_csv(sdmx_csv(rows).encode(), "f.csv")) == rows
        assert observations_of(table_of(rows)) == rows

    def test_the_columns_of_the_standard(self) -> None:
        lines = sdmx_csv([fig("city gdp 2025-01/2025-09 505.7 yi_CNY")]).splitlines()
        assert lines[0].split(",")[:3] == ["STRUCTURE", "STRUCTURE_ID", "ACTION"]
        said = dict(zip(COLUMNS, lines[1].split(","), strict=True))
        assert (said["STRUCTURE"], said["TIME_PERIOD"], said["OBS_VALUE"]) == (
            "dataflow",
            "2025-01-01/P9M",
            "505.7",
        )
        assert time_period(parse_period("2025-Q3")) == "2025-Q3"

    def test_the_time_of_others_is_read(self) -> None:
        text = "STRUCTURE,SUBJECT,INDICATOR,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE\ndataflow,city,gdp,2025-S1,5.5,yi_CNY\n"
        [row] = read_sdmx_csv(text.encode(), "f.csv")
        assert (str(row.period), row.step) == ("2025-01/2025-06", Decimal("0.1"))

    def test_all_problems_at_once(self) -> None:
        text = "SUBJECT,INDICATOR,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE\ncity,gdp,soon,5,yi_CNY\ncity,gdp,2025,x,stone\n"
        with pytest.raises(InputError) as caught:
            read_sdmx_csv(text.encode(), "f.csv")
        assert [(p.row, p.column) for p in caught.value.problems] == [
            (2, "TIME_PERIOD"), (3, "OBS_VALUE"), (3, "UNIT_MEASURE"),
        ]  # fmt: skip


class TestDerived:
    ROWS = (
        fig("city output 2020 486 yi_CNY"), fig("city output 2024 1985.6 yi_CNY"), fig("city output 2025 2586 yi_CNY"),
        fig("city output 2025 2500 yi_CNY", status="target"),
    )  # fmt: skip

    def test_growth_on_the_year_and_on_average(self) -> None:
        [year] = growth_on_year(self.ROWS, CATALOGUE)
        assert round(year.middle, 1) == 30.2
        [mean] = average_growth(self.ROWS, CATALOGUE, 2020, 2025)
        assert (str(mean.period), round(mean.middle, 1)) == ("2021/2025", 39.7)
        assert mean.value.lo is not None
        assert mean.value.lo < Decimal("39.7")

    def test_two_values_give_no_growth_until_one_is_official(self) -> None:
        assert growth_on_year([*self.ROWS, fig("city output 2024 1700 yi_CNY")], CATALOGUE) == []

    def test_targets_stand_beside_actuals(self) -> None:
        [one] = against_targets(self.ROWS, CATALOGUE)
        assert one.share is not None
        assert one.share.has(Decimal("103.44"))
        later = fig("city output 2026 3000 yi_CNY", status="target")
        assert [a.actual for a in against_targets([later], CATALOGUE)] == [None]


def test_an_import_has_its_day_and_source() -> None:
    at = datetime(2025, 10, 20, 9, tzinfo=UTC)
    rows = import_table(
        workbook(TABLE, MERGES), "b.xlsx", WIDE, CATALOGUE, source_date=date(2025, 10, 18), at=at
    )
    assert {(r.source, r.source_date, r.entered_at) for r in rows} == {
        ("统计局:b.xlsx", date(2025, 10, 18), at)
    }


def test_every_problem_of_the_ledger_has_its_sentences() -> None:
    codes: set[str] = set()
    for path in Path(liantu.ledger.__file__).parent.glob("*.py"):
        for call in (n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call)):
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            if name in ("Problem", "_problem", "report", "_refused"):
                words = [
                    a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)
                ]
                codes |= {word for word in words if re.fullmatch(r"[a-z]+(_[a-z]+)+", word)}
    codes -= {"part_of", "header_rows"}
    assert {"bad_period", "id_taken", "unknown_name", "no_mapping"} <= codes
    assert sorted(codes - SENTENCES.keys()) == []


@pytest.mark.parametrize(
    ("cells", "layout", "skip", "rows", "columns"),
    [
        ([["某市主要指标", "", ""], ["指标", "单位", "2024年"], ["产值", "亿元", "600.5"]], "wide", 1, 1,
         {"指标": "indicator", "单位": "unit"}),
        ([["指标名称", "2025年1-9月", ""], ["", "总量", "增长(%)"], ["产值", "1,200", "3.1"]], "wide", 0, 2,
         {"指标名称": "indicator"}),
        ([["县区", "指标", "年份", "数值"], ["东县", "产值", "2024", "12.5"]], "long", 0, 1,
         {"县区": "subject", "指标": "indicator", "年份": "period", "数值": "value"}),
        ([], "wide", 0, 1, {}),
    ],
)  # fmt: skip
def test_how_a_table_is_read_is_guessed(
    cells: list[list[str]], layout: str, skip: int, rows: int, columns: dict[str, str]
) -> None:
    found = guess(cells, "统计局", "某市")
    assert (found.layout, found.skip, found.header_rows, found.columns) == (layout, skip, rows, columns)
    assert ("subject" in found.columns.values()) != ("subject" in found.constants)
