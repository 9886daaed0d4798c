"""Serves the pages of one city: solve it, then answer, in one process with threads.

The process that listens reads no data itself: the worker that it forks does, since neither the reader of
tables nor the solver may be carried over a fork.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from liantu import i18n
from liantu.errors import InputError, LiantuError
from liantu.i18n import gettext as _
from liantu.messages import sentence

LOOPBACK = "127.0.0.1"
PORT = 8000
THREADS = 8
OK, FAULT, BAD_INPUT, SOLVER_FAILED = 0, 1, 2, 3
GRACE = 10.0  # s
LOAD_FAILED = 4  # what gunicorn's worker exits with, so that the listening process stops too
WILDCARDS = ("0.0.0.0", "::", "")


class PortTakenError(LiantuError):
    """Somebody listens there already, or the address is not of this machine. `params`: address, reason."""

    code = "port_taken"


def serve(directory: str | Path, host: str = LOOPBACK, port: int = PORT) -> int:
    """Show the city at `directory` until the process is stopped; the exit code.

    2: the city can't be read, and every problem has been printed. 3: the solver failed. Raises
    PortTakenError where nothing can listen at that address.
    """
    _claim(host, port)
    os.environ["LIANTU_DATASET"] = str(directory)
    os.environ.setdefault("LIANTU_ALLOWED_HOSTS", "*" if host in WILDCARDS else host)
    listening = os.getpid()
    try:
        _Server(host, port).run()
    except SystemExit as stopped:
        if os.getpid() != listening:
            raise  # the worker: its exit code tells the listening process to stop
        return BAD_INPUT if stopped.code == LOAD_FAILED else int(stopped.code or OK)
    return OK


class _Server(BaseApplication):
    """Gunicorn with our settings and no configuration file."""

    def __init__(self, host: str, port: int) -> None:
        self.address = _bracketed(host, port)
        self.url = f"http://{_bracketed(LOOPBACK if host in WILDCARDS else host, port)}/"
        super().__init__()

    def load_config(self) -> None:
        settings: dict[str, Any] = {
            "bind": self.address,
            "workers": 1,  # the city is in its memory
            "worker_class": "gthread",
            "threads": THREADS,
            "timeout": 120,
            "loglevel": "critical",  # what matters to people is said by `_say` and by Django
            "control_socket_disable": True,
            "post_worker_init": lambda worker: _say(
                _("%(url)s is ready; Ctrl-C stops it") % {"url": self.url}
            ),
            "worker_exit": lambda server, worker: _stop_computing(),
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        """The application, with the city read and solved; in the worker."""
        _say(_("Solving %(city)s") % {"city": os.environ["LIANTU_DATASET"]})
        try:
            from liantu.web.wsgi import application
        except InputError as error:
            for problem in error.problems:
                _say(sentence(problem, "zh" if i18n.current_language() == i18n.ZH else "en"))
            sys.exit(LOAD_FAILED)
        except LiantuError as error:
            _say(_("The solver failed: %(reason)s") % {"reason": error})
            sys.exit(SOLVER_FAILED)
        return application


def _stop_computing() -> None:
    """The gaps may still be computed: a solver that is cut off in the middle aborts the process."""
    provider = sys.modules.get("liantu.web.atlas.city")
    if provider is not None:
        provider.stop(GRACE)


def _bracketed(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _claim(host: str, port: int) -> None:
    """Fail at once, in a sentence, where the address can't be had."""
    try:
        if not 0 < port < 65536:
            raise OverflowError(_("a port is a number from 1 to 65535"))
        kind, _type, _proto, _name, address = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM)[
            0
        ]
        with socket.socket(kind, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, OverflowError, UnicodeError) as error:
        raise PortTakenError(address=_bracketed(host, port), reason=str(error)) from error


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
