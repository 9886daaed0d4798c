# ruff: noqa: E501 -- a table with Chinese text, whose characters count double
"""Units of figures: what they measure, and how many base units they are."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Unit:
    """A unit: its code, what it measures, its size in the base unit of that, its Chinese names."""

    code: str
    dimension: str
    factor: Decimal
    zh: tuple[str, ...] = ()


def _units(dimension: str, *rows: tuple[str, str, str]) -> list[Unit]:
    return [Unit(code, dimension, Decimal(factor), tuple(zh.split())) for code, factor, zh in rows]


_ALL = [
    *_units("money", ("CNY", "1", "元 人民币元"), ("k_CNY", "1e3", "千元"), ("wan_CNY", "1e4", "万元"),
            ("m_CNY", "1e6", "百万元"), ("yi_CNY", "1e8", "亿元"), ("bn_CNY", "1e9", "十亿元")),
    *_units("money_usd", ("USD", "1", "美元"), ("wan_USD", "1e4", "万美元"), ("yi_USD", "1e8", "亿美元")),
    *_units("money_eur", ("EUR", "1", "欧元"), ("wan_EUR", "1e4", "万欧元"), ("yi_EUR", "1e8", "亿欧元")),
    *_units("mass", ("t", "1", "吨"), ("kg", "0.001", "千克 公斤"), ("wan_t", "1e4", "万吨"), ("yi_t", "1e8", "亿吨")),
    *_units("mass_flow", ("t/a", "1", "吨/年"), ("wan_t/a", "1e4", "万吨/年")),
    *_units("coal", ("tce", "1", "吨标准煤 吨标煤"), ("wan_tce", "1e4", "万吨标准煤 万吨标煤")),
    *_units("coal_per_money", ("tce/wan_CNY", "1", "吨标准煤/万元 吨标煤/万元"), ("tce/CNY", "1e4", "吨标煤/元")),
    *_units("power", ("kW", "1", "千瓦"), ("MW", "1e3", "兆瓦"), ("wan_kW", "1e4", "万千瓦"), ("GW", "1e6", "吉瓦")),
    *_units("energy", ("MWh", "1", "兆瓦时"), ("kWh", "0.001", "千瓦时 度"), ("wan_kWh", "10", "万千瓦时 万度"),
            ("yi_kWh", "1e5", "亿千瓦时 亿度")),
    *_units("area", ("mu", "1", "亩"), ("wan_mu", "1e4", "万亩"), ("ha", "15", "公顷"), ("m2", "0.0015", "平方米"),
            ("wan_m2", "15", "万平方米"), ("km2", "1500", "平方公里 平方千米")),
    *_units("volume", ("m3", "1", "立方米 方"), ("wan_m3", "1e4", "万立方米 万方"), ("yi_m3", "1e8", "亿立方米 亿方")),
    *_units("length", ("m", "1", "米"), ("km", "1e3", "公里 千米"), ("cm", "0.01", "厘米"), ("mm", "0.001", "毫米")),
    *_units("people", ("person", "1", "人 名 位"), ("wan_person", "1e4", "万人"), ("yi_person", "1e8", "亿人"),
            ("person-time", "1", "人次"), ("wan_person-time", "1e4", "万人次")),
    *_units("count", ("count", "1", "个 家 户 项 件 宗 条 座 处 台 套"), ("wan_count", "1e4", "万个 万家 万户 万件")),
    *_units("percent", ("%", "1", "% 百分比"), ("‰", "0.1", "‰")),
    *_units("points", ("pp", "1", "个百分点 百分点")),
    *_units("rank", ("rank", "1", "位次 名次")),
    *_units("multiple", ("times", "1", "倍")),
    *_units("ratio", ("ratio", "1", "")),
    *_units("index", ("index", "1", "指数 点")),
    *_units("duration", ("month", "1", "个月 月"), ("quarter", "3", "个季度"), ("year", "12", "年")),
    *_units("days", ("day", "1", "天 日"), ("hour", "0.0416666666666666667", "小时")),
]  # fmt: skip

UNITS: dict[str, Unit] = {unit.code: unit for unit in _ALL}
"""Every unit by its code."""
_BY_NAME: dict[str, Unit] = {name: unit for unit in _ALL for name in (unit.code, *unit.zh)}

WHOLE = frozenset({"count", "people"})
"""What is counted in whole things, in base units."""


def find_unit(name: str) -> Unit | None:
    """The unit of that code or Chinese name; None where there is none."""
    bare = name.strip().replace("％", "%").replace("（", "").replace("）", "")
    return _BY_NAME.get(bare)


def unit_of(code: str) -> Unit:
    """The unit of that code; one that nobody declared measures itself: it is compared with no other."""
    return UNITS.get(code) or Unit(code, f"other:{code}", Decimal(1))
