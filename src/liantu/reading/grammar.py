"""From figures to facts: a pass over each sentence with what the paragraph has said so far."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from liantu.reading.cues import Cue, find_cue, growth_basis, qualifier_of, status_of
from liantu.reading.dates import Moment
from liantu.reading.heads import Head, HeadReader
from liantu.reading.lexicon import Lexicon
from liantu.reading.measures import capacity_unit, carried_measure, measured
from liantu.reading.periods import Clock, is_base, span_years
from liantu.reading.quantity import Quantity
from liantu.reading.series import Item, series_items, series_length
from liantu.reading.subjects import SubjectReader

_CLAUSE_END = re.compile(r"[，:;]|,(?!(?<=\d,)\d{3}(?!\d))")
_FROM = re.compile(r"(?:由|从|自)(?:[^,，。;]{0,14})$")
_RANKING = re.compile(
    r"(?:均|都|继续|连续[^,，]{0,4}|分别|排名)*(?:稳居|位居|分居|居|位列|分列|名列|列|排在|排名|排|跃居|升至|前移|跻身)[^,，。;]{0,14}$"
)
_GENERIC = re.compile(r"(?:总?规模|总额|资金|金额|总量)$")
_JOINED = re.compile(r"^[^,，。;\d]{0,14}(?:和|、|及|以及)(?:近|约|超|上)?$")
_MAKES = re.compile(r"(?:年产|日产|生产|产能|处理|消化|消纳|加工)$")
_COUNTED = ("count", "person", "mass", "power", "energy", "area", "length", "volume")
_BOTH = re.compile(
    r"(?:.*全[市省县区])?([^,，。;、\d]{1,14}[率量额值数])、([^,，。;、\d]{1,14}[率量额值数])(?:居|列|位|排|均|都)"
)
_YEARLY = re.compile("增长|下降|上涨|下跌|增速|涨幅|增幅|降幅|跌幅|增产|减产|增$|降$|涨$|跌$|上升|回落|递增")
_TASK = re.compile("(?:完成|达到?|占)[^,，。;]{0,8}(?:任务|计划|目标)[^,，。;]{0,4}(?:的|率)?$")
_MONEY_OF = {"projects_signed": "contract_investment", "projects_started": "total_investment"}
_AGAINST = re.compile("(?<![占环之入价对])(?:同?比|较|与)(?![重例率值])[^,，。;]{1,14}(?:相比)?$")
_ALIKE = re.compile(r"(?:均|都|双双|皆)[^,，。;]{0,8}$")


@dataclass
class Draft:
    """A fact while its sentence is read; places are those of the reading text."""

    q: Quantity
    value: float
    unit: str
    measure: str
    indicator: str | None = None
    subject: str | None = None
    period: str | None = None
    base_period: str | None = None
    basis: str | None = None
    status: str = "actual"
    qualifier: str | None = None
    canonical: bool = False
    rules: dict[str, str] = field(default_factory=dict)
    trust: dict[str, float] = field(default_factory=dict)

    def set(self, name: str, value: object, rule: str, trust: float) -> None:
        """One field with the rule that set it."""
        setattr(self, name, value)
        self.rules[name] = rule
        self.trust[name] = trust


class SentenceReader:
    """Reads sentence after sentence of one text."""

    def __init__(
        self,
        heads: HeadReader,
        subjects: SubjectReader,
        moments: list[Moment],
        clock: Clock,
        lexicon: Lexicon,
    ) -> None:
        self.heads, self.subjects, self.moments, self.clock, self.lexicon = (
            heads,
            subjects,
            moments,
            clock,
            lexicon,
        )
        self.text = heads.text
        self.drafts: list[Draft] = []
        self._group: list[Item] = []
        self._waiting: list[Item] = []
        self._joined = -1
        self._sign = 1

    def read(self, start: int, end: int, quantities: list[Quantity], moments: list[Moment]) -> list[Draft]:
        """The facts of one sentence [start, end)."""
        self.start, self.end = start, end
        self.sentence_moments = moments
        self.drafts, self._group, self._waiting = [], [], []
        used = start
        for i, q in enumerate(quantities):
            limit = quantities[i + 1].start if i + 1 < len(quantities) else end
            used = self._one(quantities, i, used, limit)
        self._look_ahead()
        self._remember(moments)
        return self.drafts

    def _one(self, quantities: list[Quantity], i: int, used: int, limit: int) -> int:
        q = quantities[i]
        tail = self._tail_start(used, q.start)
        cue = find_cue(self.text[tail : q.start], self.lexicon)
        count = 0 if self._waiting else series_length(self.text, quantities, i, used)
        if count:
            self._waiting = self._series(used, q, count)
        item = self._waiting.pop(0) if self._waiting else None
        draft = self._measure(q, cue, tail, item is not None and not count)
        used = self._head(draft, cue, used, tail, limit, item)
        self.subjects.assign(draft, self.start, used if used > q.end else q.start, q.start, self.drafts, item)
        if draft.indicator in ("output", "cluster_output", "chain_output") and draft.subject:
            name = "chain_output" if draft.subject.endswith(("产业链", "产业体系")) else "cluster_output"
            if draft.subject.endswith(("产业链", "产业体系", "产业集群", "集群")):
                draft.set("indicator", name, "output of a chain or cluster", 0.9)
        self._period(draft, tail)
        self._status(draft, tail)
        draft.qualifier, rule = qualifier_of(self.text, q.start, q.end, self.lexicon)
        if q.infix and draft.qualifier is None:
            draft.qualifier, rule = "above", "infix"
        draft.rules["qualifier"] = rule
        self._add(draft, tail)
        return max(used, q.end)

    def _tail_start(self, used: int, end: int) -> int:
        """Where the last clause before a figure begins."""
        marks = [m.end() for m in _CLAUSE_END.finditer(self.text, used, end)]
        return marks[-1] if marks else used

    def _series(self, used: int, q: Quantity, count: int) -> list[Item]:
        items = series_items(self.text, used, q.start, count, self.heads, self.subjects.mentions, q)
        if items:
            self._group = items
            return list(items)
        if len(self._group) == count:
            found = self.heads.before(used, q.start, q)
            return [
                Item(i.subject, found.name if found and found.canonical else i.indicator) for i in self._group
            ]
        earlier = self.drafts[-count:]
        if len(earlier) == count and len({(d.indicator, d.subject) for d in earlier}) == count:
            return [Item(d.subject, d.indicator) for d in earlier]
        return []

    def _measure(self, q: Quantity, cue: Cue | None, tail: int, carried: bool) -> Draft:
        phrase = self.text[tail : q.start]
        if carried and cue is None and self.drafts:
            last = self.drafts[-1]
            same = carried_measure(
                q, last.measure, self._sign, last.unit if last.q.unit == q.unit else q.unit
            )
            draft = Draft(q, same.value, same.unit, same.measure, basis=last.basis)
            draft.rules["growth_basis"] = last.rules.get("growth_basis", "")
        else:
            self._sign = cue.sign if cue else 1
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

    def _head(self, d: Draft, cue: Cue | None, used: int, tail: int, limit: int, item: Item | None) -> int:
        """Sets the indicator; returns where the text is used up to."""
        q = d.q
        if item is not None and item.indicator:
            d.set("indicator", item.indicator, "member of the series (分别)", 0.9)
            d.canonical = item.indicator in self.lexicon.kinds
            return q.end
        gain = cue is not None and cue.reading == "gain" and d.measure == "level"
        stop = tail + cue.start if cue and not gain else q.start
        against = _AGAINST.search(self.text, tail, stop) if cue is not None else None
        if against and against.start() - tail >= 2:
            stop = against.start()
        if d.measure == "rank":
            ranked = _RANKING.search(self.text, tail, q.start)
            stop = ranked.start() if ranked else stop
        if d.measure == "share" and "占" in self.text[tail:stop]:
            stop = tail + self.text[tail:stop].rindex("占")
            share = self.heads.nearest(tail, q.start, q)
            if share and share.canonical and share.name.endswith("share"):
                return self._take(d, share, 0.95)
        if d.measure == "rank":
            table = [m for m in self.heads.indicators.within(tail, q.start) if m.name.endswith("500_rank")]
            if table:
                return self._take(d, Head(table[-1].name, "alias in the phrase", True), 0.95)
        if q.kind == "percent" and _TASK.search(self.text[tail : q.start]) and self.drafts:
            return self._inherit(d, used)
        head = self.heads.before(tail, stop, q)
        if head is not None and not head.canonical and self.heads.is_name(tail, stop):
            head = None
        comparison = head is not None and not head.canonical and self._compares(head.name)
        steps = re.match("[一-龥]{0,2}(?:台阶|关口|门槛|大关)", self.text[q.end : q.end + 5])
        if (self.text[tail : q.start].endswith("连续") and self.drafts) or steps:
            return self._inherit_any(d, used)
        behind, behind_end = None, q.end
        leading = (
            q.kind in ("count", "person")
            or self.heads.is_name(tail, stop)
            or _MAKES.search(self.text[tail:stop])
        )
        if leading and q.kind in _COUNTED and (cue is None or gain):
            behind, behind_end = self.heads.after(q, limit)
            if behind is not None:
                self._joined = behind_end
                self._take(d, behind, 0.9 if behind.canonical else 0.7)
                return behind_end
        if self.text[q.start - 1] == "的" or (
            head is not None and _GENERIC.search(head.name) and q.kind == "money"
        ):
            behind, behind_end = self.heads.after(q, limit)
        if behind is not None and (head is None or not head.canonical) and q.kind != "percent":
            self._take(d, behind, 0.75)
            return behind_end
        if head is not None and not comparison:
            head = self._with_parent(head, d, tail)
            return self._take(d, head, 0.95 if head.canonical else 0.7)
        if cue is None or (q.kind in ("count", "person") and d.measure == "level"):
            joined = bool(self.drafts) and used == self._joined and self.text[q.start - 1] in "和及、与"
            behind, end = self.heads.after(
                q, limit, joined or (head is None and self.heads.verb_before(tail, stop) is not None)
            )
            earlier = (
                self.heads.nearest(used, tail, q) if d.measure == "level" and q.kind == "money" else None
            )
            if behind is not None and earlier is None:
                self._take(d, behind, 0.9 if behind.canonical else 0.65)
                self._joined = end
                return end
        verb = self.heads.verb_before(tail, stop) if cue is None or gain else None
        if verb is not None:
            return self._take(d, verb, 0.5)
        if d.measure == "rank" and not self.drafts and self.heads.nearest(used, q.start, q) is None:
            among = re.search(r"(?:位列|列|位居|居|排名|排)([一-龥]{3,12})$", self.text[tail : q.start])
            if among:
                return self._take(d, Head(among[1], "among whom it is ranked", False), 0.4)
        if d.measure == "rank" or tail > used:
            earlier = self.heads.nearest(used, tail, q)
            if earlier is not None:
                return self._take(d, earlier, 0.75)
            words = self._earlier_words(used, tail, q) if not self.drafts else None
            if words is not None:
                return self._take(d, words, 0.5)
        return self._inherit(d, used)

    def _take(self, d: Draft, head: Head, trust: float) -> int:
        d.set("indicator", head.name, head.rule, trust)
        d.canonical = head.canonical
        return d.q.end

    def _compares(self, name: str) -> bool:
        return bool(
            re.match(
                r"[比较与同]|高于|低于|快于|领先|位居|居|列|排名|全[省国市]|达产|年均|平均|增速|占|完成|其中|降幅|涨幅|增幅|拉动|连跨|.*台阶|迈|跃|跻身|稳居|斩获|冲刺|领跑|[\d.]*[十百]?亿元?以上|[\d.]+万元以上",
                name,
            )
        )

    def _with_parent(self, head: Head, d: Draft, tail: int) -> Head:
        """火电 after 装机容量…其中 is 火电装机容量."""
        among = self.text.find("其中", self.start, d.q.start)
        if (
            head.canonical
            or among < 0
            or not self.drafts
            or len(head.name) > 4
            or d.q.kind not in ("power", "energy")
        ):
            return head
        parent = next((p for p in self.drafts if p.unit == d.unit and p.canonical), None)
        if parent is None:
            return head
        words = {"installed_capacity": "装机容量", "power_generation": "发电量", "new_energy_capacity": "装机容量",
                 "power_consumption": "用电量"}.get(parent.indicator or "", "")  # fmt: skip
        return Head(head.name + words, "own words and what they are part of (其中)", False)

    def _earlier_words(self, used: int, tail: int, q: Quantity) -> Head | None:
        """Own words of the clause before, where the figure's own clause only continues it."""
        at = self._tail_start(used, tail - 1)
        return self.heads.before(at, tail, q)

    def _inherit_any(self, d: Draft, used: int) -> int:
        """The indicator spoken of, whatever its unit: for how long, over which thresholds."""
        named = self.heads.indicators.within(used, d.q.start)
        if named:
            return self._take(d, Head(named[-1].name, "alias before a duration or threshold", True), 0.7)
        if self.drafts:
            last = self.drafts[-1]
            d.set("indicator", last.indicator, "elided: that of the figure before", 0.7)
            d.canonical = last.canonical
            return d.q.end
        d.set("indicator", None, "none found", 0.2)
        return d.q.end

    def _inherit(self, d: Draft, used: int) -> int:
        fits = [
            p for p in self.drafts if p.indicator and (not p.canonical or self.heads.fits(p.indicator, d.q))
        ]
        if fits:
            last = fits[-1]
            if d.measure == "rank" and last.measure in ("change",) and len(fits) > 1:
                last = fits[-1]
            d.set("indicator", last.indicator, "elided: that of the figure before", 0.8)
            d.canonical = last.canonical
            return d.q.end
        if self.drafts and d.q.kind == "money":
            name = _MONEY_OF.get(self.drafts[-1].indicator or "")
            if name:
                return self._take(d, Head(name, "the money of what was counted before", True), 0.75)
        d.set("indicator", None, "none found", 0.2)
        return d.q.end

    def _period(self, d: Draft, tail: int) -> None:
        before = [m for m in self.sentence_moments if m.start < d.q.start]
        base = [m for m in before if is_base(self.text, m) and m.start >= tail - 1]
        plain = [m for m in before if not is_base(self.text, m) and not m.empty]
        starting = [
            m
            for m in plain
            if self.text[m.start - 1 : m.start] in ("从", "由", "自") and d.q.start - m.end > 2
        ]
        plain = [m for m in plain if m not in starting]
        period = None
        rule = ""
        if plain:
            period, rule = self._resolved(plain, d)
        if period is None and not plain:
            period, rule = self.clock.current or self.clock.scope, self.clock.rule
        if period is None and not plain and self.clock.year:
            period, rule = str(self.clock.year), "the document's year"
        if base:
            d.base_period = self._base(base[-1], period)
        d.set(
            "period", period, rule, 0.9 if plain else 0.6 if self.clock.current or self.clock.scope else 0.4
        )
        self._pair(d, tail)

    def _resolved(self, plain: list[Moment], d: Draft) -> tuple[str | None, str]:
        last = plain[-1]
        year = self.clock.current_year
        for m in plain[:-1]:
            known = self.clock.resolve(m)
            if known and not m.span and not m.years:
                self.clock.current_year = int(known[:4])
        period = self.clock.resolve(last)
        self.clock.current_year = year
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
        if d.measure not in ("level", "rank", "share") or not self.drafts:
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
        if last.measure == "share" and d.q.kind == "percent":
            d.measure = "share"
        d.rules["pair"] = "second"
        if d.indicator is None:
            d.set("indicator", last.indicator, "that of the pair", 0.8)

    def _first_of_pair(self, d: Draft, tail: int) -> None:
        if not _FROM.search(self.text[tail : d.q.start]) or d.measure not in ("level", "rank", "share"):
            return
        after = self.text[d.q.end : d.q.end + 22]
        if not re.match(r"起步|出发|[^,，。;]{0,14}?(?:到|至|为|跃居|升居|跃)", after):
            return
        d.rules["pair"] = "first"
        own = [m for m in self.sentence_moments if tail <= m.start < d.q.start and d.q.start - m.end <= 2]
        if own:
            return
        years = span_years(d.period)
        earlier = next((p for p in self.drafts if p.rules.get("pair") == "first" and p.period), None)
        if earlier is not None:
            d.set("period", earlier.period, "start of the pair before it", 0.7)
        elif years:
            d.set("period", str(years[0] - 1), "year before the span (从…到…)", 0.85)
        else:
            d.set("period", None, "start of 从…到… without a date", 0.5)

    def _status(self, d: Draft, tail: int) -> None:
        before = self.text[self.start : d.q.start]
        d.status, rule = status_of(before, self.lexicon, d.period, self.clock.year)
        d.rules["status"] = rule
        d.trust["status"] = 0.85

    def _add(self, d: Draft, tail: int) -> None:
        """The fact, and its copies where one figure speaks for several indicators."""
        self._default_basis(d)
        unit = capacity_unit(self.text, d.q, self.start, self.end, d.unit)
        last = self.drafts[-1] if self.drafts else None
        if (
            d.unit == "t"
            and last is not None
            and last.unit == "t/a"
            and _JOINED.match(self.text[last.q.end : d.q.start])
        ):
            unit = "t/a"
        if d.indicator and d.unit == "t" and d.indicator.endswith(("标准煤", "标煤", "標準煤")):
            unit = "tce"
        if unit != d.unit:
            d.unit, d.rules["unit"] = unit, "capacity a year" if unit == "t/a" else "what the figure counts"
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
        if not _YEARLY.match(d.rules.get("cue", "")):
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
            d.set("basis", "yoy", "a named indicator's growth without a base", 0.7)
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
            if d.basis == "avg" and len(pair) == 2 and pair[1].rules.get("pair") == "second":
                first, last = pair[0].period, pair[1].period
                if first and last and len(first) == len(last) == 4:
                    d.set("period", f"{int(first) + 1}/{last}", "the span between the two levels", 0.9)
                    d.base_period = first

    def _ahead(self, period: str) -> bool:
        """Whether a period begins after the document was written: it does not carry on to the next sentence."""
        if self.clock.year is None or not self.clock.month:
            return False
        if "/" in period or "Q" in period:
            return False
        return period[:7] > f"{self.clock.year}-{self.clock.month:02d}"

    def _remember(self, moments: list[Moment]) -> None:
        for m in moments:
            if m.empty or is_base(self.text, m) or m.shift == 1:
                continue
            period = self.clock.resolve(m)
            if period and not self._ahead(period):
                self.clock.current, self.clock.rule = period, f"{m.text} earlier in the paragraph"
                self.clock.current_year = int(period[:4]) if "/" not in period or "-" in period else None
