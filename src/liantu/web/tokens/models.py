"""Tokens of the programming interface."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import Permission
from liantu.web.accounts.scope import ScopedManager


class Token(models.Model):
    """Lets a program act as its owner, within `scopes` and within what the owner may do at that moment.

    Only the SHA-256 of the secret is kept: the secret is 256 random bits, which no dictionary holds.
    `prefix` is its beginning, by which its owner knows it again. A token is revoked, never deleted.
    """

    owner = models.ForeignKey(User, models.PROTECT, related_name="tokens")
    name = models.CharField(_("Name"), max_length=100)
    prefix = models.CharField(max_length=16)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)  # names of permissions
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("Expires"))
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar[ScopedManager] = ScopedManager()  # reached by its owner, or by who manages security

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def state(self, now: datetime) -> str:
        """active, expired or revoked."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at <= now else "active"

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the token asks for; a permission that no longer exists is nothing."""
        return frozenset(p for p in Permission if p.value in self.scopes)
