"""Writing of drafts: edits of rows are collected, checked together, handed in, committed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from liantu.data.diff import key_texts
from liantu.data.edit import Edited, RowEdit, edited
from liantu.data.schema import REQUIRED_TABLES, TABLES
from liantu.data.tables import Tables, inspect_sheets
from liantu.data.text import texts
from liantu.errors import Problem
from liantu.messages import problem
from liantu.web.accounts.models import Department, Enterprise, User
from liantu.web.atlas.datasets import actions, findings, refresh, selectors
from liantu.web.atlas.datasets.errors import DatasetError
from liantu.web.atlas.datasets.provenance import Provenance
from liantu.web.atlas.datasets.reach import Reaches
from liantu.web.atlas.models import Dataset, DatasetVersion, DraftEdit, EditDraft, FieldNote
from liantu.web.audit.actions import record

Kind: Any = DraftEdit.Kind
Status: Any = EditDraft.Status
KEY_LIMIT = 300
Said = Mapping[str, Mapping[str, str]]
"""Of a column: source, owner ('department:CODE' or 'enterprise:CODE'), confirmed (ISO date)."""


@dataclass(frozen=True)
class CheckedDraft:
    """A draft laid over the current version. `rows` are problems by (table, key), `rest` those elsewhere."""

    checked: findings.Checked
    edited: Edited
    rows: Mapping[tuple[str, str], list[Problem]]
    rest: tuple[Problem, ...]

    @property
    def ready(self) -> bool:
        """Whether it can be committed."""
        return self.checked.tables is not None and not self.edited.lost


def row_of(tables: Tables, table: str, key: str) -> dict[str, Any] | None:
    """One row by its key as text; None where there is none."""
    frame = tables[table]
    keys = key_texts(TABLES[table], frame)
    found = (keys == key).arg_true()
    return frame.row(found[0], named=True) if len(found) else None


def texts_of(tables: Tables, table: str, key: str) -> dict[str, str]:
    """The cells of a row as a form shows them; {} where there is none."""
    frame = tables[table]
    found = (key_texts(TABLES[table], frame) == key).arg_true()
    one = frame[found[0] : found[0] + 1] if len(found) else frame[:0]
    return {c: texts(one[c])[0] for c in one.columns} if one.height else {}


def check(dataset: Dataset, edits: Collection[RowEdit]) -> CheckedDraft:
    """Lay edits over the current version, and read the result as a file would be read."""
    assert dataset.current is not None
    laid = edited(selectors.tables_of(dataset.current), edits)
    there = {sheet.table for sheet in laid.bundle.sheets}
    empty = [problem("empty_table", f"{t}.csv") for t in REQUIRED_TABLES if t not in there]
    checked = findings.check_inspection(inspect_sheets(laid.bundle, empty), lambda step: None)
    places = {(f"{table}.csv", row): (table, key) for (table, key), row in laid.rows.items()}
    rows: dict[tuple[str, str], list[Problem]] = {}
    rest = []
    for p in checked.problems:
        place = places.get((p.file, p.row or 0))
        if place is None:
            rest.append(p)
        else:
            rows.setdefault(place, []).append(p)
    return CheckedDraft(checked, laid, rows, tuple(rest))


def row_edits(draft: EditDraft | None) -> list[RowEdit]:
    """What a draft does, row by row."""
    if draft is None:
        return []
    return [_row_edit(e) for e in draft.edits.all()]


def _row_edit(edit: DraftEdit) -> RowEdit:
    cells = None if edit.kind == Kind.REMOVE else edit.cells
    return RowEdit(edit.table, edit.row_key, cells, edit.kind == Kind.ADD)


def open_draft(dataset: Dataset, *, by: User) -> EditDraft:
    """The person's open draft, made where there is none."""
    assert dataset.current_id is not None
    mine = EditDraft.objects.unscoped(because="a person's own draft")
    found, _made = mine.get_or_create(
        dataset=dataset, created_by=by, status=Status.OPEN, defaults={"base_id": dataset.current_id}
    )
    return found


