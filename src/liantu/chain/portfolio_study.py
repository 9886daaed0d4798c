"""Choosing, and proving what was chosen: one mixed-integer programme, then linear ones with the set fixed."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from liantu.chain.keys import SHARED
from liantu.chain.model import Model, build_model
from liantu.chain.network import Bools, Network
from liantu.chain.plan import CapResult, read_plan
from liantu.chain.portfolio_program import SCALE, Choices, Cut, Limits, choice_program, list_choices
from liantu.chain.portfolio_rooms import Room, with_rooms
from liantu.chain.scenario import Scenario
from liantu.chain.solve import OPTIMAL, Options, Session, Solution, program_of, solve
from liantu.errors import SolverError

MIP_OPTIONS: Mapping[str, object] = {
    "mip_rel_gap": 0.0,
    # HiGHS 1.14.0 presolves some mixed-integer programmes to a worse point and calls it optimal (its
    # issues 3043, 3073, 3094); a restart presolves again. Here both cost more time than they save.
    "presolve": "off",
    "mip_allow_restart": False,
    "mip_heuristic_run_rens": False,  # sub-programmes cost more here than the tree they save
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_root_reduced_cost": False,
}
LEAST_TIME = 0.001  # s that a choice is given when the time is up
GAP = 1e-8  # of the plan's value: where a choice counts as proven


@dataclass(frozen=True)
class Selection:
    """A set with its sizes and proof. size: position in `Choices` -> reference units a year.

    value and bound are plan values in CNY a year: of this set, proved by solving again with the set
    fixed, and of the best set there can be. proven: the two agree.
    """

    size: Mapping[int, float]
    value: float
    bound: float
    capital: float

    @property
    def key(self) -> frozenset[int]:
        """The set without its sizes."""
        return frozenset(self.size)

    @property
    def proven(self) -> bool:
        """Whether no set can be better, within GAP."""
        return self.bound - self.value <= GAP * max(1.0, abs(self.value))


class Study:
    """A scenario's model with its candidates, rooms and limits, loaded once.

    `base_value` is the value of the scenario's own plan, without rooms. Raises InputError on a bad room.
    """

    def __init__(self, network: Network, scenario: Scenario, room: Room, time_limit: float) -> None:
        closed = {network.plants.index[name] for name in scenario.close}
        candidates = set(np.flatnonzero(network.plants.is_candidate).tolist()) - closed
        plain = build_model(network, scenario, include=candidates)
        base = solve(program_of(plain))
        self.base_value = base.objective + plain.constant
        self.room = room
        self.model: Model = with_rooms(plain, room, base.x)
        self.choices: Choices = list_choices(network, self.model.settings, self.model)
        self.limits = Limits(room.capital_cny, tuple(self._land()))
        self._session = Session(program_of(self.model))
        self._shared = {
            int(self.model.rows.plant[i]): int(i) for i in np.flatnonzero(self.model.rows.kind == SHARED)
        }
        self._deadline = time.monotonic() + time_limit

    def choose(self, limits: Limits | None = None, cuts: Sequence[Cut] = ()) -> Selection:
        """The best set under `limits` (the study's own by default) and `cuts`.

        Where the time is up before a set is found, the empty set stands; the bound is then at worst that of
        the relaxed programme. Raises SolverError where the solver breaks down.
        """
        program = choice_program(self.model, self.choices, limits or self.limits, cuts)
        left = max(self._deadline - time.monotonic(), LEAST_TIME)
        value = abs(self.base_value) * SCALE
        options = {**MIP_OPTIONS, "mip_abs_gap": 0.5 * GAP * max(1.0, value), "time_limit": left}
        size: dict[int, float] = {}
        bound, open_end = np.inf, True
        try:
            found = solve(program, Options(options))
            size, bound, open_end = self._sizes(found), found.bound, found.status != OPTIMAL
        except SolverError as error:
            if "ime limit" not in str(error.params.get("status", "")):
                raise
        if open_end:
            bound = min(bound, solve(replace(program, integer=None)).bound)
        worth = self.value(size)
        return Selection(size, worth, max(bound / SCALE + self.model.constant, worth), self.capital(size))

    def choose_or_none(self, cuts: Sequence[Cut]) -> Selection | None:
        """As `choose`, but None where the cuts leave no set at all, or the time is up before one is found."""
        try:
            found = self.choose(cuts=cuts)
        except SolverError as error:
            if str(error.params.get("status", "")) == "Infeasible":
                return None
            raise
        built = np.isin(np.arange(len(self.choices.plant)), sorted(found.key))
        return found if all((built != cut.built).sum() >= cut.distance for cut in cuts) else None

    def _sizes(self, found: Solution) -> dict[int, float]:
        """Size of each candidate built, snapped to its full scale or its smallest where it is there."""
        c, n = self.choices, len(self.choices.plant)
        first = len(found.x) - 2 * n  # counted from the front: a city may have no candidate at all
        q, z = found.x[first : first + n], found.x[first + n :]
        out = {}
        for k in np.flatnonzero(z > 0.5).tolist():
            part = float(np.clip(q[k], c.smallest[k], 1.0))
            nearest = next((p for p in (1.0, float(c.smallest[k])) if abs(part - p) <= 1e-6), part)
            out[k] = nearest * float(c.scale[k])
        return out

    def solve(self, size: Mapping[int, float]) -> Solution:
        """The model solved with this set at these sizes, warm from the last one solved."""
        c = self.choices
        upper = np.zeros(len(c.plant))
        upper[list(size)] = list(size.values())
        self._session.set_upper(c.position, upper)
        for k, f in enumerate(c.plant.tolist()):
            if f in self._shared:
                self._session.set_row_bounds(self._shared[f], -np.inf, float(upper[k]))
        return self._session.solve()

    def value(self, size: Mapping[int, float]) -> float:
        """Value of the plan with this set, net of its capital charge, CNY a year."""
        return (
            self.solve(size).objective + self.model.constant - self.choices.charge_rate * self.capital(size)
        )

    def capital(self, size: Mapping[int, float]) -> float:
        """CNY to build this set."""
        return float(sum(self.choices.capital[k] * self.share(k, v) for k, v in size.items()))

    def land(self, size: Mapping[int, float]) -> float:
        """Land that this set takes, ha."""
        return float(sum(self.choices.land[k] * self.share(k, v) for k, v in size.items()))

    def share(self, k: int, size: float) -> float:
        """Size as a fraction of full scale."""
        return size / float(self.choices.scale[k]) if self.choices.scale[k] > 0 else 1.0

    def fits(self, size: Mapping[int, float]) -> bool:
        """Whether capital and land have room for this set."""
        if self.limits.capital is not None and self.capital(size) > self.limits.capital * (1 + 1e-9):
            return False
        return all(
            self.land({k: v for k, v in size.items() if inside[k]}) <= limit * (1 + 1e-9) + 1e-9
            for limit, inside in self.limits.land
        )

    def caps(self, size: Mapping[int, float]) -> tuple[tuple[CapResult, ...], Solution]:
        """Caps and rooms of the plan with this set, with their prices, and the solved programme."""
        solution = self.solve(size)
        c, model = self.choices, self.model
        plants = c.plant[list(size)]
        now_open, resized = model.settings.open.copy(), model.settings.capacity.copy()
        now_open[plants], resized[plants] = True, list(size.values())
        upper, row_upper = model.column_upper.copy(), model.row_upper.copy()
        upper[c.position[list(size)]] = list(size.values())
        for f, row in self._shared.items():
            if f in plants:
                row_upper[row] = resized[f]
        fixed = replace(
            model,
            settings=replace(model.settings, open=now_open, capacity=resized),
            column_upper=upper,
            row_upper=row_upper,
        )
        return read_plan(fixed, solution).caps, solution

    def land_caps(self) -> tuple[tuple[str, float, float, frozenset[int] | None], ...]:
        """(id, limit, ha taken by candidates the scenario builds, scope) of each land cap."""
        n, settings = self.model.network, self.model.settings
        out = []
        for cap in n.caps:
            if cap.kind == "land":
                standing = settings.open & n.plants.is_candidate
                if cap.scope is not None:
                    standing &= np.isin(np.arange(len(standing)), sorted(cap.scope))
                limit = settings.cap_limit.get(cap.id, cap.limit)
                out.append((cap.id, limit, float(settings.land[standing].sum()), cap.scope))
        return tuple(out)

    def _land(self) -> list[tuple[float, Bools]]:
        n = len(self.choices.plant)
        out = []
        for _, limit, fixed, scope in self.land_caps():
            inside = np.ones(n, dtype=bool) if scope is None else np.isin(self.choices.plant, sorted(scope))
            out.append((max(limit - fixed, 0.0), inside))
        if self.room.land_ha is not None:
            out.append((self.room.land_ha, np.ones(n, dtype=bool)))
        return out
