"""The chain map: its filter from the address, the drawing, and the table beside it."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from django.http import QueryDict

from liantu.chain.gap_report import GapReport
from liantu.web.atlas.chainmap.draw import Drawing, draw
from liantu.web.atlas.chainmap.graph import enterprise_of, select
from liantu.web.atlas.chainmap.parts import CANDIDATE, UTILITY, Filter, Flow, Graph
from liantu.web.atlas.city import City
from liantu.web.kit import parameters
from liantu.web.kit.naming import Named, chinese

LABELS_UP_TO = 60  # flows; beyond, names of materials would stand too close
KEPT = 64  # drawings of a city that are not made again
WIDTHS = ("value", "quantity", "energy")
DIRECTIONS = ("both", "up", "down")
DEPTHS = ("1", "2", "3", "4", "6", "8")


@dataclass(frozen=True)
class ChainMap:
    """Everything the page of the chain map shows. proved: whether the worths of candidates are proved."""

    wanted: Filter
    graph: Graph
    drawing: Drawing
    labelled: bool
    staged: bool
    proved: bool
    flows: tuple[Flow, ...]
    colours: dict[str, int]
    chains: tuple[Named, ...]
    has_utilities: bool


@dataclass(frozen=True)
class Choices:
    """What the form of the filter offers."""

    chains: list[Named]
    parks: list[Named]
    enterprises: list[Named]
    materials: list[Named]
    followed: list[Named]
    depths: tuple[str, ...] = DEPTHS


def read_filter(get: QueryDict, city: City) -> Filter:
    """The filter that the address asks for. Raises BadParameterError for a name that is not in the city."""
    n = city.network
    return Filter(
        chain=parameters.choice(get, "chain", list(n.chains)),
        park=parameters.choice(get, "park", list(n.parks)),
        enterprise=parameters.choice(get, "enterprise", list(n.enterprises)),
        material=parameters.choice(get, "material", n.materials.id),
        plant=parameters.choice(get, "plant", list(city.results)),
        by=parameters.choice(get, "by", WIDTHS, "value"),
        utilities=parameters.flag(get, "utilities"),
        follow=parameters.choice(get, "follow", n.materials.id),
        to=parameters.choice(get, "to", n.materials.id),
        direction=parameters.choice(get, "direction", DIRECTIONS, "both"),
        depth=int(parameters.choice(get, "depth", DEPTHS, "0")),
        candidates=parameters.choice(get, "candidates", ("paying", "all")),
    )


def choices(city: City) -> Choices:
    """What there is to choose from."""
    return Choices(
        chains_with_plants(city),
        parks_with_plants(city),
        enterprises_with_plants(city),
        shipped_materials(city),
        handled_materials(city),
    )


_drawn: WeakKeyDictionary[City, dict[tuple[object, ...], ChainMap]] = WeakKeyDictionary()


def chain_map(
    city: City, wanted: Filter, labels: str = "", report: GapReport | None = None, staged: bool = True
) -> ChainMap:
    """The map that the filter asks for; labels '1', '0', or '' for: where there is room. `report`: the gaps
    of the city where they are known, which tell what candidates are worth."""
    kept = _drawn.setdefault(city, {})
    key = (wanted, labels, staged, report is not None, chinese())  # names differ in width by the language
    if key not in kept:
        if len(kept) >= KEPT:
            kept.clear()
        kept[key] = _chain_map(city, wanted, labels, report, staged)
    return kept[key]


def _chain_map(city: City, wanted: Filter, labels: str, report: GapReport | None, staged: bool) -> ChainMap:
    graph = select(city, wanted, report)
    labelled = len(graph.flows) <= LABELS_UP_TO if labels == "" else labels == "1"
    colours = chain_colours(city)
    shown = {node.chain for node in (*graph.nodes, *graph.alone)}
    flows = sorted(graph.flows, key=lambda f: (f.kind == CANDIDATE, -f.weight(wanted.by)))
    return ChainMap(
        wanted=wanted,
        graph=graph,
        drawing=draw(graph, wanted.by, labelled, colours, staged),
        labelled=labelled,
        staged=staged,
        proved=report is not None,
        flows=tuple(flows),
        colours=colours,
        chains=tuple(city.chain(c) for c in colours if c in shown),
        has_utilities=UTILITY in city.network.materials.kind,
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


def enterprises_with_plants(city: City) -> list[Named]:
    """The enterprises to choose from: those that own a plant in the plan, and those above them."""
    n = city.network
    here = {n.plants.enterprise[n.plants.index[p.id]] for p in city.plan.plants}
    while more := {n.enterprises[e].parent for e in here if e in n.enterprises} - here - {""}:
        here |= more
    return [named for e in n.enterprises if e in here and (named := enterprise_of(city, e))]


def handled_materials(city: City) -> list[Named]:
    """The materials to follow: those that some running plant makes or uses."""
    n = city.network
    running = [n.recipes.index[p.recipe] for p in city.plan.plants if p.activity > 0]
    here = set(n.recipes.flow[running].tocoo().col.tolist())
    return [city.material(m) for i, m in enumerate(n.materials.id) if i in here]


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
