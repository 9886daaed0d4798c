"""What enterprises need and offer, what was proposed to them, and how a match is followed up."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from liantu.web.accounts.models import Enterprise, User
from liantu.web.accounts.scope import ScopedManager
from liantu.web.atlas.models import Run
from liantu.web.casefile.models import CaseFile

MONTHS = 12


class Statement(models.Model):
    """A need or an offer. `version` grows with each change; one writes only over the version one has read.

    Quantities are in the material's `unit`; `per_year` is their sum, `months` the twelve from January, empty
    where it is spread evenly. `purity` is a mass fraction: for a need the least that will do. `price` is in
    CNY a unit: for a need the most, delivered; for an offer the least, at the gate. The place is `at`, a
    plant or a park of the city's tables, or `lat` and `lon`; `park` is the park it lies in. What `hide_name`
    and `hide_price` hide, `shown` says.
    """

    class Kind(models.TextChoices):
        NEED = "need", _("need")
        OFFER = "offer", _("offer")

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        MATCHED = "matched", _("being followed up")
        WITHDRAWN = "withdrawn", _("withdrawn")
        CLOSED = "closed", _("closed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    material = models.CharField(max_length=64)
    material_zh = models.CharField(max_length=200)
    material_en = models.CharField(max_length=200, blank=True)
    unit = models.CharField(max_length=20)
    per_year = models.FloatField()
    months = models.JSONField(default=list)
    purity = models.FloatField(null=True)
    price = models.FloatField(null=True)
    at = models.CharField(max_length=64, blank=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    park = models.CharField(max_length=64, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    contact = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    hide_name = models.BooleanField(default=False)
    hide_price = models.BooleanField(default=False)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    version = models.PositiveIntegerField(default=1)
    proposal = models.ForeignKey("Proposal", models.PROTECT, null=True, related_name="+")

    objects = ScopedManager(enterprise="enterprise", park="park", own="created_by")

    class Meta:
        ordering = ("-created_at", "id")
        indexes = (
            models.Index(fields=["status", "material"], name="statement_material"),
            models.Index(fields=["status", "created_at"], name="statement_new"),
            models.Index(fields=["enterprise", "created_at"], name="statement_own"),
            models.Index(fields=["created_at"], name="statement_created"),
        )

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_need(self) -> bool:
        return self.kind == self.Kind.NEED


class Proposal(models.Model):
    """What could supply a need or take an offer, as it was computed; immutable.

    `content` holds what `propose` found: engine's options, statements of others, the proof. `digest` is that
    of the city's tables, `hash` that of the content, so that nothing new is stored where nothing is new.
    """

    class Because(models.TextChoices):
        STATED = "stated", _("stated or changed")
        DATA = "data", _("the city's data changed")
        OTHERS = "others", _("another statement came or went")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="proposals")
    number = models.PositiveIntegerField()
    run = models.ForeignKey(Run, models.PROTECT, null=True, related_name="+")
    because = models.CharField(max_length=8, choices=Because.choices)
    digest = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    content = models.JSONField()
    options = models.PositiveIntegerField()
    best_saving = models.FloatField(null=True)  # CNY a unit, of the engine's best option
    made_at = models.DateTimeField()

    objects = ScopedManager(
        enterprise="statement__enterprise", park="statement__park", own="statement__created_by"
    )

    class Meta:
        ordering = ("-made_at", "id")
        constraints = (models.UniqueConstraint(fields=["statement", "number"], name="proposal_once"),)
        indexes = (models.Index(fields=["made_at"], name="proposal_made"),)


class ExchangeCase(models.Model):
    """What a case of the exchange is about: the statement, and the option that is followed up.

    `option` is a copy of the option as it was proposed; `basis` holds what a unit is expected to bring: CNY,
    tce and t of CO2, from the proof.
    """

    file = models.OneToOneField(CaseFile, models.PROTECT, primary_key=True, related_name="exchange")
    need = models.ForeignKey(Statement, models.PROTECT, null=True, related_name="cases_of_need")
    offer = models.ForeignKey(Statement, models.PROTECT, null=True, related_name="cases_of_offer")
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="cases")
    material = models.CharField(max_length=64)
    material_zh = models.CharField(max_length=200)
    material_en = models.CharField(max_length=200, blank=True)
    unit = models.CharField(max_length=20)
    option = models.JSONField()
    basis = models.JSONField(default=dict)

    objects = ScopedManager(own="file__opener")

    class Meta:
        ordering = ("-file__opened_at", "file_id")
        indexes = (models.Index(fields=["material"], name="exchange_case_material"),)

    @property
    def stated(self) -> Statement | None:
        """The statement that the proposal was made for."""
        return self.need or self.offer


class VerifiedResult(models.Model):
    """What came of a case, confirmed by a person; one for each time it was closed. Immutable."""

    case = models.ForeignKey(ExchangeCase, models.PROTECT, related_name="results")
    version = models.PositiveIntegerField()
    tonnes = models.FloatField()
    cny = models.FloatField()
    tce = models.FloatField()
    co2 = models.FloatField()
    computed = models.JSONField()
    reason = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-version",)
        constraints = (models.UniqueConstraint(fields=["case", "version"], name="result_once"),)
