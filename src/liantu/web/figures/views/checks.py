"""Pages of checks: what does not fit together, and closing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from liantu.web.accounts.access import page
from liantu.web.figures import actions, catalogue, exports, findings, selectors
from liantu.web.figures.refusals import refusal
from liantu.web.figures.selectors import CHECK, READ
from liantu.web.figures.shown import shown
from liantu.web.jobs.actions import enqueue
from liantu.web.jobs.fragments import polled
from liantu.web.jobs.models import Job
from liantu.web.kit.pages import paged

KIND = "figures.check_all"


@page(READ)
def checks(request: HttpRequest) -> HttpResponse:
    """Findings, the gravest first; those that nobody closed, unless others are asked for."""
    rows = selectors.findings(request.user)
    if not request.GET.get("state"):
        rows = rows.filter(present=True, closed=False)
    found = paged(request.GET, rows.prefetch_related(*ROWS), selectors.finding_columns())
    known = catalogue.current()
    listed = [(f, [(r.role, shown(r.observation, known)) for r in f.rows.all()]) for f in found]
    job = Job.objects.unscoped(because="whether a check is under way").filter(kind=KIND).first()
    running = job if job is not None and job.active and job.created_by_id == request.user.pk else None
    context = {"list": found, "rows": listed, "job": running, "may_check": request.user.may(CHECK)}
    return polled(request, render(request, "figures/checks.html", context), running)


ROWS = ("rows__observation__standing",)


@page(CHECK, post=True)
def check_all(request: HttpRequest) -> HttpResponse:
    """Check all figures against each other, behind the request."""
    if request.method == "POST":
        waiting = Job.objects.unscoped(because="whether one waits").filter(
            kind=KIND, status=Job.Status.QUEUED
        )
        if not waiting.filter(created_by=request.user).exists():
            enqueue(KIND, by=request.user)
        messages.info(request, _("All figures are being checked."))
    return redirect("checks")


@page(READ)
def one(request: HttpRequest, mark: str) -> HttpResponse:
    """A finding: its figures with their sentences, what should hold, and what may explain it."""
    found = get_object_or_404(selectors.findings(request.user), fingerprint=mark)
    known = catalogue.current()
    rows = found.rows.select_related(
        "observation__standing", "observation__document", "observation__entered_by"
    )
    documents = set(
        selectors.documents(request.user)
        .filter(pk__in=[r.observation.document_id for r in rows if r.observation.document_id])
        .values_list("pk", flat=True)
    )
    told = [
        (r.role, shown(r.observation, known), exports.sentence_around(r.observation),
         r.observation.document_id in documents)
        for r in rows
    ]  # fmt: skip
    expected, printed = findings.intervals(found, {r.role: r.observation.unit for r in rows})
    context = {
        "finding": found, "rows": told, "closures": found.closures.select_related("by"),
        "expected": expected, "found": printed,
        "may_close": found.present and selectors.closable(request.user).filter(pk=found.pk).exists(),
    }  # fmt: skip
    return render(request, "figures/finding.html", context)


@page(CHECK, post=True)
def close(request: HttpRequest, mark: str) -> HttpResponse:
    """Close a finding with a reason, or open it again."""
    found = get_object_or_404(selectors.closable(request.user), fingerprint=mark)
    if request.method == "POST":
        said: dict[str, Any] = {"reason": request.POST.get("reason", "")[:500], "by": request.user}
        try:
            actions.close(found, closed=request.POST.get("act") != "open", **said)
            messages.success(request, _("Done."))
        except actions.RefusedError as error:
            messages.error(request, refusal(error))
    return redirect("checks-one", mark)
