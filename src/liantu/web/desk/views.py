"""The first page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from liantu.web.accounts.access import page
from liantu.web.accounts.permissions import Permission
from liantu.web.atlas import city as provider
from liantu.web.atlas.runs.selectors import publications
from liantu.web.atlas.selectors import plans
from liantu.web.desk import quick, selectors, waiting
from liantu.web.figures.boards import desk_tiles

RELEASES = 3


@page(Permission.DESK_READ)
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for the person, what is late, and the city at a glance where they may see it."""
    user = request.user
    context: dict[str, Any] = {"items": waiting.items(user), "late": waiting.late(user)}
    context |= quick.desk_of(user)
    if user.may(Permission.RUNS_READ):
        context["runs"] = waiting.recent_runs(user)
    if user.may(Permission.FIGURES_READ):
        context["tiles"] = desk_tiles(user)
    if user.may(Permission.ATLAS_READ):
        context["releases"] = publications()[:RELEASES]
        context |= _glance(request)
    return render(request, "desk/desk.html", context)


def _glance(request: HttpRequest) -> dict[str, Any]:
    """The city; without a plan only that there is none yet."""
    try:
        city = provider.shown(request)
    except provider.NoCityError as error:
        return {"pending": error.run, "no_city": True}
    state = city.gaps()
    return {
        "city": city,
        "plan": city.plan,
        "findings": plans.findings(city),
        "desk": selectors.desk(city, state.report),
        "state": state,
    }
