"""Periods as Chinese tables write them: 2025年, 2025年1-9月, 前三季度, “十四五”, 截至2025年9月底."""

from __future__ import annotations

import re
from datetime import date

from liantu.ledger.periods import (
    BadPeriod,
    Period,
    month,
    parse_period,
    plan,
    point,
    quarter,
    to_date,
    year,
    years,
)

_DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九十")} | {"零": 0}
_UPTO = {
    "一季度": 3,
    "上半年": 6,
    "前三季度": 9,
    "全年": 12,
    "前两季度": 6,
    "前2季度": 6,
    "前3季度": 9,
    "半年": 6,
}
_PLAN = re.compile(
    r"^[“\"「]?(十[一二三四五六七八九]?|二十[一二三四五六七八九]?)五[”\"」]?(?:时期|期间|规划)?$"
)
_SPAN = re.compile(r"^(\d{4})年?[-—–~～至到](\d{4})年?$")
_BARE = re.compile(r"^(?:(\d{4})年?)?(.*)$")
_MONTHS = re.compile(r"^(?:(\d{1,2})月?[-—–~～至到])?(\d{1,2})月(份|末|底)?(累计)?$")
_QUARTER = re.compile(r"^(?:第?([一二三四1-4])季度|[Qq]([1-4]))$")
_UNTIL = re.compile(r"^截至(\d{4})年(\d{1,2})月(?:(\d{1,2})日|底|末)?$")


def parse_period_zh(text: str, default_year: int | None = None) -> Period:
    """The period that a heading names, ISO-like or Chinese; `default_year` where it names none.

    Raises BadPeriod.
    """
    bare = re.sub(r"\s+", "", text).translate(str.maketrans("０１２３４５６７８９", "0123456789"))
    try:
        return parse_period(bare)
    except BadPeriod:
        pass
    try:
        found = _whole(bare)
        return found if found is not None else _within(bare, default_year)
    except (ValueError, KeyError) as error:
        raise BadPeriod(text) from error


def _whole(text: str) -> Period | None:
    if found := _PLAN.match(text):
        return plan(_number(found[1]))
    if found := _SPAN.match(text):
        return years(int(found[1]), int(found[2]))
    if found := _UNTIL.match(text):
        last = month(int(found[1]), int(found[2])).end
        return point(date(last.year, last.month, int(found[3])) if found[3] else last)
    return None


def _within(text: str, default_year: int | None) -> Period:
    found = _BARE.match(text)
    number = int(found[1]) if found and found[1] else default_year
    rest = found[2] if found else ""
    if number is None:
        raise BadPeriod(text)
    if rest in ("", "年", "年度"):
        return year(number)
    rest = rest.removeprefix("年")
    if rest in ("末", "底"):
        return point(date(number, 12, 31))
    if rest in _UPTO:
        upto = _UPTO[rest]
        return year(number) if upto == 12 else to_date(number, upto)
    if rest == "下半年":
        return parse_period(f"{number}-H2")
    if which := _QUARTER.match(rest):
        return quarter(number, _number(which[1] or which[2]))
    if months := _MONTHS.match(rest):
        last = int(months[2])
        if months[3] in ("末", "底"):
            return point(month(number, last).end)
        if months[1]:
            return Period(month(number, int(months[1])).start, month(number, last).end)
        return to_date(number, last) if months[4] else month(number, last)
    raise BadPeriod(text)


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return _DIGITS[text]
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
