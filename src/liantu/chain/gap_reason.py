"""Why a material is bought in or dumped although the city could make or use it."""

from __future__ import annotations

import numpy as np

from liantu.chain.keys import BALANCE
from liantu.chain.network import Bools, Ints
from liantu.chain.plan import Crossing, Plan

FULL = 1 - 1e-6  # load at which a plant has no room
PRICED = 1e-9  # CNY per unit above which a cap binds


def crossings_of(plan: Plan, kind: str) -> dict[str, list[Crossing]]:
    """The plan's crossings of one kind by material, in the order of the materials."""
    found: dict[str, list[Crossing]] = {}
    for c in plan.crossings:
        if c.kind == kind:
            found.setdefault(c.material, []).append(c)
    order = plan.network.materials.index
    return dict(sorted(found.items(), key=lambda item: order[item[0]]))


def reason(plan: Plan, kind: str, material: int, crossings: list[Crossing]) -> str:
    """Code of the first that holds for a purchase (kind buy) or a dump of `material`; without crossings
    the places of purchase are not asked for:

    no_local_maker / no_local_user: no open plant makes / uses it; too_far: none within its range;
    capacity: those within range all run full; cap: one with room counts against a city cap that binds;
    dearer_here: there is room, and the market or the dump is cheaper.
    """
    buying = kind == "buy"
    partners = _partners(plan, material, buying)
    if not partners.any():
        return "no_local_maker" if buying else "no_local_user"
    near = _within_range(plan, material, partners, crossings) if crossings else partners
    if not near.any():
        return "too_far"
    x, capacity = plan.solution.x[: len(partners)], plan.model.capacity
    room = near & (x < FULL * capacity)
    if not room.any():
        return "capacity"
    return "cap" if (room & _capped(plan)).sum() == room.sum() else "dearer_here"


def _partners(plan: Plan, material: int, makers: bool) -> Bools:
    """(K,) open plants of the model that make, or use, the material."""
    n, model = plan.network, plan.model
    amount = n.recipes.flow[n.plants.recipe[model.plants]][:, [material]].toarray().ravel()
    standing = model.settings.open[model.plants] & (model.capacity > 0)
    return np.asarray(((amount > 0) if makers else (amount < 0)) & standing, dtype=bool)


def _within_range(plan: Plan, material: int, partners: Bools, crossings: list[Crossing]) -> Bools:
    """(K,) the partners that have an arc to, or a pool with, a place that buys or dumps."""
    model, rows = plan.model, plan.model.rows
    places = {c.place for c in crossings}
    at = np.flatnonzero((rows.kind == BALANCE) & (rows.material == material))
    here = {int(i) for i in at if rows.place[i] in places}
    c = model.columns
    ship = np.flatnonzero((c.source >= 0) & (c.target >= 0) & (c.material == material))
    linked = {int(a) for a, b in zip(c.source[ship], c.target[ship], strict=True) if int(b) in here}
    linked |= {int(b) for a, b in zip(c.source[ship], c.target[ship], strict=True) if int(a) in here}
    own = {int(rows.plant[i]) for i in linked if rows.plant[i] >= 0}
    near = np.isin(model.plants, np.array(sorted(own), dtype=np.int64))
    return np.asarray(partners & (near | _pooled_with(plan, here)), dtype=bool)


def _pooled_with(plan: Plan, rows: set[int]) -> Bools:
    """(K,) plants whose activity stands in one of the pooled rows."""
    pools: Ints = np.array([i for i in sorted(rows) if plan.model.rows.plant[i] < 0], dtype=np.int64)
    k = len(plan.model.plants)
    if not len(pools):
        return np.zeros(k, dtype=bool)
    return np.asarray(abs(plan.model.matrix.tocsr()[pools][:, :k]).sum(axis=0)).ravel() > 0


def _capped(plan: Plan) -> Bools:
    """(K,) plants that a binding cap touches: their own activity, or what they make, use or dump."""
    model = plan.model
    binding = [cap.row for cap in model.caps if cap.row >= 0 and plan.intervals.row[cap.row, 1] > PRICED]
    touched = np.asarray(abs(model.matrix.tocsr()[binding]).sum(axis=0)).ravel() > 0 if binding else None
    out = np.zeros(len(model.plants), dtype=bool)
    if touched is None:
        return out
    out |= touched[: len(out)]
    cross = np.flatnonzero(touched & (model.columns.plant >= 0))
    return out | np.isin(model.plants, model.columns.plant[cross])
