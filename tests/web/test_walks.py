"""Walks through the pages as a person takes them, in a browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.web.served import CHROMIUM

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium, which is not here")


@pytest.fixture
def page(window: Callable[..., Page]) -> Page:
    """A window of somebody of the task force whose system is light."""
    return window("task_force")


def test_from_the_first_page_to_the_proof_of_the_best_missing_link(page: Page) -> None:
    page.goto("/en/")
    page.get_by_role("link", name="Missing links").click()
    page.get_by_role("link", name="Extend the chain").click()
    first = page.locator("tbody tr").first
    worth = first.locator("strong").inner_text()
    first.locator('a[href*="/proofs/"]').first.click()
    expect(page.get_by_role("heading", name="Proved worth")).to_be_visible()
    million = float(worth.replace(",", ""))
    assert f"+{million:.4g} million CNY" in page.locator(".figure").inner_text()
    expect(page.get_by_role("heading", name="Plants that run otherwise")).to_be_visible()


def test_dark_is_chosen_and_stays_chosen(page: Page) -> None:
    page.goto("/en/")
    root = page.locator("html")
    expect(root).to_have_attribute("data-bs-theme", "light")
    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="Dark").click()
    expect(root).to_have_attribute("data-bs-theme", "dark")
    page.get_by_role("navigation").get_by_role("link", name="Plan", exact=True).click()
    expect(root).to_have_attribute("data-bs-theme", "dark")
    page.locator(".user-menu summary").click()
    expect(page.get_by_role("button", name="Light")).to_be_visible()


def test_a_filter_is_applied_when_it_is_chosen_and_survives_the_language(page: Page) -> None:
    page.goto("/en/map/")
    page.get_by_label("Width of a line").first.select_option("quantity")
    page.wait_for_url("**by=quantity**")
    page.locator(".user-menu summary").click()
    page.get_by_role("link", name="中文").click()
    expect(page.locator("#by")).to_have_value("quantity")
    assert "/en/" not in page.url
    assert "by=quantity" in page.url


def test_the_map_is_walked_by_keyboard_and_shows_what_belongs_together(page: Page) -> None:
    page.goto("/en/map/")
    box = page.locator(".chain-map a[data-plant=mill_main]")
    box.focus()
    near = page.locator(".wire.near")
    assert near.count() > 0
    ends = near.evaluate_all("wires => wires.map(w => [w.dataset.from, w.dataset.to])")
    assert [pair for pair in ends if "mill_main" not in pair] == []
    page.keyboard.press("Enter")
    page.wait_for_url("**/plants/mill_main/")


def test_an_offer_is_stated_and_answered(page: Page) -> None:
    page.goto("/en/match/")
    page.get_by_label("What it is").select_option("offer")
    page.get_by_label("Material", exact=True).select_option("bagasse")
    page.get_by_label("Quantity a year").fill("1000")
    page.get_by_label("Place").select_option("mill_main")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("heading", name="Who can take it")).to_be_visible()
    assert page.locator("#options tbody tr").count() >= 1


def test_a_slip_is_marked_where_it_was_made_and_the_rest_is_kept(page: Page) -> None:
    page.goto("/en/match/")
    page.get_by_label("Material", exact=True).select_option("bagasse")
    page.get_by_label("Quantity a year").fill("ten")
    page.get_by_role("button", name="Find").click()
    expect(page.locator("#id_quantity_error")).to_be_visible()
    expect(page.get_by_label("Material", exact=True)).to_have_value("bagasse")


def test_without_scripts_everything_can_still_be_read_and_filtered(window: Callable[..., Page]) -> None:
    page = window("task_force", java_script_enabled=False)
    page.goto("/en/plants/")
    page.get_by_label("Search").fill("paper")
    page.get_by_role("button", name="Show").click()
    assert "q=paper" in page.url
    expect(page.locator("tbody tr").first).to_be_visible()
    assert page.locator("tbody tr").count() < 24
    expect(page.get_by_role("button", name="Dark")).to_have_count(0)
    page.goto("/en/map/")
    expect(page.locator("svg.chain-map")).to_be_visible()
