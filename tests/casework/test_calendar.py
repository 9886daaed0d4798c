"""Working time: by hand over the National Day, year ends and a year without notice; laws; a plain count."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from liantu.casework.calendar import OutsideCalendar, WorkCalendar
from liantu.casework.days import BadDays, CalendarDay, WorkDays
from liantu.casework.hours import OFFICE, BadHours, Hours
from liantu.casework.instants import CHINA, NaiveInstant, minute_of
from liantu.casework.limits import Limit, allowance
from liantu.casework.seed import published, published_days, published_years
from tests.casework import plain

CALENDAR = plain.DAYS.at(OFFICE)


def at(text: str) -> datetime:
    """'2025-09-30 17:00' in China."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


instants = st.integers(0, 4 * 365 * 1440).map(lambda m: at("2024-03-01 00:00") + timedelta(minutes=m))
"""From March 2024 to February 2028."""
works = st.integers(-420 * 20, 420 * 60)


class TestNationalDay:
    """2025: off 1-8 October, worked 28 September (Sunday) and 11 October (Saturday).
    2026: off 1-7 October, worked 20 September (Sunday) and 10 October (Saturday)."""

    @pytest.mark.parametrize(
        ("start", "end", "minutes"),
        [
            ("2025-09-27 00:00", "2025-09-29 00:00", 420),  # Saturday off, Sunday made up
            ("2025-09-30 17:00", "2025-10-09 09:00", 90),  # across the whole holiday
            ("2025-10-10 18:00", "2025-10-13 08:30", 420),  # Saturday 11 is worked, Sunday not
            ("2025-09-28 00:00", "2025-10-13 00:00", 420 * 6),  # 28, 29, 30, 9, 10, 11
            ("2026-09-19 00:00", "2026-09-21 00:00", 420),
            ("2026-09-30 17:59", "2026-10-08 08:31", 2),
            ("2026-10-08 00:00", "2026-10-12 00:00", 420 * 3),  # Thursday, Friday, Saturday made up
            ("2026-09-24 18:00", "2026-09-28 08:30", 0),  # Mid-autumn and its weekend
        ],
    )
    def test_minutes_between(self, start: str, end: str, minutes: int) -> None:
        assert CALENDAR.working_minutes_between(at(start), at(end)) == minutes
        assert CALENDAR.working_minutes_between(at(end), at(start)) == -minutes
        assert plain.between(at(start), at(end)) == minutes

    @pytest.mark.parametrize(
        ("start", "minutes", "end"),
        [
            ("2025-09-26 17:00", 3 * 420, "2025-09-30 17:00"),
            ("2025-09-30 17:00", 60, "2025-09-30 18:00"),  # the end of work, not the next morning
            ("2025-09-30 17:00", 61, "2025-10-09 08:31"),
            ("2025-10-04 12:00", 1, "2025-10-09 08:31"),
            ("2026-10-09 18:00", 420, "2026-10-10 18:00"),
            ("2026-10-08 08:30", -1, "2026-09-30 17:59"),
            ("2026-10-08 08:30", 0, "2026-10-08 08:30"),
        ],
    )
    def test_adding(self, start: str, minutes: int, end: str) -> None:
        assert CALENDAR.add_working(at(start), minutes) == at(end) == plain.after(at(start), minutes)

    @pytest.mark.parametrize(
        ("start", "days", "due"),
        [
            ("2025-09-26 10:00", 2, "2025-09-29 18:00"),  # the day itself doesn't count; Sunday 28 does
            ("2025-09-29 17:59", 3, "2025-10-10 18:00"),
            ("2026-09-30 20:00", 3, "2026-10-10 18:00"),
            ("2026-12-30 09:00", 3, "2027-01-04 18:00"),  # 31, then Friday 1, Monday 4: New Year is guessed
        ],
    )
    def test_limits_in_working_days_end_with_the_work_of_the_last(
        self, start: str, days: int, due: str
    ) -> None:
        minute = minute_of(at(start))
        given_minutes = allowance(Limit(days, "working_days"), minute, CALENDAR)
        assert CALENDAR.add_working(at(start), given_minutes) == at(due) == plain.close_after(at(start), days)


