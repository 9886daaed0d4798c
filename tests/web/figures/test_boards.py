"""Chosen figures and briefings: of what one may see, with sources and warnings, as Word and PDF."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from liantu.reading.source import content_text
from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import Role
from liantu.web.figures import boards, briefing
from liantu.web.figures.models import Briefing
from tests.web.conftest import person, signed_in
from tests.web.figures.conftest import Enter

GDP = "city\x1fgdp"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


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


def notes_of(word: bytes) -> tuple[list[str], list[str]]:
    """The texts of a document's footnotes, and the ids that it cites, in order."""
    with zipfile.ZipFile(io.BytesIO(word)) as parts:
        notes = ElementTree.fromstring(parts.read("word/footnotes.xml"))
        body = ElementTree.fromstring(parts.read("word/document.xml"))
        types = parts.read("[Content_Types].xml").decode()
        links = parts.read("word/_rels/document.xml.rels").decode()
    assert "wordprocessingml.footnotes+xml" in types
    assert 'Target="footnotes.xml"' in links or 'Target="/word/footnotes.xml"' in links
    told = [n for n in notes if n.get(f"{{{W}}}type") is None]
    cited = [str(n.get(f"{{{W}}}id")) for n in body.iter(f"{{{W}}}footnoteReference")]
    assert [n.get(f"{{{W}}}id") for n in told] == cited
    return ["".join(t.text or "" for t in n.iter(f"{{{W}}}t")).strip() for n in told], cited


def test_a_briefing_has_sources_as_footnotes_and_warns(enter: Enter, force: User) -> None:
    enter("450.0", period="2023", source="Year#book & <co>")
    enter("500.0", source="Year#book & <co>")
    enter("530.0", source="Report")
    one = made(force)
    word = briefing.as_word(one)
    text = content_text(word, "briefing.docx")
    for said in ("A & <b> #set page", "two values"):
        assert said in text
    notes, cited = notes_of(word)
    assert cited == [str(n) for n in range(1, len(cited) + 1)]
    assert sorted(n for n in notes if not n.startswith("derived")) == sorted(
        f"{name}, 2025-03-01 (entered)" for name in ("Report", "Year#book & <co>")
    )
    assert one.content["warnings"]
    page = signed_in(force).get(f"/en/figures/briefings/{one.pk}/").content.decode()
    assert "A &amp; &lt;b&gt;" in page
    enter("999.0", source="Later")
    assert (
        signed_in(force).get(f"/en/figures/briefings/{one.pk}/").content.decode().count("99.9 billion") == 0
    )


def test_a_derived_growth_names_both_levels(enter: Enter, force: User) -> None:
    enter("450.0", period="2023", source="Old yearbook")
    enter("500.0", source="New yearbook")
    one = made(force)
    notes, _ = notes_of(briefing.as_word(one))
    (derived,) = [n for n in notes if n.startswith("derived")]
    assert "Old yearbook" in derived
    assert "New yearbook" in derived


def test_the_pdf_has_the_chinese_text(enter: Enter, force: User) -> None:
    try:
        briefing.font_file()
    except briefing.NoFontError:
        pytest.skip("needs fonts-noto-cjk")
    enter("500.0", source="银川湾统计公报")
    content = briefing.as_pdf(made(force))
    text = content_text(content, "briefing.pdf")
    assert text.replace("\n", "").count("银川湾统计公报") == 1
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
