"""What checks found, and what people said of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from liantu.web.accounts.models import User
from liantu.web.accounts.scope import ScopedManager
from liantu.web.figures.models.observations import ObservationRow


class FindingState(models.Model):
    """A finding, by its fingerprint: the same as long as the figures say the same.

    `present`: the checks find it in the figures in force. `closed`: a person said why it may stay; it stays
    closed when it is found again. `content` holds intervals, explanations and further numbers.
    """

    class Severity(models.TextChoices):
        ERROR = "error", _("error")
        WARNING = "warning", _("warning")
        NOTE = "note", _("note")

    fingerprint = models.CharField(max_length=20, unique=True)
    check_code = models.CharField(max_length=30)
    severity = models.CharField(max_length=8, choices=Severity.choices)
    grave = models.PositiveSmallIntegerField()  # 0 the gravest
    content = models.JSONField()
    present = models.BooleanField(default=True)
    closed = models.BooleanField(default=False)
    found_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        ordering = ("grave", "check_code", "fingerprint")
        indexes = (
            models.Index(fields=["present", "closed", "grave"], name="finding_open"),
            models.Index(fields=["check_code"], name="finding_check"),
        )


class FindingRow(models.Model):
    """A figure of a finding, in its role."""

    finding = models.ForeignKey(FindingState, models.CASCADE, related_name="rows")
    observation = models.ForeignKey(ObservationRow, models.PROTECT, related_name="findings")
    role = models.CharField(max_length=100)
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ("position",)


class Closure(models.Model):
    """That a person closed a finding or opened it again, and why; immutable."""

    finding = models.ForeignKey(FindingState, models.PROTECT, related_name="closures")
    closed = models.BooleanField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=500)

    class Meta:
        ordering = ("-pk",)
