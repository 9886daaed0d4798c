"""Who may be logged in."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.backends import ModelBackend

from liantu.web.accounts.models import User


class Backend(ModelBackend):
    """Login and password. The people of a demonstration exist in it alone: everybody knows their password."""

    def user_can_authenticate(self, user: User | None) -> bool:
        if user is not None and user.demo and settings.SECURITY.name != "demo":
            return False
        return bool(super().user_can_authenticate(user))
