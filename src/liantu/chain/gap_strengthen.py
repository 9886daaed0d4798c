"""强链 strengthen: the capacities and caps that bind, what a tenth more is worth, and how far."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from liantu.chain.gap_fill import option
from liantu.chain.gap_proof import Prover, Ramp, material_use, money_noise
from liantu.chain.gap_report import CandidateGap, Option, StrengthenGap
from liantu.chain.keys import CapRow
from liantu.chain.model import build_model
from liantu.chain.plan import CapResult, Plan, PlantResult
from liantu.chain.reduced import solve_model

STEP = 0.1
REACH = 2.0  # times the limit: up to where the range of a price is looked for
TURNS = 40
Line = Callable[[float], tuple[float, float]]
"""limit -> (value, CNY per unit of the limit)."""


@dataclass(frozen=True)
class Binding:
    """Something that binds in the base plan: its result in the plan, and its row in the model (a cap)."""

    result: PlantResult | CapResult
    plant: int = -1
    cap: CapRow | None = None

    @property
    def name(self) -> str:
        """Its id in the list."""
        return f"{'capacity' if self.cap is None else 'cap'}:{self.result.id}"


def binding(plan: Plan) -> tuple[Binding, ...]:
    """Open plants whose capacity, and caps whose room, has a price."""
    noise = money_noise(plan.model, plan.solution)
    plants = [
        Binding(p, plan.network.plants.index[p.id]) for p in plan.plants if p.rent_high * p.capacity > noise
    ]
    caps = [
        Binding(result, cap=cap)
        for result, cap in zip(plan.caps, plan.model.caps, strict=True)
        if result.price_high * result.limit > noise
    ]
    return (*plants, *caps)


def strengthen_gaps(
    plan: Plan,
    prover: Prover,
    candidates: tuple[CandidateGap, ...],
    sets: Mapping[str, frozenset[int]],
    found: tuple[Binding, ...],
) -> Iterator[StrengthenGap]:
    """A row for each thing that binds, in the order given, then the candidates that relieve none."""
    ramp = Ramp(plan.model)
    listed: set[str] = set()
    for b in found:
        options = tuple(_relief(prover, b, candidates, sets))
        listed |= {o.id for o in options}
        yield _row(plan, ramp, b, options)
    prover.solves += ramp.solves
    for c in candidates:
        if c.link_type == "strengthen" and c.id not in listed:
            yield _alone(prover, c, sets[c.proof])


def ranked(rows: list[StrengthenGap]) -> tuple[StrengthenGap, ...]:
    """Best worth first."""
    return tuple(sorted(rows, key=lambda r: (-r.worth_cny_per_year, r.id)))


def _row(plan: Plan, ramp: Ramp, b: Binding, options: tuple[Option, ...]) -> StrengthenGap:
    if isinstance(b.result, PlantResult):
        used, limit, low, high = b.result.activity, b.result.capacity, b.result.rent_low, b.result.rent_high
    else:
        used, limit, low, high = b.result.used, b.result.limit, b.result.price_low, b.result.price_high
    low, high, step = max(low, 0.0), max(high, 0.0), STEP * limit
    gain, holds_from, holds_to = _moved(plan, ramp, b, limit, low, high)
    gain = gain if gain > money_noise(plan.model, plan.solution) else 0.0
    charge = 0.0
    if b.cap is None:
        capex = float(plan.network.recipes.capex[plan.network.plants.recipe[b.plant]])
        charge = plan.model.settings.charge_rate * capex * step
    best = options[0] if options else None
    room = step
    if b.cap is not None and b.cap.kind == "share":
        room = step * material_use(plan.model, plan.solution.x, b.cap.material)
    return StrengthenGap(
        id=b.name,
        kind="capacity" if b.cap is None else "cap",
        subject=b.result.id,
        used=used,
        limit=limit,
        price_low=low,
        price_high=high,
        step=step,
        worth_cny_per_year=gain - charge,
        first_order_cny_per_year=low * room - charge,
        gain_cny_per_year=gain,
        charge_cny_per_year=charge,
        holds_from=holds_from,
        holds_to=holds_to,
        best=best.id if best else "",
        options=options,
    )


def _moved(
    plan: Plan, ramp: Ramp, b: Binding, limit: float, low: float, high: float
) -> tuple[float, float | None, float | None]:
    """(gain of the relaxation, holds_from, holds_to); a share enters the matrix, and has no range."""
    base = plan.solution.objective
    if b.cap is not None and b.cap.kind == "share":
        caps = {**plan.scenario.caps, b.cap.id: limit * (1 - STEP)}
        model = build_model(plan.network, replace(plan.scenario, caps=caps))
        ramp.solves += 1
        return solve_model(model).objective - base, None, None
    row = b.cap.row if b.cap is not None else -1

    def value(q: float) -> tuple[float, float]:
        return ramp.capacity(b.plant, q) if b.cap is None else ramp.limit(row, q)

    noise = money_noise(plan.model, plan.solution)
    gain = value(limit * (1 + STEP))[0] - base
    holds_to = linear_until(value, limit, base, low, REACH * limit, noise)
    holds_from = linear_until(value, limit, base, high, 0.0, noise)
    return gain, holds_from, holds_to


def linear_until(
    value: Line, start: float, at: float, slope: float, end: float, noise: float
) -> float | None:
    """How far from `start` towards `end` a concave piecewise linear value keeps `slope`.

    `value(q)` gives the value and a slope at q; `at` is the value at `start`. Where the value at q lies
    below the line, the break is where the line meets q's tangent, or before; that point is tried next
    (Eisner and Severance 1976, doi:10.1145/321978.321982). None where rounding hides the break.
    """
    if not np.isfinite(slope):
        return None
    q = end
    for _ in range(TURNS):
        reached, tangent = value(q)
        line = at + slope * (q - start)
        if line - reached <= noise + 1e-7 * abs(slope * (q - start)):
            return q
        if tangent == slope:
            return None
        crossing = (at - reached - slope * start + tangent * q) / (tangent - slope)
        if not min(start, q) <= crossing <= max(start, q) or crossing == q:
            return None
        q = crossing
    return None


def _relief(
    prover: Prover, b: Binding, candidates: tuple[CandidateGap, ...], sets: Mapping[str, frozenset[int]]
) -> list[Option]:
    """Candidates that relieve it, best first; before and after are its activity, or the cap's use."""
    found = []
    for c in candidates:
        role = _role(prover, b, c)
        if not role:
            continue
        state = prover.state(sets[c.proof])
        if b.cap is None:
            before, after = prover.base.activity[b.plant], state.activity[b.plant]
        else:
            k = [cap.id for cap in prover.model.caps].index(b.cap.id)
            before, after = prover.base.used[k], state.used[k]
        found.append(option(c, role, float(before), float(after)))
    return sorted(found, key=lambda o: (-o.worth_cny_per_year, o.id))


