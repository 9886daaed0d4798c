"""A large plan approached from afar: all plants at once by a first-order method, over pairs found by price.

Each stage iterates (`halpern`) from where the last one ended, makes a feasible plan of what came out,
bounds all plans from its prices, and lets in the pairs that gain at them (docs/formulation.md, "Regions").
Plan and bound share nothing with the iteration: whatever went wrong shows in the distance of the two.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from liantu.chain.bound import Bounds
from liantu.chain.certificate import residual
from liantu.chain.halpern import Backend, Point, iterate
from liantu.chain.implied import implied_upper
from liantu.chain.keys import BALANCE, BUY, CAP
from liantu.chain.model import Model
from liantu.chain.network import Bools, Floats, Ints
from liantu.chain.paired import NEARLY, Paired, freight_of
from liantu.chain.pairs import Pairs, chosen
from liantu.chain.parts import with_pairs
from liantu.chain.pricing import distinct, not_listed, paying, positions
from liantu.chain.reduced import NONE, OUTLET, SUPPLY, Reduction, find_reduction
from liantu.chain.region_state import idle
from liantu.chain.solve import Program

JOINING = 2, 3, 4  # pairs of each place that may join: before the first stage, after it, after the others
SHARES = 0.005, NEARLY, NEARLY  # of the price, that they may fall short of gaining
PASSES = 300  # of a repair
SCALINGS = 30
GENTLE, HARDER = 20, 1.2  # passes after which a little more is cut than there is too much: loops end sooner
HOLDS = 1e-9  # residual of a plan that is taken
EXACT = 1e-12  # of a row's gross flow: a balance that holds


class Approach:
    """Where it stands: x (C,) and prices y (R,) of the bare model, what each of `pairs` ships (S,).

    lower, upper: of the best plan and the tightest bound so far, CNY a year, the constant left out of
    neither. plan: that plan, as (x, pairs, shipped). best_price (R,): the prices of that bound.
    """

    def __init__(self, bounds: Bounds, where: Backend, pairs: Pairs, listed: bool = False) -> None:
        self.bounds, self.bare, self.where = bounds, bounds.bare, where
        self.paired, self.listed = Paired(bounds.bare), listed
        order = np.flatnonzero(self.paired.reduction.rows)
        order = order[np.argsort(self.bare.rows.material[order], kind="stable")]
        self._order = self.paired.row[order]  # rows of a material together: what pairs touch is near
        self.pairs = chosen(pairs, self.paired.worth(pairs))
        self.shipped = np.zeros(len(self.pairs.km))
        self.x = np.zeros(len(self.bare.objective))
        self.y = np.zeros(len(self.bare.rows.kind))
        self.stages, self.iterations, self.weight, self.error, self.fresh = 0, 0, 0.0, np.inf, False
        nothing = idle(self.bare)
        self.plan = nothing.x, nothing.pairs, nothing.shipped
        self.lower = nothing.value(self.bare) + self.bare.constant
        self.upper, self.best_price = np.inf, self.y

    def start_at(self, x: Floats, pairs: Pairs, shipped: Floats) -> None:
        """Go on from a plan found elsewhere, with the pairs that gain at the prices."""
        self.x = x
        used = shipped > 0
        worth = self.paired.worth(pairs)
        self._list(chosen(pairs, worth & used), shipped[worth & used])
        self._let_in(self.bounds.repaired(self.y))

    def stage(self, most: int, tolerance: float, until: float) -> None:
        """Up to `most` iterations; then a plan, a bound, and more pairs."""
        r, kept = self.paired.reduction, int(self.paired.reduction.keep.sum())
        order, price = self._order, (self.y - self.paired.reduction.parity)[self.paired.reduction.rows]
        start = Point(np.concatenate([self.x[r.keep], self.shipped]), price[order], np.inf, 0, self.weight)
        found = iterate(self._program(), start, tolerance, until, most, self.where)
        self.stages += 1
        self.iterations += found.iterations
        self.weight, self.error = found.weight, found.error
        price[order] = found.y
        self.y = self.paired.prices(price)
        self.shipped = found.x[kept:]
        self.x = self.paired.flows(found.x[:kept], self.pairs, self.shipped)
        price = self.bounds.repaired(self.y)
        self._judge(price)
        if not self.listed:
            self._let_in(price)

    def _program(self) -> Program:
        """The reduced programme with the pairs, its rows in an order in which what is near stands near."""
        p = self.paired.program()
        gain, columns = self.paired.columns(self.pairs)
        own = np.minimum(p.upper, self.bounds.upper[self.paired.reduction.keep])
        matrix = sparse.hstack([p.matrix, columns], format="csr")[self._order]
        return Program(
            matrix.tocsc(),
            np.concatenate([p.objective, gain]),
            p.row_lower[self._order],
            p.row_upper[self._order],
            np.zeros(matrix.shape[1]),
            np.concatenate([own, np.full(len(gain), np.inf)]),
        )

    def _judge(self, price: Floats) -> None:
        """Make it a plan, bound all plans from its repaired prices (R,), and keep the better of each."""
        used = self.shipped > 0
        pairs = chosen(self.pairs, used)
        model = with_pairs(self.bare, pairs)
        n, s = len(self.bare.plants), len(pairs.km)
        near = np.concatenate([self.x[:n], self.shipped[used], self.x[n:]])
        x = repaired(model, find_reduction(model), near)
        value, bound = float(model.objective @ x) + self.bare.constant, self.bounds.proven(price)
        if value > self.lower and residual(model, x) <= HOLDS:
            self.lower = value
            self.plan = np.concatenate([x[:n], x[n + s :]]), pairs, x[n : n + s]
        if bound < self.upper:
            self.upper, self.best_price = bound, self.y

    def _let_in(self, price: Floats) -> None:
        """List the pairs that gain, or nearly, at repaired prices (R,); drop others that nothing goes by.

        `fresh`: whether some were not listed.
        """
        turn = min(self.stages, len(JOINING) - 1)
        p = self.pairs
        more = paying(self.bare, price, JOINING[turn], SHARES[turn])
        more = chosen(more, self.paired.worth(more))
        self.fresh = len(not_listed(self.bare, p, more).km) > 0
        gain = self.y[p.target] - self.y[p.source] - freight_of(self.bare, p)
        kept = (self.shipped > 0) | (gain >= -NEARLY * np.abs(self.y[p.target]))
        self._list(chosen(p, kept), self.shipped[kept], more)

    def _list(self, pairs: Pairs, shipped: Floats, *more: Pairs) -> None:
        self.pairs = distinct(self.bare, [pairs, *more])
        self.shipped = np.zeros(len(self.pairs.km))
        self.shipped[positions(self.bare, self.pairs, pairs)] = shipped


def repaired(model: Model, reduction: Reduction, near: Floats) -> Floats:
    """A feasible plan (C,) from one that is nearly so: flows are scaled down, never up.

    The better of two ways with what crosses under a cap: as it is, and cut where it is too much, which suits
    a cap that counts little of the plan; or as what is left over or missing once all else is balanced, with
    the whole plan scaled down until the caps hold, which suits a cap that counts most of it.
    """
    sides = _Sides(model)
    near = np.clip(near, 0.0, np.minimum(model.column_upper, implied_upper(model)))
    ways = (_Repair(model, reduction, sides, derived).plan(near) for derived in (False, True))
    return max(ways, key=lambda x: (residual(model, x) <= HOLDS, float(model.objective @ x)))


class _Sides:
    """Both sides of each row, by row and by column: what leaves it, or counts for a limit, and what comes."""

    def __init__(self, model: Model) -> None:
        self.gives = sparse.csr_matrix(model.matrix.maximum(0))
        self.takes = sparse.csr_matrix((-model.matrix).maximum(0))
        self.gives_t, self.takes_t = _by_column(self.gives), _by_column(self.takes)


class _Repair:
    """A row with too much on one side, and no crossing there that would take or give the rest, scales that
    side to what the other allows; what it scaled may upset other rows, so that it is done again. Each pass is
    a step down towards the plan in which nothing runs, which is feasible. What crosses the city line without
    a cap is what is left over, or what is missing; with `derived`, what crosses under a cap too. Where it
    takes too long the caller finds a residual.
    """

    def __init__(self, model: Model, reduction: Reduction, sides: _Sides, derived: bool) -> None:
        self.model, self.reduction, self.sides = model, reduction, sides
        c, balance = model.columns, model.rows.kind == BALANCE
        crosses = c.kind >= BUY
        free = crosses & (np.diff(model.matrix.indptr) == 1) & np.isinf(model.column_upper)
        self.kept = reduction.keep & ~crosses if derived else reduction.keep
        at = np.flatnonzero((crosses if derived else free) & reduction.keep)
        self.supply = self._cheapest(at[c.target[at] >= 0], c.target, free)
        none = np.zeros(0, dtype=np.int64)
        self.outlet = self._cheapest(at[c.source[at] >= 0] if derived else none, c.source, free)
        held = np.isfinite(model.row_upper)
        self.need_out = (reduction.crossing != SUPPLY) & (self.supply < 0) & held  # gives <= limit + takes
        self.need_in = balance & (reduction.crossing != OUTLET) & (self.outlet < 0)  # takes <= gives - limit
        self.tied = balance & (reduction.crossing == NONE) & (self.supply < 0) & (self.outlet < 0)

    def _cheapest(self, at: Ints, end: Ints, free: Bools) -> Ints:
        """(R,) the best of the crossings `at` at each row, one without a cap before one with, or -1."""
        out = np.full(len(self.model.row_upper), -1, dtype=np.int64)
        at = at[np.lexsort((self.model.objective[at], free[at]))]
        out[end[at]] = at  # the last, and best, stays
        return out

    def plan(self, near: Floats) -> Floats:
        """(C,) feasible, or with a residual."""
        x = self._balanced(np.where(self.kept, near, 0.0))
        caps = np.flatnonzero((self.model.rows.kind == CAP) & np.isfinite(self.model.row_upper))
        counts = self.model.matrix[caps]
        for _ in range(SCALINGS):
            whole = self._crossing(x)
            use, room = counts @ whole, np.maximum(self.model.row_upper[caps], 0.0)
            over = use > room * (1 + EXACT)
            if not over.any():
                break
            x = x * float((room[over] / use[over]).min()) * (1 - EXACT)
        return whole

    def _balanced(self, x: Floats) -> Floats:
        """x (C,) scaled down until every row holds where nothing crosses."""
        sides, limit = self.sides, self.model.row_upper
        for turn in range(PASSES):
            harder = np.where(self.tied, 1.0, 1.0 if turn < GENTLE else HARDER)
            out, into = sides.gives @ x, sides.takes @ x
            slack = EXACT * (1.0 + out + into)
            room_out, room_in = np.maximum(limit + into, 0.0), np.maximum(out - limit, 0.0)
            much_out = self.need_out & (out > room_out + slack)
            much_in = self.need_in & (into > room_in + slack)
            if not (much_out.any() or much_in.any()):
                break
            cut_out = np.where(much_out, room_out / np.where(much_out, out, 1.0), 1.0)
            cut_in = np.where(much_in, room_in / np.where(much_in, into, 1.0), 1.0)
            x = x * np.minimum(_least(sides.gives_t, cut_out**harder), _least(sides.takes_t, cut_in**harder))
        return x

    def _crossing(self, x: Floats) -> Floats:
        """x (C,) with what crosses: what is missing at a row with a supply, what is left over elsewhere."""
        model, reduction, limit = self.model, self.reduction, self.model.row_upper
        x = x.copy()
        rest = model.matrix @ x
        short = np.flatnonzero((self.supply >= 0) & (rest > limit))
        x[self.supply[short]] += rest[short] - limit[short]
        rest[short] = limit[short]
        left = np.flatnonzero((self.outlet >= 0) & (reduction.crossing != OUTLET) & (rest < limit))
        x[self.outlet[left]] += limit[left] - rest[left]
        rest[left] = limit[left]
        reduction.cross(x, rest, limit)
        return x


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
