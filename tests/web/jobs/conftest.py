"""Kinds of jobs that only tests know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from liantu.web.jobs import registry
from liantu.web.jobs.registry import Function


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Callable[[Function], Function]]:
    """`@kind("name")` registers a function for the test."""
    registry.kinds()
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))

    def register(name: str, **options: Any) -> Callable[[Function], Function]:
        return registry.job(name, **options)

    return register
