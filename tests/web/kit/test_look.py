"""The frame, the desk, lists and forms in a browser: accessible, silent, and as narrow as a phone.

LIANTU_SHOTS names a folder for pictures of every page in both languages, light, dark and on a phone.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.web.served import CHROMIUM

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium, which is not here")

SHOTS = os.environ.get("LIANTU_SHOTS", "")
PAGES = [
    ("leader", "/"),
    ("task_force", "/"),
    ("enterprise", "/"),
    ("security_admin", "/"),
    ("system_admin", "/gallery/"),
    ("task_force", "/opportunities/"),
    ("task_force", "/gaps/"),
    ("leader", "/chains/"),
    ("leader", "/history/"),
    ("leader", "/api/"),
    ("task_force", "/account/tokens/"),
]


@pytest.mark.parametrize("look", ["light", "dark", "phone"])
@pytest.mark.parametrize(("role", "path"), PAGES)
def test_it_is_accessible_silent_and_fits(
    window: Callable[..., Page], role: str, path: str, look: str
) -> None:
    prefix = "/en" if look == "dark" else ""
    size = {"width": 360, "height": 740} if look == "phone" else {"width": 1440, "height": 900}
    page = window(role, color_scheme="dark" if look == "dark" else "light", viewport=size)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(prefix + path)
    if SHOTS:
        name = f"{role}-{path.strip('/').replace('/', '-') or 'desk'}-{look}.png"
        page.screenshot(path=Path(SHOTS) / name, full_page=True)
    found = Axe().run(page).response["violations"]
    assert [
        f"{v['id']}: {v['nodes'][0]['html']}" for v in found if v["impact"] in ("serious", "critical")
    ] == []
    assert said == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"] + 1


def test_on_a_phone_the_menu_opens_and_closes(window: Callable[..., Page]) -> None:
    page = window("task_force", viewport={"width": 360, "height": 740})
    page.goto("/en/")
    button = page.get_by_role("button", name="Menu")
    menu = page.get_by_role("navigation", name="Main menu")
    assert not menu.is_visible()
    button.click()
    assert menu.is_visible()
    assert button.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Escape")
    assert not menu.is_visible()


def test_a_question_is_a_dialog_and_a_list_narrows_in_place(window: Callable[..., Page]) -> None:
    page = window("system_admin")
    page.goto("/en/gallery/")
    page.locator("#confirm summary.btn").click()
    dialog = page.get_by_role("dialog")
    assert "Programs that use it stop" in dialog.inner_text()
    dialog.get_by_role("button", name="Cancel").click()
    assert page.get_by_role("dialog").count() == 0
    page.get_by_label("Search").fill("P-01")
    page.get_by_label("Search").press("Enter")
    page.wait_for_url("**q=P-01**")
    assert page.locator("#list tbody tr").count() == 10
