"""Matching one need or offer, at once and without keeping it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from liantu import messages
from liantu.errors import InputError
from liantu.web.accounts.access import page
from liantu.web.accounts.permissions import Permission
from liantu.web.atlas import city as provider
from liantu.web.exchange import enquiry
from liantu.web.exchange.forms import NEED, MatchForm
from liantu.web.kit.naming import chinese


@page(Permission.ATLAS_READ)
def match(request: HttpRequest) -> HttpResponse:
    """The form; with `material` in the address, the options too."""
    city = provider.shown(request)
    asked = "quantity" in request.GET
    form = MatchForm(request.GET if request.GET else None, city)
    answer = None
    if asked and form.is_valid():
        wanted = form.cleaned_data
        purity = wanted["purity"] / 100 if wanted["purity"] else None
        stated = {key: wanted[key] for key in ("material", "quantity", "at", "price")}
        try:
            answer = enquiry.answer(city, need=wanted["kind"] == NEED, purity=purity, **stated)
        except InputError as error:
            for problem in error.problems:
                form.add_error(None, messages.sentence(problem, "zh" if chinese() else "en"))
    status = 400 if asked and form.errors else 200
    return render(
        request, "exchange/match.html", {"form": form, "asked": asked, "answer": answer}, status=status
    )
