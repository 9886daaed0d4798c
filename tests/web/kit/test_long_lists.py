"""Lists of the database: as many queries for two thousand rows as for ten, and no page that grows with them.

LIANTU_LONG_LISTS tells how many rows; 100000 takes some minutes, and prints how long each page took.
"""

from __future__ import annotations

import os
import time
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from liantu.web.accounts.models import Department, Enterprise, Membership, User
from liantu.web.accounts.permissions import Role
from liantu.web.atlas.city import City
from liantu.web.atlas.models import DatasetVersion, Opportunity, Publication, Run, RunResult
from liantu.web.audit.models import Event
from liantu.web.exchange.models import Statement
from liantu.web.jobs.models import Job
from liantu.web.tokens.models import Token
from tests.web.conftest import person, signed_in
from tests.web.stored import publication_of

MANY = int(os.environ.get("LIANTU_LONG_LISTS", "2000"))
FEW = 60  # more than a page, so that both show a full one
BATCH = 5000
LISTS = [
    ("/en/audit/", Role.AUDITOR),
    ("/en/audit/?q=thing&sort=seq&page=2", Role.AUDITOR),
    ("/en/people/", Role.SYSTEM_ADMIN),
    ("/en/people/?q=person&sort=-name", Role.SYSTEM_ADMIN),
    ("/en/security/", Role.SECURITY_ADMIN),
    ("/en/admin/tokens/", Role.SECURITY_ADMIN),
    ("/en/admin/tokens/?q=token&sort=-used", Role.SECURITY_ADMIN),
    ("/en/account/tokens/", Role.TASK_FORCE),
    ("/en/opportunities/", Role.TASK_FORCE),
    ("/en/opportunities/?q=opportunity&state=new&sort=due&page=2", Role.TASK_FORCE),
    ("/en/opportunities/", Role.INVESTMENT),
    ("/en/exchange/statements/", Role.TASK_FORCE),
    ("/en/history/", Role.LEADER),
    ("/en/history/?sort=value&from=2020-01-01", Role.LEADER),
    ("/en/data/versions/", Role.TASK_FORCE),
    ("/en/", Role.TASK_FORCE),
    ("/en/", Role.LEADER),
    ("/en/places/enterprises/", Role.SYSTEM_ADMIN),
]


def fill(city: City, start: int, end: int) -> None:
    """Rows with the numbers from start to end in every list."""
    for first in range(start, end, BATCH):
        numbers = range(first, min(first + BATCH, end))
        _people(numbers)
        _events(numbers)
        _runs(city, numbers)
        _work(city, numbers)


def _people(numbers: range) -> None:
    made = User.objects.bulk_create(User(username=f"person{n}", name=f"Person {n}") for n in numbers)
    Membership.objects.bulk_create(Membership(user=u, role=Role.CITIZEN) for u in made)
    Enterprise.objects.bulk_create(Enterprise(code=f"firm{n}", name_zh=f"企业{n}") for n in numbers)
    owner, now = User.objects.get(username="task_force"), timezone.now()
    Token.objects.bulk_create(
        Token(owner=owner, name=f"token {n}", prefix="liantu_x", digest=f"{n:064}", expires_at=now)
        for n in numbers
    )


def _events(numbers: range) -> None:
    now = timezone.now()
    Event.objects.bulk_create(
        Event(
            seq=10_000_000 + n, at=now, actor_name="x", action="user.login", kind="user", object=str(n),
            detail={"thing": n}, mac=f"{n:064}",
        )
        for n in numbers
    )  # fmt: skip


def _runs(city: City, numbers: range) -> None:
    jobs = Job.objects.bulk_create(Job(kind="atlas.plan", priority=5, status="done") for _ in numbers)
    owner = User.objects.get(username="task_force")
    runs = Run.objects.bulk_create(
        Run(version=city.version, kind="plan", name=f"run {n}", job=job, created_by=owner)
        for n, job in zip(numbers, jobs, strict=True)
    )
    RunResult.objects.bulk_create(
        RunResult(run=run, report=b"", stored=b"", objective=1e9, digest="x") for run in runs
    )
    newest = Publication.objects.order_by("-at").first()
    Publication.objects.bulk_create(publication_of(run) for run in runs)
    if newest is not None:  # what is shown stays what it was
        publication_of(newest.run).save()
    DatasetVersion.objects.bulk_create(
        DatasetVersion(dataset=city.version.dataset, number=n + 100, digest=f"{n:064}", package=b"")
        for n in numbers
    )


def _work(city: City, numbers: range) -> None:
    gaps = Run.objects.unscoped(because="a test").get(of=city.run)
    owner, today = User.objects.get(username="task_force"), timezone.localdate()
    Opportunity.objects.bulk_create(
        Opportunity(
            run=gaps, basis="b", subject=f"s{n}", kind="fill", title_zh=f"opportunity {n}", worth=float(n),
            created_by=owner, owner=owner, due_on=today - timedelta(days=n % 90),
        )
        for n in numbers
    )  # fmt: skip
    firm, now = Enterprise.objects.order_by("pk").first(), timezone.now()
    Statement.objects.bulk_create(
        Statement(
            id=uuid.uuid4(), kind="need", material="bagasse", material_zh="蔗渣", unit="t", per_year=1.0,
            at="complex", valid_from=today, enterprise=firm, created_by=owner, created_at=now, changed_at=now,
        )
        for _ in numbers
    )  # fmt: skip


def asked(address: str, role: Role) -> tuple[int, float, int]:
    """Queries, seconds and length of a page, the second time it is asked for."""
    browser = signed_in(person(role))
    assert browser.get(address).status_code == 200, address
    started = time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        page = browser.get(address)
    return len(queries), time.perf_counter() - started, len(page.content)


def test_no_list_asks_more_of_many_rows_than_of_few(
    guitang: City, capsys: pytest.CaptureFixture[str]
) -> None:
    for role in {role for _, role in LISTS}:
        person(role)
    Department.objects.create(code="office", name_zh="办", path="/office/")
    fill(guitang, 0, FEW)
    few = {(a, r): asked(a, r) for a, r in LISTS}
    fill(guitang, FEW, MANY)
    many = {(a, r): asked(a, r) for a, r in LISTS}
    with capsys.disabled():
        for (address, role), (queries, seconds, size) in many.items():
            if MANY > 2000:
                print(
                    f"{address:60} {role:15} {queries:3} queries {seconds * 1000:6.0f} ms {size // 1024} kB"
                )
    assert {k: v[0] for k, v in many.items()} == {k: v[0] for k, v in few.items()}
    assert {k for k, v in many.items() if v[2] > 2 * few[k][2] + 20_000} == set()
