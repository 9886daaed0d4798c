"""Every address says who may come; one that says nothing is refused to all.

    @page(Permission.ATLAS_READ)
    def chain_map(request): ...

    @page(Permission.EXCHANGE_STATE, post=True)
    def state_need(request): ...

A view that does not say `post` is only read: everything but GET and HEAD is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from liantu.web.accounts.permissions import Permission
from liantu.web.accounts.sessions import to_login
from liantu.web.accounts.steps import next_step
from liantu.web.kit.client import is_loopback

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
NEEDS = "_liantu_needs"
POST = "_liantu_post"
ENTRANCE = "_liantu_entrance"
OPEN = "open"  # no login
SIGNED_IN = "signed in"  # anyone who logged in
DEMO_ONLY = (
    "演示模式只在本机可用。设置 LIANTU_SECURITY=standard 或 strict 后，其他机器才能访问。\n"
    "The demonstration answers this machine alone; LIANTU_SECURITY=standard or strict opens it to others.\n"
)


def page(permission: Permission, *, post: bool = False) -> Callable[[View], View]:
    """The view is for people with this permission; `post` where it writes."""
    return _mark(permission, post)


def open_page(view: View) -> View:
    """The view is for everybody, without login."""
    return _mark(OPEN, True)(view)


def own_page(view: View) -> View:
    """The view is for everybody who logged in, about themselves."""
    return _mark(SIGNED_IN, True)(view)


def entrance_page(view: View) -> View:
    """The same, and open before the person has done what is owed: a password, a second factor."""
    marked = own_page(view)
    setattr(marked, ENTRANCE, True)
    return marked


def _mark(needs: str, post: bool) -> Callable[[View], View]:
    def mark(view: View) -> View:
        setattr(view, NEEDS, needs)
        setattr(view, POST, post)
        return view

    return mark


def needs_of(view: Callable[..., Any]) -> str | None:
    """What a view asks for: a permission, OPEN or SIGNED_IN; None where it says nothing."""
    found = getattr(view, NEEDS, None)
    if found is not None:
        return str(found)
    module = getattr(view, "__module__", "") or ""
    return next((n for m, n in settings.ACCESS_BY_MODULE.items() if module.startswith(m)), None)


class Guard:
    """Asks before each view whether the person may come."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SECURITY.name == "demo" and not is_loopback(request):
            return HttpResponseForbidden(DEMO_ONLY, content_type="text/plain; charset=utf-8")
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        needs = needs_of(view)
        if needs == OPEN:
            return None
        if not request.user.is_authenticated:
            return to_login(request)
        if not getattr(view, ENTRANCE, False) and (step := next_step(request)):
            return redirect(step)
        if needs == SIGNED_IN:
            return None
        if needs is None or not request.user.may(Permission(needs)):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD") and not getattr(view, POST, True):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return None
