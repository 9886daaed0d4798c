"""Units that the tables may use: conversion between them, and quantities and money as people write them.

A unit is a symbol of `UNITS`, possibly with a qualifier that says of what ('MWh_cell' is a megawatt-hour of
battery cells and does not convert to electricity) and possibly with '/y' behind it. `km3` is a thousand cubic
metres, as in the trade, not a cubic kilometre. A unit that is not listed is carried as it stands: it is
shown, and refused only where a conversion is asked for.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from liantu.errors import LiantuError
from liantu.i18n import EN, normalise

Dimension = Literal["mass", "volume", "energy", "area", "count"]


class UnknownUnitError(LiantuError):
    """A conversion was asked for from or to a unit that is not listed."""

    code = "unknown_unit"


class UnitMismatchError(LiantuError):
    """Two units measure different things and do not convert into each other."""

    code = "units_do_not_convert"


@dataclass(frozen=True)
class Unit:
    """A unit: `factor` of the dimension's base unit (t, m3, GJ, ha, piece) are one of it."""

    symbol: str
    dimension: Dimension
    factor: float
    zh: str


GJ_PER_TCE = 29.3076
"""GJ in one tonne of standard coal (tce): 7000 kcal/kg of 4.1868 kJ; GB/T 2589."""

UNITS: Mapping[str, Unit] = MappingProxyType(
    {
        unit.symbol: unit
        for unit in (
            Unit("t", "mass", 1.0, "吨"),
            Unit("kg", "mass", 1e-3, "千克"),
            Unit("g", "mass", 1e-6, "克"),
            Unit("kt", "mass", 1e3, "千吨"),
            Unit("m3", "volume", 1.0, "立方米"),
            Unit("km3", "volume", 1e3, "千立方米"),
            Unit("kL", "volume", 1.0, "千升"),
            Unit("L", "volume", 1e-3, "升"),
            Unit("GJ", "energy", 1.0, "吉焦"),
            Unit("TJ", "energy", 1e3, "太焦"),
            Unit("MWh", "energy", 3.6, "兆瓦时"),
            Unit("kWh", "energy", 3.6e-3, "千瓦时"),
            Unit("GWh", "energy", 3.6e3, "吉瓦时"),
            Unit("tce", "energy", GJ_PER_TCE, "吨标准煤"),
            Unit("ha", "area", 1.0, "公顷"),
            Unit("mu", "area", 1 / 15, "亩"),
            Unit("piece", "count", 1.0, "件"),
        )
    }
)


@dataclass(frozen=True)
class CoalEquivalent:
    """A factor of GB/T 2589: tce in one `unit` of an energy carrier; low and high where it gives a range."""

    zh: str
    en: str
    unit: str
    low: float
    high: float


COAL_EQUIVALENTS: Mapping[str, CoalEquivalent] = MappingProxyType(
    {
        factor.zh: factor
        for factor in (
            CoalEquivalent("原煤", "raw coal", "t", 0.7143, 0.7143),
            CoalEquivalent("洗精煤", "washed coal", "t", 0.9, 0.9),
            CoalEquivalent("焦炭", "metallurgical coke", "t", 0.9714, 0.9714),
            CoalEquivalent("原油", "crude oil", "t", 1.4286, 1.4286),
            CoalEquivalent("燃料油", "fuel oil", "t", 1.4286, 1.4286),
            CoalEquivalent("汽油", "petrol", "t", 1.4714, 1.4714),
            CoalEquivalent("柴油", "diesel", "t", 1.4571, 1.4571),
            CoalEquivalent("液化石油气", "liquefied petroleum gas", "t", 1.7143, 1.7143),
            CoalEquivalent("天然气", "natural gas", "km3", 1.1, 1.33),
            CoalEquivalent("焦炉煤气", "coke-oven gas", "km3", 0.5714, 0.6143),
            CoalEquivalent("电力（当量值）", "electric power (calorific value)", "MWh", 0.1229, 0.1229),
            CoalEquivalent("热力（当量值）", "heat (calorific value)", "GJ", 0.03412, 0.03412),
        )
    }
)
"""Reference factors of GB/T 2589 by the standard's own names, from general knowledge, to compare a table's
`tce_per_unit` with. The engine counts with the table's own figure; a difference is worth a look, no error.
"""


