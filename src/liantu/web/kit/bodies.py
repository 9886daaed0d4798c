"""A request that is too large is refused by what it says of its length, before any of it is read."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

CHUNK = 2**20
PATIENCE = 2**29  # bytes of a refused body that are let go by, so that the person gets the answer


def limit_bodies(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """413 for more than LARGEST_BODY bytes, in the language of the address."""

    def answer(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        size = int(length) if length.isascii() and length.isdigit() else 0
        if size <= settings.LARGEST_BODY:
            return get_response(request)
        _let_go(request, size)
        said = {"size": size / 2**20, "limit": settings.LARGEST_BODY // 2**20 - 1}
        return render(None, "kit/too_large.html", said, status=413)

    return answer


def _let_go(request: HttpRequest, size: int) -> None:
    """Throw the body away piece by piece: a browser that is cut off while it sends shows no answer at all."""
    left = min(size, PATIENCE)
    while left > 0 and (chunk := request.read(min(CHUNK, left))):
        left -= len(chunk)
