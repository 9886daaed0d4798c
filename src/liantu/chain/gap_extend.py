"""延链 extend: what leaves the city while a known recipe would raise it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from liantu.chain.gap_candidates import Screened
from liantu.chain.gap_fill import main_inputs
from liantu.chain.gap_proof import KINDS, Prover
from liantu.chain.gap_reason import crossings_of
from liantu.chain.gap_report import CandidateGap, ExtendGap, ExtendOption
from liantu.chain.plan import Plan

SELL = KINDS.index("sell")


def extend_gaps(
    plan: Plan,
    prover: Prover,
    candidates: tuple[CandidateGap, ...],
    sets: Mapping[str, frozenset[int]],
    screened: Screened,
) -> tuple[ExtendGap, ...]:
    """The extend list, best proved worth first; `sets`: proof id -> the plants it builds."""
    rows, main = [], main_inputs(prover.network)
    for material, crossings in crossings_of(plan, "sell").items():
        i = plan.network.materials.index[material]
        quantity, value = sum(c.quantity for c in crossings), sum(c.value_cny for c in crossings)
        users = [c for c in candidates if main[_recipe(prover, c), i]]
        options = sorted(
            (_option(prover, c, i, value / quantity, sets, screened) for c in users),
            key=lambda o: (-o.worth_cny_per_year, o.id),
        )
        if options:
            rows.append(_row(f"sell:{material}", "sell", material, quantity, value, tuple(options)))
    listed = {o.id for row in rows for o in row.options}
    for c in candidates:
        if c.link_type == "extend" and c.id not in listed:
            product = int(prover.network.recipes.reference[_recipe(prover, c)])
            alone = _option(prover, c, product, np.nan, sets, screened)
            name = prover.network.materials.id[product]
            rows.append(_row(f"candidate:{c.id}", "candidate", name, 0.0, 0.0, (alone,)))
    return tuple(sorted(rows, key=lambda r: (_rank(r.worth_cny_per_year), -r.value_cny, r.id)))


def _recipe(prover: Prover, c: CandidateGap) -> int:
    return prover.network.recipes.index[c.process]


def _row(
    name: str, kind: str, material: str, quantity: float, value: float, options: tuple[ExtendOption, ...]
) -> ExtendGap:
    best = next((o for o in options if o.gained_cny_per_unit is not None), None)
    return ExtendGap(
        id=name,
        kind=kind,
        material=material,
        quantity=quantity,
        value_cny=value,
        sold_cny_per_unit=value / quantity if quantity > 0 else 0.0,
        worth_cny_per_year=best.worth_cny_per_year if best else None,
        first_order_cny_per_year=best.first_order_cny_per_year if best else None,
        best=best.id if best else "",
        options=options,
    )


def _option(
    prover: Prover,
    c: CandidateGap,
    material: int,
    sold_at: float,
    sets: Mapping[str, frozenset[int]],
    screened: Screened,
) -> ExtendOption:
    """A candidate as a use of the material. Per unit of it: what is made, and what is gained."""
    built = sets[c.proof]
    state, plant = prover.state(built), prover.network.plants.index[c.id]
    per_unit = abs(float(prover.network.recipes.flow[_recipe(prover, c), material]))
    made = _made(screened, plant) / per_unit
    used = per_unit * float(state.activity[plant])
    gain = prover.worth(built) + prover.charge(built)
    return ExtendOption(
        id=c.id,
        process=c.process,
        proof=c.proof,
        partners=c.partners,
        worth_cny_per_year=c.worth_cny_per_year,
        first_order_cny_per_year=c.first_order_cny_per_year,
        before=float(prover.base.quantity[SELL, material]),
        after=float(state.quantity[SELL, material]),
        made_cny_per_unit=made if np.isfinite(made) else None,
        multiple=made / sold_at if np.isfinite(made) and sold_at > 0 else None,
        gained_cny_per_unit=gain / used if used > 0 else None,
    )


def _made(screened: Screened, plant: int) -> float:
    """CNY per unit of activity: all that the plant makes, at the base plan's best local prices."""
    s = screened.screen
    at = (s.bundle == screened.position(plant)) & (s.coefficient > 0)
    return float((s.coefficient[at] * s.price[at]).sum())


def _rank(worth: float | None) -> float:
    return np.inf if worth is None else -worth
