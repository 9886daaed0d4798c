"""A need is followed up: who may do what, what is refused and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from liantu.casework.act import Refusal, act, open_to
from liantu.casework.case import Actor, BrokenHistory, Case, Event, new_case, replay
from liantu.casework.clocks import clock_states
from liantu.casework.health import health
from liantu.casework.sentences import refusal_sentence
from liantu.casework.steps import next_steps
from liantu.casework.view import view
from tests.casework import plain
from tests.casework.people import (
    COLLEAGUE,
    EXCHANGE,
    LEAD,
    LEADER,
    NEEDING,
    OUTSIDER,
    OWNER,
    PARK,
    SUPPLYING,
    TO_CLOSED,
    TO_CONTRACT,
    at,
    attempt,
    walk,
)

TAKEN = walk(*TO_CONTRACT[:2])
DAYS = plain.DAYS


def refused(answer: Case | Refusal) -> str:
    assert isinstance(answer, Refusal)
    assert refusal_sentence(answer, EXCHANGE, "zh") != refusal_sentence(answer, EXCHANGE, "en") != ""
    return answer.code


class TestTheWholeWay:
    def test_from_need_to_tonnes(self) -> None:
        case = walk(*TO_CLOSED)
        standing = replay(EXCHANGE, case)
        assert standing.state == "closed"
        assert standing.owner == OWNER.id
        assert standing.opener == NEEDING.id
        assert standing.evidence["verified_tonnes"] == 1200.0
        assert [e.version for e in case.events] == list(range(1, 10))
        assert case.events[6].acting_as == ("park_officer",)

    def test_the_case_before_a_step_is_untouched(self) -> None:
        walk(("make_contact", OWNER, "2025-09-28 09:00"), case=TAKEN)
        assert TAKEN.version == 2
        assert replay(EXCHANGE, TAKEN).state == "taken"

    def test_a_task_force_may_start_from_a_match(self) -> None:
        case = walk(("propose", OWNER, "2025-09-26 10:00"))
        assert replay(EXCHANGE, case).owner == OWNER.id

    def test_the_supplier_declines_and_another_is_looked_for(self) -> None:
        case = walk(*TO_CONTRACT[:4], ("decline", SUPPLYING, "2025-09-30 10:00"))
        assert replay(EXCHANGE, case).state == "taken"

    def test_a_closed_case_may_be_rated_and_is_still_closed(self) -> None:
        case = walk(*TO_CLOSED, ("rate", NEEDING, "2025-12-06 09:00"))
        assert replay(EXCHANGE, case).state == "closed"


class TestWhoMay:
    @pytest.mark.parametrize("by", [COLLEAGUE, LEAD, LEADER, NEEDING, SUPPLYING, OUTSIDER, PARK, Actor("x")])
    def test_only_the_owner_contacts(self, by: Actor) -> None:
        assert refused(attempt(TAKEN, "make_contact", by, "2025-09-28 09:00")) == "not_allowed"
        assert isinstance(attempt(TAKEN, "make_contact", OWNER, "2025-09-28 09:00"), Case)

    def test_nobody_is_owner_by_saying_so(self) -> None:
        for liar in (
            Actor("mallory", frozenset({"owner"})),
            Actor("mallory", relations=frozenset({"owner", "opener"})),
        ):
            assert refused(attempt(TAKEN, "make_contact", liar, "2025-09-28 09:00")) == "not_allowed"

    def test_a_colleague_acts_once_the_case_is_theirs(self) -> None:
        case = walk(("reassign", LEAD, "2025-09-28 08:30"), case=TAKEN, owner=COLLEAGUE.id)
        assert refused(attempt(case, "make_contact", OWNER, "2025-09-28 09:00")) == "not_allowed"
        assert isinstance(attempt(case, "make_contact", COLLEAGUE, "2025-09-28 09:00"), Case)

    def test_an_outsider_learns_nothing_from_being_refused(self) -> None:
        """Neither where the case stands, nor how far it is, nor when it was last touched."""
        for steps in range(1, len(TO_CLOSED) + 1):
            case = walk(*TO_CLOSED[:steps])
            for step in EXCHANGE.transitions:
                for version, when in ((0, "2025-12-08 09:00"), (case.version, "2025-01-01 09:00")):
                    answer = attempt(case, step, OUTSIDER, when, version=version)
                    assert answer == Refusal("not_allowed", {"transition": step, "by": OUTSIDER.id})

    def test_an_outsider_has_no_step_at_all(self) -> None:
        for steps in range(1, len(TO_CLOSED) + 1):
            assert open_to(EXCHANGE, walk(*TO_CLOSED[:steps]), OUTSIDER) == ()

    def test_pages_offer_what_may_be_asked_for(self) -> None:
        assert [t.id for t in open_to(EXCHANGE, TAKEN, OWNER)] == ["make_contact", "hand_back", "refuse"]
        assert [t.id for t in open_to(EXCHANGE, TAKEN, NEEDING)] == ["withdraw", "remind"]
        assert [t.id for t in open_to(EXCHANGE, new_case(EXCHANGE, "c"), NEEDING)] == ["state_need"]

    def test_who_supplied_does_not_verify(self) -> None:
        """Four eyes: the head of the task force who owns the case and began the supply can't close it."""
        case = walk(*TO_CLOSED[:7], ("reassign", LEAD, "2025-11-21 09:00"), owner=LEAD.id)
        case = walk(("supply", LEAD, "2025-12-01 09:00"), case=case)
        answer = attempt(case, "close", LEAD, "2025-12-05 09:00")
        assert refused(answer) == "guard"
        assert isinstance(answer, Refusal)
        said = "“核实办结”的条件未满足：与上一步经办人不同。"
        assert refusal_sentence(answer, EXCHANGE, "zh") == said


