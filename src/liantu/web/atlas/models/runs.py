"""Runs of the engine: what was asked of which version, what came out, and which one the atlas shows."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from liantu.web.accounts.models import User
from liantu.web.accounts.scope import ScopedManager
from liantu.web.atlas.models.datasets import Dataset, DatasetVersion
from liantu.web.jobs.models import Job


class Run(models.Model):
    """One question to the engine, immutable; how far it is stands in its job.

    `scenario` is the text of a scenario file, blank for the tables as they are; `options` are what else was
    asked (limits of a portfolio); `of` is the plan whose gaps or portfolio it is; `publish` shows it to
    all as soon as it is done.
    """

    class Kind(models.TextChoices):
        PLAN = "plan", _("Plan")
        GAPS = "gaps", _("Missing links")
        PORTFOLIO = "portfolio", _("Portfolio")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(DatasetVersion, models.PROTECT, related_name="runs")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(_("Name"), max_length=200, blank=True)
    scenario = models.TextField(blank=True)
    options = models.JSONField(default=dict)
    of = models.ForeignKey("self", models.PROTECT, null=True, related_name="followers")
    publish = models.BooleanField(default=False)
    job = models.OneToOneField(Job, models.PROTECT, related_name="run")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="runs")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = ScopedManager(own="created_by")

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        if self.name or self.scenario:
            return self.name or str(self.pk)[:8]
        return gettext("Data as they are")

    @property
    def status(self) -> str:
        return str(self.job.status)

    @property
    def is_done(self) -> bool:
        return bool(self.job.status == Job.Status.DONE)


class RunResult(models.Model):
    """What a run found, immutable.

    `report` is zlib of the document that the command line prints, `accounts` the same of a plan's circular
    accounts; `stored` is what the engine's own records are made of again (runs/stored.py); `digest` is the
    SHA-256 of the three. `objective` is a plan's value, a portfolio's worth, CNY a year.
    """

    run = models.OneToOneField(Run, models.PROTECT, related_name="result", primary_key=True)
    report = models.BinaryField()
    accounts = models.BinaryField(default=b"")
    stored = models.BinaryField()
    certificate = models.JSONField(default=dict)
    findings = models.PositiveIntegerField(default=0)  # what somebody has to look at in a plan
    objective = models.FloatField(null=True)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)


class Publication(models.Model):
    """From `at` on the atlas shows this run, until another one; the newest of a dataset counts.

    `dataset`, `number` and `value` are copies of what never changes: the run's dataset, the number of its
    version and its objective in CNY a year. So the history of a dataset is one index, not a join.
    """

    run = models.ForeignKey(Run, models.PROTECT, related_name="publications")
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # None: by itself
    dataset = models.ForeignKey(Dataset, models.PROTECT, related_name="+", db_index=False, editable=False)
    number = models.PositiveIntegerField(editable=False)
    value = models.FloatField(editable=False)

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (
            models.Index(fields=["dataset", "at", "id"], name="publication_at"),
            models.Index(fields=["dataset", "number", "id"], name="publication_number"),
            models.Index(fields=["dataset", "value", "id"], name="publication_value"),
        )
