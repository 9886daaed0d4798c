"""What the pages of rows and drafts show and do: forms, provenance, problems at their fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from liantu import messages
from liantu.data.diff import compare_tables, key_text
from liantu.data.edit import RowEdit
from liantu.data.field import Table
from liantu.data.schema import CARRIED_PREFIX
from liantu.errors import Problem
from liantu.web.accounts.models import Department, Enterprise, User
from liantu.web.accounts.permissions import Permission
from liantu.web.atlas.datasets import drafts, provenance, refresh, rows, selectors, show, stale
from liantu.web.atlas.datasets.findings import Findings, kept
from liantu.web.atlas.datasets.forms import CONFIRMED, OWNER, SOURCE, NoteForm, RowForm
from liantu.web.atlas.datasets.reach import Reaches
from liantu.web.atlas.models import Dataset, DraftEdit, EditDraft
from liantu.web.kit.naming import chinese

MOST_OWNERS = 1000


@dataclass(frozen=True)
class FieldLine:
    """A field of a row: what it is, where it comes from, and how late its confirmation is."""

    name: str
    title: str
    help: str
    unit: str
    value: str
    known: provenance.Field
    days: int  # 0: not watched
    late: int | None  # days
    required: bool
    own: bool  # it has a source and an owner of its own: neither a key nor a name
    bound: Any = None
    said: Sequence[Any] = ()
    before: str | None = None  # what stands in the current version where the draft changes it


@dataclass(frozen=True)
class RowPage:
    """One row with its form."""

    key: str
    name: str
    new: bool
    form: RowForm
    lines: Sequence[FieldLine]
    editable: bool
    whole: bool  # every column may be edited
    may_remove: bool
    edit: DraftEdit | None
    ids: Mapping[str, Sequence[tuple[str, str]]]
    owners: Sequence[tuple[str, str]]
    flows: Sequence[Mapping[str, Any]] = field(default=())
    next_line: int = 0

    @property
    def search(self) -> str:
        """What finds the row in its list."""
        return self.key.split(";")[0] or ""

    @property
    def sources(self) -> Sequence[tuple[str, str]]:
        return self.ids.get("sources", ())


def row_page(dataset: Dataset, table: Table, key: str, user: User, data: QueryDict | None) -> RowPage | None:
    """A row that is there, or that the person's draft adds; None where there is neither."""
    assert dataset.current is not None
    tables = selectors.tables_of(dataset.current)
    before = drafts.row_of(tables, table.name, key)
    draft = selectors.open_draft(dataset, user)
    edit = draft.edits.filter(table=table.name, row_key=key).first() if draft else None
    if before is None and (edit is None or edit.kind != DraftEdit.Kind.ADD):
        return None
    known = provenance.Provenance(dataset, tables)
    reaches = Reaches(user, known.departments)
    row = before or dict.fromkeys(table.names) | edit.cells  # type: ignore[union-attr]
    allowed = reaches.columns(table.name, key, row)
    columns = (
        [c for c in row if allowed is None or c in allowed] if user.may(Permission.DATASETS_EDIT) else []
    )
    texts = drafts.texts_of(tables, table.name, key) or dict.fromkeys(table.names, "")
    now = texts | (edit.cells if edit else {})
    new = before is None
    made = _page(dataset, table, key, row, texts, now, known, columns, data, new=new, edit=edit)
    flows = _flows(tables, key) if table.name == "processes" else ()
    line = rows.next_line(tables, key) if table.name == "processes" else 0
    return RowPage(
        **made,
        whole=allowed is None,
        may_remove=reaches.may_remove() and not new,
        flows=flows,
        next_line=line,
    )


def new_page(
    dataset: Dataset, table: Table, user: User, data: QueryDict | None, given: Mapping[str, str]
) -> RowPage:
    """The form of a row that is not there yet."""
    assert dataset.current is not None
    tables = selectors.tables_of(dataset.current)
    texts = dict.fromkeys(table.names, "") | dict(given)
    row: dict[str, Any] = dict.fromkeys(table.names)
    known = provenance.Provenance(dataset, tables)
    key = ""
    if data is not None:
        key = key_text(tuple(_plain_number(data.get(c, "").strip()) for c in table.key))
    made = _page(dataset, table, key, row, texts, texts, known, list(table.names), data, new=True, edit=None)
    return RowPage(**made, whole=True, may_remove=False)


