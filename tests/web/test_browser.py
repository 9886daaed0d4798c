"""The pages in a browser: accessibility, no error in the console, nothing wider than a phone."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, sync_playwright

from liantu.web.atlas import city
from tests.web.conftest import EXAMPLES

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium, which is not here")

PAGES = [
    "/",
    "/map/",
    "/plants/mill_main/",
    "/materials/bagasse/",
    "/gaps/",
    "/plan/",
    "/match/?kind=need&material=bagasse&quantity=1000&at=complex",
]


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of each request."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    city.load(EXAMPLES / "guitang")
    city.wait_for_gaps(300)
    with make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious_and_the_console_is_silent(
    browser: Browser, address: str, path: str, scheme: str
) -> None:
    language = "" if scheme == "light" else "/en"
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 900})  # type: ignore[arg-type]
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address + language + path)
    found = Axe().run(page).response["violations"]
    context.close()
    assert [
        f"{v['id']}: {v['nodes'][0]['html']}" for v in found if v["impact"] in ("serious", "critical")
    ] == []
    assert said == []


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_needs_no_sideways_scrolling_of_the_page(browser: Browser, address: str, path: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(address + path)
    width = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert width <= 391
