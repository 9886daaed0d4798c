"""Pages for what went wrong, in the language of the address; a bad address never ends in a failure."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from liantu.web.kit.api import problem
from liantu.web.kit.parameters import BadParameterError

API = "/api/"


def bad_parameter(request: HttpRequest, error: BadParameterError) -> HttpResponse:
    """400: which parameter, what was found, what could stand there."""
    return render(request, "kit/bad_parameter.html", {"error": error}, status=400)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 of Django's own making, such as a host that is not served. Says nothing of the city."""
    if request.path_info.startswith(API):
        return problem(400, "bad_request", _("The request can't be answered."))
    return render(None, "kit/bare.html", {"status": 400}, status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the person is known, but this is not for their role. Says nothing of what is there."""
    if request.path.startswith(API):
        return problem(403, "forbidden", _("This is not for your role."))
    return render(request, "kit/forbidden.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404; the exception may say in a sentence what was looked for."""
    if request.path.startswith(API):
        return problem(404, "not_found", _("The interface has no such address."))
    reason = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    return render(request, "kit/not_found.html", {"reason": reason}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, in both languages, made of nothing that could fail again."""
    if request.path.startswith(API):
        return problem(500, "failed", _("The server failed on this request and has noted it in its log."))
    return render(None, "kit/bare.html", {"status": 500}, status=500)
