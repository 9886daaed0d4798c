"""Who must hear of a case that is late. Derived, so that a sweep may run as often as it likes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from liantu.casework.case import Case, replay
from liantu.casework.clocks import ClockState, clocks_of
from liantu.casework.days import WorkDays
from liantu.casework.flow import OWNER, Flow, Level
from liantu.casework.limits import duration

Key = tuple[str, str, int, int]
"""(case, clock, round, level): told once. The round makes a reopened case, whose limit is fresh, a new
matter; a store makes the four unique."""


@dataclass(frozen=True)
class Escalation:
    """A level that a case has reached."""

    case: str
    clock: str
    round: int
    level: int
    people: tuple[str, ...]
    """The owner, where the level asks for them and there is one."""
    parties: tuple[str, ...]
    """Roles to be told; never empty together with `people`."""
    late_by: int
    """Minutes of the clock's base, by the one of the two clocks that the level looks at."""

    @property
    def key(self) -> Key:
        """What makes it the same escalation."""
        return (self.case, self.clock, self.round, self.level)


def escalations_due(
    flow: Flow, case: Case, now: datetime, days: WorkDays, told: Collection[Key] = ()
) -> tuple[Escalation, ...]:
    """Levels that open clocks have reached by `now`, less those in `told`; clocks in order, then levels.

    A case that was late for long before the first sweep has reached several levels: each is told. A
    case without owner is told to the flow's `unowned` party where a level says owner. A run that has
    stopped escalates no more.
    """
    standing = replay(flow, case.until(now))
    found: list[Escalation] = []
    for state in clocks_of(flow, standing, now, days):
        for level in flow.clocks[state.clock].levels if state.is_open else ():
            late_by = lateness(state, level)
            key = (case.id, state.clock, state.round, level.number)
            after = 1 if level.after is None else max(duration(level.after, days.at(flow.hours)), 1)
            if late_by >= after and key not in told:
                people, parties = recipients(flow, level, standing.owner)
                found.append(Escalation(*key, people, parties, late_by))
    return tuple(found)


def lateness(state: ClockState, level: Level) -> int:
    """Minutes late by the clock that the level looks at."""
    return state.late_by if level.of == "net" else state.gross_late_by


def recipients(flow: Flow, level: Level, owner: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(people, parties) of a level."""
    people = (owner,) if OWNER in level.to and owner is not None else ()
    parties = [party for party in level.to if party != OWNER]
    if OWNER in level.to and owner is None and flow.unowned not in parties:
        parties.insert(0, flow.unowned)
    return people, tuple(parties)
