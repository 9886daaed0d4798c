"""What happens at the door, and what a person does to their own account."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from liantu.web.accounts.models import FormerPassword, User
from liantu.web.audit.actions import record
from liantu.web.people import selectors

LONGEST = 150  # of a login that was typed


def note_login(*, user: User, request: HttpRequest) -> None:
    """Record it, and tell the person of the last one and of failures since."""
    last, failures = selectors.since_last_login(user)
    with transaction.atomic():
        record("account.login", by=user, kind="user", object=user.username, detail=_agent(request))
    if last is not None:
        at = date_format(timezone.localtime(last.at), "Y-m-d H:i")
        said = _("Last login: %(at)s from %(address)s.") % {"at": at, "address": last.address or "–"}
        if failures:
            said += " " + _("Failed attempts since: %(n)d.") % {"n": failures}
        messages.add_message(request, messages.WARNING if failures else messages.INFO, said)


def _agent(request: HttpRequest) -> dict[str, str]:
    return {"browser": request.META.get("HTTP_USER_AGENT", "")[:200]}


def note_failure(*, login: str, reason: str, locked: bool = False) -> None:
    """Record a refused login, whether or not there is such a person."""
    detail = {"reason": reason} | ({"locked": True} if locked else {})
    with transaction.atomic():
        record("account.login_failed", by=None, kind="user", object=login[:LONGEST], detail=detail)


def note_logout(*, user: User) -> None:
    """Record it."""
    with transaction.atomic():
        record("account.logout", by=user, kind="user", object=user.username)


def note_second_factor(*, user: User, what: str) -> None:
    """Record what the person did to their second factor: set, removed, codes_made, code_used."""
    with transaction.atomic():
        record(f"account.second_factor_{what}", by=user, kind="user", object=user.username)


def sign_out_everywhere(*, user: User, by: User) -> None:
    """End every session of the person; the caller keeps their own by `update_session_auth_hash`."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(sign_outs=F("sign_outs") + 1)
        user.refresh_from_db(fields=["sign_outs"])
        record("account.signed_out_everywhere", by=by, kind="user", object=user.username)


def set_password(*, user: User, password: str, by: User | None) -> None:
    """Set it and remember it; chosen by another, it has to be changed first. Ends the person's sessions.

    The caller has validated it. It is hashed before the transaction, which others wait for.
    """
    user.set_password(password)
    user.password_changed_at = timezone.now() if by is not None and by.pk == user.pk else None
    with transaction.atomic():
        user.save(update_fields=["password", "password_changed_at"])
        FormerPassword.objects.create(user=user, hash=user.password)
        kept = user.former_passwords.values_list("pk", flat=True)[: settings.SECURITY.password_history]
        user.former_passwords.exclude(pk__in=list(kept)).delete()
        record("account.password_set", by=by, kind="user", object=user.username)
