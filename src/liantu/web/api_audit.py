"""The chain of events, for auditors. It stands here because tokens are audited, not the other way round."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from liantu.web.accounts.permissions import Permission
from liantu.web.audit.models import Event
from liantu.web.kit.api import Code, Many, Window, answers, window
from liantu.web.tokens.access import needs

router = Router(tags=["audit"])


class EventRow(Schema):
    """One thing that was done; `actor` is null where it was the system. `mac` seals it to the one before."""

    seq: int
    at: datetime
    actor: int | None
    actor_name: str
    action: str
    kind: str
    object: str
    detail: dict[str, Any]
    address: str
    before: str
    mac: str


class Asked(Window):
    """Which events."""

    action: Code | None = None
    kind: Code | None = None
    object: Code | None = None
    actor: int | None = Field(None, ge=1, le=2**63 - 1)
    since: date | None = None
    until: date | None = None


@router.get("/events", auth=needs(Permission.AUDIT_READ), response=answers(Many[EventRow]), summary="Events")
def events(request: HttpRequest, asked: Query[Asked]) -> dict[str, Any]:
    """What was done, the newest first."""
    names = {"action": "action", "kind": "kind", "object": "object", "actor": "actor"}
    names |= {"since": "at__date__gte", "until": "at__date__lte"}
    wanted = {names[k]: v for k, v in asked.dict(exclude={"limit", "offset"}, exclude_none=True).items()}
    rows = Event.objects.filter(**wanted).order_by("-seq")
    return window(rows.values(*EventRow.model_fields), asked)
