# ruff: noqa: E501 -- a table, one damage a line
"""What offices do to tables: each damage hurts a copy of the demo city and says where it must be found.

A damage is (name, code, hurt); `hurt` damages the city and returns the place. ALONE marks those after which
the rest of the file can't be judged, so that they are not combined with another in the same file.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from typing import NamedTuple

from .city import City, Place


class Damage(NamedTuple):
    """One kind of damage. `echoes`: codes that truly follow from it elsewhere."""

    name: str
    code: str
    hurt: Callable[[City], Place]
    echoes: frozenset[str] = frozenset()
    whole: bool = False


def cell(
    name: str, code: str, table: str, key: str | tuple[str, ...], column: str, text: str, *echoes: str
) -> Damage:
    """A single cell with a wrong text."""
    return Damage(name, code, lambda city: city.set(table, key, column, text), frozenset(echoes))


FOIL = ("ni_foil_rolling", "5")
RUTILE = ("synthetic_rutile_acid", "2")

NUMBERS = [
    cell("text in a number", "text_in_number", "materials", "steam", "price_mid_cny", "about sixty"),
    cell("letter O for zero", "text_in_number", "facilities", "f_rutile", "capacity_per_year", "40O000"),
    cell("full-width digits", "full_width", "materials", "steam", "price_low_cny", "５０"),
    cell("full-width minus", "full_width", "materials", "chlorine", "price_low_cny", "－200"),
    cell("Chinese comma", "chinese_comma", "facilities", "f_rutile", "capacity_per_year", "400，000"),
    cell("thousands separator", "thousands_separator", "facilities", "f_sponge", "capacity_per_year", "30,000"),
    cell("space as separator", "thousands_separator", "facilities", "f_sponge", "capacity_per_year", "30 000"),
    cell("decimal comma", "thousands_separator", "materials", "water", "price_mid_cny", "4,2"),
    cell("unit pasted in", "unit_in_number", "facilities", "f_cu_rod", "capacity_per_year", "200000 t/y"),
    cell("万 pasted in", "unit_in_number", "facilities", "f_cu_rod", "capacity_per_year", "20万"),
    cell("per cent", "unit_in_number", "materials", "co3o4", "purity", "99.5%"),
    cell("currency sign", "unit_in_number", "materials", "lime", "price_high_cny", "¥520"),
    cell("NaN", "not_finite", "materials", "lime", "price_mid_cny", "NaN"),
    cell("infinity", "not_finite", "materials", "lime", "external_buy_cap_per_year", "inf"),
    cell("a number too large", "not_finite", "facilities", "f_mg", "capacity_per_year", "1e999"),
    cell("a date for a number", "date_for_number", "process_flows", FOIL, "amount", "2025-01-01", ),
    cell("a month for a number", "date_for_number", "candidates", "c_ppa", "jobs", "1月6日"),
    cell("dash for nothing", "placeholder", "materials", "steam", "tce_per_unit", "—"),
    cell("无 for nothing", "placeholder", "materials", "steam", "disposal_cost_cny_per_unit", "无"),
    cell("space before a number", "stray_space", "materials", "steam", "price_mid_cny", " 66"),
    cell("spreadsheet error", "error_cell", "materials", "steam", "price_mid_cny", "#REF!"),
    cell("negative capacity", "negative_value", "facilities", "f_rutile", "capacity_per_year", "-400000"),
    cell("negative amount", "negative_value", "process_flows", RUTILE, "amount", "-3.75"),
    cell("negative freight", "negative_value", "materials", "steam", "transport_cost_cny_per_tkm", "-0.1"),
    cell("negative land", "negative_value", "candidates", "c_ppa", "land_ha", "-12"),
    cell("purity above one", "out_of_range", "materials", "co3o4", "purity", "99.5"),
    cell("latitude out of range", "out_of_range", "facilities", "f_mine3", "lat", "384.55"),
    cell("longitude out of range", "out_of_range", "parks", "hexibao_ip", "lon", "1020.7"),
    Damage("latitude and longitude swapped", "lat_lon_swapped", lambda c: [
        c.set("facilities", "f_mine3", "lon", "38.455"), c.set("facilities", "f_mine3", "lat", "102.135")][-1]),
]  # fmt: skip

WORDS = [
    cell("blank id", "missing_value", "parks", "wind_base", "id", "", "unknown_reference"),
    cell("blank capacity", "missing_value", "facilities", "f_rutile", "capacity_per_year", ""),
    cell("blank unit", "missing_value", "materials", "lime", "unit", ""),
    cell("flag in words", "bad_flag", "materials", "steam", "external_buy", "是"),
    cell("flag 2", "bad_flag", "processes", "coal_power", "dispatchable", "2"),
    cell("unknown status", "unknown_word", "facilities", "f_rutile", "status", "operatng"),
    cell("unknown kind of material", "unknown_word", "materials", "steam", "kind", "utilities"),
    cell("unknown quality", "unknown_word", "process_flows", RUTILE, "quality", "guess"),
    cell("unknown direction", "unknown_word", "process_flows", RUTILE, "direction", "input"),
    cell("unknown constraint kind", "unknown_word", "resources", "grid_import", "constraint_kind", "buy_caps"),
    cell("unknown price level", "unknown_word", "materials", "electricity", "sell_price_level", "lowest"),
    cell("unknown pool", "unknown_word", "materials", "electricity", "pool", "town"),
    cell("unknown stage", "unknown_word", "chain_stages", ("nickel", "process", "ni_ore_mining"), "stage", "up"),
    cell("space in an id", "bad_id", "enterprises", "zhenghao_ti", "id", "zhenghao ti", "unknown_reference"),
    cell("full-width id", "bad_id", "enterprises", "zhenghao_ti", "id", "ｚhenghao_ti", "unknown_reference"),
    cell("semicolon in an id", "bad_id", "parks", "wind_base", "id", "wind;base", "unknown_reference"),
    cell("space after a reference", "stray_space", "facilities", "f_rutile", "process_id", "synthetic_rutile_acid "),
    cell("Chinese semicolon in a list", "wrong_list_separator", "projects", "p_zhenghao", "facility_ids",
         "f_ti_ingot；f_ti_plate"),
    cell("comma in a list", "wrong_list_separator", "projects", "p_zhenghao", "facility_ids", "f_ti_ingot,f_ti_plate"),
    cell("empty list item", "empty_list_item", "projects", "p_zhenghao", "facility_ids", "f_ti_ingot;;f_ti_plate"),
    cell("impossible date", "bad_date", "sources", "five-year-review-2026-01", "date", "2026-13"),
    cell("control character", "control_character", "materials", "steam", "note", "a\x0bb"),
    cell("lost characters", "lost_characters", "materials", "steam", "name_zh", "蒸\ufffd\ufffd"),
    cell("mojibake", "lost_characters", "materials", "steam", "name_zh", "锟斤拷"),
    cell("endless text", "text_too_long", "materials", "steam", "note", "x" * 40000),
]  # fmt: skip

KEYS = [
    Damage("duplicate id", "duplicate_id", lambda c: c.copy("materials", "steam", "id")),
    Damage("duplicate process line", "duplicate_row",
           lambda c: c.copy("process_flows", RUTILE, "line", material_id="coke", unit="t")),
    Damage("same flow twice", "duplicate_flow", lambda c: c.copy("process_flows", RUTILE, "material_id", line="99")),
    Damage("id of a plant and a candidate", "clashing_id", lambda c: c.copy("candidates", "c_ppa", "id", id="f_rutile")),
    cell("unknown process", "unknown_reference", "facilities", "f_rutile", "process_id", "synthetic_rutil_acid"),
    cell("unknown material", "unknown_reference", "process_flows", RUTILE, "material_id", "sulphuric_acid"),
    cell("unknown park", "unknown_reference", "facilities", "f_rutile", "park_id", "hexibao"),
    cell("unknown enterprise", "unknown_reference", "facilities", "f_rutile", "enterprise_id", "bailian"),
    cell("unknown source", "unknown_reference", "chains", "nickel", "source", "hundred-billion-industry"),
    cell("unknown facility in a list", "unknown_reference", "projects", "p_zhenghao", "facility_ids",
         "f_ti_ingot;f_ti_plates"),
    cell("unknown partner", "unknown_reference", "candidates", "c_lfp", "works_best_with", "c_fepo"),
    cell("unknown retrofitted plant", "unknown_reference", "candidates", "c_rutile_copperas",
         "shares_capacity_with_facility", "rutile"),
    cell("unknown emission", "unknown_reference", "materials", "co2_pure", "emits_as", "carbon_dioxide"),
    cell("material among processes", "unknown_reference", "chain_stages",
         ("nickel", "process", "ni_ore_mining"), "item_id", "ni_ore"),
    cell("unknown scope", "unknown_reference", "resources", "water_agri", "applies_to", "process:vegetables_farming"),
    cell("malformed scope", "malformed_applies_to", "resources", "water_agri", "applies_to", "vegetable_farming"),
    cell("scope of an unknown kind", "malformed_applies_to", "resources", "water_agri", "applies_to",
         "processes:vegetable_farming"),
    cell("own parent", "cyclic_parent", "chains", "nonferrous", "parent_id", "nonferrous"),
    cell("parents in a ring", "cyclic_parent", "enterprises", "jinchuan_group", "parent_id", "jinchuan_nico_co"),
    cell("partner of itself", "refers_to_itself", "candidates", "c_lfp", "works_best_with", "c_lfp"),
    cell("emits itself", "refers_to_itself", "materials", "co2", "emits_as", "co2"),
]  # fmt: skip

MEANING = [
    cell("wrong unit of a flow", "wrong_unit", "process_flows", RUTILE, "unit", "kg"),
    cell("wrong unit of a capacity", "wrong_unit", "facilities", "f_slime", "capacity_unit", "t/y"),
    cell("capacity unit without the year", "wrong_unit", "facilities", "f_rutile", "capacity_unit", "t"),
    cell("wrong unit of a scale", "wrong_unit", "candidates", "c_cells_10gwh", "scale_unit", "GWh/y"),
    cell("wrong reference unit", "wrong_unit", "processes", "pv_power", "reference_unit", "kWh"),
    cell("wrong unit of a cap", "wrong_unit", "resources", "grid_import", "unit", "kWh/y"),
    cell("wrong unit of a parameter", "wrong_unit", "parameters", "capital_charge_rate", "unit", "%"),
    cell("tonnes not known", "mass_unknown", "materials", "coke_oven_gas", "t_per_unit", ""),
    cell("low price above mid", "price_order", "materials", "steam", "price_low_cny", "100"),
    cell("high price below mid", "price_order", "materials", "steam", "price_high_cny", "6"),
    cell("bought without a price", "price_missing", "materials", "coke", "price_mid_cny", ""),
    cell("composition without numbers", "bad_composition", "materials", "coke", "composition", "mostly carbon"),
    cell("composition in per cent", "composition_over_one", "materials", "coke", "composition", "C:85.5;Si:3.2"),
    cell("composition above one", "composition_over_one", "materials", "coke", "composition", "C:0.855;Si:0.2"),
    cell("Chinese colon in a composition", "bad_composition", "materials", "coke", "composition", "C：0.855"),
    cell("unknown element", "unknown_element", "materials", "coke", "composition", "C:0.8;Sx:0.03"),
    cell("element in capitals", "unknown_element", "materials", "ni_ore", "composition", "NI:0.012"),
    cell("element twice", "repeated_element", "materials", "coke", "composition", "C:0.4;C:0.4"),
    cell("formula in words", "bad_formula", "materials", "urea", "formula", "carbamide"),
    cell("unbalanced brackets", "bad_formula", "materials", "urea", "formula", "CO(NH2"),
    cell("full stop for the hydrate dot", "bad_formula", "materials", "fgd_gypsum", "formula", "CaSO4.2H2O"),
    cell("unknown element in a formula", "unknown_element", "materials", "urea", "formula", "CO(NH2)2Qq"),
    cell("balance scope in free words", "bad_balance_scope", "processes", "coking", "balance_scope", "mostly"),
    Damage("process without flows", "process_without_flows",
           lambda c: c.copy("processes", "coking", "id", id="coking_2")),
    cell("reference product only used", "reference_not_made", "processes", "urea_synthesis", "reference_product",
         "ammonia", "wrong_unit", "wrong_reference_product"),
    cell("reference product not one", "reference_amount", "process_flows", FOIL, "amount", "1.02"),
    cell("plant with another product", "wrong_reference_product", "facilities", "f_rutile", "reference_product", "lime"),
    cell("only a latitude", "position_incomplete", "facilities", "f_rutile", "lon", ""),
    Damage("no place at all", "position_missing", lambda c: [
        c.set("facilities", "f_rutile", column, "") for column in ("park_id", "lon", "lat")][-1]),
    cell("least scale above the usual", "scale_order", "candidates", "c_ppa", "min_scale", "150001"),
    cell("cap without a material", "cap_without_material", "resources", "grid_import", "material_id", ""),
    cell("land cap of a material", "cap_with_material", "resources", "land_industrial", "material_id", "water"),
    Damage("cap given twice", "duplicate_cap",
           lambda c: c.copy("resources", "grid_import", "constraint_kind", id="grid_import_2", value="9")),
    cell("negative cap", "negative_value", "resources", "grid_import", "value", "-8000000"),
    cell("share above one", "out_of_range", "resources", "dispatchable_share", "value", "45"),
    cell("unknown parameter", "unknown_parameter", "parameters", "capital_charge_rate", "id", "capital_charge"),
    cell("interest in per cent", "parameter_value", "parameters", "capital_charge_rate", "value", "12"),
    cell("unknown price level of the plan", "parameter_value", "parameters", "price_level", "text", "middle"),
    cell("unknown state in the plan", "parameter_value", "parameters", "plan_statuses", "text", "operating;open"),
]  # fmt: skip


def _drop_column(city: City, table: str, column: str) -> Place:
    rows = city.rows(table)
    at = rows[0].index(column)
    city.put(table, [row[:at] + row[at + 1 :] for row in rows])
    return f"{table}.csv", 1, column


def _repeat_column(city: City, table: str, column: str) -> Place:
    rows = city.rows(table)
    at = rows[0].index(column)
    city.put(table, [[*row, row[at]] for row in rows])
    return f"{table}.csv", 1, column


def _shorten(city: City, table: str, row: int) -> Place:
    rows = city.rows(table)
    rows[row - 1].pop()
    city.put(table, rows)
    return f"{table}.csv", row, None


def _lengthen(city: City, table: str, row: int) -> Place:
    rows = city.rows(table)
    rows[row - 1].append("more")
    city.put(table, rows)
    return f"{table}.csv", row, None


def _nameless(city: City) -> Place:
    rows = city.rows("parks")
    rows[0][4] = ""
    city.put("parks", rows)
    return "parks.csv", 1, None


def _title(city: City) -> Place:
    rows = city.rows("parks")
    city.put("parks", [["金昌市园区一览表"], *rows])
    return "parks.csv", 1, None


def _remove(city: City, table: str) -> Place:
    city.file(table).unlink()
    names = [row[0] for row in _resources(city)]
    return "datapackage.json", None, f"resources[{names.index(table)}].path"


def _resources(city: City) -> list[list[str]]:
    import json

    content = json.loads((city.path / "datapackage.json").read_text("utf-8"))
    return [[resource["name"], resource["path"]] for resource in content["resources"]]


def _semicolons(content: bytes) -> bytes:
    return content.replace(b";", b"+").replace(b",", b";")


def _footer(city: City, text: str) -> Place:
    file, row, _ = city.add("facilities", {"id": text, "capacity_per_year": "38414220"}, column="id")
    return file, row, None


SHAPE = [
    Damage("row of totals", "not_a_record", lambda c: _footer(c, "合计")),
    Damage("remark under the table", "not_a_record", lambda c: _footer(c, "注：产能为情景值")),
    Damage("Chinese column name", "unknown_column", lambda c: c.rename("candidates", "rationale", "理由")),
    Damage("missing column", "missing_column", lambda c: _drop_column(c, "facilities", "capacity_per_year"), whole=True),
    Damage("misspelt column", "unknown_column", lambda c: c.rename("candidates", "jobs", "job")),
    Damage("duplicate header", "duplicate_column", lambda c: _repeat_column(c, "parks", "level")),
    Damage("blank header", "blank_header", _nameless, frozenset({"position_incomplete"}), whole=True),
    Damage("title above the header", "title_above_header", _title, whole=True),
    Damage("row too short", "ragged_row", lambda c: _shorten(c, "sources", 4), frozenset({"unknown_reference"})),
    Damage("row too long", "ragged_row", lambda c: _lengthen(c, "chain_stages", 9)),
    Damage("unclosed quote", "broken_quotes",
           lambda c: c.bytes("parks", lambda b: b.replace(b",sub-park,", b',"sub-park,', 1), row=8),
           whole=True),
    Damage("semicolons between columns", "wrong_delimiter", lambda c: c.bytes("parks", _semicolons, row=1), whole=True),
    Damage("tabs between columns", "wrong_delimiter",
           lambda c: c.bytes("parks", lambda b: b.replace(b",", b"\t"), row=1), whole=True),
    Damage("Chinese commas between columns", "wrong_delimiter",
           lambda c: c.bytes("parks", lambda b: b.replace(b",", "，".encode()), row=1), whole=True),
    Damage("empty file", "empty_table", lambda c: c.bytes("parks", lambda b: b""), whole=True),
    Damage("header only", "empty_table", lambda c: c.bytes("parks", lambda b: b.split(b"\n")[0]), whole=True),
    Damage("one broken byte", "broken_utf8",
           lambda c: c.bytes("parks", lambda b: b.replace("河清滩".encode(), b"\xe6\xb2\xe6\xb8\x85", 1), row=12),
           whole=True),
    Damage("Big5", "encoding_unknown",
           lambda c: c.bytes("parks", lambda b: "id,name_zh\na,經濟技術開發區與產業園區發展規劃\n".encode("big5"), row=2),
           whole=True),
    Damage("Latin-1", "encoding_unknown",
           lambda c: c.bytes("parks", lambda b: "id,name_en\na,Économie café\n".encode("latin-1"), row=2), whole=True),
    Damage("cut UTF-16", "encoding_unknown",
           lambda c: c.bytes("parks", lambda b: codecs.BOM_UTF16_LE + b"\x00\xd8a"), whole=True),
    Damage("workbook named .csv", "excel_named_csv", lambda c: c.bytes("parks", lambda b: b"PK\x03\x04" + b), whole=True),
    Damage("web page named .csv", "not_a_table", lambda c: c.bytes("parks", lambda b: b"<html><table>"), whole=True),
]  # fmt: skip

PACKAGE = [
    Damage("file missing", "missing_file", lambda c: _remove(c, "parks"), whole=True),
    Damage("broken JSON", "broken_json", lambda c: c.descriptor(lambda s: s.replace(",", "", 1), row=3), whole=True),
    Damage("no resources", "no_resources", lambda c: c.descriptor(lambda s: "{}", "resources"), whole=True),
    Damage("no path", "resource_path",
           lambda c: c.descriptor(lambda s: s.replace('"path": "materials.csv"', '"data": 1'), "resources[0].path"),
           frozenset({"missing_table"}), whole=True),
    Damage("path out of the package", "unsafe_path",
           lambda c: c.descriptor(lambda s: s.replace('"materials.csv"', '"../materials.csv"'), "resources[0].path"),
           frozenset({"missing_table"}), whole=True),
    Damage("absolute path", "unsafe_path",
           lambda c: c.descriptor(lambda s: s.replace('"materials.csv"', '"/etc/passwd"'), "resources[0].path"),
           frozenset({"missing_table"}), whole=True),
    Damage("path to the web", "unsafe_path",
           lambda c: c.descriptor(lambda s: s.replace('"materials.csv"', '"http://localhost/m.csv"'), "resources[0].path"),
           frozenset({"missing_table"}), whole=True),
    Damage("unknown table", "unknown_table",
           lambda c: c.descriptor(lambda s: s.replace('"name": "materials"', '"name": "material"')
                                  .replace('"materials.csv"', '"material.csv"'), "resources[0].path"),
           frozenset({"missing_table"}), whole=True),
    Damage("table twice", "duplicate_table",
           lambda c: c.descriptor(lambda s: s.replace('"name": "processes"', '"name": "materials"'), "resources[1].path"),
           frozenset({"missing_table"}), whole=True),
]  # fmt: skip

DAMAGES = [*NUMBERS, *WORDS, *KEYS, *MEANING, *SHAPE, *PACKAGE]
