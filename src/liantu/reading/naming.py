"""Which indicator a figure is of: the noun before it, behind it, or that of the figure before."""

from __future__ import annotations

import re

from liantu.reading.cues import Cue
from liantu.reading.draft import Draft
from liantu.reading.heads import Head, HeadReader, clause_start
from liantu.reading.quantity import Quantity
from liantu.reading.series import Item

_RANKING = re.compile(
    r"(?:均|都|继续|连续[^,，]{0,4}|分别|排名)*(?:稳居|位居|分居|居|位列|分列|名列|列|排在|排名|排|"
    r"跃居|升至|前移|跻身)[^,，。;]{0,14}$"
)
_GENERIC = re.compile(r"(?:总?规模|总额|资金|金额|总量)$")
_MAKES = re.compile(r"(?:年产|日产|生产|产能|处理|消化|消纳|加工)$")
_COUNTED = ("count", "person", "mass", "power", "energy", "area", "length", "volume")
_TASK = re.compile("(?:完成|达到?|占)[^,，。;]{0,8}(?:任务|计划|目标)[^,，。;]{0,4}(?:的|率)?$")
_MONEY_OF = {"projects_signed": "contract_investment", "projects_started": "total_investment"}
_AGAINST = re.compile("(?<![占环之入价对])(?:同?比|较|与)(?![重例率值])[^,，。;]{1,14}(?:相比)?$")

_WHOLES = {
    "installed_capacity": "装机容量",
    "new_energy_capacity": "装机容量",
    "power_generation": "发电量",
    "power_consumption": "用电量",
}
_BOUND = re.compile(r"^[\d.]*[十百千]?[万亿]+元以上(?=.)")
_SHARE_OF = {"livelihood_expenditure": "livelihood_expenditure_share"}
_STEPS = re.compile("[一-龥]{0,2}(?:台阶|关口|门槛|大关)")
_AMONG = re.compile(r"(?:位列|列|位居|居|排名|排)([一-龥]{3,12})$")


