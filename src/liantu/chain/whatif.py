"""Solve one network again and again with plants opened, shut or resized, warm from the base plan.

Every published worth is a difference of two solved plans; this is where the second one comes from.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np

from liantu.chain.keys import SHARED
from liantu.chain.model import Model, build_model, capital_charge
from liantu.chain.network import Floats, Network
from liantu.chain.reduced import ModelSession
from liantu.chain.scenario import Scenario
from liantu.chain.solve import Solution


class WhatIf:
    """A scenario's model with columns for every candidate, loaded once.

    `model` has the candidates shut (but for those the scenario builds); `base` is its solution.
    """

    def __init__(self, network: Network, scenario: Scenario = Scenario()) -> None:  # noqa: B008 (frozen)
        closed = {network.plants.index[name] for name in scenario.close}
        candidates = set(np.flatnonzero(network.plants.is_candidate).tolist()) - closed
        self.model = build_model(network, scenario, include=candidates)
        self._session = ModelSession(self.model)
        self._position = {int(f): k for k, f in enumerate(self.model.plants)}
        shared = np.flatnonzero(self.model.rows.kind == SHARED)
        self._shared = {int(i): self._position[int(self.model.rows.plant[i])] for i in shared}
        self._changed: set[int] = set()
        self.base = self._session.solve()
        self._session.keep_basis()

    @property
    def base_value(self) -> float:
        """Value of the scenario's own plan, CNY a year."""
        return self.base.objective + self.model.constant

    def solve(self, built: Collection[int] = (), capacity: Mapping[int, float] | None = None) -> Solution:
        """Solve with candidates `built` (plant indices) at their scale, and plants at given capacities.

        Returns the solution of `model_with(built, capacity)`; its objective leaves the constant out. Each
        solve starts from the base plan's basis: the answer is the same, to the last digit, whatever was asked
        before, and in whichever process.
        """
        upper = self._capacities(built, capacity or {})
        touch = sorted(self._changed | set(np.flatnonzero(upper != self.model.capacity).tolist()))
        if touch:
            at = np.array(touch, dtype=np.int64)
            self._session.set_capacity(at, upper[at])
        self._changed = set(np.flatnonzero(upper != self.model.capacity).tolist())
        for row, position in self._shared.items():
            self._session.set_shared(row, upper[position])
        self._session.restore_basis()
        return self._session.solve()

    def value(self, built: Collection[int] = (), capacity: Mapping[int, float] | None = None) -> float:
        """Value of the plan with `built` and `capacity`, net of the capital charge of what is built."""
        return self.solve(built, capacity).objective + self.model.constant - self.charge(built)

    def charge(self, built: Collection[int]) -> float:
        """Capital charge of `built`, CNY a year, of those that the scenario does not build already."""
        chosen = np.zeros(len(self.model.network.plants.id), dtype=bool)
        chosen[list(built)] = True
        chosen &= ~self.model.settings.open
        return capital_charge(self.model.network, self.model.settings, chosen)

    def model_with(self, built: Collection[int], capacity: Mapping[int, float] | None = None) -> Model:
        """The model in which `built` are open, for reading a solution as a plan (`read_plan`)."""
        settings = self.model.settings
        now_open = settings.open.copy()
        now_open[list(built)] = True
        resized = settings.capacity.copy()
        for f, value in (capacity or {}).items():
            resized[f] = value
        upper = self.model.column_upper.copy()
        upper[: len(self.model.plants)] = self._capacities(built, capacity or {})
        row_upper = self.model.row_upper.copy()
        for row, position in self._shared.items():
            row_upper[row] = upper[position]
        return replace(
            self.model,
            settings=replace(settings, open=now_open, capacity=resized),
            column_upper=upper,
            row_upper=row_upper,
            constant=self.model.constant - self.charge(built),
        )

    def _capacities(self, built: Collection[int], capacity: Mapping[int, float]) -> Floats:
        upper = self.model.capacity.copy()
        for f in built:
            upper[self._position[f]] = self.model.settings.capacity[f]
        for f, value in capacity.items():
            upper[self._position[f]] = value
        return upper
