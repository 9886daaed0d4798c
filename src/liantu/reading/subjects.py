"""Whose figure it is: the place, firm, park or chain that the sentence speaks of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from liantu.reading.mentions import Mention, Mentions
from liantu.reading.patterns import WORK_BEHIND
from liantu.reading.quantity import Quantity
from liantu.reading.script import fold
from liantu.reading.series import Item

if TYPE_CHECKING:
    from liantu.reading.draft import Draft

_SCOPE_BEFORE = re.compile(
    r"(?:占|居|列|位于|位居|在|高于|低于|快于|拉动|领跑|领先|排名|排|跻身|入选|获|由|至|到|面向|"
    r"销往|相当于|出口|优于)$"
)
_SCOPE_AFTER = re.compile(
    r"^(?:第|首|榜|各|前[\d一二三四五六七八九十]|平均|领先|率先|同类|同行|唯一|最大|水平|市州|“)"
)
_LEADS = re.compile(
    r"^(?:链主企业|龙头企业|骨干企业|企业|全市|全省|全县|全区|我市|我省|在|截至|其中|如今|目前|走进|作为|由|围绕|今年|同时|的|了|而"
    r"|,|，|\s|、|与|位于|对|让|为|将|把|据|使|被|“|以)*$"
)
_BESIDE = re.compile("(?:可?年产|日产|年处理|年加工|的|去年|今年|总?投资|产值|营收|年产值)*")
Named = tuple[str, Mention]
_MARK = re.compile("[,，;:。]")
_TIMED = re.compile(
    r"[\d一二三四五六七八九十]+[年月日]|(?:今|去|前|明)年|[前上下][三半]?(?:季度|年)|"
    r"[一二三四]季度|\d+-\d+月|期间|以来|底|末|度|份"
)
_AT = re.compile("(?:位于|走进|来到|作为|地处|坐落)[^,，。;]{1,20}(?:的|企业)?$")
_SPEAKER = re.compile("[^,，。;\n”]{3,28}(?:总经理|董事长|负责人|副总|总裁|厂长|经理|书记|庄主|理事长|主任)")
_ASIDE = re.compile("(?:[于对向从到赴]|(?:我们|公司|企业|集团)(?:在|落户|扎根))$")
_MADE_LEADER = re.compile("等?(?:企业)?为(?:链主|龙头|核心|引领|牵引|主导|依托|载体|代表|主体|抓手)")
_MADE_BY = re.compile("[^,，。;、\\d]{0,8}的[上近约超]?")
_IN = re.compile(
    "[^,，。;]{0,12}(?:内|旗下|下属|所属|辖区)的?(?:[一-龥]{2,4}企业)?$|[^,，。;]{1,12}的[一-龥]{2,4}企业$"
)
_COUNTED = re.compile("(?:达到|达|有|共|增至|超过|突破|总数|数量|已)*")
_ELSEWHERE = re.compile(
    r"(?:、[^,，。;、]{2,6}){0,4}等(?:地|城市|省|市|国|[一二三四五六七八九十\d]+[个省市地])|(?:举行|召开|举办|设立)"
)
_FIRM = ("公司", "集团", "企业")
_NO_FIRM = (
    "产业",
    "产业链",
    "集群",
    "体系",
    "园区",
    "开发区",
    "经开区",
    "高新区",
    "产业园",
    "工业园",
    "新区",
    "基地",
    "工程",
)
_PLAIN = ("开发区", "经开区", "高新区")
_SUFFIXES = {"generic_city": "市", "generic_county": "县", "generic_district": "区", "generic_province": "省"}


def _is_place(name: str | None) -> bool:
    return name is not None and name[-1] in "省市县区州乡镇村"


class SubjectReader:
    """Finds subjects in one text; remembers that of the paragraph."""

    def __init__(
        self, text: str, mentions: Mentions, document: str | None, of_places: frozenset[str]
    ) -> None:
        self.text, self.mentions, self.document = text, mentions, document
        self.current: str | None = None
        self.of_places = of_places

    def paragraph(self) -> None:
        """A new paragraph: what the last one spoke of no longer counts."""
        self.current = None

    def notice(self, start: int, end: int) -> None:
        """A sentence without a figure: who leads it is what the paragraph speaks of."""
        for m in self.mentions.within(start, end):
            if m.kind in ("place", "firm") and self._leads(m, start) and not self._only_scope(m):
                self.current = m.name
                return

    def assign(self, d: Draft, start: int, end: int, at: int, drafts: list[Draft], item: Item | None) -> None:
        """Sets the subject of a figure in the sentence that starts at `start`."""
        if item is not None and item.subject:
            d.set("subject", item.subject, "member of the series (分别)", 0.9)
            return
        work = WORK_BEHIND.match(self.text, d.q.end) if d.indicator == "total_investment" else None
        if work:
            d.set("subject", work[1], "the project behind the figure", 0.8)
            return
        name = self._bracketed(d, start)
        if name:
            d.set("subject", name, "named right before the bracket", 0.9)
            return
        named = self._work_before(d, at, drafts)
        if named:
            d.set("subject", named, "the project that was named before", 0.75)
            return
        if self._elided(d, at, drafts):
            d.set("subject", drafts[-1].subject, "that of the figure it goes on with", 0.8)
            return
        first, last = self._named(d, start, at, drafts)
        if d.indicator in self.of_places and (first or last) is None and not _is_place(self.current):
            d.set("subject", self.document, "that of the document, for an indicator of places", 0.7)
        elif first is not None:
            passing = first[0].endswith(("产业", "产业链", "集群", "产业体系"))
            lone = self.current is None and not (self.document and first[0].endswith("产业"))
            later = bool(drafts) and drafts[0].subject not in (None, first[0])
            if (not passing and not later) or lone:
                self.current = first[0]
            d.set("subject", first[0], "named at the head of its clause", 0.9)
        elif last is not None:
            d.set("subject", last[0], "named in the sentence", 0.75)
            self.current = self.current or last[0]
        elif drafts and drafts[-1].subject:
            d.set("subject", drafts[-1].subject, "that of the figure before", 0.75)
        elif self._speaker(at) and (self.current is None or _is_place(self.current)):
            d.set("subject", self._speaker(at), "the firm of who is quoted", 0.75)
        elif self.current is not None:
            d.set("subject", self.current, "that of the paragraph", 0.65)
        else:
            d.set("subject", self.document, "that of the document", 0.6)

    def _bracketed(self, d: Draft, start: int) -> str | None:
        """城关区 in 城关区(72%)."""
        if self.text[d.q.start - 1 : d.q.start] != "(":
            return None
        inside = self.mentions.within(max(start, d.q.start - 16), d.q.start - 1)
        return self.resolve(inside[-1]) if inside and inside[-1].end == d.q.start - 1 else None

    def _work_before(self, d: Draft, at: int, drafts: list[Draft]) -> str | None:
        """绿色建材基地项目 for (总投资23亿元) after 300万吨绿色建材基地项目."""
        if d.indicator not in ("total_investment", "completed_investment") or not drafts:
            return None
        last, name = drafts[-1], str(drafts[-1].indicator)
        if last.q.kind not in ("mass", "power", "energy") or not name.endswith("项目"):
            return None
        return None if self.mentions.within(last.q.end + len(name), at) else name

    def _elided(self, d: Draft, at: int, drafts: list[Draft]) -> bool:
        """Whether a figure only goes on with the one before it: 增长8% after 产值12亿元, nobody between."""
        if not drafts or not drafts[-1].subject:
            return False
        if d.indicator == "completed_investment" and drafts[-1].subject.endswith(("项目", "工程")):
            return not self.mentions.within(drafts[-1].q.end, at)
        if drafts[-1].indicator != d.indicator:
            return False
        if not d.rules.get("indicator", "").startswith("elided"):
            return False
        between = self.mentions.within(drafts[-1].q.end, at)
        return all(self._only_scope(m) for m in between)

    def _named(self, d: Draft, start: int, at: int, drafts: list[Draft]) -> tuple[Named | None, Named | None]:
        """Of the names before a figure, the one that leads its clause and the last one of all."""
        first: Named | None = None
        last: Named | None = None
        for m in self.mentions.within(start, at):
            if self._only_scope(m) or self._spent(m, d, drafts):
                continue
            name = self.resolve(m)
            if name is None or (d.indicator is not None and fold(d.indicator) == m.name):
                continue
            if m.kind == "place" or m.name.endswith(
                ("公司", "集团", "园区", "开发区", "经开区", "高新区", "厂")
            ):
                aside = self.current is not None and _ASIDE.search(self.text[max(0, m.start - 4) : m.start])
                last = last if aside else (name, m)
            counted = (d.q, *(p.q for p in drafts))
            behind = any(q.kind == "count" and q.end == m.start for q in counted)
            if m.kind == "firm" and (behind or any(self._counts(m, q) for q in counted)):
                continue
            joined = (
                bool(drafts)
                and drafts[-1].q.end <= m.start
                and re.fullmatch("[、,，和及与]*", self.text[drafts[-1].q.end : m.start]) is not None
            )
            beside = _BESIDE.fullmatch(self.text[m.end : d.q.start]) is not None and m.kind == "firm"
            beside = beside or (
                m.kind == "firm" and _MADE_BY.fullmatch(self.text[m.end : d.q.start]) is not None
            )
            beside = beside and not m.name.endswith(_NO_FIRM)
            if joined or beside or self._leads(m, start):
                first = (name, m)
        return first, last

    def _counts(self, m: Mention, q: Quantity) -> bool:
        """Whether a figure says how many of what is named there are."""
        between = self.text[m.end : q.start] if m.end <= q.start <= m.end + 6 else None
        return (
            between is not None and q.kind in ("count", "person") and _COUNTED.fullmatch(between) is not None
        )

    @staticmethod
    def _spent(m: Mention, d: Draft, drafts: list[Draft]) -> bool:
        """Whether it is a branch of industry that a figure before this one was of, and this one is not."""
        if not m.name.endswith("产业") or not drafts or drafts[-1].q.start < m.end:
            return False
        return d.indicator != drafts[-1].indicator and not str(d.indicator).endswith(
            ("output", "产值", "规模")
        )

    def _only_scope(self, m: Mention) -> bool:
        """全省 in 居全省第二 or 占全市 says among whom, not whose."""
        before, after = self.text[max(0, m.start - 4) : m.start], self.text[m.end : m.end + 3]
        if m.kind == "generic" and (_SCOPE_BEFORE.search(before) or _SCOPE_AFTER.match(after)):
            return True
        if _MADE_LEADER.match(self.text, m.end):
            return True
        if (
            m.kind == "place"
            and (_ELSEWHERE.match(self.text, m.end) or before.endswith("、"))
            and (_ELSEWHERE.search(self.text[m.start : m.end + 24]))
        ):
            return True
        listed = m.kind == "place" and before.endswith("在") and self.text[m.end : m.end + 1] == "、"
        if listed and any(x.kind == "place" for x in self.mentions.within(m.end + 1, m.end + 5)):
            return True
        if m.kind == "firm" and re.search("(?:围绕|依托|联合|携手|对接|助力|聚焦)$", before):
            return True
        return bool(re.search(r"占$|居$|列$|协同$|支持$|除$|服务$|对口$|来自$|面向$|销往$|赴$", before))

    def _leads(self, m: Mention, start: int) -> bool:
        whole = self.mentions.ending(m.start)
        if whole is not None and whole.kind == m.kind == "place" and whole.start >= start:
            return self._leads(whole, start)  # 永兴县 in 青陇市永兴县
        low = start
        while (mark := _MARK.search(self.text, low, m.start)) is not None:
            low = mark.end()
        piece = self.text[low : m.start]
        if not piece:
            return True
        bare = _TIMED.sub("", piece)
        return (len(bare) <= 8 and bool(_LEADS.match(bare))) or bool(_AT.match(bare) or _IN.match(bare))

    def _speaker(self, at: int) -> str | None:
        """The firm whose 总经理 or 负责人 says what is quoted at a place."""
        closing = self.text.find("”", at, at + 240)
        opening = self.text.rfind("“", max(0, at - 240), at)
        if closing < 0 or opening < 0 or "”" in self.text[opening:at] or "\n" in self.text[at:closing]:
            return None
        if "“" in self.text[at:closing] or not _SPEAKER.match(self.text, closing + 1):
            return None
        firms = [m for m in self.mentions.within(closing + 1, closing + 24) if m.kind == "firm"]
        return self.resolve(firms[0]) if firms and firms[0].start == closing + 1 else None

    def _last_firm(self, m: Mention) -> str | None:
        """The firm named last before 公司 or 集团 stands for it."""
        for x in reversed(self.mentions.within(max(0, m.start - 1500), m.start)):
            if x.kind == "firm" and len(x.name) > 2 and not x.name.endswith(_NO_FIRM):
                return x.name
        return None

    def resolve(self, m: Mention) -> str | None:
        """The name behind a mention: 全市 is the document's city, 该集团 the last one named."""
        if m.kind == "same":
            said = self.text[m.start : m.end]
            ending = said[1:] if said[0] != "这" else "园区" if said.endswith("园区") else "企业"
            for x in reversed(self.mentions.within(max(0, m.start - 400), m.start)):
                if x.name.endswith(ending) and len(x.name) > len(ending) and x.kind in ("firm", "place"):
                    return x.name
            return (self._last_firm(m) if ending in _FIRM else None) or self.current or self.document
        if m.kind != "generic":
            if len(m.name) == 2 or m.name in _PLAIN:
                for x in reversed(self.mentions.within(max(0, m.start - 1500), m.start)):
                    if x.name.endswith(m.name) and len(x.name) > len(m.name):
                        return x.name
                if m.name in _FIRM:
                    return self._speaker(m.start) or self._last_firm(m) or m.name
            return m.name
        suffix = _SUFFIXES.get(m.name)
        if suffix and self.current and self.current.endswith(suffix):
            return self.current
        if suffix is None:
            return "全国" if self.text[m.start : m.end] == "全国" else None
        if self.document and self.document.endswith(suffix):
            return self.document
        for x in reversed(self.mentions.within(max(0, m.start - 400), m.start)):
            if x.kind == "place" and x.name.endswith(suffix):
                return x.name
        if suffix == "省":
            found = next(
                (
                    x.name
                    for x in self.mentions.items
                    if x.kind == "place" and x.name.endswith(("省", "自治区"))
                ),
                None,
            )
            return found or self.text[m.start : m.end]
        if suffix == "市" and self.document and self.document.endswith(("州", "县", "区")):
            return self.text[m.start : m.end]
        return self.document or self.text[m.start : m.end]
