"""Figures as they were published, and what people decided about each."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from liantu.web.accounts.models import Department, User
from liantu.web.accounts.scope import ScopedManager
from liantu.web.figures.models.documents import Document

LONG = 200


class Level(models.TextChoices):
    """How far a figure is approved."""

    ENTERED = "entered", _("entered")
    CHECKED = "checked", _("checked")
    RELEASED = "released", _("released")


class ObservationRow(models.Model):
    """One figure; immutable. The fields are those of `ledger.observation.Observation`.

    `number` is its place in the ledger; `value` and `step` are exact decimals as text, `amount` the value in
    the base unit, for sorting; `key` hashes what two figures share that say the same thing; `content` hashes
    all that it says. `at_start` and `at_end` are its place in the text of `document`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveBigIntegerField(unique=True)
    subject = models.CharField(max_length=LONG)
    indicator = models.CharField(max_length=LONG)
    start = models.DateField(null=True)
    end = models.DateField(null=True)
    point = models.BooleanField(default=False)
    value = models.CharField(max_length=60)
    step = models.CharField(max_length=60, default="0")
    amount = models.FloatField()
    unit = models.CharField(max_length=40)
    measure = models.CharField(max_length=10)
    basis = models.CharField(max_length=12, blank=True)
    price = models.CharField(max_length=8)
    status = models.CharField(max_length=10)
    qualifier = models.CharField(max_length=6, blank=True)
    base_start = models.DateField(null=True)
    base_end = models.DateField(null=True)
    base_point = models.BooleanField(default=False)
    within = models.CharField(max_length=LONG, blank=True)
    source = models.CharField(max_length=300, blank=True)
    source_date = models.DateField(null=True)
    place = models.CharField(max_length=100, blank=True)
    doubts = models.CharField(max_length=LONG, blank=True)
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")
    why = models.CharField(max_length=500, blank=True)  # of a correction
    key = models.CharField(max_length=20)
    content = models.CharField(max_length=20)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="observations")
    at_start = models.PositiveIntegerField(null=True)
    at_end = models.PositiveIntegerField(null=True)
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()

    objects = ScopedManager(department="department__path", own="entered_by")

    class Meta:
        ordering = ("-number",)
        indexes = (
            models.Index(fields=["subject", "indicator", "end"], name="observation_series"),
            models.Index(fields=["indicator", "end"], name="observation_indicator"),
            models.Index(fields=["end", "number"], name="observation_end"),
            models.Index(fields=["key"], name="observation_key"),
            models.Index(fields=["content"], name="observation_content"),
            models.Index(fields=["measure"], name="observation_measure"),
            models.Index(fields=["amount"], name="observation_amount"),
        )

    def __str__(self) -> str:
        return str(self.id)


class Standing(models.Model):
    """What became of a figure, derived from corrections, decisions and approvals; `in_force` is what checks
    and pages count."""

    observation = models.OneToOneField(
        ObservationRow, models.CASCADE, primary_key=True, related_name="standing"
    )
    level = models.CharField(max_length=8, choices=Level.choices, default=Level.ENTERED)
    corrected = models.BooleanField(default=False)
    official = models.BooleanField(default=False)
    in_force = models.BooleanField(default=True)

    class Meta:
        indexes = (models.Index(fields=["level", "in_force"], name="standing_level"),)


class Approval(models.Model):
    """A step of approval; immutable. Not by whoever entered the figure or took a step since it was last sent
    back: the database refuses that too."""

    observation = models.ForeignKey(ObservationRow, models.PROTECT, related_name="approvals")
    number = models.PositiveIntegerField()
    level = models.CharField(max_length=8, choices=Level.choices)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["observation", "number"], name="approval_once"),)


class OfficialDecision(models.Model):
    """That one figure is the official value of its key, who said so and why; the last one counts.

    Immutable."""

    key = models.CharField(max_length=20, db_index=True)
    chosen = models.ForeignKey(ObservationRow, models.PROTECT, related_name="decisions")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    why = models.CharField(max_length=500)

    class Meta:
        ordering = ("-pk",)