class Naming:
    """Names the figures of one sentence after the other."""

    def __init__(self, heads: HeadReader) -> None:
        self.heads, self.lexicon, self.text = heads, heads.lexicon, heads.text
        self.start = 0
        self.drafts: list[Draft] = []
        self._joined = -1

    def begin(self, start: int, drafts: list[Draft]) -> None:
        """A new sentence, whose facts will be put into `drafts`."""
        self.start, self.drafts, self._joined = start, drafts, -1

    def name(self, d: Draft, cue: Cue | None, used: int, tail: int, limit: int, item: Item | None) -> int:
        """Set the indicator of a figure; return the place up to which the text is used.

        `used` is where the figure before ends, `tail` where the last clause before this one begins,
        `limit` where the next figure begins, `item` its member of a series.
        """
        if item is not None and item.indicator:
            d.set("indicator", item.indicator, "member of the series (分别)", 0.9)
            d.canonical = item.indicator in self.lexicon.kinds
            return d.q.end
        phrase = self.text[tail : d.q.start]
        gain = cue is not None and cue.reading == "gain" and d.measure == "level"
        stop = self._stop(d, None if gain else cue, tail)
        if d.measure in ("rank", "share"):
            head = self._rank_or_share(d, tail)
            if head is not None:
                return self._take(d, head, 0.95)
        if d.q.kind == "percent" and _TASK.search(phrase) and self.drafts:
            return self._inherit(d, used)
        if (phrase.endswith("连续") and len(phrase) < 5 and self.drafts) or self._on_a_step(d, used):
            return self._inherit_any(d, used)
        if phrase.endswith("连续"):
            before = self.heads.before(tail, d.q.start - 2, d.q)
            if (
                before is not None
                and not self.heads.is_name(tail, d.q.start - 2, d.q)
                and len(before.name) > 2
            ):
                return self._take(d, before, 0.6)
            lasting, end = self.heads.after(d.q, limit)
            if lasting is not None:
                self._take(d, lasting, 0.5)
                return end
        head = spare = self.heads.before(tail, stop, d.q)
        if head is not None and not head.canonical and self.heads.is_name(tail, stop, d.q):
            head = None
        end = self._behind_first(d, head, cue is None or gain, tail, stop, limit)
        if end:
            return end
        if head is not None and (head.canonical or not self._compares(head.name)):
            return self._take(d, self._with_parent(head, d), 0.95 if head.canonical else 0.7)
        if cue is None or (d.q.kind in ("count", "person") and d.measure == "level"):
            end = self._behind(d, head, used, tail, stop, limit)
            if end:
                return end
        verb = self.heads.verb_before(tail, stop) if cue is None or gain else None
        if verb:
            return self._take(d, verb, 0.5)
        end = self._from_earlier(d, used, tail)
        if d.indicator is None and spare is not None and cue is None:
            return self._take(d, Head(_BOUND.sub("", spare.name), spare.rule, False), 0.4)
        return end

    def _on_a_step(self, d: Draft, used: int) -> bool:
        """三个百亿台阶 and 400亿元大关 are of what the sentence speaks of, where it has named that."""
        if not _STEPS.match(self.text, d.q.end):
            return False
        return bool(self.drafts) or bool(self.heads.indicators.within(used, d.q.start))

    def _stop(self, d: Draft, cue: Cue | None, tail: int) -> int:
        """Where the noun before a figure ends at the latest: at change, comparison, rank, share."""
        stop = tail + cue.start if cue else d.q.start
        against = _AGAINST.search(self.text, tail, stop) if cue is not None else None
        if against and against.start() - tail >= 2:
            stop = against.start()
        ranked = _RANKING.search(self.text, tail, d.q.start) if d.measure == "rank" else None
        if ranked:
            stop = ranked.start()
        if d.measure == "share" and "占" in self.text[tail:stop]:
            stop = tail + self.text[tail:stop].rindex("占")
        return stop

    def _rank_or_share(self, d: Draft, tail: int) -> Head | None:
        """An alias that itself speaks of a table of ranks or of a share."""
        end = "500_rank" if d.measure == "rank" else "share"
        found = [m for m in self.heads.indicators.within(tail, d.q.start) if m.name.endswith(end)]
        return Head(found[-1].name, "alias in the phrase", True) if found else None

    def _behind_first(
        self, d: Draft, head: Head | None, plain: bool, tail: int, stop: int, limit: int
    ) -> int:
        """The noun behind a figure where it comes first: counts, after 年产 or 的; else 0."""
        q = d.q
        made = _MAKES.search(self.text[tail:stop]) is not None
        leading = q.kind in ("count", "person") or made or self.heads.is_name(tail, stop, q)
        if leading and q.kind in _COUNTED and plain:
            behind, end = self.heads.after(q, limit)
            if behind is not None:
                self._joined = end
                self._take(d, behind, 0.9 if behind.canonical else 0.7)
                return end
        general = head is not None and q.kind == "money" and _GENERIC.search(head.name) is not None
        if (self.text[q.start - 1] != "的" and not general) or q.kind == "percent":
            return 0
        behind, end = self.heads.after(q, limit)
        if behind is None or (head is not None and head.canonical):
            return 0
        self._take(d, behind, 0.75)
        return end

    def _behind(self, d: Draft, head: Head | None, used: int, tail: int, stop: int, limit: int) -> int:
        """The noun behind a figure that has none before it; 0 where there is none."""
        q = d.q
        joined = bool(self.drafts) and used == self._joined and self.text[q.start - 1] in "和及、与"
        loose = joined or (head is None and self.heads.verb_before(tail, stop) is not None)
        behind, end = self.heads.after(q, limit, loose)
        named = d.measure == "level" and q.kind == "money" and self.heads.nearest(used, tail, q) is not None
        if behind is None or named:
            return 0
        self._take(d, behind, 0.9 if behind.canonical else 0.65)
        self._joined = end
        return end

    def _from_earlier(self, d: Draft, used: int, tail: int) -> int:
        """What the clauses before speak of, else what the figure before is of."""
        if d.measure == "rank" and not self.drafts and self.heads.nearest(used, d.q.start, d.q) is None:
            among = _AMONG.search(self.text, tail, d.q.start)
            if among:
                return self._take(d, Head(among[1], "among whom it is ranked", False), 0.4)
        if d.measure == "rank" or tail > used:
            earlier = self.heads.nearest(used, tail, d.q)
            if earlier is not None:
                return self._take(d, earlier, 0.75)
            words = self._earlier_words(used, tail, d.q) if not self.drafts else None
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
                r"[比较与同]|高[于出全]|超出|低[于全]|落后|快于|领先|位居|居(?!民)|列|排名|全[省国市]|达产|年均|平均|增速|占|"
                r"完成|其中|降幅|涨幅|增幅|拉动|连跨|.*台阶|迈|跃|跻身|稳居|斩获|冲刺|领跑|"
                r"[\d.]*[十百]?亿元?以上|[\d.]+万元以上",
                name,
            )
        )

    def _with_parent(self, head: Head, d: Draft) -> Head:
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
        words = _WHOLES.get(parent.indicator or "", "")
        return Head(head.name + words, "own words and what they are part of (其中)", False)

    def _earlier_words(self, used: int, tail: int, q: Quantity) -> Head | None:
        """Own words of the clause before, where the figure's own clause only continues it."""
        at = clause_start(self.text, used, tail - 1)
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

    def _bears(self, name: str, d: Draft) -> bool:
        ranked = d.unit == "rank" and "rank" in self.lexicon.kinds[name]
        return ranked or self.heads.fits(name, d.q)

    def _inherit(self, d: Draft, used: int) -> int:
        fits = [p for p in self.drafts if p.indicator and (not p.canonical or self._bears(p.indicator, d))]
        if fits:
            last = fits[-1]
            if d.measure == "rank" and last.measure in ("change",) and len(fits) > 1:
                last = fits[-1]
            d.set("indicator", last.indicator, "elided: that of the figure before", 0.8)
            d.canonical = last.canonical
            return d.q.end
        if self.drafts and d.measure == "share" and self.drafts[-1].indicator:
            of = self.drafts[-1].indicator
            head = Head(
                _SHARE_OF.get(of, of), "elided: a share of the figure before", self.drafts[-1].canonical
            )
            return self._take(d, head, 0.7)
        if self.drafts and d.q.kind == "money":
            name = _MONEY_OF.get(self.drafts[-1].indicator or "")
            if name:
                return self._take(d, Head(name, "the money of what was counted before", True), 0.75)
        d.set("indicator", None, "none found", 0.2)
        return d.q.end
