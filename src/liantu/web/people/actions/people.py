"""The system admin's deeds: people and whether they may come in. No roles."""

from __future__ import annotations

import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from liantu.web.accounts.models import FormerPassword, User
from liantu.web.audit.actions import difference, record
from liantu.web.people.actions import roles

FIELDS = ("username", "name", "phone")
LETTERS = "abcdefghijkmnpqrstuvwxyz"  # none that is taken for another
CAPITALS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
DIGITS = "23456789"


def first_password() -> str:
    """A password to hand over once: sixteen characters in four groups, of every kind."""
    groups = [
        secrets.choice(CAPITALS) + "".join(secrets.choice(LETTERS) for _ in range(2)) + secrets.choice(DIGITS)
        for _ in range(4)
    ]
    return "-".join(groups)


def add_person(*, username: str, name: str, phone: str = "", by: User | None) -> tuple[User, str]:
    """Add a person; who it is and the password to hand over, which has to be changed at the first login."""
    password = first_password()
    user = User(username=username, name=name, phone=phone)
    user.set_password(password)
    with transaction.atomic():
        user.save(force_insert=True)
        FormerPassword.objects.create(user=user, hash=user.password)
        record("person.added", by=by, kind="user", object=username, detail=difference({}, _said(user)))
    return user, password


def change_person(*, user: User, changes: dict[str, Any], by: User) -> None:
    """Change name, phone or login."""
    with transaction.atomic():
        before = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        for field in FIELDS:
            setattr(user, field, changes.get(field, getattr(before, field)))
        detail = difference(_said(before), _said(user))
        if detail["after"]:
            user.save(update_fields=FIELDS)
            record("person.changed", by=by, kind="user", object=before.username, detail=detail)


def _said(user: User) -> dict[str, str]:
    return {field: getattr(user, field) for field in FIELDS}


def set_access(*, user: User, open: bool, by: User) -> None:
    """Let a person in, or no longer; their sessions end at once. Raises ValidationError."""
    if user.pk == by.pk:
        raise ValidationError(_("Nobody closes their own access."))
    with transaction.atomic():
        if not open:
            roles.keep_a_security_admin(without=user)
        changed = User.objects.filter(pk=user.pk).exclude(is_active=open).update(is_active=open)
        if changed:
            done = "person.opened" if open else "person.closed"
            record(done, by=by, kind="user", object=user.username)


def reset_password(*, user: User, by: User | None) -> str:
    """A new password to hand over; the old one and every session are void. Raises ValidationError."""
    if by is not None and by.pk == user.pk:
        raise ValidationError(_("Change your own password on your own page."))
    password = first_password()
    user.set_password(password)
    user.password_changed_at = None
    with transaction.atomic():
        user.save(update_fields=["password", "password_changed_at"])
        FormerPassword.objects.create(user=user, hash=user.password)
        record("account.password_reset", by=by, kind="user", object=user.username)
    return password
