"""Scenario files: what is read, what is refused and where, and the way back to a file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from liantu.chain.network_build import build_network
from liantu.chain.plan import make_plan
from liantu.chain.scenario import Scenario
from liantu.chain.scenario_file import (
    KEYS,
    find_scenario,
    inspect_scenario,
    read_scenario,
    scenario_text,
    with_candidates,
)
from liantu.data.tables import Tables, read_tables
from liantu.errors import InputError, Problem
from liantu.messages import FIXES, SENTENCES, sentence

ROOT = Path(__file__).parents[2]

EVERYTHING = """\
name: all
title: 一切 everything
price_level: high
prices: {chlorine: 3.5e2, hydrogen: low, red_gypsum: -12}
capacity:
  f_rutile: 100000
  c_hf: 10000
close: [f_cu_rod, c_ppa]
open: []
add:
  - c_hf
  - id: c_mine
    name_zh: 我的净化磷酸
    process_id: ppa_purification
    typical_scale: 5.0e4
    suggested_park_id: hexibao_ip
    works_best_with: [c_hf, c_twin]
    local_only_inputs: [phosphoric_acid]
  - {id: c_twin, process_id: ppa_purification, typical_scale: 100, suggested_park_id: hexibao_ip}
demand:
  d_park: {material: hydrogen, quantity: 1000, park: hexibao_ip}
  d_place: {material: chlorine, quantity: 1e3, lat: 38.4, lon: 102.1, penalty: 5}
