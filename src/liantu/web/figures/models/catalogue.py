"""Who and what figures are about, as people keep it; `figures.catalogue` makes the ledger's of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from liantu.web.accounts.models import NamedRow


class Subject(NamedRow):
    """A city, county, park, chain, firm, project or cluster, from one day to another.

    `parts_of` are [code, strictly] of what it lies in; `complete` says that its parts make up all of it.
    """

    class Kind(models.TextChoices):
        CITY = "city", _("city")
        COUNTY = "county", _("county")
        PARK = "park", _("park")
        CHAIN = "chain", _("chain")
        FIRM = "firm", _("firm")
        PROJECT = "project", _("project")
        CLUSTER = "cluster", _("cluster")
        AREA = "area", _("area")

    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices)
    aliases = models.JSONField(_("Other names"), default=list, blank=True)
    start = models.DateField(_("From"), null=True, blank=True)
    end = models.DateField(_("Until"), null=True, blank=True)
    parts_of = models.JSONField(default=list, blank=True)
    complete = models.BooleanField(default=False)
    edited = models.BooleanField(default=False)  # by a person: a file that is loaded again leaves it alone

    class Meta:
        ordering = ("code",)


class Indicator(NamedRow):
    """What is measured; the fields are those of `ledger.catalogue.Indicator`."""

    class Kind(models.TextChoices):
        FLOW = "flow", _("flow: adds up over time")
        STOCK = "stock", _("stock: holds at the end of its period")
        RATE = "rate", _("rate")
        RANK = "rank", _("rank")
        COUNT = "count", _("count of whole things")
        UNKNOWN = "unknown", _("not known")

    class Direction(models.TextChoices):
        UP = "up", _("more is better")
        DOWN = "down", _("less is better")
        NONE = "none", _("neither")

    class Growth(models.TextChoices):
        UNKNOWN = "unknown", _("not stated")
        NOMINAL = "nominal", _("in current prices")
        REAL = "real", _("in constant prices")

    unit = models.CharField(_("Unit"), max_length=20)
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices, default=Kind.UNKNOWN)
    definition = models.TextField(_("Definition"), blank=True, max_length=2000)
    direction = models.CharField(
        _("Direction"), max_length=5, choices=Direction.choices, default=Direction.NONE
    )
    aliases = models.JSONField(_("Other names"), default=list, blank=True)
    steward = models.CharField(_("Steward"), max_length=200, blank=True)
    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)
    additive = models.BooleanField(_("Parts of a subject add up to the whole"), default=False)
    growth = models.CharField(
        _("Basis of its growth"), max_length=8, choices=Growth.choices, default=Growth.UNKNOWN
    )
    formula = models.CharField(_("Formula"), max_length=300, blank=True)
    drift = models.FloatField(null=True, blank=True)
    pace = models.JSONField(null=True, blank=True)
    monotone = models.BooleanField(default=False)
    bounds = models.JSONField(null=True, blank=True)
    ranks = models.PositiveIntegerField(null=True, blank=True)
    edited = models.BooleanField(default=False)

    class Meta:
        ordering = ("code",)


class Rules(models.Model):
    """One row: how series bear on each other, and the numbers that put writers in order.

    Whoever adds figures or changes the catalogue locks it first. `revision` counts changes of the catalogue,
    `last` is the number of the last figure.
    """

    links = models.JSONField(default=list)
    populations = models.JSONField(default=list)
    generic = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=1)
    last = models.PositiveBigIntegerField(default=0)