class TestNoStepTwice:
    def test_a_stale_version_is_refused(self) -> None:
        once = attempt(TAKEN, "make_contact", OWNER, "2025-09-28 09:00", version=2)
        assert isinstance(once, Case)
        answer = attempt(once, "make_contact", OWNER, "2025-09-28 09:00", version=2)
        assert refused(answer) == "stale_version"
        assert isinstance(answer, Refusal)
        assert answer.params == {"version": 3, "given": 2}

    def test_with_the_new_version_it_does_not_start_from_there(self) -> None:
        once = walk(("make_contact", OWNER, "2025-09-28 09:00"), case=TAKEN)
        assert refused(attempt(once, "make_contact", OWNER, "2025-09-28 09:00")) == "not_from_here"

    def test_a_version_to_come_is_refused_too(self) -> None:
        assert (
            refused(attempt(TAKEN, "make_contact", OWNER, "2025-09-28 09:00", version=3)) == "stale_version"
        )

    def test_of_two_colleagues_who_take_it_the_first_has_it(self) -> None:
        stated = walk(*TO_CONTRACT[:1])
        first = attempt(stated, "take", OWNER, "2025-09-26 16:00", version=1)
        assert isinstance(first, Case)
        assert refused(attempt(first, "take", COLLEAGUE, "2025-09-26 16:00", version=1)) == "stale_version"
        assert replay(EXCHANGE, first).owner == OWNER.id

    def test_a_case_is_opened_once(self) -> None:
        assert refused(attempt(TAKEN, "state_need", NEEDING, "2025-10-09 09:00")) == "not_from_here"


