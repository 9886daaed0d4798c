"""The noun that a figure belongs to: an indicator of the lexicon, or the text's own words."""

from __future__ import annotations

import re

from liantu.reading import patterns as pattern
from liantu.reading.cues import choice
from liantu.reading.layout import Layout
from liantu.reading.lexicon import Lexicon
from liantu.reading.mentions import Mention, Mentions
from liantu.reading.phrase import Head, ending, opening
from liantu.reading.quantity import Quantity


class HeadReader:
    """Finds heads in one text."""

    def __init__(
        self, layout: Layout, indicators: Mentions, subjects: Mentions, times: Mentions, lexicon: Lexicon
    ) -> None:
        self.text = layout.text
        self.layout = layout
        self.indicators = indicators
        self.subjects = subjects
        self.times = times
        self.lexicon = lexicon
        bounds = tuple(lexicon.qualifiers_left)
        self._closers = ending(
            tuple(sorted({*lexicon.words["copulas"], *bounds}, key=lambda w: (-len(w), w)))
        )
        self._openers = opening(lexicon.words["openers"])
        self._verbs = tuple(v for v in lexicon.words["verbs"] if len(v) >= 2)
        self._inside = frozenset(lexicon.words["inside_names"])
        self._breaks = lexicon.words["breaks"]
        self._verb = re.compile(choice(self._verbs))
        self._short_verb = re.compile(choice(v for v in lexicon.words["verbs"] if len(v) == 1))
        self._stops = set("".join(lexicon.words["noun_stops"]))

    def before(self, start: int, end: int, q: Quantity) -> Head | None:
        """The head in [start, end), the phrase before a figure without its words of change."""
        low, high = self.narrow(start, end)
        if high - low < 1:
            return None
        mention = self._alias(low, high, q) or self._beyond(low, high, q)
        if mention is not None:
            return mention
        if high - low == 1 and self.text[low - 1] in ";、,，" and "一" <= self.text[low] <= "龥":
            return Head(self.layout.own(low, high), "own word before the figure", False, low)
        if (
            self.text[max(start, high) : end].strip("约近超") in ("和", "与", "及", "、")
            and q.kind != "percent"
        ):
            return None
        if high - low < 2 or not re.search("[一-龥]{2}|[A-Za-z]", self.text[low:high]):
            return None
        name = re.sub("(?<=[价评榜单名测])中$", "", self._untimed(low, high, True))
        return Head(name, "own words before the figure", False, low)

    def _beyond(self, low: int, high: int, q: Quantity) -> Head | None:
        """新开工亿元以上项目 is 新开工项目: a threshold inside a name does not change what is counted."""
        words = self.text[low:high]
        kind = next((name for known, name in pattern.COUNTED_AS if known.search(words)), None)
        if kind and q.kind == "count":
            return Head(kind, "projects of a kind that were begun or signed", True, low)
        bare = pattern.THRESHOLD.sub("", words)
        if bare == words:
            return None
        for cut in range(max(0, len(bare) - 1)):
            name = self.lexicon.indicators.get(bare[cut:])
            if name and self.fits(name, q):
                return Head(name, "alias around a threshold", True, low)
        return None

    def _alias(self, low: int, high: int, q: Quantity) -> Head | None:
        found = [
            m for m in self.indicators.within(max(0, low - 10), high) if m.end > low and self.fits(m.name, q)
        ]
        if not found:
            name = self.lexicon.indicators.get(self.text[low:high])
            fits = name is not None and self.fits(name, q)
            return Head(str(name), "alias before a word of change", True, low) if fits else None
        last = found[-1]
        after = self._strip_right(last.end, high)
        rest = re.sub(
            r"[的、,，“”]|总量|总额|规模|水平|情况|目标|任务|数量|数|完成|实现|总数|累计|已|全部|"
            r"增速|占比|比重|入库",
            "",
            self.text[last.end : after],
        )
        if len(re.findall("[一-龥]", rest)) >= 2 or rest[:1] in tuple("率面比度费税线区园点价"):
            return None
        if pattern.PER_HEAD.search(self.text, max(0, last.start - 8), last.start):
            return None
        work = self._untimed(low, max(low, last.start))
        if pattern.STAGE.match(work):
            named = [m for m in self.subjects.within(max(0, low - 24), low) if m.end == low]
            work = self.text[named[-1].start : low] + work if named else work
        if last.name in ("total_investment", "completed_investment") and pattern.PROJECT.search(work):
            return Head(last.name, "alias behind the project that bears it", True, last.start, work)
        named = [m for m in self.subjects.within(low, last.start) if m.kind in ("firm", "place", "generic")]
        if named and named[-1].end < last.start:
            low = named[-1].end
        return self._borne(last, self._untimed(low, max(low, last.start)))

    @staticmethod
    def _borne(last: Mention, ahead: str) -> Head | None:
        """The head of an alias behind the words `ahead`: its bearer, a mere qualifier, or another noun."""
        name, at = last.name, last.start
        if name in pattern.BORNE and pattern.BEARERS.search(ahead) and "工业企业" not in ahead:
            return Head(name, "alias behind those who bear it", True, at, ahead)
        if name in ("cluster_output", "chain_output"):
            return Head(name, "alias in the phrase", True, at)
        if name in ("output", "revenue", "profit") and pattern.OUTPUTS.search(ahead):
            return Head(name, "alias behind the branch that bears it", True, at, ahead)
        if name == "project_investment" and ahead:
            return Head("total_investment", "investment of the project named before it", True, at)
        projects = name == "total_investment" and ahead.endswith(pattern.WORKS)
        if not projects and len(re.findall("[一-龥]", pattern.QUALIFYING.sub("", ahead))) >= 2:
            kept = name in ("funds_in_place", "projects_signed", "projects_started")
            return Head(name, "alias", True, at) if kept else None
        return Head(name, "alias in the phrase", True, at)

    def _untimed(self, low: int, high: int, own: bool = False) -> str:
        """The words of a phrase without those for time; `own`: as the original prints them."""
        parts, at = [], low
        for time in self.times.within(low, high):
            parts.append((at, time.start))
            at = time.end
        parts.append((at, high))
        return "".join(self.layout.own(a, b) if own else self.text[a:b] for a, b in parts if b > a)

    def fits(self, name: str, q: Quantity) -> bool:
        """Whether an indicator can bear a unit of this kind."""
        kinds = self.lexicon.kinds[name]
        return (
            not kinds
            or q.kind in ("rank", *kinds)
            or q.unit in kinds
            or (q.kind == "places" and "rank" in kinds)
        )

    def nearest(self, start: int, end: int, q: Quantity) -> Head | None:
        """The last alias that fits anywhere in [start, end)."""
        found = [m for m in self.indicators.within(start, end) if self.fits(m.name, q)]
        return Head(found[-1].name, "alias earlier in the sentence", True, found[-1].start) if found else None

    def narrow(self, start: int, end: int) -> tuple[int, int]:
        """The phrase without what only leads up to its noun and what only links it to the figure."""
        high = self._strip_right(start, end)
        low = self._strip_left(start, high)
        cut = low
        for m in self._verb.finditer(self.text, low, high):
            ends = not pattern.NOUN_ENDING.match(self.text, m.end(), high)
            if ends and not self._inside_alias(m.start(), m.end()):
                cut = m.end()
        low = self._strip_left(cut, high) if cut > low else low
        for m in self._short_verb.finditer(self.text, low, high):
            pair = (self.text[m.start() : m.end() + 1], self.text[m.start() - 1 : m.end()])
            named = any(p in self._inside for p in pair)
            if not named and not self._inside_alias(m.start(), m.end()) and high - m.start() > 2:
                low = m.end()
        return low, max(low, self._strip_right(low, high))

    def _inside_alias(self, start: int, end: int) -> bool:
        return any(m.start <= start and m.end >= end for m in self.indicators.within(start - 24, end + 24))

    def _strip_right(self, start: int, end: int) -> int:
        while end > start:
            time = self.times.ending(end)
            bracket = self.text.rfind("(", start, end) if self.text[end - 1] == ")" else -1
            if time and time.start >= max(start, end - 16):
                end = time.start
                continue
            if bracket > start:
                end = bracket
                continue
            if self.text[end - 1] in pattern.TRIM_RIGHT or self.text[end - 1] in "由从":
                end -= 1
                continue
            found = self._closers.search(self.text[max(start, end - 5) : end])
            if found and not self._inside_alias(end - len(found.group()), end):
                end -= len(found.group())
            else:
                break
        return end

    def _strip_left(self, start: int, end: int) -> int:
        while start < end:
            skips = self.times.at(start, end) or self.subjects.at(start, end)
            skip = skips[0] if skips else None
            found = self._openers.match(self.text, start, end)
            if (
                skip
                and (skip.end < end or skip.kind == "time")
                and not any(m.end >= skip.end for m in self.indicators.at(start, end))
            ):
                start = skip.end
            elif self.text[start] in pattern.TRIM_LEFT or (
                self.text[start] == "“" and "”" not in self.text[start:end]
            ):
                start += 1
            elif (
                found
                and not self._inside_alias(start, found.end())
                and not pattern.KEPT.match(self.text, start, end)
            ):
                start = found.end()
            else:
                break
        return min(start, end)

    def bracketed(self, start: int, end: int, q: Quantity) -> Head | None:
        """What figures in brackets are of: 完成率 in 完成率最高的是城关区(72%)、永安县(68%)."""
        found = pattern.SUPERLATIVE.match(self.text, start, end)
        head = self.before(found.start(1), found.end(1), q) if found else None
        return head or self.nearest(start, end, q)

    def topped(self, start: int, end: int, q: Quantity) -> Head | None:
        """到位资金 in 到位资金排名前三位的县区依次是."""
        found = pattern.TOPPED.search(self.text, start, end)
        return self.nearest(found.start(1), found.end(1), q) if found else None

    def verb_before(self, start: int, end: int) -> Head | None:
        """The verb itself, where a phrase has no noun: 办结 in 办结8517件."""
        high = self._strip_right(start, end)
        low = self._strip_left(start, high)
        if high - low < 2 or not self.text[low:high].endswith(self._verbs):
            return None
        return Head(self.layout.own(low, high), "verb before the figure", False, low)

    def _noun_end(self, at: int, limit: int) -> int:
        if self.text[at : at + 1] == "“":
            closing = self.text.find("”", at, min(limit, at + 24))
            if closing > 0:
                return closing + 1
        end = at
        while end < limit and end - at < 16 and self.text[end] not in self._stops and self.text[end] != "\n":
            if (
                end > at + 1
                and self.text.startswith(self._breaks, end)
                and not self.text.startswith("列重", end)
            ):
                break
            end += 1
        project = self.text.find("项目", at, end)
        return project + 2 if project > 0 else end

    def is_name(self, start: int, end: int, q: Quantity) -> bool:
        """Whether a phrase is nothing but the name of a place or firm, and not what the figure counts."""
        high = self._strip_right(start, end)
        low = self._strip_left(start, high)
        counted = q.kind in ("count", "person")
        found = (m for m in self.subjects.within(low, high) if m.start == low and m.end == high)
        return any(m.kind != "firm" or not counted for m in found)

    def branch(self, start: int, end: int) -> str | None:
        """The branch, chain or cluster whose name ends a phrase: 新材料产业 in 实现新材料产业破千亿元."""
        high = self._strip_right(start, end)
        named = [m for m in self.subjects.within(start, high) if m.end == high and m.kind == "firm"]
        branches = ("产业", "产业链", "集群", "产业体系")
        return named[-1].name if named and named[-1].name.endswith(branches) else None

    def after(self, q: Quantity, limit: int, loose: bool = False) -> tuple[Head | None, int]:
        """The noun right behind a figure, as 企业 in 466名企业, and where it ends."""
        at = q.end
        if q.kind in ("money", "percent", "times"):
            if self.text[at : at + 1] == "的":
                at += 1
            elif not loose or self.text.startswith(self._verbs, at):
                return None, q.end
        elif self.text[at : at + 1] == "的":
            at += 1
        end = self._noun_end(at, limit)
        noun = self.text[at:end]
        if (
            not re.match("[一-龥A-Za-z“]", noun)
            or pattern.CHANGED.match(noun)
            or noun.startswith(("实现", "已", "均", "居", "全部", "达", "被", *pattern.SIDES))
        ):
            return None, q.end
        done = (
            pattern.PROJECTS_DONE.match(self.text, end)
            if noun.endswith("项目") and q.kind == "count"
            else None
        )
        if done:
            name = "projects_signed" if done[1] == "签约" else "projects_started"
            return Head(name, "projects and what was done with them", True, at), end
        found = [m for m in self.indicators.within(at, end) if self.fits(m.name, q) and m.end == end]
        if found and q.kind in pattern.FOLLOWED and found[0].start - at <= 2:
            return Head(found[0].name, "alias behind the figure", True, at), end
        return Head(self.layout.own(at, end), "own words behind the figure", False, at), end
