"""Takes the triggers off for a while, as a forger with the database's password would, or who tidies up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import connection

from liantu.web.kit import triggers


@cache
def _declared(vendor: str) -> tuple[tuple[str, triggers.Trigger, Any], ...]:
    return tuple(triggers.declared(connection))


@contextmanager
def lifted() -> Iterator[None]:
    """Nothing is immutable inside."""
    with connection.schema_editor() as editor:
        for table, operation, _model in _declared(connection.vendor):
            operation.drop(editor, table)
    try:
        yield
    finally:
        with connection.schema_editor() as editor:
            for table, operation, model in _declared(connection.vendor):
                operation.drop(editor, table)
                for statement in operation.creation(connection, model):
                    editor.execute(statement, params=None)
