"""The chain map as coordinates: plants in layers from left to right, flows led between them.

A flow that spans layers passes through waypoints, which take part in the ordering, so that no flow runs
behind a plant. Flows of one material from one plant share their waypoints as far as they go.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from liantu.web.atlas.chainmap.graph import Flow, Graph
from liantu.web.atlas.chainmap.layers import banded_layers, barycentre_orders
from liantu.web.atlas.chainmap.place import heights

Point = tuple[float, float]


@dataclass(frozen=True)
class Style:
    """Sizes in px. port: distance of two outlets of a plant; gap: between two layers."""

    width: float
    height: float
    gap: float
    port: float
    widest: float  # of a flow
    between: float  # two plants of a layer
    more: float = 15  # what the box of a candidate is higher by


@dataclass
class Layout:
    """Where everything stands. `corner` of each node's box by position in the graph, `tall` its height;
    `points` the corners of each flow's way; `outlet` where a material leaves a plant, and on which side."""

    corner: dict[int, Point]
    tall: dict[int, float]
    points: list[list[Point]]
    backward: set[int]
    outlet: dict[tuple[int, str], tuple[Point, bool]]
    spans: list[Point]  # left and right end of each band
    width: float
    height: float


@dataclass
class _Web:
    """Vertices 0..n-1 are plants, the rest waypoints; `way` leads each flow from left to right."""

    layer: list[int]
    way: list[list[int]]
    backward: set[int]
    spans: list[tuple[int, int]]
    neighbours: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))


def lay_out(
    graph: Graph, thickness: Sequence[float], style: Style, band: Sequence[int] | None = None
) -> Layout:
    """Place the linked nodes of the graph; `thickness` is the width of each flow in px; `band` numbers the
    nodes where some must stand before others, whatever flows between them."""
    index = {node.plant.id: i for i, node in enumerate(graph.nodes)}
    ends = [(index[f.source], index[f.target]) for f in graph.flows]
    web = _web(ends, graph.flows, band or [0] * len(graph.nodes))
    layers: list[list[int]] = [[] for _ in range(max(web.layer, default=-1) + 1)]
    for v in _grouped(graph, web):
        layers[web.layer[v]].append(v)
    orders = barycentre_orders(layers, web.neighbours)
    size, gap, links = _sizes(graph, web, ends, thickness, style)
    y = heights(orders, size, gap, links)
    n = len(graph.nodes)
    step = style.width + style.gap
    corner = {v: (web.layer[v] * step, y[v] - size[v] / 2) for v in range(n)}
    tall = {v: size[v] for v in range(n)}
    points, outlet = _ways(graph, web, ends, y, corner, tall, style)
    bottom = max((y[v] + size[v] / 2 for v in y), default=0.0)
    right = max((x for x, _ in corner.values()), default=0.0) + style.width
    spans = [(first * step, last * step + style.width) for first, last in web.spans]
    return Layout(corner, tall, points, web.backward, outlet, spans, right, bottom)


def _web(ends: Sequence[tuple[int, int]], flows: Sequence[Flow], band: Sequence[int]) -> _Web:
    weighted = [(a, b, 1.0) for a, b in ends]
    at, backward, spans = banded_layers(len(band), weighted, band)
    acyclic = [(b, a, w) if k in backward else (a, b, w) for k, (a, b, w) in enumerate(weighted)]
    web = _Web(at, [], backward, spans)
    waypoint: dict[tuple[int, str, bool, int], int] = {}
    for k, (a, b, _) in enumerate(acyclic):
        way = [a]
        shared = (ends[k][0], flows[k].material.id, k in backward)
        for layer in range(web.layer[a] + 1, web.layer[b]):
            key = (*shared, layer)
            if key not in waypoint:
                waypoint[key] = len(web.layer)
                web.layer.append(layer)
            way.append(waypoint[key])
        way.append(b)
        web.way.append(way)
        for u, v in itertools.pairwise(way):
            if v not in web.neighbours[u]:
                web.neighbours[u].append(v)
                web.neighbours[v].append(u)
    for v in range(len(web.layer)):
        web.neighbours.setdefault(v, [])
    return web


