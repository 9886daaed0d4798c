"""The walk along the chain names the first broken link, whatever was done to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.models import F

from liantu.web.audit import chain
from liantu.web.audit.actions import difference, record
from liantu.web.audit.faults import FAULTS, sentence
from liantu.web.audit.models import Event, Head
from tests.web.lifting import lifted

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ten() -> list[Event]:
    with transaction.atomic():
        return [
            record(
                "test.done", by=None, kind="thing", object=f"第{n}件", detail={"n": n, "after": {"价": n / 7}}
            )
            for n in range(1, 11)
        ]


def forge(change: Callable[[], object]) -> chain.Verdict:
    with lifted():
        change()
    return chain.verify()


def fault(verdict: chain.Verdict) -> tuple[str, int, int]:
    assert verdict.fault
    assert sentence(verdict.fault)
    return verdict.fault.kind, verdict.fault.seq, verdict.fault.to


def shift(after: int, by: int) -> None:
    """Give later events other numbers, by way of numbers that nobody has."""
    Event.objects.filter(seq__gt=after).update(seq=F("seq") + 1000)
    Event.objects.filter(seq__gt=1000).update(seq=F("seq") - 1000 + by)


def test_a_whole_chain_is_whole(ten: list[Event]) -> None:
    found = chain.verify(known=(4, ten[3].mac))
    assert (found.events, found.head, found.head_mac, found.fault) == (10, 10, ten[9].mac, None)


def test_an_empty_one_is_too() -> None:
    assert chain.verify().fault is None


@pytest.mark.parametrize(
    "change",
    [
        {"action": "test.other"}, {"object": "x"}, {"kind": "y"}, {"actor": 7}, {"actor_name": "somebody"},
        {"address": "10.0.0.1"}, {"detail": {"n": 6}}, {"mac": "0" * 64},
        {"at": datetime(2020, 1, 1, tzinfo=UTC)},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_a_change_of_any_field_is_named(ten: list[Event], change: dict[str, object]) -> None:
    assert fault(forge(lambda: Event.objects.filter(seq=5).update(**change))) == ("changed", 5, 0)


def test_the_first_of_several_is_named(ten: list[Event]) -> None:
    found = forge(lambda: Event.objects.filter(seq__in=(9, 3, 6)).update(action="x"))
    assert fault(found) == ("changed", 3, 0)
    assert found.events == 2


def test_what_was_taken_out_of_the_middle_is_named(ten: list[Event]) -> None:
    assert fault(forge(lambda: Event.objects.filter(seq__in=(4, 5)).delete())) == ("missing", 4, 5)


def test_it_is_named_where_the_rest_was_renumbered(ten: list[Event]) -> None:
    def change() -> None:
        Event.objects.filter(seq=4).delete()
        shift(4, -1)

    assert fault(forge(change))[:2] == ("missing", 4)


def test_the_first_event_can_not_be_taken_out(ten: list[Event]) -> None:
    assert fault(forge(lambda: Event.objects.filter(seq=1).delete())) == ("missing", 1, 1)


def test_what_was_put_in_is_named(ten: list[Event]) -> None:
    def change() -> None:
        shift(4, 1)
        copy = Event.objects.get(seq=4)
        copy.pk, copy.seq, copy.before, copy.mac, copy.action = None, 5, copy.mac, "f" * 64, "test.forged"
        copy.save(force_insert=True)

    assert fault(forge(change)) == ("inserted", 5, 0)


def test_two_events_that_changed_places_are_named(ten: list[Event]) -> None:
    def change() -> None:
        Event.objects.filter(seq=5).update(seq=999)
        Event.objects.filter(seq=6).update(seq=5)
        Event.objects.filter(seq=999).update(seq=6)

    assert fault(forge(change))[1] == 5


def test_an_end_that_is_cut_off_is_named(ten: list[Event]) -> None:
    assert fault(forge(lambda: Event.objects.filter(seq__gt=8).delete())) == ("truncated", 9, 10)


def test_a_head_set_back_without_the_key_is_named(ten: list[Event]) -> None:
    def change() -> None:
        Event.objects.filter(seq__gt=8).delete()
        Head.objects.update(seq=8, mac=ten[7].mac)

    assert fault(forge(change)) == ("head", 8, 0)


def test_an_old_head_put_back_is_told_from_a_mark_kept_elsewhere(ten: list[Event]) -> None:
    def change() -> None:
        Event.objects.filter(seq__gt=8).delete()
        Head.objects.update(seq=8, mac=ten[7].mac, seal=chain.seal(8, ten[7].mac))

    assert forge(change).fault is None  # nothing in the database tells
    assert fault(chain.verify(known=(10, ten[9].mac))) == ("truncated", 9, 10)


def test_a_chain_made_anew_is_told_from_a_mark_kept_elsewhere(ten: list[Event]) -> None:
    assert fault(chain.verify(known=(4, "0" * 64))) == ("known", 4, 0)


def test_a_head_that_is_gone_is_named(ten: list[Event]) -> None:
    assert fault(forge(lambda: Head.objects.all().delete()))[0] == "head"


def test_what_stands_behind_the_head_is_named(ten: list[Event]) -> None:
    def change() -> None:
        copy = Event.objects.get(seq=10)
        copy.pk, copy.seq, copy.before = None, 11, copy.mac
        copy.mac = chain.mac(copy)
        copy.save(force_insert=True)

    assert fault(forge(change)) == ("beyond", 11, 11)


def test_another_key_is_told_from_a_forgery(ten: list[Event], settings: object) -> None:
    settings.AUDIT_KEY = b"another"  # type: ignore[attr-defined]
    assert fault(chain.verify()) == ("key", 1, 0)


def test_every_fault_has_its_sentence() -> None:
    for kind in FAULTS:
        assert sentence(chain.Fault(kind, 3, 4, datetime(2026, 1, 1, tzinfo=UTC), "account.login"))


def test_both_databases_give_back_what_was_hashed() -> None:
    detail = {
        "whole": 1e5, "huge": 1e300, "minus": -0.0, "small": 1e-7, "third": 1 / 3, "nul": "a\x00b",
        "half": "\ud800", "day": date(2026, 11, 22), "money": Decimal("1.10"), "中文": ["甲", {"乙": None}],
        7: True, "time": datetime(2026, 1, 1, tzinfo=UTC),
    }  # fmt: skip
    with transaction.atomic():
        record("test.done", by=None, object="\x00\ud800", detail=detail, address="::ffff:10.0.0.1")
    assert chain.verify().fault is None
    assert Event.objects.get().detail["whole"] == 100000


@pytest.mark.parametrize(
    ("said", "word"), [({"detail": {"x": float("nan")}}, "JSON"), ({"object": "x" * 201}, "object")]
)
def test_what_an_event_can_not_hold_is_refused(said: dict[str, object], word: str) -> None:
    with pytest.raises(ValueError, match=word), transaction.atomic():
        record("test.done", by=None, **said)  # type: ignore[arg-type]
    assert not Event.objects.exists()


def test_an_event_falls_with_its_deed() -> None:
    def deed() -> None:
        with transaction.atomic():
            record("test.done", by=None)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        deed()
    with transaction.atomic():
        assert record("test.done", by=None).seq == 1
    with pytest.raises(transaction.TransactionManagementError):
        record("test.done", by=None)


def test_only_what_differs_is_told() -> None:
    assert difference({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": 4}) == {
        "before": {"b": 2, "c": None},
        "after": {"b": 3, "c": 4},
    }


def test_a_long_chain_is_walked_a_page_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "PAGE", 7)
    with transaction.atomic():
        for n in range(50):
            record("test.done", by=None, object=n)
    moved: list[tuple[int, int]] = []
    queries = len(connection.queries_log)
    assert chain.verify(progress=lambda done, total: moved.append((done, total))).events == 50
    assert moved[-1] == (49, 50)
    assert queries == len(connection.queries_log)
