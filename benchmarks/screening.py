"""Ten thousand recipes at three thousand places priced by one plan; the best two hundred proved.

python benchmarks/screening.py [--plants N] [--materials N] [--recipes N] [--places N] [--proofs N]

The nation of `synthetic.nation`, with an investment per unit added to its recipes.
Every price of a screened candidate is a bound of its proof; the run stops where one is not.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import time
from dataclasses import replace

import numpy as np

from liantu.chain.gap_notional import with_plants
from liantu.chain.network import Network
from liantu.chain.network_build import build_network
from liantu.chain.scenario import Scenario
from liantu.chain.screening import Places, Screening, as_plants, screen_places, typical_scale
from liantu.chain.screening_proof import ProvedScreening, Reprover, prices_of, prove_plants
from liantu.chain.solve import solver_name
from synthetic import nation


def main(plants: int, materials: int, recipes: int, n_places: int, proofs: int) -> None:
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {solver_name()}")
    network, places = (
        with_investment(build_network(nation(plants, materials=materials, recipes=recipes))),
        some_places(n_places),
    )
    mark = Clock()
    model, price = prices_of(network, Scenario())
    solved = mark.lap()
    warm_up(network)
    mark.lap()
    screening = screen_places(model, price, places, typical_scale(network), most=proofs)
    screened = mark.lap()
    wide = with_plants(network, as_plants(network, screening, places))
    new = np.arange(plants, len(wide.plants.id))
    prover = Reprover(wide, Scenario(), new.tolist())
    loaded, before = mark.lap(), prover.solves
    proof = prove_plants(prover, new, screening.worth)
    proved = mark.lap()
    tell(screening, proof, proof.solves - before)
    print("seconds       processor  wall")
    for name, (cpu, wall) in (
        ("plan, cold", solved), ("screen", screened), ("load proofs", loaded), ("proofs", proved),
    ):  # fmt: skip
        print(f"{name:<13} {cpu:<9.2f}  {wall:.2f}")
    each = [v / (len(new) + 1) for v in proved]
    print(f"a proof       {each[0]:<9.3f}  {each[1]:.3f}    plan / proof {solved[0] / each[0]:.0f}")
    pairs = screening.priced
    print(f"pairs a processor second  {pairs / screened[0]:.2e}")
    print(f"peak MB  {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")


def tell(screening: Screening, proof: ProvedScreening, solves: int) -> None:
    """What was found, and how far prices promise too much."""
    slack = 1e-6 * (1 + np.abs(screening.worth))
    assert np.all(proof.proved <= screening.worth + slack)
    beyond, crowding = proof.overestimate
    print(f"priced {screening.priced}, with a worth {screening.paying}, proved {len(proof.proved)}")
    print(f"programmes solved {solves}, searches for pairs {proof.rounds}")
    print(
        f"sum screened {screening.worth.sum():.4g}, proved alone {proof.proved.sum():.4g},"
        f" together {proof.together:.4g} CNY a year"
    )
    print(f"screened / alone {beyond:.3f}, alone / together {crowding:.3f}")
    exact = np.isclose(proof.proved, screening.worth, rtol=1e-6)
    print(f"proved as screened {exact.mean():.2f}, at a loss {(proof.proved < 0).mean():.2f}")
    print(f"at less than half load alone {(proof.load < 0.5).mean():.2f},", end=" ")
    print(f"together {(proof.together_load < 0.5).mean():.2f}")
    top = len(set(proof.order[:20].tolist()) & set(range(20)))
    print(f"certainly above every recipe left out {proof.certain(screening.rest)}")
    print(
        f"rank correlation {proof.rank_correlation:.3f}, of the first twenty proved {top} were screened first"
    )


def with_investment(network: Network) -> Network:
    """Recipes that cost half to five years' worth of their product to build."""
    price = network.materials.price[1, network.recipes.reference]
    capex = np.random.default_rng(5).uniform(0.5, 5.0, len(price)) * price
    return replace(network, recipes=replace(network.recipes, capex=capex))


def some_places(n: int) -> Places:
    """County seats, drawn as the nation's are."""
    rng = np.random.default_rng(9)
    return Places(rng.uniform(20, 45, n), 80 + 45 * rng.power(2.0, n))


def warm_up(network: Network) -> None:
    """Load what is compiled, on a few places."""
    model, price = prices_of(build_network(nation(200, materials=20)), Scenario())
    screen_places(model, price, some_places(3), typical_scale(model.network))


class Clock:
    """Seconds since the last lap."""

    def __init__(self) -> None:
        self._last = time.process_time(), time.perf_counter()

    def lap(self) -> tuple[float, float]:
        """(of the processor, by the clock)"""
        now = time.process_time(), time.perf_counter()
        out = now[0] - self._last[0], now[1] - self._last[1]
        self._last = now
        return out


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    sizes = {"plants": 10_000, "materials": 400, "recipes": 10_000, "places": 3_000, "proofs": 200}
    for name, value in sizes.items():
        parser.add_argument(f"--{name}", type=int, default=value, metavar="N")
    given = parser.parse_args()
    main(given.plants, given.materials, given.recipes, given.places, given.proofs)