class TestWhatIsNeeded:
    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"quantity": None}, "evidence_missing"),
            ({"quantity": "much"}, "evidence_wrong"),
            ({"quantity": -1}, "evidence_wrong"),
            ({"quantity": True}, "evidence_wrong"),
            ({"quantity": float("nan")}, "evidence_wrong"),
            ({"quantity": float("inf")}, "evidence_wrong"),
            ({"quantity": 0}, "guard"),
            ({"signed_on": "2025-10-09"}, "evidence_unknown"),
        ],
    )
    def test_terms_need_quantity_and_price(self, changed: dict[str, object], code: str) -> None:
        case = walk(*TO_CONTRACT[:4])
        assert refused(attempt(case, "agree", OWNER, "2025-10-09 09:00", **changed)) == code  # type: ignore[arg-type]

    @pytest.mark.parametrize("day", ["", " ", "20251009", "2025-02-30", "9 October", 20251009])
    def test_a_date_is_an_iso_date(self, day: str | int) -> None:
        case = walk(*TO_CONTRACT[:5])
        assert refused(attempt(case, "sign", OWNER, "2025-10-10 09:00", signed_on=day)) == "evidence_wrong"

    def test_a_refusal_gives_its_reason_and_answer(self) -> None:
        assert refused(attempt(TAKEN, "refuse", OWNER, "2025-09-28 09:00", reason="  ")) == "reason_missing"
        missing = attempt(TAKEN, "refuse", OWNER, "2025-09-28 09:00", answer=None)
        assert refused(missing) == "evidence_missing"
        assert isinstance(missing, Refusal)
        assert refusal_sentence(missing, EXCHANGE, "zh") == "“不予对接”缺少：答复。"

    def test_an_owner_is_named_where_one_is_asked_for_and_nowhere_else(self) -> None:
        stated = walk(*TO_CONTRACT[:1])
        assert refused(attempt(stated, "dispatch", LEAD, "2025-09-26 11:00")) == "owner_unnamed"
        assert refused(attempt(stated, "take", OWNER, "2025-09-26 11:00", owner="li")) == "owner_unwanted"

    def test_time_does_not_run_backwards_and_has_a_zone(self) -> None:
        assert refused(attempt(TAKEN, "make_contact", OWNER, "2025-09-26 15:59:59")) == "time_backwards"
        assert isinstance(attempt(TAKEN, "make_contact", OWNER, "2025-09-26 16:00"), Case)
        naive = datetime(2025, 9, 28, 9)
        assert refused(act(EXCHANGE, TAKEN, "remind", by=LEADER, at=naive, version=2)) == "naive_instant"

    def test_unknown_things_are_refused(self) -> None:
        done = act(EXCHANGE, TAKEN, "fly", by=OWNER, at=at("2025-09-28 09:00"), version=2)
        assert refused(done) == "unknown_transition"
        later = replace(EXCHANGE, edition=EXCHANGE.edition + 1)
        done = act(later, TAKEN, "make_contact", by=OWNER, at=at("2025-09-28 09:00"), version=2)
        assert refused(done) == "wrong_flow"


class TestPausesAndEnds:
    def test_a_pause_stops_the_way_forward_but_not_the_withdrawal(self) -> None:
        case = walk(*TO_CONTRACT, ("pause_shutdown", OWNER, "2025-10-13 09:00"))
        assert refused(attempt(case, "connect", OWNER, "2025-10-14 09:00")) == "paused"
        assert refused(attempt(case, "pause_safety", OWNER, "2025-10-14 09:00")) == "paused"
        assert refused(attempt(case, "reviewed", OWNER, "2025-10-14 09:00")) == "other_pause"
        gone = walk(("withdraw", NEEDING, "2025-10-14 09:00"), case=case)
        assert replay(EXCHANGE, gone).state == "withdrawn"
        assert replay(EXCHANGE, gone).pause is None
        again = walk(("restart", SUPPLYING, "2025-10-14 09:00"), case=case)
        assert isinstance(attempt(again, "connect", PARK, "2025-10-14 10:00"), Case)

    def test_what_is_not_paused_does_not_resume(self) -> None:
        assert refused(attempt(walk(*TO_CONTRACT), "restart", OWNER, "2025-10-14 09:00")) == "not_paused"

    def test_over_is_over_until_it_is_reopened_in_time(self) -> None:
        case = walk(*TO_CLOSED)
        for step in EXCHANGE.transitions.values():
            if step.kind not in ("reopen", "stay"):
                for by in (OWNER, LEAD, NEEDING, SUPPLYING):
                    answer = attempt(case, step.id, by, "2025-12-08 09:00")
                    assert refused(answer) in ("not_from_here", "not_paused", "not_allowed")
        assert replay(EXCHANGE, walk(("reopen", NEEDING, "2026-12-05 09:00"), case=case)).state == "contract"
        assert refused(attempt(case, "reopen", NEEDING, "2026-12-05 09:01")) == "guard"

    def test_a_need_stated_again_has_no_owner(self) -> None:
        case = walk(*TO_CONTRACT[:2], ("withdraw", NEEDING, "2025-09-29 09:00"))
        case = walk(("state_again", NEEDING, "2025-10-10 09:00"), case=case)
        assert replay(EXCHANGE, case).owner is None
        assert isinstance(attempt(case, "take", COLLEAGUE, "2025-10-10 10:00"), Case)


