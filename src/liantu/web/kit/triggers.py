"""Rows that the database itself refuses to change, whoever asks: as an operation of a migration.

    operations = [
        migrations.CreateModel("RunResult", ...),
        Immutable("RunResult"),                                            # add, never change or remove
        Immutable("Run", once="OLD.status IN ('done', 'failed')"),         # from that state on
        Immutable("DatasetVersion", may_change=["note"]),                  # all but these fields
        Immutable("Head", when="NEW.seq <> OLD.seq + 1", name="in_order"), # a change of one's own wording
        Forbidden("Membership", name="one_duty",                           # after INSERT and UPDATE
                  when="(SELECT COUNT(*) FROM ...) > 1", lock='"accounts_user" WHERE "id" = NEW.user_id'),
    ]

A refused statement raises IntegrityError and undoes its transaction. SQLite loses the triggers of a table
when a later migration alters it (Django builds the table anew): repeat the operation behind the change.
`missing()` names triggers that the migrations declare and the database lacks; a test and `liantu audit
verify` ask it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

REFUSE = """
CREATE OR REPLACE FUNCTION liantu_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%: rows are immutable, % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = '23001';
END $$"""


class Trigger(Operation, ABC):
    """An operation that makes triggers on the table of `model`; `name` tells several on one model apart."""

    reduces_to_sql = True
    reversible = True
    model: str
    name: str

    def state_forwards(self, app_label: str, state: Any) -> None:
        pass

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.model)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        self.drop(schema_editor, model._meta.db_table)
        for statement in self.creation(schema_editor.connection, model):
            schema_editor.execute(statement, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = from_state.apps.get_model(app_label, self.model)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            self.drop(schema_editor, model._meta.db_table)

    def describe(self) -> str:
        return f"Refuse changes of {self.model}"

    @abstractmethod
    def refused(self, vendor: str) -> tuple[str, ...]:
        """What is refused."""

    @abstractmethod
    def creation(self, connection: Any, model: Any) -> Iterator[str]:
        """The statements that make the triggers."""

    def names(self, table: str, vendor: str) -> dict[str, str]:
        """What is refused -> the trigger that does it."""
        return {what: f"{table}_{self.name}_{what}" for what in self.refused(vendor)}

    def drop(self, schema_editor: Any, table: str) -> None:
        vendor = schema_editor.connection.vendor
        for trigger in self.names(table, vendor).values():
            on = f' ON "{table}"' if vendor == "postgresql" else ""
            schema_editor.execute(f'DROP TRIGGER IF EXISTS "{trigger}"{on}', params=None)


class Immutable(Trigger):
    """Refuse UPDATE, DELETE and, on PostgreSQL, TRUNCATE of a model's table; on SQLite REPLACE as well.

    `once`: SQL on OLD; only rows for which it is true are held. `when`: SQL on OLD and NEW; only updates for
    which it is true are refused. `may_change`: fields that an update may touch.
    """

    def __init__(
        self,
        model: str,
        *,
        once: str = "",
        when: str = "",
        may_change: Sequence[str] = (),
        name: str = "held",
    ) -> None:
        self.model, self.once, self.when = model, once, when
        self.may_change, self.name = tuple(may_change), name

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        said = {"once": self.once, "when": self.when, "may_change": list(self.may_change)}
        kept: dict[str, Any] = {key: value for key, value in said.items() if value}
        return type(self).__name__, [self.model], kept | ({"name": self.name} if self.name != "held" else {})

    def refused(self, vendor: str) -> tuple[str, ...]:
        return ("update", "delete", "truncate" if vendor == "postgresql" else "replace")

    def creation(self, connection: Any, model: Any) -> Iterator[str]:
        table = model._meta.db_table
        names = self.names(table, connection.vendor)
        update = " AND ".join(filter(None, (self._bracket(self.once), self._changed(connection, model))))
        if connection.vendor == "postgresql":
            yield REFUSE
            yield _postgres(names["update"], "UPDATE", table, "ROW", update)
            yield _postgres(names["delete"], "DELETE", table, "ROW", self._bracket(self.once))
            yield _postgres(names["truncate"], "TRUNCATE", table, "STATEMENT", "")
        else:
            yield _sqlite(names["update"], "UPDATE", table, update)
            yield _sqlite(names["delete"], "DELETE", table, self._bracket(self.once))
            yield _sqlite(names["replace"], "INSERT", table, _taken(model), "REPLACE")

    @staticmethod
    def _bracket(condition: str) -> str:
        return f"({condition})" if condition else ""

    def _changed(self, connection: Any, model: Any) -> str:
        """The condition on NEW; blank where every update is refused."""
        if not self.may_change:
            return self._bracket(self.when)
        differs = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
        free = {model._meta.get_field(field).column for field in self.may_change}
        held = [f.column for f in model._meta.local_concrete_fields if f.column not in free]
        changed = self._bracket(" OR ".join(f'NEW."{c}" {differs} OLD."{c}"' for c in held))
        return f"{self._bracket(self.when)} AND {changed}" if self.when else changed


class Forbidden(Trigger):
    """Refuse a row that an INSERT or UPDATE leaves behind, where `when`, SQL on NEW, is true.

    `when` sees the table with the row in it. `lock`, a table and its WHERE, is locked first on PostgreSQL, so
    that of two at once the second sees the first; SQLite lets one write at a time.
    """

    def __init__(self, model: str, *, name: str, when: str, lock: str = "") -> None:
        self.model, self.name, self.when, self.lock = model, name, when, lock

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        said = {"name": self.name, "when": self.when, "lock": self.lock}
        return type(self).__name__, [self.model], {key: value for key, value in said.items() if value}

    def refused(self, vendor: str) -> tuple[str, ...]:
        return ("insert", "update")

    def creation(self, connection: Any, model: Any) -> Iterator[str]:
        table = model._meta.db_table
        function = f"{table}_{self.name}"
        if connection.vendor == "postgresql":
            lock = f"PERFORM 1 FROM {self.lock} FOR NO KEY UPDATE;" if self.lock else ""
            yield (
                f'CREATE OR REPLACE FUNCTION "{function}"() RETURNS trigger LANGUAGE plpgsql AS $$ '
                f"BEGIN {lock} IF {self.when} THEN RAISE EXCEPTION '{table}: {self.name}' "
                "USING ERRCODE = '23514'; END IF; RETURN NULL; END $$"
            )
        for what, trigger in self.names(table, connection.vendor).items():
            begin = f'CREATE TRIGGER "{trigger}" AFTER {what.upper()} ON "{table}" FOR EACH ROW '
            if connection.vendor == "postgresql":
                yield f'{begin}EXECUTE FUNCTION "{function}"()'
            else:
                yield f"{begin}WHEN {self.when} BEGIN SELECT RAISE(ABORT, '{table}: {self.name}'); END"


def _postgres(trigger: str, event: str, table: str, each: str, condition: str) -> str:
    when = f" WHEN ({condition})" if condition else ""
    return (
        f'CREATE TRIGGER "{trigger}" BEFORE {event} ON "{table}" FOR EACH {each}{when} '
        "EXECUTE FUNCTION liantu_refuse()"
    )


def _sqlite(trigger: str, event: str, table: str, condition: str, said: str = "") -> str:
    when = f" WHEN {condition}" if condition else ""
    return (
        f'CREATE TRIGGER "{trigger}" BEFORE {event} ON "{table}" FOR EACH ROW{when} '
        f"BEGIN SELECT RAISE(ABORT, '{table}: rows are immutable, {said or event} is refused'); END"
    )


def _taken(model: Any) -> str:
    """Whether a row with one of the new row's keys is there: INSERT OR REPLACE would remove it in silence."""
    options = model._meta
    keys = [(field.column,) for field in options.local_concrete_fields if field.unique]
    keys += [
        tuple(options.get_field(name).column for name in constraint.fields)
        for constraint in options.total_unique_constraints
    ]
    same = " OR ".join("(" + " AND ".join(f'"{c}" = NEW."{c}"' for c in key) + ")" for key in keys)
    return f'EXISTS (SELECT 1 FROM "{options.db_table}" WHERE {same})'


def declared(connection: Any) -> Iterator[tuple[str, Trigger, Any]]:
    """Table, operation and the model as the latest migration has it, of every operation there is."""
    loader = MigrationLoader(connection)
    apps = loader.project_state().apps
    seen = set()
    for (app, _name), migration in sorted(loader.graph.nodes.items()):
        for operation in loader.get_migration(app, _name).operations if migration else ():
            if isinstance(operation, Trigger):
                model = apps.get_model(app, operation.model)
                if (model._meta.db_table, operation.name) not in seen:
                    seen.add((model._meta.db_table, operation.name))
                    yield model._meta.db_table, operation, model


def missing(connection: Any) -> list[str]:
    """The triggers that the migrations declare and the database lacks, or has switched off."""
    there = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        there = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
    with connection.cursor() as cursor:
        cursor.execute(there)
        found = {name for (name,) in cursor.fetchall()}
    wanted = (op.names(table, connection.vendor).values() for table, op, _model in declared(connection))
    return sorted({name for names in wanted for name in names} - found)
