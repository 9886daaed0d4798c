"""Where each figure comes from, who owes it and when it was last confirmed.

Read from the notes on fields and, before there is one, from the tables' own columns of sources. Lateness is
derived, never stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from liantu.data.schema import TABLES
from liantu.data.tables import Tables
from liantu.web.atlas.models import Dataset, FieldNote

OWNING_COLUMN = {"facilities": "enterprise_id"}
"""The column that names the enterprise which owes a row's figures where no note says who does."""


@dataclass(frozen=True)
class Owner:
    """Who owes a figure: a department or an enterprise. `ref` is 'department:CODE' or 'enterprise:CODE'."""

    ref: str
    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Field:
    """What is known of one figure besides its value."""

    source: str = ""
    quality: str = ""
    owner: Owner | None = None
    confirmed_on: date | None = None
    by: str = ""
    noted: bool = False
    """Whether somebody confirmed it here; else `confirmed_on` is the day of its source."""

    def due(self, days: int, since: date) -> date:
        """When it has to be confirmed again. What nobody confirmed here counts as confirmed on the day the
        city was first loaded, or on that of its source where that is later."""
        day = self.confirmed_on or since
        return (day if self.noted else max(day, since)) + timedelta(days=days)


_NOTHING = Field()
_READ = (
    *("table", "row_key", "column", "source", "confirmed_on"),
    *("owner_department__code", "owner_department__path", "owner_department__name_zh"),
    *("owner_enterprise__code", "owner_enterprise__name_zh", "by__name", "by__username"),
)


class Provenance:
    """What is known of every figure of a city; one query, whatever the number of rows."""

    def __init__(self, dataset: Dataset, tables: Tables) -> None:
        self.tables = tables
        self.notes: dict[tuple[str, str, str], Field] = {}
        self.departments: dict[tuple[str, str, str], str] = {}
        """Paths of the departments that owe a figure, by (table, key, column)."""
        for note in FieldNote.objects.filter(dataset=dataset).order_by("pk").values_list(*_READ):
            self._add(*note)
        self.dates = _source_dates(tables)
        self.firms = _firms(tables)

    def _add(self, table: str, key: str, column: str, source: str, on: date | None, *rest: str) -> None:
        place, (department, path, department_zh, firm, firm_zh, name, login) = (table, key, column), rest
        before = self.notes.get(place, _NOTHING)
        owner = before.owner
        if department:
            owner, self.departments[place] = Owner(f"department:{department}", department_zh), path
        elif firm:
            owner = Owner(f"enterprise:{firm}", firm_zh)
            self.departments.pop(place, None)
        by = (name or login or "") if on else before.by
        self.notes[place] = Field(source or before.source, "", owner, on or before.confirmed_on, by)

    def of(self, table: str, key: str, column: str, row: Mapping[str, Any]) -> Field:
        """What is known of one figure: the closest note counts, the latest date of confirmation."""
        places = ((table, key, column), (table, key, ""), (table, "", column), (table, "", ""))
        notes = [self.notes[p] for p in places if p in self.notes]
        own = self.from_row(table, column, row)
        said = [*notes, own]
        last = max((n for n in said if n.confirmed_on), key=lambda n: n.confirmed_on or date.min, default=own)
        return Field(
            next((n.source for n in said if n.source), ""),
            own.quality,
            next((n.owner for n in said if n.owner), None),
            last.confirmed_on,
            last.by,
            any(n.confirmed_on for n in notes),
        )

    def from_row(self, table: str, column: str, row: Mapping[str, Any]) -> Field:
        """What the row itself says: its source, its quality, the firm that it belongs to."""
        cell = row.get("capacity_source") if column.startswith("capacity") else None
        source = str(cell or row.get("source") or row.get("capacity_source") or "")
        days = [self.dates[s] for s in source.split(";") if s in self.dates]
        firm = row.get(OWNING_COLUMN.get(table, ""))
        owner = Owner(f"enterprise:{firm}", self.firms.get(firm, firm)) if firm else None
        return Field(source, str(row.get("quality") or ""), owner, max(days, default=None))


def _source_dates(tables: Tables) -> dict[str, date]:
    """The day of each source that has one; of a month or year, its first; of '2021-2025', the last year's."""
    found = {}
    for name, text in tables["sources"].select("id", "date").iter_rows():
        day = _first_day(text or "")
        if name and day:
            found[name] = day
    return found


def _first_day(text: str) -> date | None:
    parts = text.split("-")
    if len(parts) == 2 and len(parts[1]) == 4:
        parts = parts[1:]
    try:
        year, month, day = [*(int(p) for p in parts), 1, 1][:3]
        return date(year, month, day)
    except ValueError:
        return None


def _firms(tables: Tables) -> dict[str, str]:
    columns = [c for c in ("id", "name_zh") if c in TABLES["enterprises"].names]
    return {name: zh or name for name, zh in tables["enterprises"].select(columns).iter_rows()}
