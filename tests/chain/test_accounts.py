"""Circular accounts: a works worked by hand, laws on random cities, and Jinchang."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from liantu.chain.accounts import Accounts, LocalSupply, OutputValue, circular_accounts
from liantu.chain.network_build import build_network
from liantu.chain.plan import Plan, make_plan
from liantu.chain.scenario import Scenario
from liantu.data.tables import Tables, read_tables
from tests.chain.networks import City, flow, tables_of

JINCHANG = Path(__file__).parents[2] / "examples" / "jinchang"
LAT, LON = 38.5, 102.2
TEN_KM = 10 / 111.19508372419142


def material(
    name: str, price: float | None = None, kind: str = "intermediate", **more: Any
) -> dict[str, Any]:
    row = {
        "id": name,
        "unit": "t",
        "price_mid_cny": price,
        "transport_mode": "truck",
        "max_transport_km": 50.0,
    }
    return {**row, "kind": kind, "transport_cost_cny_per_tkm": 1.0, **more}


def plant(name: str, process: str, capacity: float, km: float = 0.0) -> dict[str, Any]:
    row = {"id": name, "process_id": process, "capacity_per_year": capacity, "capacity_unit": "t/y"}
    return {**row, "lat": LAT + km / 10 * TEN_KM, "lon": LON}


def process(name: str, product: str, chain: str = "", opex: float = 5.0) -> dict[str, Any]:
    row = {"id": name, "reference_product": product, "reference_unit": "t", "chain": chain or None}
    return {**row, "other_opex_cny_per_unit": opex}


def recipe(name: str, takes: dict[str, float], gives: dict[str, float], vents: dict[str, float]) -> list[Any]:
    flows = [flow(name, 0, m, "in", v) for m, v in takes.items()]
    flows += [flow(name, 0, m, "out", v, role="byproduct") for m, v in gives.items()]
    flows += [flow(name, 0, m, "out", v, role="emission") for m, v in vents.items()]
    return [{**row, "line": line} for line, row in enumerate(flows, start=1)]


BUY, SELL = {"external_buy": True}, {"external_sell": True}
MATERIALS = [
    material("ore", 200.0, "ore", composition="Pb:0.5;Si:0.1", import_km=100.0, **BUY),
    material("lead", 1500.0, composition="Pb:0.99"),
    material("plate", 4000.0, "product", composition="Pb:0.99", **SELL),
    material("scrap", 600.0, "byproduct", composition="Pb:0.99", **SELL),
    material("slag", 10.0, "waste", composition="Si:0.2", disposal_cost_cny_per_unit=20.0, **BUY),
    material("dust", None, "waste", disposal_cost_cny_per_unit=20.0),
    material("liquor", None, "waste", disposal_cost_cny_per_unit=1.0, transport_mode="pipeline"),
    material("brick", 300.0, "product", **SELL),
    material("co2", None, "waste", formula="CO2", disposal_cost_cny_per_unit=0.0, transport_mode="none"),
    material("water", 2.0, "utility", formula="H2O", unit="m3", free_source=True, **BUY),
    material("coal", 60.0, "ore", tce_per_unit=0.7, **BUY),
    material("power", 100.0, "utility", unit="MWh", t_per_unit=0.0, tce_per_unit=0.1229, pool="city", **SELL),
]


def lead_works() -> Tables:
    """100 t of ore (bought at 200, 100 km at 1) become 50 t of lead, 60 t of slag, 10 t of dust, 75 t of
    liquor and 30 t of CO2, with 200 m3 of water and 40 of the 100 MWh that the sun gives. 6 t of lead are
    committed, 44 t are cast into 40 t of plate and 4 t of scrap. A kiln 10 km off fires the slag, and 4 t
    more that it buys, to 32 t of brick with 16 t of coal. 50 t of the liquor are cleaned to water.
    """
    return tables_of(
        materials=MATERIALS,
        processes=[
            process("smelt", "lead", "lead"), process("cast", "plate", "lead"),
            process("fire", "brick", "waste"), process("clean", "water", opex=1.0), process("sun", "power"),
        ],
        process_flows=[
            *recipe("smelt", {"ore": 2.0, "water": 4.0, "power": 0.8},
                    {"lead": 1.0, "slag": 1.2, "dust": 0.2, "liquor": 1.5}, {"co2": 0.6}),
            *recipe("cast", {"lead": 1.1}, {"plate": 1.0, "scrap": 0.1}, {}),
            *recipe("fire", {"slag": 2.0, "coal": 0.5}, {"brick": 1.0}, {}),
            *recipe("clean", {"liquor": 1.0}, {"water": 1.0}, {}),
            *recipe("sun", {}, {"power": 1.0}, {}),
        ],
        facilities=[
            plant("works", "smelt", 50.0), plant("caster", "cast", 40.0),
            plant("kiln", "fire", 32.0, km=10.0), plant("cleaner", "clean", 50.0),
            plant("field", "sun", 100.0),
        ],
        chains=[
            {"id": "metal", "name_zh": "金属"}, {"id": "lead", "name_zh": "铅", "parent_id": "metal"},
            {"id": "waste", "name_zh": "资源利用"},
        ],
        demands=[{"id": "d", "material_id": "lead", "quantity_per_year": 6.0, "lat": LAT, "lon": LON,
                  "penalty_cny_per_unit": 9000.0}],
    )  # fmt: skip


@pytest.fixture(scope="module")
def works() -> tuple[Plan, Accounts]:
    plan = make_plan(build_network(lead_works()))
    return plan, circular_accounts(plan)


def supply(accounts: Accounts, scope: str, name: str = "") -> LocalSupply:
    return next(s for s in accounts.local_supply if (s.scope, s.id) == (scope, name))


def output(accounts: Accounts, scope: str, name: str = "") -> OutputValue:
    return next(o for o in accounts.output if (o.scope, o.id) == (scope, name))


def test_every_plant_runs_full(works: tuple[Plan, Accounts]) -> None:
    assert {p.id: p.activity for p in works[0].plants} == pytest.approx(
        {"works": 50, "caster": 40, "kiln": 32, "cleaner": 50, "field": 100}
    )


def test_local_supply_of_a_material_a_plant_a_chain_and_the_city(works: tuple[Plan, Accounts]) -> None:
    accounts = works[1]
    slag = supply(accounts, "material", "slag")
    assert (slag.quantity, slag.local, slag.unit) == (pytest.approx(64), pytest.approx(60), "t")
    assert slag.rate_quantity == pytest.approx(60 / 64)
    kiln = supply(accounts, "plant", "kiln")  # 64 t of slag, 16 t of coal
    assert kiln.rate_quantity == pytest.approx(60 / 80)
    assert kiln.rate_market == pytest.approx(60 * 10 / (64 * 10 + 16 * 60))
    # bought slag sets the price at the kiln, 10 a tonne, which freight alone takes up
    assert kiln.local_value_cny == pytest.approx(60 * 10)
    assert kiln.value_cny == pytest.approx(64 * 10 + 16 * 60)
    chain = supply(accounts, "chain", "lead")  # 100 t of ore bought, 44 t of lead
    assert chain.rate_quantity == pytest.approx(44 / 144)
    assert supply(accounts, "chain", "metal").rate_quantity == chain.rate_quantity
    city = supply(accounts, "city")
    assert city.rate_quantity == pytest.approx((44 + 60 + 50) / (100 + 44 + 64 + 16 + 50))
    assert city.market_cny == pytest.approx(100 * 200 + 44 * 1500 + 64 * 10 + 16 * 60)
    assert city.rate_with_utilities is not None
    assert city.rate_value is not None
    assert city.rate_with_utilities > city.rate_value  # power is all local


def test_use_rates_of_by_products_and_solid_waste(works: tuple[Plan, Accounts]) -> None:
    accounts = works[1]
    rates = {u.material: u for u in accounts.use_rates}
    assert set(rates) == {"slag", "dust", "scrap", "liquor"}  # CO2 is an emission
    slag = rates["slag"]
    assert (slag.made, slag.used, slag.dumped, slag.bought) == pytest.approx((60, 60, 0, 4))
    assert slag.use_rate == pytest.approx(1)
    assert rates["dust"].use_rate == 0
    assert slag.solid
    assert not rates["liquor"].solid
    assert rates["liquor"].use_rate == pytest.approx(50 / 75)
    assert rates["scrap"].use_rate == pytest.approx(1)
    waste = accounts.solid_waste
    assert (waste.made_t, waste.used_t, waste.dumped_t, waste.taken_in_t) == pytest.approx((70, 60, 10, 4))
    assert waste.use_rate == pytest.approx(60 / 70)
    assert waste.comprehensive_rate == pytest.approx(64 / 74)


def test_water_energy_and_carbon(works: tuple[Plan, Accounts]) -> None:
    accounts = works[1]
    water = accounts.water
    assert (water.fresh_m3, water.reclaimed_m3, water.used_m3) == pytest.approx((150, 50, 200))
    assert water.reuse_rate == pytest.approx(0.25)
    energy = accounts.energy
    assert energy.bought_tce == pytest.approx(16 * 0.7)
    assert energy.renewable_tce == pytest.approx(100 * 0.1229)
    assert energy.sold_tce == pytest.approx(60 * 0.1229)
    assert energy.comprehensive_tce == pytest.approx(11.2 + 40 * 0.1229)
    assert [c.material for c in energy.carriers] == ["coal", "power"]
    assert (accounts.carbon.vented_t, accounts.carbon.from_dumped_t) == pytest.approx((30, 0))
    smelter = next(b for b in accounts.burdens if b.plant == "works")
    assert (smelter.tce_per_unit, smelter.co2_t_per_unit, smelter.water_m3_per_unit) == pytest.approx(
        (0.8 * 0.1229, 0.6, 4.0)
    )
    final = next(i for i in accounts.intensity if i.basis == "final_output")
    assert final.co2_t_per_10k_cny == pytest.approx(30e4 / final.value_cny)


def test_output_value_and_value_added(works: tuple[Plan, Accounts]) -> None:
    plan, accounts = works
    caster = output(accounts, "plant", "caster")
    assert caster.output_cny == pytest.approx(40 * 4000 + 4 * 600)
    assert caster.inputs_cny == pytest.approx(44 * 1500)
    smelter = output(accounts, "plant", "works")
    assert smelter.output_cny == pytest.approx(50 * 1500 + 60 * 10)
    assert smelter.inputs_cny == pytest.approx(100 * 200 + 200 * 2 + 40 * 100)
    assert smelter.other_cny == pytest.approx(100 * 100 + 10 * 20 + 25)  # import freight, dumping
    assert output(accounts, "chain", "metal").output_cny == pytest.approx(
        caster.output_cny + smelter.output_cny
    )
    city = output(accounts, "city")
    opex = 5 * (50 + 40 + 32 + 100) + 50
    assert city.value_added_cny == pytest.approx(plan.objective + opex)
    assert city.final_output_cny == pytest.approx(40 * 4000 + 4 * 600 + 32 * 300 + 60 * 100 + 6 * 1500)


def test_value_along_the_chain_per_tonne_of_ore(works: tuple[Plan, Accounts]) -> None:
    route = next(r for r in works[1].routes if r.chain == "lead")
    assert route.element == "Pb"
    assert [s.material for s in route.stages] == ["ore", "lead", "plate"]
    assert [s.per_first for s in route.stages] == pytest.approx([1, 0.5, 0.5 / 1.1])
    assert [s.value_cny for s in route.stages] == pytest.approx([200, 750, 4000 * 0.5 / 1.1])
    assert route.multiple == pytest.approx(20 * 0.5 / 1.1)
    assert route.element_multiple == pytest.approx(4000 / 0.99 / (200 / 0.5))
    assert route.price_ratio == pytest.approx(20)
    assert route.recovery == pytest.approx(0.99 * 0.5 / 1.1 / 0.5)
    assert route.running


def test_a_city_that_stands_still_has_accounts_without_rates() -> None:
    tables = lead_works()
    names = frozenset(tables["facilities"]["id"])
    accounts = circular_accounts(make_plan(build_network(tables), Scenario(close=names, demand={"d": 0.0})))
    assert accounts.use_rates == accounts.burdens == ()
    assert accounts.water.reuse_rate is None
    assert accounts.solid_waste.use_rate is None
    assert supply(accounts, "city").rate_value is None
    assert output(accounts, "city").value_added_cny == 0
    assert [i.tce_per_10k_cny for i in accounts.intensity] == [None] * 3


@pytest.mark.parametrize("seed", range(40))
def test_accounts_balance_in_any_city(seed: int) -> None:
    network = build_network(City(seed).tables())
    plan = make_plan(network, Scenario(add=frozenset({"k0"}) if seed % 2 else frozenset()))
    accounts = circular_accounts(plan)
    for b in accounts.balances:  # made + bought = used + sold + dumped + delivered
        assert abs(b.residual) <= 1e-7 * (1 + b.made + b.bought)
    for s in accounts.local_supply:
        assert -1e-9 <= s.local <= s.quantity * (1 + 1e-9) + 1e-9
        assert s.rate_value is None or -1e-9 <= s.rate_value <= 1 + 1e-9
    city = supply(accounts, "city")
    parts = [s for s in accounts.local_supply if s.scope == "plant"]
    assert city.value_cny == pytest.approx(sum(s.value_cny for s in parts))
    assert city.local == pytest.approx(sum(s.local for s in parts))
    for u in accounts.use_rates:
        assert u.made == pytest.approx(u.used + u.sold + u.dumped)
    e = accounts.energy
    assert e.bought_tce + e.renewable_tce + e.recovered_tce == pytest.approx(
        e.sold_tce + e.flared_tce + e.consumed_tce, abs=1e-6
    )
    places = [o for o in accounts.output if o.scope in ("plant", "pool")]
    whole = output(accounts, "city")
    assert whole.value_added_cny == pytest.approx(sum(o.value_added_cny for o in places), abs=1e-6)
    model = plan.model
    opex = network.recipes.opex[network.plants.recipe[model.plants]] @ plan.solution.x[: len(model.plants)]
    charge = sum(p.charge_cny for p in plan.plants)
    penalty = sum(c.quantity for c in plan.shortages) * (network.demands[0].penalty if network.demands else 0)
    expected = plan.objective + opex + charge + penalty
    assert whole.value_added_cny == pytest.approx(expected, rel=1e-9, abs=1e-5)


def plain(value: object) -> bool:
    """Whether a result holds plain figures only, all the way down."""
    if isinstance(value, tuple):
        return all(plain(v) for v in value)
    if is_dataclass(value):
        return all(plain(getattr(value, f.name)) for f in fields(value))
    return value is None or type(value) in (str, int, float, bool)


@pytest.fixture(scope="module")
def jinchang() -> Accounts:
    return circular_accounts(make_plan(build_network(read_tables(JINCHANG))))


def test_jinchang_gives_plain_figures_that_balance(jinchang: Accounts) -> None:
    assert plain(jinchang)
    assert all(abs(b.residual) <= 1e-9 * (1 + b.made + b.bought) for b in jinchang.balances)


def test_jinchang_golden_picture(jinchang: Accounts) -> None:
    rates = {(s.scope, s.id): s.rate_value for s in jinchang.local_supply}
    assert rates["city", ""] == pytest.approx(0.68, abs=0.02)
    assert rates["chain", "titanium"] == pytest.approx(0.68, abs=0.03)
    assert rates["plant", "f_precursor"] == pytest.approx(0.986, abs=0.01)
    use = {u.material: u.use_rate for u in jinchang.use_rates}
    assert use["carbide_slag"] == use["sulfuric_acid"] == use["fly_ash"] == pytest.approx(1)
    assert use["red_gypsum"] == 0
    assert use["ni_slag"] == pytest.approx(0.53, abs=0.02)
    assert use["phosphogypsum"] == pytest.approx(0.20, abs=0.02)
    assert jinchang.solid_waste.made_t == pytest.approx(17.2e6, rel=0.02)
    assert jinchang.solid_waste.use_rate == pytest.approx(0.26, abs=0.02)
    assert jinchang.water.reuse_rate == pytest.approx(0.444, abs=0.02)
    assert jinchang.energy.comprehensive_tce == pytest.approx(3.25e6, rel=0.02)
    assert jinchang.carbon.total_t == pytest.approx(8.44e6, rel=0.02)
    assert output(jinchang, "city").output_cny == pytest.approx(2596e8, rel=0.02)


def test_titanium_from_ore_to_plate_grows_nine_fold_and_fifty_fold_only_by_price(jinchang: Accounts) -> None:
    route = next(r for r in jinchang.routes if r.stages[-1].material == "ti_plate")
    assert [s.material for s in route.stages] == [
        "ilmenite", "synthetic_rutile", "ticl4", "ti_sponge", "ti_ingot", "ti_plate",
    ]  # fmt: skip
    assert route.running
    assert route.multiple == pytest.approx(8.93, abs=0.01)
    assert route.element_multiple == pytest.approx(14.23, abs=0.01)
    assert route.price_ratio == pytest.approx(96000 / 1950)
    assert np.all(np.diff([s.value_cny for s in route.stages]) > 0)
