"""Figures as a page writes them, in both languages."""

from __future__ import annotations

import math

import pytest

from liantu import i18n
from liantu.web.kit.templatetags import figures


@pytest.mark.parametrize(
    ("cny", "zh", "en"),
    [
        (1.877e10, "1,877,000", "18,770"),
        (3.58e8, "35,800", "358.0"),
        (-1.5e6, "-150.0", "-1.50"),
        (5e3, "0.50", "0.01"),
        (1e-7, "0", "0"),
        (-1e-7, "0", "0"),
        (None, "–", "–"),
        (math.inf, "∞", "∞"),
    ],
)
def test_money_of_a_column_stands_in_its_unit(cny: float | None, zh: str, en: str) -> None:
    with i18n.speaking("zh"):
        assert (figures.column_money(cny), figures.money_unit()) == (zh, "万元/年")
    with i18n.speaking("en"):
        assert (figures.column_money(cny), figures.money_unit()) == (en, "million CNY/y")


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (4.2, 4.2, "4.2"),
        (0.0, 1168.154, "0 … 1,168"),
        (-928.4, -928.4, "-928.4"),
        (-1e-12, 1e-12, "0"),
        (20.0, math.inf, "≥ 20"),
        (-math.inf, 5.0, "≤ 5"),
        (-math.inf, math.inf, "unbounded"),
    ],
)
def test_a_price_is_one_number_only_where_it_is_unique(low: float, high: float, text: str) -> None:
    from django.utils import translation

    with translation.override("en"):
        assert figures.price_text(low, high) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.677, "67.7%"), (1.0, "100%"), (0.99999, "> 99.9%"), (-1e-9, "0%"), (0.0, "0%"), (math.nan, "–"),
        (None, "–"),
    ],
)  # fmt: skip
def test_a_share_is_full_only_where_it_is(share: float | None, text: str) -> None:
    assert figures.percent(share) == text


def test_a_rounding_error_is_written_by_its_power() -> None:
    assert [figures.small(v) for v in (4.1e-16, 0.0, 2e-3)] == ["4·10⁻¹⁶", "0", "2·10⁻³"]


def test_a_change_carries_its_sign_and_dust_is_nothing() -> None:
    with i18n.speaking("en"):
        assert [figures.signed_money(v) for v in (3.582e8, -2e6, 0.2)] == [
            "+358.2 million CNY",
            "-2 million CNY",
            "0 CNY",
        ]


def test_a_bar_is_red_only_where_a_load_is_full() -> None:
    assert 'class="bar full"' in figures.load_bar(1.0)
    assert 'class="bar"' in figures.load_bar(0.9)
    assert 'class="bar"' in figures.bar(1.0)
    assert 'width="100.0"' in figures.bar(7.0)
    assert 'width="0.0"' in figures.bar(math.nan)


def test_an_amount_against_a_share_is_a_percentage() -> None:
    with i18n.speaking("zh"):
        assert figures.cap_amount(0.45, "fraction") == "45%"
        assert figures.cap_amount(2.5e6, "t/y") == "250 万吨/年"