def _grouped(graph: Graph, web: _Web) -> list[int]:
    """Vertices as they first stand in their layers: plants by chain and park, then waypoints by origin."""
    plants = sorted(range(len(graph.nodes)), key=lambda v: (graph.nodes[v].chain, graph.nodes[v].park, v))
    place = {v: i for i, v in enumerate(plants)}
    first: dict[int, int] = {}
    for way in web.way:
        for v in way[1:-1]:
            first.setdefault(v, place[way[0]])
    return sorted(range(len(web.layer)), key=lambda v: (place[v] if v in place else first[v], v))


def _sizes(
    graph: Graph, web: _Web, ends: Sequence[tuple[int, int]], thickness: Sequence[float], style: Style
) -> tuple[dict[int, float], dict[int, float], dict[int, list[tuple[int, float]]]]:
    outlets: dict[int, set[str]] = defaultdict(set)
    inlets: dict[int, int] = defaultdict(int)
    for k, (a, b) in enumerate(ends):
        if k not in web.backward:
            outlets[a].add(graph.flows[k].material.id)
            inlets[b] += 1
        else:
            outlets[b].add(f"back {k}")
            inlets[a] += 1
    size, gap, links = {}, {}, defaultdict(list)
    for v in range(len(graph.nodes)):
        need = max(len(outlets[v]) * style.port, inlets[v] * 5.0) + 8
        least = style.height + (style.more if graph.nodes[v].worth else 0)
        size[v], gap[v] = max(least, need), style.between
    for k, way in enumerate(web.way):
        for v in way[1:-1]:
            size[v] = max(size.get(v, 2.0), thickness[k])
            gap[v] = 5.0
        for u, v in itertools.pairwise(way):
            straight = 6.0 if u >= len(graph.nodes) and v >= len(graph.nodes) else 1.0
            links[u].append((v, straight))
            links[v].append((u, straight))
    return size, gap, links


def _ways(
    graph: Graph,
    web: _Web,
    ends: Sequence[tuple[int, int]],
    y: Mapping[int, float],
    corner: Mapping[int, Point],
    tall: Mapping[int, float],
    style: Style,
) -> tuple[list[list[Point]], dict[tuple[int, str], tuple[Point, bool]]]:
    """The way of each flow from its outlet to its inlet, and where each material leaves each plant."""
    right: dict[int, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    left: dict[int, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    names: list[
        tuple[str, str]
    ] = []  # port at the left end of the way (its right side), and at the right end
    for k, way in enumerate(web.way):
        out = f"out {graph.flows[k].material.id}"
        here = (f"in {k}", out) if k in web.backward else (out, f"in {k}")
        names.append(here)
        right[way[0]][here[0]].append(y[way[1]])
        left[way[-1]][here[1]].append(y[way[-2]])
    at_right = {v: _ports(ports, y[v], tall[v]) for v, ports in right.items()}
    at_left = {v: _ports(ports, y[v], tall[v]) for v, ports in left.items()}
    points: list[list[Point]] = []
    outlet: dict[tuple[int, str], tuple[Point, bool]] = {}
    step = style.width + style.gap
    for k, way in enumerate(web.way):
        a, b = way[0], way[-1]
        start = (corner[a][0] + style.width, at_right[a][names[k][0]])
        end = (corner[b][0], at_left[b][names[k][1]])
        line = [start]
        for v in way[1:-1]:
            x = web.layer[v] * step
            line += [(x, y[v]), (x + style.width, y[v])]
        line.append(end)
        backwards = k in web.backward
        points.append(line[::-1] if backwards else line)
        outlet[ends[k][0], graph.flows[k].material.id] = (points[-1][0], backwards)
    return points, outlet


def _ports(ports: Mapping[str, Sequence[float]], middle: float, tall: float) -> dict[str, float]:
    """Heights of the ports on one side of a plant, in the order of what they lead to."""
    order = sorted(ports, key=lambda name: (sum(ports[name]) / len(ports[name]), name))
    room = tall / len(order)
    return {name: middle - tall / 2 + room * (i + 0.5) for i, name in enumerate(order)}
