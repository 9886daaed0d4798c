"""Pages of versions: the list, one against another, downloads, going back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liantu.web.accounts.access import page
from liantu.web.accounts.permissions import Permission
from liantu.web.atlas.datasets import actions, selectors, show
from liantu.web.atlas.datasets.errors import DatasetError
from liantu.web.atlas.datasets.forms import NoteForm
from liantu.web.atlas.models import Dataset, DatasetVersion
from liantu.web.kit import parameters
from liantu.web.kit.downloads import XLSX, ZIP, attachment
from liantu.web.kit.pages import Columns, DayFilter, Filter, paged

VERSIONS = Columns(
    sorts={
        "number": ("number",),
        "when": ("created_at",),
        "who": ("created_by__name", "created_by__username"),
    },
    default="-number",
    search=("note", "digest", "created_by__name", "created_by__username"),
    filters=(
        Filter("origin", gettext_lazy("How it came"), DatasetVersion.Origin.choices),
        DayFilter("from", gettext_lazy("From"), how="created_at__date__gte"),
        DayFilter("to", gettext_lazy("Up to"), how="created_at__date__lte"),
    ),
    hint=gettext_lazy("note, person, digest"),
)


def _dataset() -> Dataset:
    found = selectors.shown_dataset()
    if found is None or found.current is None:
        raise Http404(_("There are no data yet."))
    return found


def _version(dataset: Dataset, number: int) -> DatasetVersion:
    return get_object_or_404(selectors.versions(dataset), number=number)


@page(Permission.DATASETS_READ)
def versions(request: HttpRequest) -> HttpResponse:
    """All versions, the newest first."""
    dataset = _dataset()
    found = paged(request.GET, selectors.versions(dataset), VERSIONS)
    context = {"dataset": dataset, "list": found, "sort": found.sort}
    return render(request, "atlas/datasets/versions.html", context)


@page(Permission.DATASETS_READ)
def version(request: HttpRequest, number: int) -> HttpResponse:
    """One version: what it holds, and what differs from another."""
    dataset = _dataset()
    found = _version(dataset, number)
    return _show(request, dataset, found, None)


def _show(
    request: HttpRequest, dataset: Dataset, found: DatasetVersion, form: NoteForm | None
) -> HttpResponse:
    numbers = list(dataset.versions.values_list("number", flat=True))
    default = str(found.number - 1) if found.number > 1 else ""
    asked = parameters.choice(request.GET, "against", ["0", *map(str, numbers)], default)
    other = _version(dataset, int(asked)) if asked not in ("", "0") else None
    changes = selectors.difference(other, found) if other else {}
    context = {
        "dataset": dataset,
        "version": found,
        "tables": [(show.title_of(t), t, n) for t, n in found.counts.items()],
        "other": other,
        "others": [n for n in numbers if n != found.number],
        "diff": show.diff_page(request.GET, changes),
        "form": form or NoteForm(label_suffix=""),
        "seen": dataset.current_id,
        "may_restore": request.user.may(Permission.DATASETS_COMMIT) and found.pk != dataset.current_id,
    }
    status = 400 if form is not None else 200
    return render(request, "atlas/datasets/version.html", context, status=status)


@page(Permission.DATASETS_COMMIT, post=True)
def restore(request: HttpRequest, number: int) -> HttpResponse:
    """Make what an older version holds current again."""
    dataset = _dataset()
    found = _version(dataset, number)
    form = NoteForm(request.POST, label_suffix="")
    if request.method != "POST" or not form.is_valid():
        return _show(request, dataset, found, form if request.method == "POST" else None)
    seen = request.POST.get("seen", "")
    try:
        made = actions.rollback(
            dataset,
            found,
            by=request.user,
            note=form.cleaned_data["note"],
            seen=int(seen) if seen.isascii() and seen.isdigit() else -1,
        )
    except DatasetError as error:
        messages.error(request, error.sentence)
        return redirect("datasets-version", number)
    said = {"n": made.number, "old": number}
    messages.success(request, _("Version %(n)s holds what version %(old)s held. It is being planned.") % said)
    return redirect("datasets-version", made.number)


@page(Permission.DATASETS_READ)
def package(request: HttpRequest, number: int) -> HttpResponse:
    """A version as a data package."""
    found = _version(_dataset(), number)
    return attachment(bytes(found.package), f"{found.dataset.code}-v{number}.zip", ZIP)


@page(Permission.DATASETS_READ)
def workbook(request: HttpRequest, number: int) -> HttpResponse:
    """A version as a workbook."""
    found = _version(_dataset(), number)
    content = selectors.workbook(selectors.tables_of(found))
    return attachment(content, f"{found.dataset.code}-v{number}.xlsx", XLSX)
