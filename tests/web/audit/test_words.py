"""Every deed that the code records has a name that a person reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import liantu.web
from liantu import i18n
from liantu.web.audit import words

SOURCE = "\n".join(path.read_text() for path in Path(liantu.web.__path__[0]).rglob("*.py"))


def test_every_recorded_deed_and_kind_of_object_is_named() -> None:
    deeds = set(re.findall(r'\brecord\(\s*"([a-z]+\.[a-z_]+)"', SOURCE))
    kinds = {
        k for call in re.findall(r"\brecord\([^\n]*", SOURCE) for k in re.findall(r'kind="([a-z]+)"', call)
    }
    assert len(deeds) > 20
    assert len(kinds) > 10
    assert deeds - set(words.NAMES) == set()
    assert kinds - set(words.KINDS) == set()


@pytest.mark.parametrize(("language", "name"), [("en", "take the case"), ("zh", "领办")])
def test_a_step_of_a_case_is_named_as_in_its_flow(language: str, name: str) -> None:
    with i18n.speaking(language):
        assert words.name_of("exchange.take") == name
        assert words.name_of("exchange.unheard_of") == "exchange.unheard_of"
