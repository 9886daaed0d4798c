"""Random histories of random flows against a plain count, minute by minute.

1,000 by default; LIANTU_HISTORIES=10000 for the long run.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from datetime import datetime

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from liantu.casework.case import Case, Event, replay
from liantu.casework.clocks import ClockState, clock_states
from liantu.casework.escalate import Key, escalations_due
from liantu.casework.flow import Flow
from liantu.casework.health import health
from liantu.casework.hours import OFFICE
from liantu.casework.instants import instant_of, minute_of
from liantu.casework.limits import duration
from tests.casework import plain
from tests.casework.plain_clocks import PlainState, plain_states
from tests.casework.random_cases import Gap, flows, gaps, history, starts, ways

HISTORIES = int(os.environ.get("LIANTU_HISTORIES", "1000"))
DAYS = plain.DAYS
many = settings(max_examples=HISTORIES, deadline=None, suppress_health_check=list(HealthCheck))
some = settings(max_examples=max(HISTORIES // 10, 50), deadline=None, suppress_health_check=list(HealthCheck))
Way = list[tuple[Gap, int, int]]


def seen(state: ClockState) -> PlainState:
    """What the engine says, in the words of the reference."""
    return PlainState(
        state.clock, state.run, state.round, state.status, plain.index(state.started),
        None if state.stopped is None else plain.index(state.stopped),
        state.allowance, state.net, state.gross,
        None if state.due is None else plain.index(state.due), plain.index(state.gross_due),
        state.provisional,
    )  # fmt: skip


def end_of(case: Case, gap: Gap) -> datetime:
    """Some time after the last event."""
    return plain.instant(gap.after(plain.index(case.events[-1].at)))


@many
@given(flows(), starts, ways, gaps)
def test_clocks_are_right_to_the_minute(flow: Flow, start: int, way: Way, gap: Gap) -> None:
    case, versions, refused = history(flow, start, way)
    now = end_of(case, gap)
    states = [seen(state) for state in clock_states(flow, case, now, DAYS)]
    expected = plain_states(flow, case, plain.index(now))
    assert states == expected
    assert versions == list(range(1, case.version + 1))
    event(f"{len(case.events)} steps")
    event(f"refused {min(refused, 3)}")
    event("provisional" if any(s.provisional for s in states) else "settled")
    event("late" if any(s.net > s.allowance for s in states) else "in time")
    event("again" if any(s.run > 1 for s in states) else "once")


@some
@given(flows(), starts, ways, gaps, st.integers(0, 13))
def test_what_was_is_not_changed_by_what_comes(flow: Flow, start: int, way: Way, gap: Gap, cut: int) -> None:
    """The clocks as of an earlier minute are those of the case as it was then, whatever happened since;
    and a run that has stopped stays as it stopped."""
    case, *_ = history(flow, start, way)
    earlier = Case(case.id, case.flow, case.events[: 1 + cut % case.version])
    then, now = earlier.events[-1].at, end_of(case, gap)
    if case.version > earlier.version and minute_of(case.events[earlier.version].at) == minute_of(then):
        return  # more happened in the same minute
    before = clock_states(flow, earlier, then, DAYS)
    assert clock_states(flow, case, then, DAYS) == before
    stopped = [state for state in before if not state.is_open]
    assert [s for s in clock_states(flow, case, now, DAYS) if s in stopped] == stopped


@some
@given(flows(), starts, ways)
def test_a_first_response_is_never_overwritten(flow: Flow, start: int, way: Way) -> None:
    case, *_ = history(flow, start, way)
    for clock in flow.clocks.values():
        if clock.again != "never":
            continue
        answers: set[tuple[int, datetime | None]] = set()
        for n in range(1, case.version + 1):
            part = Case(case.id, case.flow, case.events[:n])
            for state in clock_states(flow, part, part.events[-1].at, DAYS):
                if state.clock == clock.id and state.status == "stopped":
                    answers.add((state.run, state.stopped))
        assert len(answers) <= 1


@some
@given(flows(), starts, ways)
def test_replaying_a_stored_history_gives_the_same(flow: Flow, start: int, way: Way) -> None:
    case, *_ = history(flow, start, way)
    stored = json.loads(json.dumps([asdict(e) | {"at": e.at.isoformat()} for e in case.events]))
    events = tuple(
        Event(
            **row
            | {
                "at": datetime.fromisoformat(row["at"]),
                "acting_as": tuple(row["acting_as"]),
                "evidence": tuple((name, value) for name, value in row["evidence"]),
            }
        )
        for row in stored
    )
    assert Case(case.id, case.flow, events) == case
    assert replay(flow, Case(case.id, case.flow, events)) == replay(flow, case)


@some
@given(flows(), starts, ways, st.lists(gaps, min_size=1, max_size=6))
def test_sweeps_tell_each_level_once_and_none_is_missed(
    flow: Flow, start: int, way: Way, waits: list[Gap]
) -> None:
    case, *_ = history(flow, start, way)
    told: list[Key] = []
    minute = plain.index(case.events[-1].at)
    for wait in waits:
        minute = wait.after(minute)
        now = plain.instant(minute)
        due = escalations_due(flow, case, now, DAYS, told)
        told += [e.key for e in due]
        assert all(e.people or e.parties for e in due)
        assert escalations_due(flow, case, now, DAYS, told) == ()
        assert len(set(told)) == len(told)
    at_once = {e.key for e in escalations_due(flow, case, plain.instant(minute), DAYS)}
    assert set(told) == at_once
    expected = {
        (case.id, state.clock, state.round, level.number)
        for state in plain_states(flow, case, minute)
        for level in flow.clocks[state.clock].levels
        if level.after is not None and state.stopped is None
        if state.net - state.allowance >= duration(level.after, DAYS.at(OFFICE))
    }
    assert at_once == expected


@some
@given(flows(), starts, ways, gaps)
def test_health_follows_from_the_clocks(flow: Flow, start: int, way: Way, gap: Gap) -> None:
    case, *_ = history(flow, start, way)
    now = end_of(case, gap)
    standing = replay(flow, case)
    running = [s for s in plain_states(flow, case, plain.index(now)) if s.stopped is None]
    word = health(flow, case, now, DAYS)
    late = any(s.net > s.allowance for s in running)
    assert (word == "done") == (standing.state in ("done", "gone"))
    assert (word == "late") == late
    if word not in ("done", "late"):
        assert (standing.pause is not None) == (word == "paused")
        assert standing.stirred_at is not None
        idle = plain.between(standing.stirred_at, now) > 3 * 420
        assert (idle and standing.pause is None) == (word == "stalled")
    event(word)


def test_minutes_and_instants_are_one() -> None:
    for minute in range(0, 10**8, 10**6 + 7):
        assert minute_of(instant_of(minute)) == minute
