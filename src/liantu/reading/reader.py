"""The reader: text in, proposed figures out, a table of contents of the steps."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from liantu.errors import InputError, Problem
from liantu.messages import problem
from liantu.reading.about import document_subject
from liantu.reading.dates import Moment, document_date, find_moments
from liantu.reading.draft import Draft
from liantu.reading.fact import CONFIDENT, Fact
from liantu.reading.grammar import SentenceReader
from liantu.reading.heads import HeadReader
from liantu.reading.layout import Layout, lay_out, repeated_places
from liantu.reading.lexicon import Lexicon, load_lexicon
from liantu.reading.mentions import Mention, Mentions, find_indicators, find_subjects
from liantu.reading.periods import Clock, document_scope, headline_scope
from liantu.reading.quantity import Quantity, find_quantities
from liantu.reading.source import content_text, load_text
from liantu.reading.subjects import SubjectReader
from liantu.reading.trust import confidence

_LONGEST = 800
"""Characters of a sentence; the longest of real reports have about 500."""
_DENSE = 40
"""Characters for each figure, at most, of a bulletin or briefing; a reportage has a hundred and more."""
_SENTENCE_END = re.compile(r"[。!?;\n]")


@dataclass(frozen=True)
class Reading:
    """One text that was read: its facts in order, its date and the subject it is about."""

    file: str
    text: str
    facts: tuple[Fact, ...]
    date: str | None
    subject: str | None


@dataclass(frozen=True)
class Refused:
    """A file that could not be read, and why."""

    file: str
    problem: Problem


def read_file(path: str | Path, *, date: str | None = None, lexicon: Path | None = None) -> Reading:
    """Read a txt, html, docx or PDF file; offsets count characters of `Reading.text`.

    Raises OSError, or InputError with one of the codes of `source.content_text`.
    """
    path = Path(path)
    return read_text(load_text(path), source=path.name, date=date, lexicon=lexicon)


def read_bytes(content: bytes, name: str, *, date: str | None = None, lexicon: Path | None = None) -> Reading:
    """Read an upload; as `read_file`, without a file on disk."""
    return read_text(content_text(content, name), source=name, date=date, lexicon=lexicon)


def read_each(
    paths: Iterable[str | Path], *, date: str | None = None, lexicon: Path | None = None
) -> Iterator[Reading | Refused]:
    """Read one file after the other, each given back before the next is opened; none stops the others."""
    for path in paths:
        try:
            yield read_file(path, date=date, lexicon=lexicon)
        except InputError as error:
            yield Refused(Path(path).name, error.problems[0])
        except OSError as error:
            reason = error.strerror or str(error)
            yield Refused(Path(path).name, problem("unreadable_file", Path(path).name, found=reason))


def read_text(
    text: str, *, date: str | None = None, source: str = "", lexicon: Path | None = None
) -> Reading:
    """Propose the figures of a text.

    `date` ('2025-11-07' or '2025') is that of the document, where it is known; else the one printed in its
    first lines or in the name `source`, which every fact bears as its file. `lexicon` is a folder with a
    city's own words (see docs/reading.md). The same text always gives the same facts. Raises ValueError where
    `date` has no year.
    """
    words = load_lexicon(lexicon)
    layout = lay_out(text)
    folded = layout.text
    known = _date(date) if date else document_date(text, source)
    moments = find_moments(folded)
    quantities = find_quantities(folded, moments, words)
    subjects = find_subjects(folded, words)
    about = document_subject(folded, subjects)
    drafts = _read_sentences(layout, words, quantities, moments, subjects, about, known)
    repeated = repeated_places(folded)
    facts = [_fact(d, layout, source) for d in drafts if not _inside(d.q, repeated)]
    when = None if known is None else f"{known[0]}-{known[1]:02d}" if known[1] else str(known[0])
    return Reading(source, text, tuple(facts), when, about)


def _date(date: str) -> tuple[int, int]:
    found = re.match(r"(\d{4})(?:-(\d{1,2}))?", date)
    if found is None:
        raise ValueError(f"no year in the date {date!r}; write it as 2025-11-07")
    return int(found[1]), int(found[2] or 0)


def _read_sentences(
    layout: Layout, words: Lexicon, quantities: list[Quantity], moments: list[Moment], subjects: Mentions,
    about: str | None, known: tuple[int, int] | None,
) -> list[Draft]:  # fmt: skip
    text = layout.text
    scope = document_scope(text, known[0] if known else None)
    clock = Clock(known[0] if known else None, known[1] if known else 0, scope, rule="the headline")
    clock.bulletin = scope is not None and "公报" in text[:300]
    clock.dense = len(quantities) * _DENSE >= len(text)
    if scope:
        clock.current_year = int(scope)
    else:
        clock.scope = headline_scope(text, moments, clock)
        clock.bulletin = clock.scope is not None
    times = Mentions([Mention(m.start, m.end, m.text, "time") for m in moments])
    heads = HeadReader(layout, find_indicators(text, words), subjects, times, words)
    bearers = SubjectReader(text, subjects, about, frozenset(words.words["of_places"]))
    government = "政府工作报告" in text[:60]
    reader = SentenceReader(heads, bearers, clock)
    drafts: list[Draft] = []
    starts, moment_starts = [q.start for q in quantities], [m.start for m in moments]
    for start, end, mark in _sentences(text):
        low, high = bisect_left(starts, start), bisect_left(starts, end)
        first, last = bisect_left(moment_starts, start), bisect_left(moment_starts, end)
        if _POINT.match(text, start):
            bearers.paragraph()
        if mark == "\n" and high == low and end - start < 32 and start and text[start - 1] == "\n":
            _heading(text[start:end], clock, moments[first:last])
        if high > low or last > first:
            drafts += reader.read(start, end, quantities[low:high], moments[first:last])
        else:
            bearers.notice(start, end)
        if mark == "\n" or government:
            bearers.paragraph()
        if mark == "\n":
            clock.paragraph()
    return drafts


def _sentences(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and closing mark of each sentence; one without an end is cut, so that time stays linear."""
    start = 0
    for end, mark in [*((m.start(), m.group()) for m in _SENTENCE_END.finditer(text)), (len(text), "\n")]:
        while end - start > _LONGEST:
            cut = max(text.rfind(c, start + _LONGEST // 2, start + _LONGEST) for c in ",，、")
            cut = cut if cut > 0 else start + _LONGEST
            yield start, cut, ","
            start = cut
        yield start, end, mark
        start = end + 1


_POINT = re.compile("[一二三四五六七八九]是|其[一二三四]|首先|第[二三四五],")
_PLANS = re.compile("工作安排|主要目标|预期目标|总体要求|今年工作|下一步|重点任务|发展目标|奋斗目标|工作打算")


def _heading(line: str, clock: Clock, moments: list[Moment]) -> None:
    """A heading such as 二、2025年工作安排 sets the period, and whether plans follow."""
    if not line or line[-1] in "。,，;":
        return
    years = [m for m in moments if (m.year or m.shift is not None) and not m.sub]
    period = clock.resolve(years[-1]) if years else None
    if period:
        clock.scope, clock.rule, clock.anchor, clock.span = period, f"the heading {line}", None, None
    if period or re.match(r"[一二三四五六七八九十]+、", line):
        clock.plans = _PLANS.search(line) is not None
        clock.anchor = None if period else clock.first


def _inside(q: Quantity, places: list[tuple[int, int]]) -> bool:
    at = bisect_left(places, (q.start + 1, 0)) - 1
    return at >= 0 and places[at][1] >= q.end


def _fact(d: Draft, layout: Layout, file: str) -> Fact:
    start, end = layout.span(d.q.start, d.q.end)
    return Fact(
        file=file, start=start, end=end, text=layout.original[start:end],
        subject=d.subject, indicator=d.indicator, value=d.value, unit=d.unit, period=d.period,
        measure=d.measure, growth_basis=d.basis,
        status=d.status, qualifier=d.qualifier, base_period=d.base_period,
        confidence={name: confidence(name, d.trust.get(name, 0.7)) for name in CONFIDENT},
        rules={name: rule for name, rule in d.rules.items() if rule},
    )  # fmt: skip
