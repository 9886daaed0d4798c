"""补链 fill: what is bought in or dumped for want of a link, and the candidates that would take it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from liantu.chain.gap_proof import KINDS, Prover
from liantu.chain.gap_reason import crossings_of, reason
from liantu.chain.gap_report import CandidateGap, FillGap, Option
from liantu.chain.network import Bools, Network
from liantu.chain.plan import Plan

SUPPLIES = 0.01  # share of a purchase that a candidate must be able to supply
TAKES = 0.1  # share of what is dumped that a candidate must be able to take
MAIN_VALUE, MAIN_OF_PRODUCTS, MAIN_MASS = 0.25, 0.1, 0.5  # from which a material is a main input
LESSENED = 1e-6  # relative fall of a quantity that counts


def fill_gaps(
    plan: Plan, prover: Prover, candidates: tuple[CandidateGap, ...], sets: Mapping[str, frozenset[int]]
) -> tuple[FillGap, ...]:
    """The fill list, best proved worth first; `sets`: proof id -> the plants it builds."""
    rows = []
    for kind in ("buy", "dump"):
        for material, crossings in crossings_of(plan, kind).items():
            i = plan.network.materials.index[material]
            quantity = sum(c.quantity for c in crossings)
            options = _options(prover, kind, i, quantity, candidates, sets)
            best = _best(options)
            rows.append(
                FillGap(
                    id=f"{kind}:{material}",
                    kind=kind,
                    material=material,
                    quantity=quantity,
                    value_cny=0.0 - sum(c.value_cny for c in crossings),
                    reason=reason(plan, kind, i, crossings),
                    places=tuple(c.place for c in crossings),
                    worth_cny_per_year=best.worth_cny_per_year if best else None,
                    first_order_cny_per_year=best.first_order_cny_per_year if best else None,
                    best=best.id if best else "",
                    options=options,
                )
            )
    listed = {o.id for row in rows for o in row.options}
    rows += [_alone(plan, c) for c in candidates if c.link_type == "fill" and c.id not in listed]
    return tuple(sorted(rows, key=lambda r: (_rank(r.worth_cny_per_year), -r.value_cny, r.id)))


def _options(
    prover: Prover,
    kind: str,
    material: int,
    quantity: float,
    candidates: tuple[CandidateGap, ...],
    sets: Mapping[str, frozenset[int]],
) -> tuple[Option, ...]:
    """Candidates whose recipe makes what is bought, or uses what is dumped, best first."""
    n, k = prover.network, KINDS.index(kind)
    amounts = n.recipes.flow[:, [material]].toarray().ravel()
    found = []
    for c in candidates:
        recipe = n.recipes.index[c.process]
        amount = float(amounts[recipe])
        if kind == "buy":
            relevant = amount > 0 and (
                amount * c.scale >= SUPPLIES * quantity or n.recipes.reference[recipe] == material
            )
        else:
            relevant = amount < 0 and -amount * c.scale >= TAKES * quantity
        if relevant:
            after = float(prover.state(sets[c.proof]).quantity[k, material])
            role = "supplies" if kind == "buy" else "takes"
            found.append(option(c, role, quantity, after))
    return tuple(sorted(found, key=lambda o: (-o.worth_cny_per_year, o.id)))


def option(c: CandidateGap, role: str, before: float, after: float) -> Option:
    """The candidate as an option of a row."""
    return Option(
        c.id, role, c.proof, c.partners, c.worth_cny_per_year, c.first_order_cny_per_year, before, after
    )


def main_inputs(network: Network) -> Bools:
    """(P, M) whether a recipe lives on a material: half of its inputs by mass, or a quarter of them by
    value and a tenth of its products' value. Middle prices; free sources such as air and water left out."""
    m = network.materials
    flow = network.recipes.flow.toarray() * ~m.free_source
    price = np.maximum(np.nan_to_num(m.price[1], nan=0.0), 0.0)
    used, made = np.maximum(-flow, 0.0), np.maximum(flow, 0.0)
    money, mass = used * price, used * m.t_per_unit
    spent, worth = money.sum(axis=1, keepdims=True), (made @ price)[:, None]
    by_value = (money > 0) & (money >= MAIN_VALUE * spent) & (money >= MAIN_OF_PRODUCTS * worth)
    by_mass = (mass > 0) & (mass >= MAIN_MASS * mass.sum(axis=1, keepdims=True))
    return np.asarray(by_value | by_mass, dtype=bool)


def _best(options: tuple[Option, ...]) -> Option | None:
    """The best of those that lessen the quantity."""
    for o in options:
        if o.after < o.before * (1 - LESSENED):
            return o
    return None


def _alone(plan: Plan, c: CandidateGap) -> FillGap:
    """A fill candidate that answers no purchase or dump of the base plan."""
    r = plan.network.recipes
    product = int(r.reference[r.index[c.process]])
    return FillGap(
        id=f"candidate:{c.id}",
        kind="candidate",
        material=plan.network.materials.id[product],
        quantity=0.0,
        value_cny=0.0,
        reason=reason(plan, "buy", product, []),
        places=(),
        worth_cny_per_year=c.worth_cny_per_year,
        first_order_cny_per_year=c.first_order_cny_per_year,
        best=c.id,
        options=(option(c, "supplies", 0.0, 0.0),),
    )


def _rank(worth: float | None) -> float:
    return np.inf if worth is None else -worth
