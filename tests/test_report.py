"""What people read: units in every header, nothing clipped, both languages, safe workbooks."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from functools import cache
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from rich.cells import cell_len

from liantu import i18n, runs
from liantu.report import cells
from liantu.report.accounts import accounts_report
from liantu.report.check import check_report
from liantu.report.compare import compare_report
from liantu.report.gaps import gaps_report
from liantu.report.listing import Column, Fact, Interval, Listing, Quantity, Report
from liantu.report.match import match_report
from liantu.report.names import WORDS
from liantu.report.plan import plan_report
from liantu.report.portfolio import portfolio_report
from liantu.report.terminal import print_report
from liantu.report.workbook import write_report

ROOT = Path(__file__).parents[1]
JINCHANG, GUITANG = ROOT / "examples/jinchang", ROOT / "examples/guitang"
LANGUAGES = ("zh", "en")


@cache
def city(path: Path = GUITANG, scenario: str = "base") -> runs.City:
    return runs.open_city(path, scenario)


@cache
def reports(lang: str) -> dict[str, Report]:
    """A report of every command on the second city, and the plan and a match of the first."""
    with i18n.speaking(lang):
        opened, big = city(), city(JINCHANG)
        where = runs.Where("jinchang_etdz")
        need = runs.match_needs(big, [("chlorine", 60000.0)], where)
        both = runs.match_needs(big, [("chlorine", 60000.0), ("hydrogen", 600.0)], where)
        offer = runs.match_offer(big, "hydrogen", 3000.0, runs.Where("f_chlor_alkali"))
        pair = city(JINCHANG, "titanium_pair")
        rooms = runs.Rooms(capital=2e8)
        return {
            "check": check_report(runs.check(JINCHANG)),
            "plan": plan_report(runs.plan(big), big),
            "gaps": gaps_report(runs.gaps(opened), opened),
            "need": match_report(need, big),
            "needs": match_report(both, big),
            "offer": match_report(offer, big),
            "portfolio": portfolio_report(runs.portfolio(opened, rooms, budgets=[1e8]), opened),
            "accounts": accounts_report(runs.accounts(big), big),
            "compare": compare_report(runs.compare(big, pair), big, pair),
        }


NAMES = ("check", "plan", "gaps", "need", "needs", "offer", "portfolio", "accounts", "compare")


def printed(report: Report, lang: str, width: int | None = None, everything: bool = True) -> str:
    out = StringIO()
    with i18n.speaking(lang):
        print_report(report, out, everything, width)
    return out.getvalue()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
class TestEveryReport:
    def test_every_column_of_figures_has_a_unit_in_its_header(self, name: str, lang: str) -> None:
        with i18n.speaking(lang):
            for listing in reports(lang)[name].listings:
                money = cells.money_of(listing)
                for column in listing.columns:
                    title, unit = cells.header(column, money)
                    assert title
                    counted = title in ("Candidates", "候选项目")
                    assert unit or column.kind == "text" or counted, (listing.title, title)

    def test_it_fits_80_columns_and_loses_nothing(self, name: str, lang: str) -> None:
        """Every word of the endless lines of a pipe is there, folded perhaps, and no line is wider."""
        report = reports(lang)[name]
        narrow = printed(report, lang, width=80)
        assert [line for line in narrow.splitlines() if cell_len(line) > 80] == []
        with i18n.speaking(lang):
            for listing in report.listings:
                money = cells.money_of(listing)
                for j, column in enumerate(listing.columns):
                    if column.kind != "text" and not column.optional:
                        shown = cells.texts(column, [row[j] for row in listing.rows], money)
                        assert [text for text in shown if text not in narrow] == []

    def test_names_are_whole_in_80_columns(self, name: str, lang: str) -> None:
        letters = re.sub(r"\s", "", printed(reports(lang)[name], lang, width=80))
        pipe = printed(reports(lang)[name], lang)
        heads = [f.name for f in reports(lang)[name].facts]
        assert all(re.sub(r"\s", "", head) in letters for head in heads)
        assert all(head in pipe for head in heads)

    def test_a_pipe_breaks_no_line(self, name: str, lang: str) -> None:
        report = reports(lang)[name]
        text = printed(report, lang)
        lines = set(text.splitlines())
        for listing in report.listings:
            firsts = [str(row[0]) for row in listing.rows if isinstance(row[0], str) and row[0]]
            assert all(any(line.startswith(first) for line in lines) for first in firsts[:30])
        assert "\x1b" not in text

    def test_a_workbook_has_every_row_with_units_and_a_frozen_head(
        self, name: str, lang: str, tmp_path: Path
    ) -> None:
        report = reports(lang)[name]
        with i18n.speaking(lang):
            write_report(report, tmp_path / "out.xlsx")
        book = openpyxl.load_workbook(tmp_path / "out.xlsx")
        assert len(book.sheetnames) == 1 + len(report.listings)
        for listing, sheet in zip(report.listings, book.worksheets[1:], strict=True):
            assert sheet.max_row == 1 + len(listing.rows) or not listing.rows
            assert sheet.freeze_panes == "B2"
        summary = book.worksheets[0]
        assert [row[0].value for row in summary.iter_rows(2, 1 + len(report.facts))] == [
            f.name for f in report.facts
        ]


class TestLanguages:
    @pytest.mark.parametrize("name", NAMES)
    def test_the_chinese_report_has_no_english_title(self, name: str) -> None:
        report = reports("zh")[name]
        titles = [f.name for f in report.facts] + [x.title for x in report.listings]
        titles += [c.title for x in report.listings for c in x.columns]
        english = [t for t in titles if not re.search(r"[一-鿿]", t) and t not in ("A", "B")]
        assert english == []

    def test_money_is_in_yi_yuan_and_in_millions(self) -> None:
        assert "187.72 亿元/年" in printed(reports("zh")["plan"], "zh")
        assert "18,772.3 CNY million/y" in printed(reports("en")["plan"], "en")

    def test_quantities_are_in_wan_tons_and_in_kilotonnes(self) -> None:
        assert "30 万吨" in printed(reports("zh")["plan"], "zh")
        assert "300 kt" in printed(reports("en")["plan"], "en")

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_every_word_has_a_translation(self, lang: str) -> None:
        with i18n.speaking(lang):
            words = {key: make() for key, make in WORDS.items()}
        assert all(bool(re.search(r"[一-鿿]", word)) == (lang == "zh") for word in words.values())


class TestCells:
    """Figures down a column share scale and decimals, so that they can be compared."""

    @pytest.fixture(autouse=True)
    def _chinese(self) -> object:
        with i18n.speaking("zh"):
            yield

    @pytest.mark.parametrize(
        ("column", "values", "unit", "shown"),
        [
            (Column("x", "money", "CNY/y"), [1.2e9, -3e7, 1.0, 0.0, None], "亿元/年",
             ["12.00", "-0.30", "≈0", "0.00", "–"]),
            (Column("x", "money", "CNY"), [9e7, 12345.0], "万元", ["9,000", "1"]),
            (Column("x", "money", "CNY/y"), [0.004, -0.001], "元/年", ["0", "0"]),
            (Column("x", "share"), [0.5, 1.0, 0.99999, None], "%", ["50.0", "100.0", "100.0", "–"]),
            (Column("x", "number", "km"), [12.345, 1.0], "公里", ["12.35", "1.00"]),
            (Column("x", "number", "km"), [float("inf"), 2.0], "公里", ["∞", "2"]),
            (Column("x", "number", "CNY/t", mixed=True), [1234.5678, 2.4e-7], "元/吨", ["1,235", "2.4e-07"]),
            (Column("x", "interval", "CNY/unit"),
             [Interval(1, 1), Interval(0, 2), Interval(-float("inf"), 5), Interval(3, float("inf"))],
             "元/单位", ["1", "0 … 2", "-∞ … 5", "3 … ∞"]),
            (Column("x", "interval", "CNY/unit"), [Interval(-1e-13, 1e-13)], "元/单位", ["0"]),
            (Column("x", "quantity"), [Quantity(1.5e6, "t/y"), None], "各自单位/年", ["150 万吨", "–"]),
            (Column("x", "quantity", "any"), [Quantity(0.45, "fraction"), Quantity(5e9, "CNY")],
             "各自单位", ["45 %", "50 亿元"]),
        ],
    )  # fmt: skip
    def test_a_column(self, column: Column, values: list[cells.Cell], unit: str, shown: list[str]) -> None:
        assert cells.header(column, values)[1] == unit
        assert cells.texts(column, values) == shown

    def test_a_fact_carries_its_unit(self) -> None:
        assert cells.fact(Column("", "money", "CNY/y"), 2.5e8) == "2.500 亿元/年"
        assert cells.fact(Column("", "quantity"), Quantity(2.5e8, "t/y")) == "2.5 亿吨/年"
        assert cells.fact(Column("", "share"), None) == "–"


class TestWorkbook:
    def test_no_text_becomes_a_formula(self, tmp_path: Path) -> None:
        evil = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1", "http://x.example"]
        listing = Listing(
            "evil", (Column("=head"), Column("n", "number", "km")), [(text, 1.5) for text in evil]
        )
        write_report(Report("=title", [Fact("=fact", "=value")], [listing], ["=note"]), tmp_path / "x.xlsx")
        book = openpyxl.load_workbook(tmp_path / "x.xlsx")
        values = [
            cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None
        ]
        assert [c.value for c in values if c.data_type == "f"] == []
        assert [c.value for c in book["evil"]["A"]][1:] == evil
        assert all(c.hyperlink is None for c in values)

    def test_numbers_are_whole_and_quantities_have_a_unit_beside_them(self, tmp_path: Path) -> None:
        columns = (Column("name"), Column("much", "quantity"), Column("price", "interval", "CNY/unit"))
        rows = [("a", Quantity(1234567.891, "t/y"), Interval(1 / 3, float("inf")))]
        with i18n.speaking("en"):
            write_report(Report("t", (), [Listing("l", columns, rows)]), tmp_path / "x.xlsx")
        head, first = openpyxl.load_workbook(tmp_path / "x.xlsx")["l"].iter_rows(values_only=True)
        assert head == (
            "name",
            "much (own unit)",
            "much: unit",
            "price: low (CNY/unit)",
            "price: high (CNY/unit)",
        )
        assert first == ("a", 1234567.891, "t/y", 1 / 3, "∞")

    def test_sheets_have_names_that_a_spreadsheet_takes(self, tmp_path: Path) -> None:
        long = "a/b: what [changes]? " * 4
        listings = [Listing(title, (Column("x"),), [("1",)]) for title in (long, long, "'", "History")]
        write_report(Report("t", (), listings), tmp_path / "x.xlsx")
        names = openpyxl.load_workbook(tmp_path / "x.xlsx").sheetnames
        assert len({name.lower() for name in names}) == 5
        assert all(len(name) <= 31 for name in names)


class TestTerminal:
    def test_a_terminal_too_narrow_for_a_table_gets_a_block_a_row(self) -> None:
        text = printed(reports("en")["plan"], "en", width=34)
        assert "Margin (CNY million/y): " in text
        assert [line for line in text.splitlines() if cell_len(line) > 34] == []

    def test_a_long_list_is_cut_and_says_so(self) -> None:
        text = printed(reports("en")["plan"], "en", everything=False)
        assert "more rows: --all" in text
        assert len(text.splitlines()) < len(printed(reports("en")["plan"], "en").splitlines())

    def test_in_a_real_terminal_of_80_columns_nothing_is_wider(self) -> None:
        """A pseudo-terminal, as a person sees it: colours, a progress bar on stderr, 80 columns."""
        ours, theirs = pty.openpty()
        environ = {**os.environ, "COLUMNS": "80", "TERM": "xterm", "LC_ALL": "zh_CN.UTF-8", "PYTHONUTF8": "1"}
        command = [sys.executable, "-m", "liantu", "gaps", str(ROOT / "examples/first-city/first-city.xlsx")]
        with subprocess.Popen(command, stdout=theirs, stderr=subprocess.PIPE, env=environ) as done:
            os.close(theirs)
            seen = b""
            while True:
                try:
                    part = os.read(ours, 65536)
                except OSError:  # the other side is closed
                    break
                if not part:
                    break
                seen += part
            assert done.stderr is not None
            assert done.stderr.read() == b""  # stderr is no terminal: no bar
        assert done.returncode == 0
        lines = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", seen.decode("utf-8")).replace("\r", "").split("\n")
        assert len(lines) > 20
        assert [line for line in lines if cell_len(line) > 80] == []
        assert "…" not in "".join(lines).replace(" … ", "").replace("…… ", "")
