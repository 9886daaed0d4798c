"""Names in the text: places, firms, parks and clusters; and the indicators of the lexicon."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from liantu.reading.excluded import is_walled
from liantu.reading.firms import firms_by_form, short_names
from liantu.reading.lexicon import Lexicon


@dataclass(frozen=True)
class Mention:
    """A name at [start, end): `name` is canonical, `kind` place, firm, generic, same or indicator."""

    start: int
    end: int
    name: str
    kind: str


class Mentions:
    """Mentions in order, asked for by place."""

    def __init__(self, items: list[Mention]) -> None:
        self.items = sorted(items, key=lambda m: (m.start, -m.end))
        self._starts = [m.start for m in self.items]
        self._at: dict[int, list[Mention]] = {}
        self._ending: dict[int, Mention] = {}
        for m in self.items:
            self._at.setdefault(m.start, []).append(m)
            self._ending.setdefault(m.end, m)

    def at(self, start: int, end: int) -> list[Mention]:
        """Those that start at a place and end by `end`, the longest first."""
        here = self._at.get(start)
        return [m for m in here if m.end <= end] if here else []

    def ending(self, end: int) -> Mention | None:
        """The first of those that end at a place."""
        return self._ending.get(end)

    def within(self, start: int, end: int) -> list[Mention]:
        """Those that lie wholly in [start, end)."""
        low, high = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return [m for m in self.items[low:high] if m.end <= end]


def _matcher(words: Mapping[str, object]) -> tuple[re.Pattern[str], dict[str, list[int]]]:
    lengths: dict[str, set[int]] = {}
    for word in words:
        lengths.setdefault(word[0], set()).add(len(word))
    first = re.compile("[" + re.escape("".join(lengths)) + "]")
    return first, {c: sorted(found, reverse=True) for c, found in lengths.items()}


def find_words(text: str, words: Mapping[str, object]) -> list[tuple[int, int, str]]:
    """The longest words of a dictionary, left to right, without overlap."""
    if not words:
        return []
    first, lengths = _matcher(words)
    found, at = [], 0
    for m in first.finditer(text):
        start = m.start()
        if start < at:
            continue
        for length in lengths[m.group()]:
            word = text[start : start + length]
            if word in words:
                found.append((start, start + length, word))
                at = start + length
                break
    return found


def _titled(text: str, start: int, end: int) -> bool:
    """Whether a word is but a part of a quoted title: 投资 in “最具投资价值开发区”."""
    low = max(text.rfind("“", max(0, start - 24), start), text.rfind("”", max(0, start - 24), start))
    high = text.find("”", end, end + 24)
    if low < 0 or text[low] != "“" or high < 0 or "“" in text[end:high]:
        return False
    title = text[low + 1 : high]
    return len(title) > end - start + 1 and not any(c in "0123456789,，。;:!?" for c in title)


def find_indicators(text: str, lexicon: Lexicon) -> Mentions:
    """Aliases of the canonical indicators."""
    words = find_words(text, lexicon.indicators)
    found = [_whole(text, f, lexicon) for f in words if not _titled(text, f[0], f[1])]
    return Mentions([Mention(s, e, lexicon.indicators[word], "indicator") for s, e, word in found])


def _whole(text: str, found: tuple[int, int, str], lexicon: Lexicon) -> tuple[int, int, str]:
    """产值, not 工业产值, in 农产品加工业产值."""
    start, end, word = found
    if word.startswith("工业") and text[start - 1 : start] in ("加", "手") and word[2:] in lexicon.indicators:
        return start + 2, end, word[2:]
    return found


@lru_cache(maxsize=8)
def _either(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in words))


@lru_cache(maxsize=8)
def _organisations(ends: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in ends))


_THIS = re.compile(
    r"这[家个座][^,，。;:!?、\n这]{0,16}?(?:企业|公司|集团|园区|工厂|老厂|药企|车企|民企|矿企|巨头)(?!集群)"
)
_DEPARTMENT = re.compile("[一-龥]{2}部门(?=(?:累计)?(?:组织|征收|入库)(?:各项|各类)?(?:税费|税收|非税|收入))")
_PLACE = re.compile(r"([一-龥]{2,4}?)(市|县|州|区|镇|乡|村)(?!场|企|民|直|域|[一-龥]?(?:政府|委|局|长))")
_NAME = re.compile(r"[一-龥A-Za-z0-9“”+·()]+$")
_GENERIC = ("generic_city", "generic_county", "generic_district", "generic_province", "generic_other")


def find_subjects(text: str, lexicon: Lexicon) -> Mentions:
    """Places, firms and other bearers of figures, the longest first where two overlap."""
    items: list[Mention] = []
    for start, end, word in find_words(text, lexicon.places):
        if text[end : end + 1] in ("市", "省", "县", "区") and word + text[end] == lexicon.places[word]:
            end += 1
        if text[end : end + 1] in tuple("站路街桥岭峰沟湾") and word != lexicon.places[word]:
            continue
        items.append(Mention(start, end, lexicon.places[word], "place"))
    items += [Mention(s, e, lexicon.names[word], "firm") for s, e, word in find_words(text, lexicon.names)]
    items += _places_by_form(text, lexicon, items)
    items += _bare_places(text, lexicon, items)
    items += _organisations_by_form(text, lexicon, items)
    items += [Mention(s, e, lexicon.names.get(w, w), "firm") for s, e, w in firms_by_form(text, lexicon)]
    legal = [
        (m.start, m.end, m.name) for m in items if m.kind == "firm" and m.name.endswith(("公司", "集团"))
    ]
    places = tuple(
        sorted({m.name.rstrip("省市县区") for m in items if m.kind == "place"}, key=lambda w: (-len(w), w))
    )
    items += [Mention(s, e, name, "firm") for s, e, name in short_names(text, legal, places)]
    generic = {word: key for key in _GENERIC for word in lexicon.words[key]}
    items += [Mention(s, e, generic[word], "generic") for s, e, word in find_words(text, generic)]
    items += [Mention(m.start(), m.end(), m.group(), "same") for m in _THIS.finditer(text)]
    items += [Mention(m.start(), m.end(), m.group(), "firm") for m in _DEPARTMENT.finditer(text)]
    same = dict.fromkeys(lexicon.words["generic_same"], "same")
    items += [Mention(s, e, word, "same") for s, e, word in find_words(text, same)]
    return Mentions(_longest(items))


def _longest(items: list[Mention]) -> list[Mention]:
    kept: list[Mention] = []
    for item in sorted(items, key=lambda m: (m.start, -m.end)):
        if kept and item.start < kept[-1].end:
            if item.end > kept[-1].end and item.kind == "firm" and kept[-1].kind not in ("firm", "same"):
                kept[-1] = item
            continue
        kept.append(item)
    return kept


def _places_by_form(text: str, lexicon: Lexicon, known: list[Mention]) -> list[Mention]:
    """X市, X县, X区: a name of two or three characters that opens a phrase."""
    stops = set("".join(lexicon.words["boundary"])) | set(",，。;:、!?()“”\n 年月日度-")
    bad = set(lexicon.words["not_places"])
    policy = set(lexicon.words["policy_verbs"]) | set(lexicon.words["verbs"]) | set(lexicon.words["openers"])
    starts, ends = {m.start for m in known}, {m.end for m in known}
    found: list[Mention] = []
    for m in _PLACE.finditer(text):
        start, end = m.span()
        if (text[end - 2 : end] in bad or text[end - 3 : end] in bad) and not is_walled(text, end, stops):
            continue
        name = m[1]
        for i in range(len(name) - 1, -1, -1):
            if name[i] in stops:
                name = name[i + 1 :]
                break
        start = end - 1 - len(name)
        if len(name) < 2 and len(m[1]) < 4 and text[m.start() - 1 : m.start()] in (*stops, ""):
            name, start = m[1], m.start()  # the boundary character is part of the name: 宁和市
            if any(c in name for c in "从在被把让给对向将的了等该每各个使令因占据比较"):
                continue
        if name in policy or (m[2] in "镇乡村" and name[-1:] in tuple("的该个帮带")):
            continue
        if not 2 <= len(name) <= 3 or start in starts or any(c in name for c in "全各我该本是其个省市县区"):
            continue
        before = text[start - 1 : start]
        follows = bool(found) and found[-1].end == start
        if before and before not in stops and not follows and start not in ends:
            continue
        found.append(Mention(start, end, text[start:end], "place"))
    return found


def _bare_places(text: str, lexicon: Lexicon, known: list[Mention]) -> list[Mention]:
    """砾州 where 砾州市 stands in the text; not names that are words too."""
    names = {
        m.name[:-1]: m.name for m in known if m.kind == "place" and m.name[-1] in "市州县" and len(m.name) > 2
    }
    names = {
        bare: name
        for bare, name in names.items()
        if (text.count(name) > 1 or 0 <= text.find(name) < 200)
        and bare not in lexicon.words["also_words"]
        and not bare.endswith(("省", "市"))
    }
    taken = {m.start for m in known}
    return [
        Mention(start, end, names[word], "place")
        for start, end, word in find_words(text, names)
        if start not in taken and text[end : end + 1] not in tuple("市县区州镇乡村站路街桥")
    ]


def _organisations_by_form(text: str, lexicon: Lexicon, known: list[Mention]) -> list[Mention]:
    stops = set("".join(lexicon.words["boundary"])) | set(",，。;:、!?\n 年月日")
    plain = set(lexicon.words["organisation_plain"])
    inside = set(lexicon.words["inside_names"])
    policy = lexicon.words["policy_verbs"]
    verbs = tuple(v for v in lexicon.words["verbs"] if len(v) > 1)
    found = []
    for m in _organisations(lexicon.words["organisation_ends"]).finditer(text):
        if m.group() == "产业" and _BRANCH.match(text, m.end()):
            continue
        low = max(0, m.start() - 22)
        start = m.start()
        while start > low and (text[start - 1] not in stops or text[start - 1 : start + 1] in inside
                               or text[start - 2 : start] in inside):  # fmt: skip
            start -= 1
        name = text[start : m.end()]
        dash = name.rfind("--") + 2
        name, start = (name[dash:], start + dash) if dash > 1 else (name, start)
        if name.startswith("中") and text[start - 1 : start] == "其":
            name, start = name[1:], start + 1
        name, start = _trim(name, start, verbs, policy)
        if (
            _NO_NAME.match(name)
            or name in ("产业", "工程", "基地", "项目", "股份", "产业链", "产业集群", "产业体系", "集群")
            or name.startswith(("个", "家", "一", "条", "大", "两", "三", "多"))
        ):
            continue
        if name.count("“") != name.count("”") or _MEASURED.search(name):
            continue
        if name in plain or (3 <= len(name) <= 24 and not re.match(r"[\d.]+(?:%|亿|万)", name)):
            found.append(Mention(start, m.end(), lexicon.names.get(name, name), "firm"))
    return found


_NO_NAME = re.compile(
    r"(?:.{0,6}(?:上市|控股|子|母|国有|民营|外资|外贸|保险|证券|担保|龙头|上下游|头部|知名|平台|主力|骨干|跨国)公司$)"
    r"|采矿业$|[分按]产业|.*全产业链$|(?:本地|各|地方|商业|国有|中小|金融|涉农).{0,4}银行$|(?:[一二三]级.*医院$)|(?:.{0,6}级.{0,6}(?:链|区|园|集群|产业|工厂|基地|企业|工程|平台|中心)$)|第?[一二三]产业|(?:全|主导|重点|传统|特色"
    r"|优势|支柱|新兴|相关|上下游|各|三次|现代|千亿|百亿|大)+产业(?:链|集群)?|(?:主导|支柱|相关|特色|优势|传统|新兴|现代|重点|三次|富民|首位|各|该|本|其|未来|多元|接续|替代|朝阳|高新|上游|下游|关联|配套|基础|实体|大|个|类|两|三|和|与|及|新|强|兴|旺|优|好|主|一二三|二三|强县|富民)?产业$|.{0,1}工程$"
)
_BRANCH = re.compile(
    "核心|增加值|投资|用电|贷款|就业|从业|用地|占比|占|增速|单位|企业|工人|项目|发展|结构|转型|升级|[、和]|化|支撑|根基"
    "|格局|基金|引导|振兴|转移|布局|招商|协同|生态|技术|合作|优势|融合|集聚|创新|导向|政策|数字|重构|门类|大军|图谱|赛道"
)
_MEASURED = re.compile(r"\d[\d.]*[万亿]*(?:吨|元|亩|个|家|%|倍|名|人)|^(?:公司|集团|项目|园区|企业).")
_BEARS = re.compile(r"(?:总?产值|实现|完成|达|增加值|占|规模|营收|营业|利润)")
_OPENING = re.compile(
    r"^(?:(?:今|去|明)年|“?十[一二三四五六]五”?(?:期间|时期|以来|末)|全[市省县区]|前三季度|上半年|[一二三四]季度|\d+月|其中|目前|如今|走进|位于|龙头企业|"
    r"企业|全市|全省|通过|依托|围绕|支持|协同|推动|加快|聚焦|实施"
    r"|打造|作为|带动|培育|发展|建设|建成|入驻|成为|服务|引进|助力|例如|记者|鼓励|构建|形成|设立|"
    r"此前|同时|包括|我们|咱们|届时|投产后|建成后|达产后|区内|截至|方面|由于)+"
)


def _trim(name: str, start: int, verbs: tuple[str, ...], policies: tuple[str, ...]) -> tuple[str, int]:
    """A name without the words that only lead up to it, and without what closes an earlier quotation."""
    cut = _OPENING.match(name)
    if cut and cut.end() < len(name) - 1:
        name, start = name[cut.end() :], start + cut.end()
    cuts = [m.end() for m in _either(policies).finditer(name, 0, max(0, len(name) - 2))]
    policy = cuts[-1] if cuts else 0
    if policy and len(name) - policy >= 2:
        name, start = name[policy:], start + policy
    verb = next((v for v in verbs if name.startswith(v)), "") if name.startswith(verbs) else ""
    name, start = name[len(verb) :], start + len(verb)
    firm = re.match(r"^[^“”]{0,4}企业(?=.{2,}(?:集团|公司)$)", name)
    if firm:
        name, start = name[firm.end() :], start + firm.end()
    if name.startswith("“") and "”" not in name:
        name, start = name[1:], start + 1
    if name.count("”") > name.count("“"):
        at = name.rindex("”") + 1
        name, start = name[at:], start + at
    figure = re.match(r"^[\d.]+[一-龥%]{0,4}?(?=[一-龥“])", name)
    if figure and not name.startswith("“"):
        name, start = name[figure.end() :], start + figure.end()
    return name, start
