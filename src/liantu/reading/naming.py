"""Which indicator a figure is of: the noun before it, behind it, or that of the figure before."""

from __future__ import annotations

from liantu.reading import patterns as pattern
from liantu.reading.cues import Cue
from liantu.reading.draft import Draft
from liantu.reading.heads import HeadReader
from liantu.reading.kin import amidst, apart, kin, next_work, with_parent
from liantu.reading.measures import OVER as _OVER
from liantu.reading.phrase import Head, clause_start
from liantu.reading.quantity import Quantity
from liantu.reading.series import Item


class Naming:
    """Names the figures of one sentence after the other."""

    def __init__(self, heads: HeadReader) -> None:
        self.heads, self.lexicon, self.text = heads, heads.lexicon, heads.text
        self.start = 0
        self.drafts: list[Draft] = []
        self._joined = -1
        self.branch: str | None = None
        self.bearer = ""
        self._earlier: list[Draft] = []
        self._before: list[Draft] = []

    def begin(self, start: int, drafts: list[Draft], earlier: list[Draft], before: list[Draft]) -> None:
        """A new sentence, whose facts will be put into `drafts`; `earlier` are those before a semicolon."""
        self._earlier = earlier
        self._before = before or self._before
        self.start, self.drafts, self._joined = start, drafts, -1

    def name(self, d: Draft, cue: Cue | None, used: int, tail: int, limit: int, item: Item | None) -> int:
        """Set the indicator of a figure; return the place up to which the text is used.

        `used` is where the figure before ends, `tail` where the last clause before this one begins,
        `limit` where the next figure begins, `item` its member of a series.
        """
        self.branch, self.bearer = None, ""
        end = self._told(d, used, tail, item) or self._lasting(d, used, tail, limit)
        if end is not None:
            return end
        gain = cue is not None and cue.reading == "gain" and d.measure == "level"
        stop = self._stop(d, None if gain else cue, tail)
        head = spare = self.heads.before(tail, stop, d.q)
        self.branch = self.heads.branch(tail, stop) if d.q.kind == "money" and d.measure == "level" else None
        if self.branch:
            return self._take(d, Head("output", "money of a branch, chain or cluster", True), 0.75)
        if head is not None and not head.canonical and self.heads.is_name(tail, stop, d.q):
            head = None
        before = self.drafts or self._earlier
        meant = kin(before[-1], head, self.text) if head is not None and before else None
        if meant:
            return self._take(d, Head(meant, "kin of the figure before", True), 0.85)
        end = self._behind_first(d, head, cue is None or gain, tail, stop, limit)
        if end:
            return end
        if head is not None and (head.canonical or not self.compares(head.name) or apart(head, self.drafts)):
            return self._take(
                d, with_parent(head, d, self.text, self.start, self.drafts), 0.95 if head.canonical else 0.7
            )
        if cue is None or (d.q.kind in ("count", "person") and d.measure == "level"):
            end = self._behind(d, head, used, tail, stop, limit)
            if end:
                return end
        verb = self.heads.verb_before(tail, stop) if cue is None or gain else None
        if verb:
            return self._take(d, verb, 0.5)
        end = self._from_earlier(d, used, tail)
        if d.indicator is None and spare is not None and cue is None:
            return self._take(d, Head(pattern.BOUND.sub("", spare.name), spare.rule, False), 0.4)
        return end

    def _told(self, d: Draft, used: int, tail: int, item: Item | None) -> int | None:
        """What the form of the phrase alone tells: a series, a bracket, a named rank, a task, a step."""
        if item is not None and item.indicator:
            d.set("indicator", item.indicator, "member of the series (分别)", 0.9)
            d.canonical = item.indicator in self.lexicon.kinds
            return d.q.end
        if self.text[d.q.start - 1] == "(":
            own = pattern.BRACKETS.search(self.text, used, d.q.start)
            if own and self.drafts and not self.heads.subjects.within(own.start(1), own.end(1)):
                canonical = self.drafts[-1].canonical
                return (
                    self._inherit(d, used)
                    if canonical
                    else self._take(
                        d,
                        Head(
                            self.heads.layout.own(own.start(1), own.end(1)),
                            "own words before the bracket",
                            False,
                        ),
                        0.7,
                    )
                )
            of = self.heads.bracketed(self.start, d.q.start, d.q) if self.start == used else None
            if of is not None:
                return self._take(d, of, 0.75)
            if self.drafts and self.drafts[-1].q.kind == d.q.kind:
                return self._inherit(d, used)
        phrase = self.text[tail : d.q.start]
        head = self._rank_or_share(d, used) if d.measure in ("rank", "share") or d.unit == "rank" else None
        if head is not None:
            return self._take(d, head, 0.95)
        if d.q.kind == "money" and next_work(d, self.text, self.drafts):
            return self._take(d, Head("total_investment", "money of a project, as the one before", True), 0.8)
        named = self.heads.topped(used, d.q.start, d.q)
        if named is not None:
            return self._take(d, named, 0.8)
        if d.q.kind == "percent" and pattern.TASK.search(phrase) and self.drafts:
            return self._inherit(d, used)
        if (phrase.endswith("连续") and len(phrase) < 5 and self.drafts) or self._on_a_step(d, used):
            return self._inherit_any(d, used)
        return None

    def _lasting(self, d: Draft, used: int, tail: int, limit: int) -> int | None:
        """What lasted so long: 增加值 in 增加值连续6个月, 入围 in 连续6年入围."""
        if not self.text[tail : d.q.start].endswith("连续"):
            return None
        spoken = self.heads.indicators.within(tail, d.q.start)
        if spoken:
            return self._take(d, Head(spoken[-1].name, "alias before a duration", True), 0.8)
        before = self.heads.before(tail, d.q.start - 2, d.q)
        named = before is not None and self.heads.is_name(tail, d.q.start - 2, d.q)
        if before is not None and not named and len(before.name) > 2:
            return self._take(d, before, 0.6)
        lasting, end = self.heads.after(d.q, limit)
        if lasting is None:
            return None
        if self.drafts and pattern.RANKED.match(lasting.name):
            return self._inherit_any(d, used)
        self._take(d, lasting, 0.5)
        return end

    def _on_a_step(self, d: Draft, used: int) -> bool:
        """三个百亿台阶 and 400亿元大关 are of what the sentence speaks of, where it has named that."""
        if not pattern.STEPS.match(self.text, d.q.end):
            return False
        return bool(self.drafts) or bool(self.heads.indicators.within(used, d.q.start))

    def _stop(self, d: Draft, cue: Cue | None, tail: int) -> int:
        """Where the noun before a figure ends at the latest: at change, comparison, rank, share."""
        stop = tail + cue.start if cue else d.q.start
        against = pattern.AGAINST.search(self.text, tail, stop) if cue is not None else None
        if against and (against.start() - tail >= 2 or against.start() == tail):
            stop = against.start()
        ranked = pattern.RANKING.search(self.text, tail, d.q.start) if d.measure == "rank" else None
        if ranked:
            stop = ranked.start()
        times = pattern.TIMES_OF.search(self.text, tail, d.q.start) if d.q.kind == "times" else None
        if times:
            stop = min(stop, times.start())
        over = _OVER.search(self.text, tail, d.q.start) if d.q.kind == "points" else None
        if over:
            stop = min(stop, over.start())
        share = (
            [m.start() for m in pattern.TAKES.finditer(self.text, tail, stop)] if d.measure == "share" else []
        )
        if share:
            stop = share[-1]
        return stop

    def _rank_or_share(self, d: Draft, tail: int) -> Head | None:
        """An alias that itself speaks of a table of ranks or of a share."""
        end = "500_rank" if d.unit == "rank" else "share"
        low = tail if end == "500_rank" else clause_start(self.text, tail, d.q.start)
        found = [m for m in self.heads.indicators.within(low, d.q.start) if m.name.endswith(end)]
        return Head(found[-1].name, "alias in the phrase", True) if found else None

    def _behind_first(
        self, d: Draft, head: Head | None, plain: bool, tail: int, stop: int, limit: int
    ) -> int:
        """The noun behind a figure where it comes first: counts, after 年产 or 的; else 0."""
        q = d.q
        made = pattern.MAKES.search(self.text[tail:stop]) is not None
        stage = head is not None and not head.canonical and head.name.endswith("期")
        leading = q.kind in ("count", "person") or made or stage or self.heads.is_name(tail, stop, q)
        if leading and q.kind in pattern.COUNTED and plain:
            behind, end = self.heads.after(q, limit)
            if behind is not None:
                self._joined = end
                self._take(d, behind, 0.9 if behind.canonical else 0.7)
                return end
        general = head is not None and q.kind == "money" and pattern.GENERIC.search(head.name) is not None
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
        table = pattern.TABLE.search(self.text, used, tail) if d.measure == "rank" else None
        if table and not self.drafts:
            name = self.heads.layout.own(table.start(1), table.end(1))
            return self._take(d, Head(name, "the table of ranks", False), 0.6)
        if d.measure == "rank" and not self.drafts and self.heads.nearest(used, d.q.start, d.q) is None:
            among = pattern.AMONG.search(self.text, tail, d.q.start)
            if among:
                return self._take(d, Head(among[1], "among whom it is ranked", False), 0.4)
        if d.measure == "rank" or tail > used:
            if pattern.WITHOUT.match(self.text, clause_start(self.text, used, tail - 1)):
                return self._inherit(d, used)
            earlier = self.heads.nearest(used, tail, d.q)
            if earlier is not None:
                return self._take(d, earlier, 0.75)
            words = self._earlier_words(used, tail, d.q) if not self.drafts else None
            if words is not None:
                return self._take(d, words, 0.5)
        return self._inherit(d, used)

    def _take(self, d: Draft, head: Head, trust: float) -> int:
        self.bearer = head.bearer
        meant = pattern.OF_MONEY.get(head.name) if d.q.kind == "money" and not head.canonical else None
        if meant:
            head = Head(meant, "what was signed or came in, in money", True)
        d.set("indicator", head.name, head.rule, trust)
        d.canonical = head.canonical
        return d.q.end

    @staticmethod
    def compares(name: str) -> bool:
        """Whether words before a figure only compare or go on, and name nothing."""
        return bool(pattern.SCOPES.match(name) or pattern.COMPARES.match(name))

    def _earlier_words(self, used: int, tail: int, q: Quantity) -> Head | None:
        """Own words of the clause before, where the figure's own clause only continues it."""
        at = clause_start(self.text, used, tail - 1)
        if pattern.SAID.search(self.text, at, tail) or pattern.VIEW.match(self.text, at):
            return None
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

    def _topic(self, d: Draft) -> list[Draft]:
        """The first level of the sentence before, where a sentence only names another subject: 分县区看…."""
        whole = self.text[self.start : d.q.start]
        bare = pattern.BARE.search(whole) if len(whole) < 40 else None
        return [p for p in self._before[:1] if bare and p.q.kind == d.q.kind]

    def _inherit(self, d: Draft, used: int) -> int:
        drafts = self.drafts or self._earlier or self._topic(d)
        if d.measure == "rank":
            drafts = [p for p in drafts if p.unit != "count" or not amidst(p, self.text)] or drafts
        fits = [p for p in drafts if p.indicator and (not p.canonical or self._bears(p.indicator, d))]
        if fits:
            last = fits[-1]
            if d.measure == "rank" and last.measure in ("change",) and len(fits) > 1:
                last = fits[-1]
            trust = min(
                0.8, last.trust.get("indicator", 0.8)
            )  # a wrong name is wrong for all that inherit it
            d.set("indicator", last.indicator, "elided: that of the figure before", trust)
            d.canonical = last.canonical
            return d.q.end
        if self.drafts and d.measure == "share" and self.drafts[-1].indicator:
            of = self.drafts[-1].indicator
            head = Head(
                pattern.SHARE_OF.get(of, of),
                "elided: a share of the figure before",
                self.drafts[-1].canonical,
            )
            return self._take(d, head, 0.7)
        if self.drafts and d.q.kind == "money":
            name = pattern.MONEY_OF.get(self.drafts[-1].indicator or "")
            if name:
                return self._take(d, Head(name, "the money of what was counted before", True), 0.75)
        d.set("indicator", None, "none found", 0.2)
        return d.q.end
