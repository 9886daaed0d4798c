"""Clocks by hand, in the exchange: over the National Day, paused, returned, reopened, without notice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from liantu.casework.calendar import OutsideCalendar
from liantu.casework.case import Case, new_case
from liantu.casework.clocks import ClockState, clock_states
from liantu.casework.health import health
from liantu.casework.hours import Hours
from liantu.casework.limits import Limit
from tests.casework import plain
from tests.casework.people import (
    EXCHANGE,
    LEADER,
    NEEDING,
    OWNER,
    SUPPLYING,
    TO_CLOSED,
    TO_CONTRACT,
    at,
    walk,
)

DAY = 420
"""Minutes of work."""


def clocks(case: Case, now: str, clock: str) -> list[ClockState]:
    return [s for s in clock_states(EXCHANGE, case, at(now), plain.DAYS) if s.clock == clock]


class TestOneRun:
    def test_over_the_made_up_sunday(self) -> None:
        """Stated on Friday 26 September 2025 at 10:00: two working days are Sunday 28 and Monday 29."""
        case = walk(TO_CONTRACT[0])
        (first,) = clocks(case, "2025-09-28 09:00", "response")
        assert first.status == "running"
        assert first.allowance == 330 + 2 * DAY  # the rest of Friday, and two days
        assert first.net == first.gross == 330 + 30
        assert first.remaining == 2 * DAY - 30
        assert first.due == first.gross_due == at("2025-09-29 18:00")
        assert not first.provisional
        (late,) = clocks(case, "2025-10-09 08:31", "response")
        assert (late.remaining, late.late_by) == (0, DAY + 1)  # Tuesday 30, and a minute after the holiday

    def test_it_stops_when_it_is_answered(self) -> None:
        case = walk(*TO_CONTRACT[:2])
        for now in ("2025-09-26 16:00", "2026-03-01 10:00"):
            (first,) = clocks(case, now, "response")
            assert (first.status, first.net, first.stopped) == ("stopped", 210, at("2025-09-26 16:00"))
            assert first.stopped_by == 2

    def test_seconds_count_for_nothing(self) -> None:
        case = walk(("state_need", NEEDING, "2025-09-26 10:00:59"))
        (first,) = clocks(case, "2025-09-26 10:00:00", "response")
        assert first.net == 0
        (first,) = clocks(case, "2025-09-26 10:01:01", "response")
        assert first.net == 1

    def test_before_it_was_opened_there_is_nothing(self) -> None:
        case = walk(*TO_CONTRACT)
        assert clock_states(EXCHANGE, case, at("2025-09-26 09:59"), plain.DAYS) == ()
        assert clock_states(EXCHANGE, new_case(EXCHANGE, "c"), at("2025-09-26 10:00"), plain.DAYS) == ()

    def test_outside_the_calendar_it_refuses(self) -> None:
        with pytest.raises(OutsideCalendar):
            clock_states(EXCHANGE, walk(TO_CONTRACT[0]), at("2061-02-01 00:00"), plain.DAYS)


class TestTwoClocks:
    CASE = walk(
        *TO_CONTRACT[:4],  # site visited on 30 September at 9:00; 20 working days from then
        ("pause_safety", OWNER, "2025-10-09 09:00"),
        ("reviewed", OWNER, "2025-10-16 09:00"),
    )

    def test_the_pause_moves_one_due_date_and_not_the_other(self) -> None:
        """9 to 16 October holds five working days and the Saturday made up."""
        (terms,) = clocks(self.CASE, "2025-10-16 10:00", "terms")
        assert terms.gross_due == at("2025-11-04 18:00")  # 9, 10, 11; three weeks of five; 3, 4
        assert terms.due == at("2025-11-12 18:00")  # six working days later
        assert terms.gross - terms.net == 6 * DAY
        (halt,) = terms.halts
        assert halt.transition == "pause_safety"

    def test_while_it_lasts_there_is_no_due_date_but_the_firm_one(self) -> None:
        (terms,) = clocks(self.CASE, "2025-10-14 09:00", "terms")
        assert terms.status == "paused"
        assert terms.due is None
        assert terms.gross_due == at("2025-11-04 18:00")
        before, after = (
            clocks(self.CASE, now, "terms")[0] for now in ("2025-10-09 09:00", "2025-10-16 09:00")
        )
        assert before.net == terms.net == after.net

    def test_a_pause_stops_only_the_clocks_it_names(self) -> None:
        (visiting,) = clocks(self.CASE, "2025-10-14 09:00", "visiting")
        assert visiting.status == "stopped"
        case = walk(*TO_CONTRACT, ("pause_shutdown", OWNER, "2025-10-13 09:00"))
        states = clock_states(EXCHANGE, case, at("2025-10-14 09:00"), plain.DAYS)
        assert {s.clock for s in states if s.status == "paused"} == {"connection", "whole"}

    def test_a_pause_does_not_hide_that_it_was_late(self) -> None:
        case = walk(*TO_CONTRACT[:3], ("pause_shutdown", OWNER, "2025-11-20 09:00"))
        late = [clocks(case, now, "visiting")[0].late_by for now in ("2025-11-20 09:00", "2025-12-20 09:00")]
        assert late[0] == late[1] > 0
        assert health(EXCHANGE, case, at("2025-11-21 09:00"), plain.DAYS) == "late"


class TestAgain:
    def test_a_return_does_not_refresh_what_is_left(self) -> None:
        """Terms are talked over for four days, the supplier declines, the next one has the rest."""
        case = walk(
            *TO_CONTRACT[:4],
            ("decline", SUPPLYING, "2025-10-11 09:00"),
            ("make_contact", OWNER, "2025-10-13 09:00"),
            ("visit", OWNER, "2025-10-15 09:00"),
        )
        one, two = clocks(case, "2025-10-16 09:00", "terms")
        assert (one.status, one.round, two.round) == ("stopped", 1, 1)
        assert one.allowance == two.allowance
        assert one.net == 3 * DAY  # 30 September, 9 and 10 October
        assert two.net == 4 * DAY
        one, two = clocks(case, "2025-10-16 09:00", "visiting")
        assert (one.round, two.round) == (1, 2)  # that clock starts afresh

    def test_reopening_starts_a_run_and_leaves_the_old_ones(self) -> None:
        closed = walk(*TO_CLOSED)
        before = clock_states(EXCHANGE, closed, at("2025-12-05 09:00"), plain.DAYS)
        case = walk(("reopen", NEEDING, "2026-02-10 09:00"), case=closed)
        after = clock_states(EXCHANGE, case, at("2026-02-11 09:00"), plain.DAYS)
        assert [s for s in after if s in before] == list(before)
        new = [s for s in after if s not in before]
        assert [(s.clock, s.run, s.round, s.status) for s in new] == [
            ("connection", 2, 2, "running"),
            ("whole", 2, 1, "running"),
        ]
        assert new[0].net == new[0].gross == 1440

    def test_the_first_response_stays_the_first(self) -> None:
        case = walk(*TO_CONTRACT[:2], ("hand_back", OWNER, "2025-09-28 09:00"))
        (first,) = clocks(case, "2025-10-20 09:00", "response")
        assert first.stopped == at("2025-09-26 16:00")
        assert len(clocks(case, "2025-10-20 09:00", "taking")) == 2

    def test_a_need_withdrawn_unanswered_has_its_first_response_before_it(self) -> None:
        case = walk(
            TO_CONTRACT[0],
            ("withdraw", NEEDING, "2025-09-26 11:00"),
            ("state_again", NEEDING, "2025-09-28 09:00"),
        )
        dropped, running = clocks(case, "2025-09-28 10:00", "response")
        assert (dropped.status, dropped.net) == ("dropped", 60)
        assert (running.status, running.net) == ("running", 60)
        answered = walk(("take", OWNER, "2025-09-28 10:00"), case=case)
        assert [s.status for s in clocks(answered, "2025-09-29 10:00", "response")] == ["dropped", "stopped"]


class TestYearsWithoutNotice:
    def test_due_dates_there_are_provisional(self) -> None:
        case = walk(("state_need", NEEDING, "2026-12-23 10:00"))
        (first,) = clocks(case, "2026-12-23 11:00", "response")
        assert (first.due, first.provisional) == (at("2026-12-25 18:00"), False)
        case = walk(("state_need", NEEDING, "2026-12-31 10:00"))
        (first,) = clocks(case, "2026-12-31 11:00", "response")
        assert (first.due, first.provisional) == (at("2027-01-04 18:00"), True)

    def test_the_calendars_own_time_is_never_provisional(self) -> None:
        case = walk(("state_need", NEEDING, "2026-12-31 10:00"))
        (whole,) = clocks(case, "2026-12-31 11:00", "whole")
        assert (whole.due, whole.provisional) == (at("2027-06-30 00:00"), False)


class TestHealth:
    @pytest.mark.parametrize(
        ("steps", "now", "word"),
        [
            (1, "2025-09-26 11:00", "on_track"),
            (1, "2025-09-29 14:30", "due_soon"),  # three and a half hours are left
            (1, "2025-09-29 18:00", "due_soon"),
            (1, "2025-09-30 08:30", "due_soon"),  # nobody has worked a minute since
            (1, "2025-09-30 08:31", "late"),
            (6, "2025-10-10 10:00", "on_track"),
            (6, "2025-10-30 09:00", "on_track"),
            (6, "2025-10-30 09:01", "stalled"),  # signed on 10 October at 9:00: 15 working days, a minute
            (9, "2027-01-01 00:00", "done"),
        ],
    )
    def test_in_one_word(self, steps: int, now: str, word: str) -> None:
        assert health(EXCHANGE, walk(*TO_CLOSED[:steps]), at(now), plain.DAYS) == word

    def test_a_reminder_does_not_stir_a_stalled_case(self) -> None:
        case = walk(*TO_CONTRACT, ("remind", LEADER, "2025-11-07 09:00"))
        assert health(EXCHANGE, case, at("2025-11-07 10:00"), plain.DAYS) == "stalled"

    def test_a_pause_that_lasts_too_long_is_stalled(self) -> None:
        case = walk(*TO_CONTRACT, ("pause_shutdown", OWNER, "2025-10-13 09:00"))
        words = [health(EXCHANGE, case, at(now), plain.DAYS)
                 for now in ("2025-12-12 09:00", "2025-12-12 09:01")]  # fmt: skip
        assert words == ["paused", "stalled"]

    def test_before_it_is_opened(self) -> None:
        assert health(EXCHANGE, new_case(EXCHANGE, "c"), at("2025-12-12 09:00"), plain.DAYS) == "not_open"


def test_a_flow_may_have_its_own_hours_and_any_unit() -> None:
    """A hotline that is staffed from 8 to 20 counts its own hours; a day of it is twelve."""
    clock = replace(EXCHANGE.clocks["response"], limit=Limit(13, "working_hours"))
    flow = replace(EXCHANGE, hours=Hours.of("08:00-20:00"), clocks={"response": clock})
    (first,) = clock_states(flow, walk(TO_CONTRACT[0]), at("2025-09-26 20:30"), plain.DAYS)
    assert (first.net, first.due) == (600, at("2025-09-28 11:00"))
