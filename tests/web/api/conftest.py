"""Programs that call the interface."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import Permission
from liantu.web.tokens import access, actions, selectors

API = "/api/v1"


@pytest.fixture(autouse=True)
def fresh_counters() -> None:
    """No test is refused for the calls of another."""
    access.calls.clear()
    access.refused.clear()


class Program:
    """Calls with a token; without one where `secret` is blank."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        headers = {"host": "localhost", "accept-language": "en"}
        if secret:
            headers["authorization"] = f"Bearer {secret}"
        self.client = Client(headers=headers, raise_request_exception=False)

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.client.get(API + path, query)

    def post(self, path: str, body: Any, method: str = "post") -> HttpResponse:
        content = body if isinstance(body, str | bytes) else json.dumps(body)
        return getattr(self.client, method)(API + path, content, content_type="application/json")

    def patch(self, path: str, body: Any) -> HttpResponse:
        return self.post(path, body, "patch")


def program(user: User, scopes: Collection[Permission] = ()) -> Program:
    """A program of the person, with these scopes or all that they can pass on."""
    _, secret = actions.make(by=user, name="test", scopes=scopes or selectors.grantable(user), days=1)
    return Program(secret)
