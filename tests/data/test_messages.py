"""Every code has its sentence and its fix in both languages."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import liantu
from liantu.errors import InputError, Problem, SolverError
from liantu.messages import FIXES, NOTICES, SENTENCES, problem, sentence

SOURCES = [p for p in Path(liantu.__path__[0]).rglob("*.py") if p.name != "messages.py"]


@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_speaks_both_languages(code: str) -> None:
    for texts in (SENTENCES[code], FIXES[code]):
        assert set(texts) == {"en", "zh"}
        assert re.search("[\u4e00-\u9fff]", texts["zh"])
        assert not re.search("[\u4e00-\u9fff]", texts["en"].replace("补", ""))
        for text in texts.values():
            assert set(re.findall(r"{(\w*)}", text)) <= {"found", "expected", "near"}


def test_every_sentence_is_used_somewhere() -> None:
    used = set()
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in SENTENCES:
                used.add(node.value)
    assert used == set(SENTENCES)
    assert set(SENTENCES) >= NOTICES


def test_a_problem_is_told_with_its_place_in_both_languages() -> None:
    bad = problem("negative_value", "facilities.csv", 12, "capacity_per_year", found="-3", expected="0")
    assert sentence(bad, "en") == (
        "facilities.csv, row 12, column capacity_per_year: -3 is negative; type a number of 0 or more"
    )
    assert sentence(bad, "zh") == "facilities.csv 第 12 行 capacity_per_year 列：-3 为负；填写不小于 0 的数"
    assert bad.severity == "error"
    assert problem("gb18030", "a.csv").severity == "notice"


def test_a_code_without_a_sentence_is_still_told() -> None:
    own = Problem("scenario.yaml", None, None, "unknown_plant", "f_x", "f_y", "name a plant")
    assert sentence(own, "en") == "scenario.yaml: unknown_plant: found 'f_x', expected f_y; name a plant"
    assert "unknown_plant" in sentence(own, "zh")


def test_errors_carry_a_code_and_what_they_know() -> None:
    error = InputError([problem("missing_value", "a.csv", 2, "id"), problem("empty_table", "b.csv")])
    assert error.code == "bad_input"
    assert "a.csv:2:id" in str(error)
    assert "b.csv" in str(error)
    assert SolverError(status="Unknown").params == {"status": "Unknown"}
    assert "Unknown" in str(SolverError(status="Unknown"))
