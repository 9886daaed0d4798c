"""Everybody does at random what they may in the exchange: no way leads astray, and the clocks stay right."""

from __future__ import annotations

from datetime import datetime

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from liantu.casework.act import Refusal, act, open_to
from liantu.casework.case import Actor, Case, new_case, replay
from liantu.casework.check_reach import Situation, explore
from liantu.casework.flow import Transition
from liantu.casework.view import view
from tests.casework import plain
from tests.casework.people import (
    COLLEAGUE,
    EVIDENCE,
    EXCHANGE,
    LEAD,
    LEADER,
    NEEDING,
    OUTSIDER,
    OWNER,
    PARK,
    SUPPLYING,
)
from tests.casework.plain_clocks import plain_states
from tests.casework.random_cases import Gap, gaps, starts
from tests.casework.test_histories import HISTORIES, seen

PEOPLE = (NEEDING, OWNER, COLLEAGUE, LEAD, PARK, SUPPLYING, LEADER, OUTSIDER)
REACHED = set(explore(EXCHANGE))
Turn = tuple[Actor, int, Gap, bool]
turns = st.lists(
    st.tuples(st.sampled_from(PEOPLE), st.integers(0, 30), gaps, st.sampled_from([True, True, True, False])),
    min_size=5,
    max_size=30,
)


def ask(case: Case, step: Transition, by: Actor, at: datetime) -> Case | Refusal:
    """Ask for a step with all it needs."""
    return act(
        EXCHANGE,
        case,
        step.id,
        by=by,
        at=at,
        version=case.version,
        evidence={name: EVIDENCE[name] for name in step.evidence},
        reason="so" if step.needs_reason else "",
        owner=COLLEAGUE.id if step.owner == "named" else None,
    )


def take_turn(case: Case, turn: Turn, at: datetime) -> Case:
    """The case after a turn: somebody takes a step forward if anybody can, or one person any step."""
    by, choice, _, onwards = turn
    offered = [(by, step) for step in open_to(EXCHANGE, case, by)]
    for step in EXCHANGE.transitions.values():
        if (by, step) not in offered:  # what isn't offered is refused
            assert isinstance(ask(case, step, by, at), Refusal)
    if onwards:
        everybody = [(person, step) for person in PEOPLE for step in open_to(EXCHANGE, case, person)]
        forward = [pair for pair in everybody if pair[1].kind in ("forward", "resume", "open", "reopen")]
        offered = forward or offered
    if not offered:
        return case
    person, step = offered[choice % len(offered)]
    answer = ask(case, step, person, at)
    if isinstance(answer, Refusal):
        assert answer.code == "guard"  # four eyes, or too late to reopen
        return case
    return answer


@settings(max_examples=max(HISTORIES // 10, 50), deadline=None, suppress_health_check=list(HealthCheck))
@given(starts, turns, gaps)
def test_everybody_does_what_they_may(start: int, taken: list[Turn], last: Gap) -> None:
    case, minute = new_case(EXCHANGE, "c"), start
    for turn in taken:
        minute = turn[2].after(minute)
        if minute > 4 * 365 * 1440:  # near the end of what the plain count knows
            break
        case = take_turn(case, turn, plain.instant(minute))
    now = plain.instant(last.after(minute))
    standing = replay(EXCHANGE, case)
    pause = standing.pause.transition if standing.pause else ""
    assert Situation(standing.state, pause, standing.owner is not None) in REACHED
    shown = view(EXCHANGE, case, now, plain.DAYS)
    assert [seen(state) for state in shown.clocks] == plain_states(EXCHANGE, case, plain.index(now))
    waits = standing.state is not None and not EXCHANGE.is_final(standing.state)
    assert bool(shown.steps) == waits
    assert all(step.owed.people or step.owed.parties for step in shown.steps)
    event(f"{standing.state} {pause}")
