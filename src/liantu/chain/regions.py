"""Large networks: solved block by block, joined from the basis of the blocks, with a bound on what is missed.

Three kinds of step, each of which leaves a feasible plan and a proven upper bound (docs/formulation.md,
"Regions"):

join    blocks of neighbours are solved, each with its share of the caps; then blocks of blocks, warm from
        what their parts found, until one programme holds all plants or a block holds `largest`.
primal  where several blocks are left: cut elsewhere, solve each block again with the flows across its border
        as they are. The plan never gets worse.
dual    cut elsewhere, and give each block the best prices of its neighbours to trade at: its programme then
        minimises the bound over its own prices, exactly (block coordinate descent on the dual).

Between steps the state can be saved, and a later call goes on from it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from liantu.chain.blocks import Atoms, cut, find_atoms
from liantu.chain.bound import bound_of, repair_prices
from liantu.chain.keys import CAP
from liantu.chain.model import Model
from liantu.chain.network import Floats, Ints, Network
from liantu.chain.pairs import chosen
from liantu.chain.parts import Part, bare_model
from liantu.chain.pricing import border_offers
from liantu.chain.region_caps import CapMarket
from liantu.chain.region_state import State, idle, load, merged, save
from liantu.chain.region_tasks import (
    Task,
    cap_room,
    dual_task,
    parts_of,
    primal_task,
    run_task,
)
from liantu.chain.scenario import Scenario
from liantu.chain.warm import Found
from liantu.errors import SolverError

Told = Callable[[str, float, float], None]
"""Called after each step with its name and both bounds, CNY a year."""


@dataclass(frozen=True)
class Limits:
    """goal: stop at this gap. seconds: begin no step after so many. leaf, largest: plants of the smallest and
    the largest block; `together` blocks are joined at a time. whole: a network of so many plants or fewer is
    joined until one programme holds them all."""

    goal: float = 1e-6
    seconds: float = 1_200.0
    leaf: int = 6_000
    largest: int = 40_000
    whole: int = 120_000
    together: int = 4


@dataclass(frozen=True)
class Regional:
    """A plan of a bare model with its bounds; `whole` where one programme held all plants."""

    bare: Model
    state: State
    whole: bool


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
        self.atoms: Atoms = find_atoms(bare)
        self.levels = self._levels()
        if saved is not None and saved.exists():
            self.state = load(saved, bare)
        else:
            nothing = idle(bare)
            value = nothing.value(bare) + bare.constant
            self.state = State(nothing, value, float("inf"), nothing.price)

    def solve(self) -> Regional:
        """Take steps until there is a reason to stop."""
        while not self._enough():
            step = self.state.step
            if step < len(self.levels):
                self._join(step)
            elif len(self.levels) and self.levels[-1].max() <= 0:
                break  # one programme held everything: it can't be better
            elif (step - len(self.levels)) % 2 == 0:
                self._dual(step)
            else:
                self._primal(step)
        whole = self.state.step >= len(self.levels) and bool(self.levels[-1].max(initial=-1) <= 0)
        return Regional(self.bare, self.state, whole)

    def _enough(self) -> bool:
        return self.state.gap <= self.limits.goal or time.monotonic() >= self.until

    def _levels(self) -> list[Ints]:
        """Labels (R,) of each level of joining, the smallest blocks first."""
        label = cut(self.atoms, self.limits.leaf)
        out = [label]
        while (count := int(label.max(initial=-1)) + 1) > 1:
            plants = len(self.bare.plants)
            if plants > self.limits.whole and plants * self.limits.together / count > self.limits.largest:
                break
            label = np.where(label >= 0, label // self.limits.together, -1)
            out.append(label)
        return out

    def _join(self, level: int) -> None:
        label, before = self.levels[level], self.state
        parts = list(parts_of(self.bare, label))
        rooms = cap_room(self.bare, parts, before.found)
        tasks = (
            primal_task(self.bare, b, part, rooms[b], label, before, first=level == 0)
            for b, part in enumerate(parts)
        )
        self._take("join", self._merged(parts, label, self._run(tasks)))

    def _primal(self, step: int) -> None:
        label = self._cut(step)
        parts = list(parts_of(self.bare, label))
        kept = cap_room(self.bare, parts, self.state.found)
        rooms = kept if self.market is None else self.market.rooms(self.bare, parts, kept)
        try:
            found = self._improved(parts, label, rooms)
        except SolverError:  # what crosses a border needs more room than it was given
            if rooms is kept:
                raise
            found = self._improved(parts, label, kept)
        self._take("primal", found)

    def _improved(self, parts: list[Part], label: Ints, rooms: list[Floats]) -> Found:
        tasks = (
            primal_task(self.bare, b, part, rooms[b], label, self.state, first=False)
            for b, part in enumerate(parts)
        )
        return self._merged(parts, label, self._run(tasks))

    def _dual(self, step: int) -> None:
        label = self._cut(step)
        if self.market is None:
            self.market = CapMarket(self.bare, self.state.best_price)
        price = repair_prices(self.bare, self.market.price)
        low, high = border_offers(self.bare, label, price)
        now = replace(self.state, best_price=price)
        parts = list(parts_of(self.bare, label))
        tasks = (dual_task(b, part, label, now, low, high) for b, part in enumerate(parts))
        price, wanted = price.copy(), np.zeros(len(self.bare.objective))
        for b, found in self._run(tasks):
            own = parts[b].model.rows.kind != CAP
            price[parts[b].spot.rows[own]] = found.price[own]
            wanted[parts[b].spot.columns] = found.x
        self.market.heard(self.bare, price, wanted)
        self._end("dual", self._bounded(self.state, price))

    def _cut(self, step: int) -> Ints:
        """Blocks of the largest size, cut elsewhere each time."""
        return cut(self.atoms, self.limits.largest, turn=step)

    def _run(self, tasks: Iterable[Task]) -> Iterable[tuple[int, Found]]:
        """The solved blocks, as they come."""
        if self.executor is None:
            yield from map(run_task, tasks)
            return
        waiting = [self.executor.submit(run_task, task) for task in tasks]
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
            state = replace(state, found=found, lower=max(value, state.lower) if name != "join" else value)
        self._end(name, self._bounded(state, found.price))

    def _bounded(self, state: State, price: Floats) -> State:
        upper = bound_of(self.bare, price)
        return replace(state, upper=upper, best_price=price) if upper < state.upper else state

    def _end(self, name: str, state: State) -> None:
        self.state = replace(state, step=self.state.step + 1)
        if self.saved is not None:
            save(self.saved, self.bare, self.state)
        if self.progress is not None:
            self.progress(name, self.state.lower, self.state.upper)
