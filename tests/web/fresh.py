"""Runs a script of Django's against a database of its own: a file, or one of the PostgreSQL there is."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

SET_UP = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""


@contextmanager
def database(folder: Path) -> Iterator[dict[str, str]]:
    """The environment of a process that works on an empty database."""
    environ = os.environ | {"DJANGO_SETTINGS_MODULE": "liantu.web.settings", "LIANTU_VAR": str(folder)}
    server = environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        environ.pop("DATABASE_URL", None)
        yield environ
        return
    import psycopg

    name = f"liantu_{uuid.uuid4().hex[:12]}"
    parts = urlsplit(server)
    home = urlunsplit(parts._replace(path="/postgres"))
    with psycopg.connect(home, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield environ | {"DATABASE_URL": urlunsplit(parts._replace(path=f"/{name}"))}
    finally:
        with psycopg.connect(home, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def run(script: str, environ: dict[str, str]) -> str:
    """What the script prints; it finds Django set up and the tables made."""
    done = subprocess.run(
        [sys.executable, "-c", SET_UP + script],
        env=environ, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout
