"""Laws: intervals enclose, what is consistent is silent, what is planted is found, order doesn't matter."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from liantu.ledger.audit import exact
from liantu.ledger.book import PlainBook
from liantu.ledger.finding import Finding
from liantu.ledger.interval import Interval
from liantu.ledger.ledger import Ledger
from liantu.ledger.live import LiveBook, audit
from liantu.ledger.observation import QUALIFIERS, printed
from liantu.ledger.periods import Period, format_period, parse_period, years
from tests.ledger.consistent import ledger
from tests.ledger.figures import CATALOGUE, fig, found, texts

rationals = st.fractions(min_value=-1000, max_value=1000, max_denominator=50)
seeds = st.integers(0, 2**32)


@st.composite
def intervals(draw: st.DrawFn) -> tuple[Interval, Fraction]:
    """An interval, bounded or not, and a number in it."""
    value = draw(rationals)
    low, high = (draw(st.none() | st.fractions(0, 100, max_denominator=20)) for _ in range(2))
    return Interval(None if low is None else value - low, None if high is None else value + high), value


class TestIntervals:
    @given(intervals(), intervals())
    def test_every_operation_encloses(
        self, a: tuple[Interval, Fraction], b: tuple[Interval, Fraction]
    ) -> None:
        (x, p), (y, q) = a, b
        assert (x + y).has(p + q)
        assert (x - y).has(p - q)
        assert (x * y).has(p * q)
        assert (-x).has(-p)
        if q != 0:
            assert (x / y).has(p / q)
        assert x.meets(y) or p != q
        assert (x.gap(y) == 0) == x.meets(y)

    @given(st.fractions(0, 20, max_denominator=30), st.fractions(0, 3, max_denominator=9), st.integers(0, 7))
    def test_powers_enclose(self, low: Fraction, wide: Fraction, n: int) -> None:
        assert (Interval(low, low + wide) ** n).has((low + wide / 2) ** n)

    @given(st.decimals(-10_000, 10_000, places=4), st.integers(0, 3), st.sampled_from(QUALIFIERS))
    def test_a_printed_figure_holds_what_was_rounded(self, value: Decimal, places: int, said: str) -> None:
        step = Decimal(1).scaleb(-places)
        rounded = value.quantize(step)
        assert printed(Fraction(rounded), Fraction(step), said).has(value)


class TestPeriods:
    @given(st.dates(min_value=date(2, 1, 1), max_value=date(9900, 1, 1)), st.integers(0, 4000))
    def test_what_is_written_is_read_back(self, start: date, days: int) -> None:
        period = Period(start, start + timedelta(days=days))
        assert parse_period(format_period(period)) == period

    @given(st.integers(1900, 2100), st.integers(0, 12), st.integers(-30, 30))
    def test_shifts_go_there_and_back(self, first: int, more: int, by: int) -> None:
        period = years(first, first + more)
        assert period.shift_years(by).shift_years(-by) == period


def equal_by_chance(finding: Finding) -> bool:
    """The note that a figure stands for two periods, where the random ledger does hold it twice."""
    stated = {(row.value, row.unit) for row in finding.rows}
    return finding.check == "stale" and len(finding.rows) == 2 and len(stated) == 1


class TestLedgers:
    @settings(max_examples=12, deadline=None)
    @given(seeds)
    def test_a_consistent_ledger_with_any_rounding_is_silent(self, seed: int) -> None:
        said = found(*ledger(random.Random(seed)))
        assert [f for f in said if not equal_by_chance(f)] == []

    @settings(max_examples=12, deadline=None)
    @given(seeds, st.sampled_from(["level", "rate", "change", "share"]))
    def test_a_planted_contradiction_is_found(self, seed: int, measure: str) -> None:
        draw = random.Random(seed)
        rows = ledger(draw)
        places = [i for i, r in enumerate(rows) if r.measure == measure and r.indicator == "output"]
        at = draw.choice(places)
        row = rows[at]
        by = Decimal(draw.choice([-1, 1])) * max(abs(row.value) * Decimal("0.5"), 12 * row.step, Decimal(12))
        planted = row.value + by if row.value + by >= 0 else row.value + abs(by)
        rows[at] = replace(row, value=planted)
        findings = found(*rows)
        assert findings
        assert any(rows[at].id in {r.id for r in f.rows} for f in findings)

    @settings(max_examples=8, deadline=None)
    @given(seeds)
    def test_the_order_of_rows_does_not_matter(self, seed: int) -> None:
        draw = random.Random(seed)
        rows = ledger(draw)
        for i in draw.sample(range(len(rows)), 6):
            rows[i] = replace(rows[i], value=rows[i].value * 2 + 1)
        once = found(*rows)
        draw.shuffle(rows)
        again = found(*rows)
        assert texts(once) == texts(again)
        assert [f.rows for f in once] == [f.rows for f in again]
        assert Ledger.of(rows).digest == Ledger.of(rows[::-1]).digest

    @settings(max_examples=8, deadline=None)
    @given(seeds, st.booleans())
    def test_rows_added_change_the_findings_as_a_run_over_all_would(self, seed: int, screened: bool) -> None:
        draw = random.Random(seed)
        rows = ledger(draw)
        for i in draw.sample(range(len(rows)), 3):
            rows[i] = replace(rows[i], value=rows[i].value * 2 + 1)
        late = [rows.pop(draw.randrange(len(rows))) for _ in range(4)]
        was = draw.choice(rows)
        late.insert(2, replace(was, id="right", value=was.value + 1, corrects=was.id))
        live = LiveBook(Ledger.of(rows), CATALOGUE)
        before = live if screened else LiveBook(Ledger.of(rows), CATALOGUE)
        known = {f.fingerprint for f in before.findings()}
        for row in late:
            change = live.add(row, was if row.corrects else None)
            known = (known | {f.fingerprint for f in change.opened}) - {f.fingerprint for f in change.gone}
        assert known == {f.fingerprint for f in audit(Ledger.of([*rows, *late]), CATALOGUE)}

    def test_a_correction_takes_its_finding_away(self) -> None:
        wrong = fig("city output 2025-01/2025-09 120 yi_CNY")
        rows = [wrong, fig("city output 2025 100 yi_CNY")]
        live = LiveBook(Ledger.of(rows), CATALOGUE)
        right = fig("city output 2025-01/2025-09 72 yi_CNY", corrects=wrong.id)
        change = live.add(right, wrong)
        assert [f.check for f in change.gone] == ["year_to_date"]
        assert change.opened == ()
        assert audit(Ledger.of([*rows, right]), CATALOGUE) == []
        assert exact(PlainBook(rows, CATALOGUE), [("city", "output")]) != []
