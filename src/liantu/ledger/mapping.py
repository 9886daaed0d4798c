"""How one sender's tables are read, kept as a file: layout, header rows, columns, the sender's own words."""

from __future__ import annotations

from collections.abc import Mapping as Dict
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from liantu.errors import InputError, Problem
from liantu.ledger.yaml_lines import BadYaml, Item, read_items

Layout = Literal["wide", "long"]
ROLES = (
    "subject", "indicator", "period", "value", "unit", "measure", "basis", "price", "status", "qualifier",
    "base_period", "within", "place",
)  # fmt: skip
LABELS = ("subject", "indicator", "unit")
"""What a column of a wide table may hold besides figures."""


@dataclass(frozen=True)
class Mapping:
    """How the tables of a sender are read.

    layout       long: a figure a row; wide: an indicator (or a subject) a row, figures in further columns
    skip         rows above the header: titles
    header_rows  rows of the header; merged cells count for every cell they cover
    columns      role of a column by its heading (of several header rows joined by ' / '), or by its letter
    constants    roles that are the same for the whole table
    words        the sender's names of subjects and indicators, and the ids they stand for
    ignore       first cells of rows that are left out: 合计, notes
    year         the year of headings that name none
    """

    sender: str
    layout: Layout
    columns: Dict[str, str] = field(default_factory=dict)
    header_rows: int = 1
    skip: int = 0
    constants: Dict[str, str] = field(default_factory=dict)
    words: Dict[str, str] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    year: int | None = None
    sheet: str = ""


def save_mapping(mapping: Mapping, folder: Path) -> Path:
    """Remember a sender's mapping, in place of the one before; the file."""
    path = folder / f"{_file_name(mapping.sender)}.yaml"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(mapping_text(mapping), encoding="utf-8")
    return path


def remembered(sender: str, folder: Path) -> Mapping | None:
    """The mapping of a sender; None where none is remembered. Raises InputError for a damaged one."""
    path = folder / f"{_file_name(sender)}.yaml"
    return read_mapping(path.read_text(encoding="utf-8"), path.name) if path.exists() else None


def mapping_text(mapping: Mapping) -> str:
    """The mapping as YAML; `read_mapping` reads it back."""
    plain = {key: value for key, value in asdict(mapping).items() if value not in ({}, (), None, "")}
    plain = {key: list(value) if isinstance(value, tuple) else value for key, value in plain.items()}
    return yaml.safe_dump(plain, allow_unicode=True, sort_keys=False)


def read_mapping(text: str, file: str = "mapping.yaml") -> Mapping:
    """The mapping in a YAML text. Raises InputError with everything that is wrong in it."""
    try:
        top = read_items(text)
    except BadYaml as error:
        raise InputError(
            [Problem(file, error.line, None, "broken_yaml", str(error), "YAML", "correct it")]
        ) from error
    reader = _Reader(file, top)
    mapping = reader.mapping()
    if reader.problems:
        raise InputError(reader.problems)
    return mapping


class _Reader:
    def __init__(self, file: str, top: Item) -> None:
        self.file, self.top = file, top
        self.problems: list[Problem] = []

    def report(self, key: str, code: str, found: object, expected: str) -> None:
        line = self.top.lines.get(key, self.top.line)
        self.problems.append(
            Problem(self.file, line, key, code, str(found)[:80], expected, f"write {expected}")
        )

    def mapping(self) -> Mapping:
        known = tuple(Mapping.__dataclass_fields__)
        for key in self.top.values:
            if key not in known:
                self.report(key, "unknown_key", key, ", ".join(known))
        layout: Any = self.top.values.get("layout")
        if layout not in get_args(Layout):
            self.report("layout", "bad_value", layout or "", " | ".join(get_args(Layout)))
            layout = "long"
        sender = str(self.top.values.get("sender") or "")
        if not sender:
            self.report("sender", "missing_value", "", "the sender's name")
        columns, constants = self.words("columns"), self.words("constants")
        roles = ROLES if layout == "long" else LABELS
        for key, names, of in (("columns", columns.values(), roles), ("constants", constants, ROLES)):
            for role in names:
                if role not in of:
                    self.report(key, "bad_value", role, " | ".join(of))
        for role in ("subject", "indicator", *(("period", "value") if layout == "long" else ())):
            if role not in columns.values() and role not in constants:
                self.report("columns", "missing_value", "", f"a column or a constant for {role}")
        ignore = self.top.values.get("ignore") or []
        return Mapping(
            sender, layout, columns, self.number("header_rows", 1) or 1, self.number("skip", 0) or 0,
            constants, self.words("words"),
            tuple(str(w) for w in ignore) if isinstance(ignore, list) else (str(ignore),),
            self.number("year", None), str(self.top.values.get("sheet") or ""),
        )  # fmt: skip

    def words(self, key: str) -> dict[str, str]:
        value = self.top.values.get(key)
        if value is None:
            return {}
        if not isinstance(value, Item) or not all(isinstance(v, str) for v in value.values.values()):
            self.report(key, "bad_value", value, "name: word")
            return {}
        return {name: str(word) for name, word in value.values.items()}

    def number(self, key: str, default: int | None) -> int | None:
        value = self.top.values.get(key)
        if value is None:
            return default
        if isinstance(value, str) and value.isdigit():
            return int(value)
        self.report(key, "bad_value", value, "a whole number")
        return default


def _file_name(sender: str) -> str:
    """A file name that only this sender has: letters and digits stay, the rest is written as its code."""
    return "".join(c if c.isalnum() else f"-{ord(c):x}-" for c in sender.strip()) or "-"
