"""The clocks of a case, derived from its history at an instant.

A clock runs while the case is in one of its states. Each stay there is a run: it starts when the case
comes in, stops when it leaves, and is dropped when it leaves by withdrawal. Each run has two clocks that
start and stop together: the net one stands still during the pauses that name it, the gross one never.
Both count minutes of the limit's base: of work, or of the calendar.

A run that begins when the case comes back (reopened, returned) depends on the clock's `again`: a fresh
limit in a new round, what the round has left, or no run at all once one has stopped: a first response
is never overwritten. Earlier runs stay as they were.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from liantu.casework.calendar import WorkCalendar
from liantu.casework.case import Case, Standing, Stretch, replay
from liantu.casework.days import WorkDays
from liantu.casework.flow import Clock, Flow
from liantu.casework.instants import instant_of, minute_of
from liantu.casework.limits import allowance, measure, shift

Status = Literal["running", "paused", "stopped", "dropped"]


@dataclass(frozen=True)
class Halt:
    """A pause within a run: minutes since 1970, and the transition that paused."""

    start: int
    end: int | None
    transition: str


@dataclass(frozen=True)
class Run:
    """One stay of a case in the states of a clock. Minutes since 1970; `stopped` None while it lasts."""

    clock: str
    number: int
    round: int
    """Runs of one round share one limit."""
    started: int
    stopped: int | None
    started_by: int
    """The version of the event."""
    stopped_by: int | None
    dropped: bool
    halts: tuple[Halt, ...]
    halted: bool = False
    """Whether a pause holds, or held when it stopped."""

    def ticking(self, until: int) -> Iterator[tuple[int, int]]:
        """The stretches in which the net clock ran, up to a minute."""
        end = until if self.stopped is None else min(self.stopped, until)
        at = self.started
        for halt in self.halts:
            yield at, min(halt.start, end)
            at = end if halt.end is None else min(halt.end, end)
        yield at, end


@dataclass(frozen=True)
class ClockState:
    """A run as it stands at an instant. All numbers are minutes of the clock's base."""

    clock: str
    run: int
    round: int
    status: Status
    started: datetime
    stopped: datetime | None
    started_by: int
    """The version of the event that started it."""
    stopped_by: int | None
    allowance: int
    """What its round was given when the round began."""
    net: int
    """Counted in this round, pauses left out."""
    gross: int
    """Counted in this round, pauses and all."""
    due: datetime | None
    """When the net clock reaches the allowance; None while that depends on the end of a pause, or where
    the run ended in a pause before it was due."""
    gross_due: datetime
    """When the gross clock reaches it."""
    provisional: bool
    """A day from the start to the dates above (or to now) may still change: no notice for its year yet."""
    halts: tuple[Halt, ...]

    @property
    def is_open(self) -> bool:
        """Whether the run still lasts, paused or not."""
        return self.stopped is None

    @property
    def remaining(self) -> int:
        """Minutes left on the net clock; 0 when there are none."""
        return max(self.allowance - self.net, 0)

    @property
    def late_by(self) -> int:
        """Minutes past the allowance on the net clock; 0 when in time."""
        return max(self.net - self.allowance, 0)

    @property
    def gross_late_by(self) -> int:
        """Minutes past the allowance on the clock that nothing pauses."""
        return max(self.gross - self.allowance, 0)


def runs(flow: Flow, clock: Clock, stretches: tuple[Stretch, ...]) -> tuple[Run, ...]:
    """Every run of a clock, in order; the last may be open."""
    found: list[Run] = []
    for stretch in stretches:
        at, version = stretch.minute, stretch.event.version
        inside = stretch.state in clock.runs_in
        running = bool(found) and found[-1].stopped is None
        paused_by = stretch.pause.transition if stretch.pause else ""
        if paused_by and clock.id not in flow.transitions[paused_by].clocks:
            paused_by = ""
        if running and not inside:
            dropped = flow.transitions[stretch.event.transition].kind == "withdraw"
            last, held = _halted(found[-1], at, ""), found[-1].halted
            found[-1] = replace(last, stopped=at, stopped_by=version, dropped=dropped, halted=held)
        elif running:
            found[-1] = _halted(found[-1], at, paused_by)
        elif inside and (clock.again != "never" or all(run.dropped for run in found)):
            same = clock.again == "continue" and bool(found)
            number = found[-1].round + (not same) if found else 1
            found.append(Run(clock.id, len(found) + 1, number, at, None, version, None, False, ()))
    return tuple(found)


