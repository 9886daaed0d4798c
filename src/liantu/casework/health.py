"""How a case does, in one word."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from liantu.casework.calendar import WorkCalendar
from liantu.casework.case import Case, Standing, replay
from liantu.casework.clocks import ClockState, clocks_of
from liantu.casework.days import WorkDays
from liantu.casework.flow import Flow
from liantu.casework.instants import minute_of
from liantu.casework.limits import Limit, duration, measure

Health = Literal["not_open", "done", "late", "stalled", "paused", "due_soon", "on_track"]


def health(flow: Flow, case: Case, now: datetime, days: WorkDays) -> Health:
    """The first that holds: over; a clock is late, paused or not; a pause lasts too long; paused; nothing
    stirred it for too long; a clock is due soon; on track."""
    standing = replay(flow, case.until(now))
    return health_of(flow, standing, clocks_of(flow, standing, now, days), now, days)


def health_of(
    flow: Flow, standing: Standing, clocks: tuple[ClockState, ...], now: datetime, days: WorkDays
) -> Health:
    """`health` of a case whose clocks are known already."""
    calendar, minute = days.at(flow.hours), minute_of(now)
    if standing.state is None:
        return "not_open"
    if flow.is_final(standing.state):
        return "done"
    if any(state.late_by for state in clocks if state.is_open):
        return "late"
    if standing.pause is not None:
        limit = flow.transitions[standing.pause.transition].limit
        return "stalled" if _outlasts(standing.pause.since, limit, minute, calendar) else "paused"
    if _outlasts(standing.stirred_at, flow.stalled_after, minute, calendar):
        return "stalled"
    return "due_soon" if any(is_soon(flow, state, calendar) for state in clocks) else "on_track"


def is_soon(flow: Flow, state: ClockState, calendar: WorkCalendar) -> bool:
    """Whether an open run has no more left than the clock's `soon`."""
    soon = flow.clocks[state.clock].soon
    return soon is not None and state.is_open and state.remaining <= duration(soon, calendar)


def _outlasts(since: datetime | None, limit: Limit | None, now: int, calendar: WorkCalendar) -> bool:
    """Whether more time than the limit went by since then."""
    if since is None or limit is None:
        return False
    return measure(limit.base, minute_of(since), now, calendar) > duration(limit, calendar)
