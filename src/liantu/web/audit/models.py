"""The chain of events, and its head."""

from __future__ import annotations

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class Legible(DjangoJSONEncoder):
    """Chinese stays Chinese in the database, so that it can be searched for."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"ensure_ascii": False})


class Event(models.Model):
    """One thing that was done. No foreign keys: an event outlives what it speaks of.

    `mac` is the HMAC-SHA256 of the event's content and of the `mac` before it. `detail` says what changed, as
    {"before": {...}, "after": {...}}, and anything else worth knowing. Triggers refuse any change.
    """

    seq = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField(db_index=True)
    actor = models.PositiveBigIntegerField(null=True, db_index=True)
    actor_name = models.CharField(max_length=300, blank=True)
    action = models.CharField(max_length=60, db_index=True)
    kind = models.CharField(max_length=60, blank=True)
    object = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict, encoder=Legible)
    address = models.CharField(max_length=45, blank=True)
    before = models.CharField(max_length=64, blank=True)
    mac = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("-seq",)
        indexes = (models.Index(fields=["kind", "object"], name="event_of_object"),)

    def __str__(self) -> str:
        return f"{self.seq} {self.action}"


class Head(models.Model):
    """Where the chain ends: one row, locked by whoever adds the next event.

    `seal` is an HMAC too: without the key nobody can set the head back to an earlier event.
    """

    seq = models.PositiveBigIntegerField(default=0)
    mac = models.CharField(max_length=64, blank=True)
    seal = models.CharField(max_length=64, blank=True)
