"""Laws: places are exact, nothing crashes, the same text gives the same facts, time grows with length."""

import json
import time

import pytest
from annotated import read_annotated
from hypothesis import given, settings
from hypothesis import strategies as st

from liantu.reading import read_text

FILES = ("development.txt", "development_2.txt", "development_3.txt", "held_back.txt", "held_back_2.txt",
    "development_4.txt", "development_5.txt", "development_6.txt", "development_7.txt",
    "held_back_3.txt", "held_back_4.txt")  # fmt: skip
TEXTS = [text for file in FILES for text in read_annotated(file)]
SIGNS = "0123456789.,-~+:%。,，、;()“”\n 一二三十百千万亿两零点第年月日时元吨亩倍成半番余多几来个位名"
WORDS = (
    "占 的 由 从 到 至 增长 下降 分别 其中 亿元 万吨 同比 百分之 分之 翻 今年 2024年 1-5月 十四五 全市 "
    "G30 5G 第三 首位 金昌"
)
PIECES = st.sampled_from([*SIGNS, *WORDS.split()])


def test_places_are_the_exact_text() -> None:
    for text in TEXTS:
        for fact in read_text(text.text, date=text.date).facts:
            assert text.text[fact.start : fact.end] == fact.text


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_junk_of_the_language_never_crashes(text: str) -> None:
    for fact in read_text(text, date="2025").facts:
        assert text[fact.start : fact.end] == fact.text
        json.dumps(fact.as_row(), allow_nan=False)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    for fact in read_text(text).facts:
        assert text[fact.start : fact.end] == fact.text


def test_the_same_text_gives_the_same_facts() -> None:
    for text in TEXTS[:8]:
        once, again = read_text(text.text, date=text.date), read_text(text.text, date=text.date)
        assert [f.as_row() for f in once.facts] == [f.as_row() for f in again.facts]


def test_time_grows_with_length() -> None:
    whole = "\n".join(t.text for t in TEXTS)

    def seconds(times: int) -> float:
        text = "\n".join(f"{whole}\n第{i}段" for i in range(times))
        start = time.process_time()
        read_text(text, date="2025-11-07")
        return time.process_time() - start

    seconds(1)
    assert seconds(12) < 8 * seconds(3) + 0.5


def test_a_broken_line_keeps_its_place() -> None:
    text = "全市实现工业总产值1125\n\n.3亿元,同比增长1\n9.6%,带动社会投资35.6亿\n元。"
    assert [(f.text, f.value) for f in read_text(text).facts] == [
        ("1125\n\n.3亿元", 1125.3e8),
        ("1\n9.6%", 19.6),
        ("35.6亿\n元", 35.6e8),
    ]


def test_a_pull_quote_is_not_counted_twice() -> None:
    body = "记者获悉,今年前三季度全市完成工业总产值505.7亿元,同比增长11%,增速居全省第一。"
    text = f"今年前三季度全市完成工业总产值505.7亿元\n\n{body}\n"
    facts = read_text(text, date="2025-11-07").facts
    assert [f.text for f in facts if f.unit == "CNY"] == ["505.7亿元"]
    assert facts[0].start > text.index("记者")


@pytest.mark.parametrize(
    "piece",
    ["金昌市产值3亿元", "一二三四五六七八九十", "1:2:3:", "1、2、", "企业集团公司园区产业链", "12345678"],
)
def test_a_text_without_an_end_takes_linear_time(piece: str) -> None:
    start = time.process_time()
    read_text(piece * (20_000 // len(piece)), date="2025")
    assert time.process_time() - start < 10
