"""The first page of each role: what they have to see to, and nothing that they may not open."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from liantu.web.accounts.permissions import Role
from liantu.web.atlas.city import City
from liantu.web.atlas.models import Opportunity, Run
from liantu.web.jobs.models import Job
from tests.web.conftest import person, signed_in

CITY_READERS = {Role.LEADER, Role.TASK_FORCE, Role.INVESTMENT, Role.PARK, Role.DEPARTMENT, Role.SUPERVISOR}


def text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def links(page: str) -> set[str]:
    """Where the page itself leads, the frame aside."""
    return set(re.findall(r'href="(/[^"#]*)', page[page.index("<main") : page.index("</main>")]))


@pytest.mark.parametrize("role", list(Role))
def test_each_role_has_a_desk_whose_links_all_open(guitang: City, role: Role) -> None:
    browser = signed_in(person(role))
    for prefix, heading in (("", "待我办理"), ("/en", "What waits for me")):
        answer = browser.get(f"{prefix}/")
        page = answer.content.decode()
        assert answer.status_code == 200
        assert heading in text(page)
        assert ('class="figure"' in page) == (role in CITY_READERS | {Role.AGENT})
    opened = {link: browser.get(link.replace("&amp;", "&")).status_code for link in sorted(links(page))}
    assert {link: status for link, status in opened.items() if status not in (200, 302)} == {}


def test_the_leader_sees_the_city_with_its_chains_and_gaps(guitang: City) -> None:
    page = text(signed_in(person(Role.LEADER)).get("/en/").content.decode())
    for expected in (
        "Value of the plan",
        "Local supply rate",
        "Cane, sugar, alcohol",
        "Fill the chain",
        "Shown to all",
    ):
        assert expected in page


def test_an_enterprise_has_its_ways_and_its_last_statements_and_a_citizen_is_told_what_to_do(
    db: None,
) -> None:
    page = signed_in(person(Role.ENTERPRISE)).get("/en/").content.decode()
    for kind in ("need", "offer"):
        assert f"/en/exchange/statements/new/?kind={kind}" in links(page)
    assert {"/en/exchange/statements/?whose=mine", "/en/exchange/proposals/?status=open"} <= links(page)
    assert "You have stated nothing yet" in page
    page = signed_in(person(Role.CITIZEN)).get("/en/").content.decode()
    assert {link for link in links(page) if not link.startswith("/static/")} == {"/en/account/"}
    assert "What this account is for" in page
    assert "What is late" not in page


def test_without_a_plan_the_desk_says_what_is_missing_and_still_shows_what_waits(db: None) -> None:
    browser = signed_in(person(Role.TASK_FORCE))
    page = text(browser.get("/en/").content.decode())
    assert "No data of the city are there yet" in page
    assert "Nothing waits for you" in page


def opportunity(city: City, subject: str, **fields: object) -> Opportunity:
    run = Run.objects.unscoped(because="a test").get(of=city.run)
    given = {"kind": "fill", "title_zh": subject, "worth": 1e6, "created_by": person(Role.TASK_FORCE)}
    return Opportunity.objects.create(run=run, basis="b", subject=subject, **given | fields)


def test_what_i_own_waits_for_me_and_is_late_after_its_day(guitang: City) -> None:
    me, other = person(Role.INVESTMENT), person(Role.INVESTMENT, "another")
    yesterday = timezone.localdate() - timedelta(days=1)
    opportunity(guitang, "Mine and late", owner=me, due_on=yesterday)
    opportunity(guitang, "Dropped long ago", owner=me, due_on=yesterday, state="dropped")
    opportunity(guitang, "Theirs", owner=other)
    page = text(signed_in(me).get("/en/").content.decode())
    assert "1 Opportunities that I own" in page
    assert "Mine and late" in page
    assert "Dropped long ago" not in page
    assert "Theirs" not in text(signed_in(me).get("/en/").content.decode()).split("What is late")[1][:300]


def test_an_outsider_sees_no_figure_of_the_city(guitang: City) -> None:
    for role in (Role.CITIZEN, Role.SYSTEM_ADMIN, Role.AUDITOR):
        page = text(signed_in(person(role)).get("/en/").content.decode())
        assert "Value of the plan" not in page
        assert "Local supply rate" not in page
    assert Client(headers={"host": "localhost"}).get("/").status_code == 302


def test_the_desk_takes_as_many_queries_for_many_rows_as_for_few(guitang: City) -> None:
    me = person(Role.TASK_FORCE)
    browser = signed_in(me)
    opportunity(guitang, "one", owner=me, due_on=timezone.localdate() - timedelta(days=1))
    browser.get("/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        browser.get("/")
    run = Run.objects.unscoped(because="a test").get(of=guitang.run)
    Opportunity.objects.bulk_create(
        Opportunity(
            run=run, basis="b", subject=f"s{n}", kind="fill", title_zh=f"机会{n}", worth=float(n),
            created_by=me, owner=me, due_on=timezone.localdate() - timedelta(days=n % 50 + 1),
        )
        for n in range(2000)
    )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        browser.get("/")
    assert len(many) == len(few)


def test_my_runs_lead_to_the_list_that_the_number_counts(guitang: City) -> None:
    assert guitang.run is not None
    me, other = person(Role.TASK_FORCE), person(Role.TASK_FORCE, "another")
    for by, status, days in (
        (me, "failed", 1), (me, "failed", 2), (me, "failed", 20), (me, "running", 0), (me, "queued", 30),
        (other, "failed", 1), (me, "done", 1),
    ):  # fmt: skip
        with time_machine.travel(timezone.now() - timedelta(days=days)):
            job = Job.objects.create(kind="atlas.plan", priority=10, status=status, created_by=by)
            name = f"{by.username} {status} {days}"
            Run.objects.create(version=guitang.run.version, kind="plan", name=name, job=job, created_by=by)
    browser = signed_in(me)
    page = browser.get("/en/").content.decode()
    found = {}
    for link in (link.replace("&amp;", "&") for link in links(page) if "/runs/?whose=mine" in link):
        found[link.partition("status=")[2][:6]] = browser.get(link).content.decode()
    assert "2 Runs of mine at work" in text(page)
    assert "2 Runs of mine that failed this week" in text(page)
    runs = {k: set(re.findall(r"(?:task_force|another) \w+ \d+", text(v))) for k, v in found.items()}
    assert runs == {
        "active": {"task_force running 0", "task_force queued 30"},
        "failed": {"task_force failed 1", "task_force failed 2"},
    }