def edit_row(
    dataset: Dataset,
    table: str,
    key: str,
    cells: Mapping[str, str],
    said: Said,
    *,
    by: User,
    new: bool = False,
) -> None:
    """Note in the person's draft that these cells become these texts; `said` counts once it is committed.

    What is said of a cell that stays as it is counts at once. Raises DatasetError outside the person's reach.
    """
    assert dataset.current is not None
    tables = selectors.tables_of(dataset.current)
    before = row_of(tables, table, key)
    if len(key) > KEY_LIMIT:
        raise DatasetError("too_long", limit=KEY_LIMIT)
    if (before is None) != new:
        raise DatasetError("row_taken" if new else "unknown_row", where=f"{table} {key}")
    now = texts_of(tables, table, key)
    changed = {c: text for c, text in cells.items() if text != now.get(c, "")}
    _within_reach(
        dataset, tables, table, key, before, {**changed, **({} if new else dict.fromkeys(said, ""))}, by
    )
    with transaction.atomic():
        draft = open_draft(dataset, by=by)
        draft.edits.filter(table=table, row_key=key).delete()
        if changed or new:
            mine = {c: dict(what) for c, what in said.items() if new or c in changed}
            kind = Kind.ADD if new else Kind.CHANGE
            draft.edits.create(table=table, row_key=key, kind=kind, cells=changed, said=mine)
        rest = {c: what for c, what in said.items() if not new and c not in changed}
        if rest:
            _say(dataset, table, key, rest, by)
            detail = {"table": table, "row": key, "said": {c: dict(w) for c, w in rest.items()}}
            record("field.said", by=by, kind="dataset", object=dataset.pk, detail=detail)


def remove_row(dataset: Dataset, table: str, key: str, *, by: User) -> None:
    """Note in the person's draft that a row is removed. Raises DatasetError outside the person's reach."""
    assert dataset.current is not None
    tables = selectors.tables_of(dataset.current)
    before = row_of(tables, table, key)
    if before is None:
        raise DatasetError("unknown_row", where=f"{table} {key}")
    _within_reach(dataset, tables, table, key, before, None, by)
    with transaction.atomic():
        draft = open_draft(dataset, by=by)
        draft.edits.update_or_create(
            table=table, row_key=key, defaults={"kind": Kind.REMOVE, "cells": {}, "said": {}}
        )


def undo(draft: EditDraft, table: str, key: str) -> None:
    """Take one edit out of an open draft."""
    if draft.status == Status.OPEN:
        draft.edits.filter(table=table, row_key=key).delete()


def _within_reach(
    dataset: Dataset,
    tables: Tables,
    table: str,
    key: str,
    before: Mapping[str, Any] | None,
    cells: Mapping[str, str] | None,
    by: User,
) -> None:
    owners = Provenance(dataset, tables).departments
    where = Reaches(by, owners).refuses(table, key, before, cells)
    if where:
        raise DatasetError("out_of_reach", where=f"{table} {key} {where}")


def hand_in(draft: EditDraft, *, note: str, by: User) -> None:
    """Give the draft to who may commit it. Raises DatasetError where it has problems or was decided."""
    if not check(draft.dataset, row_edits(draft)).ready:
        raise DatasetError("draft_problems")
    with transaction.atomic():
        _move(draft, Status.HANDED_IN, of=(Status.OPEN,), note=note[:500], handed_in_at=timezone.now())
        record("draft.handed_in", by=by, kind="draft", object=draft.pk, detail={"note": note})


def send_back(draft: EditDraft, *, remark: str, by: User) -> None:
    """Return a draft that was handed in. Edits made since in another open draft of its author join it."""
    with transaction.atomic():
        later = EditDraft.objects.unscoped(because="the author's newer draft joins the returned one").filter(
            dataset=draft.dataset, created_by=draft.created_by, status=Status.OPEN
        )
        for other in later:
            for edit in other.edits.all():
                values = {"kind": edit.kind, "cells": edit.cells, "said": edit.said}
                draft.edits.update_or_create(table=edit.table, row_key=edit.row_key, defaults=values)
            other.delete()
        _move(draft, Status.OPEN, of=(Status.HANDED_IN,), remark=remark[:500])
        record("draft.returned", by=by, kind="draft", object=draft.pk, detail={"remark": remark})


