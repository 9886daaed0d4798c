"""The circular accounts of several plans: over time, and side by side."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from liantu.web.accounts.permissions import Role
from liantu.web.atlas.city import City
from liantu.web.atlas.models import Run
from liantu.web.atlas.runs import accounts, actions, selectors
from liantu.web.jobs.models import Job
from tests.web.conftest import person, signed_in
from tests.web.stored import stored_city

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def text(page: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.decode()))


@pytest.fixture
def guitang(db: None) -> City:
    """The small city, shown three days ago."""
    with time_machine.travel(timezone.now() - timedelta(days=3)):
        return stored_city("guitang", with_gaps=True)


@pytest.fixture
def two(guitang: City, run_jobs: Callable[[], list[Job]]) -> tuple[Run, Run]:
    """That plan, and one of today without the tissue machines."""
    first = guitang.run
    assert first is not None
    actions.start_run(version=first.version, scenario="close: [tissue_machines]", name="no tissue", by=None)
    run_jobs()
    second = selectors.every().filter(name="no tissue", kind="plan").get()
    actions.publish(second, by=person(Role.TASK_FORCE))
    return first, second


def test_each_plan_that_was_shown_is_a_point_with_its_own_figures(
    two: tuple[Run, Run], client: Client, guitang: City
) -> None:
    points, older = accounts.over_time(None, None, "")
    assert [p.run for p in points] == list(two)
    assert older == 0
    rows = {r.indicator.key: r for r in accounts.rows_of(points, "")}
    assert rows["waste"].values[0] == guitang.accounts.solid_waste.use_rate
    assert rows["co2"].values[0] == guitang.accounts.carbon.total_t
    assert rows["output"].change is not None
    assert rows["output"].change < 0
    assert rows["output"].tone == "down"
    page = client.get("/en/circular/over-time/").content
    assert "Last less first" in text(page)
    assert page.count(b"data-chart=") == 6


def test_days_and_a_chain_narrow_it(two: tuple[Run, Run], client: Client, guitang: City) -> None:
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert "One plan only" in text(client.get("/en/circular/over-time/", {"to": yesterday}).content)
    assert "No plan was shown" in text(client.get("/en/circular/over-time/", {"to": "2000-01-01"}).content)
    chain = next(iter(guitang.network.chains))
    page = text(client.get("/en/circular/over-time/", {"chain": chain}).content)
    assert "Value added" in page
    assert "Direct CO2" not in page
    for bad in ({"from": "x"}, {"chain": "nix"}):
        assert client.get("/circular/over-time/", bad).status_code == 400


def test_chosen_plans_stand_side_by_side(two: tuple[Run, Run], client: Client) -> None:
    page = text(client.get("/en/circular/across-plans/", {"of": [str(two[1].pk), str(two[0].pk)]}).content)
    assert "no tissue" in page
    assert "Last less first" in page
    assert client.get("/circular/across-plans/", {"of": "nix"}).status_code == 400
    assert client.get("/circular/across-plans/", {"of": [str(two[0].pk)] * 13}).status_code == 400
    assert client.get("/circular/across-plans/").status_code == 200


def test_who_may_see_them(two: tuple[Run, Run]) -> None:
    agent = signed_in(person(Role.AGENT))
    assert agent.get("/circular/over-time/").status_code == 200
    assert agent.get("/circular/across-plans/").status_code == 403
    assert "across-plans" not in agent.get("/circular/over-time/").content.decode()
    assert signed_in(person(Role.ENTERPRISE)).get("/circular/over-time/").status_code == 403
