"""What deeds are called. An app adds its own: `words.NAMES |= {"exchange.taken": _("...")}`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

NAMES: dict[str, Any] = {
    "account.login": _("logged in"),
    "account.login_failed": _("login refused"),
    "account.logout": _("logged out"),
    "account.password_set": _("password set"),
    "account.password_reset": _("password reset"),
    "account.signed_out_everywhere": _("signed out everywhere"),
    "account.second_factor_set": _("second factor set up"),
    "account.second_factor_removed": _("second factor taken away"),
    "account.second_factor_reset": _("second factor reset"),
    "account.second_factor_codes_made": _("recovery codes made"),
    "account.second_factor_code_used": _("recovery code used"),
    "account.unlocked": _("login unlocked"),
    "person.added": _("person added"),
    "person.changed": _("person changed"),
    "person.closed": _("access closed"),
    "person.opened": _("access opened"),
    "role.granted": _("role granted"),
    "role.revoked": _("role revoked"),
    "department.added": _("department added"),
    "department.changed": _("department changed"),
    "department.moved": _("department moved"),
    "department.removed": _("department removed"),
    "park.added": _("park added"),
    "park.changed": _("park changed"),
    "park.removed": _("park removed"),
    "enterprise.added": _("enterprise added"),
    "enterprise.changed": _("enterprise changed"),
    "enterprise.removed": _("enterprise removed"),
    "audit.exported": _("events exported"),
}
"""Action -> its name."""

KINDS: dict[str, Any] = {
    "user": _("person"),
    "department": _("department"),
    "park": _("park"),
    "enterprise": _("enterprise"),
    "audit": _("audit"),
}
"""Kind of object -> its name."""

FIELDS: dict[str, Any] = {
    "username": _("Login"),
    "name": _("Name"),
    "phone": _("Phone"),
    "role": _("Role"),
    "place": _("Place"),
    "code": _("Code"),
    "name_zh": _("Chinese name"),
    "name_en": _("English name"),
    "path": _("Path"),
    "parent": _("Belongs to"),
    "credit_code": _("Unified social credit code"),
    "contact": _("Contact"),
    "reason": _("Reason"),
    "browser": _("Browser"),
    "locked": _("Locked"),
    "rows": _("Rows"),
    "asked": _("Asked for"),
}
"""Field of a detail -> its name."""

STEPS: dict[str, Callable[[str], str | None]] = {}
"""Flow of cases -> what gives the name of its step: `exchange.take` is the step `take` of `exchange`."""


def name_of(action: str) -> str:
    """The name of an action; the action itself where nobody named it."""
    if action in NAMES:
        return str(NAMES[action])
    flow, _dot, step = action.partition(".")
    return (STEPS[flow](step) if flow in STEPS else None) or action
