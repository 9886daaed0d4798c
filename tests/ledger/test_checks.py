"""Each check: a contradiction that it finds, and beside it what looks like one and isn't."""

from __future__ import annotations

from datetime import date

import pytest

from tests.ledger.figures import codes, fig, found

OTHER = {"source": "bulletin", "source_date": date(2026, 3, 1)}


class TestAverageGrowth:
    BASE, END = fig("city output 2020 486 yi_CNY"), fig("city output 2025 2586 yi_CNY")

    def test_the_rate_misses_the_end_points(self) -> None:
        [finding] = found(self.BASE, self.END, fig("city output 2021/2025 33.8 % rate average"))
        assert (finding.check, finding.severity) == ("average_growth", "error")
        assert dict(finding.params)["implied"] == "39.7"
        assert finding.roles == ("base", "rate", "end")
        assert finding.expected is not None
        assert str(finding.expected) == "[207806000000, 209014000000]"

    def test_the_right_rate_is_silent(self) -> None:
        assert codes(self.BASE, self.END, fig("city output 2021/2025 39.7 % rate average")) == []

    def test_rounding_is_silent(self) -> None:
        assert codes(self.BASE, self.END, fig("city output 2021/2025 40 % rate average")) == []

    def test_the_base_year_may_be_named(self) -> None:
        rate = fig("city output 2025 33.8 % rate average", base_period="2020")
        assert codes(self.BASE, self.END, rate) == ["average_growth error"]

    def test_another_indicators_growth_is_silent(self) -> None:
        assert codes(self.BASE, self.END, fig("city exports 2021/2025 33.8 % rate average")) == []

    def test_a_fitting_pair_in_another_source_doesnt_hide_the_misfit_in_one(self) -> None:
        other = fig("city output 2025 2083 yi_CNY", **OTHER)
        rate = fig("city output 2021/2025 33.8 % rate average")
        assert "average_growth error" in codes(self.BASE, self.END, rate, other)


class TestGrowthLevel:
    BASE, END = fig("city output 2024 200.0 yi_CNY"), fig("city output 2025 221.6 yi_CNY")

    def test_the_rate_misses(self) -> None:
        rate = fig("city output 2025 29.3 % rate on_year")
        assert codes(self.BASE, self.END, rate) == ["growth_level error"]

    @pytest.mark.parametrize("printed", ["10.8", "11", "10.80"])
    def test_it_fits_to_the_printed_digit(self, printed: str) -> None:
        assert codes(self.BASE, self.END, fig(f"city output 2025 {printed} % rate on_year")) == []

    def test_multiples_fall_and_rise(self) -> None:
        assert codes(self.BASE, self.END, fig("city output 2025 1.5 times multiple on_year")) == [
            "growth_level error"
        ]
        assert codes(self.BASE, self.END, fig("city output 2025 1.11 times multiple on_year")) == []

    def test_above_opens_the_upper_side(self) -> None:
        assert codes(self.BASE, self.END, fig("city output 2025 10 % rate on_year", qualifier="above")) == []
        assert codes(self.BASE, self.END, fig("city output 2025 20 % rate on_year", qualifier="above")) == [
            "growth_level error"
        ]

    def test_real_growth_of_nominal_levels_is_a_note_with_the_price_change(self) -> None:
        rows = fig("city gdp 2024 500 yi_CNY"), fig("city gdp 2025 541 yi_CNY")
        [finding] = found(*rows, fig("city gdp 2025 6.0 % rate on_year"))
        assert (finding.severity, finding.explanations[0]) == ("note", "price_basis")
        assert dict(finding.params)["prices"] == "2.1"

    def test_a_price_change_that_is_none_is_a_warning(self) -> None:
        rows = fig("city gdp 2024 500 yi_CNY"), fig("city gdp 2025 700 yi_CNY")
        assert codes(*rows, fig("city gdp 2025 6.0 % rate on_year")) == ["growth_level warning"]

    def test_year_to_date_and_months_before(self) -> None:
        so_far = fig("city output 2025-01/2025-09 100 yi_CNY"), fig("city output 2024-01/2024-09 90 yi_CNY")
        assert codes(*so_far, fig("city output 2025-01/2025-09 30.3 % rate on_year")) == [
            "growth_level error"
        ]
        assert codes(*so_far, fig("city output 2025 30.3 % rate on_year")) == []
        months = fig("city output 2025-01 100 yi_CNY"), fig("city output 2024-12 90 yi_CNY")
        assert codes(*months, fig("city output 2025-01 30 % rate on_previous")) == ["growth_level error"]

    def test_an_expected_rate_is_held_against_the_expected_level_only(self) -> None:
        rate = fig("city output 2025 29.3 % rate on_year", status="expected")
        assert codes(self.BASE, self.END, rate) == []
        expected = fig("city output 2025 221.6 yi_CNY", status="expected")
        assert codes(self.BASE, expected, rate) == ["growth_level error"]

    def test_a_doubtful_period_is_silent(self) -> None:
        rate = fig("city output 2025 29.3 % rate on_year", doubts=frozenset({"period"}))
        assert codes(self.BASE, self.END, rate) == []


