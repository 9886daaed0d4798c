"""The first page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from liantu.web.atlas import city as provider
from liantu.web.atlas.selectors import plans
from liantu.web.desk import selectors


def desk(request: HttpRequest) -> HttpResponse:
    """The city at a glance; while the gaps are computed, the page asks again."""
    city = provider.get()
    state = provider.gaps()
    context = {
        "city": city,
        "plan": city.plan,
        "findings": plans.findings(city),
        "desk": selectors.desk(city, state.report),
        "state": state,
    }
    return render(request, "desk/desk.html", context)
