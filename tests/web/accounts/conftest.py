"""A hash that takes no time; what is counted here is how often, not how long."""

from __future__ import annotations

import pytest

FAST = "django.contrib.auth.hashers.MD5PasswordHasher"


@pytest.fixture(autouse=True)
def _fast(settings: object) -> None:
    settings.PASSWORD_HASHERS = [FAST]  # type: ignore[attr-defined]
