"""What materials consist of: composition as given, or of the formula times its purity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal

import numpy as np
from scipy import sparse

from liantu.data.balance_scope import UNTRACKED
from liantu.data.composition import mass_fractions, parse_composition, parse_formula
from liantu.data.tables import Tables

FORMULA_TOLERANCE = 0.03
"""Largest relative difference between a stated mass fraction and that of formula x purity."""

FORMULA_FLOOR = 0.0005
"""t/t; a smaller difference is rounding, whatever it is relative to."""

Origin = Literal["composition", "formula", "unknown"]


@dataclass(frozen=True)
class Compositions:
    """Mass fractions of the tracked elements, rows in the order of the table of materials.

    fraction[i, j] is t of `elements[j]` in a tonne of `material[i]`. A row without entries holds nothing
    that is tracked where its origin is a composition or a formula; where it is 'unknown' nobody said.
    """

    material: tuple[str, ...]
    elements: tuple[str, ...]  # alphabetical
    fraction: sparse.csr_matrix  # (M, E) t/t
    origin: tuple[Origin, ...]


@dataclass(frozen=True)
class CompositionFinding:
    """A material whose composition says otherwise than its formula and purity; fractions in t/t."""

    material: str
    element: str
    stated: float
    derived: float

    @property
    def deviation(self) -> float:
        """(stated - derived) / derived."""
        return (self.stated - self.derived) / self.derived


def formula_fractions(formula: str, purity: float | None = None) -> dict[str, float]:
    """Mass fractions (t/t) of the tracked elements in a material that is `purity` of `formula`.

    A purity that is not given is 1: the formula alone says that the material is that substance. The rest of
    an impure material holds nothing that is tracked. Raises CompositionError for what is no formula.

    >>> {e: round(w, 4) for e, w in formula_fractions("CaSO4·2H2O", 0.93).items()}
    {'Ca': 0.2165, 'S': 0.1732}
    """
    share = 1.0 if purity is None else purity
    return {e: w * share for e, w in _pure(formula).items()}


def stated_fractions(composition: str) -> Mapping[str, float]:
    """Mass fractions (t/t) of the tracked elements of 'Fe:0.36;S:0.27'. Raises CompositionError."""
    return _stated(composition)


@cache
def _pure(formula: str) -> Mapping[str, float]:
    return _tracked(mass_fractions(parse_formula(formula)))


@cache
def _stated(composition: str) -> Mapping[str, float]:
    return _tracked(parse_composition(composition))


def _tracked(fractions: Mapping[str, float]) -> Mapping[str, float]:
    return MappingProxyType({e: w for e, w in fractions.items() if e not in UNTRACKED and w > 0})


def read_compositions(tables: Tables) -> Compositions:
    """The composition of each material: as stated; where that is blank, formula x purity; else unknown.

    Raises CompositionError where a text can't be parsed, which tables that were read never hold.
    """
    parts: list[Mapping[str, float]] = []
    origin: list[Origin] = []
    frame = tables["materials"]
    for composition, formula, purity in frame.select("composition", "formula", "purity").iter_rows():
        if composition:
            parts.append(stated_fractions(composition))
            origin.append("composition")
        elif formula:
            parts.append(formula_fractions(formula, purity))
            origin.append("formula")
        else:
            parts.append({})
            origin.append("unknown")
    elements = tuple(sorted({e for part in parts for e in part}))
    return Compositions(tuple(frame["id"].to_list()), elements, _matrix(parts, elements), tuple(origin))


def _matrix(parts: list[Mapping[str, float]], elements: tuple[str, ...]) -> sparse.csr_matrix:
    column = {e: j for j, e in enumerate(elements)}
    row = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    col = np.array([column[e] for part in parts for e in part], dtype=np.int64)
    value = np.array([w for part in parts for w in part.values()], dtype=np.float64)
    return sparse.csr_matrix((value, (row, col)), shape=(len(parts), len(elements)))


def check_compositions(
    tables: Tables, tolerance: float = FORMULA_TOLERANCE, floor: float = FORMULA_FLOOR
) -> tuple[CompositionFinding, ...]:
    """Where composition and formula x purity are both given and disagree, element by element.

    With w the stated fraction and d the derived one, element e of the formula is found where
    |w - d| > max(tolerance x d, floor). Elements outside the formula are its impurities and say nothing.
    """
    findings: list[CompositionFinding] = []
    columns = tables["materials"].select("id", "composition", "formula", "purity")
    for material, composition, formula, purity in columns.iter_rows():
        if not (composition and formula):
            continue
        stated = stated_fractions(composition)
        for element, derived in formula_fractions(formula, purity).items():
            found = stated.get(element, 0.0)
            if derived > 0 and abs(found - derived) > max(tolerance * derived, floor):
                findings.append(CompositionFinding(material, element, found, derived))
    return tuple(findings)
