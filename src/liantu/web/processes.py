"""The processes that the supervisor starts, each in a Python of its own."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from liantu import i18n
from liantu.errors import InputError
from liantu.messages import Lang, sentence
from liantu.web.serve import BAD_INPUT, OK, say

PROCESSES, THREADS = 2, 4


def end_with_parent() -> None:
    """Stop when the standard input ends: the supervisor holds its other end, and is gone then."""

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


def set_up() -> None:
    """Django, with the settings of this installation."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liantu.web.settings")
    import django

    django.setup()


def worker(*, quick: bool) -> int:
    """Work off the queue until told to stop."""
    set_up()
    from liantu.web.jobs.worker import main

    return main(quick=quick)


def prepare(city: str | None) -> int:
    """Bring the database up to date, load the city, have it planned; what was done, on standard output."""
    set_up()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    said: dict[str, Any] = {}
    if city is not None:
        from liantu.web.atlas.runs.loading import load_and_plan

        try:
            said["run"] = str(load_and_plan(city).pk)
        except InputError as error:
            lang: Lang = "zh" if i18n.current_language() == i18n.ZH else "en"
            for problem in error.problems:
                say(sentence(problem, lang))
            return BAD_INPUT
    if os.environ.get("LIANTU_DEMO") == "1":
        from liantu.web.people.demo import make_people

        said["logins"] = make_people()
    if city is not None:
        from liantu.web.figures.loading import load_beside

        try:
            load_beside(city)
        except InputError as error:
            for problem in error.problems:
                say(sentence(problem, "zh" if i18n.current_language() == i18n.ZH else "en"))
            return BAD_INPUT
    print(json.dumps(said))
    return OK


def web(host: str, port: int) -> int:
    """Answer requests until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liantu.web.settings")
    _Server(f"[{host}]:{port}" if ":" in host else f"{host}:{port}").run()
    return OK


class _Server(BaseApplication):
    """Gunicorn with our settings and no configuration file."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__()

    def load_config(self) -> None:
        settings: dict[str, Any] = {
            "bind": self.address,
            "workers": PROCESSES,
            "worker_class": "gthread",
            "threads": THREADS,
            "preload_app": False,  # neither the reader of tables nor the solver survives a fork
            "timeout": 120,
            "graceful_timeout": 10,
            "loglevel": "critical",  # what matters to people is said by the supervisor and by Django
            "control_socket_disable": True,
            "post_worker_init": lambda _worker: _warm(),
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        """The application, in each process of its own."""
        from liantu.web.wsgi import application

        return application


def _warm() -> None:
    """Read the published city before the first request needs it; where there is none, that is no matter."""

    def read() -> None:
        from django.db import connection

        from liantu.web.atlas import city

        try:
            city.published()
        except Exception:  # whoever asks for a page is told
            return
        finally:
            connection.close()

    threading.Thread(target=read, daemon=True).start()
