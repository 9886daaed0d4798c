"""Whether a worker of this machine still lives: it holds the lock of its file, and the system lets go for it.

A process that is killed can't say so; its lock is gone at once, so that its job is taken up at once.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import socket
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from liantu.web.kit import environment


def _path(worker: str) -> Path:
    return environment.VAR / "workers" / f"{worker}.lock"


class Living:
    """A worker's life: `name` is its own as long as the context lasts."""

    def __init__(self) -> None:
        host = "".join(c if c.isalnum() else "-" for c in socket.gethostname())[:40]
        self.name = f"{host}.{os.getpid()}.{secrets.token_hex(4)}"
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        path = _path(self.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("w")
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._file is not None
        self._file.close()  # first: a name without a file says nothing


def is_gone(worker: str) -> bool:
    """Whether the worker is known to be dead: its file is here and nobody holds it."""
    try:
        with _path(worker).open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return False  # of another machine, or alive
    return True


def sweep(keep: set[str]) -> None:
    """Remove the files of dead workers but of these."""
    for path in (environment.VAR / "workers").glob("*.lock"):
        if path.stem not in keep and is_gone(path.stem):
            path.unlink(missing_ok=True)
