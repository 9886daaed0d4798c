"""Solution -> Plan: what runs, what flows, what crosses the city line, and what things are worth."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from liantu.chain.bound import bound_of
from liantu.chain.certificate import Certificate, certify
from liantu.chain.keys import BALANCE, BUY, DUMP, SELL, SHIP, SHORTAGE, CapRow
from liantu.chain.lanes import chosen_lane
from liantu.chain.margins import Margins, split_margin
from liantu.chain.model import Model
from liantu.chain.network import Floats, Network
from liantu.chain.prices import PriceIntervals, best_offers, price_intervals
from liantu.chain.pricing import FAR, border_offers
from liantu.chain.scale import SolveLarge, lists_all, solve_large, solve_scenario
from liantu.chain.scenario import Scenario
from liantu.chain.solve import Solution

TRACE = 1e-9  # flows below this share of what they could be are rounding of the solver


@dataclass(frozen=True)
class PlantResult:
    """activity in reference units a year, load = activity / capacity, rent in CNY per unit of capacity:
    what one more unit (low) would bring and one unit less (high) would cost."""

    id: str
    recipe: str
    activity: float
    capacity: float
    load: float
    rent_low: float
    rent_high: float
    charge_cny: float  # capital charge of a candidate that is built


@dataclass(frozen=True)
class Shipment:
    """quantity in the material's unit a year; source and target are plant ids or demand:ID."""

    material: str
    source: str
    target: str
    quantity: float
    distance_km: float
    cost_cny: float
    link: str


@dataclass(frozen=True)
class Crossing:
    """kind buy, sell, dump, vent (emission of a recipe) or short; value > 0 is income."""

    material: str
    kind: str
    place: str
    quantity: float
    value_cny: float


@dataclass(frozen=True)
class Price:
    """Local price of a material at a place, CNY per unit: low is what one more unit would bring, high
    what one unit less would cost; -inf or inf where nothing bounds it."""

    material: str
    place: str
    low: float
    high: float


@dataclass(frozen=True)
class CapResult:
    """used and limit in `unit`; price_low is the worth of one more unit of room, price_high the cost
    of one less, CNY per unit."""

    id: str
    kind: str
    material: str
    used: float
    limit: float
    unit: str
    price_low: float
    price_high: float
    name_zh: str
    name_en: str

    @property
    def exceeded(self) -> bool:
        """Whether what is fixed (land of built candidates) is already more than the limit."""
        return self.kind != "share" and self.used > self.limit * (1 + 1e-6) + 1e-9


@dataclass(frozen=True)
class Plan:
    """One solved scenario. Lists are ordered as the tables are."""

    network: Network
    scenario: Scenario
    model: Model
    solution: Solution
    intervals: PriceIntervals
    plants: tuple[PlantResult, ...]
    shipments: tuple[Shipment, ...]
    crossings: tuple[Crossing, ...]
    prices: tuple[Price, ...]
    caps: tuple[CapResult, ...]
    margins: Margins
    certificate: Certificate

    @property
    def objective(self) -> float:
        """Value of the plan, CNY a year."""
        return self.certificate.primal

    @property
    def shortages(self) -> tuple[Crossing, ...]:
        """Committed demand that is not met."""
        return tuple(c for c in self.crossings if c.kind == "short")


def make_plan(
    network: Network,
    scenario: Scenario = Scenario(),  # noqa: B008 (frozen)
    solve_large: SolveLarge = solve_large,
) -> Plan:
    """Build, solve and read one scenario; pairs are listed, or found by price where they are too many.

    `solve_large` solves the latter; give one with a goal, limits or processes of its own.
    """
    return read_plan(*solve_scenario(network, scenario, solve_large))


def read_plan(model: Model, solution: Solution) -> Plan:
    """Read a solved model. Every figure is computed from the primal and dual values and the tables."""
    if not lists_all(solution):
        bound, intervals = bound_of(model, solution.row_dual), _intervals_of_offers(model, solution)
    else:
        bound, intervals = None, price_intervals(model, solution)
    x = clean(model, solution.x)
    return Plan(
        network=model.network,
        scenario=model.scenario,
        model=model,
        solution=solution,
        intervals=intervals,
        plants=_plants(model, x, intervals),
        shipments=_shipments(model, x),
        crossings=_crossings(model, x),
        prices=_prices(model, intervals),
        caps=_caps(model, x, intervals),
        margins=split_margin(model, x, transfer_prices(intervals.row)),
        certificate=certify(model, solution, bound),
    )


def _intervals_of_offers(model: Model, solution: Solution) -> PriceIntervals:
    """Best offers for what `prices.best_offers` says, over pairs within reach that are not listed too."""
    balance, y = model.rows.kind == BALANCE, solution.row_dual
    offers = best_offers(model, y)
    high, low = border_offers(model, np.arange(len(y)), y)
    low = np.where(balance, np.maximum(offers[:, 0], low), y)
    high = np.where(balance, np.minimum(offers[:, 1], high), y)
    row = np.column_stack([np.where(low <= -FAR, -np.inf, low), np.where(high >= FAR, np.inf, high)])
    return replace(price_intervals(model, solution, max_work=0), row=row, exact=False)


