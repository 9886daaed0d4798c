"""Cases that wait for somebody or are late, of any flow."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import Permission
from liantu.web.casefile import people
from liantu.web.casefile.models import CaseFile, EscalatedTo, Owed


def visible(user: User, permission: Permission) -> Any:
    """The cases that the person may see: as the permission says, and where they are a party or own it."""
    return CaseFile.objects.visible_to(user, permission, also=people.reached(user))


def waiting(user: User) -> Q:
    """A step is owed by the person, or by those they belong to."""
    return Q(Exists(Owed.objects.filter(people.meant(user), case=OuterRef("pk"))))


def late(now: datetime | None = None) -> Q:
    """A clock is late."""
    return Q(final=False, late_at__lte=now or timezone.now())


def told(user: User) -> Q:
    """The person was told of an escalation, in person or with those they belong to."""
    rows = EscalatedTo.objects.filter(people.meant(user), escalation__case=OuterRef("pk"))
    return Q(Exists(rows))
