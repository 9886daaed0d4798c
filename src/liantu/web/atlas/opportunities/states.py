"""From which state an opportunity goes to which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from liantu.web.atlas.models import Opportunity

S: Any = Opportunity.State  # the checker takes a member for a pair
NEXT: Mapping[str, tuple[str, ...]] = {
    S.NEW: (S.CHECKING, S.DROPPED),
    S.CHECKING: (S.APPROVED, S.NEW, S.DROPPED),
    S.APPROVED: (S.HANDED_OVER, S.CHECKING, S.DROPPED),
    S.HANDED_OVER: (),
    S.DROPPED: (S.NEW,),
}
"""Handed over is the end here: the project goes on elsewhere. What was dropped can be taken up again."""
NEEDS_REASON = (S.DROPPED,)
TONES = {S.NEW: "info", S.CHECKING: "warn", S.APPROVED: "good", S.HANDED_OVER: "plain", S.DROPPED: "bad"}


def may_become(state: str) -> tuple[str, ...]:
    """The states an opportunity can be in after the next change: the same one too."""
    return (state, *NEXT[state])
