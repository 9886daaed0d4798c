"""A whole installation of its own, with its own processes: for what one process can't show."""

from __future__ import annotations

import contextlib
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

DATABASES = ("sqlite", "postgres")
ROOT = Path(__file__).parents[2]
HEAD = """
import os, sys, signal, time
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liantu.web.settings")
import django
django.setup()
from django.db import connection, transaction
from liantu.web.jobs import queue, registry, job
from liantu.web.jobs.actions import enqueue
from liantu.web.jobs.models import Job
from liantu.web.jobs.runner import run, run_queue
from liantu.web.accounts.models import User
from liantu.web.audit.models import Event
from liantu.web.audit.actions import record
registry.kinds()
"""


class Installation:
    """A folder and a database that no other test touches."""

    def __init__(self, folder: Path, database: str) -> None:
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("LIANTU_")}
        self.env |= {"LIANTU_VAR": str(folder), "PYTHONPATH": os.pathsep.join([*sys.path, str(ROOT)])}
        self.env.pop("DATABASE_URL", None)
        if database:
            self.env["DATABASE_URL"] = database
        self._running: list[subprocess.Popen[str]] = []

    def spawn(self, code: str, *arguments: str) -> subprocess.Popen[str]:
        """Python with Django, the queue and people at hand."""
        command = [sys.executable, "-c", HEAD + code, *arguments]
        process = subprocess.Popen(
            command,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.PIPE,
            text=True,
        )
        self._running.append(process)
        return process

    def run(self, code: str, *arguments: str, status: int = 0) -> str:
        """What the code printed."""
        process = self.spawn(code, *arguments)
        out, errors = process.communicate(timeout=120)
        assert process.returncode == status, errors
        return out.strip()

    def migrate(self) -> None:
        """Bring its database up to date."""
        command = [sys.executable, "-m", "liantu.web", "prepare"]
        subprocess.run(command, env=self.env, check=True, capture_output=True, stdin=subprocess.DEVNULL)

    def worker(self, *options: str) -> subprocess.Popen[str]:
        """A worker as `liantu worker` starts it."""
        command = [sys.executable, "-m", "liantu.web", "worker", "--alone", *options]
        process = subprocess.Popen(command, env=self.env, stderr=subprocess.PIPE, text=True)
        self._running.append(process)
        return process

    def close(self) -> None:
        """Leave no process behind."""
        for process in self._running:
            if process.poll() is None:
                process.kill()
            process.communicate()


def eventually(found: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until it is so."""
    until = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < until, "it did not come to be"
        time.sleep(0.1)


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """The address of a database of its own; skips where no server answers."""
    import psycopg

    server = os.environ.get("LIANTU_TEST_POSTGRES")
    if not server:
        pytest.skip("needs LIANTU_TEST_POSTGRES")
    name = f"liantu_test_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    try:
        yield f"{server.rpartition('/')[0]}/{name}"
    finally:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextlib.contextmanager
def installed(folder: Path, database: str) -> Iterator[Installation]:
    """An installation on `sqlite` or `postgres`, its database up to date."""
    with contextlib.ExitStack() as stack:
        address = stack.enter_context(postgres()) if database == "postgres" else ""
        found = Installation(folder, address)
        stack.callback(found.close)
        found.migrate()
        yield found
