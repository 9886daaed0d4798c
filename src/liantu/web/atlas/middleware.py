"""Each request knows its city; where there is none, a page says what to do."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from liantu.web.accounts.permissions import Permission
from liantu.web.atlas import city
from liantu.web.atlas.runs.stored import StoredRunError
from liantu.web.jobs.fragments import polled


class CityOfRequest:
    """Lets templates ask for the city of the request that they answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with city.serving(request):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, city.NoCityError):
            run = exception.run
            context = {
                "run": run,
                "job": run.job if run else None,
                "may_load": request.user.may(Permission.DATASETS_EDIT),
            }
            response = render(request, "atlas/no_city.html", context, status=503)
            return polled(request, response, run.job if run else None)
        if isinstance(exception, StoredRunError):
            return render(request, "atlas/stored_run.html", {"error": exception}, status=503)
        return None
