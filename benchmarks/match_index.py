"""One need against a million offers, beside a look at every offer; then changes in place; then a plan.

python benchmarks/match_index.py [offers ...] [--plan PLANTS]

The offers stand on a part of the globe as in `synthetic.nation`. Two books: all of one material (the
hardest), and spread over 400. Both answers are compared, offer by offer, before a time is printed.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import time
from collections.abc import Callable, Sequence

import numpy as np

from liantu.chain.match import Need, match_need
from liantu.chain.match_index import Ask, Form, Lane, MatchIndex, Offers
from liantu.chain.match_index_plan import Supply
from liantu.chain.network import great_circle_km
from liantu.chain.network_build import build_network
from liantu.chain.plan import make_plan
from synthetic import nation

LANES = (Lane(0.3, 300.0), Lane(0.08, 20_000.0, 60.0))  # by road, and by rail from farther away
MOST = 20
NEEDS = 1000


def main(sizes: Sequence[int], plants: int) -> None:
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; processor ms")
    print(
        "offers  materials  load_s  first_20  slowest  cover  look_at_all/first_20  needs/s"
        "  add  change  remove  peak_MB"
    )
    for size in sizes:
        for materials in (1, 400):
            book(size, materials)
    if plants:
        of_plan(plants)


def book(size: int, materials: int) -> None:
    """Time one book of offers."""
    rng = np.random.default_rng(size)
    offers = some_offers(rng, size, materials)
    index = MatchIndex([LANES] * materials)
    loaded = timed(lambda: index.add(offers))
    asks = [some_ask(rng, materials) for _ in range(NEEDS)]
    every = [look_at_all(index, offers, ask) for ask in asks[:10]]
    first = np.array([timed(lambda ask=ask: index.first(ask, MOST)) for ask in asks])
    cover = np.array([timed(lambda ask=ask: index.cover(ask)) for ask in asks])
    more = some_offers(rng, 200, materials)
    added = [
        timed(lambda k=k: index.add(Offers(*(v[[k]] for v in vars(more).values() if v is not None))))
        for k in range(200)
    ]
    at = rng.permutation(size)[:400]
    changed = [timed(lambda h=h: index.change(int(h), price=90.0)) for h in at[:200]]
    removed = [timed(lambda h=h: index.remove([int(h)])) for h in at[200:]]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    ms = [1000 * v for v in (first.mean(), first.max(), cover.mean())]
    update = [1000 * float(np.mean(v)) for v in (added, changed, removed)]
    print(
        f"{size}  {materials}  {loaded:.1f}  {ms[0]:.2f}  {ms[1]:.1f}  {ms[2]:.2f}"
        f"  {np.mean(every) / first.mean():.0f}  {1 / first.mean():.0f}"
        f"  {update[0]:.2f}  {update[1]:.2f}  {update[2]:.2f}  {peak:.0f}"
    )


def of_plan(plants: int) -> None:
    """Time the supply of a plan, kept for many needs, beside a match from scratch."""
    plan = make_plan(build_network(nation(plants)))
    supply, rng, m = Supply(plan), np.random.default_rng(1), plan.network.materials
    made = np.flatnonzero(np.bincount(plan.network.recipes.reference[plan.network.plants.recipe]) > 0)
    wanted = [m.id[i] for i in rng.permutation(made)[:20]]
    needs = [Need(w, 500.0, lat=rng.uniform(20, 45), lon=rng.uniform(100, 125)) for w in wanted]
    scratch = [timed(lambda n=n: match_need(plan, n, prove=False)) for n in needs]
    once = [timed(lambda n=n: supply.first(n, MOST)) for n in needs]
    again = [timed(lambda n=n: supply.first(n, MOST)) for n in needs]
    for n in needs:
        report = match_need(plan, n, prove=False)
        assert supply.first(n, MOST) == report.options[:MOST]
        assert supply.cover(n) == report.cheapest
    ms = [1000 * float(np.mean(v)) for v in (scratch, once, again)]
    print("plan of  match_from_scratch  first_need_of_a_material  later_need  scratch/later")
    print(f"{plants}  {ms[0]:.1f}  {ms[1]:.1f}  {ms[2]:.2f}  {ms[0] / ms[2]:.0f}")


def look_at_all(index: MatchIndex, offers: Offers, ask: Ask) -> float:
    """Seconds of the answer from whole arrays over every offer; it is compared with the index's."""
    start = time.process_time()
    at = np.flatnonzero(offers.material == ask.forms[0].material)
    here = np.array([ask.lat]), np.array([ask.lon])
    km = great_circle_km(offers.lat[at], offers.lon[at], *here)
    ways = [np.where(km <= lane.reach, lane.fixed + lane.rate * km, np.inf) for lane in LANES]
    cost = offers.price[at] + np.minimum(*ways)
    if ask.purity is not None and offers.purity is not None:
        cost[~(offers.purity[at] >= ask.purity)] = np.inf
    best = np.argpartition(cost, MOST)[:MOST]
    best = best[np.argsort(cost[best], kind="stable")]
    best = best[np.isfinite(cost[best])]
    seconds = time.process_time() - start
    assert index.first(ask, MOST).handle.tolist() == at[best].tolist()
    return seconds


def some_offers(rng: np.random.Generator, n: int, materials: int) -> Offers:
    return Offers(
        material=rng.integers(materials, size=n),
        quantity=100 * (1 + rng.pareto(1.2, n)),
        price=rng.lognormal(5, 0.3, n),
        lat=rng.uniform(20, 45, n),
        lon=80 + 45 * rng.power(2.0, n),
        purity=rng.uniform(0.5, 1.0, n),
    )


def some_ask(rng: np.random.Generator, materials: int) -> Ask:
    purity = [None, 0.7, 0.99][rng.integers(3)]
    at = rng.uniform(20, 45), 80 + 45 * rng.power(2.0)
    return Ask((Form(int(rng.integers(materials))),), 100 * (1 + rng.pareto(1.2)), *at, purity=purity)


def timed(call: Callable[[], object]) -> float:
    """Processor seconds of a call: the machine is shared, and nothing here runs on two cores."""
    start = time.process_time()
    call()
    return time.process_time() - start


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("offers", nargs="*", type=int, default=[100_000, 1_000_000])
    parser.add_argument("--plan", type=int, default=10_000, metavar="PLANTS")
    given = parser.parse_args()
    main(given.offers, given.plan)
