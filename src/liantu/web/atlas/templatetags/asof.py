"""In the frame of the atlas: the way to another day, and what is said where another run is shown."""

from __future__ import annotations

from typing import Any

from django import template

from liantu.web.accounts.permissions import Permission
from liantu.web.atlas.keeping import PARTS
from liantu.web.atlas.models import Publication, Run

register = template.Library()
HERE = frozenset(PARTS.split("|")) - {"match"}


@register.inclusion_tag("atlas/_as_of.html", takes_context=True)
def as_of(context: dict[str, Any]) -> dict[str, Any]:
    """A day to choose, on the pages that show a run."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    here = bool(match and match.url_name and match.url_name.split("-")[0] in HERE)
    if request is None or not here:
        return {"shown": False}
    user = request.user
    return {"request": request, "shown": user.is_authenticated and user.may(Permission.ATLAS_READ)}


@register.simple_tag
def publication_of(run: Run) -> Publication | None:
    """Since when a run was shown to all; None where it never was."""
    return Publication.objects.filter(run=run.pk).order_by("at").first()
