"""How strict the login is: LIANTU_SECURITY names one of three profiles.

`demo` is for one's own machine and answers nobody else. `standard` suits a city's bureaus; `strict` follows
what China's graded protection of information systems asks of the third grade.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured

from liantu.web.accounts.permissions import ADMIN_DUTIES, STAFF

if TYPE_CHECKING:
    from liantu.web.accounts.models import User


@dataclass(frozen=True)
class Profile:
    """One degree of strictness. Lengths in characters, times in the unit of the name; 0 days: no end."""

    name: str
    password_length: int
    password_classes: int  # of small letters, capitals, digits, other characters
    password_history: int  # so many former passwords are refused
    password_days: int  # then it has to be changed
    second_factor: bool  # staff can't do anything without one
    idle_minutes: int
    idle_minutes_admins: int
    idle_minutes_public: int  # enterprises and citizens
    session_hours: int  # then one logs in again, however busy
    failures: int  # so many wrong passwords of one person from one address lock it
    lock_minutes: int
    failures_of_address: int  # so many within lock_minutes, whoever they are for, close the address

    def idle_limit(self, user: User) -> int:
        """Minutes without a page, after which the person is logged out: the shortest of their roles."""
        if user.has_role(*ADMIN_DUTIES):
            return self.idle_minutes_admins
        return self.idle_minutes if user.has_role(*STAFF) else self.idle_minutes_public

    def asks_second_factor(self, user: User) -> bool:
        """Whether the person can't work without a second factor."""
        return self.second_factor and user.needs_second_factor


PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        p.name: p
        for p in (
            Profile("demo", 8, 1, 0, 0, False, 480, 480, 480, 24, 20, 1, 500),
            Profile("standard", 10, 3, 5, 180, True, 30, 15, 60, 12, 5, 15, 50),
            Profile("strict", 12, 4, 10, 90, True, 15, 10, 15, 8, 5, 30, 20),
        )
    }
)


def profile(name: str) -> Profile:
    """The profile of that name."""
    if name not in PROFILES:
        raise ImproperlyConfigured(f"LIANTU_SECURITY can't be {name!r}; one of: {', '.join(PROFILES)}")
    return PROFILES[name]


def password_validators() -> list[dict[str, Any]]:
    """AUTH_PASSWORD_VALIDATORS: ours, which asks the profile, and two of Django's."""
    django = "django.contrib.auth.password_validation"
    alike = {"user_attributes": ("username", "name", "phone")}
    return [
        {"NAME": "liantu.web.accounts.passwords.Policy"},
        {"NAME": f"{django}.CommonPasswordValidator"},
        {"NAME": f"{django}.UserAttributeSimilarityValidator", "OPTIONS": alike},
    ]
