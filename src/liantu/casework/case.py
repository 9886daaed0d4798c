"""A case: what happened to it, in order. Where it stands follows by replaying."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from liantu.casework.flow import ANYONE, OPENER, OWNER, Flow, Transition
from liantu.casework.instants import minute_of
from liantu.errors import LiantuError

Value = str | int | float | bool
"""What evidence holds: text, the key of a file, an ISO date, a number, a yes."""


class BrokenHistory(LiantuError):
    """A history that this flow can't have produced: events lost, changed or put in by another way."""

    code = "broken_history"


@dataclass(frozen=True)
class Actor:
    """Who acts: roles are theirs anywhere, relations hold towards this case ('same_park')."""

    id: str
    roles: frozenset[str] = frozenset()
    relations: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Event:
    """One step that was taken. `version` counts from 1."""

    version: int
    transition: str
    by: str
    """The actor's id."""
    acting_as: tuple[str, ...]
    """The roles and relations that allowed it."""
    at: datetime
    evidence: tuple[tuple[str, Value], ...] = ()
    reason: str = ""
    owner: str | None = None
    """Who owns the case from here on, for a step that names somebody."""


@dataclass(frozen=True)
class Case:
    """A history under one edition of a flow. Nothing in it is ever changed; `act` returns a longer one."""

    id: str
    flow: str
    """'exchange@1', the flow's key."""
    events: tuple[Event, ...] = ()

    @property
    def version(self) -> int:
        """The number of steps taken; a step names the version it was decided upon."""
        return len(self.events)

    def until(self, now: datetime) -> Case:
        """The case as it was at an instant, the minute included."""
        end = minute_of(now)
        if not self.events or minute_of(self.events[-1].at) <= end:
            return self
        return Case(self.id, self.flow, tuple(e for e in self.events if minute_of(e.at) <= end))


def new_case(flow: Flow, case_id: str) -> Case:
    """A case to which nothing has happened yet; a transition of kind open begins it."""
    return Case(case_id, flow.key)


@dataclass(frozen=True)
class Pause:
    """Since when a pause holds, and by which transition (its reason)."""

    transition: str
    since: datetime
    why: str


@dataclass(frozen=True)
class Stretch:
    """What held from one event until the next; the last one is open."""

    event: Event
    minute: int
    """The minute of the event, since 1970."""
    state: str
    owner: str | None
    pause: Pause | None


@dataclass(frozen=True)
class Standing:
    """Where a case stands."""

    state: str | None
    """None before it is opened."""
    version: int
    owner: str | None
    opener: str | None
    pause: Pause | None
    last_at: datetime | None
    moved_at: datetime | None
    """Since when it is in its state."""
    stirred_at: datetime | None
    """When it was last moved, paused or resumed; a reminder or a note (stay) stirs nothing."""
    evidence: Mapping[str, Value]
    """The latest of each kind that was brought."""
    stretches: tuple[Stretch, ...]

    def relations(self, actor: Actor) -> frozenset[str]:
        """What this actor is to the case and anywhere; everything a transition's `who` may ask for."""
        own = {OWNER} if self.owner is not None and actor.id == self.owner else set()
        opened = {OPENER} if self.opener is not None and actor.id == self.opener else set()
        return ((actor.roles | actor.relations) - {OWNER, OPENER}) | own | opened | {ANYONE}


def replay(flow: Flow, case: Case) -> Standing:
    """Where the case stands after its events. Raises BrokenHistory where they don't follow from the flow."""
    if case.flow != flow.key:
        raise BrokenHistory(case=case.id, flow=flow.key, history_of=case.flow)
    stretches: list[Stretch] = []
    evidence: dict[str, Value] = {}
    moved_at: datetime | None = None
    stirred_at: datetime | None = None
    for number, event in enumerate(case.events, start=1):
        before = stretches[-1] if stretches else None
        step = flow.transitions.get(event.transition)
        fault = _fault(step, event, number, before)
        if step is None or fault:
            raise BrokenHistory(case=case.id, event=number, transition=event.transition, fault=fault)
        after = follow(step, event, before)
        if before is None or step.to is not None:
            moved_at = event.at
        if step.kind != "stay":
            stirred_at = event.at
        evidence.update(event.evidence)
        stretches.append(after)
    last = stretches[-1] if stretches else None
    return Standing(
        state=last.state if last else None,
        version=case.version,
        owner=last.owner if last else None,
        opener=case.events[0].by if case.events else None,
        pause=last.pause if last else None,
        last_at=case.events[-1].at if case.events else None,
        moved_at=moved_at,
        stirred_at=stirred_at,
        evidence=evidence,
        stretches=tuple(stretches),
    )


def follow(step: Transition, event: Event, before: Stretch | None) -> Stretch:
    """What holds after an event."""
    state = step.to or (before.state if before else "")
    owner = before.owner if before else None
    owner = {"keep": owner, "self": event.by, "named": event.owner, "nobody": None}[step.owner]
    pause = before.pause if before else None
    if step.kind == "pause":
        pause = Pause(step.id, event.at, event.reason)
    elif step.kind == "resume" or step.to is not None:
        pause = None
    return Stretch(event, minute_of(event.at), state, owner, pause)


def _fault(step: Transition | None, event: Event, number: int, before: Stretch | None) -> str:
    """Why an event can't follow, or nothing: an early-return ladder."""
    if step is None:
        return "unknown_transition"
    if event.version != number:
        return "version"
    if before is None:
        return "" if step.kind == "open" else "not_open"
    if event.at < before.event.at:
        return "time_backwards"
    return blocked(step, before.state, before.pause)


Block = Literal["", "not_from_here", "not_paused", "other_pause", "paused"]


def blocked(step: Transition, state: str | None, pause: Pause | None) -> Block:
    """Why a step can't be taken from a state and a pause, or nothing. Codes of refusals."""
    if (step.kind == "open") != (state is None) or (state is not None and state not in step.sources):
        return "not_from_here"
    if step.kind == "resume":
        if pause is None:
            return "not_paused"
        return "" if pause.transition in step.ends else "other_pause"
    return "paused" if pause is not None and not step.while_paused else ""
