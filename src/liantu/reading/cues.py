"""What stands right before a figure: growth, its direction and basis, bounds, and whether it is actual."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from liantu.reading.lexicon import Lexicon

_ADVERBS = (
    r"(?:[两三四五六七八九十]年平均|累计|同比|环比|按年|年均|年平均|[比较](?:上年|去年|上月|年初|上一年|前一年)(?:末|底|同期|同月)?|分别|均|"
    r"又|再|已|约|近|仅|各|都|进一步|大幅|快速|持续|稳步|平均|总体|整体|逆势|实际|名义|高|共)*"
)
_AFTER = (
    r"(?:了|约|近|超过|超|逾|达到|达|为|幅度|比例|的|仅|也|均|分别|高达|不低于|不少于|突破|率|速度|速|"
    r"控制在|保持在|稳定在|保持|不超过|在|左右|幅|:|至少|不到|不足|接近|最高|各)*"
)


def choice(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w)))


@dataclass(frozen=True)
class Cue:
    """A word of change: its start in the phrase, sign, reading, and whether 到 or 至 makes a level of it."""

    start: int
    word: str
    sign: int
    reading: str
    to: bool


@lru_cache(maxsize=8)
def _growth(lexicon: Lexicon) -> re.Pattern[str]:
    choices = choice(lexicon.changes)
    return re.compile(
        rf"{_ADVERBS}(?P<word>{choices})(?P<rate>率|幅度?)?{_AFTER}(?P<to>到了?|至|为)?{_AFTER}$"
    )


def find_cue(phrase: str, lexicon: Lexicon) -> Cue | None:
    """The word of change that ends a phrase, as in 同比增长 or 由…提高到."""
    pattern = _growth(lexicon)
    window = phrase[-30:]
    found = pattern.search(window)
    if found is None:
        return None
    if "率" in found.group() and "自然增长率" in phrase:
        return None
    if found["word"] in "高低快慢" and window[found.end("word") : found.end("word") + 1] in tuple("达至于"):
        return None
    sign, reading = lexicon.changes[found["word"]]
    to = bool(found["to"]) and found["to"][0] in "到至"
    return Cue(len(phrase) - len(window) + found.start(), found["word"], sign, reading, to)


_PROMISE = re.compile("[签节合预公条违履制契]约$")
_YOY = re.compile(
    r"同比|[比较](?:上年|去年|上一年|前一年|前年)(?:同期|末|底|同月)?|按年|上年同期|去年同期|可比价格?|"
    r"不变价格?|可比口径|同口径|同增|同降"
)
_AVERAGE = re.compile(r"年均|年平均|平均每年|复合增长|平均增长")
_CUMULATIVE = re.compile(
    r"累计(?:增长|增加|下降|提高)|[比较]“?(?:20\d\d年|十[一二三四五]五”?)末?(?!同期)|"
    r"五年(?:累计)?(?:增长|增加|提高)|[比较与](?:20\d\d年)相比|比20\d\d年|三年增长"
)
_OTHER = re.compile(
    r"环比|高出|高于|低于|快于|慢于|领先|[比较](?:上月|上季度|上周|年初|去年底|上年底|去年末|全国|全省|以往|过去|传统|同类)"
)


def growth_basis(clause: str, phrase: str) -> tuple[str | None, str]:
    """yoy, avg, cum or None, and the rule: from the phrase before the figure, then from its clause."""
    for piece, where in ((phrase, "phrase"), (clause, "clause")):
        for pattern, name in (
            (_AVERAGE, "avg" if where == "phrase" else None),
            (_CUMULATIVE, "cum"),
            (_YOY, "yoy"),
        ):
            if name and pattern.search(piece):
                return name, f"{name} word in the {where}"
        if _OTHER.search(piece):
            return None, f"another base in the {where}"
    return None, ""


@lru_cache(maxsize=8)
def _bounds(lexicon: Lexicon) -> tuple[re.Pattern[str], re.Pattern[str]]:
    left, right = choice(lexicon.qualifiers_left), choice(lexicon.qualifiers_right)
    return re.compile(f"(?:{left})$"), re.compile(right)


def qualifier_of(text: str, start: int, end: int, lexicon: Lexicon) -> tuple[str | None, str]:
    """above, below, near, about or only, from the words right beside a figure."""
    left, right = _bounds(lexicon)
    found = right.match(text, end)
    if found:
        return lexicon.qualifiers_right[found.group()], f"{found.group()} after the figure"
    found = left.search(text[max(0, start - 5) : start])
    if found and not _PROMISE.search(text[max(0, start - 2) : start]):
        return lexicon.qualifiers_left[found.group()], f"{found.group()} before the figure"
    return None, ""


@lru_cache(maxsize=8)
def _status_words(lexicon: Lexicon) -> re.Pattern[str]:
    return re.compile(choice(lexicon.statuses))


_CLAUSE = re.compile(r"[,，;](?!\d{3})")
_TOWARDS = re.compile(
    r"(?:以上|左右|大关|台阶|的?目标|门槛)?(?:的?目标)?(?:冲刺|迈进|进军|进发|挺进|奋进|发起冲[刺击]|看齐|努力)"
)
_AIMED = re.compile("(?:冲刺|迈向|剑指|瞄准|锁定|向着|朝着)[^,，。;]{0,3}$")


def status_of(
    before: str, lexicon: Lexicon, year: str | None, now: int | None, after: str = ""
) -> tuple[str, str]:
    """actual, expected, target or planned: the last such word shortly before the figure, else by the year.

    `after` are the words right behind it: 向700亿元冲刺 speaks of a target.
    """
    if _TOWARDS.match(after) or _AIMED.search(before[-8:]):
        return "target", "a word of aiming beside the figure"
    window = before[-95:]
    for m in reversed(list(_status_words(lexicon).finditer(window))):
        status = lexicon.statuses[m.group()]
        if status != "planned" or not _CLAUSE.search(window, m.end()):
            return status, f"{m.group()} before the figure"
    if year and now and int(year[:4]) > now and "/" not in year:
        return "target", "a year after the document's"
    return "actual", "nothing says otherwise"
