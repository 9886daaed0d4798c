"""What a cell of `processes.balance_scope` says: whether and why a recipe's balance is excused."""

from __future__ import annotations

import re
from dataclasses import dataclass

from liantu.data.composition import element_symbols

UNTRACKED = frozenset({"O", "H"})
"""Elements that come and go with air and water and are not tracked."""


@dataclass(frozen=True)
class Scope:
    """What `processes.balance_scope` excuses: everything, some elements, or nothing; and why."""

    exempt: bool = False
    elements: frozenset[str] = frozenset()
    reason: str = ""

    def excuses(self, element: str) -> bool:
        """Whether an imbalance of `element` is excused."""
        return self.exempt or element in self.elements


FULL = Scope()

_SCOPE = re.compile(
    r"^(?:(?P<full>full)|full\s+except\s+(?P<except>[^:：]+)[:：](?P<why>.*)|exempt\s*[:：](?P<whole>.*))$",
    re.S,
)


def parse_scope(text: str | None) -> Scope | None:
    """The scope that a cell of balance_scope states; None where it is malformed.

    'full' (also a blank cell), 'full except Ag,Au: reason' or 'exempt: reason'. A reason is owed, and the
    elements must be ones that are tracked.
    """
    if text is None or not text.strip():
        return FULL
    match = _SCOPE.match(text.strip())
    if match is None:
        return None
    if match["full"]:
        return FULL
    reason = (match["why"] or match["whole"] or "").strip()
    if not reason:
        return None
    if match["except"] is None:
        return Scope(exempt=True, reason=reason)
    elements = [part.strip() for part in re.split("[,，、]", match["except"])]
    if not set(elements) <= element_symbols() - UNTRACKED:
        return None
    return Scope(elements=frozenset(elements), reason=reason)
