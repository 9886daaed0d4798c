"""Proof of a worth: the plan solved again with candidates built, a capacity larger or a cap looser."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from liantu.chain.keys import BUY, DUMP, SELL, SHARED, SHORTAGE
from liantu.chain.model import Model
from liantu.chain.network import Floats, Network
from liantu.chain.plan import clean
from liantu.chain.reduced import ModelSession
from liantu.chain.scenario import Scenario
from liantu.chain.solve import Solution
from liantu.chain.sweep import sweep
from liantu.chain.whatif import WhatIf

KINDS = ("buy", "sell", "dump", "short", "vent")
FIRST_UNIT = 1e-4  # share of the scale at which the worth of the first unit is read


@dataclass(frozen=True)
class State:
    """A solved plan in short. value in CNY a year, net of capital charge; activity (F,); quantity and
    money (5, M) of what crosses the city line, by KINDS; used (K,) of each cap."""

    value: float
    activity: Floats
    quantity: Floats
    money: Floats
    used: Floats


class Prover:
    """Solves a scenario again with sets of candidates; a set is solved once.

    Raises KeyError for a candidate that the scenario closes.
    """

    def __init__(self, network: Network, scenario: Scenario) -> None:
        self.network, self.scenario = network, scenario
        self._what_if = WhatIf(network, scenario)
        self._states: dict[frozenset[int], State] = {}
        self._position = {int(f): k for k, f in enumerate(self._what_if.model.plants)}
        self.solves = 0
        self.base = self._read(frozenset(), self._what_if.base)
        self._states[frozenset()] = self.base
        self._expected: set[frozenset[int]] = set()
        self._coming: Iterator[tuple[frozenset[int], State]] = iter(())

    @property
    def model(self) -> Model:
        """The model with all candidates shut."""
        return self._what_if.model

    def state(self, built: Iterable[int]) -> State:
        """The plan with `built` (plant indices) at their scale, net of their capital charge."""
        key = frozenset(int(f) for f in built)
        while key in self._expected and key not in self._states:
            came, state = next(self._coming)
            self._states.setdefault(came, state)
            self.solves += 1
        if key not in self._states:
            self.solves += 1
            self._states[key] = self._solved(key)
        return self._states[key]

    def expect(self, sets: Iterable[frozenset[int]]) -> None:
        """Sets that will be asked for, in this order; where they take long, other processes help."""
        fresh = [s for s in dict.fromkeys(sets) if s not in self._states]
        self._expected = set(fresh)
        proved = sweep(partial(_proved, self.network, self.scenario), fresh, here=self._solved)
        self._coming = zip(fresh, proved, strict=True)

    def worth(self, built: Iterable[int]) -> float:
        """CNY a year that `built` add to the base plan, net of capital charge."""
        return self.state(built).value - self.base.value

    def charge(self, built: Iterable[int]) -> float:
        """Capital charge of `built`, CNY a year."""
        return self._what_if.charge(list(built))

    def first_unit(self, plant: int) -> float:
        """CNY per unit of activity, before capital, of the first unit of a shut candidate; >= 0.

        Read from the plan with a ten-thousandth of its scale: the price of its capacity there, or the mean
        gain up to there where that is more. The greater is an upper bound of the mean gain at full scale.
        """
        small = FIRST_UNIT * float(self.model.settings.capacity[plant])
        if small <= 0.0:
            return 0.0
        self.solves += 1
        solution = self._what_if.solve((), {plant: small})
        slope = max(0.0, float(solution.reduced[self._position[plant]]))
        gain = solution.objective - self._what_if.base.objective
        return gain / small if gain - slope * small > money_noise(self.model, solution) else slope

    def resized(self, plant: int, scale: float) -> tuple[float, float]:
        """(gain over the base plan, CNY per unit of scale) with a shut candidate at `scale`, before
        capital charge."""
        self.solves += 1
        solution = self._what_if.solve((), {plant: scale})
        slope = max(0.0, float(solution.reduced[self._position[plant]]))
        return solution.objective - self._what_if.base.objective, slope

    def _solved(self, built: frozenset[int]) -> State:
        return self._read(built, self._what_if.solve(built))

    def _read(self, built: frozenset[int], solution: Solution) -> State:
        model = self.model
        x = clean(model, solution.x)
        value = solution.objective + model.constant - self._what_if.charge(list(built))
        activity = np.zeros(len(self.network.plants.id))
        activity[model.plants] = x[: len(model.plants)]
        quantity, money = crossings(model, x)
        used = cap_use(model, x) + self._land(built)
        return State(value, activity, quantity, money, used)

    def _land(self, built: frozenset[int]) -> Floats:
        """(K,) ha that `built` add to each land cap, of those inside its scope."""
        settings, scope = self.model.settings, {cap.id: cap.scope for cap in self.network.caps}
        out = np.zeros(len(self.model.caps))
        for k, cap in enumerate(self.model.caps):
            if cap.kind == "land":
                inside = scope[cap.id]
                new = [f for f in built if not settings.open[f] and (inside is None or f in inside)]
                out[k] = float(settings.land[new].sum())
        return out


_MINE: dict[str, Prover] = {}  # of a process that proves for another


def _proved(network: Network, scenario: Scenario, built: frozenset[int]) -> State:
    """The plan with `built`, in a process that keeps the prover it made for the sets before."""
    said = [network.digest, list(network.plants.id), scenario.as_dict()]
    key = hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()
    if key not in _MINE:
        _MINE.clear()
        _MINE[key] = Prover(network, scenario)
    return _MINE[key]._solved(built)


def money_noise(model: Model, solution: Solution) -> float:
    """CNY a year below which a difference of two plans is rounding of the solver."""
    return 1e-6 + 1e-11 * float(np.abs(model.objective) @ solution.x)


def crossings(model: Model, x: Floats) -> tuple[Floats, Floats]:
    """(5, M) quantities that cross the city line by KINDS, and the money they earn."""
    c, n, size = model.columns, model.network, len(model.network.materials.id)
    quantity, money = np.zeros((len(KINDS), size)), np.zeros((len(KINDS), size))
    for row, kind in enumerate((BUY, SELL, DUMP, SHORTAGE)):
        at = np.flatnonzero(c.kind == kind)
        quantity[row] = np.bincount(c.material[at], x[at], minlength=size)
        money[row] = np.bincount(c.material[at], x[at] * model.objective[at], minlength=size)
    vented = n.recipes.emission[n.plants.recipe[model.plants]].T @ x[: len(model.plants)]
    quantity[4], money[4] = vented, -vented * model.settings.dump_cost
    return quantity, money


def cap_use(model: Model, x: Floats) -> Floats:
    """(K,) of each cap: what counts against it; of a share, the share reached (1 where nothing is used)."""
    value = model.matrix @ x
    out = np.zeros(len(model.caps))
    for k, cap in enumerate(model.caps):
        out[k] = value[cap.row] if cap.row >= 0 else cap.fixed
        if cap.kind == "share":
            used = material_use(model, x, cap.material)
            out[k] = (cap.limit * used - value[cap.row]) / used if used > 0 else 1.0
    return out


def material_use(model: Model, x: Floats, material: int) -> float:
    """What the plants use of a material, in its unit a year."""
    recipe = model.network.plants.recipe[model.plants]
    flow = model.network.recipes.flow[recipe][:, [material]].toarray().ravel()
    return float(np.maximum(-flow, 0.0) @ x[: len(model.plants)])


class Ramp:
    """The value of a plan as one capacity or cap is moved; the model stays loaded."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._session = ModelSession(model)
        self._shared = {int(model.rows.plant[i]): int(i) for i in np.flatnonzero(model.rows.kind == SHARED)}
        self._position = {int(f): k for k, f in enumerate(model.plants)}
        self._last: tuple[str, int] = ("", -1)
        self.solves = 0

    def capacity(self, plant: int, value: float) -> tuple[float, float]:
        """(objective, CNY per unit of capacity) with the plant's capacity at `value`."""
        self._move("capacity", plant, value)
        solution = self._solve()
        slope = max(0.0, float(solution.reduced[self._position[plant]]))
        return solution.objective, slope + self._dual(solution, self._shared.get(plant, -1))

    def limit(self, row: int, value: float) -> tuple[float, float]:
        """(objective, CNY per unit) with the cap of `row` at `value`."""
        self._move("limit", row, value)
        solution = self._solve()
        return solution.objective, self._dual(solution, row)

    def _dual(self, solution: Solution, row: int) -> float:
        return max(0.0, float(solution.row_dual[row])) if row >= 0 else 0.0

    def _solve(self) -> Solution:
        self.solves += 1
        return self._session.solve()

    def _move(self, kind: str, at: int, value: float) -> None:
        if self._last not in (("", -1), (kind, at)):
            self._restore(*self._last)
        self._last = (kind, at)
        self._set(kind, at, value)

    def _restore(self, kind: str, at: int) -> None:
        m = self._model
        self._set(kind, at, float(m.capacity[self._position[at]] if kind == "capacity" else m.row_upper[at]))

    def _set(self, kind: str, at: int, value: float) -> None:
        if kind == "limit":
            self._session.set_shared(at, value)
            return
        self._session.set_capacity(np.array([self._position[at]]), np.array([value]))
        if at in self._shared:
            self._session.set_shared(self._shared[at], value)
