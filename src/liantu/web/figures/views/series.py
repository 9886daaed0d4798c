"""The page of a series over time."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from liantu.web.accounts.access import page
from liantu.web.figures import catalogue, selectors
from liantu.web.figures.selectors import READ
from liantu.web.figures.series import KINDS, MOST, series_page
from liantu.web.figures.shown import indicator_name, subject_name
from liantu.web.kit import parameters


@page(READ)
def series(request: HttpRequest) -> HttpResponse:
    """A subject's indicator over time; without both, the choice of them."""
    known = catalogue.current()
    subjects = selectors.subjects_of(request.user)
    subject = parameters.choice(request.GET, "subject", [c for c, _n in subjects])
    indicators = selectors.indicators_of(request.user, subject)
    every = indicators if not subject else selectors.indicators_of(request.user)
    indicator = parameters.choice(request.GET, "indicator", [c for c, _n in every])
    kind = parameters.choice(request.GET, "kind", KINDS)
    context: dict[str, Any] = {
        "subjects": subjects,
        "indicators": indicators,
        "subject": subject,
        "indicator": indicator,
    }
    if subject and indicator:
        rows = list(selectors.series_rows(request.user, subject, indicator).reverse()[:MOST])[::-1]
        context |= {
            "page": series_page(rows, known, kind, (subject, indicator)),
            "kind": kind,
            "named": (subject_name(subject, known), indicator_name(indicator, known)),
            "about": known.indicators.get(indicator),
            "findings": selectors.findings_on(request.user, [r.pk for r in rows[-500:]]).count(),
        }
    return render(request, "figures/series.html", context)
