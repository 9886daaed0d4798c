"""Taking a step: the case with one event more, or the reason why not."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from liantu.casework.case import Actor, Case, Event, Standing, Value, blocked, replay
from liantu.casework.flow import Flow, Party, Transition
from liantu.casework.guards import GUARDS, Guard, Moment
from liantu.casework.instants import is_instant

RefusalCode = Literal[
    "wrong_flow", "unknown_transition", "stale_version", "naive_instant", "time_backwards", "not_from_here",
    "paused", "not_paused", "other_pause", "not_allowed", "owner_unnamed", "owner_unwanted", "reason_missing",
    "evidence_missing", "evidence_unknown", "evidence_wrong", "guard",
]  # fmt: skip


@dataclass(frozen=True)
class Refusal:
    """Why a step wasn't taken: a code and its parameters; the sentences are in `sentences`."""

    code: RefusalCode
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class _Request:
    """A step as it was asked for."""

    step: Transition
    by: Actor
    at: datetime
    version: int
    evidence: Mapping[str, Value]
    reason: str
    owner: str | None
    facts: Mapping[str, object]


def act(
    flow: Flow,
    case: Case,
    transition: str,
    *,
    by: Actor,
    at: datetime,
    version: int,
    evidence: Mapping[str, Value] | None = None,
    reason: str = "",
    owner: str | None = None,
    facts: Mapping[str, object] | None = None,
    guards: Mapping[str, Guard] = GUARDS,
) -> Case | Refusal:
    """The case after the step, or the first reason against it; the case itself is untouched.

    `version` is the version the actor decided upon: when the case has moved on since, the step is
    refused, so no step is taken twice. Who stores the case must write it only where the stored version
    is still `version` (UPDATE ... WHERE version). `owner` names the next owner, for steps that do so.

    Raises BrokenHistory where the case's own events don't follow from the flow.
    """
    if case.flow != flow.key:
        return Refusal("wrong_flow", {"flow": flow.key, "case_flow": case.flow})
    standing = replay(flow, case)
    step = flow.transitions.get(transition)
    if step is None:
        return Refusal("unknown_transition", {"transition": transition})
    request = _Request(step, by, at, version, evidence or {}, reason.strip(), owner or None, facts or {})
    refusal = _against(flow, standing, request, guards)
    if refusal is not None:
        return refusal
    event = Event(
        version=standing.version + 1,
        transition=step.id,
        by=by.id,
        acting_as=tuple(sorted(_allowing(step, standing, by) or ())),
        at=at,
        evidence=tuple(sorted(request.evidence.items())),
        reason=request.reason,
        owner=request.owner,
    )
    return Case(case.id, case.flow, (*case.events, event))


def open_to(flow: Flow, case: Case, by: Actor) -> tuple[Transition, ...]:
    """The steps this actor may ask for now, before evidence and guards: what a page offers as buttons."""
    standing = replay(flow, case)
    return tuple(
        step
        for step in flow.leaving(standing.state)
        if not blocked(step, standing.state, standing.pause) and _allowing(step, standing, by) is not None
    )


def _allowing(step: Transition, standing: Standing, by: Actor) -> Party | None:
    """The first alternative of `who` that the actor meets."""
    has = standing.relations(by)
    return next((party for party in step.who if party <= has), None)


def _against(
    flow: Flow, standing: Standing, request: _Request, guards: Mapping[str, Guard]
) -> Refusal | None:
    """The first reason against a step: an early-return ladder, from who asks to the details, so that an
    outsider is told nothing of the case, not even that it has moved on."""
    step, at, state = request.step, request.at, standing.state
    if _allowing(step, standing, request.by) is None:
        return Refusal("not_allowed", {"transition": step.id, "by": request.by.id})
    if request.version != standing.version:
        return Refusal("stale_version", {"version": standing.version, "given": request.version})
    if not is_instant(at):
        return Refusal("naive_instant", {"at": at.isoformat()})
    if standing.last_at is not None and at < standing.last_at:
        return Refusal("time_backwards", {"at": at.isoformat(), "last": standing.last_at.isoformat()})
    code = blocked(step, state, standing.pause)
    if code:
        pause = standing.pause.transition if standing.pause else ""
        params: dict[str, object] = {"transition": step.id, "state": state or "", "pause": pause}
        return Refusal(code, params)
    if step.owner == "named" and request.owner is None:
        return Refusal("owner_unnamed", {"transition": step.id})
    if step.owner != "named" and request.owner is not None:
        return Refusal("owner_unwanted", {"transition": step.id, "owner": request.owner})
    if step.needs_reason and not request.reason:
        return Refusal("reason_missing", {"transition": step.id})
    return _against_evidence(flow, step, request.evidence) or _against_guards(standing, request, guards)


def _against_evidence(flow: Flow, step: Transition, given: Mapping[str, Value]) -> Refusal | None:
    unknown = sorted(set(given) - set(step.evidence) - set(step.accepts))
    if unknown:
        return Refusal("evidence_unknown", {"transition": step.id, "evidence": tuple(unknown)})
    wrong = tuple(name for name, value in given.items() if not _fits(flow.evidence[name].kind, value))
    if wrong:
        return Refusal("evidence_wrong", {"transition": step.id, "evidence": wrong})
    missing = tuple(name for name in step.evidence if name not in given)
    if missing:
        return Refusal("evidence_missing", {"transition": step.id, "evidence": missing})
    return None


def _fits(kind: str, value: object) -> bool:
    """Whether a value is evidence of this kind; an empty one never is."""
    if kind == "flag":
        return value is True
    if kind == "number":
        return not isinstance(value, bool) and isinstance(value, int | float) and 0 <= value < math.inf
    if not isinstance(value, str) or not value.strip():
        return False
    if kind == "date":
        try:
            return date.fromisoformat(value).isoformat() == value
        except ValueError:
            return False
    return True


def _against_guards(standing: Standing, request: _Request, guards: Mapping[str, Guard]) -> Refusal | None:
    moment = Moment(standing, request.by, request.at, request.evidence, request.facts)
    for use in request.step.guards:
        if not guards[use.name].holds(moment, use.params):
            return Refusal("guard", {"transition": request.step.id, "guard": use.name, **use.params})
    return None
