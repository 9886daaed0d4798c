"""An officer brings a broken workbook, mends it and commits it; every page is accessible and fits a phone."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from liantu.data.excel_out import write_workbook
from liantu.data.tables import read_tables
from tests.web.datasets.conftest import CITY
from tests.web.served import CHROMIUM

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium, which is not here")
PAGES = ["", "upload/", "tables/materials/", "tables/materials/row/?key=bagasse", "tables/facilities/new/",
         "stale/", "stale/intervals/", "versions/", "versions/1/", "draft/"]  # fmt: skip


def put(content: bytes, out: Path, value: object) -> None:
    """The workbook with another price of the second material."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["materials"]
    column = next(cell.column for cell in sheet[1] if cell.value == "price_mid_cny")
    sheet.cell(3, column).value = value
    book.save(out)


def faults(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html']}" for v in found if v["impact"] in ("serious", "critical")]


def test_an_officer_uploads_a_broken_workbook_mends_it_and_commits(
    window: Callable[..., Page], tmp_path: Path
) -> None:
    whole = tmp_path / "city.xlsx"
    write_workbook(read_tables(CITY), whole)
    put(whole.read_bytes(), tmp_path / "broken.xlsx", "one and a half")
    page = window("task_force", viewport={"width": 390, "height": 800})
    page.goto("/en/data/upload/")
    page.set_input_files("input[type=file]", tmp_path / "broken.xlsx")
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_text("One problem refuses the file")).to_be_visible(timeout=180_000)
    expect(page.locator("#row-3 .cell-error")).to_have_text("one and a half")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 391
    link = page.get_by_role("link", name="Download the workbook with the problems marked")
    for _ in range(60):
        if link.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    with page.expect_download() as download:
        link.click()
    put(Path(download.value.path()).read_bytes(), tmp_path / "mended.xlsx", 1.5)
    page.get_by_role("link", name="Upload the mended file").click()
    page.set_input_files("input[type=file]", tmp_path / "mended.xlsx")
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_role("heading", name="What differs")).to_be_visible(timeout=180_000)
    expect(page.locator("td.now")).to_have_text("1.5")
    assert faults(page) == []
    page.get_by_label("Note").fill("the price of May")
    page.get_by_role("button", name="Commit", exact=True).click()
    expect(page.get_by_text("Version 2 is current")).to_be_visible()
    expect(page.get_by_text("the price of May")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_and_no_page_is_wider_than_a_phone(
    window: Callable[..., Page], scheme: str
) -> None:
    page = window("task_force", color_scheme=scheme, viewport={"width": 390, "height": 800})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    for path in PAGES:
        page.goto(f"{'/en' if scheme == 'light' else ''}/data/{path}")
        assert faults(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= 391, path
    assert said == []
