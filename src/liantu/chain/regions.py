"""Large networks: solved block by block, approached all at once, joined; with a bound on what is missed.

Four kinds of step, each of which leaves a feasible plan and a proven upper bound (docs/formulation.md,
"Regions"):

join      blocks of neighbours are solved, each with its share of the caps; then blocks of blocks, warm from
          what their parts found, until one programme holds all plants.
approach  all plants at once by a first-order method, from where the blocks are: what goes far, and what all
          share, comes right.
primal    each block solved again with the flows across its border as they are. The plan never gets worse.
dual      cut elsewhere, and give each block the best prices of its neighbours to trade at: its programme then
          minimises the bound over its own prices, exactly (block coordinate descent on the dual).

Up to `straight` plants blocks that come near are joined and nothing else; up to `whole` all is approached
first, so that a good plan is there early; beyond, approach and primal take turns, and dual where an approach
gained little.
Between steps the state can be saved, and a later call goes on from it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from liantu.chain.approach import Approach
from liantu.chain.blocks import Atoms, cut, find_atoms
from liantu.chain.bound import Bounds
from liantu.chain.halpern import backend
from liantu.chain.keys import CAP
from liantu.chain.model import Model
from liantu.chain.network import Floats, Ints, Network
from liantu.chain.pairs import chosen, joined
from liantu.chain.parts import Part, bare_model
from liantu.chain.pricing import border_offers
from liantu.chain.region_caps import CapMarket
from liantu.chain.region_state import State, idle, load, merged, save, with_plan
from liantu.chain.region_tasks import (
    Inside,
    Task,
    cap_room,
    dual_task,
    improve,
    light_parts,
    primal_task,
    run_task,
)
from liantu.chain.scenario import Scenario
from liantu.chain.warm import Found

OPENING = 4  # approaches before the first primal step; then they take turns
TURNS = OPENING + 1  # steps between the first join and the others, where all blocks are to be joined
FIRST, GROWTH, MOST_GROWTH = 250, 1.5, 6  # iterations of the first approach, and of each per one of the last
ROUGH = 0.1  # gap after the first blocks above which they know too little of each other to be joined at once
SLOW = 0.8  # share of the gap: what is left of it after an approach that gains little

Told = Callable[[str, float, float], None]
"""Called after each step with its name and both bounds, CNY a year."""


@dataclass(frozen=True)
class Limits:
    """goal: stop at this gap. seconds: begin no step after so many. leaf, largest: plants of the smallest and
    the largest block; `together` blocks are joined at a time. straight: a network of so many plants or fewer
    is joined at once if its first blocks come near; whole: one of so many is joined in the end, until one
    programme holds all plants."""

    goal: float = 1e-6
    seconds: float = 1_200.0
    leaf: int = 6_000
    largest: int = 40_000
    straight: int = 120_000
    whole: int = 250_000
    together: int = 4


@dataclass(frozen=True)
class Regional:
    """A plan of a bare model with its bounds; `whole` where one programme held all plants.

    price (R,): the row prices that prove it, at which no pair within reach gains.
    """

    bare: Model
    state: State
    whole: bool
    price: Floats


def solve_by_regions(
    network: Network,
    scenario: Scenario,
    limits: Limits = Limits(),
    executor: Executor | None = None,
    progress: Told | None = None,
    saved: Path | None = None,
) -> Regional:
    """Solve until the gap is met or the time is up.

    `executor` runs the blocks, here where it is None. `saved` is read where it is there, and written after
    each step. Raises InputError for a saved state of another city, SolverError where a block fails.
    """
    run = _Run(bare_model(network, scenario), limits, executor, progress, saved)
    return run.solve()


class _Run:
    def __init__(
        self,
        bare: Model,
        limits: Limits,
        executor: Executor | None,
        progress: Told | None,
        saved: Path | None,
    ) -> None:
        self.bare, self.limits, self.executor = bare, limits, executor
        self.progress, self.saved = progress, saved
        self.until = time.monotonic() + limits.seconds
        self.market: CapMarket | None = None
        self.bounds = Bounds(bare)
        self.approach: Approach | None = None
        self.approached, self.stalled = -1, False
        self.atoms: Atoms = find_atoms(bare)
        self.joining = len(bare.plants) <= limits.whole
        self.levels = self._levels()
        if saved is not None and saved.exists():
            self.state = load(saved, bare)
        else:
            nothing = idle(bare)
            value = nothing.value(bare) + bare.constant
            self.state = State(nothing, value, float("inf"), nothing.price)

    def solve(self) -> Regional:
        """Take steps until there is a reason to stop."""
        while not self._enough() and (take := self._next()) is not None:
            take(self.state.step)
        state, whole = self.state, self._joined(self.state.step)
        price = state.found.price if whole else self.bounds.repaired(state.best_price)
        return Regional(self.bare, state, whole, price)

    def _next(self) -> Callable[[int], None] | None:
        """The step to take; None where one programme holds everything: it can't be better."""
        step = self.state.step
        if self._joined(step):
            return None
        if step == 0 or self.straight or (self.joining and step > TURNS):
            return self._join
        if step > OPENING and (step - TURNS) % 2 == 0:
            return self._primal
        return self._dual if self.stalled and step > TURNS else self._approach

    @property
    def straight(self) -> bool:
        """Whether blocks are joined and nothing else is done."""
        few = len(self.bare.plants) <= min(self.limits.straight, self.limits.whole)
        return few and self.state.first_gap <= ROUGH

    def _level(self, step: int) -> int:
        """Which level of joining a step takes."""
        return step if self.straight else max(step - TURNS, 0)

    def _joined(self, step: int) -> bool:
        """Whether one programme held all plants in the step before."""
        return self.joining and step >= len(self.levels) + (0 if self.straight else TURNS)

    def _enough(self) -> bool:
        return self.state.gap <= self.limits.goal or time.monotonic() >= self.until

    def _levels(self) -> list[Ints]:
        """Labels (R,) of each level of joining, the smallest blocks first."""
        label = cut(self.atoms, self.limits.leaf)
        out = [label]
        while self.joining and int(label.max(initial=-1)) > 0:
            label = np.where(label >= 0, label // self.limits.together, -1)
            out.append(label)
        return out

    def _join(self, step: int) -> None:
        label, before = self.levels[self._level(step)], self.state
        parts = list(light_parts(self.bare, label))
        rooms = cap_room(self.bare, parts, before.found)
        inside = Inside(label, before.found)
        tasks = (primal_task(b, part, rooms[b], inside, first=step == 0) for b, part in enumerate(parts))
        self._take("join", self._merged(parts, label, self._run(tasks)))

    def _approach(self, step: int) -> None:
        found, before = self.state.found, self.state.gap
        if self.approach is None:
            self.approach = Approach(self.bounds, backend(), joined([]))
            self.approach.y = found.price if step == 1 else self.state.best_price
        if self.approached != step - 1:
            self.approach.start_at(found.x, found.pairs, found.shipped)
        self.approached = step
        before_this = step - 1 if step <= TURNS else OPENING + (step - TURNS) // 2
        self.approach.stage(int(FIRST * GROWTH ** min(before_this, MOST_GROWTH)), 0.0, self.until)
        state, a = replace(self.state, found=replace(found, price=self.approach.y)), self.approach
        if a.lower > state.lower:
            state = replace(state, found=with_plan(self.bare, state.found, *a.plan), lower=a.lower)
        if a.upper < state.upper:
            state = replace(state, upper=a.upper, best_price=a.best_price)
        self.stalled = state.gap > SLOW * before
        self._end("approach", state)

    def _primal(self, step: int) -> None:
        label = self.levels[0] if step <= TURNS else cut(self.atoms, self.limits.leaf, turn=step)
        parts = list(light_parts(self.bare, label))
        kept = cap_room(self.bare, parts, self.state.found)
        rooms = kept if self.market is None else self.market.rooms(self.bare, parts, kept)
        solved = self._improved(parts, label, rooms)
        if rooms is not kept and any(found is None for _, found in solved):
            solved = self._improved(parts, label, kept)  # what crosses a border needs more room than it got
        better = [(b, found) for b, found in solved if found is not None]
        self._take("primal", self._merged(parts, label, better))

    def _improved(
        self, parts: list[Part], label: Ints, rooms: list[Floats]
    ) -> list[tuple[int, Found | None]]:
        inside = Inside(label, self.state.found)
        tasks = (primal_task(b, part, rooms[b], inside, first=False) for b, part in enumerate(parts))
        return list(self._run(tasks, improve))

    def _dual(self, step: int) -> None:
        label = cut(self.atoms, self.limits.largest, turn=step)
        if self.market is None:
            self.market = CapMarket(self.bare, self.state.best_price)
        price = self.bounds.repaired(self.market.price)
        low, high = border_offers(self.bare, label, price)
        inside = Inside(label, replace(self.state.found, price=price))
        parts = list(light_parts(self.bare, label))
        tasks = (dual_task(b, part, inside, low, high) for b, part in enumerate(parts))
        price, wanted = price.copy(), np.zeros(len(self.bare.objective))
        for b, found in self._run(tasks):
            own = parts[b].model.rows.kind != CAP
            price[parts[b].spot.rows[own]] = found.price[own]
            wanted[parts[b].spot.columns] = found.x
        self.market.heard(self.bare, price, wanted)
        self._end("dual", self._bounded(self.state, price))

    def _run(
        self, tasks: Iterable[Task], solve: Callable[[Task], tuple[int, Any]] = run_task
    ) -> Iterable[tuple[int, Any]]:
        """The solved blocks, as they come."""
        if self.executor is None:
            yield from map(solve, tasks)
            return
        waiting = [self.executor.submit(solve, task) for task in tasks]
        for done in as_completed(waiting):
            yield done.result()

    def _merged(self, parts: list[Part], label: Ints, solved: Iterable[tuple[int, Found]]) -> Found:
        base = self.state.found
        across = label[base.pairs.source] != label[base.pairs.target]
        cross = chosen(base.pairs, across)
        found = sorted(solved, key=lambda pair: pair[0])
        return merged(self.bare, base, [(parts[b], f) for b, f in found], cross, base.shipped[across])

    def _take(self, name: str, found: Found) -> None:
        """Keep a plan if it is no worse, and the bound of its prices if it is tighter."""
        value = found.value(self.bare) + self.bare.constant
        state = self.state
        if value >= state.lower or name == "join":
            state = replace(state, found=found, lower=value)
        self._end(name, self._bounded(state, found.price))

    def _bounded(self, state: State, price: Floats) -> State:
        upper = self.bounds.of(price)
        return replace(state, upper=upper, best_price=price) if upper < state.upper else state

    def _end(self, name: str, state: State) -> None:
        first = state.gap if self.state.step == 0 else state.first_gap
        self.state = replace(state, step=self.state.step + 1, first_gap=first)
        if self.saved is not None:
            save(self.saved, self.bare, self.state)
        if self.progress is not None:
            self.progress(name, self.state.lower, self.state.upper)
