"""What django-axes asks: how many wrong passwords, for how long; and an address that tries everybody."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog
from django.conf import settings
from django.db.models import Max, QuerySet, Sum
from django.http import HttpRequest
from django.utils import timezone

from liantu.web.kit.client import address_of


def limit(request: HttpRequest, credentials: dict[str, Any] | None) -> int:
    """So many wrong passwords lock a login from an address."""
    return int(settings.SECURITY.failures)


def duration(request: HttpRequest | None = None) -> timedelta:
    """So long is it locked."""
    return timedelta(minutes=settings.SECURITY.lock_minutes)


def login_of(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The login that was tried, written one way: neither case nor width gets around the lock."""
    found = (credentials or {}).get("username") or request.POST.get("login") or ""
    return canonical(str(found))


def canonical(login: str) -> str:
    """A login as it is counted."""
    return unicodedata.normalize("NFKC", login).casefold().strip().replace("\x00", "")[:255]


def address_is_closed(request: HttpRequest) -> bool:
    """Whether an address has tried so many wrong passwords, of whoever it be, that it has to wait."""
    since = timezone.now() - duration()
    tried = AccessFailureLog.objects.filter(ip_address=address_of(request), attempt_time__gte=since)
    return tried.count() >= settings.SECURITY.failures_of_address


def locked_logins() -> QuerySet[Any]:
    """The logins that are locked now, with address, wrong passwords and when the last was."""
    return (
        AccessAttempt.objects.filter(attempt_time__gte=timezone.now() - duration())
        .values("username", "ip_address")
        .annotate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
        .filter(failures__gte=settings.SECURITY.failures)
        .order_by("-last")
    )


def is_locked(login: str) -> bool:
    """Whether the login is locked from some address."""
    return locked_logins().filter(username=canonical(login)).exists()


def unlock(login: str) -> int:
    """Forget the wrong passwords of a login from every address; how many records there were."""
    AccessFailureLog.objects.filter(username=canonical(login)).delete()
    return AccessAttempt.objects.filter(username=canonical(login)).delete()[0]
