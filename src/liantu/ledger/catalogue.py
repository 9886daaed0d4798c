"""Who and what figures are about: subjects, indicators, and how the series of one bear on another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import combinations
from typing import Literal, TypeVar

from liantu.ledger.formula import Formula

SubjectKind = Literal["city", "county", "park", "chain", "firm", "project", "cluster", "area"]
IndicatorKind = Literal["flow", "stock", "rate", "rank", "count", "unknown"]
Direction = Literal["up", "down", "none"]
Series = tuple[str, str]
"""(id of a subject, id of an indicator)."""


T = TypeVar("T", "Subject", "Indicator")


@dataclass(frozen=True)
class Part:
    """That a subject lies in another. `strict`: wholly; else some may lie outside, as a group's plants do."""

    of: str
    strict: bool = True


@dataclass(frozen=True)
class Subject:
    """A city, county, park, chain, firm, project or cluster, from one day to another."""

    id: str
    kind: SubjectKind
    zh: str
    en: str
    aliases: tuple[str, ...] = ()
    start: date = date.min
    end: date = date.max
    parts_of: tuple[Part, ...] = ()
    complete: bool = False
    """Whether its parts in the catalogue make up all of it."""


@dataclass(frozen=True)
class Indicator:
    """What is measured.

    kind      flow adds up over time, stock holds at the end of its period, rate does neither; count is a flow
              of whole things

    additive  parts of the subject add up to the whole; a count of firms does, an income per head does not
    growth    price basis of its published growth rates: GDP's are real
    formula   how it follows from others: 'gdp / permanent_population'
    drift     most that it changes in a year, as a part of itself: a population's 0.015
    pace      least and most that the rest of a year runs at, against the year so far
    monotone  it never falls: what is counted since the beginning
    bounds    least and most that it can be
    ranks     how many are ranked, for a rank without a population of its own
    """

    id: str
    zh: str
    en: str
    unit: str
    kind: IndicatorKind = "unknown"
    definition: str = ""
    direction: Direction = "none"
    aliases: tuple[str, ...] = ()
    steward: str = ""
    start: date = date.min
    end: date = date.max
    additive: bool = False
    growth: Literal["unknown", "nominal", "real"] = "unknown"
    formula: Formula | None = None
    drift: float | None = None
    pace: tuple[float, float] | None = None
    monotone: bool = False
    bounds: tuple[float | None, float | None] | None = None
    ranks: int | None = None

    @property
    def adds_up(self) -> bool:
        """Whether it adds up over time."""
        return self.kind in ("flow", "count")


@dataclass(frozen=True)
class Link:
    """That one series is, or lies in, another of another indicator. Not `strict`: nearly so."""

    of: Series
    relation: Literal["same_as", "part_of"]
    to: Series
    strict: bool = True
    note: str = ""


