"""The server: what it serves, to whom, what it says when it can't, and what killing it leaves."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from liantu.web import serve
from liantu.web.atlas import city as provider
from liantu.web.atlas.city import City
from liantu.web.kit.middleware import CONTENT_POLICY
from tests.web.installation import eventually
from tests.web.served import EXAMPLES, Served, free_port


def start(*arguments: str, var: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "liantu.web", "serve", *arguments, "--lang", "en"]
    env = {k: v for k, v in os.environ.items() if not k.startswith("LIANTU_")} | {"LIANTU_VAR": str(var)}
    return subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL)


class TestServing:
    def test_it_says_when_the_city_can_be_looked_at_and_who_may_log_in(self, served: Served) -> None:
        eventually(lambda: "auditor" in served.said(), 30)
        lines = served.said().splitlines()
        assert lines[0].startswith("Reading ")
        assert lines[1] == f"{served.url}/ is ready; Ctrl-C stops it"
        assert [line.split()[:2] for line in lines[3:5]] == [
            ["leader", "liantu-demo"],
            ["task_force", "liantu-demo"],
        ]

    def test_it_answers_with_the_city_to_who_is_logged_in(self, served: Served) -> None:
        assert "24 plants" in served.get("/en/plants/", served.logged_in("leader"))
        assert "24 plants" not in served.get("/en/plants/", [])

    def test_it_serves_its_own_files_to_be_kept(self, served: Served) -> None:
        page = served.get("/account/login/", [])
        files = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
        assert len(files) >= 5
        for file in files:
            assert re.search(r"\?v=[0-9a-f]{12}(#\w+)?$", file)
            with urllib.request.urlopen(served.url + file, timeout=30) as answer:
                assert "max-age=2592000" in answer.headers["Cache-Control"]

    def test_its_headers_protect(self, served: Served) -> None:
        with urllib.request.urlopen(served.url + "/account/login/", timeout=30) as answer:
            assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
            assert "unsafe" not in answer.headers["Content-Security-Policy"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"

    def test_it_answers_to_this_machine_only(self, served: Served) -> None:
        request = urllib.request.Request(served.url + "/", headers={"Host": "evil.example"})
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=30)
        assert refused.value.code == 400
        body = refused.value.read().decode()
        assert "登记" in body
        assert "host" in body

    def test_a_second_one_at_the_same_port_says_so(self, served: Served, tmp_path: Path) -> None:
        second = start(str(EXAMPLES / "first-city"), "--port", str(served.port), var=tmp_path)
        assert second.wait(30) == 2
        assert second.stderr is not None
        assert second.stderr.read().startswith(f"Nothing can listen at 127.0.0.1:{served.port}: ")


def test_a_city_that_cannot_be_read_lists_its_problems_and_stops(tmp_path: Path) -> None:
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "materials.csv").write_text("id,unit,price_mid_cny\nore,t,dear\n", encoding="utf-8")
    process = start(str(tmp_path / "bad"), "--port", str(free_port()), var=tmp_path / "var")
    _out, said = process.communicate(timeout=120)
    assert process.returncode == 2
    assert "materials.csv, row 2, column price_mid_cny" in said
    assert "processes" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("port", ["0", "99999", "-1"])
def test_a_port_that_is_none_is_refused(port: str, tmp_path: Path) -> None:
    process = start(str(EXAMPLES / "first-city"), f"--port={port}", var=tmp_path)
    _out, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "a port is a number from 1 to 65535" in said


@pytest.fixture(scope="session")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A small city, for what is killed."""
    found = Served(tmp_path_factory.mktemp("small"), str(EXAMPLES / "guitang"))
    yield found
    if found.process is not None:
        found.stop(signal.SIGKILL)
        for pid in found.children():
            os.kill(pid, signal.SIGKILL)


@pytest.fixture
def small(killed: Served) -> Served:
    """It runs, whatever the test before did to it."""
    if killed.process is None or killed.process.poll() is not None:
        killed.start()
    return killed


@pytest.mark.xdist_group("killing")  # each goes on where the one before stopped
class TestKilling:
    """One server for all, started again where it is gone."""

    def test_a_worker_killed_during_a_run_is_replaced_and_the_run_is_done_once(self, small: Served) -> None:
        running = "SELECT worker FROM jobs_job WHERE kind = 'atlas.gaps' AND status = 'running' AND done > 0"
        eventually(lambda: bool(small.rows_if_any(running)), 120)
        pid = int(small.rows(running)[0][0].split(".")[1])
        os.kill(pid, signal.SIGKILL)
        small.wait()
        small.wait_for_gaps()
        over = "SELECT status, attempts, crashes FROM jobs_job WHERE kind = 'atlas.gaps'"
        assert small.rows(over) == [("done", 2, 1)]
        assert small.rows("SELECT count(*) FROM atlas_runresult") == [(2,)]
        assert "The worker ended (-9) and is started again" in small.said()

    def test_a_web_server_that_is_killed_is_replaced(self, small: Served) -> None:
        small.wait()
        os.kill(min(small.children("web")), signal.SIGKILL)
        eventually(lambda: "The web server ended (-9)" in small.said())
        small.wait()
        assert small.rows("SELECT count(*) FROM atlas_publication") == [(1,)]

    def test_with_the_supervisor_everything_ends(self, small: Served) -> None:
        small.wait()
        assert len(small.children()) >= 5
        small.stop(signal.SIGKILL)
        eventually(lambda: small.children() == [])

    def test_started_again_it_shows_the_same_plan_at_once(self, small: Served) -> None:
        small.wait_for_gaps()
        small.stop(signal.SIGTERM)
        small.start().wait()
        assert small.rows("SELECT count(*) FROM atlas_run WHERE kind = 'plan'") == [(1,)]
        assert small.rows("SELECT count(*) FROM atlas_datasetversion") == [(1,)]
        with sqlite3.connect(small.var / "liantu.sqlite3") as found:
            assert found.execute("PRAGMA integrity_check").fetchone() == ("ok",)

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_told_to_stop_it_ends_well_and_leaves_nobody(self, small: Served, number: int) -> None:
        small.wait()
        assert small.stop(number) == 0
        assert small.children() == []
        assert "Traceback" not in small.said()


STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]).pid, flush=True)
time.sleep(600)
"""


def test_what_does_not_stop_is_killed_with_all_that_it_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "GRACE", 0.2)
    command = [sys.executable, "-c", STUBBORN]
    head = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert head.stdout is not None
    started = int(head.stdout.readline())
    serve._end([head])
    assert head.returncode == -signal.SIGKILL
    eventually(lambda: not alive(started))


def alive(pid: int) -> bool:
    """Neither gone nor dead and waiting to be buried, which not every container does."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_without_data_it_says_so_and_who_may_change_that(tmp_path: Path) -> None:
    empty = Served(tmp_path, demo=True).start()
    try:
        empty.wait("empty")
        eventually(lambda: "none has been loaded" in empty.said(), 30)
        with pytest.raises(urllib.error.HTTPError) as answer:
            empty.get("/en/plants/", empty.logged_in("task_force"))
        assert answer.value.code == 503
        assert "No data of a city has been loaded" in answer.value.read().decode()
    finally:
        empty.stop()


def test_a_fault_is_a_page_in_both_languages_that_tells_nothing(
    visitor: Client, jinchang: City, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(request: object) -> City:
        raise RuntimeError("the secret of the plan")

    monkeypatch.setattr(provider, "shown", broken)
    answer = visitor.get("/en/plan/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "出错了" in page
    assert "Something went wrong" in page
    assert "secret" not in page
    assert answer.headers["Content-Security-Policy"] == CONTENT_POLICY
