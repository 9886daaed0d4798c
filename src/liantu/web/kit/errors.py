"""Pages for what went wrong, in the language of the address; a bad address never ends in a failure."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from liantu.web.kit.parameters import BadParameterError


def bad_parameter(request: HttpRequest, error: BadParameterError) -> HttpResponse:
    """400: which parameter, what was found, what could stand there."""
    return render(request, "kit/bad_parameter.html", {"error": error}, status=400)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 of Django's own making, such as a host that is not served. Says nothing of the city."""
    return render(None, "kit/bare.html", {"status": 400}, status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404; the exception may say in a sentence what was looked for."""
    reason = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    return render(request, "kit/not_found.html", {"reason": reason}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, in both languages, made of nothing that could fail again."""
    return render(None, "kit/bare.html", {"status": 500}, status=500)