def _role(prover: Prover, b: Binding, c: CandidateGap) -> str:
    """retrofit or second_line of a plant; supplies or takes the material of a cap; '' for neither."""
    n, plant = prover.network, prover.network.plants.index[c.id]
    recipe = n.plants.recipe[plant]
    if b.cap is None:
        if n.plants.host[plant] == b.plant:
            return "retrofit"
        return "second_line" if recipe == n.plants.recipe[b.plant] else ""
    if b.cap.material < 0:
        return ""
    amount = float(n.recipes.flow[recipe, b.cap.material])
    host = int(n.plants.host[plant])
    if b.cap.kind == "dump" and host >= 0 and _less_dumped(prover, host, plant, b.cap.material):
        return "retrofit"
    wanted = {"buy": 1.0, "share": 1.0, "sell": -1.0, "dump": -1.0}.get(b.cap.kind, 0.0)
    return ("supplies" if wanted > 0 else "takes") if amount * wanted > 0 else ""


def _less_dumped(prover: Prover, host: int, retrofit: int, material: int) -> bool:
    """Whether the retrofit makes and vents less of the material than its host, per unit of capacity."""
    r, recipe = prover.network.recipes, prover.network.plants.recipe
    made = [
        max(float(r.flow[p, material]), 0.0) + float(r.emission[p, material])
        for p in recipe[[host, retrofit]]
    ]
    return made[1] < made[0]


def _alone(prover: Prover, c: CandidateGap, built: frozenset[int]) -> StrengthenGap:
    """A strengthen candidate that relieves nothing that binds in the base plan."""
    charge = prover.charge(built)
    return StrengthenGap(
        id=f"candidate:{c.id}", kind="candidate", subject=c.id, used=0.0, limit=c.scale,
        price_low=max(c.margin_cny_per_unit, 0.0), price_high=max(c.margin_cny_per_unit, 0.0), step=c.scale,
        worth_cny_per_year=c.worth_cny_per_year, first_order_cny_per_year=c.first_order_cny_per_year,
        gain_cny_per_year=c.worth_cny_per_year + charge, charge_cny_per_year=charge,
        holds_from=None, holds_to=None, best=c.id,
        options=(option(c, "second_line", 0.0, c.load * c.scale),),
    )  # fmt: skip
