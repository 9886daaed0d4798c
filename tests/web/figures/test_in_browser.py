"""A document is read, its figures are accepted by key, a finding is closed with a reason; in a browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.web.served import CHROMIUM

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium, which is not here")

TEXT = "宁川市产业链产值从2020年的300.0亿元增长到2025年的600.0亿元,年均增长10.1%。"
DRAWN = """
  window.drawn = [];
  const fill = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...more) {
    window.drawn.push(text);
    return fill.call(this, text, ...more);
  };
"""


def watched(page: Page) -> list[str]:
    """What the console will say."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def assert_accessible(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    grave = [f"{v['id']}: {v['nodes'][0]['html']}" for v in found if v["impact"] in ("serious", "critical")]
    assert grave == []


def read(page: Page, title: str, text: str) -> None:
    """Paste a text, and open it when it was read."""
    page.goto("/en/figures/reader/new/")
    page.get_by_label("Or paste a text").fill(text)
    page.get_by_label("Title of the text").fill(title)
    page.get_by_label("Date of the documents").fill("2026-03-01")
    page.locator("main").get_by_role("button", name="Read").click()
    expect(page.locator("#reader article").or_(page.locator("tbody a")).first).to_be_visible()
    if not page.locator("#reader").count():
        page.get_by_role("link", name=title).click()
    expect(page.locator("#reader article").first).to_be_visible(timeout=60_000)


def test_from_a_text_to_a_closed_finding_and_the_series(window: Callable[..., Page]) -> None:
    page = window("task_force")
    said = watched(page)
    page.add_init_script(DRAWN)
    read(page, "walk", TEXT)
    assert_accessible(page)
    open_ones = page.locator("article[data-open]")
    expect(open_ones).to_have_count(3)
    open_ones.first.focus()
    for left in (2, 1, 0):
        expect(page.locator("article[data-open]:focus")).to_be_visible()
        page.keyboard.press("a")
        expect(open_ones).to_have_count(left)
    page.goto("/en/figures/checks/")
    page.get_by_role("link", name="average growth does not fit its end points").first.click()
    expect(page.locator(".formula")).to_have_text("base × (1 + rate)^5 = end")
    page.get_by_label("Reason").fill("growth in constant prices")
    page.get_by_role("button", name="Close the finding").click()
    expect(page.locator("main")).to_contain_text("growth in constant prices")
    page.locator(".card-title a").last.click()
    page.get_by_role("link", name="Over time").last.click()
    expect(page.locator(".chart-room canvas").first).to_be_visible()
    page.locator(".chart-room").hover(position={"x": 60, "y": 100})
    page.wait_for_function("window.drawn.some(text => text.includes('walk.txt'))")
    assert_accessible(page)
    assert said == []
