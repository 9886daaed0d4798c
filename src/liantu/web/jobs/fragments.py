"""Pages that show a job: they poll themselves, and are drawn anew when it has ended."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from liantu.web.jobs.models import Job


def polled(request: HttpRequest, response: HttpResponse, job: Job | None) -> HttpResponse:
    """The response; where the job ended, the poller of `jobs/_progress.html` loads the whole page."""
    if request.headers.get("HX-Request") and (job is None or not job.active):
        response["HX-Refresh"] = "true"
    return response
