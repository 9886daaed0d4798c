"""Walks through the exchange as people take them, in a browser: wide and on a phone, light and dark."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

Window = Callable[..., Page]
PICTURES = os.environ.get("LIANTU_TEST_PICTURES", "")


def looked_at(page: Page, name: str) -> None:
    """Nothing serious for axe, nothing wider than the window; kept as a picture where one is asked for."""
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)
    found = Axe().run(page).response["violations"]
    serious = [f"{v['id']}: {v['nodes'][0]['html']}" for v in found if v["impact"] in ("serious", "critical")]
    assert serious == [], name
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width + 1, name


def stated(page: Page, material: str, prefix: str = "/en") -> None:
    """State a need for 1,000 units at the first park."""
    page.goto(f"{prefix}/exchange/statements/new/?kind=need&material={material}")
    page.locator("#id_per_year").fill("1000")
    page.locator("#id_at").select_option(index=1)
    looked_at(page, f"form{prefix.replace('/', '-')}")
    page.locator("form[method=post] button.btn-primary").last.click()


def test_an_enterprise_states_a_need_and_sees_three_explained_options(window: Window) -> None:
    page = window("enterprise", viewport={"width": 390, "height": 800})
    stated(page, "molasses", "")
    expect(page.locator(".option")).to_have_count(3)
    expect(page.locator(".option li").first).to_contain_text("元/")
    looked_at(page, "statement-phone-zh")
    page.get_by_role("button", name="请专班跟进").first.click()
    expect(page.locator(".course-now")).to_have_text("已提出")
    looked_at(page, "case-phone-zh")
    for address, name in (("/exchange/statements/", "statements"), ("/exchange/cases/", "cases"),
                          ("/exchange/proposals/", "proposals")):  # fmt: skip
        page.goto(address)
        looked_at(page, f"{name}-phone-zh")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_task_force_goes_from_a_missing_link_to_an_open_case(window: Window, scheme: str) -> None:
    page = window("task_force", color_scheme=scheme)
    page.goto("/en/gaps/?list=fill&all=1")
    page.get_by_role("link", name="State it in the exchange").first.click()
    expect(page.locator("#id_material")).not_to_have_value("")
    page.locator("#id_per_year").fill("100")
    page.locator("#id_at").select_option(index=1)
    page.get_by_role("button", name="State and match").click()
    looked_at(page, f"statement-{scheme}-en")
    page.get_by_role("button", name="Take").first.click()
    expect(page.get_by_role("heading", name="Clocks")).to_be_visible()
    looked_at(page, f"case-{scheme}-en")
    page.get_by_role("link", name="contact both sides").first.click()
    looked_at(page, f"step-{scheme}-en")
    page.locator("#id_e_contact_note").fill("Both were called.")
    page.get_by_role("button", name="contact both sides").click()
    expect(page.locator(".course-now")).to_have_text("in contact")
    page.goto("/en/exchange/cases/?whose=waiting")
    expect(page.locator("tbody tr").first).to_contain_text("waits for me")
    looked_at(page, f"cases-{scheme}-en")
    page.goto("/en/calendar/?year=2026")
    looked_at(page, f"calendar-{scheme}-en")
