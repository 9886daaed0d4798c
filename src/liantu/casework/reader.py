"""Reading typed values out of plain mappings, each mistake noted with its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from liantu.casework.check import line_of
from liantu.casework.flow import Names
from liantu.casework.hours import OFFICE, BadHours, Hours
from liantu.casework.limits import UNITS, Limit
from liantu.casework.sentences import flow_problem
from liantu.errors import Problem

C = TypeVar("C", bound=str)
_FLAGS = {"true": True, "yes": True, "false": False, "no": False}


class Reader:
    """A flow that is being read: the file, the lines of its keys, the problems so far."""

    def __init__(self, file: str, lines: Mapping[str, int]) -> None:
        self.file, self.lines = file, lines
        self.problems: list[Problem] = []

    def report(self, code: str, place: str, found: object = "", expected: str = "") -> None:
        """Note a problem at a key."""
        text = str(found)
        text = text if len(text) <= 80 else text[:77] + "..."
        self.problems.append(flow_problem(code, self.file, line_of(self.lines, place), place, text, expected))

    def mapping(self, node: object, at: str, keys: Sequence[str] = ()) -> Mapping[str, object]:
        """A mapping with none but these keys (any, where none is given); empty for a blank."""
        if node is None:
            return {}
        if not isinstance(node, Mapping):
            self.report("bad_value", at, node, "key: value")
            return {}
        for key in node:
            if keys and key not in keys:
                self.report("unknown_key", _join(at, str(key)), key, ", ".join(keys))
        return {str(key): value for key, value in node.items()}

    def items(self, given: Mapping[str, object], key: str, at: str) -> Sequence[object]:
        """A list; one thing stands for a list of one, a blank for none."""
        node = given.get(key)
        if node is None:
            return ()
        return node if isinstance(node, list | tuple) else (node,)

    def words(self, given: Mapping[str, object], key: str, at: str) -> tuple[str, ...]:
        """A list of words, each once."""
        found: list[str] = []
        for item in self.items(given, key, at):
            if not isinstance(item, str) or not item or item in found:
                self.report("bad_value", _join(at, key), item, "[a, b]")
            else:
                found.append(item)
        return tuple(found)

    def optional(self, given: Mapping[str, object], key: str, at: str) -> str:
        """A word or a number as it was typed; '' for none."""
        node = given.get(key)
        if node is None or isinstance(node, str | int | float):
            return "" if node is None else str(node)
        self.report("bad_value", _join(at, key), node, "text")
        return ""

    def text(self, given: Mapping[str, object], key: str, at: str) -> str:
        """A word that must be there."""
        word = self.optional(given, key, at)
        if not word and not isinstance(given.get(key), list | Mapping):
            self.report("bad_value", _join(at, key), "", "text")
        return word

    def names(self, given: Mapping[str, object]) -> Names:
        """What stands under zh and en; the check of the flow says which is missing."""
        return Names(*("" if given.get(lang) is None else str(given[lang]) for lang in ("zh", "en")))

    def integer(self, given: Mapping[str, object], key: str, at: str) -> int:
        """A whole number from 1; 1 where there is none that can be read, and the problem noted."""
        word = self.text(given, key, at)
        if word.isascii() and word.isdigit() and len(word) < 10 and int(word) >= 1:
            return int(word)
        if word:
            self.report("amount_wrong", _join(at, key), word)
        return 1

    def flag(self, given: Mapping[str, object], key: str, at: str) -> bool:
        """true or false; false for a blank."""
        word = str(given.get(key)).lower() if given.get(key) is not None else "false"
        if word not in _FLAGS:
            self.report("bad_value", _join(at, key), given[key], "true, false")
        return _FLAGS.get(word, False)

    def choice(self, given: Mapping[str, object], key: str, at: str, of: Sequence[C], default: C) -> C:
        """One of some words."""
        node = given.get(key)
        if node is None:
            return default
        for word in of:
            if node == word:
                return word
        self.report("bad_value", _join(at, key), node, ", ".join(of))
        return default

    def limit(self, given: Mapping[str, object], key: str, at: str) -> Limit | None:
        """`{working_days: 5}`; None for a blank."""
        node = given.get(key)
        if node is None:
            return None
        place = _join(at, key)
        entries = list(self.mapping(node, place, UNITS).items())
        if len(entries) != 1:
            self.report("bad_value", place, node, "{working_days: 5}")
        for unit in UNITS:
            if entries and entries[0][0] == unit:
                return Limit(self.integer(dict(entries), unit, place), unit)
        return None

    def needed_limit(self, given: Mapping[str, object], key: str, at: str) -> Limit:
        """A limit that must be there."""
        limit = self.limit(given, key, at)
        if limit is None and given.get(key) is None:
            self.report("bad_value", _join(at, key), "", "{working_days: 5}")
        return limit or Limit(1, "working_days")

    def hours(self, given: Mapping[str, object], key: str) -> Hours:
        """Hours of work; the office hours for a blank."""
        words = self.words(given, key, "")
        try:
            return Hours.of(*words) if words else OFFICE
        except BadHours as error:
            self.report("bad_value", key, error.params["hours"], "08:30-12:00")
            return OFFICE


def _join(*parts: str) -> str:
    return ".".join(part for part in parts if part)
