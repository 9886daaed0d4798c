"""分别: several subjects or indicators, then as many figures."""

from __future__ import annotations

import re
from dataclasses import dataclass

from liantu.reading.cues import find_cue
from liantu.reading.heads import HeadReader
from liantu.reading.mentions import Mentions
from liantu.reading.patterns import QUALIFYING
from liantu.reading.quantity import Quantity

_MARK = re.compile(r"分别|分列|依次|各自")
_JOIN = re.compile(r"^[、,，和及与以]{1,2}(?:第)?$|^[、和]?$|^[和、](?:增长|下降|上涨|回落)$")
_SPLIT = re.compile(r"[、和及与]|以及")
_SHARED = re.compile(
    "(?:产量|产值|销量|增加值|投资|出口|进口|余额|收入|用电量|销售额|存栏|出栏|利用率|合格率|覆盖率|参保率)$"
)
_OF = re.compile("占[^、,，]{1,20}的?(?:比重|比例)?$|(?:占比|比重|年均|平均|同比|累计)$")
_COMPARED = re.compile("[比较](?:上|去|前|全[国省市]|20|同期)|高于|低于|快于|慢于")
_GENERAL = ("总量", "增速", "增幅", "总额", "规模", "总值")
_GREAT = re.compile(r"(.{2,8}?)[两三四五六七八九十\d]大.{0,4}?(?:产业链|产业|行业|集群|板块)(.{2,6})")
_PAIRS = {"城乡": ("城镇", "农村")}


@dataclass(frozen=True)
class Item:
    """One member of the enumeration: its subject or indicator, None where it names none."""

    subject: str | None
    indicator: str | None
    period: str | None = None


def series_length(text: str, quantities: list[Quantity], at: int, gap_start: int, group: int = 0) -> int:
    """How many figures from number `at` on share one 分别; 0 where there is no such word before it.

    After a series of `group` members, as many rates that 和 joins are a series too: 增长5%和6%.
    """
    if not _MARK.search(text[gap_start : quantities[at].start]):
        joined = (
            group > 1
            and quantities[at].kind == "percent"
            and _GROWN.search(text[gap_start : quantities[at].start])
        )
        return _run(text, quantities, at) if joined and _run(text, quantities, at) == group else 0
    run = _run(text, quantities, at)
    return run if run > 1 else 0


_GROWN = re.compile("^[,，]?(?:同比|年均|比上年|较上年|平均)*(?:增长|下降|增幅|增速)[^,，。;]{0,4}$")


def _run(text: str, quantities: list[Quantity], at: int) -> int:
    last = at
    while last + 1 < len(quantities):
        between = text[quantities[last].end : quantities[last + 1].start]
        if not _JOIN.match(between):
            break
        last += 1
    return last - at + 1


def series_items(
    text: str, start: int, end: int, count: int, heads: HeadReader, subjects: Mentions, q: Quantity
) -> list[Item]:
    """The members that stand before 分别 in [start, end); empty where their number is another."""
    mark = _MARK.search(text, start, end)
    if mark is None:
        return []
    piece_start = max((text.rfind(c, start, mark.start()) for c in ",，:;"), default=-1) + 1
    piece_start = max(start, piece_start)
    for time in heads.times.within(piece_start, mark.start()):
        if time.start == piece_start:
            piece_start = time.end
    piece = _OF.sub("", text[piece_start : mark.start()])
    if _COMPARED.search(piece):
        return []
    cue = find_cue(text[mark.end() : end], heads.lexicon)
    after = heads.before(mark.end(), mark.end() + cue.start if cue else end, q)
    shared = after.name if after and (after.canonical or len(after.name) > 1) else None
    for joint, parts in _PAIRS.items():
        if joint in piece and count == 2:
            names = [_alias(piece.replace(joint, part), heads, q) for part in parts]
            if all(names):
                return [Item(None, name) for name in names]
    words = _branches(_SPLIT.split(piece))
    if len(words) < count:
        return []
    return _members(
        words[-count:],
        piece_start + piece.rfind(words[-count]),
        piece_start + len(piece),
        heads,
        subjects,
        q,
        shared,
    )


_LAST_BRANCH = re.compile(r"(.*?)第?三(?:次)?产业(.*)")


