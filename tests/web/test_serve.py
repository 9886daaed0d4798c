"""The server: what it serves, to whom, and what it says when it can't."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from liantu.web import settings
from liantu.web.atlas import city as provider
from liantu.web.atlas.city import City, Provider
from liantu.web.kit.middleware import CONTENT_POLICY
from tests.web.conftest import EXAMPLES


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(directory: Path, port: int, *options: str) -> subprocess.Popen[str]:
    command = [
        sys.executable,
        "-m",
        "liantu.web",
        str(directory),
        "--port",
        str(port),
        "--lang",
        "en",
        *options,
    ]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


@pytest.fixture(scope="class")
def server() -> Iterator[tuple[subprocess.Popen[str], str]]:
    port = free_port()
    process = start(EXAMPLES / "first-city", port)
    assert process.stderr is not None
    lines = [process.stderr.readline(), process.stderr.readline()]
    assert lines[1] == f"http://127.0.0.1:{port}/ is ready; Ctrl-C stops it\n", lines
    yield process, f"http://127.0.0.1:{port}"
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    assert "Traceback" not in process.stderr.read()


class TestServing:
    def test_it_answers_with_the_city(self, server: tuple[subprocess.Popen[str], str]) -> None:
        with urllib.request.urlopen(server[1] + "/en/plants/", timeout=30) as answer:
            assert "5 plants" in answer.read().decode()
            assert answer.headers["Content-Security-Policy"] == CONTENT_POLICY
            assert answer.headers["X-Content-Type-Options"] == "nosniff"

    def test_it_serves_its_own_files_to_be_kept(self, server: tuple[subprocess.Popen[str], str]) -> None:
        page = urllib.request.urlopen(server[1] + "/", timeout=30).read().decode()
        files = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
        assert len(files) >= 5
        for file in files:
            assert re.search(r"\?v=[0-9a-f]{12}(#\w+)?$", file)
            with urllib.request.urlopen(server[1] + file, timeout=30) as answer:
                assert "max-age=2592000" in answer.headers["Cache-Control"]

    def test_it_answers_to_this_machine_only(self, server: tuple[subprocess.Popen[str], str]) -> None:
        request = urllib.request.Request(server[1] + "/", headers={"Host": "evil.example"})
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=30)
        assert refused.value.code == 400
        body = refused.value.read().decode()
        assert "登记" in body
        assert "host" in body

    def test_a_second_one_at_the_same_port_says_so(self, server: tuple[subprocess.Popen[str], str]) -> None:
        port = int(server[1].rsplit(":", 1)[1])
        second = start(EXAMPLES / "first-city", port)
        assert second.wait(30) == 2
        assert second.stderr is not None
        assert second.stderr.read().startswith(f"Nothing can listen at 127.0.0.1:{port}: ")


def test_a_city_that_cannot_be_read_lists_its_problems_and_stops(tmp_path: Path) -> None:
    (tmp_path / "materials.csv").write_text("id,unit,price_mid_cny\nore,t,dear\n", encoding="utf-8")
    process = start(tmp_path, free_port())
    assert process.wait(60) == 2
    assert process.stderr is not None
    said = process.stderr.read()
    assert "materials.csv, row 2, column price_mid_cny" in said
    assert "processes" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("port", ["0", "99999", "-1"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    process = start(EXAMPLES / "first-city", 1, "--port", port)
    assert process.wait(30) == 2
    assert process.stderr is not None
    assert "a port is a number from 1 to 65535" in process.stderr.read()


def test_no_page_touches_a_database_or_keeps_anything(visitor: Client, jinchang: City) -> None:
    for address in (
        "/",
        "/map/",
        "/plants/f_rutile/",
        "/match/?kind=need&material=chlorine&quantity=1&at=f_rutile",
    ):
        answer = visitor.get(address)
        assert answer.status_code == 200
        assert not answer.cookies
    assert connection.connection is None
    assert not Path(str(settings.DATABASES["default"]["NAME"])).exists()


def test_a_fault_is_a_page_in_both_languages_that_tells_nothing(
    visitor: Client, jinchang: City, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> City:
        raise RuntimeError("the secret of the plan")

    monkeypatch.setattr(provider, "get", broken)
    answer = visitor.get("/en/plan/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "出错了" in page
    assert "Something went wrong" in page
    assert "secret" not in page
    assert answer.headers["Content-Security-Policy"] == CONTENT_POLICY


class TestProvider:
    def test_without_a_city_it_says_what_to_do(self) -> None:
        with pytest.raises(provider.CityNotLoadedError, match="LIANTU_DATASET"):
            Provider().get()

    def test_a_city_is_read_and_solved_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        read: list[str] = []
        monkeypatch.setattr(provider, "read_city", lambda path: read.append(str(path)) or _city(path))
        monkeypatch.setattr(Provider, "_find_gaps", lambda self, shown: None)
        own = Provider()
        assert own.load(EXAMPLES / "first-city") is own.load(EXAMPLES / "first-city")
        assert len(read) == 1

    def test_gaps_that_break_are_told_and_the_rest_goes_on(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def failing(*_args: object) -> None:
            raise RuntimeError("the solver broke")

        monkeypatch.setattr("liantu.runs.gaps", failing)
        own = Provider()
        own.load(EXAMPLES / "first-city")
        assert own.wait_for_gaps(30).failed
        assert "the solver broke" in caplog.text
        assert own.get().plan.certificate.holds

    def test_it_lets_go_of_the_solver_when_it_is_stopped(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def endless(_city: object, moved: object) -> None:
            assert callable(moved)
            while True:
                moved(1, 2, "x")
                time.sleep(0.01)

        monkeypatch.setattr("liantu.runs.gaps", endless)
        own = Provider()
        own.load(EXAMPLES / "first-city")
        own.stop(10)
        assert own.wait_for_gaps(0) == provider.GapState(done=1, total=2)


_city = provider.read_city