class TestWhoOwes:
    def test_the_task_force_owes_the_taking_then_the_owner_the_contact(self) -> None:
        stated = walk(*TO_CONTRACT[:1])
        take, dispatch = next_steps(EXCHANGE, stated, at("2025-09-26 11:00"), DAYS)
        assert take.owed.parties == (frozenset({"task_force"}),)
        assert dispatch.owed.parties == (frozenset({"task_force_lead"}),)
        assert take.due == at("2025-09-29 18:00")  # Friday, then the Sunday made up, then Monday
        (contact,) = next_steps(EXCHANGE, TAKEN, at("2025-09-28 08:30"), DAYS)
        assert contact.transition == "make_contact"
        assert contact.owed.people == (OWNER.id,)
        assert contact.evidence == ("contact_note",)
        assert contact.due == at("2025-09-30 18:00")

    def test_in_a_pause_its_end_is_owed_and_without_date(self) -> None:
        case = walk(*TO_CONTRACT[:5], ("pause_safety", OWNER, "2025-10-09 10:00"))
        (step,) = next_steps(EXCHANGE, case, at("2025-10-10 10:00"), DAYS)
        assert step.transition == "reviewed"
        assert step.owed.people == (OWNER.id,)
        assert step.due is None

    def test_it_waits_for_whom_it_is_owed_by_and_for_nobody_else(self) -> None:
        stated = view(EXCHANGE, walk(*TO_CONTRACT[:1]), at("2025-09-26 11:00"), DAYS)
        taken = view(EXCHANGE, TAKEN, at("2025-09-28 08:30"), DAYS)
        for seen, waits_for in ((stated, {OWNER, COLLEAGUE, LEAD}), (taken, {OWNER})):
            people = {OWNER, COLLEAGUE, LEAD, LEADER, NEEDING, SUPPLYING, OUTSIDER, PARK}
            owe = {p for p in people if any(step.owed.falls_to(p, seen.standing) for step in seen.steps)}
            assert owe == waits_for

    def test_a_view_is_all_of_it(self) -> None:
        now = at("2025-10-09 10:00")
        seen = view(EXCHANGE, TAKEN, now, DAYS)
        assert seen.standing == replay(EXCHANGE, TAKEN)
        assert seen.clocks == clock_states(EXCHANGE, TAKEN, now, DAYS)
        assert seen.health == health(EXCHANGE, TAKEN, now, DAYS) == "late"
        assert seen.steps == next_steps(EXCHANGE, TAKEN, now, DAYS)
        assert seen.due == at("2025-09-30 18:00")

    def test_nobody_owes_anything_when_it_is_over(self) -> None:
        assert next_steps(EXCHANGE, walk(*TO_CLOSED), at("2025-12-08 09:00"), DAYS) == ()


class TestBrokenHistories:
    """What no way through the engine produces is found when it is replayed."""

    CASE = walk(*TO_CONTRACT)

    @pytest.mark.parametrize("lost", range(5))
    def test_a_lost_event(self, lost: int) -> None:
        events = self.CASE.events
        renumbered = [
            replace(e, version=n) for n, e in enumerate(events[:lost] + events[lost + 1 :], start=1)
        ]
        for broken in (events[:lost] + events[lost + 1 :], tuple(renumbered)):
            with pytest.raises(BrokenHistory):
                replay(EXCHANGE, replace(self.CASE, events=broken))

    def test_a_changed_time_or_transition(self) -> None:
        *before, last = self.CASE.events
        for changed in (
            replace(last, at=at("2025-01-01 09:00")),
            replace(last, transition="close"),
            replace(last, transition="fly"),
        ):
            with pytest.raises(BrokenHistory):
                replay(EXCHANGE, replace(self.CASE, events=(*before, changed)))

    def test_events_of_another_flow(self) -> None:
        event = Event(1, "take", "x", (), at("2025-09-26 10:00"))
        with pytest.raises(BrokenHistory):
            replay(EXCHANGE, Case("c", EXCHANGE.key, (event,)))
        with pytest.raises(BrokenHistory):
            replay(EXCHANGE, Case("c", "snapshot@1", ()))
