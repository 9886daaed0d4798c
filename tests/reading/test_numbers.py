"""However a number is written, the reader finds the same value."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liantu.reading import read_text
from liantu.reading.numerals import chinese_number, chinese_numeral
from liantu.reading.script import simplify, traditional

TRADITIONAL = {new: old for old, new in traditional().items() if chr(old) in "萬億兩點"}


def only(text: str) -> tuple[float, str, str]:
    """Value, unit and text of the one figure in a text."""
    facts = read_text(text).facts
    assert len(facts) == 1, [(f.text, f.unit) for f in facts]
    return facts[0].value, facts[0].unit, facts[0].text


@given(st.integers(min_value=0, max_value=10**16 - 1))
def test_a_chinese_numeral_is_read_as_it_is_written(number: int) -> None:
    assert chinese_number(chinese_numeral(number)) == number


@settings(max_examples=150, deadline=None)
@given(st.integers(min_value=1, max_value=9_999_999), st.sampled_from(["", "万", "亿"]))
def test_figures_with_separators_full_width_or_plain_are_one_value(number: int, magnitude: str) -> None:
    scale = {"": 1, "万": 10**4, "亿": 10**8}[magnitude]
    wide = str(number).translate({ord(str(d)): chr(0xFF10 + d) for d in range(10)})
    for written in (str(number), f"{number:,}", wide):
        value, unit, text = only(f"全市完成投资{written}{magnitude}元。")
        assert (value, unit, text) == (number * scale, "CNY", f"{written}{magnitude}元")


@settings(max_examples=150, deadline=None)
@given(st.integers(min_value=11, max_value=10**12))
def test_chinese_numerals_and_traditional_ones_are_the_same_value(number: int) -> None:
    numeral = chinese_numeral(number)
    for written in (numeral, numeral.translate(TRADITIONAL)):
        value, unit, text = only(f"全市完成投资{written}元。")
        assert (value, unit, text) == (number, "CNY", f"{written}元")


@settings(max_examples=100, deadline=None)
@given(st.decimals(min_value=0, max_value=99999, places=2), st.booleans())
def test_decimals_and_falls(number: Decimal, fall: bool) -> None:
    value, unit, _ = only(f"全市工业总产值同比{'下降' if fall else '增长'}{number}%。")
    assert unit == "%"
    assert value == pytest.approx(-float(number) if fall else float(number))


@pytest.mark.parametrize(
    ("written", "value", "unit"),
    [
        ("投资3万亿元", 3e12, "CNY"),
        ("投资1.2万元", 12000, "CNY"),
        ("职工十几名", 10, "person"),
        ("产品百余种", 100, "count"),
        ("占比两成", 20, "%"),
        ("占比七成半", 75, "%"),
        ("精简三分之一", -100 / 3, "%"),
        ("增长百分之十", 10, "%"),
        ("增长百分之十二点五", 12.5, "%"),
        ("产值是去年的2.7倍", 2.7, "times"),
        ("产值翻一番", 2, "times"),
        ("产值翻了两番", 4, "times"),
        ("产值实现翻番", 2, "times"),
        ("成本压缩了一半", -50, "%"),
        ("投资70余亿元", 70e8, "CNY"),
        ("产量30多万吨", 300000, "t"),
        ("资本金壹仟贰佰万元", 1200e4, "CNY"),
        ("装机318.2万千瓦", 3182000, "kW"),
        ("装机2.5GW", 2.5e6, "kW"),
        ("发电1.2亿千瓦时", 120000, "MWh"),
        ("种植面积2公顷", 30, "mu"),
        ("面积9693亩", 9693, "mu"),
        ("产量18千克", 0.018, "t"),
        ("产能8万吨/年", 80000, "t/a"),
        ("价格120元/吨", 120, "CNY/t"),
        ("出生率6.12‰", 6.12, "‰"),
        ("提高2.3个百分点", 2.3, "pp"),
        ("城乡居民收入比为2.31:1", 2.31, "ratio"),
        ("位列全省第21位", 21, "rank"),
        ("上升125个位次", 125, "rank"),
        ("外资3.2億美元", 3.2e8, "USD"),
        ("产值突破千亿元", 1e11, "CNY"),
        ("节约成本超千万元", 1e7, "CNY"),
        ("三千七百六十亿元产值", 3760e8, "CNY"),
        ("发放补贴一亿零五百万元", 1.05e8, "CNY"),
        ("厚度0.05毫米", 0.05, "mm"),
    ],
)
def test_forms_of_the_language(written: str, value: float, unit: str) -> None:
    got, its_unit, _ = only(f"全市{written}。")
    assert its_unit == unit
    assert got == pytest.approx(value)


def test_simplifying_keeps_the_length() -> None:
    assert simplify("金昌經濟技術開發區産値達億元") == "金昌经济技术开发区产值达亿元"
