"""Who may call an operation: a Bearer token whose scopes and whose owner's roles both carry the permission.

    @router.get("/plants", auth=needs(Permission.ATLAS_READ), response=answers(Many[Plant]))

`request.auth` is then a `Caller`. Sessions are not looked at, so that no page of elsewhere can call in a
person's name.
"""

from __future__ import annotations

import os

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from liantu.web.accounts.permissions import Permission
from liantu.web.kit.api import ApiError
from liantu.web.kit.client import address_of
from liantu.web.kit.counting import PerMinute
from liantu.web.tokens import actions, selectors
from liantu.web.tokens.selectors import Caller

PER_MINUTE = int(os.environ.get("LIANTU_API_PER_MINUTE", "600"))
"""Calls of one token a minute in one process of the server: counting them costs no write."""
FAILURES_PER_MINUTE = 60
calls, refused = PerMinute(), PerMinute()


class Bearer(HttpBearer):
    """Looks a token up and asks whether it carries `permission`; None: any token will do."""

    def __init__(self, permission: Permission | None) -> None:
        super().__init__()
        self.permission = permission

    def __call__(self, request: HttpRequest) -> Caller | None:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise ApiError(400, "bad_address", _("The address holds the character NUL."))
        address = address_of(request)
        if refused.so_far(address) >= FAILURES_PER_MINUTE:
            raise _too_many()
        found: Caller | None = super().__call__(request)
        if found is None:
            refused.count(address)
        return found

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """The caller. Raises ApiError: 403 where the permission is missing, 429 where it calls too often."""
        found = selectors.caller(token, timezone.now())
        if found is None:
            return None
        if calls.count(found.token.pk) > PER_MINUTE:
            raise _too_many()
        if self.permission is not None and self.permission not in found.permissions:
            said = _("The token does not carry %(permission)s, or its owner may no longer do it.")
            where = [("permission", self.permission.value)]
            raise ApiError(403, "forbidden", said % {"permission": self.permission.value}, where)
        actions.used(token=found.token)
        request.user = found.user
        return found


def needs(permission: Permission | None) -> Bearer:
    """What an operation asks for."""
    return Bearer(permission)


def _too_many() -> ApiError:
    return ApiError(429, "too_many", _("Too many calls; wait a minute."))
