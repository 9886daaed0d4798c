"""The database itself refuses to change what was recorded, whoever asks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.db.migrations.state import ModelState, ProjectState

from liantu.web.audit.actions import record
from liantu.web.audit.models import Event, Head
from liantu.web.kit.triggers import Immutable, missing
from tests.web.lifting import lifted

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def event() -> Event:
    with transaction.atomic():
        return record("test.done", by=None, object="x")


def sql(text: str) -> Callable[[], object]:
    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(text)

    return run


CHANGES: list[tuple[str, Callable[[], object]]] = [
    ("update of a field", lambda: Event.objects.update(action="other")),
    ("save", lambda: Event.objects.get().save()),
    ("delete", lambda: Event.objects.all().delete()),
    ("raw update", sql("UPDATE audit_event SET detail = '{}'")),
    ("raw delete", sql("DELETE FROM audit_event")),
    ("the head gone", lambda: Head.objects.all().delete()),
    ("the head back", lambda: Head.objects.update(seq=0)),
    ("the head ahead", lambda: Head.objects.update(seq=7)),
    ("the head's hash alone", lambda: Head.objects.update(mac="0" * 64)),
]


@pytest.mark.parametrize("change", [c for _, c in CHANGES], ids=[name for name, _ in CHANGES])
def test_a_change_of_an_event_is_refused(event: Event, change: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
        change()
    assert Event.objects.get().mac == event.mac
    assert Head.objects.get().seq == 1


def test_what_would_empty_or_replace_the_table_is_refused(event: Event) -> None:
    replace = sql("INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event")
    change = sql("TRUNCATE audit_event") if connection.vendor == "postgresql" else replace
    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        change()
    assert Event.objects.get().mac == event.mac


def test_a_key_that_is_taken_is_no_way_in_either(event: Event) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no REPLACE")
    columns = "seq, at, actor_name, action, kind, object, detail, before, mac"
    said = columns.replace("mac", "'forged'").replace("object", "'forged'")
    with pytest.raises(IntegrityError, match="REPLACE is refused"):
        sql(f"INSERT OR REPLACE INTO audit_event ({columns}) SELECT {said} FROM audit_event")()


def test_every_trigger_that_is_declared_is_there() -> None:
    assert missing(connection) == []


def test_a_trigger_that_was_taken_off_is_named() -> None:
    with lifted():
        assert "audit_event_held_update" in missing(connection)
        assert len(missing(connection)) >= 6
    assert missing(connection) == []


class TestConditions:
    """On a table of the test's own."""

    @pytest.fixture
    def state(self) -> ProjectState:
        fields = [
            ("id", models.BigAutoField(primary_key=True)),
            ("status", models.CharField(max_length=10)),
            ("note", models.CharField(max_length=10, null=True)),
            ("report", models.JSONField(default=dict)),
        ]
        state = ProjectState()
        state.add_model(ModelState("probe", "Thing", fields))
        return state

    def make(self, state: ProjectState, operation: Immutable) -> type[models.Model]:
        model = state.apps.get_model("probe", "Thing")
        with connection.schema_editor() as editor:
            editor.execute("DROP TABLE IF EXISTS probe_thing", params=None)
            editor.create_model(model)
            operation.database_forwards("probe", editor, state, state)
        return model

    @pytest.fixture(autouse=True)
    def _tidy(self) -> object:
        yield
        with connection.schema_editor() as editor:
            editor.execute("DROP TABLE IF EXISTS probe_thing", params=None)

    def refused(self, change: Callable[[], object]) -> bool:
        try:
            with transaction.atomic():
                change()
        except IntegrityError:
            return True
        return False

    def test_rows_are_held_from_a_state_on(self, state: ProjectState) -> None:
        thing = self.make(state, Immutable("Thing", once="OLD.status = 'done'"))
        running, done = (thing.objects.create(status=s) for s in ("running", "done"))
        one, other = thing.objects.filter(pk=running.pk), thing.objects.filter(pk=done.pk)
        assert not self.refused(lambda: one.update(note="a"))
        assert self.refused(lambda: other.update(note="a"))
        assert self.refused(other.delete)
        assert not self.refused(lambda: one.update(status="done"))
        assert self.refused(one.delete)

    def test_a_field_may_be_left_free(self, state: ProjectState) -> None:
        thing = self.make(state, Immutable("Thing", may_change=["note"]))
        thing.objects.create(status="done")
        assert not self.refused(lambda: thing.objects.update(note="a", status="done"))
        assert not self.refused(lambda: thing.objects.update(note=None))
        assert self.refused(lambda: thing.objects.update(note="b", status="open"))
        assert self.refused(lambda: thing.objects.update(report={"a": 1}))
        assert self.refused(thing.objects.all().delete)

    def test_it_can_be_taken_back_and_repeated(self, state: ProjectState) -> None:
        operation = Immutable("Thing")
        thing = self.make(state, operation)
        thing.objects.create(status="done")
        with connection.schema_editor() as editor:
            operation.database_forwards("probe", editor, state, state)
        assert self.refused(lambda: thing.objects.update(note="a"))
        with connection.schema_editor() as editor:
            operation.database_backwards("probe", editor, state, state)
        assert not self.refused(lambda: thing.objects.update(note="a"))

    def test_it_writes_itself_into_a_migration(self) -> None:
        assert Immutable("Thing").deconstruct() == ("Immutable", ["Thing"], {})
        operation = Immutable("Thing", once="OLD.note IS NULL", may_change=["note"], name="own")
        name, args, kwargs = operation.deconstruct()
        assert Immutable(*args, **kwargs).deconstruct() == (name, args, kwargs)
