"""The reader keeps what it has reached on the annotated texts; the held-back ones are judged apart."""

import pytest
from annotated import read_annotated
from score import judge


@pytest.mark.parametrize(
    ("file", "values", "period", "headline", "rows"),
    [("development.txt", 0.99, 0.97, 0.94, 0.94), ("held_back.txt", 0.98, 0.95, 0.78, 0.80)],
)
def test_scores(file: str, values: float, period: float, headline: float, rows: float) -> None:
    score = judge(read_annotated(file))
    assert score.f1(score.values) >= values
    assert score.share("period") >= period
    assert score.share("headline row") >= headline
    assert score.share("row") >= rows


def test_there_are_forty_texts_in_five_genres_and_a_third_is_held_back() -> None:
    development, held = read_annotated("development.txt"), read_annotated("held_back.txt")
    assert len(development) + len(held) >= 40
    assert len(held) >= (len(development) + len(held)) // 3
    for texts in (development, held):
        assert {t.genre for t in texts} == {"report", "bulletin", "work_report", "news", "briefing"}
