"""A person corrects a figure or marks one: what is changed, what is refused, all faults at once."""

import pytest

from liantu.errors import InputError
from liantu.reading import Fact, correct, mark, read_text

TEXT = "今年前三季度,青岩市完成工业总产值505.7亿元,同比增长11%,涉企贷款提高到新水平,约合一百四五十亿元。"


@pytest.fixture
def fact() -> Fact:
    return read_text(TEXT, date="2025-11-07", source="report.txt").facts[0]


def test_a_correction_changes_what_is_said_and_nothing_else(fact: Fact) -> None:
    corrected = correct(
        fact, {"subject": "青岩县", "indicator": "固定资产投资", "period": "2025-Q3", "qualifier": ""}
    )
    assert (corrected.subject, corrected.indicator) == ("青岩县", "fixed_asset_investment")
    assert (corrected.period, corrected.qualifier) == ("2025-Q3", None)
    assert (corrected.start, corrected.end, corrected.value) == (fact.start, fact.end, fact.value)
    assert (corrected.confidence["subject"], corrected.rules["subject"]) == (1.0, "a person")
    assert corrected.confidence["measure"] == fact.confidence["measure"]
    assert fact.subject == "青岩市"


@pytest.mark.parametrize(
    ("written", "value", "unit"),
    [
        ("70余亿元", 70e8, "CNY"),
        ("-3.5%", -3.5, "%"),
        ("三成", 30, "%"),
        ("1,204.5", 1204.5, "CNY"),
        (12, 12, "CNY"),
        ("318.2万千瓦", 3182000, "kW"),
    ],
)
def test_a_value_is_read_as_the_text_prints_it(fact: Fact, written: object, value: float, unit: str) -> None:
    corrected = correct(fact, {"value": written})
    assert (corrected.value, corrected.unit) == (pytest.approx(value), unit)


def test_a_unit_that_is_given_wins(fact: Fact) -> None:
    assert correct(fact, {"value": "30万吨", "unit": "t/a"}).unit == "t/a"


def test_all_faults_are_told_at_once(fact: Fact) -> None:
    wrong = {
        "valeu": 3,
        "value": "many",
        "measure": "size",
        "period": "last year",
        "unit": "",
        "status": None,
    }
    with pytest.raises(InputError) as refused:
        correct(fact, wrong)
    assert {(p.column, p.code) for p in refused.value.problems} == {
        ("valeu", "correction_field"), ("value", "correction_value"), ("measure", "correction_choice"),
        ("period", "correction_period"), ("unit", "correction_text"), ("status", "correction_choice"),
    }  # fmt: skip
    for bad in (float("nan"), float("inf"), True, None, []):
        with pytest.raises(InputError):
            correct(fact, {"value": bad})


def test_a_marked_figure_is_the_readers_own_where_it_read_it() -> None:
    reading = read_text(TEXT, date="2025-11-07")
    start = TEXT.index("505.7亿元")
    assert mark(reading, start, start + 7) == (reading.facts[0],)


def test_a_marked_figure_that_was_passed_over_takes_its_sentence() -> None:
    text = "2024年,青岩市投资完成30亿元,其中技改投资(见附表)九亿元上下。"
    reading = read_text(text)
    start = text.index("九亿元")
    (fact,) = mark(reading, start, start + 3)
    assert (fact.value, fact.unit, fact.text, fact.subject) == (9e8, "CNY", "九亿元", "青岩市")


@pytest.mark.parametrize("place", [(0, 2), (-3, 4), (5, 5), (0, 10_000)])
def test_a_mark_without_a_figure_is_refused(place: tuple[int, int]) -> None:
    with pytest.raises(InputError) as refused:
        mark(read_text(TEXT, source="report.txt"), *place)
    assert refused.value.problems[0].code == "no_figure_there"
