"""Formulas and compositions as text."""

from __future__ import annotations

import periodictable
import pytest

from liantu.data.composition import (
    CompositionError,
    mass_fractions,
    molar_mass,
    parse_composition,
    parse_formula,
)

KNOWN = [
    ("H2O", {"H": 2, "O": 1}),
    ("NiSO4·6H2O", {"Ni": 1, "S": 1, "O": 10, "H": 12}),
    ("CaSO4·0.5H2O", {"Ca": 1, "S": 1, "O": 4.5, "H": 1}),
    ("Ni0.8Co0.1Mn0.1(OH)2", {"Ni": 0.8, "Co": 0.1, "Mn": 0.1, "O": 2, "H": 2}),
    ("(NH4)2SO4", {"N": 2, "H": 8, "S": 1, "O": 4}),
    ("K4[Fe(CN)6]·3H2O", {"K": 4, "Fe": 1, "C": 6, "N": 6, "H": 6, "O": 3}),
    ("Na4Fe3(PO4)2P2O7", {"Na": 4, "Fe": 3, "P": 4, "O": 15}),
    ("Fe₂O₃", {"Fe": 2, "O": 3}),
]


@pytest.mark.parametrize(("text", "atoms"), KNOWN)
def test_it_counts_atoms(text: str, atoms: dict[str, float]) -> None:
    assert parse_formula(text) == pytest.approx(atoms)


@pytest.mark.parametrize(
    "text", ["CO(NH2)2", "Na4Fe3(PO4)2P2O7", "ClCH2COOH", "LiNi0.8Co0.1Mn0.1O2", "C8H6Cl2O3"]
)
def test_it_agrees_with_an_independent_parser(text: str) -> None:
    other = periodictable.formula(text)
    assert parse_formula(text) == pytest.approx({str(e): n for e, n in other.atoms.items()})
    assert molar_mass(parse_formula(text)) == pytest.approx(other.mass)


def test_mass_fractions_add_up_to_one() -> None:
    fractions = mass_fractions(parse_formula("NiSO4·6H2O"))
    assert sum(fractions.values()) == pytest.approx(1)
    assert fractions["Ni"] == pytest.approx(0.2233, abs=1e-4)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "bad_formula"), ("water", "bad_formula"), ("Ni(OH", "bad_formula"), ("Ni)OH(", "bad_formula"),
        ("Ni[OH)2", "bad_formula"), ("2", "bad_formula"), ("H0", "bad_formula"), ("()2", "bad_formula"),
        ("CaSO4.2H2O", "bad_formula"), ("NiSO4··6H2O", "bad_formula"), ("H 2O", "bad_formula"),
        ("Xx2", "unknown_element"), ("SiO2Zz", "unknown_element"),
    ],
)  # fmt: skip
def test_it_refuses_what_is_no_formula(text: str, code: str) -> None:
    with pytest.raises(CompositionError) as caught:
        parse_formula(text)
    assert caught.value.code == code


def test_a_composition_is_read() -> None:
    assert parse_composition("Fe:0.36;S:0.27; Pt:1.8e-07") == {"Fe": 0.36, "S": 0.27, "Pt": 1.8e-07}


@pytest.mark.parametrize(
    ("text", "code", "found", "expected"),
    [
        ("Fe", "bad_composition", "Fe", "Fe:0.36;S:0.27"),
        ("Fe=0.3", "bad_composition", "Fe=0.3", "Fe:0.36;S:0.27"),
        ("Fe:0.3;", "bad_composition", "Fe:0.3;", "Fe:0.36;S:0.27"),
        ("Fe:-0.3", "bad_composition", "Fe:-0.3", "Fe:0.36;S:0.27"),
        ("Fe:30%", "bad_composition", "Fe:30%", "Fe:0.36;S:0.27"),
        ("FE:0.3", "unknown_element", "FE", "Fe"),
        ("Q:0.3", "unknown_element", "Q", ""),
        ("Fe:0.3;Fe:0.1", "repeated_element", "Fe", ""),
        ("Fe:0.7;S:0.4", "composition_over_one", "1.1", "1"),
        ("Fe:36;S:27", "composition_over_one", "63", "1"),
    ],
)
def test_it_refuses_what_is_no_composition(text: str, code: str, found: str, expected: str) -> None:
    with pytest.raises(CompositionError) as caught:
        parse_composition(text)
    assert (caught.value.code, caught.value.found, caught.value.expected) == (code, found, expected)
