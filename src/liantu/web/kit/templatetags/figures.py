"""Figures in templates: quantities, money, prices and shares as the page's language writes them."""

from __future__ import annotations

import math
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from liantu import i18n
from liantu.chain.units import format_money, format_number, format_quantity, split_unit, unit_label
from liantu.web.kit.naming import chinese

register = template.Library()

WHOLE = 0.9995  # a load is full from here on: it is written as 100 %


@register.filter
def money(cny: float | None) -> str:
    """1.877e10 is '187.7 亿元', in English '18.77 billion CNY'."""
    return "–" if cny is None else format_money(_without_dust(cny), i18n.current_language())


@register.filter
def signed_money(cny: float) -> str:
    """Money with its sign, for what a change brings or costs."""
    cny = _without_dust(cny)
    return ("+" if cny > 0 else "") + format_money(cny, i18n.current_language())


def _without_dust(cny: float) -> float:
    """Less than half a yuan a year is the solver's rounding."""
    return 0.0 if abs(cny) < 0.5 else cny


@register.filter
def column_money(cny: float | None) -> str:
    """The number alone, for a column headed by `money_unit`: 万元 or million CNY."""
    if cny is None:
        return "–"
    if not math.isfinite(cny):
        return format_number(cny)
    value = cny / (1e4 if chinese() else 1e6)
    digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 100 else 2
    text = f"{value:,.{digits}f}"
    return "0" if text.strip("-0.,") == "" else text


@register.simple_tag
def money_unit(per_year: bool = True) -> str:
    """The unit of a column of money."""
    unit = "万元" if chinese() else "million CNY"
    return unit + (("/年" if chinese() else "/y") if per_year else "")


@register.simple_tag
def quantity(value: float | None, unit: str) -> str:
    """A quantity in its unit: 1 500 000 't/y' is '150 万吨/年'."""
    return "–" if value is None else format_quantity(value, unit, i18n.current_language())


@register.filter
def unit(symbol: str) -> str:
    """The unit by itself."""
    return unit_label(symbol, i18n.current_language())


@register.filter
def per_year(symbol: str) -> str:
    """The unit with 'a year' behind it, once."""
    return symbol if split_unit(symbol)[2] else f"{symbol}/y"


@register.filter
def number(value: float | None, digits: int = 4) -> str:
    """A bare number, four significant digits."""
    return "–" if value is None else format_number(value, digits)


@register.filter
def percent(share: float | None, digits: int = 1) -> str:
    """A share as a percentage; what is not full is never written as 100 %."""
    if share is None or math.isnan(share):
        return "–"
    if math.isinf(share):
        return format_number(share)
    text = f"{round(share * 100, digits) + 0.0:,.{digits}f}"
    if text.startswith("100.0") and share < 1 - 1e-9:
        return "> 99.9%"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"


def price_text(low: float, high: float) -> str:
    """An interval of prices: one number where it is unique, its known end where it has but one."""
    if math.isinf(low) and math.isinf(high):
        return _("unbounded")
    if math.isinf(high):
        return f"≥ {format_number(low)}"
    if math.isinf(low):
        return f"≤ {format_number(high)}"
    if abs(high - low) <= 1e-6 * (1 + abs(low)):
        return format_number(round(high, 9) + 0.0)
    return f"{format_number(round(low, 6) + 0.0)} … {format_number(round(high, 6) + 0.0)}"


@register.simple_tag
def interval(low: float, high: float) -> str:
    """An interval of prices as text; the header names the unit."""
    return price_text(low, high)


@register.simple_tag
def bar(share: float) -> SafeString:
    """A small bar for a share from 0 to 1; the number stands beside it, so that it is hidden from readers."""
    return _bar(share, "bar")


@register.simple_tag
def load_bar(load: float) -> SafeString:
    """A bar that turns red where a plant or a cap is full."""
    return _bar(load, "bar full" if load >= WHOLE else "bar")


def _bar(share: float, kind: str) -> SafeString:
    width = 0.0 if math.isnan(share) else min(max(share, 0.0), 1.0) * 100
    return format_html(
        '<svg class="{}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="bar-room" width="100" height="8" rx="2"/>'
        '<rect class="bar-part" width="{}" height="8" rx="2"/></svg>',
        kind,
        f"{width:.1f}",
    )


@register.filter
def lookup(mapping: dict[str, Any], key: str) -> Any:
    """mapping[key], or None."""
    return mapping.get(key)


@register.filter
def column_cost(cny: float) -> str:
    """A cost in a column of money in which income stands above zero."""
    return column_money(-cny)


@register.filter
def price(value: float) -> str:
    """One end of an interval of prices, without the solver's rounding."""
    return format_number(round(value, 6) + 0.0) if math.isfinite(value) else _("unbounded")


@register.filter
def small(value: float) -> str:
    """A rounding error: '4·10⁻¹⁶'; exactly nothing is 0."""
    if value == 0:
        return "0"
    digits, power = f"{value:.0e}".split("e")
    raised = str(int(power)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{digits}·10{raised}"


@register.simple_tag
def share_of(part: float, whole: float) -> float:
    """part / whole; nan where there is no whole."""
    return part / whole if whole else math.nan


@register.simple_tag
def cap_amount(value: float, symbol: str) -> str:
    """An amount against a cap; a share is written as a percentage."""
    return percent(value) if symbol == "fraction" else quantity(value, symbol)


@register.filter
def absolute(value: float) -> float:
    return abs(value)


@register.simple_tag
def minus(a: float, b: float) -> float:
    return a - b
