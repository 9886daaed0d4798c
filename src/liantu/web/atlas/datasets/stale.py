"""Figures that have to be confirmed: which, by whom, how late. Derived from notes, sources and intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from liantu.data.diff import key_texts
from liantu.data.schema import TABLES
from liantu.web.atlas.datasets import refresh, selectors
from liantu.web.atlas.datasets.provenance import Field, Provenance
from liantu.web.atlas.models import Dataset, FieldNote
from liantu.web.kit.naming import Named, chinese
from liantu.web.kit.pages import Columns, Filter

NOBODY = "-"
SOON = 14
"""Days ahead at which a figure that falls due is shown."""


@dataclass(frozen=True)
class Due:
    """One figure that has to be confirmed; `late` in days, below zero where it is not due yet."""

    table: str
    key: str
    column: str
    name: str
    value: Any
    field: Field
    due: date
    late: int

    @property
    def what(self) -> str:
        """The column as it is described."""
        field = TABLES[self.table].field(self.column)
        return field.zh if chinese() else field.en

    @property
    def unit(self) -> str:
        return TABLES[self.table].field(self.column).unit

    @property
    def title(self) -> str:
        """The table's name."""
        table = TABLES[self.table]
        return table.title_zh if chinese() else table.title_en

    @property
    def owner(self) -> str:
        """Who owes it, for a filter."""
        return self.field.owner.ref if self.field.owner else NOBODY

    @property
    def place(self) -> str:
        """The figure as one text, for a form."""
        return f"{self.table}/{self.column}/{self.key}"

    @property
    def never(self) -> bool:
        """Whether nobody ever confirmed it here."""
        return not self.field.noted


def due_figures(dataset: Dataset, today: date | None = None) -> Sequence[Due]:
    """Every figure that is due within SOON days or late, the latest first."""
    if dataset.current is None:
        return ()
    last = FieldNote.objects.filter(dataset=dataset).aggregate(last=Max("pk"))["last"] or 0
    since = loaded_on(dataset)
    watched = tuple(sorted(refresh.intervals().items()))
    day = today or timezone.localdate()
    return _due(_Asked(dataset.pk, dataset.current.sha256, last, since, day, watched, chinese()))


def loaded_on(dataset: Dataset) -> date:
    """The day of its first version, on which its figures count as confirmed."""
    return timezone.localdate(
        dataset.versions.order_by("number").values_list("created_at", flat=True).first()
    )


@dataclass(frozen=True)
class _Asked:
    """All that the answer depends on."""

    dataset: int
    sha256: str
    last_note: int
    since: date
    today: date
    watched: tuple[tuple[tuple[str, str], int], ...]
    chinese: bool


@lru_cache(4)
def _due(asked: _Asked) -> tuple[Due, ...]:
    dataset = Dataset.objects.select_related("current").defer("current__package").get(pk=asked.dataset)
    return tuple(sorted(_found(dataset, asked), key=lambda d: (-d.late, d.table, d.key, d.column)))


def _found(dataset: Dataset, asked: _Asked) -> Iterator[Due]:
    assert dataset.current is not None
    tables = selectors.tables_of(dataset.current)
    known = Provenance(dataset, tables)
    by_table: dict[str, list[tuple[str, int]]] = {}
    for (table, column), days in asked.watched:
        by_table.setdefault(table, []).append((column, days))
    for name, columns in by_table.items():
        frame = tables[name]
        keys = key_texts(TABLES[name], frame).to_list()
        for key, row in zip(keys, frame.iter_rows(named=True), strict=True):
            for column, days in columns:
                if row.get(column) is None:
                    continue
                field = known.of(name, key, column, row)
                due = field.due(days, asked.since)
                late = (asked.today - due).days
                if late >= -SOON:
                    yield Due(name, key, column, label(row, key), row[column], field, due, late)


def label(row: dict[str, Any], key: str) -> str:
    """What a row is called in the language of the page."""
    return str(Named(key, row.get("name_zh") or "", row.get("name_en") or ""))


def owners(figures: Sequence[Due]) -> list[tuple[str, str, int]]:
    """(reference, name, late figures) of everybody who owes one, who owes most first."""
    names = {d.owner: str(d.field.owner or _("nobody")) for d in figures}
    late = Counter(d.owner for d in figures if d.late >= 0)
    return [(ref, names[ref], n) for ref, n in late.most_common()]


def columns(figures: Sequence[Due]) -> Columns:
    """What the list of stale figures can be asked."""
    there = {d.table for d in figures}
    names = {d.owner: str(d.field.owner or _("nobody")) for d in figures}
    tables = [(n, t.title_zh if chinese() else t.title_en) for n, t in TABLES.items() if n in there]
    return Columns(
        sorts={
            "late": ("late", "table", "key"),
            "name": ("name", "key"),
            "owner": ("owner",),
            "value": ("what",),
        },
        default="-late",
        search=("name", "key", "what"),
        filters=(
            Filter("owner", _("Who owes it"), sorted(names.items(), key=lambda o: o[1]), "owner"),
            Filter("table", _("Table"), tables, "table"),
        ),
        hint=_("plant, material, figure"),
    )