class TestGrowthChange:
    def test_increment_and_levels(self) -> None:
        rows = fig("city output 2024 86 yi_CNY"), fig("city output 2025 131 yi_CNY")
        assert codes(*rows, fig("city output 2025 60 yi_CNY change on_year")) == ["growth_change error"]
        assert codes(*rows, fig("city output 2025 45 yi_CNY change on_year")) == []

    def test_increment_and_rate(self) -> None:
        rows = fig("city output 2025 131 yi_CNY"), fig("city output 2025 45 yi_CNY change on_year")
        assert codes(*rows, fig("city output 2025 30 % rate on_year")) == ["growth_change error"]
        assert codes(*rows, fig("city output 2025 52 % rate on_year")) == []


class TestTwoValues:
    def test_one_key_two_values(self) -> None:
        assert codes(fig("city output 2025 131 yi_CNY"), fig("city output 2025 134 yi_CNY", **OTHER)) == [
            "two_values error"
        ]

    @pytest.mark.parametrize(
        "other",
        [
            fig("city output 2025 13.1 bn_CNY", **OTHER),
            fig("city output 2025 131.4 yi_CNY", **OTHER),
            fig("city output 2025 140 yi_CNY", status="expected", **OTHER),
            fig("city output 2025 130 yi_CNY", status="target", source_date=None),
            fig("city output 2025 120 yi_CNY", qualifier="above", **OTHER),
            fig("city output 2025-01/2025-09 100 yi_CNY", **OTHER),
            fig("city output 2024 100 yi_CNY", **OTHER),
            fig("city exports 2025 134 yi_CNY", **OTHER),
            fig("east output 2025 100 yi_CNY", **OTHER),
            fig("city output 2025 134 yi_CNY", doubts=frozenset({"period"}), **OTHER),
        ],
    )
    def test_what_is_no_second_value(self, other: object) -> None:
        assert codes(fig("city output 2025 131 yi_CNY"), other) == []  # type: ignore[arg-type]

    def test_a_stock_holds_at_the_end_of_its_period(self) -> None:
        assert codes(fig("city firms 2025 100 count"), fig("city firms @2025-12-31 101 count")) == [
            "two_values error"
        ]
        assert codes(fig("city firms 2025-11 100 count"), fig("city firms 2025 101 count")) == []

    def test_nominal_and_real_rates_are_two_things(self) -> None:
        nominal = fig("city gdp 2025 9.0 % rate on_year", price="nominal")
        assert codes(nominal, fig("city gdp 2025 7.0 % rate on_year", price="real")) == []

    def test_ranks_in_two_populations_are_two_things(self) -> None:
        narrow = fig("city gdp 2025 3 rank rank", within="province")
        assert codes(narrow, fig("city gdp 2025 50 rank rank", within="nation")) == []
        assert codes(narrow, fig("city gdp 2025 4 rank rank", within="province")) == ["two_values error"]


