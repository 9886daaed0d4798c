"""Value along a chain, stage by stage, per unit of its first material."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from liantu.chain.accounts_flows import Flows
from liantu.chain.network import Floats, Network

LONGEST = 12  # stages


@dataclass(frozen=True)
class RouteStage:
    """A material on a route. per_first: units of it from one unit of the first material, by the yields of the
    recipes. value_cny = per_first x price. price and element share are those of the material;
    value_per_t_element is what a tonne of the element is worth in it. activity: what the recipe that makes
    it runs at in the plan, in its reference units a year; '' and 0 at the first stage."""

    material: str
    unit: str
    recipe: str
    per_first: float
    price_cny: float
    value_cny: float
    element_share: float
    value_per_t_element_cny: float
    activity: float


@dataclass(frozen=True)
class Route:
    """The way of one element from a first material to an end product of a chain.

    multiple: value of the last stage over that of the first, per unit of the first material (yields in).
    element_multiple: worth of a tonne of the element in the last over that in the first (yields out).
    price_ratio: price of a tonne of the last over that of a tonne of the first, which counts neither
    yields nor how thin the element is in the ore; 0 where a unit has no mass.
    recovery: t of the element in the last stage per t in the first. running: whether every step runs.
    """

    chain: str
    element: str
    stages: tuple[RouteStage, ...]
    multiple: float
    element_multiple: float
    price_ratio: float
    recovery: float
    running: bool


@dataclass(frozen=True)
class _Step:
    recipe: int
    feed: int
    product: int
    per_feed: float


def chain_routes(flows: Flows) -> tuple[Route, ...]:
    """Routes to every end product of every chain, per chain the longest first, then the dearest.

    The element of a route is the one its end product holds most of. Going upstream from the end product:
    the recipe that makes the material (of several, the one that runs most, else the first in the tables),
    and of its inputs the one that brings most of the element. The route starts where no recipe makes the
    material, or where it would turn in a circle. A feed counts for the share of the element it brings:

        units of product per unit of feed = (1 / amount of feed) x element in feed / element in all inputs
        value of a stage = units per unit of first material x price at the city line

    so that scrap that joins on the way is not counted as made of the first material. Inputs without the
    element (magnesium, power, labour) are in the value and not in the count: the multiple is no profit. An
    end product is the main product of a recipe of the chain that no other recipe of the chain takes as its
    main feed. Routes without a price above zero at either end are left out.
    """
    n = flows.plan.network
    activity = _activity(flows)
    price = flows.market
    out = []
    for chain in dict.fromkeys(c for c in n.recipes.chain if c):
        products = {
            int(n.recipes.reference[p]) for p in range(len(n.recipes.id)) if n.recipes.chain[p] == chain
        }
        routes = [_trace(n, end, activity, price) for end in sorted(products)]
        inner = {s.feed for _, steps in routes for s in steps if n.recipes.chain[s.recipe] == chain}
        for element, steps in routes:
            if (
                steps
                and steps[-1].product not in inner
                and price[steps[0].feed] > 0
                and price[steps[-1].product] > 0
            ):
                out.append(_route(n, chain, element, steps, activity, price))
    order = {name: i for i, name in enumerate(n.recipes.chain)}
    return tuple(
        sorted(out, key=lambda r: (order[r.chain], -len(r.stages), -r.multiple, r.stages[-1].material))
    )


def _activity(flows: Flows) -> Floats:
    """(P,) what each recipe runs at over all plants."""
    n, model = flows.plan.network, flows.plan.model
    out = np.zeros(len(n.recipes.id))
    np.add.at(out, n.plants.recipe[model.plants], flows.x[: len(model.plants)])
    return out


def _trace(network: Network, end: int, activity: Floats, price: Floats) -> tuple[str, list[_Step]]:
    """The element and the steps of a route, from the first feed to the end product."""
    m = network.materials
    content = m.composition.tocsr()
    held = content[[end]].toarray().ravel()
    if not held.any():
        return "", []
    e = int(np.argmax(held))
    amount = content[:, [e]].toarray().ravel()
    steps: list[_Step] = []
    seen, now = {end}, end
    while len(steps) < LONGEST:
        makers = [p for p in range(len(network.recipes.id)) if network.recipes.reference[p] == now]
        if not makers:
            break
        recipe = max(makers, key=lambda p: (activity[p], -p))
        row = network.recipes.flow[[recipe]].tocoo()
        inputs = [
            (int(i), -float(v)) for i, v in zip(row.col, row.data, strict=True) if v < 0 and amount[i] > 0
        ]
        if not inputs:
            break
        feed, taken = max(inputs, key=lambda pair: (pair[1] * amount[pair[0]], -pair[0]))
        if feed in seen:
            break
        share = float(taken * amount[feed] / sum(v * amount[i] for i, v in inputs))
        steps.append(_Step(recipe, feed, now, share / taken))
        seen.add(feed)
        now = feed
    return m.elements[e], steps[::-1]


def _route(
    network: Network, chain: str, element: str, steps: list[_Step], activity: Floats, price: Floats
) -> Route:
    m = network.materials
    content = m.composition[:, [m.elements.index(element)]].toarray().ravel()
    stages = []
    per_first = 1.0
    for recipe, material, per_feed in [(-1, steps[0].feed, 1.0)] + [
        (s.recipe, s.product, s.per_feed) for s in steps
    ]:
        per_first *= per_feed
        held = float(content[material])
        stages.append(
            RouteStage(
                material=m.id[material],
                unit=m.unit[material],
                recipe=network.recipes.id[recipe] if recipe >= 0 else "",
                per_first=per_first,
                price_cny=float(price[material]),
                value_cny=per_first * float(price[material]),
                element_share=float(held / m.t_per_unit[material]) if m.t_per_unit[material] > 0 else 0.0,
                value_per_t_element_cny=float(price[material]) / held,
                activity=float(activity[recipe]) if recipe >= 0 else 0.0,
            )
        )
    first, last = stages[0], stages[-1]
    ends = np.array([steps[0].feed, steps[-1].product], dtype=np.int64)
    return Route(
        chain=chain,
        element=element,
        stages=tuple(stages),
        multiple=last.value_cny / first.value_cny,
        element_multiple=last.value_per_t_element_cny / first.value_per_t_element_cny,
        price_ratio=_price_ratio(m.t_per_unit[ends], price[ends]),
        recovery=last.per_first * float(content[ends[1]] / content[ends[0]]),
        running=all(s.activity > 0 for s in stages[1:]),
    )


def _price_ratio(tonnes: Floats, price: Floats) -> float:
    """Price per tonne of the last of two materials over that of the first; 0 where a unit has no mass."""
    return float(price[1] / tonnes[1] / (price[0] / tonnes[0])) if np.all(tonnes > 0) else 0.0
