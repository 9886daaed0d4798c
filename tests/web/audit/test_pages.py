"""The auditor's pages: search, paging, one event, an export that a spreadsheet can't be tricked by."""

from __future__ import annotations

import csv
import io
import os
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from liantu.web.accounts.permissions import Role
from liantu.web.audit.actions import record
from liantu.web.audit.models import Event
from liantu.web.kit.spreadsheet import harmless
from tests.web.conftest import person, signed_in

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


@pytest.fixture
def auditor() -> Client:
    return signed_in(person(Role.AUDITOR))


@pytest.fixture
def events() -> list[Event]:
    actor = person(Role.LEADER)
    actor.name = "马志远"
    with transaction.atomic():
        return [
            record("role.granted", by=actor, kind="user", object="li", detail={"after": {"role": "park"}}),
            record("person.changed", by=None, kind="user", object="wang", address="10.0.0.3",
                   detail={"before": {"name": "甲"}, "after": {"name": "乙氯气"}}),
            record("test.done", by=actor, kind="thing", object="=cmd|'/c calc'!A1", detail={"x": "<script>"}),
        ]  # fmt: skip


def listed(client: Client, query: str) -> list[int]:
    answer = client.get(f"/en/audit/?{query}")
    assert answer.status_code == 200
    return [e.seq for e in answer.context["list"].rows]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [3, 2, 1]), ("q=马志远", [3, 1]), ("q=氯气", [2]), ("q=LI", [1]), ("q=wang+乙", [2]),
        ("action=role.granted", [1]), ("kind=user", [2, 1]), ("object=wang", [2]), ("sort=seq", [1, 2, 3]),
        ("from=2020-01-01&to=2099-01-01", [3, 2, 1]), ("to=2020-01-01", []), ("per=20&page=1", [3, 2, 1]),
    ],
)  # fmt: skip
def test_events_are_found(auditor: Client, events: list[Event], query: str, found: list[int]) -> None:
    assert listed(auditor, query) == found


def test_by_who_did_it(auditor: Client, events: list[Event]) -> None:
    assert listed(auditor, f"actor={events[0].actor}") == [3, 1]


@pytest.mark.parametrize("query", ["from=yesterday", "action=nix", "kind=nix", "page=0", "page=99"])
def test_a_bad_question_is_named(auditor: Client, events: list[Event], query: str) -> None:
    assert auditor.get(f"/audit/?{query}").status_code == 400


def test_one_event_shows_before_and_after(auditor: Client, events: list[Event]) -> None:
    page = auditor.get("/en/audit/2/").content.decode()
    for word in ("甲", "乙氯气", "10.0.0.3", events[1].mac, events[0].mac, "/en/audit/1/", "/en/audit/3/"):
        assert word in page
    assert "<script>" not in auditor.get("/audit/3/").content.decode().replace("<script src", "")
    assert auditor.get("/audit/99/").status_code == 404


def test_an_export_holds_all_of_it_and_no_formula(auditor: Client, events: list[Event]) -> None:
    answer = auditor.post("/en/audit/export/?q=")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert text.startswith("\ufeff")
    assert [row[0] for row in rows[1:4]] == ["1", "2", "3"]
    assert rows[3][7] == "'=cmd|'/c calc'!A1"
    assert "乙氯气" in rows[2][9]
    assert Event.objects.filter(action="audit.exported").get().detail["rows"] == 3
    assert auditor.get("/audit/export/").status_code == 405


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "＝1"])
def test_text_that_would_run_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert harmless("a=1") == "a=1"
    assert harmless(-5) == -5


LONG = int(os.environ.get("LIANTU_LONG_LISTS", "2000"))  # 100000 takes a minute


def test_a_long_list_takes_as_many_queries_as_a_short_one(auditor: Client) -> None:
    def fill(first: int, count: int) -> None:
        at = datetime(2026, 1, 1, tzinfo=UTC)
        Event.objects.bulk_create(
            [
                Event(
                    seq=n, at=at + timedelta(seconds=n), action=f"test.{n % 7}", kind="thing", object=str(n),
                    detail={"n": n, "text": "氯气"}, before="", mac=f"{n:064x}",
                )
                for n in range(first, first + count)
            ],
            batch_size=2000,
        )  # fmt: skip

    def queries(path: str) -> int:
        auditor.get(path)
        with CaptureQueriesContext(connection) as seen:
            assert auditor.get(path).status_code == 200
        return len(seen)

    paths = ["/audit/", "/audit/?q=氯气", "/audit/?kind=thing&from=2026-01-01", "/audit/5/"]
    fill(1, 30)
    few = [queries(path) for path in paths]
    fill(31, LONG)
    assert [queries(path) for path in paths] == few
    assert listed(auditor, f"page={LONG // 50}&sort=seq")[0] == LONG - 49
