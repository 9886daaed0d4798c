"""Chemical formulas and compositions as text, parsed: NiSO4·6H2O, Ni0.8Co0.1Mn0.1(OH)2, Fe:0.36;S:0.27.

Atomic masses are those of `periodictable` (IUPAC). Its own formula parser knows no hydrate dot, so the short
grammar is here: element symbols, decimal counts, nested brackets, parts joined by a dot with a leading count.
"""

from __future__ import annotations

import re
from functools import cache

from liantu.errors import LiantuError

TOLERANCE = 1e-4
"""By how much rounded mass fractions may add up to more than 1."""

_TOKEN = re.compile(r"([A-Z][a-z]?)|([0-9]+(?:\.[0-9]+)?|\.[0-9]+)|([(\[{])|([)\]}])")
_DOT = re.compile(r"[·•∙⋅・*]")
_PERIOD_FOR_DOT = re.compile(r"(?<=[0-9])\.(?=[0-9]*H2O$)")
"""CaSO4.2H2O: a full stop typed for the hydrate dot would read as 4.2 atoms."""
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_FRACTION = re.compile(r"^([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$")
_BRACKETS = {"(": ")", "[": "]", "{": "}"}


class CompositionError(LiantuError):
    """A formula or composition that says nothing chemical. `params`: found, expected."""

    @property
    def found(self) -> str:
        """The piece of text that is wrong."""
        return str(self.params["found"])

    @property
    def expected(self) -> str:
        """What should stand there, '' where nothing close is known."""
        return str(self.params.get("expected", ""))


@cache
def atomic_masses() -> dict[str, float]:
    """Atomic mass in g/mol of every element by its symbol."""
    import periodictable  # 45 ms, and only where a formula is met

    return {str(e.symbol): float(e.mass) for e in periodictable.elements if e.number > 0}


def element_symbols() -> frozenset[str]:
    """Symbols of all elements, H to Og."""
    return frozenset(atomic_masses())


@cache
def _symbols() -> frozenset[str]:
    return element_symbols()


def parse_formula(text: str) -> dict[str, float]:
    """Atoms of each element in one formula unit, in order of appearance.

    >>> parse_formula("NiSO4·6H2O")
    {'Ni': 1.0, 'S': 1.0, 'O': 10.0, 'H': 12.0}

    Raises CompositionError: bad_formula, unknown_element.
    """
    atoms: dict[str, float] = {}
    plain = text.strip().translate(_SUBSCRIPTS)
    for part in _DOT.split(plain):
        leading = re.match(r"\s*([0-9]+\.?[0-9]*|\.[0-9]+)?\s*(\S+)\s*$", part)
        if not leading:
            raise CompositionError("bad_formula", found=text)
        if _PERIOD_FOR_DOT.search(leading[2]):
            raise CompositionError("bad_formula", found=text, expected=_PERIOD_FOR_DOT.sub("·", plain))
        times = float(leading[1]) if leading[1] else 1.0
        for symbol, count in _atoms_of(leading[2], text).items():
            atoms[symbol] = atoms.get(symbol, 0.0) + times * count
    return atoms


def _atoms_of(part: str, text: str) -> dict[str, float]:
    """Atoms of a part without dots. A stack holds the open brackets; a count multiplies what it follows."""
    stack: list[dict[str, float]] = [{}]
    closers: list[str] = []
    last: dict[str, float] = {}
    end = 0
    for token in _TOKEN.finditer(part):
        if token.start() != end:
            break
        end = token.end()
        symbol, count, opened, closed = token.groups()
        times = float(count) if count else 1.0
        if times == 0 or (count and not last):
            raise CompositionError("bad_formula", found=text)
        _merge(stack[-1], {s: n * times for s, n in last.items()})
        last = {}
        if symbol:
            if symbol not in _symbols():
                raise _unknown(symbol)
            last = {symbol: 1.0}
        elif opened:
            stack.append({})
            closers.append(_BRACKETS[opened])
        elif closed:
            if not closers or closers.pop() != closed:
                raise CompositionError("bad_formula", found=text)
            last = stack.pop()
    _merge(stack[-1], last)
    if end != len(part) or closers or not stack[-1]:
        raise CompositionError("bad_formula", found=text)
    return stack[-1]


def _unknown(symbol: str) -> CompositionError:
    right = symbol.strip().capitalize()
    return CompositionError("unknown_element", found=symbol, expected=right if right in _symbols() else "")


def _merge(into: dict[str, float], more: dict[str, float]) -> None:
    for symbol, count in more.items():
        into[symbol] = into.get(symbol, 0.0) + count


def molar_mass(atoms: dict[str, float]) -> float:
    """Mass of one formula unit in g/mol."""
    masses = atomic_masses()
    return sum(masses[symbol] * count for symbol, count in atoms.items())


def mass_fractions(atoms: dict[str, float]) -> dict[str, float]:
    """Mass fraction of each element (t/t, adding up to 1) from the atoms in a formula unit."""
    total = molar_mass(atoms)
    masses = atomic_masses()
    return {symbol: masses[symbol] * count / total for symbol, count in atoms.items()}


def parse_composition(text: str) -> dict[str, float]:
    """Mass fractions (t/t) from 'Fe:0.36;S:0.27'.

    Raises CompositionError: bad_composition, unknown_element, repeated_element, composition_over_one.
    """
    parts: dict[str, float] = {}
    for piece in text.split(";"):
        symbol, colon, number = piece.strip().partition(":")
        if not colon or not symbol or not _FRACTION.match(number):
            raise CompositionError("bad_composition", found=piece.strip() or text, expected="Fe:0.36;S:0.27")
        if symbol not in _symbols():
            raise _unknown(symbol)
        if symbol in parts:
            raise CompositionError("repeated_element", found=symbol)
        parts[symbol] = float(number)
    total = sum(parts.values())
    if total > 1 + TOLERANCE:
        raise CompositionError("composition_over_one", found=f"{total:.6g}", expected="1")
    return parts