def discard(draft: EditDraft, *, by: User) -> None:
    """Give up a draft. Raises DatasetError where it was decided."""
    with transaction.atomic():
        decided = {"decided_by": by, "decided_at": timezone.now()}
        _move(draft, Status.DISCARDED, of=(Status.OPEN, Status.HANDED_IN), **decided)
        record("draft.discarded", by=by, kind="draft", object=draft.pk)


def commit(draft: EditDraft, *, note: str, seen: int, by: User) -> DatasetVersion:
    """Make the draft a version. `seen` is the key of the version over which the person saw it laid.

    Raises DatasetError where another is current now, where it has problems, or where it was decided.
    """
    with transaction.atomic():
        dataset = actions.locked(draft.dataset_id)
        decided = {"decided_by": by, "decided_at": timezone.now()}
        _move(draft, Status.COMMITTED, of=(Status.OPEN, Status.HANDED_IN), **decided)
        actions.need_seen(dataset, seen)
        found = check(dataset, row_edits(draft))
        if found.checked.tables is None or not found.ready:
            raise DatasetError("draft_problems")
        before = selectors.tables_of(dataset.current)
        content = actions.Contents.of(found.checked.tables, before)
        version = actions.new_version(dataset, content, origin=actions.Origin.EDIT, note=note, by=by)
        draft.version = version
        draft.save(update_fields=["version"])
        for edit in draft.edits.exclude(kind=Kind.REMOVE):
            _say(dataset, edit.table, edit.row_key, _vouched(edit, draft), draft.created_by)
        actions.publish(version, by, {"draft": draft.pk, "note": note, "author": draft.created_by.username})
    return version


def _vouched(edit: DraftEdit, draft: EditDraft) -> Said:
    """What is said of each cell that an edit changed; one without a date was confirmed when it was edited."""
    watched = refresh.by_table().get(edit.table, {})
    day = timezone.localdate(edit.changed_at).isoformat()
    columns = [c for c, text in edit.cells.items() if c in watched and text] + list(edit.said)
    return {c: {"confirmed": day} | edit.said.get(c, {}) for c in dict.fromkeys(columns)}


def confirm(dataset: Dataset, places: Collection[tuple[str, str, str]], *, on: date, by: User) -> int:
    """Note that figures (table, key, column) still hold; how many. Raises DatasetError outside the reach."""
    assert dataset.current is not None
    tables = selectors.tables_of(dataset.current)
    reaches = Reaches(by, Provenance(dataset, tables).departments)
    for table, key, column in places:
        row = row_of(tables, table, key)
        if row is None or column not in row:
            raise DatasetError("unknown_row", where=f"{table} {key} {column}")
        if reaches.refuses(table, key, row, {column: ""} if column != "park_id" else {}):
            raise DatasetError("out_of_reach", where=f"{table} {key} {column}")
    with transaction.atomic():
        FieldNote.objects.bulk_create(
            FieldNote(dataset=dataset, table=t, row_key=k, column=c, confirmed_on=on, by=by)
            for t, k, c in places
        )
        detail = {"on": on.isoformat(), "fields": [list(p) for p in places]}
        record("field.confirmed", by=by, kind="dataset", object=dataset.pk, detail=detail)
    return len(places)


def _say(dataset: Dataset, table: str, key: str, said: Said, by: User | None) -> None:
    for column, what in said.items():
        kind, _colon, code = what.get("owner", "").partition(":")
        FieldNote.objects.create(
            dataset=dataset,
            table=table,
            row_key=key,
            column=column,
            source=what.get("source", "")[:300],
            owner_department=Department.objects.filter(code=code).first() if kind == "department" else None,
            owner_enterprise=Enterprise.objects.filter(code=code).first() if kind == "enterprise" else None,
            confirmed_on=date.fromisoformat(what["confirmed"]) if what.get("confirmed") else None,
            by=by,
        )


def _move(draft: EditDraft, to: str, *, of: tuple[str, ...], **fields: Any) -> None:
    mine = EditDraft.objects.unscoped(because=actions.MINE).filter(pk=draft.pk)
    if not mine.filter(status__in=of).update(status=to, **fields):
        found = mine.select_related("decided_by").get()
        if found.decided_by is None:
            raise DatasetError("not_ready", status=found.get_status_display())
        raise DatasetError("decided", status=found.get_status_display(), by=found.decided_by)
    draft.refresh_from_db()
