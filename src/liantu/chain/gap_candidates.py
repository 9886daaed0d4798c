"""Candidates screened and proved: alone, with their partners, and as groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from liantu.chain.gap_proof import Prover
from liantu.chain.gap_screen import Screen, prospects_of, screen
from liantu.chain.network import Bools, Floats, Ints, Network
from liantu.chain.plan import Plan

AGREE = 1e-6  # relative to the money that flows through a prospect
LARGEST_GROUP = 8


@dataclass(frozen=True)
class Screened:
    """Candidates (plant indices, length B) with their first-order figures.

    margin (B,) CNY per unit, at the ends that apply; first_unit (B,) the worth of the first unit, >= 0;
    worth (B,) = first_unit x scale - capital charge, CNY a year.
    """

    plants: Ints
    screen: Screen
    margin: Floats
    first_unit: Floats
    worth: Floats

    def position(self, plant: int) -> int:
        """Where a plant stands in these arrays."""
        return int(np.searchsorted(self.plants, plant))


@dataclass(frozen=True)
class Judged:
    """One candidate's proved worths, CNY a year. best: the set that `worth` belongs to."""

    plant: int
    alone: float
    tested: frozenset[int]
    together: float | None
    added: float | None
    worth: float
    best: frozenset[int]


def open_candidates(network: Network, shut: Bools, closed: Iterable[str]) -> Ints:
    """Candidates that are neither built by the scenario nor closed in it."""
    barred = {network.plants.index[name] for name in closed}
    at = np.flatnonzero(network.plants.is_candidate & shut)
    return np.array([f for f in at if f not in barred], dtype=np.int64)


def screen_candidates(plan: Plan, prover: Prover, candidates: Ints) -> Screened:
    """First-order worth of each candidate by prices; by a solve where the prices leave it open."""
    prospects = prospects_of(prover.network, candidates)
    low, any_prices = screen(plan, prospects), screen(plan, prospects, ends=False)
    gross = np.abs(low.coefficient * np.where(np.isfinite(low.price), low.price, 0.0))
    scale = 1.0 + np.bincount(low.bundle, gross, minlength=len(candidates))
    least, most = np.maximum(low.margin, 0.0), np.maximum(any_prices.margin, 0.0)
    first = least.copy()
    for b in np.flatnonzero(most - least > AGREE * scale):
        first[b] = prover.first_unit(int(candidates[b]))
    capacity = prover.model.settings.capacity[candidates]
    charge = np.array([prover.charge([f]) for f in candidates])
    return Screened(candidates, low, low.margin, first, first * capacity - charge)


def partner_sets(
    network: Network, candidates: Ints
) -> tuple[dict[int, list[frozenset[int]]], list[frozenset[int]]]:
    """The sets that each candidate is tested in, its declared partners' first; and the larger groups.

    For candidate c: c with its declared partners; c with these and theirs in turn; c with each that
    names it. A group is a connected set of three or more, at most LARGEST_GROUP.
    """
    known = set(candidates.tolist())
    names: dict[int, set[int]] = {
        c: {p for p in network.plants.partners[c] if p in known} - {c} for c in known
    }
    named_by: dict[int, set[int]] = {c: {d for d in known if c in names[d]} for c in known}
    sets = {}
    for c in sorted(known):
        declared = frozenset({c} | names[c])
        found = [declared, frozenset(_reach(c, names)), *(frozenset({c, d}) for d in sorted(named_by[c]))]
        sets[c] = [s for s in dict.fromkeys(found) if 1 < len(s) <= LARGEST_GROUP]
    both = {c: names[c] | named_by[c] for c in known}
    groups = {frozenset(_reach(c, both)) for c in known}
    return sets, sorted((g for g in groups if 2 < len(g) <= LARGEST_GROUP), key=sorted)


def _reach(start: int, edges: dict[int, set[int]]) -> set[int]:
    seen, queue = {start}, [start]
    while queue:
        for other in sorted(edges[queue.pop()] - seen):
            seen.add(other)
            queue.append(other)
    return seen


def judge(prover: Prover, candidates: Ints, sets: dict[int, list[frozenset[int]]]) -> Iterator[Judged]:
    """Prove each candidate alone and in its sets (see `gap_report.CandidateGap`), one by one."""
    prover.expect(_asked(candidates, sets))
    for plant in candidates.tolist():
        alone = prover.worth([plant])
        tested, together, added = frozenset({plant}), None, None
        for chosen in sets[plant]:
            value = prover.worth(chosen)
            adds = value - prover.worth(chosen - {plant})
            first = together is None
            if first or (adds > 0.0 and (added is None or added <= 0.0 or value > (together or 0.0))):
                tested, together, added = chosen, value, adds
        wins = together is not None and added is not None and added > 0.0 and together > alone
        worth = together if wins and together is not None else alone
        yield Judged(plant, alone, tested, together, added, worth, tested if wins else frozenset({plant}))


def _asked(candidates: Ints, sets: dict[int, list[frozenset[int]]]) -> Iterator[frozenset[int]]:
    """The sets that `judge` asks for, in its order."""
    for plant in candidates.tolist():
        yield frozenset({plant})
        for chosen in sets[plant]:
            yield chosen
            yield chosen - {plant}
