"""The queue, and the schedule that fills it."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from liantu.web.accounts.models import User
from liantu.web.accounts.scope import ScopedManager

ATTEMPTS = 3
"""How often a job may lose its worker before it is given up."""


class Job(models.Model):
    """One piece of work. Its row is the truth about it; a worker that lost the row writes nothing.

    `attempts` counts how often a worker took it and marks whose it is; `crashes` how often a worker was lost
    with it. `failure` holds code and params of the error; `step` is a message in English.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.QUEUED)
    priority = models.PositiveSmallIntegerField()
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    step = models.CharField(max_length=200, blank=True)
    failure = models.JSONField(null=True)
    result = models.JSONField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    crashes = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=100, blank=True)
    heartbeat_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="jobs")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = ScopedManager(own="created_by")

    class Meta:
        ordering = ("-created_at",)
        indexes = (
            models.Index(fields=["status", "priority", "created_at"], name="job_queue"),
            models.Index(fields=["created_by", "status"], name="job_own"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def active(self) -> bool:
        """Whether it still waits or runs."""
        return self.status in (self.Status.QUEUED, self.Status.RUNNING)

    @property
    def percent(self) -> int | None:
        """How far it is; None where that is not known."""
        return min(100, 100 * self.done // self.total) if self.total else None


class Schedule(models.Model):
    """A kind that is put into the queue every so many minutes."""

    kind = models.CharField(max_length=60, unique=True)
    every = models.PositiveIntegerField()  # minutes
    active = models.BooleanField(default=True)
    next_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("kind",)

    def __str__(self) -> str:
        return self.kind
