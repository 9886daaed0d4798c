"""A second city of another kind: what holds for it holds without a line of code that knows it."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from liantu.chain.network_build import build_network
from liantu.chain.plan import Plan, make_plan
from liantu.chain.recipes import check_recipes
from liantu.chain.scenario import Scenario
from liantu.data.schema import TABLES
from liantu.data.tables import Tables, inspect_tables, read_tables

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
CITIES = ("jinchang", "guitang")


@pytest.fixture(scope="module")
def city() -> Tables:
    return read_tables(EXAMPLES / "guitang")


@pytest.fixture(scope="module")
def base(city: Tables) -> Plan:
    return make_plan(build_network(city))


def with_candidates(base: Plan, *names: str) -> Plan:
    return make_plan(base.network, Scenario(add=frozenset(names)))


def activity(plan: Plan) -> dict[str, float]:
    return {plant.id: plant.activity for plant in plan.plants}


def crossed(plan: Plan, kind: str, material: str) -> float:
    return sum(c.quantity for c in plan.crossings if (c.kind, c.material) == (kind, material))


class TestPackage:
    def test_it_reads_without_a_problem_or_a_notice(self) -> None:
        assert inspect_tables(EXAMPLES / "guitang").problems == ()

    def test_every_figure_has_its_quality_and_its_source(self, city: Tables) -> None:
        for table in ("materials", "processes", "process_flows", "candidates", "resources", "demands"):
            assert city[table]["quality"].null_count() == 0
            assert city[table]["source"].null_count() == 0
        assert city["facilities"]["quality"].null_count() == 0
        assert city["facilities"]["capacity_source"].null_count() == 0

    def test_its_names_are_in_both_languages(self, city: Tables) -> None:
        for table in city.frames:
            if "name_zh" in city[table].columns:
                assert all(re.search("[\u4e00-\u9fff]", name) for name in city[table]["name_zh"])
                assert all(name.isascii() for name in city[table]["name_en"])

    def test_its_units_and_its_chemistry_are_others(self, city: Tables) -> None:
        first = read_tables(EXAMPLES / "jinchang")
        assert {"kL", "km3", "m3", "GJ"} <= set(city["materials"]["unit"])
        assert "kL" not in set(first["materials"]["unit"])
        shared = set(city["processes"]["id"]) & set(first["processes"]["id"])
        assert shared == set()

    def test_its_readme_names_every_composition_by_difference(self, city: Tables) -> None:
        stated = {
            f["material_id"]
            for f in city["process_flows"].iter_rows(named=True)
            if "composition by difference" in (f["basis"] or "")
        }
        named = re.findall(r"`(\w+)`", (EXAMPLES / "guitang/README.md").read_text(encoding="utf-8"))
        assert stated <= set(named)


class TestRecipes:
    def test_they_conserve_their_elements(self, city: Tables) -> None:
        balances = check_recipes(city)
        assert Counter(b.verdict for b in balances) == {"ok": 178, "flagged": 8}
        assert {b.process for b in balances if b.verdict == "flagged"} == {"cane_growing"}
        checked = [b for b in balances if b.verdict == "ok" and not b.cause]
        assert max(abs(b.imbalance) for b in checked) < 0.012

    def test_only_the_nitrogen_of_burned_fuel_leaves_with_the_air(self, city: Tables) -> None:
        assert {b.element for b in check_recipes(city) if b.cause == "free_source"} == {"N"}


class TestPlan:
    def test_it_is_proved_best_and_keeps_its_elements(self, base: Plan) -> None:
        assert base.objective > 0
        assert abs(base.certificate.gap) < 1e-9
        assert abs(base.certificate.imbalance) < 0.03

    def test_sugar_is_sold_after_the_reserve_is_served(self, base: Plan) -> None:
        assert base.shortages == ()
        assert crossed(base, "sell", "white_sugar") == pytest.approx(420_000)

    def test_bagasse_becomes_pulp_where_coal_can_take_its_place(self, base: Plan) -> None:
        runs = activity(base)
        assert runs["bagasse_house"] == 0
        assert runs["bagasse_house_qintang"] > 0  # no other steam there
        pulped = sum(s.quantity for s in base.shipments if (s.material, s.target) == ("bagasse", "depither"))
        assert pulped > 300_000
        assert runs["pulp_mill"] < 0.8 * 159_000

    def test_steam_is_worth_more_where_bagasse_is_its_only_source(self, base: Plan) -> None:
        price = {p.place: p for p in base.prices if p.material == "steam"}
        assert price["mill_qintang"].low > 3 * price["mill_main"].high

    def test_vinasse_and_bagasse_bind(self, base: Plan) -> None:
        caps = {cap.id: cap for cap in base.caps}
        assert caps["vinasse_spreading"].price_low > 0
        assert caps["buy_cap:bagasse"].price_low > 0
        assert activity(base)["distillery"] < 12_350

    def test_biogas_pays_only_together_with_the_engine(self, base: Plan) -> None:
        worth = {
            names: with_candidates(base, *names).objective - base.objective
            for names in (("c_biogas",), ("c_biogas_power",), ("c_biogas", "c_biogas_power"))
        }
        assert worth[("c_biogas",)] < 0
        assert worth[("c_biogas_power",)] < 0
        assert worth[("c_biogas", "c_biogas_power")] > 0

    def test_steam_from_leaves_frees_bagasse_for_pulp(self, base: Plan) -> None:
        plan = with_candidates(base, "c_leaf_boiler")
        assert plan.objective > base.objective
        assert activity(plan)["bagasse_house_qintang"] < activity(base)["bagasse_house_qintang"]
        assert activity(plan)["pulp_mill"] > activity(base)["pulp_mill"]
        assert crossed(plan, "dump", "cane_leaves") < crossed(base, "dump", "cane_leaves")

    def test_light_carbonate_outbids_cement_for_white_mud(self, base: Plan) -> None:
        runs = activity(base)
        assert runs["filler_plant"] == pytest.approx(25_000)
        assert runs["cement_line_2"] < 0.2 * 100_000


GENERIC = {
    "assumed",  # the source that every city names for what it assumes
    "carbon_price",  # a key of scenario files
    "energy", "land",  # kinds of caps
    "map",  # of the chain
    "materials",  # a table
    "separator",  # a key of datapackage.json
}  # fmt: skip
"""Words of the program itself that happen to be ids in an example."""

WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")


def city_ids() -> set[str]:
    """Ids of the examples; those of parameters are the program's own."""
    found: set[str] = set()
    for name in CITIES:
        tables = read_tables(EXAMPLES / name)
        found |= {i for table in TABLES if table != "parameters" and "id" in tables[table].columns
                  for i in tables[table]["id"]}  # fmt: skip
    return found - GENERIC


