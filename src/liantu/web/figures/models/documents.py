"""Documents that figures are read out of, and tables that they are imported from."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from liantu.web.accounts.models import Department, User
from liantu.web.accounts.scope import ScopedManager


class Batch(models.Model):
    """Documents that came together and are read by one job."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    job = models.UUIDField(null=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = ScopedManager(own="made_by")

    class Meta:
        ordering = ("-made_at",)


class Document(models.Model):
    """A document and the text read out of it, in which offsets count. The bytes lie by their SHA-256.

    `problem` is why it could not be read: code, found, expected. One content is one document of a department.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        READ = "read", _("read")
        REFUSED = "refused", _("could not be read")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    sender = models.CharField(max_length=200, blank=True)
    dated = models.DateField(null=True)
    text = models.TextField(blank=True)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    problem = models.JSONField(null=True)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="documents")
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    objects = ScopedManager(department="department__path", own="uploaded_by")

    class Meta:
        ordering = ("-uploaded_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["sha256", "department"], name="document_once", nulls_distinct=False
            ),
        )
        indexes = (models.Index(fields=["uploaded_at"], name="document_new"),)

    def __str__(self) -> str:
        return self.name

    @property
    def mark(self) -> str:
        """What its figures call it: no other document is called so."""
        return f"{self.name}·{self.sha256[:6]}"


class ProposedFigure(models.Model):
    """A figure that the reader proposes. `fact` is what the reader said, `said` what a person made of it;
    `lowest` is the least confidence of its fields, `why` of a proposal that can be no figure."""

    class State(models.TextChoices):
        OPEN = "open", _("to be looked at")
        ACCEPTED = "accepted", _("accepted")
        REJECTED = "rejected", _("rejected")

    document = models.ForeignKey(Document, models.CASCADE, related_name="proposals")
    number = models.PositiveIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    fact = models.JSONField()
    rules = models.JSONField(default=dict)
    said = models.JSONField(null=True)
    lowest = models.FloatField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    observation = models.OneToOneField(
        "figures.ObservationRow", models.PROTECT, null=True, related_name="proposal"
    )

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["document", "number"], name="proposed_once"),)
        indexes = (models.Index(fields=["document", "state", "lowest"], name="proposed_state"),)

    @property
    def now(self) -> dict[str, object]:
        """The fact as it stands."""
        return dict(self.said or self.fact)


class SenderMapping(models.Model):
    """How a sender's tables are read, remembered as `ledger.mapping` writes it."""

    sender = models.CharField(max_length=200)
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    objects = ScopedManager(department="department__path", own="changed_by")

    class Meta:
        ordering = ("sender",)
        constraints = (
            models.UniqueConstraint(
                fields=["sender", "department"], name="mapping_once", nulls_distinct=False
            ),
        )


class StagedTable(models.Model):
    """A table on its way into the ledger: nothing of it counts before it is taken."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    sender = models.CharField(max_length=200)
    dated = models.DateField(null=True)
    mapping = models.TextField(blank=True)
    taken = models.PositiveIntegerField(null=True)  # so many figures of it were taken
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    objects = ScopedManager(own="uploaded_by")

    class Meta:
        ordering = ("-uploaded_at",)
