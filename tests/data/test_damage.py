"""Whatever an office does to the tables, reading refuses them and names file, row, column and code."""

from __future__ import annotations

from pathlib import Path

import pytest

from liantu.data.tables import inspect_tables, read_tables
from liantu.errors import InputError
from liantu.messages import Lang, sentence

from .city import JINCHANG, City
from .damages import DAMAGES, KEYS, MEANING, NUMBERS, WORDS, Damage

LANGS: tuple[Lang, ...] = ("zh", "en")
CELLS = [damage for damage in (*NUMBERS, *WORDS, *KEYS, *MEANING) if not damage.echoes and not damage.whole]
PAIRS = list(zip(CELLS, CELLS[len(CELLS) // 2 :], strict=False))


def _names(damages: list[Damage]) -> list[str]:
    return [damage.name for damage in damages]


def test_the_undamaged_city_has_no_problem() -> None:
    assert inspect_tables(JINCHANG).problems == ()


def test_there_are_enough_kinds_of_damage() -> None:
    assert len(DAMAGES) >= 100
    assert len(set(_names(DAMAGES))) == len(DAMAGES)


@pytest.mark.parametrize("damage", DAMAGES, ids=_names(DAMAGES))
def test_it_names_the_damaged_place_and_the_fix(damage: Damage, tmp_path: Path) -> None:
    city = City(tmp_path)
    place = damage.hurt(city)
    inspection = inspect_tables(city.path)
    assert inspection.tables is None
    found = {(p.file, p.row, p.column): p.code for p in inspection.errors}
    assert found.get(place) == damage.code, found
    others = {p.code for p in inspection.errors if (p.file, p.row, p.column) != place}
    assert others <= damage.echoes, "nothing else is wrong"
    for problem in inspection.problems:
        assert problem.fix
        for lang in LANGS:
            said = sentence(problem, lang)
            assert problem.file in said
            assert "{" not in said or "{" in problem.found


@pytest.mark.parametrize(("one", "two"), PAIRS, ids=[f"{a.name} and {b.name}" for a, b in PAIRS])
def test_two_damages_are_both_named(one: Damage, two: Damage, tmp_path: Path) -> None:
    city = City(tmp_path)
    places = [one.hurt(city), two.hurt(city)]
    codes = {(p.file, p.row, p.column, p.code) for p in inspect_tables(city.path).errors}
    if places[0] != places[1]:
        assert (*places[0], one.code) in codes
    assert (*places[1], two.code) in codes


def test_many_damages_are_all_named_at_once(tmp_path: Path) -> None:
    city = City(tmp_path)
    expected = {}
    for damage in (*NUMBERS, *WORDS):
        if not damage.echoes:
            expected[damage.hurt(city)] = damage.code  # the last damage of a cell stands
    assert len(expected) > 35
    with pytest.raises(InputError) as caught:
        read_tables(city.path)
    codes = {(p.file, p.row, p.column, p.code) for p in caught.value.problems}
    assert {(*place, code) for place, code in expected.items()} <= codes
    assert str(len(caught.value.problems)) in str(caught.value)
