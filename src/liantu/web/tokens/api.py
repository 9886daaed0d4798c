"""Who calls, and with what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from liantu.web.kit.api import answers
from liantu.web.tokens.access import needs

router = Router(tags=["caller"])


class Role(Schema):
    """A role of the owner, and where it holds."""

    role: str
    place: str | None


class Me(Schema):
    """The owner of the token, and what the token may do now."""

    username: str
    name: str
    roles: list[Role]
    permissions: list[str]
    token: str
    expires_at: datetime


@router.get("/me", auth=needs(None), response=answers(Me), summary="Who calls")
def me(request: HttpRequest) -> dict[str, Any]:
    """The person the token acts for, and the permissions that both hold at this moment."""
    caller = request.auth
    return {
        "username": caller.user.username,
        "name": str(caller.user),
        "roles": [{"role": m.role, "place": m.place.code if m.place else None} for m in caller.user.roles],
        "permissions": sorted(caller.permissions),
        "token": caller.token.prefix,
        "expires_at": caller.token.expires_at,
    }
