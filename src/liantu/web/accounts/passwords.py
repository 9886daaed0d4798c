"""What a password has to be, as the security profile says; and how many are hashed at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liantu.web.accounts.models import User
from liantu.web.accounts.security import Profile

AT_A_TIME = 2  # a hash takes 100 MiB and a quarter of a second: a flood of logins must not take the machine
_slots = threading.BoundedSemaphore(AT_A_TIME)
LONGEST = 200  # characters; beyond it a hash would only cost time


@contextmanager
def hashing_slot() -> Iterator[None]:
    """Wait for one's turn to hash."""
    with _slots:
        yield


class Argon2(Argon2PasswordHasher):
    """Argon2id with Django's parameters: 100 MiB, two passes."""

    memory_cost = 102400
    time_cost = 2
    parallelism = 2  # lanes; the default of 8 would claim more cores than there are


class Policy:
    """Length, kinds of characters and history: a validator of AUTH_PASSWORD_VALIDATORS."""

    @property
    def profile(self) -> Profile:
        found: Profile = settings.SECURITY
        return found

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError with everything that is amiss."""
        errors = [*self._length(password), *self._classes(password)]
        if not errors and user is not None and user.pk:
            errors = self._history(password, user)
        if errors:
            raise ValidationError(errors)

    def _length(self, password: str) -> list[ValidationError]:
        least = self.profile.password_length
        if len(password) > LONGEST:
            return [
                ValidationError(_("At most %(n)d characters.") % {"n": LONGEST}, code="password_too_long")
            ]
        if len(password) < least:
            return [
                ValidationError(_("At least %(n)d characters.") % {"n": least}, code="password_too_short")
            ]
        return []

    def _classes(self, password: str) -> list[ValidationError]:
        kinds = {
            "small" if c.islower() else "capital" if c.isupper() else "digit" if c.isdigit() else "other"
            for c in password
        }
        least = self.profile.password_classes
        if len(kinds) >= least:
            return []
        said = _("At least %(n)d of: small letters, capitals, digits, other characters.") % {"n": least}
        return [ValidationError(said, code="password_too_plain")]

    def _history(self, password: str, user: User) -> list[ValidationError]:
        former = user.former_passwords.values_list("hash", flat=True)[: self.profile.password_history]
        with hashing_slot():
            taken = any(check_password(password, hash) for hash in former)
        said = _("You have had this password before.")
        return [ValidationError(said, code="password_reused")] if taken else []

    def get_help_text(self) -> str:
        p = self.profile
        said = [_("At least %(n)d characters.") % {"n": p.password_length}]
        if p.password_classes > 1:
            least = {"n": p.password_classes}
            said.append(_("At least %(n)d of: small letters, capitals, digits, other characters.") % least)
        if p.password_history:
            n = p.password_history
            said.append(
                ngettext("Not your last password.", "Not one of your last %(n)d passwords.", n) % {"n": n}
            )
        return " ".join(said)
