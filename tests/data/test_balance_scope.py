"""What a cell of balance_scope says."""

from __future__ import annotations

import pytest

from liantu.data.balance_scope import FULL, Scope, parse_scope


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        (None, FULL),
        (" ", FULL),
        ("full", FULL),
        ("exempt: it grows", Scope(exempt=True, reason="it grows")),
        ("full except Ag, Au: not assayed", Scope(elements=frozenset({"Ag", "Au"}), reason="not assayed")),
        ("full except Ag、Au：未化验", Scope(elements=frozenset({"Ag", "Au"}), reason="未化验")),
        ("exempt", None),
        ("exempt:", None),
        ("full except Ag", None),
        ("full except : why", None),
        ("full except Xy: why", None),
        ("full except O: why", None),
        ("Full", None),
        ("fully", None),
        ("none", None),
    ],
)
def test_a_scope_says_what_it_excuses_and_why(text: str | None, scope: Scope | None) -> None:
    assert parse_scope(text) == scope
