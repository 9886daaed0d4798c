"""Screened candidates proved: the plan solved again with each of them alone, and with all together.

The network is loaded once with the candidates shut. A proof opens one and shuts the last, warm from the
basis at hand, over the pairs that were found to pay; then every pair within reach is tried at the new prices
y. With y0 the prices without candidates, at which no pair gains,

    gain at y = gain at y0 + (y - y0) at the target - (y - y0) at the source

so that the search starts from users whose price rose and makers whose price fell, and is exact. What gains
joins, and the programme is solved again, until nothing does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from liantu.chain.gap_notional import with_plants
from liantu.chain.keys import SHARED
from liantu.chain.model import Model, capital_charge
from liantu.chain.network import Bools, Floats, Ints, Network, great_circle_km
from liantu.chain.offers import best_pairs, sellers
from liantu.chain.pairs import Market, Pairs, chosen, find_pairs, markets
from liantu.chain.parts import bare_model
from liantu.chain.pricing import GAIN, count_pairs, distinct, nearest_pairs, not_listed, paying
from liantu.chain.scenario import Scenario
from liantu.chain.screening import Screening, as_plants
from liantu.chain.screening_prices import Places
from liantu.chain.warm import LISTED, PARTNERS, Found, PairSession

Progress = Callable[[int, int], None]
"""Called with (candidates proved, candidates in all)."""


@dataclass(frozen=True)
class ProvedScreening:
    """Arrays as in the screening, best screened first; CNY a year after the capital charge.

    screened, proved (N,): worth of each candidate alone; load (N,): activity over scale with it alone.
    together: worth of all at once; together_load (N,). base: value of the plan without them. solves and
    rounds: programmes solved, and searches for pairs.
    """

    screened: Floats
    proved: Floats
    load: Floats
    together: float
    together_load: Floats
    base: float
    solves: int
    rounds: int

    @property
    def order(self) -> Ints:
        """(N,) positions by proved worth, best first."""
        return np.argsort(-self.proved, kind="stable").astype(np.int64)

    @property
    def rank_correlation(self) -> float:
        """Spearman's correlation of the two orders; nan for fewer than two; equals in order."""
        if len(self.proved) < 2:
            return float("nan")
        one, other = (np.argsort(np.argsort(-v, kind="stable")) for v in (self.screened, self.proved))
        return float(np.corrcoef(one, other)[0, 1])

    def certain(self, rest: float) -> int:
        """How many are proved to be worth more than any recipe that was left out, `Screening.rest` of it."""
        return int((self.proved > rest).sum())

    @property
    def overestimate(self) -> tuple[float, float]:
        """(sum screened / sum proved alone, sum proved alone / proved together), as the sums go; nan by 0.

        The first is what prices promise beyond the first unit, the second what candidates take from each
        other, or below 1 what they do for each other.
        """
        alone = float(self.proved.sum())
        first = float(self.screened.sum()) / alone if alone else float("nan")
        return first, alone / self.together if self.together else float("nan")


