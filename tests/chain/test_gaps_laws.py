"""Laws of the gap analysis: every worth is a difference of two plans, and no price promises too little."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.chain.gap_notional import best_scale, with_plants
from liantu.chain.gap_proof import money_noise
from liantu.chain.gap_report import GapReport
from liantu.chain.gap_screen import prospects_of, screen
from liantu.chain.gap_strengthen import linear_until
from liantu.chain.gaps import find_gaps
from liantu.chain.model import build_model
from liantu.chain.network import Network
from liantu.chain.network_build import build_network
from liantu.chain.plan import Plan, make_plan
from liantu.chain.prices import best_offers
from liantu.chain.reduced import solve_model
from liantu.chain.scenario import Scenario
from liantu.chain.whatif import WhatIf
from liantu.data.tables import Tables, read_tables
from tests.chain.networks import City
from tests.laws import tried

EXAMPLES = Path(__file__).parents[2] / "examples"
OTHERS = sorted(p.parent.name for p in EXAMPLES.glob("*/datapackage.json") if p.parent.name != "jinchang")
LAWS = tried(25)
cities = st.builds(
    City,
    seed=st.integers(0, 2**32 - 1),
    plants=st.integers(1, 9),
    materials=st.integers(2, 9),
    ties=st.booleans(),
).map(City.tables)


@pytest.fixture(scope="module")
def jinchang() -> Network:
    return build_network(read_tables(EXAMPLES / "jinchang"))


@pytest.fixture(scope="module")
def report(jinchang: Network) -> GapReport:
    return find_gaps(jinchang)


def value(network: Network, scenario: Scenario) -> float:
    model = build_model(network, scenario)
    return solve_model(model).objective + model.constant


def scale_of(plan: Plan) -> float:
    """Gross money of a plan: what rounding is measured against."""
    return 1.0 + float(np.abs(plan.model.objective) @ plan.solution.x) + abs(plan.model.constant)


def check_worths(network: Network, found: GapReport, scenario: Scenario = Scenario()) -> None:  # noqa: B008
    """Each worth published is the difference of two plans made from scratch."""
    wide = with_plants(network, found.notionals)
    base = make_plan(wide, scenario)
    charges = found.charge_rate * sum(p.capital_cny for p in found.proofs)
    near = 1e-8 * (scale_of(base) + charges)

    def gain(*names: str) -> float:
        return value(wide, replace(scenario, add=scenario.add | set(names))) - base.objective

    for proof in found.proofs:
        worth = gain(*(m.id for m in proof.members))
        assert proof.worth_cny_per_year == pytest.approx(worth, abs=near)
        assert proof.worth_cny_per_year == pytest.approx(
            proof.gain_cny_per_year - proof.charge_cny_per_year, abs=near
        )
    for c in found.candidates:
        assert c.alone_cny_per_year == pytest.approx(gain(c.id), abs=near)
        assert c.worth_cny_per_year == pytest.approx(gain(c.id, *c.partners), abs=near)
        if c.with_partners_cny_per_year is not None and c.added_cny_per_year is not None:
            together = gain(c.id, *c.partners_tested)
            assert c.with_partners_cny_per_year == pytest.approx(together, abs=near)
            assert c.added_cny_per_year == pytest.approx(together - gain(*c.partners_tested), abs=near)
        assert c.worth_cny_per_year >= c.alone_cny_per_year - near
    for row in found.strengthen:
        if row.kind == "candidate":
            continue
        limit = row.limit + row.step
        if row.kind == "capacity":
            after = replace(scenario, capacity={**scenario.capacity, row.subject: limit})
        else:
            share = next(c for c in base.caps if c.id == row.subject).kind == "share"
            limit = row.limit - row.step if share else limit
            after = replace(scenario, caps={**scenario.caps, row.subject: limit})
        assert row.gain_cny_per_year == pytest.approx(value(wide, after) - base.objective, abs=near)
        assert row.worth_cny_per_year == pytest.approx(
            row.gain_cny_per_year - row.charge_cny_per_year, abs=near
        )


def check_bounds(network: Network, found: GapReport) -> None:
    """The first-order figure is never below the proved worth of a single candidate or a tenth more.

    A share enters the recipes; the value is not concave in it, and it is left out.
    """
    base = scale_of(make_plan(network))
    shares = {cap.id for cap in network.caps if cap.kind == "share"}
    for c in found.candidates:
        near = 1e-7 * (base + abs(c.first_order_cny_per_year) + found.charge_rate * c.capital_cny)
        assert c.first_order_cny_per_year >= c.alone_cny_per_year - near
    for row in found.strengthen:
        near = 1e-7 * (base + abs(row.first_order_cny_per_year) + row.charge_cny_per_year)
        assert row.subject in shares or row.first_order_cny_per_year >= row.worth_cny_per_year - near


def check_lists(found: GapReport) -> None:
    """Ranked, without doubles, and what they name is there."""
    for rows in (found.fill, found.extend, found.strengthen, found.candidates):
        assert len({r.id for r in rows}) == len(rows)
        worth = [-np.inf if r.worth_cny_per_year is None else r.worth_cny_per_year for r in rows]
        assert worth == sorted(worth, reverse=True)
    known, proofs = {c.id for c in found.candidates}, {p.id for p in found.proofs}
    options = [o for rows in (found.fill, found.extend, found.strengthen) for r in rows for o in r.options]
    assert {o.id for o in options} <= known
    assert {o.proof for o in options} | {c.proof for c in found.candidates} <= proofs
    assert set(found.groups) <= proofs


def test_every_worth_of_jinchang_is_a_difference_of_two_plans(jinchang: Network, report: GapReport) -> None:
    check_worths(jinchang, report)


def test_no_price_promises_less_than_the_proof_keeps(jinchang: Network, report: GapReport) -> None:
    check_bounds(jinchang, report)
    check_lists(report)


@pytest.mark.parametrize("city", OTHERS)
def test_other_cities_keep_the_laws(city: str) -> None:
    network = build_network(read_tables(EXAMPLES / city))
    found = find_gaps(network)
    check_worths(network, found)
    check_bounds(network, found)
    check_lists(found)


def test_jinchang_tells_the_story_of_titanium(report: GapReport) -> None:
    """TiCl4 promises most of all candidates, loses alone as its outlet fills, and carries the pigment."""
    found = {c.id: c for c in report.candidates}
    tetra, pigment = found["c_ticl4_500"], found["c_tio2_chloride"]
    assert tetra.first_order_cny_per_year == max(
        c.first_order_cny_per_year for c in report.candidates if c.source == "candidates"
    )
    assert tetra.first_order_cny_per_year == pytest.approx(8.79e8, rel=0.02)
    assert tetra.alone_cny_per_year == pytest.approx(-1.48e8, rel=0.02)
    assert pigment.alone_cny_per_year == pytest.approx(-3.24e8, rel=0.02)
    assert tetra.worth_cny_per_year == pigment.worth_cny_per_year == pytest.approx(0.47e8, rel=0.05)
    assert tetra.partners == (pigment.id,)
    assert pigment.partners == (tetra.id,)
    proof = report.proof(tetra.proof)
    falls = {(p.material, p.place): p.moved for p in proof.prices}
    assert falls["ticl4", "f_ticl4"] == pytest.approx(-1155, rel=0.05)
    rises = {p.id: p.after - p.before for p in proof.plants}
    assert rises["f_chlor_alkali"] > 0
    sold = {c.material: c for c in proof.crossings if c.kind == "sell"}
    assert sold["synthetic_rutile"].after < 0.1 * sold["synthetic_rutile"].before


def test_jinchang_fills_extends_and_strengthens_where_it_should(report: GapReport) -> None:
    fill, extend = {r.id: r for r in report.fill}, {r.id: r for r in report.extend}
    strengthen = {r.id: r for r in report.strengthen}
    assert fill["dump:red_gypsum"].best == "c_road_binder"
    assert fill["dump:hydrogen"].best == "c_h2o2"
    assert fill["buy:cu_concentrate"].reason == "no_local_maker"
    assert fill["buy:cu_concentrate"].worth_cny_per_year is None
    assert extend["sell:synthetic_rutile"].best == "c_ticl4_500"
    assert extend["sell:ti_sponge"].best == "c_ti_ingot"
    gypsum = strengthen["cap:red_gypsum_stack"]
    assert gypsum.price_low == pytest.approx(1.74, rel=0.02)
    assert {(o.id, o.role) for o in gypsum.options} >= {
        ("c_road_binder", "takes"),
        ("c_rutile_copperas", "retrofit"),
    }
    assert ("c_ticl4_500", "second_line") in {(o.id, o.role) for o in strengthen["capacity:f_ticl4"].options}


def test_a_price_holds_inside_its_range_and_not_beyond(jinchang: Network, report: GapReport) -> None:
    base = make_plan(jinchang)
    noise = 1e-9 * scale_of(base)
    rows = [r for r in report.strengthen if r.kind == "capacity" and r.holds_to is not None][:8]
    for row in rows:
        assert row.holds_to is not None
        assert row.limit - 1e-6 <= row.holds_to <= 2 * row.limit + 1e-6
        for share, holds in ((0.5, True), (1.5, False)):
            limit = row.limit + share * (row.holds_to - row.limit)
            gain = value(jinchang, Scenario(capacity={row.subject: limit})) - base.objective
            promised = row.price_low * (limit - row.limit)
            if holds:
                assert gain == pytest.approx(promised, rel=1e-6, abs=noise)
            elif row.holds_to < 2 * row.limit - 1e-6:
                assert gain < promised - money_noise(base.model, base.solution)


def test_notional_plants_stand_behind_the_network_and_are_counted_by_its_caps(
    jinchang: Network, report: GapReport
) -> None:
    assert report.notionals
    wide = with_plants(jinchang, report.notionals)
    n = len(jinchang.plants.id)
    assert wide.plants.id[:n] == jinchang.plants.id
    assert wide.plants.is_candidate[n:].all()
    assert wide.digest != jinchang.digest
    assert value(wide, Scenario()) == pytest.approx(value(jinchang, Scenario()), rel=1e-12)
    for cap in wide.caps:
        for f in range(n, len(wide.plants.id)):
            same = [g for g in range(n) if jinchang.plants.recipe[g] == wide.plants.recipe[f]]
            if cap.scope is not None and same:
                assert (f in cap.scope) == any(g in cap.scope for g in same)
    assert with_plants(jinchang, ()) is jinchang


def test_the_report_holds_plain_figures_only(report: GapReport) -> None:
    def plain(value: object) -> bool:
        if isinstance(value, tuple):
            return all(plain(v) for v in value)
        if is_dataclass(value):
            return all(plain(getattr(value, f.name)) for f in fields(value))
        return value is None or type(value) in (str, int, float, bool)

    assert plain(report)


def test_what_dumps_shrinks_in_the_proof_as_in_the_plan(jinchang: Network, report: GapReport) -> None:
    """A fill option's quantity is that of the plan with it."""
    row = next(r for r in report.fill if r.id == "dump:red_gypsum")
    option = row.options[0]
    plan = make_plan(jinchang, Scenario(add=frozenset({option.id, *option.partners})))
    dumped = sum(c.quantity for c in plan.crossings if (c.material, c.kind) == ("red_gypsum", "dump"))
    assert option.after == pytest.approx(dumped, rel=1e-6)


