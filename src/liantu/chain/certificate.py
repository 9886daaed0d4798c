"""The certificate of a plan: computed from the tables' own figures, not taken from the solver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from liantu.chain.implied import implied_upper
from liantu.chain.keys import ACTIVITY, BUY, DUMP, SELL, SHORTAGE
from liantu.chain.model import Model
from liantu.chain.network import Floats
from liantu.chain.solve import Solution

SMALL_CITY = 1e4
"""CNY a year: a plan worth less is proved to a fen, not to a part of its worth."""
GOAL = 1e-6
"""The gap within which a plan counts as best, unless another was asked for."""


@dataclass(frozen=True)
class Certificate:
    """What proves a plan. All money in CNY a year.

    primal: value of the plan; dual: an upper bound on the value of every plan, from the row prices
    alone; gap: (dual - primal) / max(10,000, |primal|), so that the rounding of a sum is no gap where the
    plan is worth nothing: a fen a year is 1e-6. residual: largest violation of a row or bound, relative
    to the flow through it. imbalance: worst relative imbalance of an element over the whole city and
    `element` its symbol. digest: SHA-256 of the tables. goal: the gap that was asked for.
    """

    primal: float
    dual: float
    gap: float
    residual: float
    element: str
    imbalance: float
    solver: str
    options: Mapping[str, object]
    iterations: int
    digest: str
    goal: float = GOAL

    @property
    def holds(self) -> bool:
        """Whether gap <= goal and the residual <= 1e-6. A value above the bound is no plan: it
        proves nothing."""
        return -GOAL <= self.gap <= self.goal and self.residual <= 1e-6


def certify(model: Model, solution: Solution, bound: float | None = None) -> Certificate:
    """Check a solution against the model with arithmetic of its own.

    `bound`: an upper bound over pairs that the model does not list either (`bound.bound_of`), CNY a year.
    """
    primal = float(model.objective @ solution.x) + model.constant
    dual = dual_bound(model, solution.row_dual) + model.constant if bound is None else bound
    element, imbalance = element_imbalance(model, solution.x)
    return Certificate(
        primal=primal,
        dual=dual,
        gap=gap_between(primal, dual),
        residual=residual(model, solution.x),
        element=element,
        imbalance=imbalance,
        solver=solution.solver,
        options=solution.options,
        iterations=solution.iterations,
        digest=model.network.digest,
        goal=float(str(solution.options.get("gap", GOAL))),
    )


def gap_between(lower: float, upper: float) -> float:
    """How far a bound lies above a plan, as a share of its value or of SMALL_CITY, whichever is more."""
    return (upper - lower) / max(SMALL_CITY, abs(lower))


def dual_bound(model: Model, row_dual: Floats, upper: Floats | None = None) -> float:
    """Upper bound on objective . x over all feasible x, from any row prices y (R,).

    bound = sum_i max(y_i upper_i, y_i lower_i) + sum_j max(0, c_j - A_j.y) u_j  with u_j the column's
    own upper bound or the implied one, whichever is less; or `upper` (C,), that some best plan keeps. A y_i
    whose side of the row has no bound (a wrong sign on an inequality) is cut to zero first, so that the
    bound holds for any y whatever.
    """
    finite = np.where(row_dual >= 0, model.row_upper, model.row_lower)
    held = np.isfinite(finite)
    y = np.where(held, row_dual, 0.0)
    rows = float(y[held] @ finite[held])
    reduced = np.maximum(model.objective - model.matrix.T @ y, 0.0)
    upper = np.minimum(implied_upper(model) if upper is None else upper, model.column_upper)
    upper = np.where(reduced > 0, upper, 0.0)
    return rows + float(reduced @ upper)


def residual(model: Model, x: Floats) -> float:
    """Largest violation of a row or column bound, each relative to 1 + the gross flow of its row."""
    value = model.matrix @ x
    gross = 1.0 + abs(model.matrix) @ np.abs(x)
    over = np.maximum(value - model.row_upper, model.row_lower - value)
    column = np.maximum(-x, np.where(np.isfinite(model.column_upper), x - model.column_upper, 0.0))
    return float(max(np.max(over / gross, initial=0.0), np.max(column / (1.0 + np.abs(x)), initial=0.0), 0.0))


def element_imbalance(model: Model, x: Floats) -> tuple[str, float]:
    """(element, relative imbalance) of the worst tracked element over the city line.

    In: bought and free sources (air); out: sold, dumped, vented, delivered to committed demand.
    imbalance = (out - in - excused) / max(out, in), excused being what recipes give out less take in
    where a free source carries the element or the data exempt it (`recipes.check_recipes`). A plan
    without flows has ('', 0).
    """
    into, out = element_flows(model, x)
    network = model.network
    recipe = network.plants.recipe[model.plants]
    excused = network.recipes.excused[recipe].T @ x[: len(model.plants)]
    larger = np.maximum(into, out)
    relevant = larger > 1e-9 * max(1.0, float(larger.max(initial=0.0)))
    if not relevant.any():
        return "", 0.0
    relative = np.where(relevant, (out - into - excused) / np.where(relevant, larger, 1.0), 0.0)
    worst = int(np.argmax(np.abs(relative)))
    return model.network.materials.elements[worst], float(relative[worst])


def element_flows(model: Model, x: Floats) -> tuple[Floats, Floats]:
    """(E,) t a year of each tracked element into and out of the city."""
    n, c, size = model.network, model.columns, len(model.network.materials.id)
    crossing = {
        k: np.bincount(c.material[c.kind == k], x[c.kind == k], minlength=size) for k in (BUY, SELL, DUMP)
    }
    recipe = n.plants.recipe[model.plants]
    activity = x[c.kind == ACTIVITY]
    vented = n.recipes.emission[recipe].T @ activity
    free = np.where(n.materials.unlimited, n.recipes.flow[recipe].T @ activity, 0.0)
    committed = np.zeros(size)
    for d in model.settings.demands:
        committed[d.material] += d.quantity
    short = c.kind == SHORTAGE
    committed -= np.bincount(c.material[short], x[short], minlength=size)
    composition = n.materials.composition
    into = composition.T @ (crossing[BUY] + np.maximum(-free, 0.0))
    out = composition.T @ (crossing[SELL] + crossing[DUMP] + vented + committed + np.maximum(free, 0.0))
    return np.asarray(into, dtype=np.float64), np.asarray(out, dtype=np.float64)
