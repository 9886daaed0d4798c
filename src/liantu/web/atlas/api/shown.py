"""Which run an operation is about, and numbers as JSON has them."""

from __future__ import annotations

import math
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Schema

from liantu.web.atlas import city as provider
from liantu.web.atlas.city import City
from liantu.web.kit.api import ApiError


class Shown(Schema):
    """Which plan the answer is about."""

    run: UUID | None = Field(None, description="A plan that is done; without it the published one.")


def city_of(request: HttpRequest) -> City:
    """The city of `?run=`, or the published one. Raises ApiError 409 where none is there."""
    try:
        return provider.shown(request)
    except provider.NoCityError as error:
        raise ApiError(409, "no_city", _("No plan is published yet.")) from error


def finite(value: float | None) -> float | None:
    """An unbounded end or an unknown value is null."""
    return value if value is not None and math.isfinite(value) else None
