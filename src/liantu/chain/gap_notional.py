"""Plants of known recipes that nobody proposed, added to a network as candidates."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from liantu.chain.gap_fill import main_inputs
from liantu.chain.gap_proof import Prover, money_noise
from liantu.chain.gap_reason import crossings_of
from liantu.chain.gap_report import Notional
from liantu.chain.gap_screen import Prospects, screen
from liantu.chain.network import Bools, Cap, Floats, Ints, Network
from liantu.chain.plan import Crossing, Plan

TURNS = 40


def with_plants(network: Network, notionals: Sequence[Notional]) -> Network:
    """The network with the notional plants behind its own, as candidates; indices of the others stay.

    A cap that holds for some plants only counts a notional plant as `counted_like` says. The digest is
    that of the network and the plants together. Raises KeyError for an unknown process.
    """
    if not notionals:
        return network
    p, n, first = network.plants, len(notionals), len(network.plants.id)
    recipe = np.array([network.recipes.index[a.process] for a in notionals], dtype=np.int64)
    capacity = np.array([a.capacity for a in notionals])
    plants = replace(
        p,
        id=p.id + tuple(a.id for a in notionals),
        name_zh=p.name_zh + tuple(network.recipes.name_zh[i] for i in recipe),
        name_en=p.name_en + tuple(network.recipes.name_en[i] for i in recipe),
        enterprise=p.enterprise + ("",) * n,
        park=p.park + tuple(a.park for a in notionals),
        status=p.status + ("candidate",) * n,
        recipe=np.concatenate([p.recipe, recipe]),
        capacity=np.concatenate([p.capacity, capacity]),
        lat=np.concatenate([p.lat, np.array([a.lat for a in notionals])]),
        lon=np.concatenate([p.lon, np.array([a.lon for a in notionals])]),
        jobs=np.concatenate([p.jobs, np.full(n, np.nan)]),
        host=np.concatenate([p.host, np.full(n, -1, dtype=np.int64)]),
        capital=np.concatenate([p.capital, np.array([a.capital_cny for a in notionals])]),
        land=np.concatenate([p.land, np.array([a.land_ha for a in notionals])]),
        min_scale=np.concatenate([p.min_scale, capacity]),
        link_type=p.link_type + ("",) * n,
        partners=p.partners + ((),) * n,
        local_only=p.local_only + (frozenset(),) * n,
    )
    counted = counted_like(network, recipe)
    caps = tuple(_widened(cap, first + np.flatnonzero(counted[:, k])) for k, cap in enumerate(network.caps))
    told = "\n".join(repr(a) for a in notionals)
    digest = hashlib.sha256(f"{network.digest}\n{told}".encode()).hexdigest()
    return replace(network, plants=plants, caps=caps, digest=digest)


def counted_like(network: Network, recipe: Ints) -> Bools:
    """(B, K) whether each cap counts a new plant of each recipe.

    A cap without scope counts it. One with a scope counts it unless the recipe's own plants all stand
    outside that scope; a recipe without plants is counted, so that a worth is never too high for it.
    """
    counted = np.ones((len(recipe), len(network.caps)), dtype=bool)
    for k, cap in enumerate(network.caps):
        if cap.scope is None:
            continue
        inside = np.zeros(len(network.plants.id), dtype=bool)
        inside[list(cap.scope)] = True
        for b, i in enumerate(recipe):
            same = network.plants.recipe == i
            counted[b, k] = not same.any() or bool(inside[same].any())
    return counted


def _widened(cap: Cap, plants: Ints) -> Cap:
    return cap if cap.scope is None else replace(cap, scope=cap.scope | frozenset(plants.tolist()))


def sited(plan: Plan, recipe: Ints, near: Sequence[int]) -> tuple[Floats, list[tuple[str, float, float]]]:
    """(B,) greatest margin of each recipe's first unit over the places where it could stand, and the place.

    The places are the parks in which the recipe's chain has a plant or candidate, else all parks, and
    without parks the plant `near[b]` that trades the material. The margin is at one set of optimal
    prices, and so an upper bound of what the recipe is worth there; the first of equal places is taken.
    """
    network = plan.network
    p = network.plants
    places = [_parks(network, int(i)) for i in recipe]
    places = [
        found or [(p.park[f], float(p.lat[f]), float(p.lon[f]))]
        for found, f in zip(places, near, strict=True)
    ]
    owner = np.array([b for b, choice in enumerate(places) for _ in choice], dtype=np.int64)
    flat = [place for choice in places for place in choice]
    result = screen(
        plan,
        Prospects(
            recipe=recipe[owner],
            lat=np.array([place[1] for place in flat], dtype=np.float64),
            lon=np.array([place[2] for place in flat], dtype=np.float64),
            park=tuple(place[0] for place in flat),
            host=np.full(len(owner), -1, dtype=np.int64),
            local_only=(frozenset(),) * len(owner),
            counted=counted_like(network, recipe)[owner],
        ),
        ends=False,
    )
    best = [np.flatnonzero(owner == b)[np.argmax(result.margin[owner == b])] for b in range(len(recipe))]
    return result.margin[best], [flat[i] for i in best]


def _parks(network: Network, recipe: int) -> list[tuple[str, float, float]]:
    """Parks (id, lat, lon) where the recipe's chain stands, else all."""
    p, chain = network.plants, network.recipes.chain
    same = {p.park[f] for f in range(len(p.id)) if chain[p.recipe[f]] == chain[recipe]}
    parks = [(name, lat, lon) for name, (_, _, lat, lon) in network.parks.items()]
    return [place for place in parks if place[0] in same] or parks


