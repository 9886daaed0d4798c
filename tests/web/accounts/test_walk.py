"""Every address as every role, as a stranger and as somebody who was closed out."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, UUIDConverter
from django.urls.resolvers import RegexPattern, RoutePattern

from liantu.web.accounts.access import OPEN, POST, SIGNED_IN, Guard, needs_of
from liantu.web.accounts.models import Department, Enterprise, Park, User
from liantu.web.accounts.permissions import GRANTS, REACH, Permission, Reach, Role
from tests.web.conftest import person, signed_in

pytestmark = pytest.mark.django_db

OPEN_TO_ALL = {
    "account_login", "login", "mfa_authenticate",  # the door
    "api-document",  # how the programming interface is asked; it holds no data
    "health",  # what `serve` and a monitor ask; it says ready, waiting, empty or failed
}  # fmt: skip
"""Addresses without a login. A new one has to be added here with its reason."""
REFUSED_TO_ALL = {"api-root"}  # django-ninja's own, which answers 404
SAMPLES = {"kind": "departments", "deed": "unlock"}


@dataclass(frozen=True)
class Address:
    """An address of the application with something in place of its parameters."""

    name: str
    path: str
    view: Callable[..., Any]

    @property
    def needs(self) -> str | None:
        return needs_of(self.view)

    @property
    def is_operation(self) -> bool:
        """Of the programming interface, which asks for a token itself."""
        return self.view.__module__.startswith("ninja.")


@cache
def addresses() -> tuple[Address, ...]:
    return tuple(_walk(get_resolver(), "/"))


def _walk(resolver: URLResolver, before: str) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        path = before + _filled(entry.pattern)
        if isinstance(entry, URLPattern):
            yield Address(entry.name or path, path, entry.callback)
        else:
            yield from _walk(entry, path)


def _filled(pattern: Any) -> str:
    if isinstance(pattern, RoutePattern):

        def sample(match: re.Match[str]) -> str:
            converter = pattern.converters[match["name"]]
            if isinstance(converter, UUIDConverter):
                return str(uuid.UUID(int=0))
            return "987654321" if isinstance(converter, IntConverter) else SAMPLES.get(match["name"], "nix")

        return re.sub(r"<(?:\w+:)?(?P<name>\w+)>", sample, str(pattern))
    if isinstance(pattern, RegexPattern):
        text = re.sub(
            r"\(\?P<(\w+)>[^()]*\)", lambda m: SAMPLES.get(m[1], "987654321"), str(pattern).strip("^$")
        )
        assert not set(text) & set("()[]?*+\\"), f"{pattern} has no sample"
        return text
    return str(pattern)


def somebody(role: Role) -> User:
    """Of the role, at the place it needs."""
    places: dict[Reach, Callable[[], dict[str, Any]]] = {
        Reach.DEPARTMENT: lambda: {
            "department": Department.objects.get_or_create(code="d", name_zh="局", path="/d/")[0]
        },
        Reach.PARK: lambda: {"park": Park.objects.get_or_create(code="p", name_zh="园")[0]},
        Reach.ENTERPRISE: lambda: {"enterprise": Enterprise.objects.get_or_create(code="e", name_zh="企")[0]},
    }
    return person(role, **places.get(REACH[role], dict)())


def pages() -> list[Address]:
    return [a for a in addresses() if not a.is_operation and a.name not in REFUSED_TO_ALL]


def closed(client: Client, address: Address) -> list[str]:
    """How an address fails to send a stranger to the login."""
    found = []
    for method in ("get", "post"):
        answer = getattr(client, method)(address.path)
        if answer.status_code != 302 or not answer["Location"].startswith(str(django_settings.LOGIN_URL)):
            found.append(f"{method} {address.name}: {answer.status_code}")
    return found


def test_there_are_addresses() -> None:
    names = {a.name for a in addresses()}
    assert {"desk", "map", "people", "security", "audit", "account", "logout"} <= names
    assert len(names) > 60


def test_every_view_says_who_may_come() -> None:
    assert [a.name for a in pages() if a.needs is None] == []
    known = {OPEN, SIGNED_IN, *Permission}
    assert [a.name for a in pages() if a.needs not in known] == []


def test_what_is_open_is_listed_with_its_reason() -> None:
    assert {a.name for a in pages() if a.needs == OPEN} == OPEN_TO_ALL


def test_a_stranger_is_sent_to_the_login() -> None:
    client = signed_in(None)
    assert [fault for a in pages() if a.needs != OPEN for fault in closed(client, a)] == []


def test_so_is_who_was_closed_out() -> None:
    user = somebody(Role.TASK_FORCE)
    client = signed_in(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert [fault for a in pages() if a.needs != OPEN for fault in closed(client, a)] == []


@pytest.mark.parametrize("role", list(Role))
def test_who_may_not_is_refused_everywhere(role: Role) -> None:
    client = signed_in(somebody(role))
    denied = [a for a in pages() if a.needs not in (OPEN, SIGNED_IN) and a.needs not in GRANTS[role]]
    for address in denied:
        for method in ("get", "post"):
            answer = getattr(client, method)(address.path)
            assert answer.status_code == 403, (method, address.name)
            assert address.path not in answer.content.decode().replace(f"/en{address.path}", "")


def guarded(address: Address, user: User, method: str) -> int:
    """What the guard says before the view: 0 lets through."""
    request: HttpRequest = getattr(RequestFactory(), method)(address.path)
    request.user = user
    request.session = {}  # type: ignore[assignment]
    answer = Guard(lambda r: None).process_view(request, address.view, (), {})  # type: ignore[arg-type, return-value]
    return 0 if answer is None else answer.status_code


@pytest.mark.parametrize("role", list(Role))
def test_who_may_is_let_through(role: Role) -> None:
    user = somebody(role)
    for address in pages():
        if address.needs in (OPEN, SIGNED_IN) or address.needs in GRANTS[role]:
            assert guarded(address, user, "get") == 0, address.name
            writes = getattr(address.view, POST, True) or address.needs == SIGNED_IN
            assert guarded(address, user, "post") == (0 if writes else 405), address.name


@pytest.mark.parametrize("permission", list(Permission))
def test_a_page_that_is_open_to_a_role_answers_it_on_an_empty_installation(permission: Permission) -> None:
    """Rows that are not there are 404, never 403, and nothing fails for want of a city."""
    holders = [role for role in Role if permission in GRANTS[role]]
    assert holders, "nobody may"
    client = signed_in(somebody(holders[0]), raise_request_exception=False)
    for address in pages():
        if address.needs == permission:
            status = client.get(address.path).status_code
            assert status < 500 or status == 503, (address.name, status)
            assert status != 403, address.name


def test_an_operation_without_a_token_is_refused() -> None:
    client = signed_in(None)
    operations = [a for a in addresses() if a.is_operation]
    assert operations
    for address in operations:
        for method in ("get", "post", "put", "patch", "delete"):
            body = {} if method == "get" else {"data": b"{}", "content_type": "application/json"}
            answer = getattr(client, method)(address.path, **body)
            assert answer.status_code in (401, 405), (method, address.name, answer.status_code)


def test_a_view_that_says_nothing_is_refused_to_all() -> None:
    def bare(request: HttpRequest) -> None: ...

    address = Address("bare", "/bare/", bare)
    for role in Role:
        with pytest.raises(PermissionDenied):
            guarded(address, somebody(role), "get")
