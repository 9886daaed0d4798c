"""Conservation of elements: what a recipe may claim, and what it may not."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.chain.recipes import (
    UnknownProcessError,
    check_recipes,
    element_matrix,
    recipe_table,
)
from liantu.data.composition import parse_composition
from liantu.data.tables import Tables, read_tables
from tests.chain.networks import flow, tables_of

JINCHANG = Path(__file__, "../../../examples/jinchang").resolve()

MATERIALS = [
    {"id": "ore", "unit": "t", "composition": "Cu:0.01;Fe:0.2;Si:0.3"},
    {"id": "copper", "unit": "t", "formula": "Cu", "purity": 1.0},
    {"id": "copper_kg", "unit": "kg", "formula": "Cu"},
    {"id": "gold", "unit": "t", "composition": "Au:1"},
    {"id": "slag", "unit": "t", "composition": "Fe:0.5"},
    {"id": "sand", "unit": "t", "composition": "Si:0.47"},
    {"id": "mystery", "unit": "t"},
    {"id": "air", "unit": "t", "composition": "N:0.755", "free_source": True},
    {"id": "nitrogen", "unit": "t", "formula": "N2"},
    {"id": "power", "unit": "MWh"},
    {"id": "water", "unit": "m3", "t_per_unit": 1.0, "formula": "H2O"},
]


def recipe(inputs: dict[str, float], outputs: dict[str, float], scope: str | None = None) -> Tables:
    """A city with one recipe, `p`, from material -> amount."""
    units = {m["id"]: m["unit"] for m in MATERIALS}
    flows: list[dict[str, Any]] = []
    for direction, side in (("in", inputs), ("out", outputs)):
        flows += [flow("p", 0, m, direction, a, unit=units[m]) for m, a in side.items()]
    flows = [{**row, "line": float(line)} for line, row in enumerate(flows, start=1)]
    process = {"id": "p", "reference_product": next(iter(outputs)), "balance_scope": scope}
    return tables_of(materials=MATERIALS, processes=[process], process_flows=flows)


def verdicts(tables: Tables) -> dict[str, str]:
    return {b.element: b.verdict for b in check_recipes(tables)}


def test_a_recipe_that_keeps_its_elements_is_ok() -> None:
    (balance,) = check_recipes(recipe({"copper": 1, "power": 3, "water": 9}, {"copper_kg": 1000}))
    assert (balance.process, balance.element) == ("p", "Cu")
    assert balance.mass_in == pytest.approx(1.0)
    assert balance.mass_out == pytest.approx(1.0)
    assert balance.imbalance == pytest.approx(0.0)
    assert (balance.verdict, balance.reason, balance.cause, balance.materials) == ("ok", "", "", ())


def test_a_recipe_that_makes_copper_is_broken() -> None:
    (balance,) = check_recipes(recipe({"copper": 1}, {"copper_kg": 1200}))
    assert balance.verdict == "broken"
    assert balance.imbalance == pytest.approx(0.2 / 1.2)
    (balance,) = check_recipes(recipe({"water": 1}, {"copper": 1}))
    assert (balance.verdict, balance.imbalance) == ("broken", 1.0)


def test_a_recipe_that_loses_copper_is_broken_too() -> None:
    (balance,) = check_recipes(recipe({"copper": 1}, {"water": 1}))
    assert (balance.verdict, balance.imbalance) == ("broken", -1.0)


@pytest.mark.parametrize(
    ("made", "verdict"), [(1 / 0.971, "ok"), (0.971, "ok"), (1 / 0.969, "broken"), (0.969, "broken")]
)
def test_three_percent_is_the_line(made: float, verdict: str) -> None:
    assert verdicts(recipe({"copper": 1}, {"copper_kg": 1000 * made})) == {"Cu": verdict}


def test_the_tolerance_can_be_chosen() -> None:
    (balance,) = check_recipes(recipe({"copper": 1}, {"copper_kg": 950}), tolerance=0.06)
    assert balance.verdict == "ok"


def test_an_excused_element_is_flagged_with_its_reason_and_the_others_are_not_excused() -> None:
    tables = recipe({"ore": 1}, {"slag": 0.1}, "full except Cu,Si: left in the heap")
    balances = {b.element: b for b in check_recipes(tables)}
    assert balances["Cu"].verdict == balances["Si"].verdict == "flagged"
    assert balances["Cu"].reason == "left in the heap"
    assert balances["Cu"].cause == "declared"
    assert balances["Fe"].verdict == "broken"


def test_an_exempt_recipe_is_flagged_as_a_whole_and_only_where_it_does_not_balance() -> None:
    tables = recipe({"ore": 1, "sand": 1}, {"slag": 0.4}, "exempt：作物生长")
    found = {b.element: (b.verdict, b.reason) for b in check_recipes(tables)}
    assert found == {
        "Cu": ("flagged", "作物生长"), "Fe": ("ok", ""), "Si": ("flagged", "作物生长"),
    }  # fmt: skip


def test_what_a_bulk_product_leaves_untold_is_a_trace() -> None:
    tables = recipe({"slag": 2, "copper": 0.0004}, {"slag": 2})
    assert verdicts(tables) == {"Cu": "trace", "Fe": "ok"}
    assert verdicts(recipe({"slag": 2, "copper": 0.0006}, {"slag": 2})) == {"Cu": "broken", "Fe": "ok"}


def test_water_does_not_widen_what_counts_as_a_trace() -> None:
    tables = recipe({"slag": 2, "copper": 0.0006, "water": 500}, {"slag": 2, "water": 500})
    assert verdicts(tables)["Cu"] == "broken"


def test_gold_from_nothing_is_no_trace() -> None:
    assert verdicts(recipe({"slag": 2}, {"slag": 2, "gold": 1e-6})) == {"Au": "broken", "Fe": "ok"}
    assert verdicts(recipe({"slag": 2}, {"slag": 2, "gold": 1e-9})) == {"Au": "trace", "Fe": "ok"}


def test_air_takes_back_what_it_brought_but_gives_no_more() -> None:
    (balance,) = check_recipes(recipe({"air": 4}, {"nitrogen": 2.5}))
    assert (balance.verdict, balance.cause, balance.materials) == ("ok", "free_source", ("air",))
    assert balance.imbalance == pytest.approx(-0.172, abs=1e-3)
    assert verdicts(recipe({"air": 4}, {"nitrogen": 4})) == {"N": "broken"}
    assert verdicts(recipe({"nitrogen": 1}, {"water": 1})) == {"N": "broken"}  # no air takes part


def test_a_free_source_excuses_no_other_element() -> None:
    found = verdicts(recipe({"air": 4, "ore": 1}, {"slag": 0.4, "sand": 0.6}))
    assert found == {"Cu": "broken", "Fe": "ok", "N": "ok", "Si": "broken"}


def test_a_material_of_unknown_composition_is_named_and_not_believed() -> None:
    (balance,) = check_recipes(recipe({"copper": 1, "power": 1}, {"mystery": 1}))
    assert (balance.verdict, balance.cause, balance.materials) == ("broken", "no_composition", ("mystery",))


def test_a_city_without_compositions_has_nothing_to_balance() -> None:
    assert check_recipes(recipe({"mystery": 1}, {"mystery": 1})) == ()
    assert check_recipes(tables_of()) == ()


def test_a_recipe_is_shown_as_a_balanced_table() -> None:
    table = recipe_table(recipe({"ore": 10, "power": 2}, {"copper_kg": 100, "slag": 4, "sand": 6.4}), "p")
    assert [row.direction for row in table.rows] == ["in", "in", "out", "out", "out"]
    assert table.elements == ("Cu", "Fe", "Si")
    assert table.rows[0].elements == pytest.approx({"Cu": 0.1, "Fe": 2.0, "Si": 3.0})
    assert table.rows[1].mass == 0.0
    assert table.mass("in") == pytest.approx(10)
    assert table.mass("out") == pytest.approx(10.5)
    for balance in table.balances:
        for direction, mass in (("in", balance.mass_in), ("out", balance.mass_out)):
            rows = (row for row in table.rows if row.direction == direction)
            assert sum(row.elements.get(balance.element, 0.0) for row in rows) == pytest.approx(mass)


def test_a_recipe_there_is_not_lists_near_names() -> None:
    tables = read_tables(JINCHANG)
    with pytest.raises(UnknownProcessError) as caught:
        recipe_table(tables, "ni_flash_smeltin")
    assert caught.value.params["near"] == ("ni_flash_smelting",)


def test_the_element_matrix_counts_tonnes_per_unit() -> None:
    elements, matrix = element_matrix(tables_of(materials=MATERIALS))
    assert elements == ("Au", "Cu", "Fe", "N", "Si")
    row = {m["id"]: i for i, m in enumerate(MATERIALS)}
    dense = matrix.toarray()
    assert dense.shape == (len(MATERIALS), 5)
    assert dense[row["copper_kg"], 1] == pytest.approx(0.001)
    assert dense[row["ore"]] == pytest.approx([0, 0.01, 0.2, 0, 0.3])
    assert not dense[row["power"]].any()


@given(seed=st.integers(0, 10_000))
def test_the_balance_does_not_depend_on_the_order_of_rows(seed: int) -> None:
    tables = recipe({"ore": 10, "air": 1}, {"copper_kg": 90, "slag": 4, "sand": 6.4, "nitrogen": 0.1})
    order = {name: tables[name].sample(fraction=1, shuffle=True, seed=seed) for name in tables.frames}
    shuffled = replace(tables, frames=order)
    for one, other in zip(check_recipes(tables), check_recipes(shuffled), strict=True):
        assert (one.element, one.verdict) == (other.element, other.verdict)
        assert one.mass_out == pytest.approx(other.mass_out, rel=1e-12)


def test_every_recipe_of_jinchang_keeps_its_elements() -> None:
    balances = check_recipes(read_tables(JINCHANG))
    assert Counter(b.verdict for b in balances) == {"ok": 604, "trace": 17, "flagged": 13}
    flagged = {b.process for b in balances if b.verdict == "flagged"}
    assert flagged == {"cu_residue_smelting", "vegetable_farming"}
    freed = {(b.process, b.element) for b in balances if b.cause == "free_source"}
    assert freed == {("air_separation", "N"), ("h2o2_anthraquinone", "N")}


def test_the_sums_agree_with_a_plain_count() -> None:
    tables = read_tables(JINCHANG)
    held = {
        m["id"]: (parse_composition(m["composition"] or "") if m["composition"] else {}, m["t_per_unit"])
        for m in tables["materials"].iter_rows(named=True)
    }
    plain: dict[tuple[str, str, str], float] = {}
    for f in tables["process_flows"].iter_rows(named=True):
        parts, tonnes = held[f["material_id"]]
        for element, share in parts.items():
            key = (f["process_id"], element, f["direction"])
            plain[key] = plain.get(key, 0.0) + f["amount"] * tonnes * share
    for b in check_recipes(tables):
        assert b.mass_in == pytest.approx(plain.get((b.process, b.element, "in"), 0.0), rel=1e-9)
        assert b.mass_out == pytest.approx(plain.get((b.process, b.element, "out"), 0.0), rel=1e-9)


def test_ten_thousand_recipes_take_about_a_second() -> None:
    tables = read_tables(JINCHANG)
    copies = range(-(-10_000 // len(tables["processes"])))
    frames = dict(tables.frames)
    for name, column in (("processes", "id"), ("process_flows", "process_id")):
        frames[name] = pl.concat(tables[name].with_columns(pl.col(column) + f"_{copy}") for copy in copies)
    large = replace(tables, frames=frames)
    start = time.perf_counter()
    balances = check_recipes(large)
    seconds = time.perf_counter() - start
    assert len(balances) == 634 * len(copies)
    assert np.isfinite([b.imbalance for b in balances]).all()
    assert seconds < 5  # 0.4 s alone on one core; room for a busy machine
    print(f"{len(large['processes'])} recipes in {seconds:.2f} s")
