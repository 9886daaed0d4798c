"""The clocks again, minute by minute: which minutes of a history tick, and how many there are.

Knows of the engine only the data: the flow's clocks and the events. Working minutes are those of `plain`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from liantu.casework.case import Case
from liantu.casework.flow import Clock, Flow
from tests.casework import plain

Minutes = NDArray[np.bool_]
FAR = 500 * 1440
"""Minutes to look ahead for a due date."""


@dataclass
class PlainState:
    """What a run of a clock shows; minutes since 2024 began."""

    clock: str
    run: int
    round: int
    status: str
    started: int
    stopped: int | None
    allowance: int
    net: int
    gross: int
    due: int | None
    gross_due: int
    provisional: bool


@dataclass
class Moment:
    """What holds after an event."""

    at: int
    step: str
    state: str
    pause: str


def moments(flow: Flow, case: Case, now: int) -> list[Moment]:
    """Follow the events in words of their kind."""
    found: list[Moment] = []
    state, pause = "", ""
    for event in case.events:
        at = plain.index(event.at)
        if at > now:
            break
        step = flow.transitions[event.transition]
        if step.kind == "pause":
            pause = step.id
        elif step.kind != "stay":
            pause = ""
        state = step.to or state
        found.append(Moment(at, step.id, state, pause))
    return found


def stays(clock: Clock, told: list[Moment]) -> list[tuple[int, int | None]]:
    """(position of the moment it came in, of the one it left, or None) of every stay in the states."""
    inside = [False, *(m.state in clock.runs_in for m in told)]
    came = [i for i, (before, now) in enumerate(pairwise(inside)) if now and not before]
    left = [i for i, (before, now) in enumerate(pairwise(inside)) if before and not now]
    return [(c, next((e for e in left if e > c), None)) for c in came]


def plain_states(flow: Flow, case: Case, now: int) -> list[PlainState]:
    """Every run of every clock."""
    told = moments(flow, case, now)
    return [state for clock in flow.clocks.values() for state in _of_clock(flow, clock, told, now)]


def _of_clock(flow: Flow, clock: Clock, told: list[Moment], now: int) -> list[PlainState]:
    ticking = plain.WORKED if clock.limit.unit.startswith("working") else plain.ALWAYS
    paused: Minutes = np.zeros(len(ticking), dtype=bool)
    stops = {s.id for s in flow.transitions.values() if s.kind == "pause" and clock.id in s.clocks}
    for moment, then in pairwise([*told, Moment(now, "", "", "")]):
        paused[moment.at : then.at] = moment.pause in stops
    found: list[PlainState] = []
    ticks: list[NDArray[np.intp]] = []  # net minutes of the round, by run
    alls: list[NDArray[np.intp]] = []
    answered = False
    for came, left in stays(clock, told):
        if clock.again == "never" and answered:
            break
        if not found or clock.again != "continue":
            ticks, alls = [], []
        start = told[came].at
        stop = None if left is None else told[left].at
        end = now if stop is None else stop
        minutes = np.arange(start, end)
        ticks.append(minutes[ticking[start:end] & ~paused[start:end]])
        alls.append(minutes[ticking[start:end]])
        dropped = left is not None and told[left].step in ("withdraw", "take_back")
        answered = answered or (left is not None and not dropped)
        carried = found[-1] if len(alls) > 1 else None
        given = carried.allowance if carried else _allowance(clock, start, ticking)
        held = told[left - 1 if left is not None else -1].pause in stops
        due = _when(np.concatenate(ticks), given, None if held else end, ticking)
        gross_due = _when(np.concatenate(alls), given, end, ticking)
        assert gross_due is not None
        unsure = clock.limit.unit.startswith("working") and not plain.settled(
            plain.instant(max(end, gross_due, due or end)).date()
        )
        status = (
            ("dropped" if dropped else "stopped") if left is not None else "paused" if held else "running"
        )
        number = (found[-1].round + (carried is None)) if found else 1
        found.append(
            PlainState(
                clock.id, len(found) + 1, number, status, start, stop, given,
                sum(map(len, ticks)), sum(map(len, alls)), due, gross_due,
                unsure or (carried is not None and carried.provisional),
            )
        )  # fmt: skip
    return found


def _allowance(clock: Clock, start: int, ticking: Minutes) -> int:
    """Count what a limit gives."""
    amount, unit = clock.limit.amount, clock.limit.unit
    if unit == "working_days":
        end = plain.index(plain.close_after(plain.instant(start), amount))
        return int(ticking[start:end].sum())
    if unit == "calendar_days":
        end = start - start % 1440 + 1440 * (amount + 1)
        return end - start
    return amount * (60 if unit.endswith("hours") else 1)


def _when(ticked: NDArray[np.intp], given: int, go_on: int | None, ticking: Minutes) -> int | None:
    """The end of the minute with which it is used up, going on from `go_on` if it isn't yet."""
    if len(ticked) >= given:
        return int(ticked[given - 1]) + 1
    if go_on is None:
        return None
    ahead = np.flatnonzero(ticking[go_on : go_on + FAR])
    return go_on + int(ahead[given - len(ticked) - 1]) + 1
