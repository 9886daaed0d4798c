"""Pages of the auditor."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from liantu.web.accounts.access import page
from liantu.web.accounts.permissions import Permission
from liantu.web.audit import selectors
from liantu.web.audit.actions import record
from liantu.web.audit.models import Event
from liantu.web.audit.words import name_of
from liantu.web.kit.spreadsheet import csv_response


@page(Permission.AUDIT_READ)
def event_list(request: HttpRequest) -> HttpResponse:
    """What was done: searched by person, deed, object, text and time."""
    return render(request, "audit/events.html", {"list": selectors.events(request.GET), "sort": "-seq"})


@page(Permission.AUDIT_READ)
def event(request: HttpRequest, seq: int) -> HttpResponse:
    """One event: who, when, from where, and what was before and after."""
    found = get_object_or_404(Event, seq=seq)
    before, after = selectors.neighbours(found)
    context = {
        "event": found,
        "changes": selectors.changes(found),
        "rest": selectors.rest(found),
        "before": before,
        "after": after,
    }
    return render(request, "audit/event.html", context)


@page(Permission.AUDIT_READ, post=True)
def export(request: HttpRequest) -> HttpResponseBase:
    """The events that were asked for as CSV; that they were exported is an event itself."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    found = selectors.events(request.GET)
    with transaction.atomic():
        asked = {key: value for key, value in request.GET.items() if value}
        record("audit.exported", by=request.user, kind="audit", detail={"rows": found.total, "asked": asked})
    header = [_("Number"), _("When"), _("Login id"), _("Who"), _("What"), _("Action"), _("Kind"), _("Object")]
    header += [_("Address"), _("Detail"), "HMAC"]
    return csv_response(f"audit-{timezone.localdate()}.csv", header, _rows(found.whole))


def _rows(events: Any) -> Iterator[tuple[Any, ...]]:
    for e in selectors.stream(events):
        at = timezone.localtime(e.at).isoformat(sep=" ", timespec="milliseconds")
        detail = json.dumps(e.detail, ensure_ascii=False) if e.detail else ""
        done = (name_of(e.action), e.action, e.kind, e.object)
        yield (e.seq, at, e.actor, e.actor_name, *done, e.address, detail, e.mac)
