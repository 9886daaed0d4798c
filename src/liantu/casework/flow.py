"""A flow as data: states, transitions, who may take them, what they need, and the clocks.

A flow says nothing of any case and holds no code. `flow_read` makes one from YAML or a mapping,
`check.check_flow` proves it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from liantu.casework.hours import OFFICE, Hours
from liantu.casework.limits import Limit

Lang = Literal["zh", "en"]
Kind = Literal["open", "forward", "back", "refuse", "withdraw", "reopen", "stay", "pause", "resume"]
KINDS: tuple[Kind, ...] = (
    "open", "forward", "back", "refuse", "withdraw", "reopen", "stay", "pause", "resume",
)  # fmt: skip
"""open begins a case; forward is what somebody owes; back returns it; refuse ends it with an answer;
withdraw ends it without one, so that its clocks are dropped; reopen leaves a final state; stay, pause
and resume leave the state as it is."""
Assign = Literal["keep", "self", "named", "nobody"]
OWNERS: tuple[Assign, ...] = ("keep", "self", "named", "nobody")
"""Who owns the case after the step: as before, who took it, whom the step names, nobody."""
Again = Literal["fresh", "continue", "never"]
AGAINS: tuple[Again, ...] = ("fresh", "continue", "never")
"""What a clock does when the case comes back into its states: the whole limit anew, what was left of
it, or nothing, because the first answer stays the answer."""
EvidenceKind = Literal["text", "number", "date", "file", "flag"]
EVIDENCE_KINDS: tuple[EvidenceKind, ...] = ("text", "number", "date", "file", "flag")
Which = Literal["net", "gross"]
"""Of the two clocks: the one that pauses stop, or the one beside it that nothing stops."""

OWNER, OPENER, ANYONE = "owner", "opener", "anyone"
RELATIONS = (OWNER, OPENER, ANYONE)
"""Parties that every flow has: who owns the case, who opened it, everybody who is signed in."""


@dataclass(frozen=True)
class Names:
    """A name in both languages."""

    zh: str
    en: str

    def in_(self, lang: Lang) -> str:
        """The name in this language."""
        return self.zh if lang == "zh" else self.en


Party = frozenset[str]
"""Roles and relations that one person must have together: {'task_force', 'same_park'}."""


@dataclass(frozen=True)
class State:
    """Where a case stands."""

    id: str
    names: Names
    final: bool = False


@dataclass(frozen=True)
class Evidence:
    """What a step brings: a text, a number (never negative, with its unit), a date, a file's key, a yes."""

    id: str
    names: Names
    kind: EvidenceKind
    unit: str = ""


@dataclass(frozen=True)
class GuardUse:
    """A registered predicate by name, with its parameters."""

    name: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Transition:
    """A step. `who` lists alternatives, of which one suffices."""

    id: str
    names: Names
    kind: Kind
    sources: tuple[str, ...]
    to: str | None
    """The state after it; None for stay, pause and resume."""
    who: tuple[Party, ...]
    evidence: tuple[str, ...] = ()
    """Without these it is refused."""
    accepts: tuple[str, ...] = ()
    """These it takes as well."""
    guards: tuple[GuardUse, ...] = ()
    needs_reason: bool = False
    owner: Assign = "keep"
    while_paused: bool = False
    """Whether it may be taken during a pause; one that changes the state ends the pause."""
    clocks: tuple[str, ...] = ()
    """Of a pause: the clocks it stops."""
    limit: Limit | None = None
    """Of a pause: how long it may last before the case counts as stalled."""
    ends: tuple[str, ...] = ()
    """Of a resume: the pauses it ends."""


@dataclass(frozen=True)
class Level:
    """Who hears of it, once a clock is so late (`after`; none: as soon as it is late)."""

    number: int
    names: Names
    after: Limit | None
    to: tuple[str, ...]
    """Parties; `owner` is the person who owns the case, or the flow's `unowned` where nobody does."""
    of: Which = "net"


@dataclass(frozen=True)
class Clock:
    """What is counted while a case is in some states, up to a limit."""

    id: str
    names: Names
    runs_in: tuple[str, ...]
    limit: Limit
    again: Again = "fresh"
    soon: Limit | None = None
    """Due soon when no more than this remains."""
    levels: tuple[Level, ...] = ()


@dataclass(frozen=True)
class Flow:
    """A flow and its edition. Cases keep the edition they were opened under."""

    id: str
    edition: int
    names: Names
    parties: Mapping[str, Names]
    """Roles and relations, besides the three that every flow has."""
    unowned: str
    """The party that answers for a case without owner."""
    evidence: Mapping[str, Evidence]
    states: Mapping[str, State]
    transitions: Mapping[str, Transition]
    clocks: Mapping[str, Clock]
    hours: Hours = OFFICE
    stalled_after: Limit | None = None
    """A case in which nothing but `stay` steps happened for so long is stalled: a reminder moves nothing."""

    @property
    def key(self) -> str:
        """'exchange@1'."""
        return f"{self.id}@{self.edition}"

    def leaving(self, state: str | None) -> tuple[Transition, ...]:
        """The steps from this state, or the ones that open a case; in the order of the flow."""
        return tuple(
            t
            for t in self.transitions.values()
            if (t.kind == "open" if state is None else state in t.sources)
        )

    def is_final(self, state: str | None) -> bool:
        """Whether the case is over there."""
        return state is not None and self.states[state].final


def parties(texts: Iterable[str]) -> tuple[Party, ...]:
    """('owner', 'task_force + same_park') as alternatives."""
    return tuple(frozenset(part.strip() for part in text.split("+")) for text in texts)
