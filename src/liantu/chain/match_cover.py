"""Which options together cover a quantity: most cheaply, and from the fewest partners."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import comb

import numpy as np
from scipy import sparse

from liantu.chain.match_types import IMPORT, Cover, Step
from liantu.chain.solve import Program, solve

MOST_SETS = 3000
"""Sets of partners that are tried one by one; beyond that an integer programme chooses."""


MOST_STRETCHES = 12
"""Steps of a cover that are proved one by one."""


def cheapest(options: Sequence[Step], quantity: float) -> Cover:
    """Cover `quantity` at least total cost.

    Tranches are linear and bounded, so that filling them in order of cost is optimal (fractional
    knapsack); of two at one cost the earlier is taken first.
    """
    left, steps = quantity, []
    for o in sorted(options, key=lambda o: round(o.cny_per_unit, 6)):
        take = min(o.quantity, left)
        if take > 0:
            steps.append(Step(o.who, o.material, o.displaces, take, o.cny_per_unit))
            left -= take
    return _cover(steps, quantity)


def fewest(options: Sequence[Step], quantity: float) -> Cover:
    """Cover `quantity` from as few partners as can, and with so many at least cost.

    Buying in is left out where the city itself can cover it. Where everything together does not suffice,
    everything is taken.
    """
    local = [o for o in options if o.who != IMPORT]
    pool = local if _most(local) >= quantity else list(options)
    wanted = min(quantity, _most(pool))
    size: dict[str, float] = {}
    for o in pool:
        size[o.who] = size.get(o.who, 0.0) + o.quantity
    largest = sorted(size.values(), reverse=True)
    enough = np.flatnonzero(np.cumsum(largest) >= wanted * (1 - 1e-12))
    if not len(enough):
        return _cover([], quantity)
    count = int(enough[0]) + 1
    names = sorted(size)
    if comb(len(names), count) > MOST_SETS:
        chosen = _by_programme(pool, names, count, wanted)
        return _replaced(cheapest([o for o in pool if o.who in chosen], wanted), quantity)
    sets = (s for s in combinations(names, count) if sum(size[n] for n in s) >= wanted * (1 - 1e-12))
    covers = [cheapest([o for o in pool if o.who in s], wanted) for s in sets]
    return _replaced(min(covers, key=lambda c: c.total_cny), quantity)


def stretches(cover: Cover) -> list[Step]:
    """The steps to prove one by one; what comes after the first dozen as one, which names nobody."""
    steps = list(cover.steps[:MOST_STRETCHES])
    rest = _cover(list(cover.steps[MOST_STRETCHES:]), 0.0)
    by_material: dict[str, list[Step]] = {}
    for s in rest.steps:
        by_material.setdefault(s.material, []).append(s)
    for material, part in by_material.items():
        mean = _cover(part, 0.0)
        steps.append(Step("", material, "", mean.quantity, mean.total_cny / mean.quantity))
    return steps


def _most(options: Sequence[Step]) -> float:
    return sum(o.quantity for o in options)


def _by_programme(options: Sequence[Step], names: Sequence[str], count: int, wanted: float) -> set[str]:
    """The partners of the cheapest cover by `count` of them: tranches q, partners y in {0, 1}.

    maximise -cost.q,  sum q = wanted,  sum of a partner's q <= its size x y,  sum y <= count.
    """
    n, p = len(options), len(names)
    size = np.array([o.quantity for o in options]) / wanted
    owner = np.array([names.index(o.who) for o in options])
    of = sparse.coo_matrix((np.ones(n), (owner, np.arange(n))), (p, n))
    link = sparse.hstack([of, -sparse.diags_array(np.bincount(owner, size, p))])
    total = sparse.csr_matrix(np.concatenate([np.ones(n), np.zeros(p)]))
    number = sparse.csr_matrix(np.concatenate([np.zeros(n), np.ones(p)]))
    cost = np.array([o.cny_per_unit for o in options])
    solution = solve(
        Program(
            matrix=sparse.csc_matrix(sparse.vstack([total, number, link])),
            objective=np.concatenate([-cost / max(1.0, float(np.abs(cost).max())), np.zeros(p)]),
            row_lower=np.concatenate([[1.0 - 1e-12], np.full(1 + p, -np.inf)]),
            row_upper=np.concatenate([[1.0], [float(count)], np.zeros(p)]),
            lower=np.zeros(n + p),
            upper=np.concatenate([size, np.ones(p)]),
            integer=np.concatenate([np.zeros(n, dtype=bool), np.ones(p, dtype=bool)]),
        )
    )
    return {name for name, y in zip(names, solution.x[n:], strict=True) if y > 0.5}


def _replaced(cover: Cover, quantity: float) -> Cover:
    """The cover judged against the whole quantity."""
    return _cover(list(cover.steps), quantity)


def _cover(steps: list[Step], quantity: float) -> Cover:
    covered = sum(s.quantity for s in steps)
    total = sum(s.quantity * s.cny_per_unit for s in steps)
    return Cover(
        steps=tuple(steps),
        quantity=covered,
        shortfall=max(quantity - covered, 0.0) if covered < quantity * (1 - 1e-9) else 0.0,
        total_cny=total,
        cny_per_unit=total / covered if covered > 0 else None,
        partners=len({s.who for s in steps}),
    )