def _plain_number(text: str) -> str:
    return text.removesuffix(".0")


def _page(
    dataset: Dataset,
    table: Table,
    key: str,
    row: Mapping[str, Any],
    texts: Mapping[str, str],
    now: Mapping[str, str],
    known: provenance.Provenance,
    columns: Sequence[str],
    data: QueryDict | None,
    *,
    new: bool,
    edit: DraftEdit | None,
) -> dict[str, Any]:
    ids = rows.ids_of(known.tables, table)
    initial = dict(now)
    for column, said in (edit.said if edit else {}).items():
        names = ((SOURCE, "source"), (OWNER, "owner"), (CONFIRMED, "confirmed"))
        initial |= {column + suffix: said[part] for suffix, part in names if part in said}
    form = RowForm(table, data, columns=columns, ids=ids, new=new, initial=initial)
    since = stale.loaded_on(dataset)
    watched, today = refresh.by_table().get(table.name, {}), timezone.localdate()
    lines = []
    for name in row:
        what = known.of(table.name, key, name, row)
        days = watched.get(name, 0) if row.get(name) is not None else 0
        late = (today - what.due(days, since)).days if days else None
        lines.append(_line(table, name, now, texts, what, days, late, form))
    return {
        "key": key,
        "name": stale.label(dict(row), key),
        "new": new,
        "form": form,
        "lines": lines,
        "editable": bool(form.fields),
        "edit": edit,
        "ids": ids,
        "owners": _owners(),
    }


def _line(
    table: Table,
    name: str,
    now: Mapping[str, str],
    texts: Mapping[str, str],
    what: provenance.Field,
    days: int,
    late: int | None,
    form: RowForm,
) -> FieldLine:
    declared = None if name.startswith(CARRIED_PREFIX) else table.field(name)
    text = (declared.zh if chinese() else declared.en) if declared else name
    mark = "；" if chinese() else ";"
    title, _mark, more = text.partition(mark)
    return FieldLine(
        name,
        title,
        more.strip(),
        declared.unit if declared else "",
        now.get(name, ""),
        what,
        days,
        late,
        bool(declared and declared.required),
        name not in table.key and not name.startswith("name_"),
        form[name] if name in form.fields else None,
        [form[name + s] for s in (SOURCE, OWNER, CONFIRMED)] if name + SOURCE in form.fields else (),
        texts.get(name, "") if now.get(name, "") != texts.get(name, "") else None,
    )


def _owners() -> list[tuple[str, str]]:
    """Who may owe a figure: (reference, name)."""
    found = [(f"department:{d.code}", str(d)) for d in Department.objects.all()[:MOST_OWNERS]]
    return found + [(f"enterprise:{e.code}", str(e)) for e in Enterprise.objects.all()[:MOST_OWNERS]]


def _flows(tables: Any, process: str) -> list[dict[str, Any]]:
    import polars as pl

    found = tables["process_flows"].filter(pl.col("process_id") == process).sort("line").to_dicts()
    return [{**f, "key": key_text((f["process_id"], f["line"]))} for f in found]


def save(dataset: Dataset, table: Table, page: RowPage, *, by: User) -> bool:
    """Put the form into the person's draft; False where something is wrong, which then stands at its field.

    Raises DatasetError.
    """
    form = page.form
    if not form.is_valid():
        return False
    cells = form.cells()
    problems = _problems(dataset, table, page, cells, by)
    for p in problems:
        said = f"{messages.what(p, _lang())}{'；' if chinese() else '; '}{messages.fix(p, _lang())}"
        form.add_error(p.column if p.column in form.fields else None, said)
    if problems:
        return False
    drafts.edit_row(dataset, table.name, page.key, cells, form.said(), by=by, new=page.new)
    return True


