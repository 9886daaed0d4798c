"""The period of each figure of a sentence, and that of what it is compared with."""

from __future__ import annotations

import re

from liantu.reading.dates import Moment
from liantu.reading.draft import Draft
from liantu.reading.periods import Clock, is_base, span_years

_SENTENCE, _CLAUSE = "\n。;!?-:", "\n。;!?-,，:、)看"
_AT_ONCE = re.compile(r"[^,，。;\d]{0,6}")
_WAS = re.compile(r"(?:同期)?末?(?:数)?(?:仅|只)?(?:为|是|仅|仅为|只有)")
_AT_END = re.compile("月(?:份)?[末底]$")
_STOCK = re.compile("^(?:deposits|loans)$|(?:余额|存量|余款)$")
_LISTED = re.compile("[、和及与]")
_AVERAGED = re.compile("年?(?:平均|年均)")
_FROM = re.compile(r"(?:由|从|自)(?:[^,，。;]{0,14})$")


class Timing:
    """Dates the figures of one sentence after the other."""

    def __init__(self, text: str, clock: Clock) -> None:
        self.text, self.clock = text, clock
        self.drafts: list[Draft] = []
        self.sentence_moments: list[Moment] = []
        self._earlier: list[Draft] = []
        self._here: str | None = None

    def begin(self, drafts: list[Draft], moments: list[Moment], earlier: list[Draft]) -> None:
        """A new sentence with its words for time; `earlier` are the figures before a semicolon."""
        self.drafts, self.sentence_moments = drafts, moments
        self._earlier = [*self._earlier, *earlier] if earlier else []
        self._here = self._here if earlier else None

    def set_period(self, d: Draft, tail: int) -> None:
        before = [m for m in self.sentence_moments if m.start < d.q.start]
        base = [m for m in before if is_base(self.text, m) and m.start >= tail - 1]
        plain = [
            m for m in before if not is_base(self.text, m) and not m.empty and not self._passed(m, d.q.start)
        ]
        starting = [
            m
            for m in plain
            if self.text[m.start - 1 : m.start] in ("从", "由", "自")
            and not _AT_ONCE.fullmatch(self.text[m.end : d.q.start])
        ]
        plain = [m for m in plain if m not in starting]
        period = None
        rule = ""
        if plain:
            period, rule = self._resolved(plain, d)
        if not plain and (self._here or (self.clock.point and _STOCK.search(str(d.indicator)))):
            period, rule = self._here or self.clock.point, "the day of the balance before it"
        if period is None and not plain:
            period, rule = self.clock.current or self.clock.scope, self.clock.rule
        if period is None and not plain and self.clock.year:
            period, rule = str(self.clock.year), "the document's year"
        if base and d.measure == "level" and _WAS.fullmatch(self.text[base[-1].end : d.q.start]):
            was = self._base(base[-1], period)
            if was:
                d.set("period", was, f"{base[-1].text}同期 itself", 0.85)
                return
        if base:
            d.base_period = self._base(base[-1], period)
        d.set(
            "period", period, rule, 0.9 if plain else 0.6 if self.clock.current or self.clock.scope else 0.4
        )
        self._pair(d, tail)
        self._average(d)

    def _average(self, d: Draft) -> None:
        """年均增长 without a span of its own takes that of the section, up to the year it speaks of."""
        years = span_years(self.clock.span)
        if d.basis == "avg" and years and d.period == str(years[1]):
            d.set("period", self.clock.span, "the section's span, for an average", 0.8)

    def _passed(self, m: Moment, at: int) -> bool:
        """Whether it is the span of an average that stands before another figure: 两年平均增长4.1%,…"""
        if not (m.span or m.years) or not self.drafts or self.drafts[-1].q.start < m.end:
            return False
        joined = _LISTED.fullmatch(self.text[self.drafts[-1].q.end : at])
        return joined is None and _AVERAGED.match(self.text, m.end) is not None

    def _resolved(self, plain: list[Moment], d: Draft) -> tuple[str | None, str]:
        last = plain[-1]
        self.clock.sentence_year = None
        for m in plain[:-1]:
            known = self.clock.resolve(m)
            if known and not m.span and not m.years:
                self.clock.sentence_year = int(known[:4])
        period = self.clock.resolve(last)
        listed = [m.year for m in plain[:-1] if m.year]
        if last.years > 1 and listed:
            return f"{max(listed) - last.years + 1}/{max(listed)}", f"{last.text} up to the last year named"
        self.clock.sentence_year = None
        if d.basis == "avg" or (
            d.measure in ("rate", "multiple") and d.basis is None and "/" not in str(period)
        ):
            spans = [self.clock.resolve(m) for m in plain if m.span or m.years]
            ahead = period if d.basis == "avg" and re.fullmatch(r"\d{4}", str(period)) else None
            if ahead and self.clock.year and int(ahead) > self.clock.year + 1:
                return f"{self.clock.year + 1}/{ahead}", "average growth up to a target year"
            if d.basis == "avg" and spans and spans[-1]:
                return spans[-1], "the span that 年均 takes"
        return period, f"{last.text} in the sentence"

    def _base(self, m: Moment, period: str | None) -> str | None:
        following = self.text[m.end : m.end + 2]
        if following == "同期" and m.year and period and period[:4].isdigit():
            return period.replace(period[:4], str(m.year))
        if m.text in ("上年", "前一年", "上一年", "去年") or following == "同期":
            if period is None or not period[:4].isdigit():
                return None
            return period.replace(period[:4], str(int(period[:4]) - 1))
        if m.empty:
            return None
        base = self.clock.resolve(m)
        years = span_years(base)
        return str(years[1]) if years and following.startswith("末") else base

    def _pair(self, d: Draft, tail: int) -> None:
        """从A到B: the first figure belongs to the year before the span, the second to its end."""
        if d.measure not in ("level", "rank", "share", "ratio", "rate") or not self.drafts:
            self._first_of_pair(d, tail)
            return
        last = self.drafts[-1]
        between = self.text[last.q.end : d.q.start]
        second = (
            re.match(r"^[^,，。;]{0,10}?(?:到|至|为|跃居|升居|跃)[^,，。;]{0,16}$", between)
            and last.rules.get("pair") == "first"
        )
        if not second:
            self._first_of_pair(d, tail)
            return
        years = span_years(d.period)
        if years and last.period == str(years[0] - 1):
            d.set("period", str(years[1]), "end of the span (从…到…)", 0.85)
        d.base_period = last.period
        if last.measure in ("share", "rate", "level") and d.q.kind == last.q.kind == "percent":
            d.measure = last.measure
        d.rules["pair"] = "second"
        if d.indicator is None:
            d.set("indicator", last.indicator, "that of the pair", 0.8)

    def _first_of_pair(self, d: Draft, tail: int) -> None:
        if not _FROM.search(self.text[tail : d.q.start]) or d.measure not in (
            "level",
            "rank",
            "share",
            "ratio",
            "rate",
        ):
            return
        after = self.text[d.q.end : d.q.end + 22]
        if not re.match(r"起步|出发|[^,，。;]{0,14}?(?:到|至|为|跃居|升居|跃)", after):
            return
        d.rules["pair"] = "first"
        own = [m for m in self.sentence_moments if tail <= m.start < d.q.start and d.q.start - m.end <= 4]
        if own:
            for m in own:
                year = self._base(m, d.period) if m.empty or is_base(self.text, m) else None
                if year:
                    d.set("period", year, f"{m.text} right before the figure", 0.85)
            return
        years = span_years(d.period) or self._section(d)
        drafts = [*self._earlier, *self.drafts]
        earlier = next((p for p in drafts if p.rules.get("pair") == "first" and p.period), None)
        if earlier is not None:
            d.set("period", earlier.period, "start of the pair before it", 0.7)
        elif years:
            d.set("period", str(years[0] - 1), "year before the span (从…到…)", 0.85)
        else:
            d.set("period", None, "start of 从…到… without a date", 0.5)

    def _section(self, d: Draft) -> tuple[int, int] | None:
        """The section's span, where the figure's own period is but its last year."""
        years = span_years(self.clock.span)
        return years if years and d.period in (str(years[1]), None) else None

    def _ahead(self, period: str) -> bool:
        """Whether a period begins after the document was written: the next sentence does not take it."""
        if self.clock.year is None or not self.clock.month:
            return False
        if "/" in period or "Q" in period:
            return False
        return period[:7] > f"{self.clock.year}-{self.clock.month:02d}"

    def remember(self) -> None:
        """What the next sentence takes for its period: the last one that opens a clause."""
        for m in self.sentence_moments:
            if m.empty or is_base(self.text, m) or m.shift == 1:
                continue
            lasting = bool(m.span or m.years)
            if lasting and not self._opens(m, _SENTENCE):
                continue
            period = self.clock.resolve(m)
            if not period or self._ahead(period):
                continue
            whole = span_years(self.clock.lead) if not lasting else None
            if whole and not self._opens(m, _SENTENCE if period == str(whole[1]) else _CLAUSE):
                continue
            flows = str(self.clock.lead or self.clock.scope)
            if _AT_END.search(m.text) and ("/" in flows or "Q" in flows) and self.clock.lead != period:
                self.clock.point = self._here = period
                continue
            if lasting and m.years < 20:
                self.clock.span = period
            self.clock.current, self.clock.rule = period, f"{m.text} earlier in the paragraph"
            self.clock.current_year = int(period[:4]) if "/" not in period or "-" in period else None
            if self.clock.lead is None and self._opens(m, _CLAUSE):
                self.clock.lead = period

    def _opens(self, m: Moment, marks: str) -> bool:
        """Whether a word for time opens a clause or sentence: nothing but 截至, 到 or 今年 before it."""
        before = self.text[max(0, m.start - 4) : m.start]
        return not before or before.rstrip("截至止到在而从，“")[-1:] in ("", *marks)
