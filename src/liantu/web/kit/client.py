"""Where a request comes from; with trusted proxies in front (LIANTU_PROXIES), what the first of them says."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_address: ContextVar[str] = ContextVar("liantu_address", default="")
UNKNOWN = "0.0.0.0"


def address_of(request: HttpRequest) -> str:
    """The address of the person's machine.

    A client can write any X-Forwarded-For; only what our own proxies have added at its end is believed.
    """
    remote = _cleaned(request.META.get("REMOTE_ADDR", ""))
    hops = [_cleaned(part) for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    trusted: int = settings.PROXIES
    if trusted and len(hops) >= trusted and hops[-trusted] != UNKNOWN:
        return hops[-trusted]
    return remote


def _cleaned(text: str) -> str:
    try:
        found = ipaddress.ip_address(text.strip().strip("[]"))
    except ValueError:
        return UNKNOWN  # a Unix socket has none
    mapped = getattr(found, "ipv4_mapped", None)
    return str(mapped or found)


def is_loopback(request: HttpRequest) -> bool:
    """Whether the person sits at this machine: nothing stands between."""
    forwarded = any(name in request.META for name in ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED"))
    remote = request.META.get("REMOTE_ADDR", "")
    return not forwarded and (not remote or ipaddress.ip_address(_cleaned(remote)).is_loopback)


def current_address() -> str:
    """The address behind what is done now; '' for the shell and for jobs."""
    return _address.get()


def remember_address(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Middleware: what is recorded during a request carries its address."""

    def answer(request: HttpRequest) -> HttpResponse:
        token = _address.set(address_of(request))
        try:
            return get_response(request)
        finally:
            _address.reset(token)

    return answer
