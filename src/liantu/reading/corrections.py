"""What a person puts right: a field of a proposed figure, or a figure that the reader passed over."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from math import isfinite
from pathlib import Path

from liantu.errors import InputError, Problem
from liantu.messages import problem
from liantu.reading.fact import BASES, CONFIDENT, MEASURES, PERIOD, QUALIFIERS, STATUSES, Fact
from liantu.reading.lexicon import load_lexicon
from liantu.reading.quantity import find_quantities
from liantu.reading.reader import Reading, read_text
from liantu.reading.script import fold

_CHOICES = {"measure": MEASURES, "growth_basis": BASES, "status": STATUSES, "qualifier": QUALIFIERS}
_OPEN = ("subject", "indicator", "unit")
_BLANK = ("subject", "indicator", "period", "growth_basis", "qualifier", "base_period")
_FIELDS = ("subject", "indicator", "value", "unit", "period", "base_period", *_CHOICES)


class _Wrong(Exception):
    """What a field can't be, with the code of its sentence and what is expected."""

    def __init__(self, code: str, expected: str = "") -> None:
        self.code, self.expected = code, expected
        super().__init__(code)


def correct(fact: Fact, changes: Mapping[str, object], lexicon: Path | None = None) -> Fact:
    """The fact with what a person says of it; each changed field has confidence 1 and the rule 'a person'.

    A value may be written as in the text ('70余亿元', '-3.5%'): then it is read again, and gives the unit too
    where `changes` names none. An alias of an indicator gives its id. None or an empty text clears a field
    that may be blank. Raises InputError with every fault at once: unknown field, value that is none, wrong
    choice, period that is none. The place and text of a fact are changed by `mark`.
    """
    problems: list[Problem] = []
    said: dict[str, object] = {}
    for name, given in changes.items():
        try:
            said |= _field(name, given, lexicon)
        except _Wrong as wrong:
            found = name if wrong.code == "correction_field" else str(given)
            problems.append(problem(wrong.code, fact.file, column=name, found=found, expected=wrong.expected))
    if problems:
        raise InputError(problems)
    said |= {name: _checked(name, changes[name]) for name in ("unit",) if name in changes}
    trust = dict(fact.confidence) | {name: 1.0 for name in said if name in CONFIDENT}
    rules = dict(fact.rules) | dict.fromkeys(said, "a person")
    return replace(fact, **said, confidence=trust, rules=rules)  # type: ignore[arg-type]


def _field(name: str, given: object, lexicon: Path | None) -> dict[str, object]:
    if name not in _FIELDS:
        raise _Wrong("correction_field", ", ".join(_FIELDS))
    if name == "value" and isinstance(given, str):
        return _value(given, lexicon)
    checked = _checked(name, given)
    if name == "indicator" and checked is not None:
        checked = load_lexicon(lexicon).indicators.get(fold(str(checked)), checked)
    return {name: checked}


def _checked(name: str, given: object) -> object:
    """The value of a field. Raises _Wrong."""
    blank = given is None or given == ""
    if blank and name in _BLANK:
        return None
    if name == "value":
        if isinstance(given, bool) or not isinstance(given, int | float) or not isfinite(given):
            raise _Wrong("correction_value")
        return given
    if name in _CHOICES and given not in _CHOICES[name]:
        raise _Wrong("correction_choice", ", ".join(_CHOICES[name]))
    if name in ("period", "base_period") and not re.fullmatch(PERIOD, str(given)):
        raise _Wrong("correction_period")
    if blank or not isinstance(given, str):
        raise _Wrong("correction_text")
    return given


def _value(written: str, lexicon: Path | None) -> dict[str, object]:
    bare = written.strip().replace(",", "").replace("−", "-")
    if re.fullmatch(r"-?\d+(?:\.\d+)?", bare):
        return {"value": float(bare) if "." in bare else int(bare)}
    found = _quantity(written.strip(), lexicon)
    if found is None:
        raise _Wrong("correction_value")
    return found


def _quantity(written: str, lexicon: Path | None) -> dict[str, object] | None:
    """Value and unit of one printed figure that is the whole of a text, None where it is none."""
    folded = fold(written)
    bare = folded.lstrip("-")
    found = find_quantities(bare, [], load_lexicon(lexicon))
    if len(found) != 1 or (found[0].start, found[0].end) != (0, len(bare)):
        return None
    value = found[0].value if bare == folded else -found[0].value
    return {
        "value": int(value) if value == value.to_integral_value() else float(value),
        "unit": found[0].unit,
    }


def mark(reading: Reading, start: int, end: int, *, lexicon: Path | None = None) -> tuple[Fact, ...]:
    """The figures at a place that a person marked in `reading.text`, read with all that stands around it.

    The reader's own, where it reads that very place; else one with the marked words' value and unit and the
    other fields of the nearest figure of the same sentence, or none of them. Raises InputError
    `no_figure_there` where the place holds no figure or lies outside the text.
    """
    text = reading.text[start:end] if 0 <= start < end <= len(reading.text) else ""
    own = read_text(reading.text, date=reading.date, source=reading.file, lexicon=lexicon).facts
    exact = tuple(f for f in own if (f.start, f.end) == (start, end))
    if exact:
        return exact
    found = _quantity("".join(text.split()), lexicon) if text else None
    if found is None:
        raise InputError([problem("no_figure_there", reading.file, found=text[:40])])
    near = [f for f in own if _same_sentence(reading.text, f, start, end)]
    like = min(near, key=lambda f: abs(f.start - start), default=None)
    fields = {name: getattr(like, name) if like else None for name in ("subject", "indicator", "period")}
    percent = found["unit"] == "%"
    return (
        Fact(
            file=reading.file, start=start, end=end, text=text,
            subject=fields["subject"] or reading.subject, indicator=fields["indicator"], value=found["value"],  # type: ignore[arg-type]
            unit=str(found["unit"]), period=fields["period"], measure="share" if percent else "level",
            growth_basis=None, status="actual", qualifier=None, base_period=None,
            confidence=dict.fromkeys(CONFIDENT, 0.3) | {"value": 1.0, "unit": 1.0},
            rules=dict.fromkeys(("value", "unit"), "a person marked it"),
        ),
    )  # fmt: skip


def _same_sentence(text: str, fact: Fact, start: int, end: int) -> bool:
    low, high = min(start, fact.start), max(end, fact.end)
    return not re.search("[。!?！？\n]", text[low:high]) and high - low < 200