class Reprover:
    """A scenario's model with candidates of its network shut, solved again and again with some built.

    Equal to `gap_proof.Prover.worth` over all pairs within reach; only the value and the activities are read,
    which is what a large network has time for.
    """

    def __init__(self, network: Network, scenario: Scenario, candidates: Iterable[int]) -> None:
        """candidates: plants (indices). Raises SolverError."""
        self.bare = bare_model(network, scenario, candidates)
        self.solves = self.rounds = 0
        self._markets = list(markets(self.bare.rows, network.materials))
        self._session = PairSession(self.bare)
        self._position = {int(f): k for k, f in enumerate(self.bare.plants)}
        shared = np.flatnonzero(self.bare.rows.kind == SHARED)
        self._shared = {int(self.bare.rows.plant[r]): int(r) for r in shared}
        self._built: frozenset[int] = frozenset()
        few = count_pairs(self.bare.rows, network.materials) <= LISTED
        listed = (
            find_pairs(self.bare.rows, network.materials)
            if few
            else nearest_pairs(self.bare.rows, network.materials, PARTNERS)
        )
        self._session.add(chosen(listed, self._session.worth(listed)))
        self._complete = few
        self.base = self._until_none_gains(lambda price: paying(self.bare, price, PARTNERS))
        self.base_value = self.base.value(self.bare) + self.bare.constant

    def solve(self, built: Iterable[int]) -> Found:
        """The plan with `built` (plant indices, of the candidates) at their scale."""
        now = frozenset(int(f) for f in built)
        touched = sorted(now ^ self._built)
        scale = [float(self.bare.settings.capacity[f]) if f in now else 0.0 for f in touched]
        if touched:
            at = np.array([self._position[f] for f in touched], dtype=np.int64)
            self._session.set_capacity(at, np.array(scale))
        for f, value in zip(touched, scale, strict=True):
            if f in self._shared:
                self._session.set_shared(self._shared[f], value)
        self._built = now
        return self._until_none_gains(self._gaining)

    def worth(self, built: Iterable[int]) -> tuple[float, Found]:
        """(CNY a year that `built` add, after their capital charge, the plan with them)."""
        built = list(built)
        found = self.solve(built)
        gain = found.value(self.bare) + self.bare.constant - self.base_value
        mark = np.zeros(len(self.bare.network.plants.id), dtype=bool)
        mark[built] = True
        charge = capital_charge(self.bare.network, self.bare.settings, mark & ~self.bare.settings.open)
        return gain - charge, found

    def load(self, found: Found, plants: Ints) -> Floats:
        """(n,) activity over scale of plants (indices)."""
        at = np.array([self._position[int(f)] for f in plants], dtype=np.int64)
        return np.asarray(found.x[at] / self.bare.settings.capacity[plants])

    def _until_none_gains(self, search: Callable[[Floats], Pairs]) -> Found:
        while True:
            found = self._session.solve(basis=False)
            self.solves += 1
            if self._complete:
                return found
            more = not_listed(self.bare, self._session.pairs, search(found.price))
            self.rounds += 1
            if not len(more.km):
                return found
            self._session.add(more)

    def _gaining(self, price: Floats) -> Pairs:
        """The best pairs of each place whose price moved so that one may gain; all that gain touch one."""
        slack = GAIN * (1.0 + np.abs(price))
        rose, fell = price > self.base.price + slack, price < self.base.price - slack
        parts = [
            self._around(m, price, slack, rose[m.users], fell[m.makers])
            for m in self._markets
            if rose[m.users].any() or fell[m.makers].any()
        ]
        return distinct(self.bare, parts)

    def _around(self, m: Market, price: Floats, slack: Floats, rose: Bools, fell: Bools) -> Pairs:
        rows, low, high = self.bare.rows, price + slack, price - slack
        lanes = self.bare.network.materials.lanes(m.material)
        users, makers = m.users[rose], m.makers[fell]
        source, target = [], []
        if len(users):
            offered = sellers(rows, m.makers, low[m.makers])
            i, j = best_pairs(rows, offered, users, high[users], lanes, PARTNERS)
            source.append(offered.rows[i])
            target.append(users[j])
        if len(makers):
            asked = sellers(rows, m.users, -high[m.users])
            k, h = best_pairs(rows, asked, makers, -low[makers], lanes, PARTNERS)
            source.append(makers[h])
            target.append(asked.rows[k])
        s, t = np.concatenate(source), np.concatenate(target)
        km = great_circle_km(rows.lat[s], rows.lon[s], rows.lat[t], rows.lon[t])
        return chosen(Pairs(s, t, km), km <= m.reach)


def prove_screening(
    network: Network,
    scenario: Scenario,
    screening: Screening,
    places: Places,
    progress: Progress | None = None,
) -> ProvedScreening:
    """Prove each screened candidate alone, then all of them together. Raises SolverError."""
    first = len(network.plants.id)
    wide = with_plants(network, as_plants(network, screening, places))
    plants = np.arange(first, len(wide.plants.id))
    return prove_plants(Reprover(wide, scenario, plants.tolist()), plants, screening.worth, progress)


def prove_plants(
    prover: Reprover, plants: Ints, screened: Floats, progress: Progress | None = None
) -> ProvedScreening:
    """Prove plants (indices) alone and together; screened (N,): what prices promise of each."""
    proved, load = np.zeros(len(plants)), np.zeros(len(plants))
    for k, f in enumerate(plants.tolist()):
        proved[k], found = prover.worth([f])
        load[k] = prover.load(found, plants[[k]])[0]
        if progress is not None:
            progress(k + 1, len(plants))
    together, found = prover.worth(plants.tolist())
    return ProvedScreening(
        screened=screened,
        proved=proved,
        load=load,
        together=together,
        together_load=prover.load(found, plants),
        base=prover.base_value,
        solves=prover.solves,
        rounds=prover.rounds,
    )


def prices_of(network: Network, scenario: Scenario) -> tuple[Model, Floats]:
    """(model, row prices) of a plan over all pairs within reach, which `screen_places` reads."""
    prover = Reprover(network, scenario, ())
    return prover.bare, prover.base.price
