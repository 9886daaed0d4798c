"""The words of the reader, read from the data files of `lexicon/` and from a city's own folder.

A city's folder may hold files of the same names (indicators.tsv, names.tsv, places.txt, units.tsv,
measures.txt); their lines are added and win over the shipped ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from pathlib import Path

import yaml

from liantu.reading.script import simplify

_HOME = "lexicon"


@dataclass(frozen=True)
class Unit:
    """A printed unit: canonical `name`, `factor` into it, kind, and what it needs to count as a unit."""

    name: str
    factor: Decimal
    kind: str
    needs: str = ""


@dataclass(frozen=True, eq=False)  # by identity, so that compiled patterns can be kept for it
class Lexicon:
    """All words, folded to simplified characters. The dicts are keyed by the printed word."""

    units: dict[str, Unit]
    small: frozenset[str]
    magnitudes: dict[str, Decimal]
    qualifiers_left: dict[str, str]
    qualifiers_right: dict[str, str]
    statuses: dict[str, str]
    changes: dict[str, tuple[int, str]]
    indicators: dict[str, str]
    kinds: dict[str, frozenset[str]]
    definitions: dict[str, str]
    places: dict[str, str]
    names: dict[str, str]
    words: dict[str, tuple[str, ...]]


def _texts(name: str, folder: Path | None) -> list[str]:
    found = [resources.files("liantu.reading").joinpath(_HOME, name).read_text(encoding="utf-8")]
    if folder is not None and (folder / name).is_file():
        found.append((folder / name).read_text(encoding="utf-8-sig"))
    return found


def _rows(name: str, folder: Path | None) -> list[list[str]]:
    lines = [line for text in _texts(name, folder) for line in text.splitlines()]
    rows = [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]
    return [[*row, "", "", "", ""] for row in rows]


def _split(cell: str) -> list[str]:
    return [simplify(word) for word in cell.split(",") if word]


def _units(folder: Path | None) -> tuple[dict[str, Unit], frozenset[str]]:
    units: dict[str, Unit] = {}
    small: set[str] = set()
    for text in _texts("measures.txt", folder):
        for line in text.splitlines():
            if line.startswith("#"):
                continue
            words = line.removeprefix("small:").split()
            units.update((word, Unit("count", Decimal(1), "count")) for word in words)
            small.update(words if line.startswith("small:") else ())
    for words_of, name, factor, kind, needs, *_ in _rows("units.tsv", folder):
        units.update((w, Unit(name, Decimal(factor), kind, needs)) for w in words_of.split(","))
    return units, frozenset(small)


def _places(folder: Path | None) -> dict[str, str]:
    places: dict[str, str] = {}
    for text in _texts("places.txt", folder):
        for line in text.splitlines():
            if line.startswith("#") or ":" not in line:
                continue
            suffix, names = line.split(":", 1)
            for name in names.split():
                full = name if suffix == "自治区" else name + suffix
                places[name] = places[full] = full
    return places


@lru_cache(maxsize=8)
def load_lexicon(folder: Path | None = None) -> Lexicon:
    """The shipped lexicon, with the lines of a city's `folder` added.

    Raises OSError where a file can't be read and ValueError where a line of units.tsv has no number.
    """
    units, small = _units(folder)
    sides: dict[str, dict[str, str]] = {"left": {}, "right": {}}
    for words_of, name, side, *_ in _rows("qualifiers.tsv", folder):
        sides[side].update((w, name) for w in _split(words_of))
    changes: dict[str, tuple[int, str]] = {}
    for words_of, sign, reading, *_ in _rows("changes.tsv", folder):
        changes.update((w, (int(sign), reading)) for w in _split(words_of))
    indicators: dict[str, str] = {}
    kinds: dict[str, frozenset[str]] = {}
    definitions: dict[str, str] = {}
    for name, of_kinds, aliases, definition, *_ in _rows("indicators.tsv", folder):
        indicators.update((alias, name) for alias in _split(aliases))
        kinds[name] = frozenset(_split(of_kinds))
        definitions[name] = definition
    words: dict[str, tuple[str, ...]] = {}
    for text in _texts("words.yaml", folder):
        for key, value in yaml.safe_load(text).items():
            items = list(value) if isinstance(value, str) else [str(item) for item in value]
            words[key] = tuple(sorted(dict.fromkeys(items), key=lambda w: (-len(w), w)))
    magnitudes = {w: Decimal(row[1]) for row in _rows("magnitudes.tsv", folder) for w in _split(row[0])}
    return Lexicon(
        units=units, small=small, magnitudes=magnitudes,
        qualifiers_left=sides["left"], qualifiers_right=sides["right"],
        statuses={w: row[1] for row in _rows("statuses.tsv", folder) for w in _split(row[0])},
        changes=changes, indicators=indicators, kinds=kinds, definitions=definitions,
        places=_places(folder), names={simplify(r[0]): r[1] for r in _rows("names.tsv", folder)}, words=words,
    )  # fmt: skip
