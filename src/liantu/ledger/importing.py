"""A sender's table to observations, by the mapping remembered for the sender. All problems at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from liantu.data.numbers import diagnose, is_plain
from liantu.errors import InputError, Problem
from liantu.ledger.catalogue import Catalogue
from liantu.ledger.grids import Grid, letters, read_grid
from liantu.ledger.headings import Heading, read_heading
from liantu.ledger.mapping import Mapping
from liantu.ledger.observation import BadObservation, Observation
from liantu.ledger.periods import BadPeriod, Period
from liantu.ledger.periods_zh import parse_period_zh
from liantu.ledger.units import Unit, find_unit

BLANKS = {"", "-", "--", "—", "——", "…", "/", "..."}
"""Cells of a figure that say there is none."""
_PREFIX = re.compile(
    r"^(?:[#*·\s　]|其中[:：]?|[一二三四五六七八九十]+、|\d+[.、)）]|[(（][一二三四五六七八九十\d]+[)）])+"
)
_UNIT = re.compile(r"[(（]([^()（）]*)[)）]\s*$")


@dataclass
class Import:
    """A table that is being read: where it comes from, what was found, what is wrong."""

    grid: Grid
    mapping: Mapping
    catalogue: Catalogue
    source: str
    source_date: date | None
    by: str
    at: datetime | None
    found: list[Observation] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def report(self, code: str, row: int, column: str, found: str, expected: str, fix: str) -> None:
        """Note a problem at a cell."""
        self.problems.append(Problem(self.grid.file, row, column or None, code, found[:80], expected, fix))


def import_table(
    content: bytes,
    file: str,
    mapping: Mapping,
    catalogue: Catalogue,
    *,
    source_date: date | None = None,
    by: str = "",
    at: datetime | None = None,
) -> tuple[Observation, ...]:
    """The figures of a table. Raises InputError with every problem; nothing is half imported."""
    grid, problems = read_grid(content, file, mapping.sheet)
    if grid is None:
        raise InputError(problems)
    job = Import(grid, mapping, catalogue, f"{mapping.sender}:{file}", source_date, by, at)
    top = mapping.skip + mapping.header_rows
    if len(grid.cells) <= top:
        job.report("empty_table", top, "", "", "rows of figures", "check skip and header_rows of the mapping")
    else:
        heads = [
            list(dict.fromkeys(filter(None, (row[j] for row in grid.cells[mapping.skip : top]))))
            for j in range(len(grid.cells[0]))
        ]
        roles = _roles(job, heads)
        (_wide if mapping.layout == "wide" else _long)(job, heads, roles, top)
    errors = [p for p in job.problems if p.severity == "error"]
    if errors:
        raise InputError(sorted(errors, key=Problem.sort_key))
    return tuple(job.found)


def _roles(job: Import, heads: list[list[str]]) -> dict[int, str]:
    """The role of each column that the mapping names, by heading or by letter."""
    roles: dict[int, str] = {}
    for name, role in job.mapping.columns.items():
        places = [j for j, parts in enumerate(heads) if name in (" / ".join(parts), letters(j))]
        if len(places) == 1:
            roles[places[0]] = role
            continue
        said = ", ".join(" / ".join(parts) for parts in heads if parts)[:200]
        code = "missing_column" if not places else "duplicate_column"
        fix = "correct the mapping, or the heading"
        job.report(code, job.mapping.skip + 1, name, name, said, fix)
    return roles


def _records(job: Import, top: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    for number, row in enumerate(job.grid.cells[top:], start=top + 1):
        first = next((cell for cell in row if cell), "")
        if first and not any(first.startswith(word) for word in job.mapping.ignore):
            yield number, row


def _long(job: Import, heads: list[list[str]], roles: dict[int, str], top: int) -> None:
    unit_by_head = {
        j: read_heading(heads[j], job.mapping.year).unit for j, r in roles.items() if r == "value"
    }
    for number, row in _records(job, top):
        said = dict(job.mapping.constants) | {role: row[j] for j, role in roles.items() if row[j] != ""}
        column = next((j for j, role in roles.items() if role == "value"), 0)
        if said.get("value", "") in BLANKS:
            continue
        period = _period(job, said.get("period", ""), number)
        _add(job, number, column, said, period, Heading(unit=unit_by_head.get(column)))


def _wide(job: Import, heads: list[list[str]], roles: dict[int, str], top: int) -> None:
    columns = {j: read_heading(parts, job.mapping.year) for j, parts in enumerate(heads) if j not in roles}
    fixed = job.mapping.constants.get("period")
    fallback = _period(job, fixed, 1) if fixed else None
    for j, heading in columns.items():
        if heading.rest or not (heading.period or fallback):
            missed = heading.rest or " / ".join(heads[j])
            expected = "a period, and 总量, 增长, 占比, 目标 and a unit in brackets"
            fix = "correct the heading, or give the column a role in the mapping"
            if any(row[j] for _, row in _records(job, top)):
                job.report("heading_unread", job.mapping.skip + 1, letters(j), missed, expected, fix)
    for number, row in _records(job, top):
        labels = {role: row[j] for j, role in roles.items() if row[j] != ""}
        for j, heading in columns.items():
            if row[j] in BLANKS or heading.rest or not (heading.period or fallback):
                continue
            said = dict(job.mapping.constants) | labels | {"value": row[j]}
            _add(job, number, j, said, heading.period or fallback, heading)


def _period(job: Import, text: str, row: int) -> Period | None:
    try:
        return parse_period_zh(text, job.mapping.year)
    except BadPeriod:
        expected = "2025, 2025年, 2025年1-9月, 2025-Q1, 2021/2025"
        job.report("bad_period", row, "period", text, expected, "write the period so")
        return None


def _add(
    job: Import, row: int, column: int, said: dict[str, str], period: Period | None, heading: Heading
) -> None:
    place = letters(column)
    subject, _ = _named(job, row, "subject", said.get("subject", ""))
    indicator, own_unit = _named(job, row, "indicator", said.get("indicator", ""))
    measure, basis = said.get("measure") or heading.measure or "level", said.get("basis") or heading.basis
    text = said["value"].replace(",", "").replace("，", "").removesuffix("%").strip()
    if not is_plain(text):
        code, expected = diagnose(said["value"].strip())
        job.report(code, row, place, said["value"], expected, "write a plain number")
        return
    unit = _unit(job, row, said, heading, own_unit, measure, indicator)
    if None in (subject, indicator, unit, period) or unit is None:
        return
    value = Decimal(text)
    whole = "." not in text and unit.dimension in ("count", "people", "rank") and unit.factor == 1
    fields: dict[str, Any] = {
        "id": f"{job.source}!{place}{row}", "subject": subject, "indicator": indicator, "period": period,
        "value": value, "unit": unit.code,
        "step": Decimal(0) if whole else Decimal(1).scaleb(int(value.as_tuple().exponent)),
        "measure": measure, "basis": basis, "status": said.get("status") or heading.status or "actual",
        "price": said.get("price") or "unknown", "qualifier": said.get("qualifier", ""),
        "within": said.get("within", ""), "source": job.source, "source_date": job.source_date,
        "place": said.get("place") or f"{place}{row}", "entered_by": job.by, "entered_at": job.at,
    }  # fmt: skip
    if said.get("base_period"):
        fields["base_period"] = _period(job, said["base_period"], row)
    try:
        job.found.append(Observation(**fields))
    except BadObservation as error:
        job.report(
            "bad_value", row, place, str(error), "a word of docs/ledger.md", "correct the cell or the mapping"
        )


def _named(job: Import, row: int, role: str, text: str) -> tuple[str | None, Unit | None]:
    """(id, unit in brackets) of the subject or indicator that a cell names; the problem where none."""
    name = job.mapping.words.get(text, text)
    unit = None
    look = job.catalogue.subject if role == "subject" else job.catalogue.indicator
    bracket = _UNIT.search(name)
    if bracket and role == "indicator" and find_unit(bracket[1]):
        unit, name = find_unit(bracket[1]), name[: bracket.start()]
    bare = _PREFIX.sub("", name).strip()
    found = look(job.mapping.words.get(bare, bare), job.source_date) or look(name.strip(), job.source_date)
    if found is None:
        fix = "add it to the words of the mapping, or to the catalogue"
        job.report(f"unknown_{role}", row, role, text, f"a {role} of the catalogue", fix)
    return (found.id if found else None), unit


def _unit(
    job: Import,
    row: int,
    said: dict[str, str],
    heading: Heading,
    own: Unit | None,
    measure: str,
    indicator: str | None,
) -> Unit | None:
    """The unit of a cell: a rate's or share's is per cent, else that of the row, the heading, the mapping."""
    if measure in ("rate", "share") and (heading.unit is None or heading.unit.dimension != "percent"):
        return find_unit("%")
    if measure == "rank":
        return find_unit("rank")
    if heading.unit is not None:
        return heading.unit
    name = said.get("unit", "")
    unit = find_unit(name) if name else own
    if unit is None:
        fix = "name the unit in the row, in the heading, or among the mapping's constants"
        job.report(
            "unknown_unit" if name else "missing_unit", row, "unit", name, "万元, 亿元, 吨, 人, %", fix
        )
        return None
    expected = find_unit(job.catalogue.known(indicator).unit) if indicator else None
    if expected is not None and measure in ("level", "change") and expected.dimension != unit.dimension:
        if {expected.dimension, unit.dimension} <= {"money", "money_usd", "money_eur"}:
            return unit
        job.report(
            "wrong_unit", row, "unit", unit.code, f"a unit of {expected.dimension}", "correct the unit"
        )
        return None
    return unit