def split_unit(text: str) -> tuple[str, str, bool]:
    """A unit as (symbol, qualifier, per year): 'MWh_cell/y' -> ('MWh', 'cell', True).

    A qualifier is split off only behind a listed symbol, so 'big_bag' stays whole.
    """
    whole = text.strip()
    yearly = whole.endswith(("/y", "/a"))
    base = whole[:-2] if yearly else whole
    symbol, _, qualifier = base.partition("_")
    if symbol not in UNITS:
        return base, "", yearly
    return symbol, qualifier, yearly


def is_known(text: str) -> bool:
    """Whether `text` is a listed unit, with or without a qualifier and '/y'."""
    return split_unit(text)[0] in UNITS


def convert(value: float, source: str, target: str) -> float:
    """`value` in unit `source`, in unit `target`.

    Raises UnknownUnitError for a unit that is not listed, and UnitMismatchError where the dimensions, the
    qualifiers or the '/y' differ. Units that are spelled alike always convert, listed or not.
    """
    if source.strip() == target.strip():
        return value
    (one, one_of, one_yearly), (other, other_of, other_yearly) = split_unit(source), split_unit(target)
    for symbol, text in ((one, source), (other, target)):
        if symbol not in UNITS:
            raise UnknownUnitError(found=text, expected=", ".join(UNITS))
    a, b = UNITS[one], UNITS[other]
    if a.dimension != b.dimension or one_of != other_of or one_yearly != other_yearly:
        raise UnitMismatchError(found=source, expected=target)
    return value * (a.factor / b.factor)


def to_tonnes(value: float, unit: str, t_per_unit: float | None = None) -> float:
    """Tonnes of `value` in `unit`: by `t_per_unit` where it is given, else the unit must be one of mass.

    Raises UnknownUnitError or UnitMismatchError where neither tells.
    """
    if t_per_unit is not None:
        return value * t_per_unit
    return convert(value, unit.removesuffix("/y"), "t")


def to_tce(value: float, unit: str, tce_per_unit: float | None = None) -> float:
    """Tonnes of standard coal equivalent of `value` in `unit`: by `tce_per_unit`, else by calorific value.

    Raises UnknownUnitError or UnitMismatchError where `unit` is not one of energy and no factor is given.
    """
    if tce_per_unit is not None:
        return value * tce_per_unit
    return convert(value, unit.removesuffix("/y"), "tce")


@dataclass(frozen=True)
class _Step:
    """From `least` on (in the tables' unit), write the value times `factor` with this word behind it."""

    least: float
    factor: float
    word: str


def _decimal(zh: str, per: float = 1.0) -> tuple[_Step, ...]:
    """Chinese steps of ten thousand and a hundred million, of a unit worth `per` of the word's."""
    return (
        _Step(1e8 / per, per / 1e8, f"亿{zh}"),
        _Step(1e4 / per, per / 1e4, f"万{zh}"),
        _Step(0, per, zh),
    )


def _english(*steps: tuple[float, str]) -> tuple[_Step, ...]:
    return tuple(_Step(size if size > 1 else 0, 1 / size, word) for size, word in steps)


