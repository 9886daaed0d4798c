"""Units: conversion, and quantities and money as people write them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.chain.units import (
    COAL_EQUIVALENTS,
    UNITS,
    UnitMismatchError,
    UnknownUnitError,
    convert,
    format_money,
    format_number,
    format_quantity,
    is_known,
    split_unit,
    to_tce,
    to_tonnes,
    unit_label,
)
from liantu.i18n import UnknownLanguageError


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("t", ("t", "", False)),
        ("t/y", ("t", "", True)),
        (" MWh_cell/y ", ("MWh", "cell", True)),
        ("big_bag", ("big_bag", "", False)),
        ("km3", ("km3", "", False)),
    ],
)
def test_a_unit_splits_into_symbol_qualifier_and_year(text: str, parts: tuple[str, str, bool]) -> None:
    assert split_unit(text) == parts


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        (2500, "kg", "t", 2.5),
        (1, "km3", "m3", 1000),
        (3, "kL", "m3", 3),
        (1, "MWh", "GJ", 3.6),
        (1, "tce", "GJ", 29.3076),
        (15, "mu", "ha", 1),
        (4, "kg/y", "t/y", 0.004),
        (7, "big_bag", "big_bag", 7),
    ],
)
def test_units_convert(value: float, source: str, target: str, expected: float) -> None:
    assert convert(value, source, target) == pytest.approx(expected, rel=1e-12)


@given(value=st.floats(1e-6, 1e9), pair=st.sampled_from([(a, b) for a in UNITS for b in UNITS]))
def test_a_conversion_and_its_return_give_the_value_back(value: float, pair: tuple[str, str]) -> None:
    source, target = pair
    if UNITS[source].dimension != UNITS[target].dimension:
        with pytest.raises(UnitMismatchError):
            convert(value, source, target)
    else:
        assert convert(convert(value, source, target), target, source) == pytest.approx(value, rel=1e-12)


def test_electricity_does_not_turn_into_battery_cells() -> None:
    with pytest.raises(UnitMismatchError) as caught:
        convert(1, "MWh_cell", "MWh")
    assert caught.value.params == {"found": "MWh_cell", "expected": "MWh"}
    with pytest.raises(UnitMismatchError):
        convert(1, "t/y", "t")


def test_an_unknown_unit_is_named() -> None:
    with pytest.raises(UnknownUnitError) as caught:
        convert(1, "bushel", "t")
    assert caught.value.params["found"] == "bushel"
    assert not is_known("bushel")
    assert is_known("MWh_it/y")


def test_mass_and_coal_equivalent_prefer_the_tables_own_factor() -> None:
    assert to_tonnes(10, "kL", 0.81) == pytest.approx(8.1)
    assert to_tonnes(10, "kg") == pytest.approx(0.01)
    assert to_tce(2, "t", 0.7143) == pytest.approx(1.4286)
    with pytest.raises(UnitMismatchError):
        to_tonnes(1, "MWh")
    with pytest.raises(UnitMismatchError):
        to_tce(1, "t")


def test_the_calorific_factors_of_the_standard_agree_with_the_energy_units() -> None:
    for carrier in ("电力（当量值）", "热力（当量值）"):
        factor = COAL_EQUIVALENTS[carrier]
        assert to_tce(1, factor.unit) == pytest.approx(factor.low, rel=1e-3)
    assert all(factor.low <= factor.high for factor in COAL_EQUIVALENTS.values())


QUANTITIES = """
value        unit      zh                    en
1500000      t/y       150 万吨/年           1.5 Mt/y
230000000    t         2.3 亿吨              230 Mt
9999.96      t         1 万吨                10 kt
999.4        t         999.4 吨              999.4 t
-12345       t         -1.235 万吨           -12.35 kt
0            t         0 吨                  0 t
250          kg        250 千克              250 kg
25000        kg/y      25 吨/年              25 t/y
420000       MWh       4.2 亿千瓦时          420 GWh
5            MWh       5,000 千瓦时          5 MWh
2000         MWh_cell  200 万千瓦时（cell）  2 GWh (cell)
3600000      GJ        360 万吉焦            3.6 PJ
32000000     m3/y      3,200 万立方米/年     32 million m³/y
0.5          km3       500 立方米            500 m³
12346        kL        1.235 万千升          12,346 kL
88000        tce       8.8 万吨标准煤        88 ktce
70000        bag       7 万bag               70,000 bag
"""


@pytest.mark.parametrize("line", QUANTITIES.strip().splitlines()[1:])
def test_a_quantity_is_written_as_its_reader_writes_it(line: str) -> None:
    value, unit, zh, en = (part.strip() for part in line.replace("  ", "\t").split("\t") if part.strip())
    assert format_quantity(float(value), unit, "zh") == zh
    assert format_quantity(float(value), unit, "en") == en


@pytest.mark.parametrize(
    ("cny", "zh", "en"),
    [
        (250_000_000, "2.5 亿元", "250 million CNY"),
        (137_760_000_000, "1,378 亿元", "137.8 billion CNY"),
        (-123_456, "-12.35 万元", "-123,456 CNY"),
        (530, "530 元", "530 CNY"),
        (99_999_999, "1 亿元", "100 million CNY"),
    ],
)
def test_money_is_written_as_its_reader_writes_it(cny: float, zh: str, en: str) -> None:
    assert format_money(cny, "zh_CN") == zh
    assert format_money(cny, "en") == en


def test_the_digits_can_be_chosen() -> None:
    assert format_money(137_760_000_000, "zh", digits=5) == "1,377.6 亿元"


def test_what_is_unknown_or_unbounded_is_not_a_number() -> None:
    assert format_number(math.nan) == "–"
    assert format_quantity(math.inf, "t", "en") == "∞ t"
    assert format_number(-math.inf) == "-∞"
    assert format_number(0.000123) == "0.000123"


def test_a_header_names_the_unit() -> None:
    assert unit_label("MWh_cell/y", "zh") == "兆瓦时（cell）/年"
    assert unit_label("t/y", "en") == "t/y"
    assert unit_label("MWh_cell", "en") == "MWh (cell)"
    assert unit_label("m3/y", "en") == "m³/y"
    assert unit_label("unit/y", "zh") == "单位/年"


def test_a_language_there_is_not_is_refused() -> None:
    with pytest.raises(UnknownLanguageError):
        format_money(1, "fr")
