"""The whole application as `liantu serve` starts it, and browsers of people who are logged in."""

from __future__ import annotations

import http.cookiejar
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from liantu.web.people.demo import PASSWORD
from liantu.web.serve import health
from tests.web.installation import eventually

EXAMPLES = Path(__file__).parents[2] / "examples"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Served:
    """A server with a folder of its own. `log` is what it said."""

    def __init__(self, var: Path, *arguments: str, demo: bool = False, **env: str) -> None:
        self.var, self.arguments, self.port = var, arguments, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = var / "server.log"
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("LIANTU_")}
        self.env.pop("DATABASE_URL", None)
        self.env |= {"LIANTU_VAR": str(var), **({"LIANTU_DEMO": "1"} if demo else {}), **env}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Served:
        """Start it, or start it again."""
        command = [sys.executable, "-m", "liantu.web", "serve", *self.arguments]
        command += ["--port", str(self.port), "--lang", "en"]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                command, env=self.env, stderr=log, stdout=log, stdin=subprocess.DEVNULL
            )
        return self

    def said(self) -> str:
        return self.log.read_text()

    def wait(self, status: str = "ready", seconds: float = 120) -> Served:
        """Wait until it says so of itself."""
        eventually(lambda: self._is(status), seconds)
        return self

    def _is(self, status: str) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.said()
        return health(self.url + "/") == status

    def stop(self, number: int = signal.SIGINT) -> int:
        """Its exit code, once it is gone."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(60)

    def children(self, name: str = "") -> list[int]:
        """Processes of this server whose command line has the word, without the supervisor."""
        assert self.process is not None
        out = []
        for line in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = line.read_bytes().decode().split("\0")
                environ = (line.parent / "environ").read_bytes()
            except OSError:
                continue
            pid = int(line.parent.name)
            mine = f"LIANTU_VAR={self.var}\0".encode() in environ
            if mine and pid != self.process.pid and (not name or name in words):
                out.append(pid)
        return out

    def rows_if_any(self, query: str) -> list[tuple[Any, ...]]:
        """The same, or nothing while there are no tables."""
        try:
            return self.rows(query)
        except sqlite3.OperationalError:
            return []

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What its database says; SQLite only."""
        with sqlite3.connect(f"file:{self.var / 'liantu.sqlite3'}?mode=ro", uri=True, timeout=20) as found:
            return found.execute(query).fetchall()

    def logged_in(self, role: str) -> list[dict[str, Any]]:
        """The cookies of a person of the demonstration, after the login form."""
        jar = http.cookiejar.CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        address = f"{self.url}/en/account/login/"
        page = opener.open(address, timeout=60).read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token is not None, page
        stated = {"csrfmiddlewaretoken": token[1], "login": role, "password": PASSWORD}
        request = urllib.request.Request(
            address, urllib.parse.urlencode(stated).encode(), {"Referer": address}
        )
        answer = opener.open(request, timeout=60)
        cookies = [{"name": c.name, "value": c.value or "", "url": self.url} for c in jar]
        assert "/login" not in answer.url, answer.read().decode()
        return cookies

    def get(self, path: str, cookies: list[dict[str, Any]]) -> str:
        """A page."""
        said = "; ".join(f"{c['name']}={c['value']}" for c in cookies)
        with urllib.request.urlopen(
            urllib.request.Request(self.url + path, headers={"Cookie": said}), timeout=60
        ) as answer:
            return str(answer.read().decode())

    def wait_for_gaps(self, seconds: float = 180) -> Served:
        """Wait until every run is over."""
        query = "SELECT count(*) FROM jobs_job WHERE status IN ('queued', 'running')"
        eventually(lambda: self.rows(query) == [(0,)], seconds)
        return self
