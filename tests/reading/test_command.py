"""`liantu read`: facts as JSON, as a table, with their rules; what can't be read is told."""

import json
from pathlib import Path

import jsonschema
import pytest
from annotated import read_annotated

from liantu.cli.entry import run
from liantu.reading import read_text
from liantu.reading.fact import FIELDS
from liantu.report.reading import reading_json

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/schema/reading.json").read_text("utf-8"))
SENTENCE = "今年前三季度,金昌市地区生产总值达到505.7亿元,同比增长11%。"


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text(SENTENCE, encoding="utf-8")
    return path


def test_it_gives_facts_as_json(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["read", str(report), "--date", "2025-11-07", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)["facts"]
    assert [tuple(fact) for fact in facts] == [FIELDS, FIELDS]
    assert (facts[0]["value"], facts[0]["unit"], facts[0]["period"]) == (505.7e8, "CNY", "2025-01/2025-09")
    assert SENTENCE[facts[0]["start"] : facts[0]["end"]] == facts[0]["text"] == "505.7亿元"


def test_it_explains_each_field(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["read", str(report), "--explain", "--json"]) == 0
    fact = json.loads(capsys.readouterr().out)["facts"][1]
    assert fact["rules"]["measure"] == "增长 before per cent"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_shows_a_table(report: Path, lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["read", str(report), "--lang", lang]) == 0
    assert "505.7亿元" in capsys.readouterr().out


def test_its_json_is_what_the_published_schema_says(
    report: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "scan.pdf"
    bad.write_bytes(b"%PDF-1.7")
    assert run(["read", str(report), str(bad), "--json", "--date", "2025-11-07"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert [p["code"] for p in document["refused"]] == ["pdf_broken"]
    assert document["files"] == [{"file": "report.txt", "date": "2025-11", "subject": "金昌市", "facts": 2}]
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    for text in read_annotated("development.txt"):
        readings = [read_text(text.text, date=text.date, source=text.name)]
        printed = json.loads(json.dumps(reading_json(readings)))
        jsonschema.Draft202012Validator(SCHEMA).validate(printed)
    assert set(SCHEMA["properties"]["facts"]["items"]["required"]) == set(FIELDS)
    document["facts"][0]["measure"] = "guess"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(document)


def test_it_tells_what_it_does_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(b"%PDF-1.7")
    assert run(["read", str(path), "--lang", "en", "--json"]) == 2
    said = capsys.readouterr()
    assert "scan.pdf: is a damaged or truncated PDF" in said.err
    assert json.loads(said.out)["schema"] == "liantu/problems/1"
    assert run(["read", str(tmp_path / "none.txt"), "--lang", "en"]) == 2
    assert run(["read", str(path), "--date", "soon"]) == 2
