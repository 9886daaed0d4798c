"""Whoever must hear of a late case does, once; owner or not."""

from __future__ import annotations

import pytest

from liantu.casework.case import Case
from liantu.casework.escalate import Escalation, Key, escalations_due
from tests.casework import plain
from tests.casework.people import EXCHANGE, NEEDING, OWNER, TO_CONTRACT, at, walk

STATED = walk(TO_CONTRACT[0])


def due(case: Case, now: str, told: set[Key] | None = None, clock: str = "response") -> list[Escalation]:
    found = escalations_due(EXCHANGE, case, at(now), plain.DAYS, told or set())
    return [e for e in found if e.clock == clock]


class TestLevels:
    @pytest.mark.parametrize(
        ("now", "levels"),
        [
            ("2025-09-29 18:00", []),  # due, and in time until somebody works another minute
            ("2025-10-01 00:00", [1, 2]),  # the whole of the 30th late
            ("2025-09-30 08:31", [1]),
            ("2025-09-30 17:59", [1]),
            ("2025-10-08 23:59", [1, 2]),  # nobody works over the holiday
            ("2025-10-10 17:59", [1, 2]),
            ("2025-10-10 18:00", [1, 2, 3]),
        ],
    )
    def test_they_come_with_lateness(self, now: str, levels: list[int]) -> None:
        assert [e.level for e in due(STATED, now)] == levels

    def test_each_is_told_once_and_only_what_is_new(self) -> None:
        told: set[Key] = set()
        days = [f"2025-{day} {hour}" for day in ("09-30", "10-09", "10-10") for hour in ("09:00", "18:00")]
        new = []
        for now in days:
            for _ in range(3):  # a sweep may run as often as it likes
                found = due(STATED, now, told)
                told |= {e.key for e in found}
                new += [(now, e.level) for e in found]
        assert new == [("2025-09-30 09:00", 1), ("2025-09-30 18:00", 2), ("2025-10-10 18:00", 3)]

    def test_an_answered_case_escalates_no_more(self) -> None:
        case = walk(("take", OWNER, "2025-10-09 09:00"), case=STATED)
        assert due(case, "2025-10-09 10:00") == []

    def test_a_case_that_comes_back_with_a_fresh_limit_is_a_new_matter(self) -> None:
        first = due(STATED, "2025-10-10 18:00", clock="taking")
        case = walk(("withdraw", NEEDING, "2025-10-11 09:00"), case=STATED)
        case = walk(("state_again", NEEDING, "2025-10-13 09:00"), case=case)
        told = {e.key for e in first}
        again = due(case, "2025-10-31 18:00", told, clock="taking")
        assert [(e.round, e.level) for e in first + again] == [(1, 1), (2, 1)]


class TestRecipients:
    def test_a_case_without_owner_reaches_who_answers_for_it(self) -> None:
        (taking,) = due(STATED, "2025-10-10 18:00", clock="taking")
        assert EXCHANGE.clocks["taking"].levels[0].to == ("owner",)
        assert (taking.people, taking.parties) == ((), ("task_force_lead",))

    def test_an_owner_is_told_in_person(self) -> None:
        case = walk(*TO_CONTRACT[:2])
        one, two = due(case, "2025-10-10 18:00", clock="contacting")
        assert (one.people, one.parties) == ((OWNER.id,), ())
        assert (two.people, two.parties) == ((OWNER.id,), ("task_force_lead",))

    def test_supervision_hears_of_cases_that_pauses_keep_in_time(self) -> None:
        """Paused over and over for two hundred days: the net clock is in time, the gross one isn't."""
        case = walk(*TO_CONTRACT, ("pause_shutdown", OWNER, "2025-10-13 09:00"))
        found = due(case, "2026-04-26 09:00", clock="whole")
        assert [(e.level, e.parties) for e in found] == [(2, ("supervisor",))]
