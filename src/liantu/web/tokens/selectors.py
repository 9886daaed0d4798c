"""Whose tokens there are, and what a token lets through."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import GRANTS, Permission
from liantu.web.accounts.scope import ScopedQuerySet
from liantu.web.kit.pages import Columns, Filter
from liantu.web.tokens.models import Token

ADMIN_ONLY = frozenset({Permission.USERS_MANAGE, Permission.SECURITY_MANAGE, Permission.GALLERY_READ})
"""What is done in person: no token carries it."""
PERMISSION_NAMES = {
    Permission.DESK_READ: _("Read the overview"),
    Permission.ATLAS_READ: _("Read the atlas"),
    Permission.DATASETS_READ: _("Read datasets"),
    Permission.DATASETS_EDIT: _("Edit datasets"),
    Permission.DATASETS_COMMIT: _("Commit datasets"),
    Permission.RUNS_READ: _("Read runs"),
    Permission.RUNS_START: _("Start runs"),
    Permission.RUNS_PUBLISH: _("Publish runs"),
    Permission.OPPORTUNITIES_READ: _("Read opportunities"),
    Permission.OPPORTUNITIES_EDIT: _("Edit opportunities"),
    Permission.EXCHANGE_READ: _("Read the exchange"),
    Permission.EXCHANGE_STATE: _("State needs and offers"),
    Permission.EXCHANGE_FOLLOW: _("Follow matches up"),
    Permission.FIGURES_READ: _("Read figures"),
    Permission.FIGURES_ENTER: _("Enter figures"),
    Permission.FIGURES_CHECK: _("Check figures"),
    Permission.FIGURES_RELEASE: _("Release figures"),
    Permission.AUDIT_READ: _("Read the audit"),
}
TOKENS = Columns(
    sorts={"name": ("name",), "owner": ("owner__username",), "made": ("created_at",), "end": ("expires_at",),
           "used": ("last_used_at",)},
    default="-made",
    search=("name", "prefix", "owner__username", "owner__name"),
    filters=(
        Filter("revoked", _("State"), (("0", _("not revoked")), ("1", _("revoked"))),
               lambda rows, value: rows.filter(revoked_at__isnull=value == "0")),
    ),
    hint=_("name, beginning of the token, owner"),
)  # fmt: skip


@dataclass(frozen=True)
class Caller:
    """Who calls the interface: the owner of the token, and what both may do."""

    user: User
    token: Token
    permissions: frozenset[Permission]


def own(user: User) -> ScopedQuerySet:
    """The tokens that a person made."""
    return Token.objects.unscoped(because="a person's own tokens").filter(owner=user)


def everybody() -> ScopedQuerySet:
    """All tokens, for who manages security."""
    return Token.objects.unscoped(because="the security admin sees every token").select_related("owner")


def grantable(user: User) -> list[Permission]:
    """What the person may pass on to a token: their own permissions but those exercised in person."""
    return [p for p in Permission if p in user.permissions and p in PERMISSION_NAMES]


def digest_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def caller(secret: str, now: datetime) -> Caller | None:
    """Whom a secret stands for; None where it is unknown, expired or revoked, or its owner is gone."""
    found = Token.objects.unscoped(because="a secret is its own proof").select_related("owner")
    token = found.filter(digest=digest_of(secret)).first()
    if token is None or token.state(now) != "active" or not token.owner.is_active:
        return None
    return Caller(token.owner, token, token.permissions & token.owner.permissions)


def roles_with(permission: Permission) -> list[str]:
    """The roles that carry a permission, for the reference."""
    return [role.value for role, granted in GRANTS.items() if permission in granted]