class TestYears:
    def test_the_seed_is_what_the_notices_say(self) -> None:
        days = published()
        assert published_years() >= {2024, 2025, 2026}
        assert len({d.day for d in published_days()}) == len(published_days())
        for day in plain.every_day():
            if day.year <= 2026:
                assert days.is_working(day) == plain.worked(day), day

    @pytest.mark.parametrize(
        ("start", "end", "provisional"),
        [
            ("2025-12-30 00:00", "2026-01-09 00:00", False),
            ("2026-12-01 00:00", "2026-12-26 23:59", False),
            ("2026-12-01 00:00", "2026-12-27 00:00", True),  # the notice for 2027 may still reach back
            ("2027-06-01 00:00", "2027-06-01 09:00", True),
        ],
    )
    def test_what_may_still_change_is_provisional(self, start: str, end: str, provisional: bool) -> None:
        assert CALENDAR.is_provisional(minute_of(at(start)), minute_of(at(end))) is provisional

    def test_across_a_year_end(self) -> None:
        """1 January 2026 is a Thursday; off until Saturday, and Sunday 4 is worked."""
        assert CALENDAR.working_minutes_between(at("2025-12-31 17:30"), at("2026-01-04 09:00")) == 60
        assert CALENDAR.add_working(at("2025-12-31 17:30"), 31) == at("2026-01-04 08:31")

    def test_a_notice_that_comes_settles_the_year(self) -> None:
        notice = [CalendarDay(date(2027, 1, 1), False, "元旦", origin="published")]
        later = plain.DAYS.with_days(notice, published=[2027]).at(OFFICE)
        assert CALENDAR.add_working(at("2026-12-31 17:00"), 120) == at("2027-01-01 09:30")
        assert later.add_working(at("2026-12-31 17:00"), 120) == at("2027-01-04 09:30")
        assert not later.is_provisional(minute_of(at("2026-12-31 17:00")), minute_of(at("2027-01-04 09:30")))

    @pytest.mark.parametrize("text", ["2003-12-31 12:00", "2061-01-01 00:01"])
    def test_outside_its_years_it_refuses(self, text: str) -> None:
        with pytest.raises(OutsideCalendar):
            CALENDAR.working_minutes_between(at("2025-01-01 00:00"), at(text))

    def test_counting_past_its_end_is_refused(self) -> None:
        for minutes in (10**9, -(10**9)):
            with pytest.raises(OutsideCalendar):
                CALENDAR.add_working(at("2025-01-01 00:00"), minutes)


class TestTheCity:
    def test_its_day_overrides_the_published_one_and_is_settled(self) -> None:
        days = plain.DAYS.with_days(
            [
                CalendarDay(date(2025, 10, 8), True, "抢修加班"),
                CalendarDay(date(2027, 3, 8), True, "妇女节半天", Hours.of("08:30-12:00")),
            ]
        )
        calendar = days.at(OFFICE)
        assert calendar.working_minutes_between(at("2025-10-01 00:00"), at("2025-10-09 00:00")) == 420
        assert calendar.working_minutes_between(at("2027-03-08 00:00"), at("2027-03-09 00:00")) == 210
        assert days.is_settled(date(2027, 3, 8))
        assert not days.is_settled(date(2027, 3, 9))
        assert plain.DAYS.is_working(date(2025, 10, 8)) is False  # the seed itself is untouched

    def test_of_two_rows_the_citys_wins_in_any_order(self) -> None:
        off = CalendarDay(date(2025, 10, 8), False, origin="published")
        on = CalendarDay(date(2025, 10, 8), True)
        for rows in ([off, on], [on, off]):
            assert WorkDays.of(rows, [2025]).is_working(date(2025, 10, 8))

    def test_a_notice_that_comes_later_does_not_undo_what_the_city_said(self) -> None:
        days = plain.DAYS.with_days([CalendarDay(date(2027, 1, 1), True, "值班")])
        later = days.with_days([CalendarDay(date(2027, 1, 1), False, origin="published")], [2027])
        assert later.is_working(date(2027, 1, 1))
        assert not later.with_days([CalendarDay(date(2027, 1, 1), False)]).is_working(date(2027, 1, 1))

    def test_contradictions_are_refused(self) -> None:
        with pytest.raises(BadDays):
            WorkDays.of([CalendarDay(date(2025, 5, 1), w) for w in (True, False)], [2025])
        with pytest.raises(BadDays):
            CalendarDay(date(2025, 5, 1), False, hours=OFFICE)
        with pytest.raises(BadDays):
            WorkDays.of([CalendarDay(date(1999, 5, 1), False)], [1999])

    @pytest.mark.parametrize("text", ["8.30-12", "12:00-08:30", "08:75-12:00", "20:00-25:00"])
    def test_bad_hours_are_refused(self, text: str) -> None:
        with pytest.raises(BadHours):
            Hours.of(text)

    def test_overlapping_hours_are_refused(self) -> None:
        with pytest.raises(BadHours):
            Hours.of("08:30-12:00", "11:59-18:00")


