"""Who leaves a page open is logged out. What a page asks for by itself does not keep its session alive."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SINCE, SEEN = "since", "seen"
GRAIN = 30  # s; the session is not written at every page
SAFE = ("GET", "HEAD", "OPTIONS")


def idle_logout(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Middleware, behind authentication, messages and htmx."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            said = _over(request)
            if said:
                logout(request)
                messages.info(request, said)
                return to_login(request)
            _stay(request)
        return get_response(request)

    return answer


def by_itself(request: HttpRequest) -> bool:
    """Whether the page asked, not the person: a fragment that is read, unless it is a whole page by htmx."""
    htmx: Any = getattr(request, "htmx", None)
    return request.method in SAFE and bool(htmx) and not htmx.boosted


def to_login(request: HttpRequest) -> HttpResponse:
    """To the login and back; a fragment sends the whole page there."""
    if getattr(request, "htmx", None):
        return HttpResponse(status=401, headers={"HX-Redirect": resolve_url(settings.LOGIN_URL)})
    back = request.get_full_path() if request.method in SAFE else resolve_url(settings.LOGIN_REDIRECT_URL)
    return redirect_to_login(back)


def _over(request: HttpRequest) -> str:
    """Why the session is over; '' as long as it is not."""
    now = time.time()
    minutes = settings.SECURITY.idle_limit(request.user)
    if now - request.session.get(SEEN, now) > minutes * 60:
        text = ngettext(
            "You were logged out after %(n)d minute without a page.",
            "You were logged out after %(n)d minutes without a page.",
            minutes,
        )
        return text % {"n": minutes}
    hours = settings.SECURITY.session_hours
    if now - request.session.get(SINCE, now) > hours * 3600:
        return _("A login holds for %(n)d hours; please log in again.") % {"n": hours}
    return ""


def _stay(request: HttpRequest) -> None:
    now = int(time.time())
    if SINCE not in request.session:
        request.session[SINCE] = now
    seen = request.session.get(SEEN)
    if seen is None or (now - seen >= GRAIN and not by_itself(request)):
        request.session[SEEN] = now