def _halted(run: Run, at: int, paused_by: str) -> Run:
    """The run with its pauses brought up to date: one may begin, go on, or end here."""
    last = run.halts[-1] if run.halts and run.halts[-1].end is None else None
    if (last.transition if last else "") == paused_by:
        return run
    halts = run.halts if last is None else (*run.halts[:-1], replace(last, end=at))
    if not paused_by:
        return replace(run, halts=halts, halted=False)
    return replace(run, halts=(*halts, Halt(at, None, paused_by)), halted=True)


def clock_states(flow: Flow, case: Case, now: datetime, days: WorkDays) -> tuple[ClockState, ...]:
    """Every run of every clock that has begun by `now`, as it stands then; clocks in the flow's order.

    Raises BrokenHistory, NaiveInstant and OutsideCalendar.
    """
    return clocks_of(flow, replay(flow, case.until(now)), now, days)


def clocks_of(flow: Flow, standing: Standing, now: datetime, days: WorkDays) -> tuple[ClockState, ...]:
    """`clock_states` of a case that is replayed already, up to `now`."""
    calendar, minute = days.at(flow.hours), minute_of(now)
    found: list[ClockState] = []
    for clock in flow.clocks.values():
        round_: _Round | None = None
        for run in runs(flow, clock, standing.stretches):
            if round_ is None or round_.number != run.round:
                round_ = _Round(run.round, allowance(clock.limit, run.started, calendar))
            state, round_ = _state(clock, run, minute, calendar, round_)
            found.append(state)
    return tuple(found)


@dataclass(frozen=True)
class _Round:
    """What the earlier runs of a round have used, and the dates on which they used it up."""

    number: int
    given: int
    net: int = 0
    gross: int = 0
    due: int | None = None
    gross_due: int | None = None
    provisional: bool = False


def _state(
    clock: Clock, run: Run, now: int, calendar: WorkCalendar, before: _Round
) -> tuple[ClockState, _Round]:
    """A run at a minute, and its round with this run counted in."""
    base, given = clock.limit.base, before.given
    end = now if run.stopped is None else run.stopped
    net, due = before.net, before.due
    for a, b in run.ticking(end):
        ticked = measure(base, a, b, calendar)
        if due is None and given <= net + ticked:
            due = shift(base, a, given - net, calendar)
        net += ticked
    reached = due
    if due is None and not run.halted:
        due = shift(base, end, given - net, calendar)
    gross = before.gross + measure(base, run.started, end, calendar)
    gross_due = before.gross_due
    if gross_due is None:
        gross_due = shift(base, run.started, given - before.gross, calendar)
    last = max(end, gross_due, end if due is None else due)
    unsure = before.provisional or (base == "working" and calendar.is_provisional(run.started, last))
    round_ = _Round(before.number, given, net, gross, reached, gross_due if gross >= given else None, unsure)
    state = ClockState(
        clock=clock.id,
        run=run.number,
        round=run.round,
        status=_status(run),
        started=instant_of(run.started),
        stopped=None if run.stopped is None else instant_of(run.stopped),
        started_by=run.started_by,
        stopped_by=run.stopped_by,
        allowance=given,
        net=net,
        gross=gross,
        due=None if due is None else instant_of(due),
        gross_due=instant_of(gross_due),
        provisional=unsure,
        halts=run.halts,
    )
    return state, round_


def _status(run: Run) -> Status:
    if run.stopped is not None:
        return "dropped" if run.dropped else "stopped"
    return "paused" if run.halted else "running"
