"""The Sankey view: the flows of the filter between plants, parks, chains or enterprises, without cycles.

A Sankey diagram can't show a cycle. Where the flows have one, the flows that run back against the order (the
greedy order of Eades, Lin and Smyth by what the width stands for, so that little is cut) end at a mark of
their own that bears the name of where they go; the page says how many these are and what they carry.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _

from liantu.chain.plan import Crossing
from liantu.report import names as report
from liantu.web.atlas.chainmap.graph import enterprise_of, select
from liantu.web.atlas.chainmap.layers import feedback, layer_of
from liantu.web.atlas.chainmap.parts import Filter, Flow, kind_of, tce_of, tonnes_of
from liantu.web.atlas.city import City
from liantu.web.atlas.templatetags.city import place_name
from liantu.web.kit.templatetags.figures import money, quantity

GROUPS = ("plant", "park", "chain", "enterprise")
OUTSIDE = {"buy": "in", "sell": "out", "dump": "out", "vent": "out", "short": "in"}
NAMED = 3  # materials of a merged flow that are named
ROW, SHORTEST, TALLEST = 30, 420, 4000  # px


@dataclass(frozen=True)
class Link:
    """What goes from one group to another. weight: in CNY, t or tce a year as the filter says."""

    source: str
    target: str
    weight: float
    kind: str
    materials: tuple[str, ...]  # names, the heaviest first


@dataclass(frozen=True)
class Sankey:
    """The diagram as `charts.js` draws it, the flows behind it, and what the diagram leaves out.

    back: flows that would close a cycle, with what they carry; within: flows that stay inside one group;
    weightless: flows that have nothing of what the width stands for.
    """

    spec: dict[str, object]
    flows: tuple[Flow, ...]
    back: tuple[Link, ...]
    back_share: float
    within: int
    weightless: int


def sankey(city: City, wanted: Filter, by_group: str, outside: bool) -> Sankey:
    """The Sankey of the filter; `outside` adds what is bought, sold, dumped and vented."""
    wanted = replace(wanted, candidates="")
    graph = select(city, wanted)
    group = _grouping(city, by_group)
    flows = sorted(graph.flows, key=lambda f: -f.weight(wanted.by))
    parts = [(group(f.source), group(f.target), f.weight(wanted.by), f.kind, str(f.material)) for f in flows]
    inside = {node.plant.id for node in (*graph.nodes, *graph.alone) if node.inside}
    if outside:
        parts += _crossings(city, wanted, inside, group)
    within = sum(a == b for a, b, *_rest in parts)
    weightless = sum(w <= 0 and a != b for a, b, w, *_rest in parts)
    links = _merged([p for p in parts if p[0] != p[1] and p[2] > 0], by_group == "plant")
    at = {name: i for i, name in enumerate(sorted({end for k in links for end in (k.source, k.target)}))}
    edges = [(at[k.source], at[k.target], k.weight) for k in links]
    back = feedback(len(at), edges)
    total = sum(k.weight for k in links)
    cut = [links[i] for i in sorted(back)]
    return Sankey(
        spec=_spec(city, links, back, wanted.by, by_group),
        flows=tuple(flows),
        back=tuple(sorted(cut, key=lambda k: -k.weight)),
        back_share=sum(k.weight for k in cut) / total if total > 0 else 0.0,
        within=within,
        weightless=weightless,
    )


def _grouping(city: City, by_group: str) -> Callable[[str], str]:
    """What each place belongs to; a demand, a pool and the outside stand for themselves."""
    p = city.network.plants

    def group(place: str) -> str:
        if place not in p.index or by_group == "plant":
            return place
        f = p.index[place]
        name = {"park": p.park[f], "chain": city.chain_of(place), "enterprise": p.enterprise[f]}[by_group]
        return f"{by_group}:{name}"

    return group


def _crossings(
    city: City, wanted: Filter, inside: set[str], group: Callable[[str], str]
) -> list[tuple[str, str, float, str, str]]:
    out = []
    for c in city.plan.crossings:
        if c.kind not in OUTSIDE or (wanted.material and c.material != wanted.material):
            continue
        pooled = c.place not in city.network.plants.index and not c.place.startswith("demand:")
        if not (c.place in inside or (pooled and wanted.whole)):
            continue
        kind = kind_of(city, c.material)
        if kind == "utility" and not wanted.utilities:
            continue
        ends = (
            (f"out:{c.kind}", group(c.place))
            if OUTSIDE[c.kind] == "in"
            else (group(c.place), f"out:{c.kind}")
        )
        out.append((*ends, _weight(city, c, wanted.by), kind, str(city.material(c.material))))
    return out


def _weight(city: City, c: Crossing, by: str) -> float:
    if by == "value":
        return abs(c.value_cny)
    size = (
        tonnes_of(city, c.material, c.quantity) if by == "quantity" else tce_of(city, c.material, c.quantity)
    )
    return size if size == size else 0.0


def _merged(parts: Iterable[tuple[str, str, float, str, str]], apart: bool) -> list[Link]:
    """One link for all that goes between two groups; between plants one for each material."""
    found: dict[tuple[str, ...], list[tuple[float, str, str]]] = defaultdict(list)
    for a, b, weight, kind, material in parts:
        found[(a, b, material) if apart else (a, b)].append((weight, kind, material))
    out = []
    for key, some in found.items():
        by_material: dict[str, float] = defaultdict(float)
        for weight, _kind, material in some:
            by_material[material] += weight
        heaviest = max(some)[1]
        order = sorted(by_material, key=lambda m: -by_material[m])
        out.append(Link(key[0], key[1], sum(w for w, *_r in some), heaviest, tuple(order)))
    return sorted(out, key=lambda k: (-k.weight, k.source, k.target))


def _spec(city: City, links: list[Link], back: set[int], by: str, by_group: str) -> dict[str, object]:
    drawn = []
    carried: list[tuple[str, str, float]] = []
    nodes: dict[str, dict[str, object]] = {}
    for i, k in enumerate(links):
        target = f"back:{k.target}" if i in back else k.target
        for end in (k.source, target):
            nodes.setdefault(end, _node(city, end, by_group))
        materials = "、".join(k.materials[:NAMED]) + (" …" if len(k.materials) > NAMED else "")
        text = f"{materials}\n{amount(k.weight, by)}"
        carried.append((k.source, target, k.weight))
        drawn.append({"source": k.source, "target": target, "value": k.weight, "text": text, "kind": k.kind})
    at = {name: i for i, name in enumerate(nodes)}
    edges = [(at[a], at[b], 1.0) for a, b, _w in carried]
    layers = layer_of(len(at), edges)
    ends = sum(not any(a == v for a, _b, _w in edges) for v in range(len(at)))
    tallest = max([ends, *(layers.count(v) for v in set(layers))], default=1)
    for name, node in nodes.items():
        into = sum(w for _a, b, w in carried if b == name)
        away = sum(w for a, _b, w in carried if a == name)
        node["text"] = amount(max(into, away), by)
    return {
        "kind": "sankey",
        "nodes": list(nodes.values()),
        "links": drawn,
        "height": min(TALLEST, max(SHORTEST, ROW * tallest + 40)),
        "layers": max(layers, default=0) + 1,
    }


def _node(city: City, name: str, by_group: str) -> dict[str, object]:
    plain = name.removeprefix("back:")
    label, href, kind = group_name(city, plain), "", "plant"
    if plain in city.network.plants.index:
        href = reverse("plants-one", args=[plain])
    elif plain.startswith(f"{by_group}:") and plain.partition(":")[2]:
        href = f"{reverse('map-sankey')}?{by_group}={plain.partition(':')[2]}"
    elif plain.startswith("out:"):
        kind = "outside"
    if name != plain:
        return {"id": name, "name": f"↩ {label}", "href": href, "kind": "back"}
    return {"id": name, "name": label, "href": href, "kind": kind}


def group_name(city: City, name: str) -> str:
    """What a group is called: a plant, a park, a chain, an enterprise, a pool, or the way out of the city."""
    what, _colon, key = name.partition(":")
    if what == "out":
        return report.word(key)
    if what in ("park", "chain", "enterprise") and not key:
        return {"park": _("no park"), "chain": _("no chain"), "enterprise": _("no enterprise")}[what]
    if what == "park" and key in city.network.parks:
        return str(city.park(key))
    if what == "chain":
        return str(city.chain(key))
    if what == "enterprise":
        return str(enterprise_of(city, key) or key)
    return place_name(name)


def amount(weight: float, by: str) -> str:
    """What a width stands for, with its unit, a year."""
    if by == "value":
        return money(weight) + _("/y")
    return quantity(weight, "t/y" if by == "quantity" else "tce/y")
