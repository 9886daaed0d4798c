"""The catalogue's files: subjects.yaml, indicators.yaml, links.yaml, populations.yaml. All problems at once.

Each is a mapping with one list: `subjects:`, `indicators:`, `links:`, `populations:` (and `generic:`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, get_args

from liantu.errors import InputError, Problem
from liantu.ledger.catalogue import (
    Catalogue,
    Direction,
    Indicator,
    IndicatorKind,
    Link,
    Part,
    Population,
    Subject,
    SubjectKind,
)
from liantu.ledger.formula import BadFormula, Formula
from liantu.ledger.units import UNITS
from liantu.ledger.yaml_lines import BadYaml, Item, read_items

LISTS = {"subjects": True, "indicators": True, "links": False, "populations": False}
"""The files of a catalogue, and whether each must be there."""
SUBJECT_KEYS = ("id", "kind", "zh", "en", "aliases", "start", "end", "part_of", "loose_part_of", "complete")
INDICATOR_KEYS = (
    "id", "zh", "en", "unit", "kind", "definition", "direction", "aliases", "steward", "start", "end",
    "additive", "growth", "formula", "drift", "pace", "monotone", "bounds", "ranks",
)  # fmt: skip
LINK_KEYS = ("of", "same_as", "part_of", "loose", "note")
POPULATION_KEYS = ("name", "size", "within", "aliases")


def read_catalogue(folder: Path) -> Catalogue:
    """The catalogue in a folder. Raises InputError with every problem of every file."""
    reader = _Reader()
    found = {name: reader.items(folder / f"{name}.yaml", name, must) for name, must in LISTS.items()}
    subjects = {s.id: s for s in reader.each("subjects", found["subjects"], SUBJECT_KEYS, reader.subject)}
    indicators = {
        i.id: i for i in reader.each("indicators", found["indicators"], INDICATOR_KEYS, reader.indicator)
    }
    links = reader.each("links", found["links"], LINK_KEYS, reader.link)
    populations = reader.each("populations", found["populations"], POPULATION_KEYS, reader.population)
    catalogue = Catalogue(
        subjects, indicators, tuple(links), {p.name: p for p in populations}, frozenset(reader.generic)
    )
    _refer(catalogue, reader)
    if reader.problems:
        raise InputError(sorted(reader.problems, key=Problem.sort_key))
    return catalogue


class _Reader:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.lines: dict[tuple[str, str], int] = {}
        self.generic: list[str] = []
        self.file = ""

    def report(self, item: Item | None, key: str, code: str, found: object, expected: str) -> None:
        line = item.lines.get(key, item.line) if item else None
        text = str(found)[:80]
        self.problems.append(Problem(self.file, line, key or None, code, text, expected, f"write {expected}"))

    def items(self, path: Path, name: str, must: bool) -> list[Item]:
        self.file = path.name
        if not path.exists():
            if must:
                self.report(None, "", "missing_file", path.name, f"{path.name} in {path.parent.name}")
            return []
        try:
            top = read_items(path.read_text(encoding="utf-8"))
        except BadYaml as error:
            self.problems.append(
                Problem(self.file, error.line, None, "broken_yaml", str(error), "YAML", "correct it")
            )
            return []
        except UnicodeDecodeError:
            self.report(None, "", "encoding_unknown", "bytes", "UTF-8")
            return []
        if name == "subjects" and isinstance(top.values.get("generic"), list):
            self.generic = [str(word) for word in top.values["generic"]]  # type: ignore[attr-defined]
        listed = top.values.get(name)
        if not isinstance(listed, list) or not all(isinstance(item, Item) for item in listed):
            self.report(top, name, "bad_value", type(listed).__name__, f"a list under {name}:")
            return []
        return [item for item in listed if isinstance(item, Item)]

    def each(
        self, name: str, items: list[Item], keys: tuple[str, ...], build: Callable[[Item], Any]
    ) -> list[Any]:
        self.file = f"{name}.yaml"
        found = []
        for item in items:
            for key in item.values:
                if key not in keys:
                    self.report(item, key, "unknown_key", key, ", ".join(keys))
            for key in item.twice:
                self.report(item, key, "duplicate_key", key, "each key once")
            built = build(item)
            if built is None:
                continue
            mark = getattr(built, "id", None) or getattr(built, "name", None)
            if mark is not None:
                if (name, mark) in self.lines:
                    self.report(
                        item, "id", "duplicate_id", mark, f"another id (line {self.lines[name, mark]} has it)"
                    )
                self.lines[name, mark] = item.line
            found.append(built)
        return found

    def text(self, item: Item, key: str, must: bool = True) -> str:
        value = item.values.get(key)
        if isinstance(value, str) and value:
            return value
        if must or value is not None:
            self.report(
                item,
                key,
                "missing_value" if value in (None, "") else "bad_value",
                "" if value is None else value,
                f"text under {key}",
            )
        return ""

    def words(self, item: Item, key: str) -> tuple[str, ...]:
        value = item.values.get(key)
        if value is None:
            return ()
        if isinstance(value, list) and all(isinstance(word, str) and word for word in value):
            return tuple(value)
        self.report(item, key, "bad_value", value, f"a list of words under {key}")
        return ()

    def choice(self, item: Item, key: str, of: tuple[str, ...], default: str = "") -> Any:
        value = item.values.get(key, default or None)
        if value in of:
            return value
        self.report(item, key, "bad_value", "" if value is None else value, " | ".join(of))
        return default or of[0]

    def flag(self, item: Item, key: str) -> bool:
        return bool(self.choice(item, key, ("true", "false"), "false") == "true")

    def day(self, item: Item, key: str, default: date) -> date:
        value = item.values.get(key)
        if value is None:
            return default
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.report(item, key, "bad_value", value, "a day as 2021-01-01")
            return default

    def number(self, item: Item, key: str, value: object) -> float | None:
        if value is None or value == "":
            return None
        try:
            return float(str(value))
        except ValueError:
            self.report(item, key, "bad_value", value, "a number")
            return None

    def pair(self, item: Item, key: str) -> tuple[float | None, float | None] | None:
        value = item.values.get(key)
        if value is None:
            return None
        if not isinstance(value, list) or len(value) != 2:
            self.report(item, key, "bad_value", value, "[low, high]")
            return None
        return self.number(item, key, value[0]), self.number(item, key, value[1])

    def subject(self, item: Item) -> Subject | None:
        name = self.text(item, "id")
        parts = [Part(word) for word in self.words(item, "part_of")]
        parts += [Part(word, strict=False) for word in self.words(item, "loose_part_of")]
        return (
            Subject(
                name,
                self.choice(item, "kind", get_args(SubjectKind)),
                self.text(item, "zh"),
                self.text(item, "en"),
                self.words(item, "aliases"),
                self.day(item, "start", date.min),
                self.day(item, "end", date.max),
                tuple(parts),
                self.flag(item, "complete"),
            )
            if name
            else None
        )

    def indicator(self, item: Item) -> Indicator | None:
        name, unit = self.text(item, "id"), self.text(item, "unit")
        if unit and unit not in UNITS:
            self.report(
                item, "unit", "unknown_unit", unit, "a unit of " + ", ".join(list(UNITS)[:6]) + ", ..."
            )
        formula = None
        if item.values.get("formula") is not None:
            try:
                formula = Formula.parse(self.text(item, "formula"))
            except BadFormula as error:
                self.report(
                    item, "formula", "indicator_formula", error, "indicators with + - * / and brackets"
                )
        pace = self.pair(item, "pace")
        whole = None if pace is None or pace[0] is None or pace[1] is None else (pace[0], pace[1])
        ranks = self.number(item, "ranks", item.values.get("ranks"))
        growths = ("unknown", "nominal", "real")
        return Indicator(
            id=name, zh=self.text(item, "zh"), en=self.text(item, "en"), unit=unit,
            kind=self.choice(item, "kind", get_args(IndicatorKind)),
            definition=self.text(item, "definition", must=False),
            direction=self.choice(item, "direction", get_args(Direction), "none"),
            aliases=self.words(item, "aliases"), steward=self.text(item, "steward", must=False),
            start=self.day(item, "start", date.min), end=self.day(item, "end", date.max),
            additive=self.flag(item, "additive"), growth=self.choice(item, "growth", growths, "unknown"),
            formula=formula, drift=self.number(item, "drift", item.values.get("drift")), pace=whole,
            monotone=self.flag(item, "monotone"), bounds=self.pair(item, "bounds"),
            ranks=None if ranks is None else int(ranks),
        ) if name else None  # fmt: skip

    def link(self, item: Item) -> Link | None:
        relation = "same_as" if "same_as" in item.values else "part_of"
        ends = [self._series(item, "of"), self._series(item, relation)]
        if ends[0] is None or ends[1] is None:
            return None
        strict = not self.flag(item, "loose")
        return Link(ends[0], relation, ends[1], strict, self.text(item, "note", must=False))  # type: ignore[arg-type]

    def _series(self, item: Item, key: str) -> tuple[str, str] | None:
        words = self.words(item, key)
        if len(words) == 2:
            return words[0], words[1]
        self.report(item, key, "bad_value", list(words), "[subject, indicator]")
        return None

    def population(self, item: Item) -> Population | None:
        size = self.number(item, "size", item.values.get("size"))
        name = self.text(item, "name")
        within = self.text(item, "within", must=False)
        return Population(name, None if size is None else int(size), within, self.words(item, "aliases"))


def _refer(catalogue: Catalogue, reader: _Reader) -> None:
    """Names that nothing bears, and names that two things bear at one time."""

    def missing(file: str, mark: str, key: str, found: str, of: str) -> None:
        line = reader.lines.get((file, mark))
        fix = f"add it to {of}.yaml, or correct it"
        reader.problems.append(
            Problem(f"{file}.yaml", line, key, "unknown_name", found, f"an id of {of}.yaml", fix)
        )

    for subject in catalogue.subjects.values():
        for part in subject.parts_of:
            if part.of not in catalogue.subjects:
                missing("subjects", subject.id, "part_of", part.of, "subjects")
    for indicator in catalogue.indicators.values():
        for name in indicator.formula.names if indicator.formula else ():
            if name not in catalogue.indicators:
                missing("indicators", indicator.id, "formula", name, "indicators")
    for link in catalogue.links:
        for subject_id, indicator_id in (link.of, link.to):
            if subject_id not in catalogue.subjects:
                missing("links", "", "of", subject_id, "subjects")
            if indicator_id not in catalogue.indicators:
                missing("links", "", "of", indicator_id, "indicators")
    for file, clashes in (
        ("subjects", catalogue.subject_clashes()),
        ("indicators", catalogue.indicator_clashes()),
    ):
        for name, first, second in clashes:
            line = reader.lines.get((file, second))
            found = f"{name}: {first}, {second}"
            fix = "give the name to one of them, or dates that don't overlap"
            reader.problems.append(Problem(f"{file}.yaml", line, "aliases", "name_taken", found, "", fix))
