"""Where django-allauth asks us: how one logs in, what is said, how a second factor's secret is kept."""

from __future__ import annotations

import base64
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from axes.handlers.proxy import AxesProxyHandler
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from liantu.web.accounts.models import User
from liantu.web.accounts.passwords import hashing_slot
from liantu.web.kit.client import address_of
from liantu.web.people.actions import entrance

RECENT = 300  # s; who logged in just now need not do it again for the second factor


class AccountAdapter(DefaultAccountAdapter):
    """The login by password."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("The login or the password is wrong."),
        "incorrect_password": _("The password is wrong."),
        "too_many_login_attempts": _("Too many attempts; please wait a few minutes."),
        "rate_limited": _("Too many attempts; please wait a few minutes."),
    }

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """One answer for a wrong login and a wrong password, and one hash; none where it is locked."""
        with hashing_slot():
            if not AxesProxyHandler.is_allowed(request, credentials):
                request.axes_locked_out, request.axes_credentials = True, credentials
                return None  # axes' middleware answers; a lock that is tried again is no event
            user: User | None = authenticate(request, **credentials)
        if user is None:
            locked = bool(getattr(request, "axes_locked_out", False))
            entrance.note_failure(login=credentials.get("username", ""), reason="password", locked=locked)
        return user

    def reauthenticate(self, user: User, password: str) -> bool:
        return self.authenticate(context.request, username=user.username, password=password) == user

    def post_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse:
        entrance.note_login(user=user, request=request)
        found: HttpResponse = super().post_login(request, user, **options)
        return found

    def is_reauthentication_required(self, *, app: str, **options: Any) -> bool:
        request = context.request
        records = get_authentication_records(request, request.user)
        return not any(time.time() - r.get("at", 0) < RECENT for r in records)

    def add_message(self, *args: Any, **options: Any) -> None:
        """The pages say themselves what happened."""

    def send_notification_mail(self, *args: Any, **options: Any) -> None:
        """Nothing is sent: the installation may have no way to the outside. It is shown after the login."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)


class SecondFactorAdapter(DefaultMFAAdapter):
    """The second factor: its secrets are encrypted in the database."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("The code is wrong, or it was used before."),
    }

    def get_totp_label(self, user: User) -> str:
        return str(user.username)

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> Fernet:
    """The key is derived from the installation's secret, which is not kept in the database."""
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"liantu second factor")
    return Fernet(base64.urlsafe_b64encode(derive.derive(settings.SECRET_KEY.encode())))
