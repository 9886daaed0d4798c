"""Which period a figure belongs to: document, headline, paragraph, sentence, phrase."""

from __future__ import annotations

import re
from dataclasses import dataclass

from liantu.reading.dates import Moment

_BASE_BEFORE = re.compile(r"(?:比|较|与|同|和|是|为|延续了?|相当于|相比|超过|超|低于|高于|对比|自)$")
_BASE_AFTER = re.compile(
    r"^(?:同期|末?相比|底相比|的?[\d.]+倍|末的|末?(?:增长|增加|提高|下降|减少|降低|提升|翻)|全年水平|时期的)"
)


@dataclass
class Clock:
    """What is known of time at a place in the text: the document's date, its scope, the last date."""

    year: int | None
    month: int
    scope: str | None = None
    span: str | None = None
    current: str | None = None
    current_year: int | None = None
    rule: str = "document"
    plans: bool = False
    sentence_year: int | None = None
    anchor: str | None = None
    lead: str | None = None
    first: str | None = None
    point: str | None = None
    dense: bool = False
    bulletin: bool = False

    def resolve(self, m: Moment) -> str | None:
        """The period of a word for time, given what came before it."""
        if m.empty:
            return None
        if m.span:
            return f"{m.span[0]}/{m.span[1]}"
        if m.years:
            return self._lasting(m.years)
        if m.now:
            return self._now(m.text) if m.text not in ("当月", "本月") else self._month()
        year = m.year
        if m.shift is not None:
            year = None if self.year is None else self.year + m.shift
        if year is None and not m.year and m.shift is None:
            year = self._year_for(m.sub)
        if year is None:
            return None
        if (
            m.text in ("全年", "年末", "岁末")
            and 0 < self.month <= 6
            and year == self.year
            and self.current_year is None
        ):
            year -= 1  # a spring report of the whole year speaks of the last one
        if m.since and not m.sub:
            return f"{year}/{self.year}" if self.year and self.year > year else str(year)
        return at(year, m.sub)

    def _lasting(self, years: int) -> str | None:
        if self.year is None:
            return None
        if years < 0:
            return f"{self.year + 1}/{self.year - years}"
        last = self.year - 1 if self.month <= 6 else self.year
        return f"{last - years + 1}/{last}" if years > 1 else str(last)

    def _month(self) -> str | None:
        """当月 is the last month of the period that the text speaks of, else that of the document."""
        last = (self.current or self.scope or "")[-7:]
        return last if re.fullmatch(r"\d{4}-\d\d", last) else self._now("")

    def paragraph(self) -> None:
        """A new paragraph: in a text that is all figures it goes on with the period of the one before."""
        self.anchor, self.lead, self.point = self.lead or self.anchor, None, None
        self.first = self.first or self.anchor
        go_on = self.dense and not self.bulletin
        self.current, self.rule = (self.anchor, "the paragraph before") if go_on else (None, "the headline")
        self.current_year = int((self.current or self.scope or "0")[:4]) or None

    def _now(self, text: str) -> str | None:
        if self.year is None:
            return None
        return f"{self.year}-{self.month:02d}" if self.month else str(self.year)

    def _year_for(self, sub: str) -> int | None:
        """The year of a bare month or quarter: that of the sentence, else the newest that is not ahead."""
        if self.sentence_year is not None:
            return self.sentence_year
        if "/" in sub or sub.startswith("Q"):
            last = int(sub[-2:]) if "/" in sub else 3 * int(sub[1])
            if self.year is not None and last <= self.month:
                return self.year
        if self.current_year is not None:
            return self.current_year
        if self.year is None:
            return None
        if "/" in sub and self.month and int(sub[-2:]) > self.month + 1:
            return self.year - 1
        month = re.match(r"(?:\d\d/)?(\d\d)$", sub)
        if month and self.month and int(month[1]) > self.month + 6:
            return self.year - 1
        return self.year


def at(year: int, sub: str) -> str:
    """'2025' and '' -> '2025'; 'Q1' -> '2025-Q1'; '01/05' -> '2025-01/2025-05'; '09' -> '2025-09'."""
    if not sub:
        return str(year)
    if "/" in sub:
        first, last = sub.split("/")
        return f"{year}-{first}/{year}-{last}"
    return f"{year}-{sub}"


def is_base(text: str, m: Moment) -> bool:
    """Whether a word for time names what is compared with: 比上年, 较2020年, 是去年同期的."""
    before = text[max(0, m.start - 4) : m.start].rstrip("“")
    after = text[m.end : m.end + 6]
    if m.text in ("上年", "前一年", "上一年") or after.startswith("同期"):
        return True
    if _BASE_BEFORE.search(before) and not before.endswith(("其中为", "率为")):
        return before[-1:] not in "和与同" or after.startswith(("相比", "同期", "末相比", "底相比", "比"))
    return bool(_BASE_AFTER.match(after)) and "”" in before + m.text and after.startswith(("时期的", "末的"))


def span_years(period: str | None) -> tuple[int, int] | None:
    """First and last year of '2021/2025'; None for anything else."""
    found = re.fullmatch(r"(\d{4})/(\d{4})", period or "")
    return (int(found[1]), int(found[2])) if found else None


_BULLETIN = re.compile(r"(20\d\d)年?[^\n。]{0,30}(?:统计公报|经济运行|国民经济和社会发展)")


def document_scope(text: str, year: int | None) -> str | None:
    """The period that a headline sets for the whole document: a year's bulletin."""
    bulletin = _BULLETIN.search(text[:300])
    if bulletin:
        return bulletin[1]
    if year is not None and re.match(r"[^\n]{0,10}政府工作报告", text[:60]):
        return str(year - 1)
    return None


_OF_PART = re.compile(r"季度|半年|[\d一二三四五六七八九十]+月")
_EVENT = re.compile(r"\d{1,2}日|[上中下]旬|[底初末]")


def headline_scope(text: str, moments: list[Moment], clock: Clock) -> str | None:
    """The part of a year that a headline speaks of: 前三季度全市经济运行情况, 一季度外贸开门红."""
    end = text.find("\n", 0, 60)
    if end < 0 or (any(c in text[:end] for c in ",。;") and "经济" not in text[:end]):
        return None
    found = [m for m in moments if m.end <= end and m.sub and not m.now and not m.empty]
    if len(found) != 1 or not _OF_PART.search(found[0].text) or _EVENT.search(found[0].text):
        return None
    return clock.resolve(found[0])
