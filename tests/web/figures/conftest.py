"""A small catalogue, people of two departments, and figures of our own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from liantu.ledger import catalogue as ledger
from liantu.ledger.formula import Formula
from liantu.ledger.observation import Observation
from liantu.ledger.periods import parse_period
from liantu.web.accounts.models import Department, User
from liantu.web.accounts.permissions import Role
from liantu.web.figures import actions, catalogue
from liantu.web.figures.models import ObservationRow
from tests.web.conftest import person

S, N = ledger.Subject, ledger.Indicator
CATALOGUE = ledger.Catalogue(
    {
        s.id: s
        for s in (
            S("city", "city", "银川湾市", "Silver Bay"),
            S("north", "county", "北湾区", "North Bay", parts_of=(ledger.Part("city"),)),
        )
    },
    {
        i.id: i
        for i in (
            N("gdp", "地区生产总值", "GDP", "CNY", "flow", additive=True, growth="nominal", steward="统计局"),
            N("population", "常住人口", "population", "person", "stock", additive=True),
            N("gdp_per_head", "人均地区生产总值", "GDP per head", "CNY", "rate",
              formula=Formula.parse("gdp / population")),
        )
    },
)  # fmt: skip


@pytest.fixture(autouse=True)
def known(db: None) -> ledger.Catalogue:
    """The catalogue is kept by process; each test's database begins anew."""
    catalogue.forget()
    catalogue.load(CATALOGUE, by=None)
    return catalogue.current()


def seen(value: str, period: str = "2024", **changes: Any) -> Observation:
    """A figure of the city's GDP."""
    found: dict[str, Any] = {
        "id": "x", "subject": "city", "indicator": "gdp", "period": parse_period(period),
        "value": Decimal(value), "unit": "yi_CNY", "step": Decimal("0.1"), "source": "Yearbook",
        "source_date": date(2025, 3, 1),
    }  # fmt: skip
    return Observation(**(found | changes))


@pytest.fixture
def force(db: None) -> User:
    return person(Role.TASK_FORCE, "force")


@pytest.fixture
def second(db: None) -> User:
    return person(Role.TASK_FORCE, "second")


@pytest.fixture
def third(db: None) -> User:
    return person(Role.TASK_FORCE, "third")


def department(code: str) -> Department:
    return Department.objects.get_or_create(code=code, defaults={"name_zh": code, "path": f"/{code}/"})[0]


@pytest.fixture
def owner(db: None) -> User:
    """A handler of the statistics bureau."""
    return person(Role.DEPARTMENT, "owner", department=department("stats"))


@pytest.fixture
def colleague(db: None) -> User:
    return person(Role.DEPARTMENT, "colleague", department=department("stats"))


@pytest.fixture
def outsider(db: None) -> User:
    return person(Role.DEPARTMENT, "outsider", department=department("land"))


Enter = Callable[..., ObservationRow]


@pytest.fixture
def enter(force: User) -> Enter:
    """Enter one figure; the row."""

    def one(value: str, period: str = "2024", by: User | None = None, **changes: Any) -> ObservationRow:
        return actions.enter([seen(value, period, **changes)], by=by or force).rows[0]

    return one
