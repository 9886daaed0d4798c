"""Reports where there is little room: columns that belong together, sheets with short names."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import openpyxl
import pytest

from liantu import i18n, runs
from liantu.report.compare import compare_report
from liantu.report.gaps import gaps_report
from liantu.report.match import match_report
from liantu.report.terminal import print_report
from liantu.report.workbook import write_report

ROOT = Path(__file__).parents[1]
FIRST, JINCHANG = ROOT / "examples/first-city", ROOT / "examples/jinchang"


@pytest.mark.parametrize("width", [60, 70, 80, 100])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_both_sides_of_a_comparison_are_shown_or_neither(lang: str, width: int) -> None:
    cities = [runs.open_city(FIRST, name) for name in ("base", "half_power")]
    with i18n.speaking(lang):
        out = StringIO()
        print_report(compare_report(runs.compare(*cities), *cities), out, width=width)
    text = out.getvalue()
    lines = text.partition("Where the difference comes from" if lang == "en" else "差额的来源")[2]
    head = lines.partition("─")[0]
    assert head
    assert re.findall(r"\b[AB]\b", head) in ([], ["A", "B"])


def test_one_partner_is_one_and_a_price_that_is_not_there_is_not_quoted() -> None:
    city = runs.open_city(FIRST, "base")
    with i18n.speaking("en"):
        found = runs.match_needs(city, [("ash", 20_000.0)], runs.Where("kiln"))
        facts = {f.name: f.value for f in match_report(found, city).facts}
        assert str(facts["Covered"]).startswith("20 kt from 1 partner at ")
        city = runs.open_city(JINCHANG, "base")
        nobody = runs.match_offer(city, "red_gypsum", 1e5, runs.Where("jinchang_etdz"))
        facts = {f.name: f.value for f in match_report(nobody, city).facts}
        assert (facts["Covered"], facts["Proved by solving again"]) == ("0 t", "0 t")


def test_the_name_of_a_sheet_ends_with_a_word(tmp_path: Path) -> None:
    city = runs.open_city(FIRST, "base")
    with i18n.speaking("en"):
        write_report(gaps_report(runs.gaps(city), city), tmp_path / "gaps.xlsx")
    names = openpyxl.load_workbook(tmp_path / "gaps.xlsx").sheetnames
    assert names[:4] == ["Summary", "Fill", "Extend", "Strengthen"]
    assert "What changes upstream and" in names
