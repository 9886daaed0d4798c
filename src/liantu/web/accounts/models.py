"""Users and where they belong."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from liantu.web.accounts.permissions import GRANTS, REACH, ROLE_NAMES, STAFF, Permission, Reach, Role
from liantu.web.kit.naming import chinese


class NamedRow(models.Model):
    """A row with a code and its two names."""

    code = models.CharField(_("Code"), max_length=64, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return (self.name_zh if chinese() else self.name_en) or self.name_zh or self.code


class Department(NamedRow):
    """A node of the tree of departments; `path` is made of the codes from the root: /city/industry/."""

    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=500, unique=True, editable=False)

    class Meta:
        ordering = ("path",)


class Park(NamedRow):
    """An industrial park; `code` is its id in the city's tables."""

    class Meta:
        ordering = ("code",)


class Enterprise(NamedRow):
    """A firm; `code` is its id in the city's tables."""

    credit_code = models.CharField(_("Unified social credit code"), max_length=18, blank=True)
    contact = models.CharField(_("Contact"), max_length=200, blank=True)

    class Meta:
        ordering = ("code",)


class User(AbstractUser):
    """A person who logs in. What they may do follows from their memberships alone."""

    name = models.CharField(_("Name"), max_length=100, blank=True)
    phone = models.CharField(_("Phone"), max_length=40, blank=True)
    password_changed_at = models.DateTimeField(null=True, blank=True)  # None: chosen by somebody else
    sign_outs = models.PositiveIntegerField(default=0)  # one more ends every session
    demo = models.BooleanField(default=False, editable=False)  # known to everybody; see `accounts.backend`

    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def signature(self) -> str:
        """Who it is, for the record: a name may be shared, a login not."""
        return f"{self.name} ({self.username})" if self.name else self.username

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        return salted_hmac(
            "liantu.accounts.session", f"{self.password}:{self.sign_outs}", secret=secret, algorithm="sha256"
        ).hexdigest()

    @cached_property
    def roles(self) -> tuple[Membership, ...]:
        """The memberships, read once a request."""
        if not self.is_active:
            return ()
        return tuple(self.memberships.select_related("department", "park", "enterprise"))

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        """All that the person may do somewhere."""
        return frozenset().union(*(GRANTS[Role(m.role)] for m in self.roles))

    def may(self, permission: Permission) -> bool:
        """Whether the person may do this somewhere."""
        return permission in self.permissions

    def granting(self, permission: Permission) -> Iterable[Membership]:
        """The memberships that allow it."""
        return (m for m in self.roles if permission in GRANTS[Role(m.role)])

    def has_role(self, *roles: Role) -> bool:
        """Whether the person holds one of these roles."""
        return any(m.role in roles for m in self.roles)

    @property
    def needs_second_factor(self) -> bool:
        """Whether the person is of the city's staff."""
        return any(m.role in STAFF for m in self.roles)

    @property
    def enterprise(self) -> Enterprise | None:
        """The firm a person of an enterprise speaks for."""
        return next((m.enterprise for m in self.roles if m.role == Role.ENTERPRISE), None)


class FormerPassword(models.Model):
    """The hash of a password that a person had, so that it is not taken again."""

    user = models.ForeignKey(User, models.CASCADE, related_name="former_passwords")
    hash = models.CharField(max_length=128)
    set_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-pk",)


class Membership(models.Model):
    """A role that a person holds, and where: of a department, a park or an enterprise."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(
        _("Role"), max_length=20, choices=[(r.value, name) for r, name in ROLE_NAMES.items()]
    )
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True)
    park = models.ForeignKey(Park, models.PROTECT, null=True, blank=True)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["user", "role", "department", "park", "enterprise"],
                name="membership_once",
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        place = self.place
        return f"{self.get_role_display()} · {place}" if place else str(self.get_role_display())

    @property
    def reach(self) -> Reach:
        return REACH[Role(self.role)]

    @property
    def place(self) -> NamedRow | None:
        """Where the role holds; None for the whole city."""
        return self.department or self.park or self.enterprise
