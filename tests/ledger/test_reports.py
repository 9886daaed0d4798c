# ruff: noqa: E501 -- tables with Chinese text, whose characters count double
"""Facts as a reader gives them: every contradiction of two reports on the city is found, and nothing else."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from liantu.cli.entry import run
from liantu.ledger.catalogue_read import read_catalogue
from liantu.ledger.from_reading import observations_of_facts, step_of
from liantu.ledger.ledger import Ledger
from liantu.ledger.live import audit

EXAMPLE = Path(__file__).parents[2] / "examples/jinchang/ledger"
CATALOGUE = read_catalogue(EXAMPLE)
DAYS = {"paper.txt": date(2025, 11, 7), "feature.txt": date(2026, 4, 5)}

# file, text, subject, indicator, value, unit, period, measure, growth basis, base period
FACTS = [
    ("paper.txt", "505.7亿元", "金昌市", "gdp", 50570000000, "CNY", "2025-01/2025-09", "level", None, None),
    ("paper.txt", "11%", "金昌市", "gdp", 11, "%", "2025-01/2025-09", "rate", "yoy", None),
    ("paper.txt", "1985.6億元", "“2+4”产业集群", "cluster_output", 198560000000, "CNY", "2024", "level", None, None),
    ("paper.txt", "26.1%", "“2+4”产业集群", "cluster_output", 26.1, "%", "2024", "rate", "yoy", None),
    ("paper.txt", "2850億元", "金武白兰集群", "cluster_output", 285000000000, "CNY", "2025-01/2025-09", "level", None, None),
    ("paper.txt", "1913億元", "金昌市", "貢獻", 191300000000, "CNY", "2025-01/2025-09", "level", None, None),
    ("paper.txt", "353.35亿元", "金昌市", "funds_in_place", 35335000000, "CNY", "2024", "level", None, None),
    ("paper.txt", "41.37%", "金昌市", "funds_in_place", 41.37, "%", "2024", "rate", "yoy", None),
    ("paper.txt", "378.8亿元", "金昌市", "funds_in_place", 37880000000, "CNY", "2025-01/2025-09", "level", None, None),
    ("paper.txt", "26.7%", "金昌市", "funds_in_place", 26.7, "%", "2025-01/2025-09", "rate", "yoy", None),
    ("paper.txt", "221.6亿元", "金昌市", "trade_total", 22160000000, "CNY", "2024", "level", None, None),
    ("paper.txt", "212.8亿元", "金昌市", "trade_total", 21280000000, "CNY", "2025-01/2025-09", "level", None, None),
    ("paper.txt", "48.1%", "金昌市", "trade_total", 48.1, "%", "2025-01/2025-09", "rate", "yoy", None),
    ("paper.txt", "5892户", "金昌市", "new_business_entities", 5892, "count", "2025-01/2025-09", "level", None, None),
    ("paper.txt", "9.21%", "金昌市", "new_business_entities", 9.21, "%", "2025-01/2025-09", "rate", "yoy", None),
    ("paper.txt", "第六十六位", "金昌经开区", "国家级开发区", 66, "rank", "2024", "rank", None, None),
    ("paper.txt", "第十一位", "金昌经开区", "西部", 11, "rank", "2024", "rank", None, None),
    ("feature.txt", "701亿元", "新能源和新能源电池产业链", "chain_output", 70100000000, "CNY", "2025", "level", None, None),
    ("feature.txt", "359亿元", "金昌市", "gdp", 35900000000, "CNY", "2020", "level", None, None),
    ("feature.txt", "10.1%", "金昌市", "gdp", 10.1, "%", "2021/2025", "rate", "avg", None),
    ("feature.txt", "15.7万元", "金昌市", "gdp_per_capita", 157000, "CNY", "2021/2025", "level", None, None),
    ("feature.txt", "翻番", "金昌市", "gdp_per_capita", 2, "times", "2021/2025", "multiple", None, None),
    ("feature.txt", "94个月", "金昌市", "industrial_value_added", 94, "month", "2025", "level", None, None),
    ("feature.txt", "48个月", "金昌市", "industrial_value_added", 48, "month", "2025", "level", None, None),
    ("feature.txt", "第一", "金昌市", "industrial_value_added", 1, "rank", "2025", "rank", None, None),
    ("feature.txt", "486亿元", "“2+4”现代化产业体系", "chain_output", 48600000000, "CNY", "2020", "level", None, None),
    ("feature.txt", "2586亿元", "“2+4”现代化产业体系", "chain_output", 258600000000, "CNY", "2025", "level", None, "2020"),
    ("feature.txt", "33.8%", "“2+4”现代化产业体系", "chain_output", 33.8, "%", "2021/2025", "rate", "avg", "2020"),
    ("feature.txt", "3760亿元", "金川集团", "industrial_output", 376000000000, "CNY", "2025", "level", None, None),
    ("feature.txt", "13.58亿元", "金昌市", "tech_contracts", 1358000000, "CNY", "2021/2025", "level", None, None),
    ("feature.txt", "翻了一番", "金昌市", "tech_contracts", 2, "times", "2021/2025", "multiple", "cum", "2021"),
    ("feature.txt", "36个月", "金昌市", "industrial_value_added", 36, "month", "2026", "level", None, None),
    ("feature.txt", "第一", "金昌市", "industrial_value_added", 1, "rank", "2026", "rank", None, None),
]  # fmt: skip


def facts() -> list[dict[str, Any]]:
    """The facts with offsets that keep their order."""
    names = (
        "text",
        "subject",
        "indicator",
        "value",
        "unit",
        "period",
        "measure",
        "growth_basis",
        "base_period",
    )
    found = []
    for n, (file, *rest) in enumerate(FACTS):
        fact = dict(zip(names, rest, strict=True))
        found.append(
            fact | {"file": file, "start": 10 * n, "end": 10 * n + 4, "status": "actual", "qualifier": None}
        )
    return found


def test_each_contradiction_is_found_and_no_other() -> None:
    proposed = observations_of_facts(facts(), CATALOGUE, DAYS)
    assert proposed.refused == ()
    said = [
        (f.check, f.severity, sorted({str(r.value) for r in f.rows}))
        for f in audit(Ledger.of(proposed.observations), CATALOGUE)
    ]
    assert said == [
        ("average_growth", "error", ["258600000000", "33.8", "48600000000"]),
        ("streak", "error", ["36", "48"]),
        ("identity_growth", "warning", ["10.1", "2"]),
        ("part_whole", "warning", ["258600000000", "376000000000"]),
        ("parts_sum", "warning", ["191300000000", "258600000000", "70100000000"]),
        ("span_base", "warning", ["1358000000", "2"]),
        ("year_to_date", "note", ["10.1", "35900000000", "50570000000"]),
    ]


def test_two_ranks_in_a_row_are_in_two_populations() -> None:
    told = [fact | {"indicator": "国家级开发区"} if fact["indicator"] == "西部" else fact for fact in facts()]
    ranks = [o for o in observations_of_facts(told, CATALOGUE, DAYS).observations if o.indicator == "ranking"]
    assert [(str(o.value), o.within) for o in ranks] == [("66", "国家级开发区"), ("11", "")]
    assert "two_values" not in {f.check for f in audit(Ledger.of(ranks), CATALOGUE)}


def test_what_is_in_doubt_is_not_held_against_anything() -> None:
    doubtful = [fact | {"confidence": {"period": 0.4}} for fact in facts()]
    proposed = observations_of_facts(doubtful, CATALOGUE, DAYS)
    assert {f.check for f in audit(Ledger.of(proposed.observations), CATALOGUE)} <= {"streak"}


def test_a_broken_fact_is_told_and_the_others_are_kept() -> None:
    proposed = observations_of_facts([*facts(), facts()[0] | {"period": "soon"}], CATALOGUE, DAYS)
    assert len(proposed.observations) == len(FACTS)
    assert [why for _, why in proposed.refused] == ["BadPeriod: soon"]


@pytest.mark.parametrize(
    ("text", "value", "unit", "step"),
    [
        ("505.7亿元", "50570000000", "CNY", "10000000"),
        ("３.5%", "3.5", "%", "0.1"),
        ("11%", "11", "%", "1"),
        ("3000亿元", "300000000000", "CNY", "10000000000"),
        ("2850亿元", "285000000000", "CNY", "100000000"),
        ("1.4万余个", "14000", "count", "1000"),
        ("466名", "466", "person", "0"),
        ("第六十六位", "66", "rank", "0"),
        ("千亿", "100000000000", "CNY", "10000000000"),
        ("翻番", "2", "times", "0"),
    ],
)
def test_the_step_is_the_place_of_the_last_digit(text: str, value: str, unit: str, step: str) -> None:
    assert step_of(text, Decimal(value), unit) == Decimal(step)


class TestCommand:
    def test_it_tells_findings_and_exits_with_one(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "facts.json"
        files = [{"file": name, "date": day.isoformat()} for name, day in DAYS.items()]
        file.write_text(json.dumps({"facts": facts(), "files": files}), encoding="utf-8")
        assert run(["figures", "check", str(file), "--catalogue", str(EXAMPLE), "--lang", "zh"]) == 1
        assert "年均增速与首末值不符" in capsys.readouterr().out
        assert run(["figures", "check", str(file), "--catalogue", str(EXAMPLE), "--json"]) == 1
        document = json.loads(capsys.readouterr().out)
        assert (document["schema"], len(document["findings"])) == ("liantu/figures/1", 7)

    def test_bad_input_is_told_at_once(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        table, facts_file = tmp_path / "t.csv", tmp_path / "f.json"
        table.write_text("a,b\n1,2\n", encoding="utf-8")
        facts_file.write_text("{}", encoding="utf-8")
        assert run(["figures", "check", str(table), str(facts_file), "--catalogue", str(EXAMPLE)]) == 2
        said = capsys.readouterr().err
        assert "t.csv" in said
        assert "f.json" in said
