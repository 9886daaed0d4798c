"""The circular accounts of several plans."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from liantu.web.accounts.access import page
from liantu.web.accounts.permissions import Permission
from liantu.web.atlas import city as provider
from liantu.web.atlas.models import Run
from liantu.web.atlas.runs import accounts, selectors
from liantu.web.kit import parameters
from liantu.web.kit.parameters import BadParameterError

CHOSEN = 12


@page(Permission.ATLAS_READ)
def over_time(request: HttpRequest) -> HttpResponse:
    """What the atlas showed, over time."""
    city = provider.shown(request)
    chain = parameters.choice(request.GET, "chain", tuple(city.network.chains))
    start, end = parameters.day(request.GET, "from"), parameters.day(request.GET, "to")
    points, older = accounts.over_time(start, end, chain)
    rows = accounts.rows_of(points, chain)
    context = {
        "points": points,
        "rows": rows,
        "older": older,
        "charts": accounts.charts_of(points, rows, timed=True),
        "chain": chain,
        "chains": [city.chain(c) for c in city.network.chains],
    }
    return render(request, "atlas/runs/accounts_time.html", context)


@page(Permission.RUNS_READ)
def across_runs(request: HttpRequest) -> HttpResponse:
    """The accounts of runs that were chosen, side by side."""
    city = provider.shown(request)
    chain = parameters.choice(request.GET, "chain", tuple(city.network.chains))
    plans = selectors.plans_to_choose(request.user)
    chosen = _chosen(request, plans)
    points = accounts.of_runs(chosen, chain)
    rows = accounts.rows_of(points, chain)
    context = {
        "points": points,
        "rows": rows,
        "charts": accounts.charts_of(points, rows, timed=False) if len(points) > 1 else [],
        "chain": chain,
        "chains": [city.chain(c) for c in city.network.chains],
        "plans": plans,
        "chosen": {run.pk for run in chosen},
    }
    return render(request, "atlas/runs/accounts_runs.html", context)


def _chosen(request: HttpRequest, plans: list[Run]) -> list[Run]:
    """The runs that the address names, in its order; the published one where it names none."""
    known = {run.pk: run for run in plans}
    asked = request.GET.getlist("of")
    if len(asked) > CHOSEN:
        raise BadParameterError("of", str(len(asked)), [str(CHOSEN)])
    out = []
    for text in asked:
        try:
            out.append(known[UUID(text)])
        except (ValueError, KeyError):
            raise BadParameterError("of", text) from None
    now = selectors.published()
    return list(dict.fromkeys(out)) or ([known[now.pk]] if now and now.pk in known else [])
