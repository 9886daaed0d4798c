"""What kind of figure it is: level, change, rate, rank, share, ratio or multiple; its sign; its unit."""

from __future__ import annotations

import re
from dataclasses import dataclass

from liantu.reading.cues import Cue
from liantu.reading.quantity import Quantity

_CHANGING = re.compile(
    r"增加|减少|缩短|压缩|下降|降低|增长|提高|提升|上升|净增|净减|回落|收窄|扩大|多$|少$|下调|上调|延长"
)
_COMPARED = re.compile(r"同比|环比|[比较](?:上|去|年初|20|“?十|前)")
_AGAINST = re.compile("[比较][^,，。;]{1,14}[高低多少](?:了|出)?$")
_FROM = re.compile(
    r"[由从至到](?:\d{4}年|[一二三四上下]半?[季年]度?|\d+-?\d*月|[^,，。;占]{0,8}(?:年|月|季度|同期|末|底|初))份?的$"
)
_NET = re.compile("[^,，。;、]{0,6}(?:净增加?|净减少?)[^,，。;、\\d]{1,14}$")
_PLACES = re.compile(
    r"(?:前移|上升|提升|跃升|前进|下降|后移|下滑|提高|上移|退后|进|攀升|晋升|进位|赶超)(?:了)?$"
)
_SHARE = re.compile(r"占[^,，。;]*$|(?:比重|比例|占比|份额|占有率|占)[^,，。;]{0,6}$")
_RATE_BEHIND = re.compile(
    r"(?:以上|左右)?的(?:年均|平均|同比|高位|高速|较快|中高速|稳定)?(?:增速|速度|增幅|增长率|增长|涨幅)"
)
_THEN = re.compile("(?:目前|现在|当前|原来|最初|过去|当初|[年月]|同期|[底末初]|季度|前)的$")
_OF_DAYS = re.compile("(?:优良天数|天数|水质优良|水体)(?:的)?(?:比例|占比|比重)[^,，。;]{0,6}$")
_NAMED_RATE = re.compile(r"(?:率|指数|强度|浓度|程度|面|系数|纯度|品位|水平)[^,，。;率]{0,8}$")


OVER = re.compile(
    "(?P<word>高于|高出|快于|领先(?:于)?|超出|超过|超|低于|慢于|落后(?:于)?|[比较](?=[^,，。;]{1,14}[高低快慢多少]$))"
    "[^,，。;\\d]{0,14}$"
)
"""How far a figure is from another one: 快于城镇1.6个百分点, 比全省高2.7个百分点."""
_FALLING = re.compile("降幅|跌幅|降速")
_BELOW = re.compile("低于|慢于|落后|[低慢少]$")


@dataclass(frozen=True)
class Measured:
    """Value with its sign, unit, measure, and the rule; `trust` in the measure."""

    value: float | int
    unit: str
    measure: str
    rule: str
    trust: float = 0.9
    unit_rule: str = ""


def _number(q: Quantity, sign: int = 1) -> float | int:
    value = q.value * sign
    return int(value) if value == value.to_integral_value() and abs(value) < 10**18 else float(value)


def measured(q: Quantity, cue: Cue | None, phrase: str, after: str) -> Measured:
    """The reading of a figure from the words of change before it and the noun it belongs to."""
    if q.kind == "rank":
        return Measured(_number(q), "rank", "rank", "a place in an order")
    if q.kind == "ratio":
        return Measured(_number(q), "ratio", "ratio", "figures with a colon")
    if q.kind == "points":
        over = OVER.search(phrase)
        below = cue is None and over is not None and _BELOW.search(over.group()) is not None
        sign = -1 if below else _sign(cue)
        falling = _FALLING.search(phrase)
        if falling and cue is not None and falling.end() <= cue.start + len(cue.word):
            return Measured(
                _number(q, -sign), q.unit, "change", "points of a fall that narrows or widens", 0.8
            )
        return Measured(_number(q, sign), q.unit, "change", "points are a change", 0.95)
    if q.kind == "places" or (q.word in ("位", "名") and _PLACES.search(phrase)):
        return Measured(
            _number(q, _sign(cue)), "rank", "change", "places risen or fallen", 0.9, "places in a ranking"
        )
    if q.kind == "times":
        return Measured(_number(q), "times", "multiple", "a multiple", 0.95)
    if q.kind == "percent":
        return _percent(q, cue, phrase, after)
    if cue is not None and cue.reading == "growth" and not cue.to and _CHANGING.search(cue.word):
        return Measured(_number(q, cue.sign), q.unit, "change", f"{cue.word} before an amount", 0.85)
    if cue is not None and cue.word in ("高", "低", "多", "少") and _AGAINST.search(phrase):
        return Measured(_number(q, cue.sign), q.unit, "change", f"{cue.word} than another", 0.8)
    if cue is not None and not cue.to and _COMPARED.search(phrase) and not re.search("[达为至到]$", phrase):
        return Measured(_number(q, cue.sign), q.unit, "change", f"{cue.word} against another period", 0.85)
    if _NET.match(phrase) and q.kind != "percent":
        return Measured(_number(q), q.unit, "change", "净增 before what is counted", 0.8)
    return Measured(_number(q), q.unit, "level", "no word of change before it")


def _sign(cue: Cue | None) -> int:
    return cue.sign if cue is not None else 1


