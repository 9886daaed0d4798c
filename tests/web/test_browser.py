"""The pages in a browser: accessibility, no error in the console, nothing wider than a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.web.served import CHROMIUM

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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious_and_the_console_is_silent(
    window: Callable[..., Page], path: str, scheme: str
) -> None:
    language = "" if scheme == "light" else "/en"
    page = window("task_force", color_scheme=scheme)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(language + path)
    found = Axe().run(page).response["violations"]
    assert [
        f"{v['id']}: {v['nodes'][0]['html']}" for v in found if v["impact"] in ("serious", "critical")
    ] == []
    assert said == []


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_needs_no_sideways_scrolling_of_the_page(window: Callable[..., Page], path: str) -> None:
    page = window("task_force", viewport={"width": 390, "height": 800})
    page.goto(path)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 391
