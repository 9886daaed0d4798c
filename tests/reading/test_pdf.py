"""PDF: columns, broken lines, furniture, places; what can't be read is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from liantu.errors import InputError
from liantu.reading import read_bytes, read_file
from tests.reading.pdfs import column, pdf

LEFT = [
    "今年前三季度,青岩市实现地区",
    "生产总值505.7亿元,同比增长1",
    "1%。其中工业增加值230",
    "亿元,增长9.8%。",
]
RIGHT = [
    "全市固定资产投资增长12.4%,",
    "到位资金76.4亿元。",
    "森林覆盖率达到31.5%,比上年",
    "提高0.4个百分点。",
]
HEADLINE = (60.0, 740.0, "青岩市:老矿区长出新产业、新动能,一座旧城的转身")


def page(number: int, *more: tuple[float, float, str]) -> list[tuple[float, float, str]]:
    """Two columns below a headline, with the header and the number of the page."""
    edge = [(60.0, 805.0, "青岩日报 2025年11月7日"), (500.0, 30.0, f"第{number}页")]
    return [*edge, HEADLINE, *column(320, 700, RIGHT), *column(60, 700, LEFT), *more]


def test_columns_are_read_one_after_the_other_and_places_are_exact(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf([page(1)]))
    reading = read_file(path, date="2025-11-07")
    found = [("".join(f.text.split()), f.indicator) for f in reading.facts]
    assert found == [
        ("505.7亿元", "gdp"), ("11%", "gdp"), ("230亿元", "industrial_value_added"),
        ("9.8%", "industrial_value_added"), ("12.4%", "fixed_asset_investment"),
        ("76.4亿元", "funds_in_place"), ("31.5%", "forest_coverage"), ("0.4个百分点", "forest_coverage"),
    ]  # fmt: skip
    assert all(reading.text[f.start : f.end] == f.text for f in reading.facts)
    assert {f.period for f in reading.facts} == {"2025-01/2025-09"}


def test_headers_and_numbers_of_pages_are_left_out() -> None:
    text = read_bytes(pdf([page(1), page(2)]), "report.pdf").text
    assert "青岩日报" not in text
    assert "页" not in text
    assert "老矿区长出新产业" in text


def test_a_sentence_goes_on_over_a_page() -> None:
    first = column(60, 400, ["2024年,全市完成工业总产值1125", ".3亿元,增长19."])
    second = column(60, 700, ["6%,带动社会投资35.6亿元。"])
    facts = read_bytes(pdf([first, second]), "report.pdf").facts
    assert [f.value for f in facts] == [1125.3e8, 19.6, 35.6e8]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (pdf([[], []]), "pdf_without_text"),
        (pdf([[(60, 700, "- 1 -")]]), "pdf_without_text"),
        (pdf([page(1)], locked=True), "pdf_encrypted"),
        (pdf([page(1)])[:-200], "pdf_broken"),
        (pdf([page(1)])[: len(pdf([page(1)])) // 2], "pdf_broken"),
        (b"%PDF-1.7 and nothing else", "pdf_broken"),
        (b"%PDF-1.7\n%%EOF", "pdf_broken"),
    ],
)
def test_what_holds_no_whole_text_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(InputError) as refused:
        read_bytes(content, "scan.pdf")
    assert [(p.file, p.code) for p in refused.value.problems] == [("scan.pdf", code)]
