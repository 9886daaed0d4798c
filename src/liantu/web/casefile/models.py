"""A case of any flow: its history, who it waits for, what was told, what was brought.

Events are the truth. What else stands in a row of `CaseFile` is derived from them when one is added, so that
lists can filter and sort; `actions.refresh` derives it anew.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from liantu.web.accounts.models import Enterprise, Park, User
from liantu.web.accounts.scope import ScopedManager


class FlowEdition(models.Model):
    """A flow as it was when cases were opened under it."""

    flow = models.CharField(max_length=40)
    edition = models.PositiveIntegerField()
    text = models.TextField()  # YAML
    digest = models.CharField(max_length=64)
    kept_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["flow", "edition"], name="flow_edition_once"),)

    def __str__(self) -> str:
        return f"{self.flow}@{self.edition}"


class CaseFile(models.Model):
    """A case. `version` counts its events; a step is written only over the version it was decided upon.

    Derived, as of the last event: `state`, `owner`, `paused`, `final`, `due_at` (first due date of a clock
    that runs), `late_at` (from when a clock is late), `look_at` (before it no level is reached).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(FlowEdition, models.PROTECT)
    flow = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=40, blank=True)
    final = models.BooleanField(default=False)
    paused = models.CharField(max_length=40, blank=True)
    opener = models.ForeignKey(User, models.PROTECT, null=True, related_name="opened_cases")
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="owned_cases")
    due_at = models.DateTimeField(null=True)
    late_at = models.DateTimeField(null=True)
    look_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    moved_at = models.DateTimeField()

    objects = ScopedManager(own="opener")

    class Meta:
        ordering = ("-opened_at", "id")
        indexes = (
            models.Index(fields=["flow", "state"], name="case_state"),
            models.Index(fields=["flow", "due_at"], name="case_due"),
            models.Index(fields=["final", "late_at"], name="case_late"),
            models.Index(fields=["final", "look_at"], name="case_look"),
            models.Index(fields=["flow", "opened_at"], name="case_opened"),
            models.Index(fields=["flow", "moved_at"], name="case_moved"),
        )

    def __str__(self) -> str:
        return str(self.id)


class Addressed(models.Model):
    """Somebody who is meant: a person, or whoever holds a role (of a park), or an enterprise's people."""

    person = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=40, blank=True)
    park = models.ForeignKey(Park, models.PROTECT, null=True, related_name="+")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True


class CaseParty(models.Model):
    """What an enterprise or a park is to a case: 'needing', 'supplying', 'place'."""

    case = models.ForeignKey(CaseFile, models.CASCADE, related_name="parties")
    relation = models.CharField(max_length=40)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True)
    park = models.ForeignKey(Park, models.PROTECT, null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["case", "relation", "enterprise", "park"], name="party_once", nulls_distinct=False
            ),
        )


class Owed(Addressed):
    """A step that a case waits for, and of whom; written anew with each event."""

    case = models.ForeignKey(CaseFile, models.CASCADE, related_name="owed")
    transition = models.CharField(max_length=40)

    class Meta:
        indexes = (models.Index(fields=["role"], name="owed_by_role"),)


class CaseEvent(models.Model):
    """One step that was taken; added, never changed."""

    case = models.ForeignKey(CaseFile, models.PROTECT, related_name="events")
    version = models.PositiveIntegerField()
    transition = models.CharField(max_length=40)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    side = models.CharField(max_length=40, blank=True)  # the relation of the actor's enterprise, if one
    acting_as = models.JSONField(default=list)
    at = models.DateTimeField()
    evidence = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("version",)
        constraints = (models.UniqueConstraint(fields=["case", "version"], name="case_event_once"),)


class EscalationSent(models.Model):
    """A level of a clock's lateness that was told, once."""

    case = models.ForeignKey(CaseFile, models.PROTECT, related_name="escalations")
    clock = models.CharField(max_length=40)
    round = models.PositiveIntegerField()
    level = models.PositiveIntegerField()
    late_by = models.PositiveIntegerField()  # minutes of the clock's base when it was told
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")
        constraints = (
            models.UniqueConstraint(fields=["case", "clock", "round", "level"], name="escalation_once"),
        )


class EscalatedTo(Addressed):
    """Who was told."""

    escalation = models.ForeignKey(EscalationSent, models.CASCADE, related_name="told")

    class Meta:
        indexes = (models.Index(fields=["role"], name="told_by_role"),)


class Attachment(models.Model):
    """A file that was brought as evidence. Its bytes lie under their SHA-256, each content once.

    Reached through its case alone, like events.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(CaseFile, models.PROTECT, related_name="attachments")
    version = models.PositiveIntegerField()  # of the event that brought it
    evidence = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)  # the ending, one of those that are taken
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    side = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")


class CalendarDay(models.Model):
    """A day about which the city says whether it is worked, against the weekday rule or a notice."""

    class Origin(models.TextChoices):
        PUBLISHED = "published", _("from a published notice")
        CITY = "city", _("said by the city")

    day = models.DateField(_("Day"), unique=True)
    working = models.BooleanField(_("Worked"), default=False)
    name = models.CharField(_("Name"), max_length=60, blank=True)
    hours = models.CharField(_("Hours of its own"), max_length=60, blank=True)  # "08:30-12:00"
    origin = models.CharField(_("Origin"), max_length=12, choices=Origin.choices, default=Origin.CITY)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("day",)


class CalendarYear(models.Model):
    """A year whose notice was entered by hand, because this edition of liantu does not know it yet."""

    year = models.PositiveIntegerField(_("Year"), unique=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("year",)


class CalendarEdition(models.Model):
    """One row: a number that grows with each change, so that processes know when to read again."""

    number = models.PositiveIntegerField(default=0)


class PartyHolder(models.Model):
    """Who holds a party of a flow that no role of liantu gives, such as the head of the task force."""

    party = models.CharField(_("Party"), max_length=40)
    user = models.ForeignKey(User, models.CASCADE, related_name="holds")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["party", "user"], name="holder_once"),)