def _lang() -> messages.Lang:
    return "zh" if chinese() else "en"


def _problems(
    dataset: Dataset, table: Table, page: RowPage, cells: Mapping[str, str], by: User
) -> list[Problem]:
    """The errors of the row as the form has it, beside the other edits of the person's draft."""
    others = drafts.row_edits(selectors.open_draft(dataset, by))
    others = [e for e in others if (e.table, e.key) != (table.name, page.key)]
    edit = RowEdit(table.name, page.key, cells, page.new)
    found = drafts.check(dataset, [*others, edit])
    return [p for p in found.rows.get((table.name, page.key), []) if p.severity == "error"]


def said_after(page: RowPage) -> str:
    """What is said after a row was saved."""
    return _("“%(name)s” is in your draft. Commit the draft to make it count.") % {"name": page.key}


@dataclass(frozen=True)
class DraftPage:
    """A draft over the current version: edits with their problems, and what would differ."""

    edits: Sequence[tuple[DraftEdit, Sequence[Problem]]]
    rest: Sequence[Problem]
    conflicts: Sequence[tuple[str, str, str]]
    lost: Sequence[RowEdit]
    diff: show.DiffPage | None
    recipes: Sequence[Mapping[str, Any]]
    ready: bool


def draft_page(get: QueryDict, draft: EditDraft) -> DraftPage:
    """What a draft would do now."""
    assert draft.dataset.current is not None
    edits = list(draft.edits.all())
    found = drafts.check(draft.dataset, drafts.row_edits(draft))
    before = selectors.tables_of(draft.dataset.current)
    after = found.checked.tables
    diff = show.diff_page(get, compare_tables(before, after)) if after is not None else None
    recipes = Findings(kept(found.checked, after)).recipes if found.checked.broken else ()
    return DraftPage(
        [(e, found.rows.get((e.table, e.row_key), ())) for e in edits],
        [p for p in found.rest if p.severity == "error"],
        _conflicts(draft, edits),
        found.edited.lost,
        diff,
        recipes,
        found.ready and bool(edits),
    )


def _conflicts(draft: EditDraft, edits: Sequence[DraftEdit]) -> list[tuple[str, str, str]]:
    """Cells (table, key, column) that somebody else changed since the draft was begun."""
    if draft.base_id == draft.dataset.current_id:
        return []
    assert draft.dataset.current is not None
    old, new = selectors.tables_of(draft.base), selectors.tables_of(draft.dataset.current)
    found = []
    for edit in edits:
        was, now = (drafts.texts_of(t, edit.table, edit.row_key) for t in (old, new))
        found += [(edit.table, edit.row_key, c) for c in edit.cells if was.get(c, "") != now.get(c, "")]
    return found


def allowed(draft: EditDraft, user: User) -> frozenset[str]:
    """What a person may do with a draft."""
    mine, commits = draft.created_by_id == user.pk, user.may(Permission.DATASETS_COMMIT)
    may: set[str] = set()
    if draft.status == EditDraft.Status.OPEN and mine:
        may |= {"discard", "commit" if commits else "hand-in"}
    if draft.status == EditDraft.Status.HANDED_IN:
        may |= {"commit", "return"} if commits else set()
        may |= {"discard"} if mine or commits else set()
    return frozenset(may)


def decide(draft: EditDraft, what: str, form: NoteForm, seen: str, *, by: User) -> str:
    """Do it; what is said of it. Raises DatasetError."""
    note = form.cleaned_data["note"] if what != "discard" else ""
    if what == "commit":
        key = int(seen) if seen.isascii() and seen.isdigit() else -1
        version = drafts.commit(draft, note=note, seen=key, by=by)
        return _("Version %(n)s is current. It is being planned.") % {"n": version.number}
    if what == "hand-in":
        drafts.hand_in(draft, note=note, by=by)
        return _("The draft was handed in; it counts as soon as it is committed.")
    if what == "return":
        drafts.send_back(draft, remark=note, by=by)
        return _("The draft was returned to its author.")
    drafts.discard(draft, by=by)
    return _("The draft was discarded.")
