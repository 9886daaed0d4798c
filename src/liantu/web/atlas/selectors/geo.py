"""The map view: parks or plants where they stand, the flows between them, the outline of the city."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liantu.web.atlas.chainmap.graph import select
from liantu.web.atlas.chainmap.parts import Filter, Flow, Node
from liantu.web.atlas.city import City
from liantu.web.atlas.outline import Outline
from liantu.web.atlas.selectors.sankey import NAMED, amount
from liantu.web.kit.templatetags.figures import percent

LEVELS = ("park", "plant")
EDGE = 0.08  # of the extent, left free around it
SMALLEST = 0.05  # degrees that are shown at least


@dataclass(frozen=True)
class GeoMap:
    """The map as `charts.js` draws it; unplaced: plants and parks without a position, which it leaves out."""

    spec: dict[str, object]
    flows: tuple[Flow, ...]
    unplaced: int
    within: int
    outline: Outline | None


@dataclass(frozen=True)
class _Point:
    name: str
    lon: float
    lat: float
    kind: str
    href: str
    lines: tuple[str, ...]
    size: float


def geo_map(city: City, wanted: Filter, level: str, outline: Outline | None) -> GeoMap:
    """The flows of the filter between parks or between plants, with both where they stand."""
    wanted = replace(wanted, candidates="")
    graph = select(city, wanted)
    nodes = (*graph.nodes, *graph.alone)
    points = _parks(city, nodes) if level == "park" else _plants(city, nodes)
    placed = {key: p for key, p in points.items() if math.isfinite(p.lon) and math.isfinite(p.lat)}
    where = {n.plant.id: f"park:{n.park}" if level == "park" and n.park else n.plant.id for n in nodes}
    flows = sorted(graph.flows, key=lambda f: -f.weight(wanted.by))
    merged: dict[tuple[str, str], list[Flow]] = defaultdict(list)
    for f in flows:
        merged[where.get(f.source, f.source), where.get(f.target, f.target)].append(f)
    lines = [
        _line(placed[a], placed[b], some, wanted.by)
        for (a, b), some in merged.items()
        if a != b and a in placed and b in placed
    ]
    return GeoMap(
        spec={
            "kind": "map",
            "outline": outline.geojson if outline else None,
            "bounds": bounds(list(placed.values()), outline),
            "points": [vars(p) for p in placed.values()],
            "lines": sorted(lines, key=lambda line: float(str(line["weight"]))),
            "height": 620,
        },
        flows=tuple(flows),
        unplaced=len(points) - len(placed),
        within=sum(len(some) for (a, b), some in merged.items() if a == b),
        outline=outline,
    )


def _plants(city: City, nodes: tuple[Node, ...]) -> dict[str, _Point]:
    p = city.network.plants
    demands = {f"demand:{d.id}": (d.lon, d.lat) for d in city.network.demands}
    out = {}
    for node in nodes:
        name = node.plant.id
        if name in p.index:
            f = p.index[name]
            text = (str(node.plant), _("Load") + " " + percent(node.load))
            href = reverse("plants-one", args=[name])
            point = _Point(text[0], float(p.lon[f]), float(p.lat[f]), "plant", href, text, 8.0)
        else:
            lon, lat = demands.get(name, (math.nan, math.nan))
            point = _Point(str(node.plant), lon, lat, "demand", "", (str(node.plant),), 8.0)
        out[name] = point
    return out


def _parks(city: City, nodes: tuple[Node, ...]) -> dict[str, _Point]:
    """The parks of the plants; a plant outside every park, and a demand, stand for themselves."""
    inside: dict[str, int] = defaultdict(int)
    for node in nodes:
        if node.park:
            inside[node.park] += 1
    out = _plants(city, tuple(n for n in nodes if not n.park))
    for park, n in inside.items():
        _zh, _en, lat, lon = city.network.parks.get(park, (park, park, math.nan, math.nan))
        name = str(city.park(park))
        text = (name, ngettext("%(n)s plant", "%(n)s plants", n) % {"n": n})
        href = f"{reverse('map')}?park={park}"
        out[f"park:{park}"] = _Point(name, lon, lat, "park", href, text, 10 + 3 * math.sqrt(n))
    return out


def _line(a: _Point, b: _Point, flows: list[Flow], by: str) -> dict[str, object]:
    weight = sum(f.weight(by) for f in flows)
    names = list(dict.fromkeys(str(f.material) for f in flows))
    materials = "、".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")
    return {
        "from": [a.lon, a.lat],
        "to": [b.lon, b.lat],
        "weight": weight,
        "lines": [f"{a.name} → {b.name}", materials, amount(weight, by)],
    }


def bounds(points: list[_Point], outline: Outline | None) -> list[list[float]]:
    """West-north and east-south corner around the outline and every point, with a free edge."""
    lon = [p.lon for p in points] + ([outline.west, outline.east] if outline else [])
    lat = [p.lat for p in points] + ([outline.south, outline.north] if outline else [])
    if not lon:
        return [[73.0, 54.0], [135.0, 18.0]]
    wide = max(max(lon) - min(lon), SMALLEST) * EDGE
    tall = max(max(lat) - min(lat), SMALLEST) * EDGE
    return [[min(lon) - wide, max(lat) + tall], [max(lon) + wide, min(lat) - tall]]
