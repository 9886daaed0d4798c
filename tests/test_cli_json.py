"""JSON for machines: every output is what its published schema says, with the fields that are promised."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from liantu import runs
from liantu.cli.entry import run
from liantu.report.machine import plain
from liantu.report.plan import plan_json
from liantu.report.schema import schemas

ROOT = Path(__file__).parents[1]
CITIES = {
    "jinchang": ROOT / "examples/jinchang",
    "guitang": ROOT / "examples/guitang",
    "first-city": ROOT / "examples/first-city/first-city.xlsx",
}
SCHEMAS = ROOT / "docs/schema"


@cache
def published(name: str) -> Any:
    return json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))


def output(capsys: pytest.CaptureFixture[str], *args: object) -> tuple[int, dict[str, Any]]:
    """Exit code and document of a command; it must be strict JSON and hold against its schema."""

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    code = run([str(a) for a in (*args, "--json")])
    document = json.loads(capsys.readouterr().out, parse_constant=refuse)
    kind, version = document["schema"].removeprefix("liantu/").split("/")
    assert version == "1"
    validator = jsonschema.Draft202012Validator(published(kind))
    assert [f"{list(e.absolute_path)}: {e.message}" for e in validator.iter_errors(document)] == []
    return code, document


class TestSchemas:
    def test_the_published_files_are_those_the_result_types_give(self) -> None:
        made = schemas()
        assert {file.stem for file in SCHEMAS.glob("*.json")} == set(made)
        for name, schema in made.items():
            assert published(name) == schema, f"{name}: python -m liantu.report.schema docs/schema"
            jsonschema.Draft202012Validator.check_schema(schema)

    def test_the_page_names_every_schema_and_every_field_of_its_top(self) -> None:
        page = (ROOT / "docs/json-schema.md").read_text(encoding="utf-8")
        assert set(re.findall(r"\(schema/([a-z-]+)\.json\)", page)) == set(schemas())
        for name in schemas():
            section = page.split(f"(schema/{name}.json)")[1].split("\n## ")[0]
            fields = set(published(name)["properties"]) - {"schema", "dataset", "scenario"}
            assert {f for f in fields if f"`{f}" not in section} == set(), name

    @pytest.mark.parametrize(
        ("name", "path", "fields"),
        [
            ("plan", "", "objective_cny certificate plants shipments crossings prices caps"),
            ("plan", "plants", "id activity load"),
            ("plan", "shipments", "material from to quantity distance_km cost_cny"),
            ("plan", "crossings", "material kind quantity value_cny"),
            ("plan", "prices", "material place low high"),
            ("plan", "caps", "id used limit price"),
            ("gaps", "fill", "worth_cny_per_year first_order_cny_per_year"),
            ("gaps", "extend", "worth_cny_per_year first_order_cny_per_year"),
            ("gaps", "strengthen", "worth_cny_per_year first_order_cny_per_year"),
            ("portfolio", "", "chosen worth_cny_per_year bound_cny_per_year"),
            ("check", "problems", "file row column code found expected fix"),
            ("check", "recipes", "process element imbalance verdict"),
        ],
    )
    def test_the_promised_fields_are_required(self, name: str, path: str, fields: str) -> None:
        schema = published(name)
        at = schema["properties"][path]["items"] if path else schema
        if "$ref" in at:
            at = schema["$defs"][at["$ref"].rpartition("/")[2]]
        assert set(fields.split()) <= set(at["required"])


@pytest.mark.parametrize("city", CITIES)
class TestEveryCity:
    def test_check(self, city: str, capsys: pytest.CaptureFixture[str]) -> None:
        code, document = output(capsys, "check", CITIES[city])
        assert (code, document["problems"]) == (0, [])
        assert sum(document["verdicts"].values()) == len(document["recipes"])
        assert document["verdicts"]["broken"] == 0

    def test_plan(self, city: str, capsys: pytest.CaptureFixture[str]) -> None:
        code, document = output(capsys, "plan", CITIES[city])
        assert code == 0
        assert document["certificate"]["holds"] is True
        assert document["certificate"]["digest"] == document["dataset"]["digest"]
        assert document["scenario"] == {"name": "base"}
        crossed = sum(c["value_cny"] for c in document["crossings"])
        shipped = sum(s["cost_cny"] for s in document["shipments"])
        assert crossed - shipped <= document["objective_cny"] * (1 + 1e-9) + sum_of_costs(document)
        for part in ("place_cny", "chain_cny", "enterprise_cny"):
            total = sum(document["margins"][part].values())
            assert total == pytest.approx(document["objective_cny"], rel=1e-9)

    def test_match(self, city: str, capsys: pytest.CaptureFixture[str]) -> None:
        need = {"jinchang": ("chlorine", "jinchang_etdz"), "guitang": ("molasses", "complex")}
        material, place = need.get(city, ("ash", "kiln"))
        at = ("--quantity", "1000", "--at", place)
        _, document = output(capsys, "match", CITIES[city], "--need", material, *at)
        option = document["options"][0]
        wanted = {"supplier", "quantity", "distance_km", "link", "delivered_cny_per_unit", "displaces"}
        assert wanted <= set(option)
        assert all({"supplier", "reason"} <= set(miss) for miss in document["near_misses"])
        _, document = output(capsys, "match", CITIES[city], "--offer", material, *at)
        assert {"taker", "net_cny_per_unit"} <= set(document["options"][0])
        _, document = output(capsys, "match", CITIES[city], *(("--need", material, *at[:2]) * 2), *at[2:])
        assert document["schema"] == "liantu/joint-match/1"
        assert len(document["reports"]) == 2


def sum_of_costs(document: dict[str, Any]) -> float:
    """What the objective holds besides crossings and freight: other cost of running, a positive sum."""
    crossed = sum(c["value_cny"] for c in document["crossings"])
    shipped = sum(s["cost_cny"] for s in document["shipments"])
    return max(0.0, crossed - shipped - document["objective_cny"])


@pytest.mark.parametrize("city", ["guitang", "first-city"])
def test_gaps(city: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, document = output(capsys, "gaps", CITIES[city])
    assert code == 0
    assert document["fill"] or document["extend"] or document["strengthen"]
    proofs = {p["id"]: p for p in document["proofs"]}
    assert {c["proof"] for c in document["candidates"]} <= set(proofs)


def test_gaps_cut_to_the_first_rows(capsys: pytest.CaptureFixture[str]) -> None:
    _, document = output(capsys, "gaps", CITIES["guitang"], "--top", "1")
    assert {len(document[name]) for name in ("fill", "extend", "strengthen")} == {1}


def test_portfolio(capsys: pytest.CaptureFixture[str]) -> None:
    code, document = output(capsys, "portfolio", CITIES["guitang"], "--capital", "2e8", "--budget", "1e8")
    assert code == 0
    assert document["worth_cny_per_year"] <= document["bound_cny_per_year"] * (1 + 1e-9)
    assert sum(c["capital_cny"] for c in document["chosen"]) <= 2e8 * (1 + 1e-9)
    assert [point["budget_cny"] for point in document["frontier"]] == [1e8]


class TestRefusals:
    def test_check_lists_the_problems_as_its_result(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        runs.convert(CITIES["first-city"], tmp_path)
        file = tmp_path / "facilities.csv"
        file.write_text(file.read_text(encoding="utf-8").replace("1200000", "12万"), encoding="utf-8")
        code, document = output(capsys, "check", tmp_path)
        assert (code, document["dataset"]) == (2, None)
        [problem] = document["problems"]
        assert problem["file"] == "facilities.csv"
        assert (problem["column"], problem["code"], problem["found"]) == (
            "capacity_per_year",
            "unit_in_number",
            "12万",
        )
        assert problem["sentence_zh"].startswith("facilities.csv 第 3 行 capacity_per_year 列：")

    def test_every_other_command_says_why_in_a_document_of_its_own(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        code, document = output(capsys, "plan", tmp_path / "nowhere")
        assert (code, document["schema"]) == (2, "liantu/problems/1")
        assert document["problems"][0]["code"] == "no_such_path"
        code, document = output(capsys, "plan", CITIES["jinchang"], "-s", "lo")
        assert document["problems"][0]["code"] == "unknown_scenario"

    def test_a_shortage_is_a_finding_in_the_document(self, capsys: pytest.CaptureFixture[str]) -> None:
        code, document = output(capsys, "plan", CITIES["jinchang"], "-s", "hydrogen_committed")
        assert code == 1
        [finding] = document["findings"]
        assert (finding["code"], finding["subject"]) == ("shortage", "hydrogen")
        assert finding["quantity"] == pytest.approx(4162.6, rel=1e-3)
        assert document["scenario"]["demands"][0]["material"] == "hydrogen"


class TestNumbers:
    def test_they_are_not_rounded(self) -> None:
        city = runs.open_city(CITIES["guitang"])
        plan = runs.plan(city)
        document = json.loads(json.dumps(plan_json(plan, city)))
        assert document["objective_cny"] == plan.objective
        assert [p["activity"] for p in document["plants"]] == [p.activity for p in plan.plants]

    def test_what_nothing_bounds_is_null(self) -> None:
        assert plain((float("inf"), -float("inf"), float("nan"), 0.5)) == [None, None, None, 0.5]

    def test_what_json_can_not_hold_is_refused(self) -> None:
        with pytest.raises(TypeError, match="no JSON for complex"):
            plain(1j)
