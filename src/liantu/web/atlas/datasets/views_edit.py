"""Pages on which rows are edited, and the draft in which the edits wait."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from liantu.data.schema import TABLES, Table
from liantu.web.accounts.access import page
from liantu.web.accounts.permissions import Permission
from liantu.web.atlas.datasets import drafts, editing, rows, selectors, show
from liantu.web.atlas.datasets.errors import DatasetError
from liantu.web.atlas.datasets.forms import NoteForm
from liantu.web.atlas.datasets.reach import Reaches
from liantu.web.atlas.models import Dataset, EditDraft
from liantu.web.kit import parameters


def _current() -> Dataset:
    found = selectors.shown_dataset()
    if found is None or found.current is None:
        raise Http404(_("There are no data yet."))
    return found


def _table(name: str) -> Table:
    if name not in TABLES:
        raise Http404(_("No table is called “%(name)s”.") % {"name": name[:60]})
    return TABLES[name]


@page(Permission.DATASETS_READ)
def table(request: HttpRequest, table: str) -> HttpResponse:
    """The rows of a table."""
    dataset, declared = _current(), _table(table)
    tables = selectors.tables_of(dataset.current)
    draft = selectors.open_draft(dataset, request.user)
    edits = {e.row_key: e for e in draft.edits.filter(table=table)} if draft else {}
    reaches = Reaches(request.user, {})
    mine = parameters.flag(request.GET, "mine")
    found = rows.row_list(request.GET, tables, declared, edits, reaches.parks if mine else frozenset())
    context = {
        "table": declared,
        "list": found,
        "sort": found.sort,
        "names": [(t, show.title_of(t), n) for t, n in dataset.current.counts.items()],
        "added": [e for e in edits.values() if e.kind == "add"],
        "may_add": reaches.may_add(table),
        "draft": draft,
        "parks": reaches.parks if table == "facilities" else (),
        "mine": mine,
    }
    return render(request, "atlas/datasets/table.html", context)


@page(Permission.DATASETS_READ, post=True)
def row(request: HttpRequest, table: str) -> HttpResponse:
    """One row: its fields, where they come from, and the form to edit them."""
    dataset, declared = _current(), _table(table)
    key = parameters.text(request.GET, "key")
    found = editing.row_page(
        dataset, declared, key, request.user, request.POST if request.method == "POST" else None
    )
    if found is None:
        raise Http404(_("There is no such row: %(where)s.") % {"where": f"{table} {key}"})
    if request.method != "POST":
        return render(request, "atlas/datasets/row.html", {"page": found, "table": declared})
    if not found.editable:
        raise PermissionDenied
    return _saved(request, dataset, declared, found)


@page(Permission.DATASETS_EDIT, post=True)
def new_row(request: HttpRequest, table: str) -> HttpResponse:
    """A row that is not there yet."""
    dataset, declared = _current(), _table(table)
    if not Reaches(request.user, {}).may_add(table):
        raise PermissionDenied
    given = {f.name: parameters.text(request.GET, f.name) for f in declared.fields if f.name in request.GET}
    data = request.POST if request.method == "POST" else None
    found = editing.new_page(dataset, declared, request.user, data, given)
    if request.method != "POST":
        return render(request, "atlas/datasets/row.html", {"page": found, "table": declared})
    return _saved(request, dataset, declared, found)


def _saved(request: HttpRequest, dataset: Dataset, table: Table, found: editing.RowPage) -> HttpResponse:
    """Save into the draft what is right; show what is wrong at its field."""
    try:
        if editing.save(dataset, table, found, by=request.user):
            messages.success(request, editing.said_after(found))
            return redirect(
                f"{reverse('datasets-table', args=[table.name])}?{urlencode({'q': found.search})}"
            )
    except DatasetError as error:
        found.form.add_error(None, error.sentence)
    return render(request, "atlas/datasets/row.html", {"page": found, "table": table}, status=400)


@page(Permission.DATASETS_EDIT, post=True)
def remove(request: HttpRequest, table: str) -> HttpResponse:
    """Take a row out, or an edit back."""
    dataset, declared = _current(), _table(table)
    key = parameters.text(request.GET, "key")
    back = f"{reverse('datasets-table', args=[declared.name])}"
    if request.method != "POST":
        return redirect(back)
    try:
        if parameters.flag(request.POST, "undo"):
            draft = selectors.open_draft(dataset, request.user)
            if draft is not None:
                drafts.undo(draft, table, key)
            back = reverse("datasets-draft")
        else:
            drafts.remove_row(dataset, table, key, by=request.user)
            messages.success(request, _("The row will be removed when the draft is committed."))
    except DatasetError as error:
        messages.error(request, error.sentence)
    return redirect(back)


@page(Permission.DATASETS_EDIT)
def my_draft(request: HttpRequest) -> HttpResponse:
    """The person's open draft."""
    found = selectors.open_draft(_current(), request.user)
    if found is None:
        return render(request, "atlas/datasets/draft.html", {"draft": None})
    return _show_draft(request, found, None)


def _draft(request: HttpRequest, draft: int) -> EditDraft:
    return get_object_or_404(selectors.drafts_of(request.user), pk=draft)


@page(Permission.DATASETS_EDIT)
def draft(request: HttpRequest, draft: int) -> HttpResponse:
    """A draft that was handed in, or is over."""
    return _show_draft(request, _draft(request, draft), None)


def _show_draft(request: HttpRequest, found: EditDraft, form: NoteForm | None) -> HttpResponse:
    context: dict[str, Any] = {"draft": found, "form": form or NoteForm(label_suffix="")}
    context |= {
        "mine": found.created_by_id == request.user.pk,
        "may_commit": request.user.may(Permission.DATASETS_COMMIT),
        "seen": found.dataset.current_id,
        "moved_on": found.base_id != found.dataset.current_id,
    }
    if found.status in (EditDraft.Status.OPEN, EditDraft.Status.HANDED_IN):
        context["page"] = editing.draft_page(request.GET, found)
    return render(request, "atlas/datasets/draft.html", context, status=400 if form is not None else 200)


@page(Permission.DATASETS_EDIT, post=True)
def decide(request: HttpRequest, draft: int, what: str) -> HttpResponse:
    """Commit a draft, hand it in, return it or discard it."""
    found = _draft(request, draft)
    if request.method != "POST":
        return redirect("datasets-draft-one", found.pk)
    if what not in editing.allowed(found, request.user):
        raise PermissionDenied
    form = NoteForm(request.POST, label_suffix="")
    if what != "discard" and not form.is_valid():
        return _show_draft(request, found, form)
    try:
        said = editing.decide(found, what, form, request.POST.get("seen", ""), by=request.user)
    except DatasetError as error:
        messages.error(request, error.sentence)
        return redirect("datasets-draft-one", found.pk)
    messages.success(request, said)
    return redirect("datasets")
