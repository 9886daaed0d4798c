"""What materials consist of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from liantu.chain.materials import check_compositions, formula_fractions, read_compositions, stated_fractions
from liantu.data.composition import CompositionError
from liantu.data.tables import read_tables
from tests.chain.networks import tables_of

EXAMPLES = sorted(Path(__file__, "../../../examples").resolve().glob("*/datapackage.json"))


def test_a_formula_gives_its_elements_without_oxygen_and_hydrogen() -> None:
    assert formula_fractions("H2SO4", 0.98) == {"S": pytest.approx(0.32036, abs=1e-4)}
    assert formula_fractions("H2O") == {}
    assert formula_fractions("NiSO4·6H2O")["Ni"] == pytest.approx(0.2233, abs=1e-4)


def test_a_stated_composition_is_taken_as_it_stands_but_for_oxygen_and_hydrogen() -> None:
    assert stated_fractions("C:0.4;H:0.06;O:0.5;K:0") == {"C": 0.4}


def test_composition_comes_before_formula_and_nothing_is_guessed() -> None:
    tables = tables_of(
        materials=[
            {"id": "stated", "unit": "t", "composition": "Cu:0.5", "formula": "CuO"},
            {"id": "derived", "unit": "t", "formula": "CuS", "purity": 0.5},
            {"id": "water", "unit": "t", "formula": "H2O"},
            {"id": "mystery", "unit": "t"},
        ]
    )
    found = read_compositions(tables)
    assert found.origin == ("composition", "formula", "formula", "unknown")
    assert found.elements == ("Cu", "S")
    expected = [[0.5, 0], [0.33232, 0.16768], [0, 0], [0, 0]]
    np.testing.assert_allclose(found.fraction.toarray(), expected, atol=1e-4)


def test_a_city_without_chemistry_has_no_elements() -> None:
    found = read_compositions(tables_of(materials=[{"id": "thing", "unit": "t"}]))
    assert found.elements == ()
    assert found.fraction.shape == (1, 0)


DISAGREEMENTS = [
    ("Ca:0.2165;S:0.1732", "CaSO4·2H2O", 0.93, ()),
    ("Ca:0.2165;S:0.1732;Fe:0.01", "CaSO4·2H2O", 0.93, ()),  # iron is an impurity
    ("Ca:0.2165", "CaSO4·2H2O", 0.93, ("S",)),
    ("Ca:0.26;S:0.21", "CaSO4·2H2O", 0.93, ("Ca", "S")),
    ("Ca:0.2328;S:0.1862", "CaSO4·2H2O", None, ()),  # no purity: the pure substance
    ("Si:0.0003", "SiO2", 0.0012, ()),  # a difference below the floor is rounding
]


@pytest.mark.parametrize(("composition", "formula", "purity", "elements"), DISAGREEMENTS)
def test_composition_and_formula_that_disagree_are_found(
    composition: str, formula: str, purity: float | None, elements: tuple[str, ...]
) -> None:
    row = {"id": "m", "unit": "t", "composition": composition, "formula": formula, "purity": purity}
    findings = check_compositions(tables_of(materials=[row]))
    assert tuple(f.element for f in findings) == elements
    assert all(abs(f.deviation) > 0.03 for f in findings)


@pytest.mark.parametrize("package", EXAMPLES, ids=lambda path: path.parent.name)
def test_the_examples_agree_with_their_formulas(package: Path) -> None:
    assert check_compositions(read_tables(package)) == ()


def test_what_is_no_formula_is_refused() -> None:
    with pytest.raises(CompositionError):
        formula_fractions("Xy2O3")