def clean(model: Model, x: Floats) -> Floats:
    """x without the solver's rounding: values below 1e-9 of the largest activity scale become zero."""
    scale = 1.0 + float(np.max(model.capacity, initial=0.0))
    return np.where(np.abs(x) <= TRACE * scale * 1e-3, 0.0, x) + 0.0  # no -0.0


def transfer_prices(row: Floats) -> Floats:
    """One price (R,) per row for valuing internal flows: the middle of the interval, or its finite end.

    The split of margins between the two ends of a shipment depends on it, their sum does not.
    """
    low = np.where(np.isfinite(row[:, 0]), row[:, 0], row[:, 1])
    high = np.where(np.isfinite(row[:, 1]), row[:, 1], row[:, 0])
    return np.where(np.isfinite(low), 0.5 * (np.where(np.isfinite(low), low, 0.0) + high), 0.0)


def _plants(model: Model, x: Floats, intervals: PriceIntervals) -> tuple[PlantResult, ...]:
    n = model.network
    out = []
    for k, f in enumerate(model.plants):
        if not model.settings.open[f]:
            continue
        capacity = float(model.capacity[k])
        low, high = intervals.rent[k]
        charge = model.settings.charge_rate * float(model.settings.capital[f])
        load = float(x[k]) / capacity if capacity > 0 else 0.0
        recipe = n.recipes.id[n.plants.recipe[f]]
        out.append(
            PlantResult(n.plants.id[f], recipe, float(x[k]), capacity, load, float(low), float(high), charge)
        )
    return tuple(out)


def _shipments(model: Model, x: Floats) -> tuple[Shipment, ...]:
    n, c, rows = model.network, model.columns, model.rows
    at = np.flatnonzero((c.kind == SHIP) & (x > 0))
    return tuple(
        Shipment(
            material=n.materials.id[c.material[j]],
            source=rows.place[c.source[j]],
            target=rows.place[c.target[j]],
            quantity=float(x[j]),
            distance_km=float(c.km[j]),
            cost_cny=float(-model.objective[j] * x[j]),
            link=chosen_lane(n.materials.lanes(int(c.material[j])), float(c.km[j])).link,
        )
        for j in at
    )


CROSSING = {BUY: "buy", SELL: "sell", DUMP: "dump", SHORTAGE: "short"}


def _crossings(model: Model, x: Floats) -> tuple[Crossing, ...]:
    n, c, rows = model.network, model.columns, model.rows
    out = []
    for j in np.flatnonzero((c.kind >= BUY) & (x > 0)):
        row = int(c.target[j] if c.target[j] >= 0 else c.source[j])
        material, kind = n.materials.id[c.material[j]], CROSSING[int(c.kind[j])]
        out.append(Crossing(material, kind, rows.place[row], float(x[j]), float(model.objective[j] * x[j])))
    vented = n.recipes.emission[n.plants.recipe[model.plants]].tocoo()
    for k, m, amount in zip(vented.row, vented.col, vented.data, strict=True):
        if x[k] > 0:
            quantity = float(amount * x[k])
            cost = -quantity * float(model.settings.dump_cost[m])
            out.append(Crossing(n.materials.id[m], "vent", n.plants.id[model.plants[k]], quantity, cost))
    return tuple(out)


def _prices(model: Model, intervals: PriceIntervals) -> tuple[Price, ...]:
    n, rows = model.network, model.rows
    out = []
    for i in np.flatnonzero(rows.kind == BALANCE):
        f = int(rows.plant[i])
        if f >= 0 and not model.settings.open[f]:
            continue
        low, high = intervals.row[i]
        out.append(Price(n.materials.id[rows.material[i]], rows.place[i], float(low), float(high)))
    return tuple(out)


def _caps(model: Model, x: Floats, intervals: PriceIntervals) -> tuple[CapResult, ...]:
    out = []
    value = model.matrix @ x
    for cap in model.caps:
        price = (0.0, 0.0)
        used = cap.fixed
        if cap.row >= 0:
            price = (float(intervals.row[cap.row, 0]), float(intervals.row[cap.row, 1]))
            used = float(value[cap.row])
            if cap.kind == "share":
                used = _share(model, x, used, cap)
        material = model.network.materials.id[cap.material] if cap.material >= 0 else ""
        names = cap.name_zh, cap.name_en
        out.append(CapResult(cap.id, cap.kind, material, used, cap.limit, cap.unit, *price, *names))
    return tuple(out)


def _share(model: Model, x: Floats, value: float, cap: CapRow) -> float:
    """The share reached: (made by dispatchable plants + bought) / used; 1 where nothing is used.

    The row's value is  limit x used - steady, so that steady = limit x used - value.
    """
    recipe = model.network.plants.recipe[model.plants]
    flow = model.network.recipes.flow[recipe][:, [cap.material]].toarray().ravel()
    used = float(np.maximum(-flow, 0.0) @ x[: len(model.plants)])
    return (cap.limit * used - value) / used if used > 0 else 1.0
