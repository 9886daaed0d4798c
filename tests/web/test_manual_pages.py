"""The manual on programs, opportunities and history names what pages and interface are called."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.utils import translation

from liantu.web.accounts.permissions import Role
from liantu.web.casefile.templatetags.casefile import holiday
from tests.web.conftest import person, signed_in

ROOT = Path(__file__).parents[2]
PAGES = ("tokens", "opportunities")


def page(lang: str, name: str) -> str:
    return (ROOT / f"docs/manual/{lang}/{name}.md").read_text(encoding="utf-8")


def catalogue() -> dict[str, str]:
    """English sentences with their Chinese."""
    text = (ROOT / "src/liantu/locale/zh_Hans/LC_MESSAGES/liantu.po").read_text(encoding="utf-8")
    return dict(re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', text, re.M))


@pytest.mark.parametrize("name", PAGES)
def test_what_the_manual_points_at_is_called_so(name: str) -> None:
    known = catalogue()
    assert set(re.findall(r"(?<!\*)\*([A-Z][^*]+)\*(?!\*)", page("en", name))) - set(known) == set()
    assert set(re.findall(r"“([^”]+)”", page("zh", name))) - set(known.values()) == set()
    for lang in ("zh", "en"):
        assert page(lang, name).count("\n## ") == page("zh", name).count("\n## ")


def test_the_addresses_for_programs_are_those_of_the_interface(db: None) -> None:
    paths = json.loads((ROOT / "docs/openapi.json").read_text())["paths"]
    for lang in ("zh", "en"):
        named = set(re.findall(r"/api/v1/[\w./]+", page(lang, "tokens")))
        assert named - set(paths) == {"/api/v1/openapi.json"}
        assert signed_in(None).get("/api/v1/openapi.json").status_code == 200


def test_the_holidays_have_names_in_both_languages(db: None) -> None:
    admin = signed_in(person(Role.SYSTEM_ADMIN))
    english = admin.get("/en/calendar/?year=2025").content.decode()
    assert "National Day, day worked to make up" in english
    assert "国庆节" not in english
    assert "国庆节调休上班" in admin.get("/calendar/?year=2025").content.decode()
    with translation.override("en"):
        assert holiday("本市停电日") == "本市停电日", "as it was typed"