caps: {red_gypsum_stack: 4000000, dispatchable_share: 0.5}
carbon_price: 80
capital_charge_rate: 0.1
"""


@cache
def city(name: str = "jinchang") -> Tables:
    return read_tables(ROOT / "examples" / name)


def write(folder: Path, text: str, name: str = "some.yaml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def problems(folder: Path, text: str, name: str = "jinchang") -> list[Problem]:
    scenario, found = inspect_scenario(write(folder, text), city(name))
    assert (scenario is None) == any(p.severity == "error" for p in found)
    return list(found)


class TestReading:
    def test_every_key_is_read(self, tmp_path: Path) -> None:
        s = read_scenario(write(tmp_path, EVERYTHING), city())
        assert (s.name, s.title, s.price_level) == ("all", "一切 everything", "high")
        assert s.prices == {"chlorine": 350.0, "hydrogen": "low", "red_gypsum": -12.0}
        assert s.capacity == {"f_rutile": 100000.0, "c_hf": 10000.0}
        assert s.close == {"f_cu_rod", "c_ppa"}
        assert s.open == frozenset()
        assert s.add == {"c_hf", "c_mine", "c_twin"}
        assert s.caps == {"red_gypsum_stack": 4e6, "dispatchable_share": 0.5}
        assert (s.carbon_price, s.capital_charge_rate) == (80.0, 0.1)
        mine, twin = s.candidates
        assert mine["works_best_with"] == "c_hf;c_twin"
        assert mine["typical_scale"] == 50000.0
        assert twin["id"] == "c_twin"
        park, place = s.demands
        assert city()["materials"]["id"][park.material] == "hydrogen"
        assert (park.lat, park.lon, park.park, park.penalty) == (38.392, 102.07, "hexibao_ip", 100000.0)
        assert (place.lat, place.lon, place.park, place.penalty) == (38.4, 102.1, "", 5.0)

    def test_the_example_uses_every_key_there_is(self) -> None:
        assert {line.split(":")[0] for line in EVERYTHING.splitlines() if line[0] not in " -"} == set(KEYS)

    def test_an_empty_file_overrides_nothing_and_is_named_by_the_file(self, tmp_path: Path) -> None:
        assert read_scenario(write(tmp_path, "# nothing yet\nclose:\n", "quiet.yaml"), city()) == Scenario(
            "quiet"
        )

    def test_words_that_yaml_would_turn_into_values_stay_words(self, tmp_path: Path) -> None:
        assert read_scenario(write(tmp_path, "name: no\ntitle: 12:30\n"), city()).name == "no"

    def test_a_gbk_file_is_read_and_said(self, tmp_path: Path) -> None:
        file = tmp_path / "gbk.yaml"
        file.write_bytes("title: 高价格情景\nprice_level: high\n".encode("gb18030"))
        scenario, [notice] = inspect_scenario(file, city())
        assert scenario is not None
        assert scenario.title == "高价格情景"
        assert (notice.code, notice.severity) == ("gb18030", "notice")

    def test_a_committed_demand_of_the_city_gets_another_quantity(self, tmp_path: Path) -> None:
        s = read_scenario(write(tmp_path, "demand: {sugar_reserve: 12}"), city("guitang"))
        assert s.demand == {"sugar_reserve": 12.0}


class TestWayBack:
    def test_a_written_scenario_reads_back_the_same(self, tmp_path: Path) -> None:
        first = read_scenario(write(tmp_path, EVERYTHING), city())
        again = read_scenario(write(tmp_path, scenario_text(first, city()), "again.yaml"), city())
        assert again == first

    def test_the_base_is_a_name_and_nothing_else(self) -> None:
        assert scenario_text(Scenario(), city()) == "name: base\n"

    def test_its_own_candidates_join_the_tables_and_the_plan(self, tmp_path: Path) -> None:
        s = read_scenario(write(tmp_path, EVERYTHING), city())
        tables = with_candidates(city(), s)
        assert tables["candidates"].height == city()["candidates"].height + 2
        assert tables.digest != city().digest
        plan = make_plan(build_network(tables), s)
        assert plan.certificate.holds
        assert {"c_mine", "c_twin", "c_hf"} <= {p.id for p in plan.plants}

    def test_without_candidates_the_tables_are_the_same_object(self) -> None:
        assert with_candidates(city(), Scenario()) is city()


# (text, code, line, key, found)
REFUSED = [
    ("price_leve: low", "unknown_key", 1, "price_leve", "price_leve"),
    ("price_level: lower", "unknown_word", 1, "price_level", "lower"),
    ("price_level: [low]", "wrong_shape", 1, "price_level", "[low]"),
    ("prices: 12", "wrong_shape", 1, "prices", "12"),
    ("prices:\n  nickel: 3", "unknown_reference", 2, "prices.nickel", "nickel"),
    ("prices:\n  chlorine: 3万", "unit_in_number", 2, "prices.chlorine", "3万"),
    ("prices:\n  chlorine: １２", "full_width", 2, "prices.chlorine", "１２"),
    ("prices:\n  chlorine: 1，200", "chinese_comma", 2, "prices.chlorine", "1，200"),
    ("prices:\n  chlorine: .inf", "text_in_number", 2, "prices.chlorine", ".inf"),
    ("prices:\n  chlorine: 1e999", "not_finite", 2, "prices.chlorine", "1e999"),
    ("prices:\n  chlorine:", "missing_value", 2, "prices.chlorine", ""),
    ("prices:\n  chlorine: 1\n  chlorine: 2", "duplicate_key", 3, "prices.chlorine", "chlorine"),
    ("close: []\nclose: []", "duplicate_key", 2, "close", "close"),
    ("capacity: {f_rutile: -5}", "negative_value", 1, "capacity.f_rutile", "-5"),
    ("capacity: {c_pa: 5}", "unknown_reference", 1, "capacity.c_pa", "c_pa"),
    ("close: [f_rutil]", "unknown_reference", 1, "close", "f_rutil"),
    ("close: [[f_rutile]]", "wrong_shape", 1, "close", "[f_rutile]"),
    ("close: {f_rutile: 1}", "wrong_shape", 1, "close", "{f_rutile: …}"),
    ("open: [c_ppa]", "belongs_under", 1, "open", "c_ppa"),
    ("add: [f_rutile]", "belongs_under", 1, "add", "f_rutile"),
    ("add: [c_ppa]\nclose: [c_ppa]", "named_twice", 2, "close", "c_ppa"),
    ("open: [f_rutile]\nclose: [f_rutile]", "named_twice", 2, "close", "f_rutile"),
    ("add:\n  - c_pp", "unknown_reference", 2, "add", "c_pp"),
    ("add:\n- {id: c_x, process_id: ppa_purification}", "missing_value", 2, "add.c_x.typical_scale", ""),
    (
        "add:\n- {id: c_x, process_id: pp, typical_scale: 1}",
        "unknown_reference", 2, "add.c_x.process_id", "pp",
    ),
    (
        "add:\n- id: c_x\n  process_id: ppa_purification\n  typical_scale: -1",
        "negative_value", 4, "add.c_x.typical_scale", "-1",
    ),
    (
        "add:\n- {id: f_rutile, process_id: ppa_purification, typical_scale: 1}",
        "clashing_id", 2, "add.f_rutile.id", "f_rutile",
    ),
    (
        "add:\n- {id: c_ppa, process_id: ppa_purification, typical_scale: 1}",
        "duplicate_id", 2, "add.c_ppa.id", "c_ppa",
    ),
    (
        "add:\n- {id: c_x, process_id: ppa_purification, typical_scale: 1, min_scale: 2}",
        "scale_order", 2, "add.c_x.min_scale", "2",
    ),
    (
        "add:\n- {id: c_x, process_id: ppa_purification, typical_scale: 1, capex: 2}",
        "unknown_key", 2, "add.c_x.capex", "capex",
    ),
    (
        "add:\n- {id: c_x, process_id: ppa_purification, typical_scale: {a: 1}}",
        "wrong_shape", 2, "add.c_x.typical_scale", "{a: …}",
    ),
    ("demand: {d: 5}", "unknown_reference", 1, "demand.d", "d"),
    (
        "demand:\n  d: {material: hydrogen, quantity: -1, park: hexibao_ip}",
        "negative_value", 2, "demand.d.quantity", "-1",
    ),
    ("demand:\n  d: {material: hydrogen, quantity: 1}", "position_missing", 2, "demand.d.lat", ""),
    (
        "demand:\n  d: {material: hydrogen, quantity: 1, lat: 38}",
        "position_incomplete", 2, "demand.d.lon", "",
    ),
    (
        "demand:\n  d: {material: hydrogen, quantity: 1, lat: 99, lon: 102}",
        "out_of_range", 2, "demand.d.lat", "99",
    ),
    (
        "demand:\n  d: {material: hydroge, quantity: 1, park: hexibao_ip}",
        "unknown_reference", 2, "demand.d.material", "hydroge",
    ),
    ("caps: {red_gypsum: 1}", "unknown_reference", 1, "caps.red_gypsum", "red_gypsum"),
    ("caps: {land_industrial: -4}", "negative_value", 1, "caps.land_industrial", "-4"),
    ("caps: {dispatchable_share: 2}", "out_of_range", 1, "caps.dispatchable_share", "2"),
    ("carbon_price: -1", "negative_value", 1, "carbon_price", "-1"),
    ("capital_charge_rate: 12", "out_of_range", 1, "capital_charge_rate", "12"),
    ("- a\n- b", "wrong_shape", 1, None, "[a, b]"),
    ("? [1]\n: 3", "wrong_shape", 1, None, "[1]"),
]  # fmt: skip


class TestRefusal:
    @pytest.mark.parametrize(("text", "code", "line", "key", "found"), REFUSED)
    def test_each_mistake_is_told_with_its_line_and_key(
        self, tmp_path: Path, text: str, code: str, line: int, key: str | None, found: str
    ) -> None:
        [problem] = problems(tmp_path, text)
        assert (problem.file, problem.code, problem.row) == ("some.yaml", code, line)
        assert (problem.column, problem.found) == (key, found)
        assert problem.code in SENTENCES
        assert problem.code in FIXES
        assert f"line {line}" in sentence(problem, "en")
        assert f"第 {line} 行" in sentence(problem, "zh")

    def test_all_mistakes_are_told_at_once(self, tmp_path: Path) -> None:
        text = "price_level: x\nprices: {zinc: 1}\nclose: [a, b]\nadd: [c]\ncaps: {d: 1}\ncarbon_price: y\n"
        assert [p.row for p in problems(tmp_path, text)] == [1, 2, 3, 3, 4, 5, 6]

    def test_near_names_are_ids_even_where_a_name_was_typed(self, tmp_path: Path) -> None:
        [by_id, by_name] = problems(tmp_path, "prices: {clorine: 1, 氯气: 2}")
        assert by_id.expected == "materials.id (chlorine)"
        assert by_name.expected == "materials.id (chlorine)"
        [key] = problems(tmp_path, "price_leve: low")
        assert key.expected == "price_level, prices"

    def test_a_demand_of_the_city_takes_a_quantity_only(self, tmp_path: Path) -> None:
        [problem] = problems(tmp_path, "demand: {sugar_reserve: {material: white_sugar}}", "guitang")
        assert (problem.code, problem.expected) == ("wrong_shape", "sugar_reserve: 1200.5")

    def test_a_carbon_price_needs_an_emission_that_is_priced(self, tmp_path: Path) -> None:
        resources = city()["resources"].filter(city()["resources"]["constraint_kind"] != "price")
        bare = Tables({**city().frames, "resources": resources}, "bare", "bare", "bare")
        scenario, [problem] = inspect_scenario(write(tmp_path, "carbon_price: 80"), bare)
        assert scenario is None
        assert problem.code == "no_emission_price"

    def test_the_cap_of_a_single_material_can_be_named_where_it_is_one(self, tmp_path: Path) -> None:
        network = build_network(city())
        generated = [cap.id for cap in network.caps if ":" in cap.id]
        text = "caps:\n" + "\n".join(f"  '{name}': 7" for name in generated)
        scenario = read_scenario(write(tmp_path, text), city())
        assert set(scenario.caps) == set(generated)
        hidden = "caps: {'sell_cap:sulfuric_acid': 7}"  # the resource row says it, and stands alone
        assert [p.code for p in problems(tmp_path, hidden)] == ["unknown_reference"]


class TestBrokenFiles:
    @pytest.mark.parametrize(
        ("content", "code", "line"),
        [
            (b"a: [\n b: {", "broken_yaml", 2),
            (b"prices:\n\tx: 1\n", "broken_yaml", 2),
            (b"a: 1\n---\nb: 2\n", "broken_yaml", 2),
            (b"a: " + b"[" * 3000, "broken_yaml", None),
            (b"a: \x01", "broken_yaml", None),
            (b"name: !!python/object/apply:os.system [ls]", "wrong_shape", 1),
            (b"\xff\xfe\x00", "encoding_unknown", None),
            (b"x" * 1_000_001, "too_large", None),
        ],
    )
    def test_what_is_no_scenario_is_refused_without_a_traceback(
        self, tmp_path: Path, content: bytes, code: str, line: int | None
    ) -> None:
        file = tmp_path / "bad.yaml"
        file.write_bytes(content)
        with pytest.raises(InputError) as caught:
            read_scenario(file, city())
        assert [(p.code, p.row) for p in caught.value.problems] == [(code, line)]

    def test_a_missing_file_is_told_with_near_names(self, tmp_path: Path) -> None:
        write(tmp_path, "", "low.yaml")
        _, [problem] = inspect_scenario(tmp_path / "lwo.yaml", city())
        assert (problem.code, problem.expected) == ("no_such_path", "low.yaml")
        _, [problem] = inspect_scenario(tmp_path, city())
        assert problem.code == "unreadable_file"

    @pytest.mark.parametrize("mark", ["\\e", "\\0", "\\x9b"])
    def test_a_character_that_a_terminal_would_obey_is_refused(self, tmp_path: Path, mark: str) -> None:
        [problem] = problems(tmp_path, f'price_level: low\ntitle: "{mark}[31mred"\n')
        assert (problem.code, problem.row, problem.column) == ("control_character", 2, "title")


class TestFinding:
    def test_a_scenario_is_a_path_or_a_name_in_the_citys_folder(self, tmp_path: Path) -> None:
        folder = ROOT / "examples/jinchang"
        assert find_scenario("low_prices", folder) == folder / "scenarios/low_prices.yaml"
        assert find_scenario("low_prices.yaml", folder) == folder / "scenarios/low_prices.yaml"
        own = write(tmp_path, "")
        assert find_scenario(str(own), folder) == own
        workbook = tmp_path / "city.xlsx"
        (tmp_path / "scenarios").mkdir()
        beside = write(tmp_path / "scenarios", "", "mine.yml")
        assert find_scenario("mine", workbook) == beside

    def test_an_unknown_name_is_told_with_near_names(self) -> None:
        with pytest.raises(InputError) as caught:
            find_scenario("low_price", ROOT / "examples/jinchang")
        [problem] = caught.value.problems
        assert problem.code == "unknown_scenario"
        assert "low_prices" in problem.expected

    def test_every_scenario_of_the_examples_is_read_and_solved(self) -> None:
        files = sorted(ROOT.glob("examples/*/scenarios/*.yaml"))
        assert len(files) >= 5
        for file in files:
            home = file.parents[1]
            tables = read_tables(home if (home / "datapackage.json").exists() else next(home.glob("*.xlsx")))
            scenario = read_scenario(file, tables)
            assert scenario.title, file
            assert make_plan(build_network(with_candidates(tables, scenario)), scenario).certificate.holds
