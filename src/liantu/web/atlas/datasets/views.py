"""Pages of a file on its way to a version."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from liantu.web.accounts.access import page
from liantu.web.accounts.permissions import Permission
from liantu.web.atlas.datasets import actions, selectors, show, stale
from liantu.web.atlas.datasets.errors import DatasetError
from liantu.web.atlas.datasets.findings import Findings
from liantu.web.atlas.datasets.forms import CommitForm, UploadForm
from liantu.web.atlas.models import Dataset, StagedUpload
from liantu.web.jobs.fragments import polled
from liantu.web.jobs.models import Job
from liantu.web.kit.downloads import XLSX, attachment

Status = StagedUpload.Status


@page(Permission.DATASETS_READ)
def overview(request: HttpRequest) -> HttpResponse:
    """What data there are, who owes which figures, what is under way."""
    dataset = selectors.shown_dataset()
    if dataset is None or dataset.current is None:
        return render(request, "atlas/datasets/none.html", {"dataset": dataset})
    figures = stale.due_figures(dataset)
    context = {
        "dataset": dataset,
        "version": dataset.current,
        "tables": [(show.title_of(t), t, n) for t, n in dataset.current.counts.items()],
        "versions": selectors.versions(dataset)[:5],
        "uploads": selectors.uploads_of(request.user)[:8],
        "drafts": selectors.drafts_of(request.user)[:8],
        "late": sum(d.late >= 0 for d in figures),
        "owners": stale.owners(figures)[:6],
    }
    return render(request, "atlas/datasets/overview.html", context)


@page(Permission.DATASETS_EDIT, post=True)
def upload(request: HttpRequest) -> HttpResponse:
    """The form for a file; a file that came is staged and checked."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        dataset = selectors.shown_dataset() or Dataset.objects.create(
            code="city", name_zh="城市", name_en="City"
        )
        staged = actions.stage(content=file.read(), name=file.name, dataset=dataset, by=request.user)
        return redirect("datasets-staged", staged.pk)
    status = 400 if form.is_bound else 200
    return render(request, "atlas/datasets/upload.html", {"form": form}, status=status)


def _staged(request: HttpRequest, upload: uuid.UUID) -> StagedUpload:
    return get_object_or_404(selectors.uploads_of(request.user), pk=upload)


@page(Permission.DATASETS_EDIT)
def staged(request: HttpRequest, upload: uuid.UUID) -> HttpResponse:
    """How far the check is; then all problems on their rows, or what would change."""
    found = _staged(request, upload)
    return _show_staged(request, found, None)


def _show_staged(request: HttpRequest, found: StagedUpload, form: CommitForm | None) -> HttpResponse:
    context: dict[str, object] = {"upload": found, "moved_on": found.base_id != found.dataset.current_id}
    job = Job.objects.unscoped(because="of an upload in scope").filter(pk=found.job).first()
    if found.status == Status.CHECKING:
        response = render(request, "atlas/datasets/checking.html", context | {"job": job})
        return polled(request, response, job)
    findings = Findings(bytes(found.findings))
    context["recipes"] = findings.recipes
    if found.status == Status.READY:
        changes = selectors.difference(found.base, found)
        context["diff"] = show.diff_page(request.GET, changes)
        context["form"] = form or CommitForm(unbalanced=found.broken > 0)
        context["may_commit"] = request.user.may(Permission.DATASETS_COMMIT)
        context["notices"] = findings.problems[:200]
    elif found.status == Status.REFUSED:
        context["problems"] = show.problem_page(request.GET, findings, _("The file as a whole"))
    status = 400 if form is not None else 200
    response = render(request, "atlas/datasets/staged.html", context, status=status)
    return polled(request, response, job)


@page(Permission.DATASETS_COMMIT, post=True)
def commit(request: HttpRequest, upload: uuid.UUID) -> HttpResponse:
    """Make the upload the current version."""
    found = _staged(request, upload)
    form = CommitForm(request.POST, unbalanced=found.broken > 0)
    if request.method != "POST" or (found.status == Status.READY and not form.is_valid()):
        return _show_staged(request, found, form if request.method == "POST" else None)
    said = form.cleaned_data if form.is_valid() else {"note": "", "confirm": "nothing", "confirmed_on": None}
    said.pop("broken", None)
    try:
        version = actions.commit(found, by=request.user, **said)
    except DatasetError as error:
        messages.error(request, error.sentence)
        return redirect("datasets-staged", found.pk)
    messages.success(request, _("Version %(n)s is current. It is being planned.") % {"n": version.number})
    return redirect("datasets-version", version.number)


@page(Permission.DATASETS_EDIT, post=True)
def recheck(request: HttpRequest, upload: uuid.UUID) -> HttpResponse:
    """Check and compare again with what is current now."""
    return _decide(request, upload, lambda found: actions.recheck(found, by=request.user), "")


@page(Permission.DATASETS_EDIT, post=True)
def discard(request: HttpRequest, upload: uuid.UUID) -> HttpResponse:
    """Give an upload up."""
    said = _("The upload was discarded.")
    return _decide(request, upload, lambda found: actions.discard(found, by=request.user), said)


def _decide(request: HttpRequest, upload: uuid.UUID, act: object, said: str) -> HttpResponse:
    found = _staged(request, upload)
    if request.method == "POST":
        try:
            act(found)  # type: ignore[operator]
        except DatasetError as error:
            messages.error(request, error.sentence)
        else:
            if said:
                messages.success(request, said)
                return redirect("datasets")
    return redirect("datasets-staged", found.pk)


@page(Permission.DATASETS_EDIT)
def marked(request: HttpRequest, upload: uuid.UUID) -> HttpResponse:
    """The file as a workbook in which the problems are marked."""
    found = get_object_or_404(selectors.uploads_of(request.user).exclude(marked=None), pk=upload)
    assert found.marked is not None
    name = f"{found.name.rpartition('.')[0] or found.name}-marked.xlsx"
    return attachment(bytes(found.marked.content), name, XLSX)
