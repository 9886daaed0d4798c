"""Making and revoking tokens."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import Permission
from liantu.web.audit.actions import record
from liantu.web.tokens.models import Token
from liantu.web.tokens.selectors import digest_of, grantable

MARK = "liantu_"  # so that a secret that leaked can be recognised
LONGEST = timedelta(days=366)
USED_EVERY = timedelta(minutes=1)


class NotYoursError(PermissionError):
    """A token may carry only what its owner may do."""


@transaction.atomic
def make(*, by: User, name: str, scopes: Collection[Permission], days: int) -> tuple[Token, str]:
    """A new token and its secret, which is shown this once. Raises NotYoursError, ValueError."""
    beyond = set(scopes) - set(grantable(by))
    if beyond:
        raise NotYoursError(", ".join(sorted(beyond)))
    if not scopes or not 1 <= days <= LONGEST.days:
        raise ValueError("a token needs a scope, and an end within a year")
    secret = MARK + secrets.token_urlsafe(32)
    token = Token.objects.create(
        owner=by,
        name=name,
        prefix=secret[: len(MARK) + 6],
        digest=digest_of(secret),
        scopes=sorted(scopes),
        expires_at=timezone.now() + timedelta(days=days),
    )
    detail = {"name": name, "prefix": token.prefix, "scopes": token.scopes, "days": days}
    record("token.make", by=by, kind="token", object=token.pk, detail=detail)
    return token, secret


@transaction.atomic
def revoke(*, token: Token, by: User) -> bool:
    """End a token now; False where it was revoked already."""
    now = timezone.now()
    rows = Token.objects.unscoped(because="the caller fetched this token in scope")
    if not rows.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        return False
    detail = {"name": token.name, "prefix": token.prefix, "owner": token.owner_id}
    record("token.revoke", by=by, kind="token", object=token.pk, detail=detail)
    return True


def used(*, token: Token) -> None:
    """Note that a token was used, to the minute. Not audited: what it did is."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > USED_EVERY:
        rows = Token.objects.unscoped(because="the token that is being used")
        rows.filter(pk=token.pk).update(last_used_at=now)