class TestInstants:
    def test_the_zone_does_not_matter_but_must_be_there(self) -> None:
        china, utc = at("2025-10-09 08:45"), datetime(2025, 10, 9, 0, 45, tzinfo=UTC)
        assert CALENDAR.working_minutes_between(at("2025-10-09 08:30"), utc) == 15
        assert minute_of(china) == minute_of(utc)
        with pytest.raises(NaiveInstant):
            CALENDAR.add_working(datetime(2025, 10, 9, 8, 30), 1)

    def test_seconds_are_cut_off_so_that_stretches_add_up(self) -> None:
        assert minute_of(at("2025-10-09 08:45:59")) == minute_of(at("2025-10-09 08:45"))


class TestLaws:
    @given(instants, instants, instants)
    def test_stretches_add_up(self, a: datetime, b: datetime, c: datetime) -> None:
        between = CALENDAR.working_minutes_between
        assert between(a, b) + between(b, c) == between(a, c)

    @given(instants, works)
    @example(at("2026-09-30 18:00"), 1)
    @example(at("2027-01-01 00:00"), -1)
    def test_adding_is_the_inverse_of_counting(self, a: datetime, work: int) -> None:
        b = CALENDAR.add_working(a, work)
        assert CALENDAR.working_minutes_between(a, b) == work
        if work > 0:  # the earliest such instant: the minute before it was worked
            assert CALENDAR.working_minutes_between(b - timedelta(minutes=1), b) == 1
        if work < 0:  # the latest: the minute that begins there is worked
            assert CALENDAR.working_minutes_between(b, b + timedelta(minutes=1)) == 1

    @given(instants, st.integers(0, 400 * 1440))
    def test_counting_and_adding_comes_back_up_to_unworked_minutes(self, a: datetime, length: int) -> None:
        b = a + timedelta(minutes=length)
        back = CALENDAR.add_working(a, CALENDAR.working_minutes_between(a, b))
        assert back <= b
        assert CALENDAR.working_minutes_between(back, b) == 0

    @settings(max_examples=200)
    @given(instants, st.integers(0, 20 * 1440), works)
    def test_it_agrees_with_a_plain_count(self, a: datetime, length: int, work: int) -> None:
        b = a + timedelta(minutes=length)
        assert CALENDAR.working_minutes_between(a, b) == plain.between(a, b)
        assert CALENDAR.add_working(a, work // 20) == plain.after(a, work // 20)
        assert CALENDAR.is_provisional(minute_of(a), minute_of(b)) == plain.provisional(a, b)

    @settings(max_examples=100)
    @given(
        st.lists(st.integers(0, 1440), min_size=2, max_size=8, unique=True).filter(lambda s: len(s) % 2 == 0),
        st.dictionaries(st.dates(date(2025, 1, 1), date(2025, 12, 31)), st.booleans(), max_size=40),
        st.integers(0, 365 * 1440),
        st.integers(1, 3000),
    )
    def test_it_holds_for_any_hours_and_days(
        self, marks: list[int], days: dict[date, bool], minute: int, work: int
    ) -> None:
        marks = sorted(marks)
        hours = Hours(tuple(zip(marks[::2], marks[1::2], strict=True)))
        rows = [CalendarDay(day, working) for day, working in days.items()]
        calendar: WorkCalendar = WorkDays.of(rows, [2025], first_year=2024, last_year=2045).at(hours)
        a = at("2025-01-01 00:00") + timedelta(minutes=minute)
        b = calendar.add_working(a, work)
        assert calendar.working_minutes_between(a, b) == work
        assert calendar.working_minutes_between(b - timedelta(minutes=1), b) == 1
