"""A bare model solved over all pairs within reach, from whatever is known of its solution already.

The programme starts with the pairs that may pay and grows, exactly, by those that gain at the current prices,
until none does (see `pricing`). The solver keeps it loaded, so that a round costs what changes. The basis it
starts from may be put together from those of the model's parts: a large model is cheap once its parts are
solved.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from liantu.chain.keys import CAP
from liantu.chain.model import Model
from liantu.chain.network import Bools, Floats, Ints
from liantu.chain.paired import NEARLY, Paired, freight_of
from liantu.chain.pairs import Pairs, chosen, find_pairs, joined
from liantu.chain.pricing import count_pairs, distinct, nearest_pairs, not_listed, paying, positions
from liantu.chain.reduced import NONE, OUTLET
from liantu.chain.solve import Options, Session, Solution

LISTED = 400_000  # pairs; above, they are found by price
PARTNERS = 8  # of each place, a round


@dataclass(frozen=True)
class Found:
    """A solution of a bare model: own columns (C,), shipments (S,) and rows (R,), as in `solve.Solution`."""

    x: Floats
    basic: Bools
    pairs: Pairs
    shipped: Floats
    shipped_basic: Bools
    price: Floats
    row_basic: Bools
    rounds: int = 1
    iterations: int = 0

    def value(self, bare: Model) -> float:
        """CNY a year, the model's constant left out."""
        freight = freight_of(bare, self.pairs)
        return float(bare.objective @ self.x - freight @ self.shipped)


class PairSession:
    """A bare model loaded in the solver in reduced form, with shipments that are added to it."""

    def __init__(self, bare: Model, options: Options = Options()) -> None:  # noqa: B008 (frozen)
        self.bare, self._paired = bare, Paired(bare)
        self.reduction, self.worth = self._paired.reduction, self._paired.worth
        self._session = Session(self._paired.program(), options)
        self.pairs = joined([])

    def add(self, pairs: Pairs) -> None:
        """More shipments; none of them is there yet."""
        self._session.add_columns(*self._paired.columns(pairs))
        self.pairs = joined([self.pairs, pairs])

    def start_from(self, start: Found) -> None:
        """Start from a basis; pairs of `start` are among those added."""
        r, bare = self.reduction, self.bare
        ship, at = np.zeros(len(self.pairs.km), dtype=bool), positions(bare, self.pairs, start.pairs)
        ship[at] = start.shipped_basic
        row_basic, out = start.row_basic.copy(), np.flatnonzero(r.crossing != NONE)
        row_basic[out] = start.basic[r.column[out]]
        upper = bare.column_upper
        full = np.isfinite(upper) & (start.x >= upper * (1 - 1e-9))
        self._session.set_basis(
            np.concatenate([start.basic[r.keep], ship]),
            np.concatenate([full[r.keep], np.zeros(len(ship), dtype=bool)]),
            row_basic[r.rows],
            (r.crossing == OUTLET)[r.rows] | (r.crossing == NONE)[r.rows],
        )

    def set_capacity(self, positions: Ints, capacity: Floats) -> None:
        """New capacities of plants (positions as in Model.plants), reference units a year."""
        at = np.cumsum(self.reduction.keep)[positions] - 1
        self._session.set_upper(at, capacity)

    def set_shared(self, row: int, capacity: float) -> None:
        """A new bound of a shared-capacity row."""
        self._session.set_row_bounds(int(self._paired.row[row]), -np.inf, capacity)

    def solve(self, basis: bool = True) -> Found:
        """Solve with the shipments that were added."""
        return self._expanded(self._session.solve(basis), basis)

    def _expanded(self, s: Solution, basis: bool) -> Found:
        r, own = self.reduction, int(self.reduction.keep.sum())
        shipped = s.x[own:]
        x = self._paired.flows(s.x[:own], self.pairs, shipped)
        price = self._paired.prices(s.row_dual)
        out = np.flatnonzero(r.crossing != NONE)
        basic, row_basic = np.zeros(len(x), dtype=bool), np.ones(len(price), dtype=bool)
        if basis:
            basic[r.keep] = s.basic[:own]
            row_basic[r.rows] = s.row_basic
            basic[r.column[out]] = row_basic[out]
            row_basic[out] = False
        return Found(x, basic, self.pairs, shipped, s.basic[own:], price, row_basic, iterations=s.iterations)


def solve_bare(bare: Model, start: Found | None = None, options: Options = Options()) -> Found:  # noqa: B008
    """Solve over all pairs within reach. Raises SolverError."""
    session = PairSession(bare, options)
    everything = start is None and count_pairs(bare.rows, bare.network.materials) <= LISTED
    if everything:
        listed = find_pairs(bare.rows, bare.network.materials)
        session.add(chosen(listed, session.worth(listed)))
        return session.solve()
    if start is None:
        near = nearest_pairs(bare.rows, bare.network.materials, PARTNERS)
        session.add(chosen(near, session.worth(near)))
    else:
        kept = (start.shipped_basic | (start.shipped > 0)) & session.worth(start.pairs)
        carried = chosen(start.pairs, kept)
        near = paying(bare, start.price, 2 * PARTNERS, NEARLY)
        session.add(distinct(bare, [carried, chosen(near, session.worth(near))]))
        session.start_from(
            replace(
                start, pairs=carried, shipped=start.shipped[kept], shipped_basic=start.shipped_basic[kept]
            )
        )
    rounds = iterations = 0
    while True:
        found = session.solve(basis=False)
        rounds, iterations = rounds + 1, iterations + found.iterations
        more = not_listed(bare, session.pairs, paying(bare, found.price, PARTNERS))
        if not len(more.km):
            return replace(session.solve(), rounds=rounds, iterations=iterations)
        session.add(more)


def soft(bare: Model, cap_price: Floats) -> Model:
    """The model with its caps (K,) replaced by their prices."""
    caps = np.flatnonzero(bare.rows.kind == CAP)
    upper = bare.row_upper.copy()
    upper[caps] = np.inf
    return replace(bare, objective=bare.objective - bare.matrix[caps].T @ cap_price, row_upper=upper)
