"""How the server is, for who watches over it."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse

from liantu.web.accounts.access import open_page
from liantu.web.atlas.runs import selectors


@open_page
def health(request: HttpRequest) -> JsonResponse:
    """ready: a plan is shown (200); waiting: one is under way; failed; empty: no data (503). Says no more."""
    if selectors.publications().exists():
        return JsonResponse({"status": "ready"})
    run = selectors.pending()
    status = "empty" if run is None else "waiting" if run.job.active else "failed"
    return JsonResponse({"status": status}, status=503)