def propose(plan: Plan, covered: Ints) -> tuple[Notional, ...]:
    """A plant for each known recipe that none of the candidates `covered` (plant indices) runs and that
    would use what is sold or dumped, or make what is bought.

    It may be as large as what would use up, or make, all that crosses the city line; its scale is that
    of greatest worth up to there, and its place the best of `sited`. A recipe whose first unit does not
    earn its capital charge is left out: by concavity no scale of it is worth anything alone.
    """
    found = _wanted(plan, set(plan.network.plants.recipe[covered].tolist()))
    if not found:
        return ()
    r, rate = plan.network.recipes, plan.model.settings.charge_rate
    recipe = np.array([w.recipe for w in found], dtype=np.int64)
    margin, places = sited(plan, recipe, [w.trader for w in found])
    drafts, slopes = [], []
    for w, gain, (park, lat, lon) in zip(found, margin, places, strict=True):
        if np.isfinite(gain) and gain > rate * r.capex[w.recipe] and gain > 0.0:
            name = f"new:{r.id[w.recipe]}@{park or plan.network.plants.id[w.trader]}"
            drafts.append(_notional(plan.network, name, w.recipe, (park, lat, lon), w.scale, w.scale))
            slopes.append(float(gain))
    return _scaled(plan, tuple(drafts), slopes)


def _notional(
    network: Network, name: str, recipe: int, place: tuple[str, float, float], scale: float, largest: float
) -> Notional:
    r = network.recipes
    capex, land = float(r.capex[recipe]), float(r.land[recipe])
    return Notional(name, r.id[recipe], *place, scale, largest, capex * scale, land * scale, capex > 0)


def _scaled(plan: Plan, drafts: tuple[Notional, ...], slopes: list[float]) -> tuple[Notional, ...]:
    """The drafts at their best scale; those that are worth nothing at any scale are left out."""
    wide = with_plants(plan.network, drafts)
    prover = Prover(wide, plan.scenario)
    noise = money_noise(plan.model, plan.solution)
    out = []
    for a, slope in zip(drafts, slopes, strict=True):
        f = wide.plants.index[a.id]
        charge = plan.model.settings.charge_rate * a.capital_cny / a.capacity
        scale, worth = best_scale(partial(prover.resized, f), a.capacity, slope, charge, noise)
        if worth > noise and scale > 0.0:
            place = a.park, a.lat, a.lon
            out.append(_notional(wide, a.id, int(wide.plants.recipe[f]), place, scale, a.capacity))
    return tuple(out)


def best_scale(
    gain: Callable[[float], tuple[float, float]], largest: float, slope: float, charge: float, noise: float
) -> tuple[float, float]:
    """(scale, worth) that maximise gain(scale) - charge x scale on [0, largest]; the least such scale.

    gain(scale) gives a concave piecewise linear gain and a slope of it; gain(0) = 0, and `slope` is a
    bound of the slope there. The tangents of a rising and a falling point meet above the maximum; where
    the gain lies on their meeting point, that is the maximum.
    """

    def at(scale: float) -> tuple[float, float, float]:
        value, tangent = gain(scale)
        return scale, value - charge * scale, tangent - charge

    low, high = (0.0, 0.0, slope - charge), at(largest)
    if low[2] <= 0.0:
        return 0.0, 0.0
    if high[2] > 0.0:
        return high[:2]
    best = low
    for _ in range(TURNS):
        if high[1] > best[1] + noise or (high[1] >= best[1] - noise and high[0] < best[0]):
            best = high
        meet = (high[1] - low[1] + low[2] * low[0] - high[2] * high[0]) / (low[2] - high[2])
        point = at(min(max(meet, low[0]), high[0]))
        if low[1] + low[2] * (point[0] - low[0]) - point[1] <= noise:
            return point[:2] if point[1] >= best[1] - noise else best[:2]
        if point[2] > 0.0:
            low = point
        else:
            high = point
    return best[:2] if best[1] >= low[1] else low[:2]


@dataclass(frozen=True)
class _Wanted:
    """A recipe that would serve a crossing of the city line, at a scale; `trader`: a plant that trades it."""

    recipe: int
    scale: float
    trader: int


def _wanted(plan: Plan, covered: set[int]) -> list[_Wanted]:
    """One for each recipe, at the largest scale that a crossing asks for."""
    n, main = plan.network, main_inputs(plan.network)
    best: dict[int, _Wanted] = {}
    for kind in ("sell", "dump", "buy"):
        for material, crossings in crossings_of(plan, kind).items():
            i, quantity = n.materials.index[material], sum(c.quantity for c in crossings)
            amounts = n.recipes.flow[:, [i]].toarray().ravel()
            serves = (n.recipes.reference == i) & (amounts > 0) if kind == "buy" else main[:, i]
            for recipe in np.flatnonzero(serves).tolist():
                if recipe in covered:
                    continue
                trader = _trader(plan, max(crossings, key=lambda c: c.quantity), i)
                wanted = _Wanted(recipe, quantity / abs(float(amounts[recipe])), trader)
                if trader >= 0 and (recipe not in best or wanted.scale > best[recipe].scale):
                    best[recipe] = wanted
    return [best[recipe] for recipe in sorted(best)]


def _trader(plan: Plan, crossing: Crossing, material: int) -> int:
    """The plant of a crossing; of a pool, the open plant that makes or uses most of the material."""
    p = plan.network.plants
    if crossing.place in p.index:
        return p.index[crossing.place]
    open_plants = plan.model.plants[plan.model.settings.open[plan.model.plants]]
    amount = np.abs(plan.network.recipes.flow[p.recipe[open_plants]][:, [material]].toarray().ravel())
    flow = amount * plan.model.settings.capacity[open_plants]
    return int(open_plants[np.argmax(flow)]) if len(flow) and flow.max() > 0 else -1
