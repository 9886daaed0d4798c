"""A plan by a first-order method: near the optimum, made feasible, and proven like any other plan.

The method (`halpern`) multiplies matrices and vectors, on a GPU where torch finds one. What it returns is off
by its tolerance in every balance, so it is no plan yet: `repaired` scales flows down until all balances and
caps hold, and `bound_of` bounds every plan from its prices over all pairs, listed or not. The distance of the
two is the gap: whatever went wrong shows in it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from liantu.chain.bound import bound_of, repair_prices
from liantu.chain.certificate import residual
from liantu.chain.halpern import Backend, Point, backend, iterate
from liantu.chain.keys import BALANCE, BUY, SHIP
from liantu.chain.model import Model, implied_upper
from liantu.chain.network import Floats, Ints, Network
from liantu.chain.pairs import Pairs, chosen, find_pairs, joined
from liantu.chain.parts import bare_model, with_pairs
from liantu.chain.pricing import count_pairs, nearest_pairs, paying
from liantu.chain.reduced import NONE, OUTLET, SUPPLY, Reduction, find_reduction, reduced_program
from liantu.chain.region_state import idle
from liantu.chain.scenario import Scenario
from liantu.chain.solve import Solution
from liantu.chain.warm import LISTED, PARTNERS

FINER = 0.2  # from one tolerance to the next
LOOSEST = 1e-3
PASSES = 2_000  # of a repair
GENTLE, HARDER = 20, 1.2  # passes after which a little more is cut than there is too much: loops end sooner
HOLDS = 1e-9  # residual of a plan that is taken
EXACT = 1e-11  # of a row's gross flow: a balance that holds


@dataclass(frozen=True)
class Effort:
    """goal: stop at this gap. seconds, iterations: or after so much. where: see `halpern.backend`."""

    goal: float = 1e-4
    seconds: float = float("inf")
    iterations: int = 200_000
    where: str = ""


def solve_first_order(
    network: Network,
    scenario: Scenario,
    effort: Effort = Effort(),
) -> tuple[Model, Solution]:
    """(model, solution): a feasible plan with the pairs it uses, prices that bound every plan, and the bound.

    Tolerances grow finer, and pairs that gain at the prices found join, until the gap is met or the effort is
    spent. Raises SolverError where the backend is missing.
    """
    begun = time.monotonic()
    search = _Search(bare_model(network, scenario), effort, backend(effort.where))
    while search.goes_on():
        search.step()
    return search.plan(time.monotonic() - begun)


class _Search:
    def __init__(self, bare: Model, effort: Effort, where: Backend) -> None:
        self.bare, self.effort, self.where = bare, effort, where
        self.until = time.monotonic() + effort.seconds
        materials = bare.network.materials
        self.whole = count_pairs(bare.rows, materials) <= LISTED
        self.pairs = (
            find_pairs(bare.rows, materials)
            if self.whole
            else nearest_pairs(bare.rows, materials, 2 * PARTNERS)
        )
        self.x = np.zeros(len(bare.objective) + len(self.pairs.km))
        self.y = np.zeros(len(bare.rows.kind))
        self.tolerance, self.iterations, self.steps = LOOSEST, 0, 0
        nothing = idle(bare)
        self.best = with_pairs(bare, nothing.pairs), nothing.x
        self.lower, self.upper = float(bare.objective @ nothing.x), np.inf
        self.price = self.y

    def goes_on(self) -> bool:
        """Whether the gap is open, and effort is left."""
        if not self.steps:
            return True
        spent = self.iterations >= self.effort.iterations or time.monotonic() >= self.until
        return self.gap > self.effort.goal and not spent and self.tolerance > 1e-12

    @property
    def gap(self) -> float:
        """As `State.gap`."""
        value = self.lower + self.bare.constant
        return (self.upper - value) / max(1e4, abs(value))

    def step(self) -> None:
        """Come nearer; make it a plan; bound it; let in the pairs that gain at its prices."""
        model = with_pairs(self.bare, self.pairs)
        reduction = find_reduction(model)
        program = reduced_program(model, reduction)
        start = Point(self.x[reduction.keep], (self.y - reduction.parity)[reduction.rows], np.inf, 0)
        left = self.effort.iterations - self.iterations
        found = iterate(program, start, self.tolerance, self.until, left, self.where)
        self.x = np.zeros(len(model.objective))
        self.x[reduction.keep] = found.x
        self.y = reduction.parity.copy()
        self.y[reduction.rows] += found.y
        self.iterations += found.iterations
        self.steps += 1
        self.tolerance *= FINER
        x = repaired(model, reduction, self.x)
        value, bound = float(model.objective @ x), bound_of(self.bare, self.y)
        if value > self.lower and residual(model, x) <= HOLDS:
            self.lower, self.best = value, (model, x)
        if bound < self.upper:
            self.upper, self.price = bound, self.y
        if not self.whole:
            self._let_in(model)

    def _let_in(self, model: Model) -> None:
        n, before = len(self.bare.plants), len(self.pairs.km)
        more = paying(self.bare, repair_prices(self.bare, self.y), PARTNERS, 1e-6)
        size = np.int64(len(self.bare.rows.kind))
        known = self.pairs.source * size + self.pairs.target
        fresh = chosen(more, ~np.isin(more.source * size + more.target, known))
        self.pairs = joined([self.pairs, fresh])
        self.x = np.concatenate([self.x[: n + before], np.zeros(len(fresh.km)), self.x[n + before :]])

    def plan(self, seconds: float) -> tuple[Model, Solution]:
        """What was found, with the pairs that are used, in the order in which pairs are listed."""
        wide, x = self.best
        n, ships = len(self.bare.plants), np.flatnonzero(wide.columns.kind == SHIP)
        flow, c = x[ships], wide.columns
        every = Pairs(c.source[ships], c.target[ships], c.km[ships])
        used = np.flatnonzero(flow > 0)
        order = np.lexsort((every.target[used], every.source[used], c.material[ships][used]))
        used = used[order]
        model = with_pairs(self.bare, chosen(every, used))
        x = np.concatenate([x[:n], flow[used], x[n + len(ships) :]])
        price = repair_prices(self.bare, self.price)
        nothing = np.zeros(len(x), dtype=bool)
        return model, Solution(
            status="feasible",
            objective=float(model.objective @ x),
            bound=self.upper - self.bare.constant,
            x=x,
            row_dual=price,
            reduced=model.objective - model.matrix.T @ price,
            basic=nothing,
            row_basic=np.zeros(len(price), dtype=bool),
            iterations=self.iterations,
            seconds=seconds,
            solver=f"restarted Halpern PDHG, {self.where.name}",
            options={"gap": self.effort.goal},
        )


def repaired(model: Model, reduction: Reduction, near: Floats) -> Floats:
    """A feasible plan (C,) from one that is nearly so: flows are scaled down, never up.

    A row with too much on one side, and no crossing there that would take or give the rest, scales that side
    to what the other allows; what it scaled may upset other rows, so that it is done again. Every pass is a
    step down towards the plan in which nothing runs, which is feasible. What crosses the city line without a
    cap is what is left over, or what is missing. Where it takes too long the caller finds a residual.
    """
    upper = np.minimum(model.column_upper, implied_upper(model))
    x = np.where(reduction.keep, np.clip(near, 0.0, upper), 0.0)
    balance = model.rows.kind == BALANCE
    gives = sparse.csr_matrix(model.matrix.maximum(0))  # leaves the row, or counts against its limit
    takes = sparse.csr_matrix((-model.matrix).maximum(0))
    limit = model.row_upper
    supply = _supply(model, reduction)
    need_out = (reduction.crossing != SUPPLY) & (supply < 0) & np.isfinite(limit)  # gives <= limit + takes
    need_in = balance & (reduction.crossing != OUTLET)  # takes <= gives - limit
    gives_t, takes_t = _by_column(gives), _by_column(takes)
    tied = balance & (reduction.crossing == NONE)
    for turn in range(PASSES):
        harder = np.where(tied, 1.0, 1.0 if turn < GENTLE else HARDER)
        out, into = gives @ x, takes @ x
        slack = EXACT * (1.0 + out + into)
        room_out, room_in = np.maximum(limit + into, 0.0), np.maximum(out - limit, 0.0)
        much_out, much_in = need_out & (out > room_out + slack), need_in & (into > room_in + slack)
        if not (much_out.any() or much_in.any()):
            break
        cut_out = np.where(much_out, room_out / np.where(much_out, out, 1.0), 1.0)
        cut_in = np.where(much_in, room_in / np.where(much_in, into, 1.0), 1.0)
        x = x * np.minimum(_least(gives_t, cut_out**harder), _least(takes_t, cut_in**harder))
    rest = model.matrix @ x
    short = np.flatnonzero((supply >= 0) & (rest > limit))
    x[supply[short]] += rest[short] - limit[short]
    rest[short] = limit[short]
    rows = np.flatnonzero(reduction.crossing != NONE)
    sign = np.where(reduction.crossing[rows] == OUTLET, 1.0, -1.0)
    x[reduction.column[rows]] = np.maximum(sign * (model.row_upper[rows] - rest[rows]), 0.0)
    return x


def _supply(model: Model, reduction: Reduction) -> Ints:
    """(R,) the cheapest supply without a cap that a row has beside its eliminated outlet, or -1."""
    c = model.columns
    single = (c.kind >= BUY) & (np.diff(model.matrix.indptr) == 1) & np.isinf(model.column_upper)
    at = np.flatnonzero(single & reduction.keep & (c.target >= 0))
    at = at[np.argsort(model.objective[at], kind="stable")]
    out = np.full(len(model.row_upper), -1, dtype=np.int64)
    out[c.target[at]] = at  # the last, and best, stays
    return out


def _by_column(part: sparse.csr_matrix) -> sparse.csc_matrix:
    found = sparse.csc_matrix(part)
    found.eliminate_zeros()
    return found


def _least(columns: sparse.csc_matrix, factor: Floats) -> Floats:
    """(C,) the least factor among the rows of each column; 1 where it has none."""
    out = np.ones(columns.shape[1])
    column = np.repeat(np.arange(columns.shape[1]), np.diff(columns.indptr))
    np.minimum.at(out, column, factor[columns.indices])
    return out