class TestParts:
    def test_a_part_above_its_whole(self) -> None:
        assert codes(fig("city output 2025 100 yi_CNY"), fig("east output 2025 120 yi_CNY")) == [
            "part_whole error"
        ]
        assert codes(fig("city output 2025 100 yi_CNY"), fig("east output 2025 100.4 yi_CNY")) == []

    def test_nine_months_of_a_part_above_the_year_of_the_whole(self) -> None:
        assert codes(fig("city output 2025 100 yi_CNY"), fig("east output 2025-01/2025-09 120 yi_CNY")) == [
            "part_whole error"
        ]

    def test_a_part_that_reaches_beyond_is_a_warning(self) -> None:
        [finding] = found(fig("city chain 2025 100 yi_CNY"), fig("group output 2025 120 yi_CNY"))
        assert (finding.check, finding.severity, finding.explanations[0]) == (
            "part_whole",
            "warning",
            "scope",
        )

    def test_what_is_per_head_does_not_add_up(self) -> None:
        assert codes(fig("city gdp_per_head 2025 9 wan_CNY"), fig("east gdp_per_head 2025 12 wan_CNY")) == []

    def test_parts_above_their_sum(self) -> None:
        parts = fig("east output 2025 60 yi_CNY"), fig("west output 2025 50 yi_CNY")
        assert codes(fig("city output 2025 100 yi_CNY"), *parts) == ["parts_sum error"]
        assert codes(fig("city output 2025 110 yi_CNY"), *parts) == []
        assert codes(fig("city output 2025 111 yi_CNY"), *parts) == []

    def test_all_parts_below_the_whole(self) -> None:
        parts = fig("east output 2025 60 yi_CNY"), fig("west output 2025 50 yi_CNY")
        assert codes(fig("city output 2025 130 yi_CNY"), *parts) == ["parts_sum error"]
        assert codes(fig("city output 2025 130 yi_CNY"), parts[0]) == []

    def test_parts_of_two_kinds_overlap(self) -> None:
        parts = fig("east output 2025 60 yi_CNY"), fig("zone output 2025 50 yi_CNY")
        assert codes(fig("city output 2025 100 yi_CNY"), *parts) == []


class TestRatio:
    ROWS = fig("east output 2025 30 yi_CNY"), fig("city output 2025 100 yi_CNY")

    def test_a_share_misses_its_figures(self) -> None:
        assert codes(*self.ROWS, fig("east output 2025 40 % share", within="某市")) == ["ratio error"]
        assert codes(*self.ROWS, fig("east output 2025 30 % share", within="某市")) == []
        assert codes(*self.ROWS, fig("east output 2025 40 % share", within="全省")) == []

    def test_a_share_of_an_indicator(self) -> None:
        rows = fig("city exports 2025 30 yi_CNY"), fig("city trade 2025 100 yi_CNY")
        assert codes(*rows, fig("city exports 2025 40.0 % share", within="trade")) == ["ratio error"]
        assert codes(*rows, fig("city exports 2025 30.0 % share", within="trade")) == []


class TestIdentity:
    GDP, PEOPLE = fig("city gdp 2025 675 yi_CNY"), fig("city population 2025 43.0 wan_person")

    def test_per_head(self) -> None:
        assert codes(self.GDP, self.PEOPLE, fig("city gdp_per_head 2025 18.2 wan_CNY")) == ["identity error"]
        assert codes(self.GDP, self.PEOPLE, fig("city gdp_per_head 2025 15.7 wan_CNY")) == []

    def test_the_mean_population_of_the_year_is_allowed_for(self) -> None:
        assert codes(self.GDP, self.PEOPLE, fig("city gdp_per_head 2025 15.5 wan_CNY")) == []

    def test_a_sum(self) -> None:
        rows = fig("city exports 2025 30 yi_CNY"), fig("city imports 2025 40 yi_CNY")
        assert codes(*rows, fig("city trade 2025 80 yi_CNY")) == ["identity error"]
        assert codes(*rows, fig("city trade 2025 71 yi_CNY")) == []

    def test_growth_per_head_against_growth(self) -> None:
        doubled = fig("city gdp_per_head 2021/2025 2 times multiple")
        assert codes(doubled, fig("city gdp 2021/2025 10.1 % rate average")) == ["identity_growth warning"]
        assert codes(doubled, fig("city gdp 2021/2025 14.9 % rate average")) == []
        fled = fig("city population 2021/2025 -4.1 % rate average")
        assert codes(doubled, fig("city gdp 2021/2025 10.1 % rate average"), fled) == []


