"""From figures to facts: a pass over each sentence with what the paragraph has said so far."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from liantu.reading.cues import Cue, find_cue, growth_basis, qualifier_of, status_of
from liantu.reading.dates import Moment
from liantu.reading.draft import Draft, ends_of
from liantu.reading.heads import HeadReader
from liantu.reading.measures import capacity_unit, carried_measure, measured
from liantu.reading.naming import Naming
from liantu.reading.patterns import LISTED
from liantu.reading.periods import Clock
from liantu.reading.phrase import clause_start
from liantu.reading.quantity import Quantity
from liantu.reading.series import Item, series_items, series_length, urban_and_rural
from liantu.reading.subjects import SubjectReader
from liantu.reading.timing import Timing

_JOINED = re.compile(r"^[^,，。;\d]{0,14}(?:和|、|及|以及)(?:近|约|超|上)?$|^(?:和|、)[^,，。;\d]{1,12}$")
_BOTH = re.compile(
    r"(?:.*全[市省县区])?([^,，。;、\d]{1,14}[率量额值数])、([^,，。;、\d]{1,14}[率量额值数])(?:居|"
    r"列|位|排|均|都)"
)
_GOALS = re.compile("(?:预期|主要|奋斗|发展|工作)目标(?:是|为|:|,)")
_RANGE = re.compile("[-~至到]{1,2}")
_BRACKETED = re.compile(r"\)(?:、|和|,|，)[^()]{2,24}\(")
_YEARLY = re.compile("增长|下降|上涨|下跌|增速|涨幅|增幅|降幅|跌幅|增产|减产|增$|降$|涨$|跌$|上升|回落|递增")
_ALIKE = re.compile(r"(?:均|都|双双|皆)[^,，。;]{0,8}$")


class SentenceReader:
    """Reads sentence after sentence of one text."""

    def __init__(self, heads: HeadReader, subjects: SubjectReader, clock: Clock) -> None:
        self.heads, self.subjects, self.clock = heads, subjects, clock
        self.lexicon, self.text = heads.lexicon, heads.text
        self.naming, self.timing = Naming(heads), Timing(heads.text, clock)
        self.start = self.end = self.opening = 0
        self.drafts: list[Draft] = []
        self._group: list[Item] = []
        self._waiting: list[Item] = []
        self._sign = 1
        self._listed_end = 0

    def read(self, start: int, end: int, quantities: list[Quantity], moments: list[Moment]) -> list[Draft]:
        """The facts of one sentence [start, end)."""
        self.start, self.end = start, end
        if not (start and self.text[start - 1] == ";"):
            self.opening = start
        before = self.drafts
        earlier = self.drafts if start and self.text[start - 1] == ";" else []
        self.drafts, self._group, self._waiting = [], [], []
        self.naming.begin(start, self.drafts, earlier, before)
        self.timing.begin(self.drafts, moments, earlier)
        used = start
        for i in range(len(quantities)):
            limit = quantities[i + 1].start if i + 1 < len(quantities) else end
            used = self._one(quantities, i, used, limit)
        self._look_ahead()
        self.timing.remember()
        return self.drafts

    def _one(self, quantities: list[Quantity], i: int, used: int, limit: int) -> int:
        q = quantities[i]
        tail = clause_start(self.text, used, q.start)
        cue = find_cue(self.text[tail : q.start], self.lexicon)
        count = 0 if self._waiting else series_length(self.text, quantities, i, used, len(self._group))
        if count:
            self._waiting = self._series(used, q, count)
        elif not self._waiting:
            self._waiting = urban_and_rural(self.text, quantities, i, used)
            self._group, count = list(self._waiting) or self._group, len(self._waiting)
        item = self._waiting.pop(0) if self._waiting else None
        draft = self._measure(q, cue, tail, item is not None and not count)
        used = self.naming.name(draft, cue, used, tail, limit, item)
        self.subjects.assign(draft, self.start, used if used > q.end else q.start, q.start, self.drafts, item)
        if self.naming.branch:
            draft.set("subject", self.naming.branch, "the branch or chain before the figure", 0.85)
        if self.naming.bearer:
            draft.set("subject", self.naming.bearer, "those who bear the indicator", 0.8)
        if draft.indicator in ("output", "cluster_output", "chain_output") and draft.subject:
            name = "chain_output" if draft.subject.endswith(("产业链", "产业体系")) else "cluster_output"
            if draft.subject.endswith(("产业链", "产业体系", "产业集群", "集群")):
                draft.set("indicator", name, "output of a chain or cluster", 0.9)
        self.timing.set_period(draft, tail)
        if item is not None and item.period:
            draft.set("period", item.period, "member of the series (分别)", 0.9)
        self._status(draft, tail)
        draft.qualifier, rule = qualifier_of(self.text, q.start, q.end, self.lexicon)
        if q.infix and draft.qualifier is None:
            draft.qualifier, rule = "above", "infix"
        draft.rules["qualifier"] = rule
        self._add(draft, tail)
        return max(used, q.end)

    def _series(self, used: int, q: Quantity, count: int) -> list[Item]:
        periods = self._years(q, count)
        if all(periods) and "、" not in self.text[self._listed_end : q.start]:
            return [Item(None, None, p) for p in periods]
        items = series_items(self.text, used, q.start, count, self.heads, self.subjects.mentions, q)
        if items:
            self._group = items
            return list(items)
        if len(self._group) == count:
            found = None if "占" in self.text[used : q.start] else self.heads.before(used, q.start, q)
            return [
                Item(i.subject, found.name if found and found.canonical else i.indicator) for i in self._group
            ]
        mark = self.text.find("分别", used, q.start)
        own = self.heads.before(used, mark, q) if mark > used else None
        if own is not None and (own.canonical or not self.naming.compares(own.name)):
            return [Item(None, None)] * count
        earlier = self.drafts[-count:]
        if len(earlier) == count and len({(d.indicator, d.subject) for d in earlier}) == count:
            return [Item(d.subject, d.indicator) for d in earlier]
        return [Item(None, None, p) for p in periods]

    def _years(self, q: Quantity, count: int) -> list[str | None]:
        """2023年、2024年,…分别: a period for each figure, kept for the next series of the sentence."""
        before = [m for m in self.timing.sentence_moments if m.start < q.start][-count:]
        listed = all(self.text[a.end : b.start] in ("、", "和", "及", "与") for a, b in pairwise(before))
        periods = [self.clock.resolve(m) for m in before]
        if len(before) == count and listed and all(periods):
            self._listed_end = before[-1].end
            return periods
        return [None] * count

    def _measure(self, q: Quantity, cue: Cue | None, tail: int, carried: bool) -> Draft:
        phrase = self.text[tail : q.start]
        ranged = _RANGE.fullmatch(self.text[self.drafts[-1].q.end : q.start]) if self.drafts else None
        if (
            not ranged
            and self.drafts
            and self.text[q.start - 1] == "(" == self.text[self.drafts[-1].q.start - 1]
        ):
            ranged = _BRACKETED.fullmatch(self.text[self.drafts[-1].q.end : q.start])
        if ranged and self.drafts[-1].q.kind == q.kind:
            self._sign = -1 if self.drafts[-1].value < 0 else 1
        if ((carried and cue is None) or ranged) and self.drafts and self.drafts[-1].q.kind == q.kind:
            last = self.drafts[-1]
            same = carried_measure(
                q, last.measure, self._sign, last.unit if last.q.unit == q.unit else q.unit
            )
            draft = Draft(q, same.value, same.unit, same.measure, basis=last.basis)
            draft.rules["growth_basis"] = last.rules.get("growth_basis", "")
        else:
            self._sign = cue.sign if cue else 1
            if self.text[q.start - 1] == "(":
                phrase = self.text[max(self.start, q.start - 40) : q.start]
            same = measured(q, cue, phrase, self.text[q.end : q.end + 24])
            draft = Draft(q, same.value, same.unit, same.measure)
            if same.measure in ("rate", "change", "multiple"):
                draft.basis, draft.rules["growth_basis"] = growth_basis(
                    self.text[max(self.start, tail - 24) : q.start], phrase
                )
        if cue is not None:
            draft.rules["cue"] = cue.word
        draft.rules |= {"value": q.rule, "unit": same.unit_rule or q.rule, "measure": same.rule}
        draft.trust |= {
            "value": 0.97 if q.word else 0.9,
            "unit": 0.97 if q.word else 0.8,
            "measure": same.trust,
        }
        return draft

    def _status(self, d: Draft, tail: int) -> None:
        before = self.text[self.start : d.q.start]
        after = self.text[d.q.end : d.q.end + 10]
        d.status, rule = status_of(before, self.lexicon, d.period, self.clock.year, after)
        if d.status == "actual" and _GOALS.search(self.text, self.opening, d.q.start):
            d.status, rule = "target", "the sentence lists goals"
        if d.status == "actual" and self.clock.plans:
            d.status, rule = "target", "a heading that speaks of plans"
        d.rules["status"] = rule
        d.trust["status"] = 0.85

    def _add(self, d: Draft, tail: int) -> None:
        """The fact, and its copies where one figure speaks for several indicators."""
        self._default_basis(d)
        self._set_unit(d)
        self._ranked_together(d, tail)
        if d.measure == "rank" and _ALIKE.search(self.text[tail : d.q.start]):
            seen: dict[str | None, Draft] = {p.indicator: p for p in self.drafts if p.measure == "level"}
            for name, p in list(seen.items())[:-1]:
                copy = self._copy(d, name, "均: each indicator before")
                copy.subject, copy.canonical = p.subject, p.canonical
                self.drafts.append(copy)
        both = _BOTH.search(self.text[tail : d.q.start]) if d.measure == "rank" else None
        if both:
            self.drafts.append(self._copy(d, both[1], "、: each of two indicators"))
            d.set("indicator", both[2], "、: each of two indicators", 0.7)
        for part, name in zip(d.q.parts[1:], ("第二产业", "第三产业"), strict=False):
            copy = self._copy(d, name, "member of the ratio")
            copy.value = float(part)
            self.drafts.append(copy)
        if d.q.parts:
            d.indicator = "第一产业" if len(d.q.parts) == 3 else d.indicator
            self.drafts.insert(len(self.drafts) - len(d.q.parts) + 1, d)
            return
        self.drafts.append(d)

    def _set_unit(self, d: Draft) -> None:
        """What a plant can make a year, and the unit that the last of a list hands on."""
        unit = capacity_unit(self.text, d.q, self.start, self.end, d.unit)
        last = self.drafts[-1] if self.drafts else None
        if (
            d.unit == "t"
            and last is not None
            and last.unit == "t/a"
            and _JOINED.match(self.text[last.q.end : d.q.start])
        ):
            unit = "t/a"
        if (
            last is not None
            and d.rules.get("pair") == "second"
            and last.unit in (f"{d.unit}/d", f"{d.unit}/a")
        ):
            unit = last.unit
        if d.indicator and d.unit == "t" and d.indicator.endswith(("标准煤", "标煤", "標準煤")):
            unit = "tce"
        if unit != d.unit:
            d.unit, d.rules["unit"] = unit, "capacity a year" if unit == "t/a" else "what the figure counts"

    def _ranked_together(self, d: Draft, tail: int) -> None:
        """生产总值、工业增加值和固定资产投资增速居全省第一: a copy for each indicator before the last."""
        if d.measure != "rank" or not d.canonical:
            return
        named = self.heads.indicators.within(tail, d.q.start)
        for first, second in reversed(list(pairwise(named))):
            if not LISTED.fullmatch(self.text, first.end, second.start):
                return
            copy = self._copy(d, first.name, "each of the indicators listed")
            copy.canonical = True
            self.drafts.append(copy)

    def _copy(self, d: Draft, indicator: str | None, rule: str) -> Draft:
        copy = replace(d, indicator=indicator, canonical=False, rules=dict(d.rules), trust=dict(d.trust))
        copy.rules["indicator"] = rule
        return copy

    def _default_basis(self, d: Draft) -> None:
        if (
            d.measure not in ("rate", "multiple")
            or (d.measure == "multiple" and "cue" not in d.rules)
            or d.basis
            or d.rules.get("growth_basis")
        ):
            return
        named = d.rules.get("measure", "").startswith(("a rate in brackets", "the rate is named"))
        if not _YEARLY.match(d.rules.get("cue", "")) and not (named and d.canonical):
            return
        last = self.drafts[-1] if self.drafts else None
        dated = bool(d.period and "-" in d.period) or self.clock.scope is not None
        levelled = (
            any(p.indicator == d.indicator and p.measure == "level" for p in self.drafts[-6:]) and d.indicator
        )
        chained = (
            last is not None
            and last.indicator == d.indicator
            and last.measure == "level"
            and d.q.start - last.q.end < 8
        )
        if (d.canonical and d.measure == "rate") or (d.measure == "rate" and dated) or chained or levelled:
            far = last is not None and last.indicator == d.indicator and last.years_apart() > 1
            d.set("basis", "cum" if far else "yoy", "a named indicator's growth without a base", 0.7)
            d.rules["growth_basis"] = d.rules.pop("basis")

    def _look_ahead(self) -> None:
        """从A到B, X年均增长…: what has no indicator yet takes that of the next figure."""
        for i in range(len(self.drafts) - 2, -1, -1):
            d, following = self.drafts[i], self.drafts[i + 1]
            fits = not following.canonical or self.heads.fits(str(following.indicator), d.q)
            if d.indicator is None and following.indicator and fits and d.measure in ("level", "rank"):
                d.set("indicator", following.indicator, "that of the next figure", 0.6)
                d.canonical = following.canonical
                if following.subject and d.trust.get("subject", 0) < 0.8:
                    d.set("subject", following.subject, "that of the next figure", 0.6)
        for i, d in enumerate(self.drafts):
            pair = self.drafts[max(0, i - 2) : i]
            ends = ends_of(self.drafts, i)
            if ends:
                d.set("period", f"{ends[0] + 1}/{ends[1]}", "the span between two years before", 0.85)
                d.base_period = str(ends[0])
            if d.basis == "avg" and len(pair) == 2 and pair[1].rules.get("pair") == "second":
                first, last = pair[0].period, pair[1].period
                if first and last and len(first) == len(last) == 4:
                    d.set("period", f"{int(first) + 1}/{last}", "the span between the two levels", 0.9)
                    d.base_period = first
