"""Figures out of files: facts of `liantu read --json`, SDMX-CSV, or a sender's table with its mapping."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from liantu.errors import InputError, Problem
from liantu.ledger.catalogue import Catalogue
from liantu.ledger.finding import Finding
from liantu.ledger.from_reading import observations_of_facts
from liantu.ledger.importing import import_table
from liantu.ledger.ledger import Ledger
from liantu.ledger.live import audit
from liantu.ledger.mapping import Mapping
from liantu.ledger.observation import Observation
from liantu.ledger.sdmx import read_sdmx_csv


@dataclass(frozen=True)
class Checked:
    """The figures of some files, the findings on them, and how many have an indicator of the catalogue."""

    observations: tuple[Observation, ...]
    findings: tuple[Finding, ...]
    known: int


def check_files(files: Sequence[Path], catalogue: Catalogue, mapping: Mapping | None = None) -> Checked:
    """Check the figures of all files together. Raises InputError with every problem, OSError."""
    rows: list[Observation] = []
    problems: list[Problem] = []
    for file in files:
        try:
            rows += _read(file, catalogue, mapping)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    known = sum(row.indicator in catalogue.indicators for row in rows)
    return Checked(tuple(rows), tuple(audit(Ledger.of(rows), catalogue)), known)


def _read(file: Path, catalogue: Catalogue, mapping: Mapping | None) -> tuple[Observation, ...]:
    content = file.read_bytes()
    if content.lstrip()[:1] == b"{":
        return _facts(content, file.name, catalogue)
    if b"OBS_VALUE" in content.split(b"\n", 1)[0]:
        return read_sdmx_csv(content, file.name)
    if mapping is None:
        expected, fix = "facts, SDMX-CSV, or a mapping", "name the sender's mapping with --mapping"
        raise InputError([Problem(file.name, None, None, "no_mapping", "", expected, fix)])
    return import_table(content, file.name, mapping, catalogue)


def _facts(content: bytes, file: str, catalogue: Catalogue) -> tuple[Observation, ...]:
    try:
        document = json.loads(content)
        facts = document["facts"]
        dates = {one["file"]: _day(one.get("date")) for one in document.get("files", [])}
        found = observations_of_facts(facts, catalogue, {name: day for name, day in dates.items() if day})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        fix = "give what `liantu read --json` prints"
        raise InputError([Problem(file, None, None, "not_facts", str(error)[:80], "facts", fix)]) from error
    if found.refused:
        raise InputError(
            Problem(
                file,
                None,
                None,
                "not_a_figure",
                f"{fact.get('text', '')}: {why}"[:80],
                "",
                "correct the fact",
            )
            for fact, why in found.refused
        )
    return found.observations


def _day(text: object) -> date | None:
    """The first day of a date that may lack day or month."""
    parts = str(text or "").split("-")
    if not parts[0].isdigit():
        return None
    year, month, day = (int(p) for p in (*parts, "1", "1")[:3])
    return date(year, month, day)
