"""Scenarios in a browser: stated, followed until they are done, compared; on a phone, without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.web.served import CHROMIUM

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium, which is not here")
Window = Callable[..., Page]

PAGES = [
    "/runs/",
    "/runs/new/",
    "/runs/compare/?a=now&b=now",
    "/circular/over-time/",
    "/circular/across-plans/",
]


def test_a_scenario_is_stated_followed_and_compared(window: Window) -> None:
    page = window("task_force")
    page.goto("/en/runs/")
    page.get_by_role("link", name="New scenario").click()
    page.get_by_label("Name").fill("without the tissue machines")
    page.locator("#close").get_by_role("button", name="Add").click()
    page.get_by_label("Shut down 1 Plant").fill("tissue_machines")
    page.get_by_role("button", name="Compute the plan").click()
    expect(page.get_by_role("heading", name="Value of the plan")).to_be_visible(timeout=60_000)  # by itself
    expect(page.locator("#assumed")).to_contain_text("Tissue")
    page.get_by_role("link", name="Compare with the plan that all see").click()
    expect(page.locator("#difference .figure")).to_contain_text("-")
    expect(page.locator("[data-chart] canvas, [data-chart] svg").first).to_be_visible()


def test_what_is_wrong_is_marked_and_the_way_to_it_is_a_link(window: Window) -> None:
    page = window("task_force")
    page.goto("/en/runs/new/")
    page.locator("#prices").get_by_role("button", name="Add").click()
    page.get_by_label("Prices 1 Material").fill("nothing like it")
    page.get_by_label("Prices 1 Price").fill("12,5")
    page.get_by_label("Name").fill("wrong")
    page.get_by_role("button", name="Compute the plan").click()
    expect(page.get_by_role("alert")).to_contain_text("2 things have to be put right")
    page.get_by_role("alert").get_by_role("link").first.click()
    expect(page.get_by_label("Prices 1 Material")).to_have_value("nothing like it")
    expect(page.get_by_label("Prices 1 Material")).to_be_in_viewport()


def test_without_scripts_a_scenario_is_stated_and_its_page_loaded_again(window: Window) -> None:
    page = window("task_force", java_script_enabled=False)
    page.goto("/runs/new/")
    page.locator("#id_name").fill("no scripts")
    page.locator("#add").get_by_role("button").click()
    page.locator("#id_add-0-id").fill("c_biogas")
    page.locator("#scenario .btn-primary").click()
    for _ in range(60):
        if page.locator("#value").count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    expect(page.locator("#value .figure")).to_contain_text("亿元")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_they_are_accessible_and_the_console_is_silent(window: Window, path: str, scheme: str) -> None:
    page = window("task_force", color_scheme=scheme)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(path if scheme == "light" else f"/en{path}")
    found = Axe().run(page).response["violations"]
    serious = [f"{v['id']}: {v['nodes'][0]['html']}" for v in found if v["impact"] in ("serious", "critical")]
    assert (serious, said) == ([], [])


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_needs_no_sideways_scrolling(window: Window, path: str) -> None:
    page = window("task_force", viewport={"width": 390, "height": 800})
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 391