@dataclass(frozen=True)
class Population:
    """How many are ranked, by the words that name them, and which of them are ranked among wider ones."""

    name: str
    size: int | None = None
    within: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Catalogue:
    """Everything that is known of subjects and indicators; see `catalogue_read` for its files."""

    subjects: Mapping[str, Subject] = field(default_factory=dict)
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    populations: Mapping[str, Population] = field(default_factory=dict)
    generic: frozenset[str] = frozenset()
    """Words that name a subject within one document only: 园区, 全市."""

    @cached_property
    def _subject_names(self) -> dict[str, list[Subject]]:
        return _by_name(self.subjects.values(), lambda s: (s.id, s.zh, s.en, *s.aliases))

    @cached_property
    def _indicator_names(self) -> dict[str, list[Indicator]]:
        return _by_name(self.indicators.values(), lambda i: (i.id, i.zh, i.en, *i.aliases))

    def subject_clashes(self) -> list[tuple[str, str, str]]:
        """(name, id, id) of each name that two subjects bear on one day."""
        return _clashes(self._subject_names)

    def indicator_clashes(self) -> list[tuple[str, str, str]]:
        """(name, id, id) of each name that two indicators bear on one day."""
        return _clashes(self._indicator_names)

    def subject(self, name: str, at: date | None = None) -> Subject | None:
        """The subject of that id, name or alias on that day; None where none or several are."""
        return _one(self._subject_names.get(bare_name(name), []), at)

    def indicator(self, name: str, at: date | None = None) -> Indicator | None:
        """The indicator of that id, name or alias on that day; None where none or several are."""
        return _one(self._indicator_names.get(bare_name(name), []), at)

    def known(self, indicator: str) -> Indicator:
        """The indicator of an id; one of unknown kind where the catalogue has none."""
        return self.indicators.get(indicator) or Indicator(indicator, indicator, indicator, "")

    @cached_property
    def same_as(self) -> dict[Series, tuple[Series, bool]]:
        """Series that are counted as another, and whether strictly."""
        return {link.of: (link.to, link.strict) for link in self.links if link.relation == "same_as"}

    @cached_property
    def linked_wholes(self) -> dict[Series, list[tuple[Series, bool]]]:
        """The series in which a series lies by a link of its own."""
        found: dict[Series, list[tuple[Series, bool]]] = {}
        for link in self.links:
            if link.relation == "part_of":
                found.setdefault(link.of, []).append((link.to, link.strict))
        return found

    def series(self, subject: str, indicator: str) -> tuple[Series, bool]:
        """The series under which a figure counts, and whether strictly."""
        return self.same_as.get((subject, indicator), ((subject, indicator), True))

    @cached_property
    def _children(self) -> dict[str, list[tuple[str, bool]]]:
        found: dict[str, list[tuple[str, bool]]] = {}
        for subject in self.subjects.values():
            for part in subject.parts_of:
                found.setdefault(part.of, []).append((subject.id, part.strict))
        return found

    @cached_property
    def _linked_parts(self) -> dict[Series, list[tuple[Series, bool]]]:
        found: dict[Series, list[tuple[Series, bool]]] = {}
        for part, wholes in self.linked_wholes.items():
            for whole, strict in wholes:
                found.setdefault(whole, []).append((part, strict))
        return found

    def parts(self, series: Series) -> list[tuple[Series, bool]]:
        """The series that are directly parts of this one, each with whether it is so strictly."""
        subject, indicator = series
        found = list(self._linked_parts.get(series, ()))
        if self.known(indicator).additive:
            for child, strict in self._children.get(subject, ()):
                part, same = self.series(child, indicator)
                found.append((part, strict and same))
        return sorted({part: strict for part, strict in found if part != series}.items())

    @cached_property
    def uses(self) -> dict[str, list[str]]:
        """The indicators whose formula holds an indicator."""
        found: dict[str, list[str]] = {}
        for indicator in self.indicators.values():
            for name in indicator.formula.names if indicator.formula else ():
                found.setdefault(name, []).append(indicator.id)
        return found

    def anchors(self, series: Series) -> list[Series]:
        """The series whose checks look at this one: itself, its wholes, and what is derived from it."""
        subject, indicator = series
        derived = [self.series(subject, name)[0] for name in self.uses.get(indicator, ())]
        return list(dict.fromkeys([series, *(whole for whole, _ in self.wholes(series)), *derived]))

    def wholes(self, series: Series) -> list[tuple[Series, bool]]:
        """The series that this one is directly a part of, each with whether it is so strictly."""
        subject, indicator = series
        found = list(self.linked_wholes.get(series, ()))
        if subject in self.subjects and self.known(indicator).additive:
            for part in self.subjects[subject].parts_of:
                whole, strict = self.series(part.of, indicator)
                found.append((whole, part.strict and strict))
        return [(whole, strict) for whole, strict in found if whole != series]


def bare_name(name: str) -> str:
    """A name without quotation marks, blanks and brackets' variants, so that “2+4”产业链 is 2+4产业链."""
    return (
        "".join(c for c in name.casefold() if c not in "“”\"'‘’「」《》 　\u00a0")
        .replace("（", "(")
        .replace("）", ")")
    )


def _by_name(items: Iterable[T], names: Callable[[T], Iterable[str]]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = {}
    for item in items:
        for name in dict.fromkeys(bare_name(n) for n in names(item) if n):
            found.setdefault(name, []).append(item)
    return found


def _one(found: list[T], at: date | None) -> T | None:
    valid = [item for item in found if at is None or item.start <= at <= item.end]
    return valid[0] if len(valid) == 1 else None


def _clashes(names: Mapping[str, list[T]]) -> list[tuple[str, str, str]]:
    return [
        (name, a.id, b.id)
        for name, items in sorted(names.items())
        for a, b in combinations(items, 2)
        if a.start <= b.end and b.start <= a.end
    ]