def strings_of(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of every string in Python source that is not a docstring."""
    tree = ast.parse(source)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docs = {id(n.body[0].value) for n in ast.walk(tree)
            if isinstance(n, documented) and n.body and isinstance(n.body[0], ast.Expr)}  # fmt: skip
    bare = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs | bare:
            yield node.lineno, node.value


def mentions(source: str, ids: set[str]) -> list[tuple[int, str]]:
    """(line, id) where source holds an id as a whole string, or within one an id that is no plain word.

    co2, copper and steam in a sentence are words; chlor_alkali or process:steam are not.
    """
    found = []
    for line, text in strings_of(source):
        for word in {text, *WORD.findall(text)} & ids:
            if (
                word == text
                or set(word) & set("_-")
                or re.search(rf"(process|facility|chain|park):{word}\b", text)
            ):
                found.append((line, word))
    return found


DEMONSTRATION = "demo.py"  # the people of the demonstration, who live in its city
COMMON = {"water", "co2", "coal", "solid_waste", "energy", "steam", "electricity"}  # words, not only ids


class TestNoCityInTheProgram:
    @pytest.mark.parametrize(
        "source",
        [
            'if material == "chlorine": pass',
            'x = {"co2_pure": 1}',
            'y = "process:coal_power;x"',
            'y = "process:depithing"',
            'z = ["bagasse"]',
        ],
    )
    def test_a_program_that_knows_a_city_is_caught(self, source: str) -> None:
        assert mentions(source, city_ids())

    def test_words_in_sentences_and_docstrings_are_not_ids(self) -> None:
        assert not mentions(
            'def f():\n    """The co2_pure of a city."""\n    return "water used, room:co2"', city_ids()
        )

    def test_no_id_of_an_example_is_in_the_program(self) -> None:
        ids = city_ids()
        assert len(ids) > 700
        found = [
            f"{path.relative_to(ROOT)}:{line}: {word}"
            for path in sorted((ROOT / "src/liantu").rglob("*.py"))
            for line, word in mentions(path.read_text(encoding="utf-8"), ids)
            if path.name != DEMONSTRATION and word not in COMMON
        ]
        assert found == []

    def test_no_example_is_named_in_the_program(self) -> None:
        names = re.compile("|".join((*CITIES, "金昌", "贵糖", "贵港")), re.I)
        found = [
            f"{path.relative_to(ROOT)}:{line}: {text}"
            for path in sorted((ROOT / "src/liantu").rglob("*.py"))
            for line, text in strings_of(path.read_text(encoding="utf-8"))
            if path.name != DEMONSTRATION and names.search(text)
        ]
        assert found == []
