"""Choosing candidates in random cities, against trying every set."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest

from liantu.chain.model import build_model
from liantu.chain.network import Network
from liantu.chain.network_build import build_network
from liantu.chain.portfolio import Room, choose_portfolio
from liantu.chain.portfolio_bounds import reachable_activity
from liantu.chain.scenario import Scenario
from liantu.chain.solve import Session, program_of
from liantu.chain.whatif import WhatIf
from liantu.data.tables import Tables
from tests.chain.networks import City, tables_of

CANDIDATES = 5
SEEDS = range(30)


class Town(City):
    """A random city with five candidates: partners that need each other, a retrofit, dear and cheap ones."""

    def tables(self) -> Tables:
        base = super().tables()
        rows = {name: base[name].to_dicts() for name in base.frames}
        rows["candidates"] = [self._project(c, rows["facilities"]) for c in range(CANDIDATES)]
        rows["resources"].append(
            {"id": "land", "unit": "ha", "value": self.number(1, 6), "constraint_kind": "land_cap"}
        )
        return tables_of(**rows)

    def _project(self, c: int, facilities: list[dict[str, Any]]) -> dict[str, Any]:
        row = self._candidate(c if c == 1 else 0, facilities)
        row |= {"id": f"k{c}", "land_ha": self.number(1, 4), "suggested_park_id": f"p{c % 2}"}
        row |= {"capex_total_cny": self.number(50, 3000)}
        if c > 1 and self._chance(0.5):
            row["local_only_inputs"] = ";".join(f"m{i}" for i in range(self.n_materials))
        return row


def town(seed: int) -> Network:
    return build_network(Town(seed).tables())


def every_set(network: Network, room: Room) -> dict[frozenset[int], tuple[float, bool]]:
    """Worth of each set that capital and land allow, and whether all its members run."""
    what = WhatIf(network)
    p = network.plants
    limit = next(c.limit for c in network.caps if c.kind == "land")
    everyone = np.flatnonzero(p.is_candidate).tolist()
    position = {int(f): k for k, f in enumerate(what.model.plants)}
    out = {}
    for size in range(len(everyone) + 1):
        for some in combinations(everyone, size):
            chosen = list(some)
            capital, land = p.capital[chosen].sum(), p.land[chosen].sum()
            if land <= limit and (room.capital_cny is None or capital <= room.capital_cny):
                solution = what.solve(chosen)
                value = solution.objective + what.model.constant - what.charge(chosen)
                runs = all(solution.x[position[f]] > 1e-6 for f in chosen)
                out[frozenset(chosen)] = (value - what.base_value, runs)
    return out


@pytest.mark.parametrize("seed", SEEDS)
def test_the_best_set_is_the_best_of_all_sets(seed: int) -> None:
    network = town(seed)
    room = Room(capital_cny=4000.0 if seed % 2 else None)
    result = choose_portfolio(network, room=room, runners_up=2, budgets=[1500.0, 3000.0])
    tried = every_set(network, room)
    best = max(worth for worth, _ in tried.values())
    scale = 1.0 + abs(result.value_cny)
    assert result.worth_cny_per_year == pytest.approx(best, abs=1e-6 * scale)
    assert result.bound_cny_per_year >= best - 1e-6 * scale
    assert result.proven
    taken = {frozenset(network.plants.index[c.id] for c in result.chosen)}
    for runner in result.runners_up:
        others = {key: pair for key, pair in tried.items() if key not in taken}
        assert runner.worth_cny_per_year <= max(w for w, _ in others.values()) + 1e-6 * scale
        running = [worth for worth, runs in others.values() if runs]
        assert runner.worth_cny_per_year >= max(running, default=-np.inf) - 1e-6 * scale
        taken.add(frozenset(network.plants.index[name] for name in runner.candidates))
    within = [every_set(network, Room(capital_cny=point.budget_cny)) for point in result.frontier]
    expected = [max(worth for worth, _ in sets.values()) for sets in within]
    assert [p.worth_cny_per_year for p in result.frontier] == pytest.approx(expected, abs=1e-6 * scale)


@pytest.mark.parametrize("seed", SEEDS)
def test_marginals_are_losses_of_solved_plans(seed: int) -> None:
    network = town(seed)
    result = choose_portfolio(network, runners_up=0, budgets=[])
    what = WhatIf(network)
    index = network.plants.index
    built = {index[c.id] for c in result.chosen}
    for chosen in result.chosen:
        lost = what.value(built) - what.value(built - {index[chosen.id]})
        assert chosen.marginal_cny_per_year == pytest.approx(lost, abs=1e-6 * (1 + abs(result.value_cny)))
    for left in result.left_out:
        gained = what.value(built | {index[left.id]}) - what.value(built)
        assert left.added_cny_per_year == pytest.approx(gained, abs=1e-6 * (1 + abs(result.value_cny)))


@pytest.mark.parametrize("seed", SEEDS)
def test_no_plant_can_run_beyond_its_reach(seed: int) -> None:
    network = town(seed)
    everyone = np.flatnonzero(network.plants.is_candidate).tolist()
    model = build_model(network, Scenario(add=frozenset(network.plants.id[f] for f in everyone)))
    reach = reachable_activity(model, model.capacity)
    session = Session(program_of(model))
    for k in range(len(model.plants)):
        objective = np.zeros(len(model.objective))
        objective[k] = 1.0
        session.set_objective(objective)
        assert session.solve().x[k] <= reach[k] * (1 + 1e-9) + 1e-6


class SizedTown(Town):
    """As `Town`, but candidates may be built from three tenths of their scale upwards."""

    def _project(self, c: int, facilities: list[dict[str, Any]]) -> dict[str, Any]:
        row = super()._project(c, facilities)
        return {**row, "min_scale": 0.3 * row["typical_scale"]}


@pytest.mark.parametrize("seed", range(15))
def test_no_size_between_smallest_and_full_does_better(seed: int) -> None:
    network = build_network(SizedTown(seed).tables())
    result = choose_portfolio(network, runners_up=0, budgets=[])
    what, p = WhatIf(network), network.plants
    rate = what.model.settings.charge_rate
    limit = next(c.limit for c in network.caps if c.kind == "land")
    rng = np.random.default_rng(seed)
    everyone = np.flatnonzero(p.is_candidate)
    scale = 1.0 + abs(result.value_cny)

    def value(sizes: dict[int, float]) -> float:
        solution = what.solve(list(sizes), sizes)
        charge = sum(rate * p.capital[f] * size / p.capacity[f] for f, size in sizes.items())
        return float(solution.objective + what.model.constant - charge)

    chosen = {p.index[c.id]: c.size for c in result.chosen}
    assert value(chosen) == pytest.approx(result.value_cny, abs=1e-6 * scale)
    for c in result.chosen:
        assert 0.3 - 1e-9 <= c.share_of_scale <= 1 + 1e-9
    for _ in range(60):
        some = rng.permutation(everyone)[: rng.integers(1, 4)]
        sizes = {int(f): float(p.capacity[f] * rng.choice([0.3, rng.uniform(0.3, 1.0), 1.0])) for f in some}
        if sum(p.land[f] * size / p.capacity[f] for f, size in sizes.items()) <= limit:
            assert value(sizes) <= result.value_cny + 1e-6 * scale
