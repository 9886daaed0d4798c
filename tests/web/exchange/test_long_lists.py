"""The lists take as many queries for 1,000 rows as for 10, and nothing breaks on hostile addresses."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from liantu.web.accounts.models import User
from liantu.web.atlas.city import City
from liantu.web.casefile.models import CaseEvent, CaseFile, CaseParty, Owed
from liantu.web.exchange import cases, selectors
from liantu.web.exchange.models import ExchangeCase, Proposal, Statement
from tests.web.exchange.conftest import Firm, State

LISTS = (
    "/exchange/statements/", "/exchange/proposals/", "/exchange/cases/", "/exchange/cases/?time=late",
    "/exchange/cases/?whose=waiting", "/exchange/statements/?sort=price", "/exchange/cases/export.csv",
)  # fmt: skip


def grown(one: ExchangeCase, n: int) -> None:
    """So many statements, each with its proposal and its case."""
    because = {"because": "a test"}
    need, proposal, file = one.need, one.proposal, one.file
    assert need is not None
    statements, proposals, files, found, events = [], [], [], [], []
    event = file.events.get()
    for _n in range(n):
        s, p, f, e, x = (copy.copy(row) for row in (need, proposal, file, event, one))
        s.pk, s.proposal = Statement().pk, None
        p.pk, p.statement = Proposal().pk, s
        f.pk = CaseFile().pk
        e.pk, e.case = None, f
        x.file, x.pk, x.need, x.proposal = f, f.pk, s, p
        for row, rows in ((s, statements), (p, proposals), (f, files), (e, events), (x, found)):
            rows.append(row)
    Statement.objects.unscoped(**because).bulk_create(statements)
    Proposal.objects.unscoped(**because).bulk_create(proposals)
    for s, p in zip(statements, proposals, strict=True):
        s.proposal = p
    Statement.objects.unscoped(**because).bulk_update(statements, ["proposal"], batch_size=500)
    CaseFile.objects.unscoped(**because).bulk_create(files)
    CaseEvent.objects.bulk_create(events)
    firm = need.enterprise
    CaseParty.objects.bulk_create([CaseParty(case=f, relation="needing", enterprise=firm) for f in files])
    Owed.objects.bulk_create([Owed(case=f, transition="make_contact", person=f.owner) for f in files])
    ExchangeCase.objects.unscoped(**because).bulk_create(found)


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        answer = client.get(address)
        if answer.streaming:
            b"".join(answer.streaming_content)
    assert answer.status_code == 200
    return len(seen)


def test_the_number_of_queries_does_not_grow(
    town: City, paper: Firm, state: State, client: Client, task_force: User
) -> None:
    need = state(paper)
    assert need.proposal is not None
    one = cases.take(need.proposal, "e0", city=town, by=task_force, transition="propose")
    CaseFile.objects.unscoped(because="a test").update(late_at=timezone.now())
    one.file.refresh_from_db(from_queryset=CaseFile.objects.unscoped(because="a test"))
    grown(one, 9)
    people = {"force": client, "firm": paper.client}
    few = {(who, a): queries(c, a) for who, c in people.items() for a in LISTS}
    desk_few = _desk(task_force)
    grown(one, 990)
    many = {(who, a): queries(c, a) for who, c in people.items() for a in LISTS}
    assert {k: n for k, n in many.items() if n > few[k] + (8 if "export" in k[1] else 0)} == {}
    assert max(n for (_w, a), n in many.items() if "export" not in a) <= 25
    assert _desk(task_force) == desk_few


def _desk(user: User) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert len(list(selectors.waiting_for(user)[:10])) == 10
        assert len(list(selectors.late_for(user)[:10])) == 10
    return len(seen)


@pytest.mark.parametrize("address", LISTS[:3])
@pytest.mark.parametrize(
    "query",
    ["sort=owner", "page=0", "page=999", "q=%00", "kind=x", "state=x", "time=never", "whose=theirs", "per=7"],
)
def test_an_address_that_makes_no_sense_is_told(town: City, client: Client, address: str, query: str) -> None:
    known = {"kind": "statements proposals", "state": "cases", "time": "cases", "whose": "statements cases"}
    name = query.partition("=")[0]
    answer = client.get(f"{address}?{query}")
    meant = name not in known or any(part in address for part in known[name].split())
    assert answer.status_code == (400 if meant else 200)


@pytest.mark.parametrize("field", ["note", "contact", "material", "at", "enterprise", "per_year", "version"])
def test_ten_megabytes_of_junk_are_refused_not_stored(town: City, client: Client, field: str) -> None:
    junk: dict[str, Any] = {
        "kind": "need", "material": "bagasse", "per_year": "1", "valid_from": "2026-12-01",
        "at": next(iter(town.network.parks)),
    }  # fmt: skip
    answer = client.post("/exchange/statements/new/", junk | {field: "9é" * 3_500_000})
    assert answer.status_code in (400, 413)
    assert not Statement.objects.unscoped(because="a test").exists()
