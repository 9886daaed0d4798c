"""What comes next in a case, who owes it, and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from liantu.casework.case import Actor, Case, Standing, blocked, replay
from liantu.casework.clocks import ClockState, clocks_of
from liantu.casework.days import WorkDays
from liantu.casework.flow import OPENER, OWNER, Flow, Party, Transition


@dataclass(frozen=True)
class Owed:
    """Who owes a step: people where they are known, else parties (roles) any of whose members may."""

    people: tuple[str, ...]
    parties: tuple[Party, ...]

    def falls_to(self, actor: Actor, standing: Standing) -> bool:
        """Whether it waits for this actor: in person, or as a member of a party."""
        has = standing.relations(actor)
        return actor.id in self.people or any(party <= has for party in self.parties)


@dataclass(frozen=True)
class NextStep:
    """A step that the case waits for."""

    transition: str
    owed: Owed
    evidence: tuple[str, ...]
    """What it must bring."""
    due: datetime | None
    """The first of the dates on which a clock falls due that this step would stop; None without one,
    or while it depends on the end of a pause."""
    late_by: int
    """The most that such a clock is late, in minutes of its own base."""
    provisional: bool


def next_steps(flow: Flow, case: Case, now: datetime, days: WorkDays) -> tuple[NextStep, ...]:
    """The steps that are owed: forward steps, or the end of a pause. None in a final state.

    Steps that one may take but doesn't owe (return, refuse, withdraw, stay, pause, reopen) are not
    among them; `act.open_to` has those.
    """
    standing = replay(flow, case.until(now))
    return steps_of(flow, standing, clocks_of(flow, standing, now, days))


def steps_of(flow: Flow, standing: Standing, clocks: tuple[ClockState, ...]) -> tuple[NextStep, ...]:
    """`next_steps` of a case whose clocks are known already."""
    running = [state for state in clocks if state.is_open]
    return tuple(
        _next(flow, standing, step, running)
        for step in flow.leaving(standing.state)
        if step.kind in ("forward", "resume") and not blocked(step, standing.state, standing.pause)
    )


def _next(flow: Flow, standing: Standing, step: Transition, running: list[ClockState]) -> NextStep:
    stops = [s for s in running if step.to is not None and step.to not in flow.clocks[s.clock].runs_in]
    concerned = stops or running
    dues = [state.due for state in concerned if state.due is not None]
    return NextStep(
        transition=step.id,
        owed=owed(flow, standing, step),
        evidence=step.evidence,
        due=min(dues, default=None),
        late_by=max((state.late_by for state in concerned), default=0),
        provisional=any(state.provisional for state in concerned),
    )


def owed(flow: Flow, standing: Standing, step: Transition) -> Owed:
    """Who owes a step. The owner before all others, where owners may take it; then whoever opened the
    case, where nobody else may; then the parties. A step for owners alone falls to the flow's `unowned`
    party as long as there is no owner."""
    alone = {next(iter(party)) for party in step.who if len(party) == 1}
    if OWNER in alone and standing.owner is not None:
        return Owed((standing.owner,), ())
    if alone == {OPENER} and len(step.who) == 1 and standing.opener is not None:
        return Owed((standing.opener,), ())
    parties = tuple(party for party in step.who if OWNER not in party)
    if standing.owner is not None and any(OWNER in party for party in step.who) and not parties:
        return Owed((standing.owner,), ())
    return Owed((), parties or (frozenset({flow.unowned}),))
