"""Chosen indicators: on a page of one's own or of a role, and in a month's briefing."""

from __future__ import annotations

import uuid

from django.db import models

from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import ROLE_NAMES
from liantu.web.accounts.scope import ScopedManager


class Dashboard(models.Model):
    """The series that a person has chosen, or that were chosen for a role: [[subject, indicator], ...]."""

    owner = models.OneToOneField(User, models.CASCADE, null=True, related_name="+")
    role = models.CharField(
        max_length=20, blank=True, choices=[(r.value, name) for r, name in ROLE_NAMES.items()]
    )
    series = models.JSONField(default=list)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    objects = ScopedManager(own="owner")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["role"], condition=models.Q(owner=None), name="dashboard_of_role"
            ),
        )


class Briefing(models.Model):
    """A month's briefing as it was made: its figures, sources and warnings do not change. Immutable."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    month = models.DateField()
    language = models.CharField(max_length=2)
    title = models.CharField(max_length=200)
    content = models.JSONField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = ScopedManager(own="made_by")

    class Meta:
        ordering = ("-made_at", "id")
