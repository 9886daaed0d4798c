"""`liantu serve`: the web server and the workers under one supervisor.

The supervisor prepares the database in a process that ends, starts a web server and two workers, starts
again what dies, and stops everything with itself. It imports neither Django nor the engine: nothing that
survives no fork is there to be forked.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass, field
from types import FrameType

from liantu.errors import LiantuError
from liantu.i18n import gettext as _
from liantu.i18n import gettext_noop as N_

LOOPBACK = "127.0.0.1"
PORT = 8000
OK, FAULT, BAD_INPUT = 0, 1, 2
GRACE = 15.0  # s until what was asked to stop is killed
GONE = 5.0  # s until what was killed counts as gone: where nobody buries the dead, it stays listed
LOOK = 0.5  # s between two looks at the processes
YOUNG = 10.0  # s: what dies younger than this so often is given up
TRIES = 5
LOOPBACKS = (LOOPBACK, "localhost", "::1")
WILDCARDS = ("0.0.0.0", "::", "")


class PortTakenError(LiantuError):
    """Somebody listens there already, or the address is not of this machine. `params`: address, reason."""

    code = "port_taken"


def serve(city: str | None, host: str = LOOPBACK, port: int = PORT) -> int:
    """Serve until the process is stopped; the exit code. `city` is loaded first, where one is given.

    2: the city can't be read, and every problem has been printed. Raises PortTakenError where nothing can
    listen at that address.
    """
    if _is_demo() and host not in LOOPBACKS:
        say(_("A demonstration listens at this machine alone: no --host, or LIANTU_SECURITY=standard."))
        return BAD_INPUT
    _claim(host, port)
    os.environ.setdefault("LIANTU_ALLOWED_HOSTS", "*" if host in WILDCARDS else host)
    supervisor = Supervisor()
    if city is not None:
        say(_("Reading %(city)s") % {"city": city})
    code, said = supervisor.prepare([city] if city is not None else [])
    if code:
        return code
    url = f"http://{_bracketed(LOOPBACK if host in WILDCARDS else host, port)}/"
    return supervisor.watch(
        [
            Child(N_("web server"), ["web", "--host", host, "--port", str(port)]),
            Child(N_("worker"), ["worker"]),
            Child(N_("quick worker"), ["worker", "--quick"]),
        ],
        lambda: _announce(url, said, supervisor.stopping),
    )


def _is_demo() -> bool:
    """As the settings decide it, which this process does not read."""
    chosen = os.environ.get("LIANTU_SECURITY")
    return chosen == "demo" if chosen else os.environ.get("LIANTU_DEMO") == "1"


@dataclass
class Child:
    """A process that has to live: started again when it dies."""

    name: str
    arguments: list[str]
    process: subprocess.Popen[bytes] | None = None
    deaths: list[float] = field(default_factory=list)
    started: float = 0.0

    def start(self) -> None:
        """Start it, as the head of a group of processes, so that it can be ended with all that it started.

        It ends by itself when the supervisor is gone, since its standard input then ends.
        """
        self.started = time.monotonic()
        if self.process is not None:
            _kill_group(self.process)  # what it left still holds the port
        self.process = subprocess.Popen(
            _command(*self.arguments), stdin=subprocess.PIPE, start_new_session=True
        )

    def is_dead(self) -> bool:
        """Whether it was started and has ended."""
        return self.process is not None and self.process.poll() is not None

    def may_live_again(self) -> bool:
        """Whether it did not die young too often."""
        now = time.monotonic()
        young = now - self.started < YOUNG
        self.deaths = [*self.deaths, now] if young else []
        return len(self.deaths) < TRIES


class Supervisor:
    """Starts, watches and stops the processes of one server."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)

    def prepare(self, arguments: list[str]) -> tuple[int, dict[str, object]]:
        """Bring the database up to date and load the city; the exit code, and what was said of it."""
        process = subprocess.Popen(
            _command("prepare", *arguments), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        while process.poll() is None and not self.stopping.wait(0.1):
            pass
        if process.poll() is None:
            process.terminate()
        out, _errors = process.communicate()
        if self.stopping.is_set():
            return 130, {}
        return process.returncode, json.loads(out) if process.returncode == 0 else {}

    def watch(self, children: list[Child], announce: Callable[[], None]) -> int:
        """Keep the children alive until the supervisor is told to stop; the exit code. `announce` runs beside
        and may last."""
        spoken = copy_context()  # its language
        try:
            for child in children:
                child.start()
            threading.Thread(target=spoken.run, args=(announce,), daemon=True).start()
            while not self.stopping.wait(LOOK):
                for child in filter(Child.is_dead, children):
                    assert child.process is not None
                    code = child.process.returncode
                    if not child.may_live_again():
                        say(
                            _("The %(name)s ended %(times)d times in a row (%(code)d); the server stops")
                            % {"name": _(child.name), "times": TRIES, "code": code}
                        )
                        return FAULT
                    say(
                        _("The %(name)s ended (%(code)d) and is started again")
                        % {"name": _(child.name), "code": code}
                    )
                    child.start()
            return OK
        finally:
            self.stopping.set()
            _end([c.process for c in children if c.process is not None])

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    """Ask the processes to stop, and kill what does not, with what they started: nobody is left."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + GRACE
    for process in processes:
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _kill_group(process)


def _kill_group(ended: subprocess.Popen[bytes]) -> None:
    """Kill what a process that ended has started and left, and wait until it is gone."""
    until = time.monotonic() + GONE
    while time.monotonic() < until:
        try:
            os.killpg(ended.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return
        time.sleep(0.05)


def _announce(url: str, said: dict[str, object], stopping: threading.Event) -> None:
    """Say when the city can be looked at, and who may log in to a demonstration."""
    told = False
    while not stopping.wait(0.3):
        status = health(url)
        if status == "ready":
            say(_("%(url)s is ready; Ctrl-C stops it") % {"url": url})
            break
        if status in ("empty", "failed") and not told:
            told = True
            say(
                _("%(url)s answers, but shows no city yet: none has been loaded; Ctrl-C stops it")
                % {"url": url}
                if status == "empty"
                else _("%(url)s answers, but its plan failed; the page says why; Ctrl-C stops it")
                % {"url": url}
            )
            if status == "empty":
                break
    logins = said.get("logins")
    if isinstance(logins, list) and logins and not stopping.is_set():
        width = max(len(login) for _role, login, _password in logins)
        say(_("Who may log in to this demonstration, and with which password:"))
        for role, login, password in logins:
            say(f"  {login:<{width}}  {password}  {role}")


def health(url: str) -> str:
    """What the server says of itself: ready, waiting, failed, empty; blank where it does not answer."""
    try:
        with urllib.request.urlopen(f"{url}health/", timeout=5) as answer:
            return str(json.load(answer)["status"])
    except urllib.error.HTTPError as error:
        try:
            return str(json.load(error)["status"])
        except (ValueError, KeyError):
            return ""
    except (OSError, ValueError, KeyError):
        return ""


def _command(*arguments: str) -> list[str]:
    from liantu import i18n

    return [sys.executable, "-m", "liantu.web", *arguments, "--lang", i18n.current_language()]


def _bracketed(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _claim(host: str, port: int) -> None:
    """Fail at once, in a sentence, where the address can't be had."""
    try:
        if not 0 < port < 65536:
            raise OverflowError(_("a port is a number from 1 to 65535"))
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM)
        kind, _type, _proto, _name, address = found[0]
        with socket.socket(kind, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, OverflowError, UnicodeError) as error:
        raise PortTakenError(address=_bracketed(host, port), reason=str(error)) from error


def say(text: str) -> None:
    """A line for whoever started the server."""
    print(text, file=sys.stderr, flush=True)
