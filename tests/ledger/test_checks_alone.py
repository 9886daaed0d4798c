"""Checks of one figure by itself, or beside its own history: ranks, counts, bounds, units, targets, runs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from liantu.ledger.audit import CHECKS
from tests.ledger.figures import codes, fig, found


class TestRank:
    def test_beyond_the_population(self) -> None:
        assert codes(fig("city gdp 2025 15 rank rank", within="province")) == ["rank error"]
        assert codes(fig("group world500 2025 235 rank rank")) == []
        assert codes(fig("group world500 2025 512 rank rank")) == ["rank error"]

    def test_a_part_of_the_population_ranks_no_lower(self) -> None:
        wide = fig("zone output 2024 66 rank rank", within="nation")
        assert codes(wide, fig("zone output 2024 11 rank rank", within="west")) == []
        assert codes(wide, fig("zone output 2024 70 rank rank", within="west")) == ["rank error"]


class TestWholeCount:
    def test_a_count_is_whole(self) -> None:
        assert codes(fig("city firms 2025 12.5 count")) == ["whole_count error"]
        assert codes(fig("city firms 2025 1.25 wan_count")) == []

    def test_the_base_of_a_growth_is_whole(self) -> None:
        assert codes(fig("city new_firms 2025 7 count"), fig("city new_firms 2025 9.2 % rate on_year")) == [
            "whole_count warning"
        ]
        fits = fig("city new_firms 2025-01/2025-09 5892 count")
        assert codes(fits, fig("city new_firms 2025-01/2025-09 9.21 % rate on_year")) == []


class TestBounds:
    def test_shares_and_declared_bounds(self) -> None:
        assert codes(fig("city coverage 2025 104 %")) == ["bounds error"]
        assert codes(fig("city coverage 2025 100 %")) == []
        assert codes(fig("east output 2025 120 % share")) == ["bounds error"]


class TestMagnitude:
    ROWS = tuple(fig(f"city output {y} {v} yi_CNY") for y, v in ((2022, 95), (2023, 100), (2025, 104)))

    def test_ten_thousand_times(self) -> None:
        assert codes(*self.ROWS, fig("city output 2024 102 wan_CNY")) == ["magnitude warning"]
        assert codes(*self.ROWS, fig("city output 2024 102 yi_CNY")) == []

    def test_the_wrong_currency(self) -> None:
        [finding] = found(*self.ROWS, fig("city output 2024 14.2 yi_CNY"))
        assert (finding.check, finding.explanations[0]) == ("magnitude", "currency")

    def test_two_currencies(self) -> None:
        yuan = fig("city exports 2025 70 yi_CNY")
        assert codes(yuan, fig("city exports 2025 70 yi_USD")) == ["magnitude error"]
        assert codes(yuan, fig("city exports 2025 10 yi_USD")) == []

    def test_growth_is_no_outlier(self) -> None:
        assert (
            codes(
                fig("city output 2022 10 yi_CNY"),
                fig("city output 2023 40 yi_CNY"),
                fig("city output 2024 150 yi_CNY"),
            )
            == []
        )


class TestTarget:
    def test_a_target_that_was_missed_is_noted(self) -> None:
        goal = fig("city output 2025 100 yi_CNY", status="target", source_date=date(2025, 1, 5))
        assert codes(goal, fig("city output 2025 90 yi_CNY")) == ["target note"]
        assert codes(goal, fig("city output 2025 110 yi_CNY")) == []

    def test_less_waste_is_better(self) -> None:
        goal = fig("city waste 2025 100 wan_t", status="target")
        assert codes(goal, fig("city waste 2025 90 wan_t")) == []
        assert codes(goal, fig("city waste 2025 110 wan_t")) == ["target note"]

    def test_a_target_behind_what_was_reached(self) -> None:
        goal = fig("city output 2026 100 yi_CNY", status="target")
        assert codes(goal, fig("city output 2025 120 yi_CNY")) == ["target note"]


class TestStale:
    def test_a_long_value_again(self) -> None:
        assert codes(fig("city output 2024 353.35 yi_CNY"), fig("city output 2025 353.35 yi_CNY")) == [
            "stale note"
        ]
        assert codes(fig("city output 2024 353 yi_CNY"), fig("city output 2025 353 yi_CNY")) == []


class TestStreak:
    def test_a_run_that_grew_shorter(self) -> None:
        first = fig("city gdp 2025 48 month streak", within="rank")
        assert codes(first, fig("city gdp 2026-04 36 month streak", within="rank")) == ["streak error"]

    @pytest.mark.parametrize("months", [52, 49, 3])
    def test_it_went_on_or_began_anew(self, months: int) -> None:
        first = fig("city gdp 2025 48 month streak", within="rank")
        assert codes(first, fig(f"city gdp 2026-04 {months} month streak", within="rank")) == []

    def test_runs_of_other_things(self) -> None:
        first = fig("city gdp 2025 94 month streak", within="growth")
        assert codes(first, fig("city gdp 2025 48 month streak", within="rank")) == []
        same = fig("city gdp 2025 48 month streak", within="rank")
        assert codes(same, fig("city gdp 2025 16 quarter streak", within="rank")) == []


class TestSpanBase:
    def test_five_years_against_one_of_them(self) -> None:
        total = fig("city output 2021/2025 13.58 yi_CNY")
        doubled = fig("city output 2021/2025 2 times multiple cumulative", base_period="2021")
        assert codes(total, doubled) == ["span_base warning"]
        tenfold = fig("city output 2021/2025 10 times multiple cumulative", base_period="2021")
        assert codes(total, tenfold) == []
        before = fig("city output 2021/2025 2 times multiple cumulative", base_period="2020")
        assert codes(total, before) == []


def test_every_check_has_a_story() -> None:
    said = "".join(file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_checks*.py"))
    assert [c.code for c in CHECKS if f'"{c.code} ' not in said and f'"{c.code}"' not in said] == []