def _branches(words: list[str]) -> list[str]:
    """第一、第二、第三产业增加值, 一、二、三产业投资: each ordinal with the ending of the last."""
    last = _LAST_BRANCH.fullmatch(words[-1])
    if last is None or len(words) < 2:
        return words
    ordinals = [re.search(r"第?([一二])(?:次?产业)?$", word) for word in words[:-1]]
    if not all(ordinals):
        return words
    return [f"第{m[1]}产业{last[2]}" for m in ordinals if m] + [f"第三产业{last[2]}"]


def _alias(words: str, heads: HeadReader, q: Quantity) -> str | None:
    for cut in range(max(1, len(words) - 2)):
        name = heads.lexicon.indicators.get(words[cut:])
        if name and heads.fits(name, q) and _leads_up(words[:cut]):
            return name
    return None


_UP_TO = re.compile("[市县区省州年季月度看,，:]$|其中$")


def _leads_up(words: str) -> bool:
    """Whether words before an alias only place or qualify it: 全市, 规上, but not 装备 in 装备制造业."""
    return _UP_TO.search(words) is not None or len(re.findall("[一-龥]", QUALIFYING.sub("", words))) < 2


def _members(
    words: list[str],
    start: int,
    end: int,
    heads: HeadReader,
    subjects: Mentions,
    q: Quantity,
    shared: str | None,
) -> list[Item]:
    last = words[-1]
    branches = _GREAT.fullmatch(last)
    of = _alias(branches[2], heads, q) if branches else None
    if branches and of:
        return [Item(word, of) for word in (*(w.strip() for w in words[:-1]), branches[1])]
    names: list[str | None] = [None] * len(words)
    found = heads.nearest(end - len(last), end, q)
    whole = found.name if found else None
    bearers: list[str | None] = []
    at = start
    for i, word in enumerate(words):
        place = heads.text.find(word, at, end)
        here = subjects.within(place, place + len(word)) if word and place >= 0 else []
        whose = here[0] if here and here[0].kind != "generic" and here[0].start == place else None
        part = whose is not None and whose.end < place + len(word) and word != last
        bearers.append(None if whose is None or part else whose.name)
        at = place + len(word) if place >= 0 else at
        names[i] = _alias(word, heads, q) or _completed(word, last, heads, q)
    if sum(b is not None for b in bearers) >= len(words) - 1 and bearers[0]:
        indicator = shared or whole
        return [Item(b, indicator) for b in bearers]
    if all(names):
        return [Item(None, name) for name in names]
    ending = _SHARED.search(last)
    if ending and not any(names[:-1]):
        words = [word if word.endswith(ending.group()) else word + ending.group() for word in words]
    own = [name or _plain(word, heads) for name, word in zip(names, words, strict=True)]
    return [Item(None, None if name in _GENERAL else name) for name in own]


def _completed(word: str, last: str, heads: HeadReader, q: Quantity) -> str | None:
    """城镇 in 城镇和农村居民人均可支配收入 takes the ending of the last member."""
    bare = re.sub(r"^(?:全[市省县区]|其中)", "", word)
    for start in range(max(1, len(bare) - 1)):
        for cut in range(1, len(last)):
            name = heads.lexicon.indicators.get(bare[start:] + last[cut:])
            if name and heads.fits(name, q) and _leads_up(bare[:start]):
                return name
    return None


def _plain(word: str, heads: HeadReader) -> str:
    return re.sub(r"^(?:其中|全[市省县区]|使|让)|(?:人数|数量)?$", "", word) or word


def urban_and_rural(text: str, quantities: list[Quantity], at: int, start: int) -> list[Item]:
    """城乡居民人均可支配收入达到41200元和18900元: the two indicators, though no 分别 says so."""
    q = quantities[at]
    following = quantities[at + 1] if at + 1 < len(quantities) else None
    if following is None or q.kind != "money" or following.kind != "money":
        return []
    joined = text[q.end : following.start] in ("和", "、", "与")
    if not joined or not _BOTH_RESIDENTS.search(text, start, q.start):
        return []
    return [Item(None, "urban_income"), Item(None, "rural_income")]


_BOTH_RESIDENTS = re.compile(
    "城乡(?:常住)?居民(?:人均)?(?:可支配)?收入[^,，。;]{0,6}$|城镇[、和与]农村(?:常住)?居民人均可支配收入[^,，。;]{0,6}$"
)