def test_a_scenario_is_the_ground_of_its_own_gaps(jinchang: Network) -> None:
    scenario = Scenario(price_level="low", add=frozenset({"c_ppa"}), close=frozenset({"c_lfp"}))
    found = find_gaps(jinchang, scenario, top=3)
    assert found.base_value == pytest.approx(make_plan(jinchang, scenario).objective)
    assert {"c_ppa", "c_lfp"}.isdisjoint(c.id for c in found.candidates)
    assert max(len(rows) for rows in (found.fill, found.extend, found.strengthen)) == 3
    check_worths(jinchang, replace(found, candidates=found.candidates[:6], proofs=found.proofs[:6]), scenario)


@LAWS
@given(cities)
def test_random_cities_keep_the_laws(tables: Tables) -> None:
    network = build_network(tables)
    found = find_gaps(network)
    check_worths(network, found)
    check_bounds(network, found)
    check_lists(found)


@tried(60)
@given(cities)
def test_the_ends_lie_below_the_first_unit_and_any_prices_above(tables: Tables) -> None:
    """margin(ends) <= (value with a little capacity - value) / a little <= margin(any optimal prices)."""
    network = build_network(tables)
    plan, what_if = make_plan(network), WhatIf(network)
    at = np.flatnonzero(network.plants.is_candidate)
    prospects = prospects_of(network, at)
    ends, any_prices = screen(plan, prospects), screen(plan, prospects, ends=False)
    for b, f in enumerate(at.tolist()):
        little = 1e-4 * float(network.plants.capacity[f])
        slope = (what_if.solve((), {f: little}).objective - what_if.base.objective) / little
        near = 1e-4 * (1 + abs(slope)) + 1e-9 * scale_of(plan) / little
        assert slope <= max(any_prices.margin[b], 0.0) + near
        full = (what_if.solve([f]).objective - what_if.base.objective) / float(network.plants.capacity[f])
        assert full <= slope + near
        assert max(ends.margin[b], 0.0) <= max(any_prices.margin[b], 0.0) + near


