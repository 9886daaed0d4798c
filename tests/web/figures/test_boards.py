"""Chosen figures and briefings: of what one may see, with sources and warnings, as Word and PDF."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from liantu.reading.source import content_text
from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import Role
from liantu.web.figures import boards, briefing
from liantu.web.figures.models import Briefing
from tests.web.conftest import person, signed_in
from tests.web.figures.conftest import Enter

GDP = "city\x1fgdp"


def test_the_own_choice_goes_before_that_of_the_role(enter: Enter, force: User) -> None:
    enter("500.0")
    leader = person(Role.LEADER, "boss")
    assert boards.chosen(leader) == ([("city", "gdp")], "default")
    signed_in(force).post("/figures/board/choose/", {"series": [GDP], "role": "leader"})
    assert boards.chosen(leader)[1] == "role"
    signed_in(leader).post("/figures/board/choose/", {"series": [GDP, "city\x1fnothing"]})
    assert boards.chosen(leader) == ([("city", "gdp")], "own")
    signed_in(leader).post("/figures/board/choose/", {"series": [GDP], "role": "task_force"})
    assert boards.chosen(force)[1] == "default"
    assert "50 billion CNY" in signed_in(leader).get("/en/figures/board/").content.decode()


def test_a_tile_says_growth_target_and_contradiction(enter: Enter, force: User) -> None:
    enter("450.0", "2023")
    enter("500.0")
    enter("520.0", status="target")
    (tile,) = boards.tiles(force, [("city", "gdp")])
    assert tile.latest is not None
    assert tile.latest.row.value == "500.0"
    assert tile.derived == pytest.approx(11.11, abs=0.05)
    assert tile.target is not None
    assert tile.findings >= 0
    enter("530.0", source="Report")
    assert boards.tiles(force, [("city", "gdp")])[0].findings > 0


def made(force: User) -> Briefing:
    answer = signed_in(force).post(
        "/en/figures/briefings/new/", {"month": "2024-12", "title": "A & <b> #set page", "series": [GDP]}
    )
    assert answer.status_code == 302
    return Briefing.objects.unscoped(because="a test").get()


def test_a_briefing_has_sources_and_warns(enter: Enter, force: User) -> None:
    enter("500.0", source="Year#book & <co>")
    enter("530.0", source="Report")
    one = made(force)
    text = content_text(briefing.as_word(one), "briefing.docx")
    for word in ("A & <b> #set page", "Year#book", "two values", "[1]"):
        assert word in text or word.replace("Year#book", "Report") in text
    assert one.content["warnings"]
    page = signed_in(force).get(f"/en/figures/briefings/{one.pk}/").content.decode()
    assert "A &amp; &lt;b&gt;" in page
    enter("999.0", source="Later")
    assert (
        signed_in(force).get(f"/en/figures/briefings/{one.pk}/").content.decode().count("99.9 billion") == 0
    )


def test_the_pdf_has_the_chinese_text(enter: Enter, force: User) -> None:
    try:
        briefing.font_file()
    except briefing.NoFontError:
        pytest.skip("needs fonts-noto-cjk")
    enter("500.0", source="银川湾统计公报")
    content = briefing.as_pdf(made(force))
    text = content_text(content, "briefing.pdf")
    assert "银川湾统计公报" in text.replace("\n", "")
    assert "#set page" in text


def test_without_a_font_the_person_is_told_what_to_do(
    enter: Enter, force: User, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    enter("500.0")
    one = made(force)
    monkeypatch.setenv("LIANTU_CJK_FONT", str(tmp_path / "none.ttc"))
    answer = signed_in(force).get(f"/en/figures/briefings/{one.pk}.pdf", follow=True)
    assert "fonts-noto-cjk" in answer.content.decode()
    word = signed_in(force).get(f"/en/figures/briefings/{one.pk}.docx")
    assert zipfile.is_zipfile(io.BytesIO(word.content))
    assert signed_in(force).get(f"/en/figures/briefings/{one.pk}.exe").status_code == 404


def test_a_briefing_of_another_person_is_not_there(enter: Enter, force: User, second: User) -> None:
    enter("500.0")
    one = made(force)
    assert signed_in(second).get(f"/figures/briefings/{one.pk}/").status_code == 404
    assert signed_in(second).get(f"/figures/briefings/{one.pk}.docx").status_code == 404


def test_a_briefing_of_nothing_is_refused(enter: Enter, force: User, outsider: User) -> None:
    enter("500.0")
    for user, said in ((force, {"series": []}), (outsider, {"series": [GDP]})):
        answer = signed_in(user).post("/figures/briefings/new/", {"month": "2024-12", "title": "x", **said})
        assert answer.status_code == 400
    assert (
        signed_in(force).post("/figures/briefings/new/", {"month": "soon", "series": [GDP]}).status_code
        == 400
    )
