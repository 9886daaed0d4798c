"""What a person has to do before anything else: choose a password of their own, set up the second factor."""

from __future__ import annotations

from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from liantu.web.accounts.models import User

FACTOR = "second_factor"  # in the session: the person has one


def next_step(request: HttpRequest) -> str:
    """The name of the address where the person has to go first; '' where nothing is owed."""
    if must_change_password(request.user):
        return "account-password"
    if settings.SECURITY.asks_second_factor(request.user) and not _has_factor(request):
        return "mfa_activate_totp"
    return ""


def must_change_password(user: User) -> bool:
    """Whether somebody else chose it, or it is too old."""
    if not settings.SECURITY.password_days or not user.has_usable_password():
        return False
    if user.password_changed_at is None:
        return True
    return timezone.now() - user.password_changed_at > timedelta(days=settings.SECURITY.password_days)


def has_second_factor(user: User) -> bool:
    """Whether the person has set one up."""
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def _has_factor(request: HttpRequest) -> bool:
    """Asked once a session: who takes a second factor away ends the sessions too."""
    if not request.session.get(FACTOR):
        if not has_second_factor(request.user):
            return False
        request.session[FACTOR] = True
    return True