def test_the_screen_agrees_with_the_best_offers_of_the_model(jinchang: Network) -> None:
    """The same margins from the model's own arcs: a candidate's products at best offers, inputs likewise."""
    what_if = WhatIf(jinchang)
    model, y = what_if.model, what_if.base.row_dual.copy()
    at = np.flatnonzero(jinchang.plants.is_candidate)
    shut = (model.rows.plant >= 0) & ~model.settings.open[np.maximum(model.rows.plant, 0)]
    balance = model.rows.kind == 0
    given_away = best_offers(model, np.where(shut & balance, -np.inf, y))[:, 0]
    asked = best_offers(model, np.where(shut & balance, np.inf, y))[:, 1]
    found = screen(make_plan(jinchang), prospects_of(jinchang, at), ends=False)
    for b, f in enumerate(at):
        k = int(np.flatnonzero(model.plants == f)[0])
        column = model.matrix[:, [k]].tocoo()
        price = np.where(shut[column.row] & balance[column.row], 0.0, y[column.row])
        own = shut[column.row] & balance[column.row]
        price[own] = np.where(column.data[own] < 0, given_away[column.row[own]], asked[column.row[own]])
        margin = float(model.objective[k] - column.data @ price)
        assert found.margin[b] == pytest.approx(margin, rel=1e-6, abs=1e-3)


