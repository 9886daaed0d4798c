"""Firms without 公司 or 集团 in their name: 凯瑞药业, 龙头企业奇星玩具."""

from __future__ import annotations

import re
from functools import lru_cache

from liantu.reading.cues import choice
from liantu.reading.lexicon import Lexicon

_OPEN = (
    r"(?:(?<=[,，。;:、\n“” 在的与和])|^|(?<=走进)|(?<=来到)|(?<=企业)|(?<=引进)|(?<=对于)"
    r"|(?<=[去今前]年)|(?<=\d年)|(?<=季度)|(?<=\d月))"
)
_SURE = (
    r"(?:今年|去年|前年|(?:20)\d\d年|前[\d三]|[一二三四]季度|上半年|日产|年产|(?:公司|集团)?(?:的)?(?:总经理|董事长|"
    r"负责人|副总|总裁|工作人员|技术人员|相关人士|厂长|车间)|生产车间|首席)"
)
_LIKELY = (
    r"(?:[,，。、”)\n]|的|是|已|有|与|和|等|公司|集团|生产|投资|实现|[一二三]期|完成|拟|自主|研发|落户|销售|"
    r"产值|带动|拥有|现有|\d)"
)
_INDUSTRY = frozenset(
    "新高大特优绿智精清低核氢锂硅钛镍铜铝钢铁煤油气电光风水农林牧渔粮菜果药医文旅商贸数字信软件芯算网云航空海陆车船"
    "机械器装备材料化纺织服饰食品饮酒茶建筑房地产融保险教育环节能循资综合利用业园区市县省镇村内外主要重点传统现代先进"
    "战略支柱势色龙头企程项目基中心以及等各类多种从在是有为对向由把被将就都也还又再个家其该本全推动加快发展做强壮大培育"
)


@lru_cache(maxsize=8)
def _by_trade(lexicon: Lexicon) -> re.Pattern[str]:
    trades = choice(lexicon.words["trades"])
    return re.compile(
        rf"{_OPEN}(?P<name>(?P<own>(?![在与对由从为向把将让使走来是有])[一-龥]{{2,3}}?)(?:{trades}))(?:(?P<sure>(?={_SURE}))|(?={_LIKELY}))"
    )


@lru_cache(maxsize=8)
def _introduced(lexicon: Lexicon) -> re.Pattern[str]:
    ends = choice(lexicon.words["trades"])
    return re.compile(
        rf"(?:龙头|骨干|链主|重点|头部|上市|领军|代表|当家|明星|标杆|核心|本土|知名|支柱|旗舰|高新技术|科技|民营|当地|配套)企业(?P<name>[一-龥]{{1,4}}?(?:{ends}|(?={_SURE})))(?!等|的?企业)"
    )


def firms_by_form(text: str, lexicon: Lexicon) -> list[tuple[int, int, str]]:
    """Places and names of firms told by their trade and by what stands around them."""
    plain = lexicon.words["no_firms"]
    found = []
    for m in _by_trade(lexicon).finditer(text):
        if m["own"].startswith(plain) or m["own"].endswith(plain):
            continue
        if m["sure"] is None and any(c in _INDUSTRY for c in m["own"]):
            continue
        found.append((m.start("name"), m.end("name"), m["name"]))
    for m in _introduced(lexicon).finditer(text):
        if not m["name"].startswith(plain) and m["name"] not in lexicon.words["trades"]:
            found.append((m.start("name"), m.end("name"), m["name"]))
    for m in _NAMED_TWICE.finditer(text):
        if text.count(m["name"]) > 1 and not m["name"].startswith(plain):
            found.append((m.start("name"), m.end("name"), m["name"]))
    return [*found, *_again(text, found)]


_NAMED_TWICE = re.compile("(?:龙头|链主|头部|领军|骨干)企业(?P<name>[一-龥]{4,6})(?=[,，、。;])")


def _again(text: str, found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Where the names of those firms stand elsewhere in the text."""
    names = sorted({name for _, _, name in found if len(name) > 3}, key=lambda w: (-len(w), w))
    if not names:
        return []
    known = {start for start, _, _ in found}
    anywhere = re.compile(choice(names))
    return [(m.start(), m.end(), m.group()) for m in anywhere.finditer(text) if m.start() not in known]


_LEGAL = re.compile("(?:集团)?(?:股份|控股)?(?:有限责任|有限)?(?:公司|集团)$")
_NO_CORE = re.compile("(?:中国|全国|国家|[省市县]).{0,2}$")


def short_names(
    text: str, firms: list[tuple[int, int, str]], places: tuple[str, ...]
) -> list[tuple[int, int, str]]:
    """恒兴化工 where 恒兴化工科技有限公司 was named before: (start, end, the whole name)."""
    cores: dict[str, str] = {}
    for _, _, name in firms:
        core = _LEGAL.sub("", name)
        if core == name or "“" in core:
            continue
        place = next((p for p in places if core.startswith(p) and len(core) > len(p) + 2), "")
        core = core[len(place) :].removeprefix("省").removeprefix("市")
        for short in (core, core[:4]):
            if len(short) >= 4 and not _NO_CORE.match(short):
                cores.setdefault(short, name)
    if not cores:
        return []
    taken = [(start, end) for start, end, _ in firms]
    words = re.compile(choice(cores))
    return [
        (m.start(), m.end(), cores[m.group()])
        for m in words.finditer(text)
        if not any(start <= m.start() < end for start, end in taken)
    ]