def _percent(q: Quantity, cue: Cue | None, phrase: str, after: str) -> Measured:
    if cue is not None and not cue.to:
        return Measured(
            _number(q, cue.sign if q.value > 0 else 1), q.unit, "rate", f"{cue.word} before per cent", 0.93
        )
    if _RATE_BEHIND.match(after):
        return Measured(_number(q), q.unit, "rate", "the rate is named behind the figure", 0.9)
    if re.search(r"(?:同比|环比)$", phrase):
        return Measured(_number(q), q.unit, "rate", "per cent right after 同比", 0.9)
    if phrase.endswith("(") and re.search("增速|增幅|涨幅", phrase):
        return Measured(_number(q), q.unit, "rate", "a rate in brackets", 0.8)
    if re.search(r"增速|增幅|增长率|涨幅|降幅", phrase[-12:]) and not re.search(
        "降幅|自然增长率", phrase[-12:]
    ):
        return Measured(_number(q), q.unit, "rate", "the rate is named", 0.85)
    if _OF_DAYS.search(phrase):
        return Measured(_number(q), q.unit, "level", "days of good air, sections of good water", 0.85)
    if _SHARE.search(phrase) and not _NAMED_RATE.search(phrase):
        return Measured(_number(q), q.unit, "share", "a share is named", 0.9)
    if re.search(r"占[^,，。;]*$|占有率[^,，。;]{0,6}$", phrase):
        return Measured(_number(q), q.unit, "share", "占", 0.9)
    if _FROM.search(phrase):
        named = "rate" if re.search("增速|增幅|增长率|涨幅", phrase) else "level"
        return Measured(_number(q), q.unit, named, "start or end of 由…到…", 0.8)
    if (phrase.rstrip().endswith("的") and not _THEN.search(phrase)) or re.match(r"(?:以上|左右)?的", after):
        return Measured(_number(q), q.unit, "share", "a part of what 的 names", 0.8)
    if re.search(
        r"^(?:以上|左右)?(?:可|能|均|都|实现|由|销往|出口|用于|来自|属于|采用|选择|为|以上)", after
    ) and not _NAMED_RATE.search(phrase):
        return Measured(_number(q), q.unit, "share", "a part of what stands before", 0.6)
    return Measured(_number(q), q.unit, "level", "per cent of a named rate", 0.8)


def carried_measure(q: Quantity, measure: str, sign: int, unit: str) -> Measured:
    """The reading of a later figure of a series: that of the first, with its direction."""
    value = _number(q, sign if measure in ("rate", "change") and q.value > 0 else 1)
    return Measured(value, unit, measure, "as the first of its series", 0.85)


_YEARLY_BEFORE = re.compile(
    r"(?:(?<![全今去前明上当])(?:年产能?(?:力|达)?|年处理(?:能力)?|年加工(?:能力)?|年消纳|年消化|"
    r"年吞吐(?:能力|量)?|年可?生产|年可产|可年产)|产能|生产能力|年综合利用|年利用|年回收|年供应|"
    r"年均|"
    r"每年[^,，。;]{0,10}|一年[^,，。;]{0,8}|年输送|年运输|年减排|年节约|年减少)[^,，。;、\d]{0,18}$"
)
_MADE = re.compile(r"(?<![全今去前明上当])年(?:产能?|可?生产)[^,，。;、\d]{0,10}$")
_DAILY_BEFORE = re.compile(r"日(?:产|均|处理|加工|供水|供)[^,，。;、\d]{0,10}$")
_PROJECT = re.compile(
    r"[^,，。;:!?\d]{0,24}(?:、\d[\d.]*[万亿]?(?:吨|千瓦|吉瓦时|平方米|套|台|只)[^,，。;:\d]{1,24})*(?:及[^,，。;\d]{1,10})?(?:等\d+[个项])?(?:项目|"
    r"生产线|装置|产能|基地|工程|工厂|装置|智能产线)"
)


_ABILITY = re.compile(
    r"[^,，。;、\d]{0,12}(?:[、和][^,，。;、\d]{0,12}[\d.]+[万亿]*(?:吨|平方米|千瓦|支|只|套|"
    r"米)[^,，。;、\d]{0,12})*的?(?:年|生产)*(?:产能|能力)"
)


def capacity_unit(text: str, q: Quantity, start: int, end: int, unit: str) -> str:
    """t -> t/a where a mass is what a plant can make a year: 年产30万吨, 40万吨智能铜电解项目."""
    if unit not in ("t", "count", "m3", "m2"):
        return unit
    before = text[max(start, q.start - 40) : q.start]
    yearly = _YEARLY_BEFORE.search(before)
    if yearly and unit == "t":
        return "t/a"
    if _DAILY_BEFORE.search(before):
        return f"{unit}/d"
    if unit == "count" and _MADE.search(before):
        return "count/a"
    if unit != "t":
        return unit
    if re.search(r"吨[^,，。;\d]{1,12}(?:和|、|及|以及)$", before) and _YEARLY_BEFORE.search(
        re.sub(r"[\d.]+[万亿]?吨[^,，。;]*$", "", before)
    ):
        return "t/a"
    following = text[q.end : min(end, q.end + 90)]
    if _ABILITY.match(following):
        return "t/a"
    project = _PROJECT.match(following)
    if project and not re.match(r"[^、]{0,18}(?:产量|储量|余|用于|来自|运(?!行|营|转)|进入|投入)", following):
        return "t/a"
    return unit