@given(
    st.lists(st.floats(0, 100), min_size=1, max_size=6),
    st.lists(st.floats(0.1, 10), min_size=6, max_size=6),
    st.floats(0.01, 120),
)
def test_the_best_scale_of_a_concave_gain_is_found(
    slopes: list[float], widths: list[float], charge: float
) -> None:
    slopes = sorted(slopes, reverse=True)
    ends = np.cumsum(widths[: len(slopes)])

    def gain(q: float) -> tuple[float, float]:
        steps = np.clip(q - np.concatenate([[0.0], ends[:-1]]), 0.0, widths[: len(slopes)])
        piece = min(int(np.searchsorted(ends, q)), len(slopes) - 1)
        return float(steps @ slopes), slopes[piece]

    scale, worth = best_scale(gain, float(ends[-1]), slopes[0], charge, 1e-12)
    candidates = [0.0, *(gain(float(q))[0] - charge * float(q) for q in ends)]
    assert worth == pytest.approx(max(candidates), abs=1e-6)
    assert gain(scale)[0] - charge * scale == pytest.approx(worth, abs=1e-6)


def test_the_least_of_equally_good_scales_is_taken() -> None:
    """Without capital the gain is flat beyond what can be used; a plant no larger than that will do."""
    scale, worth = best_scale(lambda q: (3.0 * min(q, 7.0), 3.0 if q < 7.0 else 0.0), 50.0, 4.0, 0.0, 1e-9)
    assert (scale, worth) == (pytest.approx(7), pytest.approx(21))


@given(
    st.lists(st.floats(0, 100), min_size=2, max_size=6, unique_by=lambda v: round(v, 3)),
    st.lists(st.floats(0.1, 10), min_size=6, max_size=6),
)
def test_the_first_break_of_a_concave_line_is_found(slopes: list[float], widths: list[float]) -> None:
    slopes = sorted((round(s, 3) for s in slopes), reverse=True)
    ends = np.cumsum(widths[: len(slopes)])

    def line(q: float) -> tuple[float, float]:
        steps = np.clip(q - np.concatenate([[0.0], ends[:-1]]), 0.0, widths[: len(slopes)])
        piece = min(int(np.searchsorted(ends, q)), len(slopes) - 1)
        return float(steps @ slopes), slopes[piece]

    found = linear_until(line, 0.0, 0.0, slopes[0], float(ends[-1]), 1e-12)
    assert found == pytest.approx(float(ends[0]), rel=1e-3)


def test_the_noise_of_a_plan_is_a_trifle(jinchang: Network) -> None:
    plan = make_plan(jinchang)
    assert 0 < money_noise(plan.model, plan.solution) < 10.0
