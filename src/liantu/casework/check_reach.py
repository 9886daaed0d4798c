"""What a case can come to under a flow, explored as (state, pause, whether it has an owner).

The engine's own rules decide what can follow, so that what is proved is what is run. Guards are taken to
be satisfiable, but for those on the owner, which the exploration knows; evidence can always be brought.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from liantu.casework.case import Event, Pause, Stretch, blocked, follow
from liantu.casework.flow import OWNER, Flow, Transition
from liantu.casework.instants import CHINA

_WHENEVER = datetime(2025, 1, 1, tzinfo=CHINA)


class Situation(NamedTuple):
    """Where a case may be."""

    state: str | None
    pause: str
    owned: bool


START = Situation(None, "", False)


def check_reach(flow: Flow) -> Iterator[tuple[str, str, str]]:
    """(code, place, found) of states no case reaches or leaves, steps never taken, clocks never started."""
    reached = explore(flow)
    states = {situation.state for situation in reached}
    for state in flow.states:
        if state not in states:
            yield "unreachable_state", f"states.{state}", ""
    taken = {(step.id, here.state) for here, steps in reached.items() for step, _ in steps}
    for step in flow.transitions.values():
        for source in step.sources or (None,):
            if (step.id, source) not in taken:
                yield "dead_transition", f"transitions.{step.id}", source or "-"
    for here in sorted(set(reached) - _can_end(flow, reached), key=str):
        said = ", ".join(filter(None, (here.pause, OWNER if here.owned else f"-{OWNER}")))
        yield "no_way_out", f"states.{here.state}" if here.state else "transitions", said
    for clock in flow.clocks.values():
        if not states & set(clock.runs_in):
            yield "clock_never_starts", f"clocks.{clock.id}.runs_in", ""


def explore(flow: Flow) -> dict[Situation, list[tuple[Transition, Situation]]]:
    """Every situation a case can come to, with the steps from it and where they lead."""
    reached: dict[Situation, list[tuple[Transition, Situation]]] = {}
    waiting = [START]
    while waiting:
        here = waiting.pop()
        if here not in reached:
            reached[here] = list(_steps(flow, here))
            waiting += [there for _, there in reached[here]]
    return reached


def _steps(flow: Flow, here: Situation) -> Iterator[tuple[Transition, Situation]]:
    pause = Pause(here.pause, _WHENEVER, "") if here.pause else None
    for step in flow.leaving(here.state):
        if not blocked(step, here.state, pause) and _possible(step, here):
            event = Event(1, step.id, "somebody", (), _WHENEVER, owner="somebody")
            before = None
            if here.state is not None:
                before = Stretch(event, 0, here.state, "somebody" if here.owned else None, pause)
            after = follow(step, event, before)
            yield (
                step,
                Situation(
                    after.state, after.pause.transition if after.pause else "", after.owner is not None
                ),
            )


def _possible(step: Transition, here: Situation) -> bool:
    """Whether somebody may take it, and the guards on the owner let it pass."""
    guards = {use.name for use in step.guards}
    if (here.owned and "has_no_owner" in guards) or (not here.owned and "has_owner" in guards):
        return False
    return any(here.owned or OWNER not in party for party in step.who)


def _can_end(flow: Flow, reached: dict[Situation, list[tuple[Transition, Situation]]]) -> set[Situation]:
    """The situations from which a final state can be reached."""
    before: dict[Situation, list[Situation]] = {}
    for here, steps in reached.items():
        for _, there in steps:
            before.setdefault(there, []).append(here)
    ending = {here for here in reached if flow.is_final(here.state)}
    waiting = list(ending)
    while waiting:
        for earlier in before.get(waiting.pop(), []):
            if earlier not in ending:
                ending.add(earlier)
                waiting.append(earlier)
    return ending
