"""Facts that a reader of texts proposes, as plain dictionaries, to observations.

A fact has file, start, end, text, subject, indicator, value, unit, period, measure, growth_basis, status,
qualifier, base_period and confidence; docs/reading.md says what each means.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from liantu.ledger.catalogue import Catalogue, bare_name
from liantu.ledger.observation import COMPARING, BadObservation, Observation
from liantu.ledger.periods import BadPeriod, Period, parse_period, year
from liantu.ledger.units import UNITS

SURE = 0.55
"""A field that the reader trusts less than this is in doubt."""
NEAR_BY = 16
"""Characters within which a rank follows the run of months that it held, or another rank."""
_BASES = {"yoy": "on_year", "avg": "average", "cum": "cumulative"}
_NUMBER = re.compile(r"\d[\d,]*(?:\.(\d+))?")
_RUN = {"month", "quarter", "year"}


@dataclass(frozen=True)
class Proposed:
    """Observations from facts. `unknown` are ids of those whose indicator the catalogue doesn't know, which
    are kept and not compared; `refused` are facts that are no observation, each with the reason."""

    observations: tuple[Observation, ...]
    unknown: frozenset[str]
    refused: tuple[tuple[Mapping[str, Any], str], ...]


def observations_of_facts(
    facts: Iterable[Mapping[str, Any]],
    catalogue: Catalogue,
    dates: Mapping[str, date] | None = None,
    entered_by: str = "reader",
) -> Proposed:
    """The observations of facts; `dates` gives each file's date. What can't be one is told, not guessed."""
    ordered = sorted(facts, key=lambda f: (str(f.get("file", "")), int(f.get("start") or 0)))
    found: list[Observation] = []
    unknown: set[str] = set()
    refused: list[tuple[Mapping[str, Any], str]] = []
    for i, fact in enumerate(ordered):
        try:
            seen = _observation(fact, i, ordered, catalogue, dates or {}, entered_by)
        except (BadObservation, BadPeriod, ArithmeticError, KeyError, TypeError, ValueError) as error:
            refused.append((fact, f"{type(error).__name__}: {error}"))
            continue
        found.append(seen)
        if seen.indicator not in catalogue.indicators:
            unknown.add(seen.id)
    return Proposed(tuple(found), frozenset(unknown), tuple(refused))


def _observation(
    fact: Mapping[str, Any],
    i: int,
    facts: Sequence[Mapping[str, Any]],
    catalogue: Catalogue,
    dates: Mapping[str, date],
    entered_by: str,
) -> Observation:
    file, place = str(fact["file"]), f"{fact['start']}-{fact['end']}"
    at = dates.get(file)
    value = Decimal(str(fact["value"]))
    indicator, within, measure = _what(fact, i, facts, catalogue, at)
    period = None if fact.get("period") is None else parse_period(str(fact["period"]))
    known = catalogue.indicators.get(indicator)
    if known is not None and known.kind == "rate" and measure == "level" and period is not None:
        period = _last_year(period)
    confidence = fact.get("confidence") or {}
    doubts = {name for name, sure in confidence.items() if float(sure) < SURE}
    if fact.get("subject") is None:
        doubts.add("subject")
    base = fact.get("base_period") if measure in COMPARING else None
    return Observation(
        id=f"{file}#{place}#{i}",
        subject=_subject(fact, catalogue, at),
        indicator=indicator,
        period=period,
        value=value,
        unit=str(fact["unit"]),
        step=step_of(str(fact["text"]), value, str(fact["unit"])),
        measure=measure,
        basis=_BASES.get(fact.get("growth_basis") or "", ""),  # type: ignore[arg-type]
        status=fact.get("status") or "actual",
        qualifier=fact.get("qualifier") or "",
        base_period=None if base is None else parse_period(str(base)),
        within=within,
        source=file,
        source_date=at,
        place=place,
        entered_by=entered_by,
        doubts=frozenset(doubts),
    )


def _subject(fact: Mapping[str, Any], catalogue: Catalogue, at: date | None) -> str:
    """The id of the subject; a name that stands for another thing in each document is kept apart by file."""
    name = str(fact.get("subject") or "?")
    known = catalogue.subject(name, at)
    if known is not None:
        return known.id
    generic = name == "?" or bare_name(name) in {bare_name(word) for word in catalogue.generic}
    return f"{name}@{fact['file']}" if generic else name


def _what(
    fact: Mapping[str, Any],
    i: int,
    facts: Sequence[Mapping[str, Any]],
    catalogue: Catalogue,
    at: date | None,
) -> tuple[str, str, Any]:
    """(indicator, within, measure): a population names a ranking, a run of months counts something."""
    name = str(fact.get("indicator") or "?")
    measure = fact["measure"]
    known = catalogue.indicator(name, at)
    if measure == "rank" and known is None:
        for population in catalogue.populations.values():
            if bare_name(name) in map(bare_name, (population.name, *population.aliases)):
                return "ranking", "" if _second_rank(i, facts) else population.name, measure
    if measure == "level" and fact["unit"] in _RUN:
        after = facts[i + 1] if i + 1 < len(facts) else {}
        follows = after.get("file") == fact["file"] and after.get("measure") == "rank"
        near = follows and 0 <= int(after["start"]) - int(fact["end"]) <= NEAR_BY
        kind = "rank" if near and after.get("value") == 1 else "other"
        return (known.id if known else name), kind, "streak"
    return (known.id if known else name), "", measure


def _second_rank(i: int, facts: Sequence[Mapping[str, Any]]) -> bool:
    """Whether it is another rank of the same right after one: 列国家级第六十六位、西部第十一位. The words
    between name another population, which the fact does not tell."""
    now, before = facts[i], facts[i - 1] if i else {}
    same = all(now.get(k) == before.get(k) for k in ("file", "subject", "indicator", "period", "measure"))
    near = same and 0 < int(now["start"]) - int(before["end"]) <= NEAR_BY
    return near and now.get("value") != before.get("value")


def _last_year(period: Period) -> Period:
    """What is neither summed nor held over years is said of the last of them."""
    return year(period.end.year) if (period.years or 1) > 1 else period


def step_of(text: str, value: Decimal, unit: str) -> Decimal:
    """The place of the last printed digit, in the unit of the value; 0 where the figure is exact.

    505.7亿元 is printed to 0.1亿. Of round figures (3000亿元: one digit, then two zeros or more) only the
    first two digits count. Counts without a magnitude, ranks and words (三个, 翻番) are exact, but a bare
    magnitude (千亿) is of one digit.
    """
    plain = unicodedata.normalize("NFKC", "".join(text.split()))
    found = _NUMBER.search(plain)
    if found is None:
        return abs(value) / 10 if any(c in plain for c in "百千万亿萬億") else Decimal(0)
    printed = Decimal(found[0].replace(",", ""))
    if printed == 0:
        return Decimal(1).scaleb(-len(found[1] or ""))
    scale = abs(value) / printed
    known = UNITS.get(unit)
    counted = known is not None and known.dimension in ("count", "people", "rank", "duration", "days")
    if counted and scale == 1 and not found[1]:
        return Decimal(0)
    digits = found[0].replace(",", "")
    zeros = len(digits) - len(digits.rstrip("0")) if not found[1] else 0
    if zeros >= 2 and zeros == len(digits) - 1:
        return scale * Decimal(10) ** (zeros - 1)
    return (scale * Decimal(1).scaleb(-len(found[1] or ""))).normalize()
