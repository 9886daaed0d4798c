"""Figures with a form of their own: ranks, tenths, fractions, doublings, ratios, per cent in words."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from liantu.reading.numerals import NUMERALS, chinese_number

_N = rf"(?:\d{{1,9}}(?:\.\d{{1,9}})?|[{NUMERALS}]{{1,12}}(?:点[零一二三四五六七八九]{{1,6}})?)"
SPECIAL = re.compile(
    rf"(?P<percent>(?<![{NUMERALS}])(?P<base>百|千)分之(?P<of>{_N}))"
    rf"|(?P<fraction>(?P<below>[{NUMERALS}]{{1,8}})分之(?P<above>[{NUMERALS}]{{1,8}}))"
    rf"|(?P<slash>(?<![\d./])(?P<up>[1-9])/(?P<down>[2-9]|10)(?=的|以上|左右|[,，。;]))"
    rf"|(?P<tenths>(?<![{NUMERALS}第])(?P<cheng>[一二两三四五六七八九]|\d)成(?P<half>半|[一二三四五六七八九])?(?=以上|"
    rf"左右|多|[,，。;、!?)的和提上升增扩降减跃攀]|$|\n))"
    rf"|(?P<ratio>(?<![\d:.])\d{{1,6}}(?:\.\d{{1,6}})?(?::\d{{1,6}}(?:\.\d{{1,6}})?){{1,3}}(?![\d:.]))"
    rf"|(?P<rank>第(?P<place>\d{{1,6}}|[{NUMERALS}]{{1,8}})(?P<word>位|名)?)"
    rf"|(?P<skip>[{NUMERALS}]{{1,3}}心[{NUMERALS}]{{1,3}}意)"
)
WORDS = re.compile(
    r"(?P<doubling>(?:翻|实现翻)(?:了)?(?:(?P<fan>[一两二三四123])番|番))|(?P<half>(?<![一另前后上下])一半)"
    r"|(?P<first>首位|榜首)"
)
_RANKED = re.compile(
    r"(?:居|列|位|排|名|全省|全国|全市|全区|世界|全球|西部|同类|升至|升到|跃居|至|前移|总量|均|并列"
    r"|西北|甘肃|州|县|开发区|由|从|、|和|及)$"
)


def read_special(m: re.Match[str], text: str) -> dict[str, Any] | None:
    """The parts of a Quantity for a match of SPECIAL; None where the form is no figure there."""
    common = {"start": m.start(), "end": m.end(), "word": ""}
    if m["percent"]:
        value = _decimal(m["of"])
        unit = "%" if m["base"] == "百" else "‰"
        return (
            None
            if value is None
            else {**common, "value": value, "unit": unit, "kind": "percent", "rule": "百分之"}
        )
    if m["fraction"]:
        below, above = chinese_number(m["below"]), chinese_number(m["above"])
        if not below or not above or above >= below:
            return None
        return {
            **common,
            "value": above * 100 / below,
            "unit": "%",
            "kind": "percent",
            "rule": "fraction in words",
        }
    if m["slash"]:
        value = Decimal(m["up"]) * 100 / Decimal(m["down"])
        return {**common, "value": value, "unit": "%", "kind": "percent", "rule": "fraction"}
    if m["tenths"]:
        tenths = _decimal(m["cheng"]) or Decimal(0)
        value = tenths * 10 + (5 if m["half"] == "半" else _decimal(m["half"]) or 0 if m["half"] else 0)
        return {**common, "value": value, "unit": "%", "kind": "percent", "rule": "tenths (成)"}
    if m["ratio"]:
        return _ratio(m, text, common)
    if m["rank"]:
        return _rank(m, text, common)
    return None


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text[0].isdigit() and text.isascii() else chinese_number(text)


_STRUCTURE = re.compile("结构|之比|比例|比值|比为|比由|比从|比调整")


def _ratio(m: re.Match[str], text: str, common: dict[str, Any]) -> dict[str, Any] | None:
    parts = tuple(Decimal(part) for part in m["ratio"].split(":"))
    clock = (
        len(parts) == 2
        and not _STRUCTURE.search(text[max(0, m.start() - 30) : m.start()])
        and all(len(p) == 2 and p.isdigit() for p in m["ratio"].split(":"))
    )
    if clock or not re.search(r"比|结构|为|调整|由|从|到|优化", text[max(0, m.start() - 14) : m.start()]):
        return None
    if len(parts) == 2 and parts[1]:
        return {
            **common,
            "value": parts[0] / parts[1],
            "unit": "ratio",
            "kind": "ratio",
            "rule": "ratio of two",
        }
    return {
        **common,
        "value": parts[0],
        "unit": "ratio",
        "kind": "ratio",
        "rule": "ratio of three",
        "parts": parts,
    }


def _rank(m: re.Match[str], text: str, common: dict[str, Any]) -> dict[str, Any] | None:
    value = _decimal(m["place"])
    if value is None:
        return None
    before = text[max(0, m.start() - 8) : m.start()]
    after = text[m.end() : m.end() + 1]
    if m["word"]:
        if (
            m["word"] == "名"
            and after
            and after not in ",，。;、)和及的与”\n至到!"
            and not _RANKED.search(before)
        ):
            return None
    elif (after and after not in ",，。;、)和及与”\n!：:(") or not _RANKED.search(before):
        return None
    return {**common, "value": value, "unit": "rank", "kind": "rank", "rule": "rank (第)"}


def read_words(m: re.Match[str], text: str) -> dict[str, Any] | None:
    """The parts of a Quantity for a match of WORDS: doublings, a half, the first place."""
    common = {"start": m.start(), "end": m.end(), "word": ""}
    before = text[max(0, m.start() - 10) : m.start()]
    if m["doubling"]:
        start = m.start() + (2 if m["doubling"].startswith("实现") else 0)
        times = {"一": 1, "1": 1, "两": 2, "二": 2, "2": 2, "三": 3, "3": 3, "四": 4}.get(m["fan"] or "一", 1)
        return {
            **common,
            "start": start,
            "value": Decimal(2**times),
            "unit": "times",
            "kind": "times",
            "rule": "doubling",
        }
    if m["half"]:
        if not re.search(r"(?:占|约|近|超|超过|过|降|减|缩|增|了|达|达到|高出|仅|不足)$", before):
            return None
        return {**common, "value": Decimal(50), "unit": "%", "kind": "percent", "rule": "half"}
    if re.search(
        r"第[\d一二三四五六七八九十]+位?[、和](?:全[国省市]|世界|西部)$",
        text[max(0, m.start() - 12) : m.start()],
    ):
        return {**common, "value": Decimal(1), "unit": "rank", "kind": "rank", "rule": "first place"}
    if not re.search(
        r"(?:居|列|位|排)(?:于|在)?(?:全[省国市区州县球]|世界|西部|全省各市州|各市州)?(?:各?市州|各[一-龥]{2,3}|"
        r"同类[^,，。;]{0,6})?$",
        before,
    ):
        return None
    return {**common, "value": Decimal(1), "unit": "rank", "kind": "rank", "rule": "first place"}
