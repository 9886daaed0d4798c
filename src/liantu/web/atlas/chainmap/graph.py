"""What the chain map shows: the plants and flows of a plan that a filter lets through, with their marks."""

from __future__ import annotations

import math

from liantu.chain.gap_report import GapReport
from liantu.web.atlas.chainmap.follow import followed
from liantu.web.atlas.chainmap.marks import BOTTLENECKS, Marks, bottlenecks
from liantu.web.atlas.chainmap.parts import (
    BY_PRODUCT,
    MAIN,
    UTILITY,
    Filter,
    Flow,
    Graph,
    Node,
    flow_of,
    kind_of,
    middle,
)
from liantu.web.atlas.chainmap.prospects import Prospect, prospects
from liantu.web.atlas.chainmap.stages import DELIVERED, stage_of
from liantu.web.atlas.city import City
from liantu.web.kit.naming import Named

__all__ = [
    "BOTTLENECKS", "BY_PRODUCT", "MAIN", "UTILITY", "Filter", "Flow", "Graph", "Marks", "Node", "bottlenecks",
    "enterprise_of", "family", "flow_of", "middle", "select",
]  # fmt: skip


def select(city: City, wanted: Filter, report: GapReport | None = None) -> Graph:
    """The part of the city that the filter asks for, with the neighbours that its flows lead to."""
    every = [flow_of(city, s) for s in city.plan.shipments]
    inside = {p.id for p in city.plan.plants if _inside(city, p.id, wanted)}
    if wanted.plant:
        inside = {wanted.plant}
    if wanted.follow:
        way = [f for f in every if wanted.utilities or f.kind != UTILITY or f.material.id == wanted.follow]
        every, on = followed(city, way, wanted)
        inside &= on
    flows = [f for f in every if _shown(f, wanted, inside)]
    touched = {end for f in flows for end in (f.source, f.target)}
    if wanted.material:
        inside &= touched | _dealers(city, wanted.material)
    marks = Marks.of(city)
    added = _prospects(city, wanted, report, inside)
    flows += [f for _, legs in added for f in legs]
    touched |= {end for _, legs in added for f in legs for end in (f.source, f.target)}
    names = [p.id for p in city.plan.plants] + sorted(t for t in touched if t.startswith("demand:"))
    nodes = [_node(city, name, name in inside, marks) for name in names if name in inside or name in touched]
    nodes += [node for node, _ in added]
    linked = tuple(n for n in nodes if n.plant.id in touched)
    return Graph(linked, tuple(flows), tuple(n for n in nodes if n.plant.id not in touched))


def _prospects(city: City, wanted: Filter, report: GapReport | None, shown: set[str]) -> list[Prospect]:
    """The candidates that belong to what is shown: inside the filter themselves, or dealing with a plant
    that is; with a material, a plant or an enterprise chosen, only those that deal with what is shown."""
    if not wanted.candidates:
        return []
    everything = prospects(city, report, None, wanted.candidates == "all")
    out = []
    for node, legs in everything:
        legs = tuple(f for f in legs if _wanted(city, f.material.id, wanted))
        own = _inside(city, node.plant.id, wanted) and not (
            wanted.material or wanted.plant or wanted.follow or wanted.enterprise
        )
        near = tuple(f for f in legs if f.source in shown or f.target in shown)
        if own or (near and not wanted.whole):
            out.append((node, legs if own else near))
    return out


def _wanted(city: City, material: str, wanted: Filter) -> bool:
    if wanted.material:
        return material == wanted.material
    return wanted.utilities or material == wanted.follow or kind_of(city, material) != UTILITY


def _inside(city: City, plant: str, wanted: Filter) -> bool:
    n = city.network.plants
    f = n.index[plant]
    if wanted.park and n.park[f] != wanted.park:
        return False
    if wanted.enterprise and n.enterprise[f] not in group(city, wanted.enterprise):
        return False
    return not wanted.chain or city.chain_of(plant) in family(city, wanted.chain)


def family(city: City, chain: str) -> set[str]:
    """A chain and its sub-chains."""
    return _below(chain, {k: parent for k, (_, _, parent) in city.network.chains.items()})


def group(city: City, enterprise: str) -> set[str]:
    """An enterprise and those that it owns."""
    return _below(enterprise, {k: e.parent for k, e in city.network.enterprises.items()})


def _below(name: str, parents: dict[str, str]) -> set[str]:
    found = {name}
    while more := {k for k, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def enterprise_of(city: City, name: str) -> Named | None:
    """An enterprise with its names; None where there is none."""
    found = city.network.enterprises.get(name)
    return Named(found.id, found.name_zh, found.name_en) if found else None


def _shown(flow: Flow, wanted: Filter, inside: set[str]) -> bool:
    if wanted.material:
        return flow.material.id == wanted.material and (flow.source in inside or flow.target in inside)
    if flow.kind == UTILITY and not wanted.utilities and flow.material.id != wanted.follow:
        return False
    return flow.source in inside or flow.target in inside


def _dealers(city: City, material: str) -> set[str]:
    """Plants that buy, sell or dump the material."""
    return {c.place for c in city.plan.crossings if c.material == material}


def _node(city: City, name: str, inside: bool, marks: Marks) -> Node:
    result = city.results.get(name)
    if result is None:
        return Node(city.demand(name), "", "", math.nan, math.nan, "", 0.0, inside, False, DELIVERED)
    n = city.network
    f = n.plants.index[name]
    recipe, chain = n.plants.recipe[f], city.chain_of(name)
    product = n.materials.id[n.recipes.reference[recipe]]
    price = city.price_at(product, name)
    return Node(
        plant=city.plant(name),
        chain=chain,
        park=n.plants.park[f],
        load=result.load,
        activity=result.activity,
        unit=city.unit(product),
        rent=result.rent_low,
        inside=inside,
        bottleneck=name in marks.bottlenecks,
        stage=stage_of(n, chain, n.recipes.id[recipe]),
        product=city.material(product),
        price=(price.low, price.high) if price else None,
        enterprise=enterprise_of(city, n.plants.enterprise[f]),
        bought=tuple(city.material(m) for m in marks.bought.get(name, ())),
        dumped=tuple(city.material(m) for m in marks.dumped.get(name, ())),
    )