class TestBaseImplied:
    def test_two_growths_from_one_base(self) -> None:
        one = fig("city output 2025 129.3 yi_CNY"), fig("city output 2025 29.3 % rate on_year")
        two = (
            fig("city output 2026 200 yi_CNY", **OTHER),
            fig("city output 2026 60 % rate", base_period="2024", **OTHER),
        )
        assert codes(*one, *two) == ["base_implied error"]
        fits = fig("city output 2026 100 % rate", base_period="2024", **OTHER)
        assert codes(*one, two[0], fits) == []


class TestYearToDate:
    def test_nine_months_above_the_year(self) -> None:
        assert codes(fig("city output 2025-01/2025-09 120 yi_CNY"), fig("city output 2025 100 yi_CNY")) == [
            "year_to_date error"
        ]
        assert codes(fig("city output 2025-01/2025-09 80 yi_CNY"), fig("city output 2025 100 yi_CNY")) == []

    def test_against_the_base_that_a_growth_implies(self) -> None:
        rows = (
            fig("city output 2025-01/2025-09 120 yi_CNY"),
            fig("city output 2025-01/2025-09 20 % rate on_year"),
        )
        assert codes(*rows, fig("city output 2024 90 yi_CNY")) == ["year_to_date error"]
        assert codes(*rows, fig("city output 2024 101 yi_CNY")) == []

    def test_quarters_fill_their_year(self) -> None:
        quarters = [fig(f"city output 2025-Q{q} 25 yi_CNY") for q in (1, 2, 3, 4)]
        assert codes(*quarters, fig("city output 2025 120 yi_CNY")) == ["year_to_date error"]
        assert codes(*quarters, fig("city output 2025 101 yi_CNY")) == []
        assert codes(*quarters[:3], fig("city output 2025 120 yi_CNY")) == []

    def test_a_rest_of_the_year_out_of_pace(self) -> None:
        so_far = fig("city gdp 2025-01/2025-09 505.7 yi_CNY")
        assert codes(so_far, fig("city gdp 2025 581 yi_CNY")) == ["year_to_date warning"]
        assert codes(so_far, fig("city gdp 2025 675 yi_CNY")) == []

    def test_what_may_be_negative_is_silent(self) -> None:
        loss = fig("city output 2025-07/2025-12 -30 yi_CNY")
        assert (
            codes(loss, fig("city output 2025-01/2025-06 120 yi_CNY"), fig("city output 2025 90 yi_CNY"))
            == []
        )


class TestCumulative:
    def test_a_year_to_date_that_falls(self) -> None:
        assert codes(
            fig("city output 2025-01/2025-05 60 yi_CNY"), fig("city output 2025-01/2025-06 50 yi_CNY")
        ) == ["cumulative_falls error"]
        assert (
            codes(fig("city output 2025-01/2025-05 60 yi_CNY"), fig("city output 2026-01/2026-02 10 yi_CNY"))
            == []
        )

    def test_what_is_built_stays(self) -> None:
        assert codes(fig("city stations 2025-09 1595 count"), fig("city stations 2026-03 1500 count")) == [
            "cumulative_falls error"
        ]
        assert codes(fig("city firms 2025-09 1595 count"), fig("city firms 2026-03 1500 count")) == []
