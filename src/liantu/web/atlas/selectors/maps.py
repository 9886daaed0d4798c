"""The chain map: its filter from the address, the drawing, and the table beside it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.http import QueryDict

from liantu.web.atlas.chainmap.draw import Drawing, draw
from liantu.web.atlas.chainmap.graph import UTILITY, Filter, Flow, Graph, select
from liantu.web.atlas.city import City
from liantu.web.kit import parameters
from liantu.web.kit.naming import Named, chinese

LABELS_UP_TO = 60  # flows; beyond, names of materials would stand too close


@dataclass(frozen=True)
class ChainMap:
    """Everything the page of the chain map shows."""

    wanted: Filter
    graph: Graph
    drawing: Drawing
    labelled: bool
    flows: tuple[Flow, ...]
    colours: dict[str, int]
    chains: tuple[Named, ...]
    has_utilities: bool


def read_filter(get: QueryDict, city: City) -> Filter:
    """The filter that the address asks for. Raises BadParameterError for a name that is not in the city."""
    n = city.network
    return Filter(
        chain=parameters.choice(get, "chain", list(n.chains)),
        park=parameters.choice(get, "park", list(n.parks)),
        material=parameters.choice(get, "material", n.materials.id),
        plant=parameters.choice(get, "plant", list(city.results)),
        by=parameters.choice(get, "by", ("value", "quantity"), "value"),
        utilities=parameters.flag(get, "utilities"),
    )


def chain_map(city: City, wanted: Filter, labels: str = "") -> ChainMap:
    """The map that the filter asks for; labels '1', '0', or '' for: where there is room."""
    return _chain_map(city, wanted, labels, chinese())


@lru_cache(maxsize=64)  # a drawing depends on the language, since names have different widths
def _chain_map(city: City, wanted: Filter, labels: str, zh: bool) -> ChainMap:
    graph = select(city, wanted)
    labelled = len(graph.flows) <= LABELS_UP_TO if labels == "" else labels == "1"
    colours = chain_colours(city)
    shown = {node.chain for node in (*graph.nodes, *graph.alone)}
    flows = sorted(graph.flows, key=lambda f: -f.weight(wanted.by))
    return ChainMap(
        wanted=wanted,
        graph=graph,
        drawing=draw(graph, wanted.by, labelled, colours),
        labelled=labelled,
        flows=tuple(flows),
        colours=colours,
        chains=tuple(city.chain(c) for c in colours if c in shown),
        has_utilities=any(city_kind == UTILITY for city_kind in city.network.materials.kind),
    )


def chain_colours(city: City) -> dict[str, int]:
    """A colour for each chain that has a plant, in the order of the table, counted from 1."""
    n = city.network
    with_plants = {n.recipes.chain[r] for r in n.plants.recipe}
    named = [c for c in n.chains if c in with_plants]
    named += sorted(with_plants - set(named) - {""})
    return {c: i % 12 + 1 for i, c in enumerate(named)}


def chains_with_plants(city: City) -> list[Named]:
    """The chains to choose from: those with a plant in the plan, and those above them."""
    here = {city.chain_of(p.id) for p in city.plan.plants}
    above = {city.network.chains[c][2] for c in here if c in city.network.chains}
    return [city.chain(c) for c in city.network.chains if c in here | above]


def parks_with_plants(city: City) -> list[Named]:
    """The parks to choose from: those with a plant in the plan."""
    n = city.network.plants
    here = {n.park[n.index[p.id]] for p in city.plan.plants}
    return [city.park(p) for p in city.network.parks if p in here]


def shipped_materials(city: City) -> list[Named]:
    """The materials to choose from: those that some plant ships."""
    here = {s.material for s in city.plan.shipments}
    return [city.material(m) for m in city.network.materials.id if m in here]


def priced_materials(city: City) -> list[Named]:
    """The materials to choose from: those with a local price."""
    here = {p.material for p in city.plan.prices}
    return [city.material(m) for m in city.network.materials.id if m in here]


def around(plant: str) -> Filter:
    """The map of one plant and its neighbours, with its utilities."""
    return Filter(plant=plant, utilities=True)


def of_material(material: str) -> Filter:
    """The map of one material."""
    return Filter(material=material)
