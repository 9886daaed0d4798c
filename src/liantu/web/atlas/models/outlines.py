"""The outline of the city under its map."""

from __future__ import annotations

from django.db import models

from liantu.web.accounts.models import User
from liantu.web.atlas.models.datasets import Dataset


class OutlineFile(models.Model):
    """A checked GeoJSON of a city; the newest one is drawn, and an empty one takes the outline away."""

    dataset = models.ForeignKey(Dataset, models.PROTECT, related_name="outlines")
    name = models.CharField(max_length=200, blank=True)
    content = models.BinaryField()
    uploaded_by = models.ForeignKey(User, models.PROTECT)
    uploaded_at = models.DateTimeField(auto_now_add=True)

    public_because = "an outline is drawn for everybody who reads the atlas"

    class Meta:
        ordering = ("-uploaded_at", "-pk")
