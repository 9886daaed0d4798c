"""Writing of what is said of single fields: where a figure comes from, who owes it, when it was confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import polars as pl

from liantu.data.diff import compare_tables, key_texts
from liantu.data.schema import TABLES
from liantu.data.tables import Tables
from liantu.web.accounts.models import User
from liantu.web.atlas.datasets import refresh
from liantu.web.atlas.models import Dataset, FieldNote

NOTHING, CHANGED, ALL = "nothing", "changed", "all"
BATCH = 5000


def confirm_tables(
    dataset: Dataset, before: Tables | None, after: Tables, what: str, on: date | None, *, by: User | None
) -> int:
    """Confirm the figures that have to be kept fresh: those that CHANGED, or ALL of them; how many notes."""
    watched = refresh.by_table()
    if what == ALL or (what == CHANGED and before is None):
        places: Iterable[tuple[str, str, str]] = (
            (table, "", column)
            for table, columns in watched.items()
            if after[table].height
            for column in columns
        )
    else:
        places = _changed(before, after, watched)
    notes = (
        FieldNote(dataset=dataset, table=t, row_key=k, column=c, confirmed_on=on, by=by) for t, k, c in places
    )
    return sum(len(FieldNote.objects.bulk_create(batch)) for batch in _batches(notes))


def _changed(
    before: Tables | None, after: Tables, watched: dict[str, dict[str, int]]
) -> Iterator[tuple[str, str, str]]:
    for name, change in compare_tables(before, after).items():
        for column in watched.get(name, {}):
            fresh = change.added.filter(pl.col(column).is_not_null())
            mask = change.after[column].ne_missing(change.before[column]) & change.after[column].is_not_null()
            for frame in (fresh, change.after.filter(mask)):
                yield from ((name, key, column) for key in key_texts(TABLES[name], frame).to_list())


def _batches(notes: Iterator[FieldNote]) -> Iterator[list[FieldNote]]:
    batch: list[FieldNote] = []
    for note in notes:
        batch.append(note)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
