"""A figure as printed: number, magnitude, infix and unit. What only looks like a figure is in `excluded`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from liantu.reading.dates import Moment
from liantu.reading.excluded import above_class, bare_figure, label_after, masked_places, small_count
from liantu.reading.lexicon import Lexicon
from liantu.reading.numerals import NUMERALS, chinese_number
from liantu.reading.special import SPECIAL, WORDS, read_special, read_words

_NUMBER = re.compile(
    rf"(?P<arabic>(?<![\dA-Za-z.])\d{{1,18}}(?!\d)(?:,\d{{3}}(?!\d))*(?:\.\d{{1,12}})?)"
    rf"|(?P<chinese>[{NUMERALS}]{{1,32}}(?:点[零一二三四五六七八九]{{1,8}})?)"
)
_MAGNITUDE = re.compile("万亿|千万|百万|十万|千亿|百亿|亿|万|千|百")
_RATE = re.compile(r"/(?:年|天|日|小时|月|吨|亩|人|户|万元|平方米|立方米|公里|千瓦时|平方公里|m3|t|kWh|a|d)")
_PER = {"年": "a", "a": "a", "天": "d", "日": "d", "d": "d", "小时": "h", "月": "month", "吨": "t", "t": "t",
        "亩": "mu", "人": "person", "户": "household", "万元": "10k CNY", "平方米": "m2", "立方米": "m3",
        "m3": "m3", "公里": "km", "千瓦时": "kWh", "kWh": "kWh", "平方公里": "km2"}  # fmt: skip
_INFIX = "余多几来"


@dataclass(frozen=True)
class Quantity:
    """A figure at [start, end) of the reading text; `word` is its unit as printed, `rule` how it was read."""

    start: int
    end: int
    value: Decimal
    unit: str
    kind: str
    word: str
    rule: str
    infix: bool = False
    scale: Decimal = Decimal(1)
    factor: Decimal = Decimal(1)
    parts: tuple[Decimal, ...] = ()


@dataclass(frozen=True)
class _Raw:
    """A number and its magnitude, before the unit is known."""

    start: int
    end: int
    number: Decimal
    scale: Decimal
    infix: bool
    chinese: bool
    bare: bool = False
    text: str = ""


def find_quantities(text: str, moments: list[Moment], lexicon: Lexicon) -> list[Quantity]:
    """All figures of a folded text, in order and without overlap."""
    masks = masked_places(text, moments)
    found: list[Quantity] = []
    loose: list[_Raw] = []
    at = 0
    specials = {m.start(): m for m in SPECIAL.finditer(text)}
    for m in _NUMBER.finditer(text):
        start = m.start()
        special = specials.get(start) or specials.get(start - 1)
        if start < at or masks.covers(start, m.end()):
            continue
        if special is not None and special.start() >= at:
            quantity = read_special(special, text)
            if quantity is not None:
                found.append(Quantity(**quantity))
                at = found[-1].end
                continue
            if special["skip"]:
                at = special.end()
                continue
        raw = _raw(m, text, lexicon)
        if raw is None or _touches_label(text, raw):
            continue
        quantity_ = _with_unit(raw, text, lexicon, at)
        if quantity_ is not None:
            found.append(quantity_)
            at = quantity_.end
        elif not raw.bare:
            loose.append(raw)
    taken = {i for q in found for i in (q.start, q.end - 1)}
    for m in WORDS.finditer(text):
        quantity = read_words(m, text)
        if quantity is not None and quantity["start"] not in taken and quantity["end"] - 1 not in taken:
            found.append(Quantity(**quantity))
    return _share_units(sorted(found, key=lambda q: q.start), loose, text)


def _touches_label(text: str, raw: _Raw) -> bool:
    """'2+4', 5G, G312, 4N5, A4: signs and letters that make a number a name."""
    before = text[raw.start - 1 : raw.start]
    after = text[raw.end : raw.end + 1]
    return (
        before == "+"
        or (after == "+" and raw.scale == 1)
        or (before.isascii() and before.isalpha())
        or before == "第"
    )


def _raw(m: re.Match[str], text: str, lexicon: Lexicon) -> _Raw | None:
    start, end = m.span()
    if m["arabic"]:
        number = Decimal(m["arabic"].replace(",", ""))
        bare = chinese = False
    else:
        word = m["chinese"]
        if word[-1] == "千" and text[end : end + 1] in ("瓦", "克", "伏") and len(word) > 1:
            word, end = word[:-1], end - 1
        value = chinese_number(word)
        if value is None:
            return None
        number, chinese = value, True
        bare = all(c in "十百千万亿" for c in word)
    infix = False
    scale = Decimal(1)
    if text[end : end + 1] in tuple(_INFIX) and (number >= 10 or text[end + 1 : end + 2] in ("万", "亿")):
        after = text[end + 1 :][:6]
        if (
            _MAGNITUDE.match(after)
            or _unit_at(text, end + 1, lexicon)
            or (bare and after[:1] in tuple(",，。;、"))
        ):
            infix, end = True, end + 1
    magnitude = _MAGNITUDE.match(text, end)
    if magnitude and not (chinese and not infix):
        unit = _unit_at(text, end, lexicon)
        if not (magnitude.group() in ("千", "百") and unit):
            scale, end = lexicon.magnitudes[magnitude.group()], magnitude.end()
            if (text[end : end + 1] in tuple(_INFIX) and _unit_at(text, end + 1, lexicon, True)) or (
                text[end : end + 1] in ("余", "多") and not text[end + 1 : end + 2].isalnum()
            ):
                infix, end = True, end + 1
    return _Raw(start, end, number, scale, infix, chinese, bare, text[start:end])


def _unit_at(text: str, at: int, lexicon: Lexicon, scaled: bool = False) -> str:
    """The longest unit or measure word that starts at a place; '' where there is none."""
    for length in (6, 5, 4, 3, 2, 1):
        word = text[at : at + length]
        unit = lexicon.units.get(word)
        if unit is None or len(word) < length:
            continue
        following = text[at + length : at + length + 1]
        if word[-1] == "台" and following == "阶":
            continue
        if word[-1].isascii() and word[-1].isalpha() and following.isascii() and following.isalnum():
            continue
        if unit.needs == "magnitude" and not scaled:
            continue
        return word
    return ""


def _with_unit(raw: _Raw, text: str, lexicon: Lexicon, before_end: int) -> Quantity | None:
    scaled = raw.scale > 1 or raw.number >= 10**4
    word = _unit_at(text, raw.end, lexicon, scaled)
    if not word:
        return _without_unit(raw, text)
    unit = lexicon.units[word]
    end = raw.end + len(word)
    if label_after(text, raw.end, end, word, unit.kind) or above_class(text, raw.start, end, unit.kind):
        return None
    if raw.bare and not raw.infix and not bare_figure(text, raw.start, end, unit.kind):
        return None
    if raw.chinese and not raw.bare and not small_count(text, raw, end, word, unit, lexicon):
        return None
    if (
        word in ("位", "名")
        and _PLACED.search(text, max(0, raw.start - 20), raw.start)
        and _CLOSED.match(text, end)
    ):
        return Quantity(raw.start, end, raw.number * raw.scale, "rank", "rank", "", "a place after 排名")
    if unit.kind == "duration" and unit.name == "year" and not _lasting(text, raw):
        return None
    if unit.needs == "digits" and raw.chinese:
        return None
    name = unit.name
    per = _RATE.match(text, end)
    if per:
        name, end = f"{name}/{_PER[per.group()[1:]]}", per.end()
    start, number = raw.start, raw.number
    sign = text[start - 1 : start] == "-" and before_end != start - 1
    if sign and not text[start - 2 : start - 1].isdigit() and text[start - 2 : start - 1] not in ("月", "%"):
        start, number = start - 1, -number
    rule = f"{'chinese numeral' if raw.chinese else 'figures'} + unit {word}"
    value = number * raw.scale * unit.factor
    return Quantity(start, end, value, name, unit.kind, word, rule, raw.infix, raw.scale, unit.factor)


def _lasting(text: str, raw: _Raw) -> bool:
    """Years count as a figure only where something lasted them: 连续6年."""
    if _HISTORY.match(text, raw.end):
        return True
    return text[max(0, raw.start - 4) : raw.start].endswith(("连续", "历时", "连续第", "已连续"))


_PLACED = re.compile(
    r"(?:排名|位列|名列|位居|排在|排行|[居列])[^,，。;\d进升移降提]{0,4}(?:[^,，。;\d]{0,8}500强(?:企业)?|全[国省市]|榜单中?的?|第)?$"
)
_CLOSED = re.compile("[,，。;、)至升到跃较]|$|\n")
_HISTORY = re.compile("年的?[^,，。;]{0,8}(?:历史|史)(?=[,，。;])")


_RATIO_BEFORE = re.compile(
    r"(?:比值|收入比|之比)(?:[由从](?:上年|去年|\d{4}年|[两三四五]年前)?(?:同期|末|底)?的?(?:[\d.]+(?:缩小|降低|下降|扩大|调整|降|减))?)?(?:由|从|为|达到?|是|到|至|缩小到|缩小至|降至|降到)?$"
)


def _without_unit(raw: _Raw, text: str) -> Quantity | None:
    """A number whose unit is left out: 突破千亿, 百余, 粉丝50万, 指数85.6."""
    after = text[raw.end : raw.end + 2]
    closed = not after or after[0] in ",，。;、)!?\n”"
    value = raw.number * raw.scale
    if raw.bare:
        cue = bare_figure(text, raw.start, raw.end, "")
        if raw.infix and closed:
            return Quantity(raw.start, raw.end, value, "count", "count", "", "round number + infix", True)
        if cue and "亿" in raw.text and (after in ("大关", "台阶", "门槛", "关口") or closed):
            return Quantity(raw.start, raw.end, value, "CNY", "money", "", "round number before 大关", False)
        return None
    if value >= 10**8 and after in ("大关", "台阶", "门槛", "关口"):
        return Quantity(raw.start, raw.end, value, "CNY", "money", "", "round number before 大关", raw.infix)
    if raw.scale >= 10**4 and (closed or after in ("大关", "以上")) and not _listed(text, raw):
        return Quantity(raw.start, raw.end, value, "count", "count", "", "magnitude without unit", raw.infix)
    if not raw.chinese and _RATIO_BEFORE.search(text[max(0, raw.start - 24) : raw.start]):
        return Quantity(raw.start, raw.end, value, "ratio", "ratio", "", "figures after 比值", False)
    if (
        not raw.chinese
        and closed
        and re.search(
            r"(?:指数|得分|评分|系数)(?:为|达|达到|升至|至|提高到)?$", text[max(0, raw.start - 8) : raw.start]
        )
    ):
        return Quantity(raw.start, raw.end, value, "index", "index", "", "figures after 指数", False)
    return None


def _listed(text: str, raw: _Raw) -> bool:
    """Whether the number is one of a list whose last member bears the unit."""
    return bool(
        re.match(
            r"(?:、|和|至|到|-|~|及)[\d.]+(?:、[\d.]+[万亿]?)*(?:和[\d.]+)?[万亿]?[^\d\s,，。;、]",
            text[raw.end : raw.end + 40],
        )
    )


def _points(q: Quantity, following: Quantity) -> Quantity:
    """9.5个 in 9.5个和7.2个百分点 counts points."""
    if q.word == "个" and following.unit == "pp" and following.start - q.end == 1:
        return replace(q, unit="pp", kind="points", rule="list sharing the unit 个百分点")
    return q


def _share_units(found: list[Quantity], loose: list[_Raw], text: str) -> list[Quantity]:
    """30亿、40亿、50亿元: a number without unit before a list mark takes the unit of the next one."""
    for i in range(len(found) - 2, -1, -1):
        found[i] = _points(found[i], found[i + 1])
    starts = {q.start: q for q in found}
    added: list[Quantity] = []
    for raw in reversed(loose):
        mark = re.match(r"、|和|及|至|到|-|~|—", text[raw.end : raw.end + 1])
        following = starts.get(raw.end + 1) if mark else None
        if (
            following is None
            or following.kind in ("rank", "duration", "times")
            or (raw.chinese and raw.number < 10)
        ):
            continue
        if text[raw.start - 1 : raw.start] in ("\n", "", "。") and mark and mark.group() == "、":
            continue
        scale = raw.scale if raw.scale > 1 else following.scale
        shared = replace(
            following, start=raw.start, end=raw.end, value=raw.number * scale * following.factor,
            rule=f"list sharing the unit {following.word}", infix=raw.infix, scale=scale,
        )  # fmt: skip
        starts[raw.start] = shared
        added.append(shared)
    return sorted([*found, *added], key=lambda q: q.start)
