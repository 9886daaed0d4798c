"""Two enterprises of Guitang, their people, and statements that fit each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from liantu.web.accounts.models import Enterprise, Park, User
from liantu.web.accounts.permissions import Role
from liantu.web.atlas.city import City
from liantu.web.casefile import calendar
from liantu.web.exchange import actions
from liantu.web.exchange.models import Statement
from tests.web.conftest import person, signed_in


@dataclass(frozen=True)
class Firm:
    """An enterprise with somebody who speaks for it, and their browser."""

    enterprise: Enterprise
    user: User
    client: Client


@pytest.fixture(autouse=True)
def fresh_calendar() -> None:
    """The calendar is kept by process; each test's database starts anew."""
    calendar.forget()


@pytest.fixture
def town(db: None, guitang: City) -> City:
    """The city, with its parks as places of people."""
    for key in guitang.network.parks:
        Park.objects.get_or_create(code=key, defaults={"name_zh": str(guitang.park(key).zh)})
    return guitang


def firm(code: str, zh: str, en: str) -> Firm:
    enterprise, _ = Enterprise.objects.get_or_create(code=code, defaults={"name_zh": zh, "name_en": en})
    user = person(Role.ENTERPRISE, f"of_{code}", enterprise=enterprise)
    return Firm(enterprise, user, signed_in(user))


@pytest.fixture
def sugar(town: City) -> Firm:
    """Offers what it has; hides what it likes."""
    return firm("secret_sugar", "机密糖业公司", "Secret Sugar Works")


@pytest.fixture
def paper(town: City) -> Firm:
    """Needs what the other has."""
    return firm("plain_paper", "明白纸业公司", "Plain Paper Mill")


@pytest.fixture
def task_force(town: City) -> User:
    return person(Role.TASK_FORCE)


def said(city: City, **changes: Any) -> dict[str, Any]:
    """What a statement says, for bagasse at the first park."""
    m = city.network.materials
    key = changes.pop("material", "bagasse")
    i = m.index[key]
    at = changes.pop("at", next(iter(city.network.parks)))
    found: dict[str, Any] = {
        "kind": "need", "material": key, "material_zh": m.name_zh[i], "material_en": m.name_en[i],
        "unit": m.unit[i], "per_year": 1000.0, "months": [], "purity": None, "price": None, "at": at,
        "lat": None, "lon": None, "park": at if at in city.network.parks else "",
        "valid_from": timezone.localdate(), "valid_until": None, "contact": "", "note": "",
        "hide_name": False, "hide_price": False, "enterprise": None,
    }  # fmt: skip
    return found | changes


State = Callable[..., Statement]


@pytest.fixture
def state(town: City, run_jobs: Callable[[], Any]) -> State:
    """State something for a firm, with everything that follows."""

    def make(who: Firm | User, **changes: Any) -> Statement:
        by = who.user if isinstance(who, Firm) else who
        enterprise = who.enterprise if isinstance(who, Firm) else None
        made = actions.state(said(town, enterprise=enterprise, **changes), city=town, by=by)
        run_jobs()
        made.refresh_from_db(from_queryset=Statement.objects.unscoped(because="a test"))
        return made

    return make
