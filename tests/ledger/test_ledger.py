# ruff: noqa: E501 -- texts with Chinese characters, which count double
"""The ledger: corrections, official values, four eyes, the life of a finding, and its catalogue's files."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from liantu.errors import InputError
from liantu.ledger.audit import CHECKS
from liantu.ledger.catalogue_read import read_catalogue
from liantu.ledger.decisions import Approval, Refused, approve, decide, key_of, level_of, official, send_back
from liantu.ledger.finding import ClosureRefused, close, reopen, triage
from liantu.ledger.ledger import Ledger, history
from liantu.ledger.live import audit
from liantu.ledger.observation import BadObservation
from liantu.ledger.sentences import CHECK_CODES, EXPLANATION_CODES, explanation_name, role_name
from tests.ledger.figures import CATALOGUE, codes, fig, found

EXAMPLE = Path(__file__).parents[2] / "examples/jinchang/ledger"


def at(day: int) -> datetime:
    """A day of May."""
    return datetime(2026, 5, day, 9, tzinfo=UTC)


class TestRows:
    def test_rows_are_only_added(self) -> None:
        wrong = fig("city gdp 2025 581 yi_CNY")
        right = fig("city gdp 2025 675 yi_CNY", corrects=wrong.id)
        ledger = Ledger.of([wrong]).append([right])
        assert [r.id for r in ledger.rows] == [wrong.id, right.id]
        assert ledger.in_force["id"].to_list() == [right.id]
        assert history(wrong.id, ledger.rows) == history(right.id, ledger.rows) == [wrong, right]

    def test_what_is_refused_is_told_together_and_nothing_is_added(self) -> None:
        wrong = fig("city gdp 2025 581 yi_CNY")
        once = fig("city gdp 2025 675 yi_CNY", corrects=wrong.id)
        ledger = Ledger.of([wrong, once])
        with pytest.raises(InputError) as caught:
            ledger.append([
                wrong, fig("city gdp 2025 1 yi_CNY", corrects="gone"), fig("city gdp 2025 2 yi_CNY", corrects=wrong.id),
            ])  # fmt: skip
        assert [p.code for p in caught.value.problems] == ["id_taken", "corrects_nothing", "corrected_before"]
        assert len(ledger.rows) == 2

    def test_the_digest_changes_with_the_data_only(self) -> None:
        a, b = fig("city gdp 2025 581 yi_CNY"), fig("city gdp 2024 500 yi_CNY")
        assert Ledger.of([a, b]).digest == Ledger.of([b, a]).digest
        assert Ledger.of([a, b]).digest != Ledger.of([a, b.with_value(Decimal("500.1"))]).digest

    def test_fields_that_contradict_each_other(self) -> None:
        with pytest.raises(BadObservation, match="base_period"):
            fig("city gdp 2025 581 yi_CNY", base_period="2024")
        with pytest.raises(BadObservation, match="status"):
            fig("city gdp 2025 581 yi_CNY", status="sure")


class TestOfficialValue:
    A, B = fig("city gdp 2025 675 yi_CNY"), fig("city gdp 2025 690 yi_CNY", source="bulletin")

    def test_nobody_decided(self) -> None:
        assert official(key_of(self.A), [self.A, self.B], []) is None
        alone = official(key_of(self.A), [self.A], [])
        assert alone is not None
        assert alone.decision is None

    def test_the_last_decision_counts_and_settles_the_finding(self) -> None:
        first = decide(self.A, by="li", at=at(1), why="preliminary")
        last = decide(self.B, by="wang", at=at(2), why="final account")
        chosen = official(key_of(self.A), [self.A, self.B], [last, first])
        assert chosen is not None
        assert (chosen.value, chosen.decision) == (self.B, last)
        ledger = Ledger.of([self.A, self.B])
        assert [f.check for f in audit(ledger, CATALOGUE)] == ["two_values"]
        assert audit(ledger.decide(first).decide(last), CATALOGUE) == []

    def test_a_decision_has_a_name_and_a_reason(self) -> None:
        for by, why in (("", "x"), ("li", " ")):
            with pytest.raises(Refused):
                decide(self.A, by=by, at=at(1), why=why)
        with pytest.raises(InputError):
            Ledger.of([self.A]).decide(decide(self.B, by="li", at=at(1), why="x"))


class TestFourEyes:
    ROW = fig("city gdp 2025 675 yi_CNY")

    def test_entered_checked_released(self) -> None:
        steps: list[Approval] = []
        for by, day in (("wang", 1), ("zhao", 2)):
            steps.append(approve(self.ROW, steps, by=by, at=at(day)))
        assert [s.level for s in steps] == ["checked", "released"]
        assert level_of(self.ROW.id, steps) == "released"
        with pytest.raises(Refused, match="already_released"):
            approve(self.ROW, steps, by="qian", at=at(3))

    @pytest.mark.parametrize("by", ["li", " LI "])
    def test_nobody_checks_what_they_entered(self, by: str) -> None:
        with pytest.raises(Refused, match="same_person"):
            approve(self.ROW, [], by=by, at=at(1))

    def test_nobody_releases_what_they_checked(self) -> None:
        checked = approve(self.ROW, [], by="wang", at=at(1))
        with pytest.raises(Refused, match="same_person"):
            approve(self.ROW, [checked], by="wang", at=at(2))

    def test_sent_back_it_begins_anew(self) -> None:
        checked = approve(self.ROW, [], by="wang", at=at(1))
        back = send_back(self.ROW, by="zhao", at=at(2), reason="wrong period")
        assert level_of(self.ROW.id, [checked, back]) == "entered"
        assert approve(self.ROW, [checked, back], by="wang", at=at(3)).level == "checked"

    def test_without_a_name_nothing_is_approved(self) -> None:
        with pytest.raises(Refused, match="no_name"):
            approve(self.ROW, [], by=" ", at=at(1))
        with pytest.raises(Refused, match="entered_by_nobody"):
            approve(fig("city gdp 2025 675 yi_CNY", entered_by=""), [], by="wang", at=at(1))


class TestFindings:
    ROWS = fig("city output 2025 131 yi_CNY"), fig("city output 2025 134 yi_CNY", source="bulletin")

    def test_a_closed_finding_does_not_come_back_unless_the_data_change(self) -> None:
        [finding] = found(*self.ROWS)
        closed = close(finding, by="wang", at=at(1), reason="two scopes")
        again = found(*[fig("city output 2025 131 yi_CNY", place="p. 9"), self.ROWS[1]])
        assert (triage(again, [closed]).open, len(triage(again, [closed]).closed)) == ((), 1)
        changed = found(self.ROWS[0], fig("city output 2025 135 yi_CNY"))
        assert len(triage(changed, [closed]).open) == 1
        opened = reopen(finding, by="li", at=at(2), reason="one scope after all")
        assert triage(again, [opened, closed]).open == tuple(again)

    def test_a_closure_has_a_reason_and_a_name(self) -> None:
        [finding] = found(*self.ROWS)
        for by, reason in (("", "x"), ("li", "")):
            with pytest.raises(ClosureRefused):
                close(finding, by=by, at=at(1), reason=reason)

    def test_the_same_figure_in_a_third_report_is_no_further_finding(self) -> None:
        assert codes(*self.ROWS, fig("city output 2025 134 yi_CNY", source="news")) == ["two_values error"]

    def test_every_code_has_its_sentence(self) -> None:
        assert {check.code for check in CHECKS} == CHECK_CODES
        for finding in found(*self.ROWS):
            assert set(finding.explanations) <= EXPLANATION_CODES
        assert explanation_name("scope", "zh") == "统计范围不同"
        assert [role_name(r, "zh") for r in ("part_2", "year_base", "gdp")] == [
            "部分 2",
            "全年（基期）",
            "gdp",
        ]


class TestCatalogueFiles:
    def test_the_citys_own(self) -> None:
        catalogue = read_catalogue(EXAMPLE)
        group = catalogue.subject("金川集团公司")
        assert group is not None
        assert group.id == "jinchuan_group"
        assert catalogue.subject("“2+4”产业集群") is catalogue.subject("2+4现代化产业体系")
        gdp = catalogue.indicator("GDP")
        assert gdp is not None
        assert (gdp.id, gdp.growth, gdp.steward) == ("gdp", "real", "市统计局")
        assert catalogue.indicator("没有") is None

    def test_every_problem_of_every_file(self, tmp_path: Path) -> None:
        (tmp_path / "subjects.yaml").write_text(
            "subjects:\n- {id: a, kind: town, zh: 甲, en: A, part_of: [zz]}\n- {id: a, kind: city, zh: 乙, en: B}\n"
            "- {id: c, kind: city, zh: 乙, en: C, start: soon}\n", encoding="utf-8")  # fmt: skip
        (tmp_path / "indicators.yaml").write_text(
            "indicators:\n- {id: g, zh: 指标, en: G, unit: stone, kind: flow, formula: a ** b, colour: red}\n",
            encoding="utf-8")  # fmt: skip
        with pytest.raises(InputError) as caught:
            read_catalogue(tmp_path)
        told = {(p.file, p.row, p.code) for p in caught.value.problems}
        assert told >= {
            ("subjects.yaml", 2, "bad_value"), ("subjects.yaml", 3, "duplicate_id"),
            ("subjects.yaml", 4, "bad_value"), ("indicators.yaml", 2, "unknown_unit"),
            ("indicators.yaml", 2, "indicator_formula"), ("indicators.yaml", 2, "unknown_key"),
        }  # fmt: skip

    def test_names_hold_from_a_day_to_a_day(self, tmp_path: Path) -> None:
        (tmp_path / "subjects.yaml").write_text(
            "subjects:\n- {id: old, kind: park, zh: 园, en: Old park, end: 2019-12-31}\n"
            "- {id: new, kind: park, zh: 园, en: New park, start: 2020-01-01}\n", encoding="utf-8")  # fmt: skip
        (tmp_path / "indicators.yaml").write_text("indicators: []\n", encoding="utf-8")
        catalogue = read_catalogue(tmp_path)
        found = [catalogue.subject("园", datetime(y, 5, 1).date()) for y in (2018, 2024)]
        assert [s.id for s in found if s] == ["old", "new"]
        assert catalogue.subject("园") is None