_ZH_STEPS: Mapping[str, tuple[_Step, ...]] = {
    "kg": (_Step(1e7, 1e-7, "万吨"), _Step(1e3, 1e-3, "吨"), _Step(0, 1, "千克")),
    "km3": _decimal("立方米", 1e3),
    "MWh": _decimal("千瓦时", 1e3),
    "GWh": _decimal("千瓦时", 1e6),
}
_EN_STEPS: Mapping[str, tuple[_Step, ...]] = {
    "t": _english((1e6, "Mt"), (1e3, "kt"), (1, "t")),
    "kg": (_Step(1e6, 1e-6, "kt"), _Step(1e3, 1e-3, "t"), _Step(0, 1, "kg")),
    "MWh": _english((1e6, "TWh"), (1e3, "GWh"), (1, "MWh")),
    "GJ": _english((1e6, "PJ"), (1e3, "TJ"), (1, "GJ")),
    "tce": _english((1e6, "Mtce"), (1e3, "ktce"), (1, "tce")),
    "m3": _english((1e6, "million m³"), (1, "m³")),
    "km3": (_Step(1e3, 1e-3, "million m³"), _Step(0, 1e3, "m³")),
}
_ZH_MONEY = _decimal("元")
_EN_MONEY = _english((1e9, "billion CNY"), (1e6, "million CNY"), (1, "CNY"))
_YEARLY = {True: "/年", False: "/y"}


def format_number(value: float, digits: int = 4) -> str:
    """`value` with thousands separators and `digits` significant digits, never fewer than its whole part.

    nan is '–', an unbounded value '∞'.
    """
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if value == 0:
        return "0"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def format_quantity(value: float, unit: str, lang: str, digits: int = 4) -> str:
    """A quantity as a reader of `lang` writes it: 1_500_000 't/y' is '150 万吨/年', in English '1.5 Mt/y'.

    Electricity is 千瓦时 in Chinese and kWh's multiples in English; a unit that is not listed stands as
    it is. A qualifier follows in brackets. Raises i18n.UnknownLanguageError for another language.
    """
    english = normalise(lang) == EN
    symbol, qualifier, yearly = split_unit(unit)
    if english:
        steps = _EN_STEPS.get(symbol, (_Step(0, 1.0, symbol),))
    else:
        steps = _ZH_STEPS.get(symbol, _decimal(_zh_word(symbol)))
    number, word = _scaled(value, steps, digits)
    suffix = (f" ({qualifier})" if english else f"（{qualifier}）") if qualifier else ""
    return f"{number} {word}{suffix}{_YEARLY[not english] if yearly else ''}"


def format_money(cny: float, lang: str, digits: int = 4) -> str:
    """Money as a reader of `lang` writes it: 250_000_000 is '2.5 亿元', in English '250 million CNY'."""
    number, word = _scaled(cny, _EN_MONEY if normalise(lang) == EN else _ZH_MONEY, digits)
    return f"{number} {word}"


def unit_label(unit: str, lang: str) -> str:
    """The unit by itself, for a header: 't/y' is '吨/年' in Chinese, 'MWh_cell' 'MWh (cell)' in English."""
    symbol, qualifier, yearly = split_unit(unit)
    if normalise(lang) == EN:
        word = {"m3": "m³", "km3": "1000 m³"}.get(symbol, symbol)
        return f"{word}{f' ({qualifier})' if qualifier else ''}{_YEARLY[False] if yearly else ''}"
    return f"{_zh_word(symbol)}{f'（{qualifier}）' if qualifier else ''}{_YEARLY[True] if yearly else ''}"


def _zh_word(symbol: str) -> str:
    return UNITS[symbol].zh if symbol in UNITS else {"unit": "单位", "deg": "度"}.get(symbol, symbol)


def _scaled(value: float, steps: tuple[_Step, ...], digits: int) -> tuple[str, str]:
    """The number and the word of the first step that the rounded value reaches."""
    rounded = float(f"{value:.{digits - 1}e}") if math.isfinite(value) and value else value
    chosen = steps[-1]
    for step in steps:
        if math.isfinite(rounded) and abs(rounded) >= step.least:
            chosen = step
            break
    return format_number(value * chosen.factor, digits), chosen.word
