"""Following a material up and down: the plants and flows that it comes from, goes into, or passes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from liantu.web.atlas.chainmap.parts import Filter, Flow
from liantu.web.atlas.city import City

Links = Mapping[str, Sequence[str]]


def followed(city: City, flows: Sequence[Flow], wanted: Filter) -> tuple[list[Flow], set[str]]:
    """The flows on the ways that the filter asks for, and the plants on them."""
    down, up = _links(flows)
    makers, users = dealers(city, wanted.follow, 1), dealers(city, wanted.follow, -1)
    makers |= {f.source for f in flows if f.material.id == wanted.follow}
    users |= {f.target for f in flows if f.material.id == wanted.follow}
    if wanted.to:
        ends = dealers(city, wanted.to, 1)
        on = set(reach(makers | users, down)) & set(reach(ends, up))
        return [f for f in flows if f.source in on and f.target in on], on
    kept: set[int] = set()
    plants: set[str] = set()
    if wanted.direction in ("down", "both"):
        layer = reach(users, down, wanted.depth)
        plants |= makers | set(layer)
        kept |= {k for k, f in enumerate(flows) if f.material.id == wanted.follow}
        kept |= {k for k, f in enumerate(flows) if _inside(layer, f.source, f.target, wanted.depth)}
    if wanted.direction in ("up", "both"):
        layer = reach(makers, up, wanted.depth)
        plants |= set(layer)
        kept |= {k for k, f in enumerate(flows) if _inside(layer, f.target, f.source, wanted.depth)}
    return [f for k, f in enumerate(flows) if k in kept], plants


def dealers(city: City, material: str, sign: int) -> set[str]:
    """The running plants that make (sign 1) or use (-1) the material."""
    n = city.network
    column = n.recipes.flow[:, [n.materials.index[material]]].toarray().ravel() * sign
    return {p.id for p in city.plan.plants if p.activity > 0 and column[n.recipes.index[p.recipe]] > 0}


def reach(starts: Iterable[str], links: Links, depth: int = 0) -> dict[str, int]:
    """How many steps away each plant is that can be reached: 1 for the starts, at most `depth` (0: all)."""
    found = dict.fromkeys(sorted(starts), 1)
    edge = list(found)
    step = 1
    while edge and step != depth:
        step += 1
        edge = sorted({w for v in edge for w in links.get(v, ()) if w not in found})
        found |= dict.fromkeys(edge, step)
    return found


def _inside(layer: Mapping[str, int], near: str, far: str, depth: int) -> bool:
    """Whether a step from `near` to `far` belongs to the walk: one that starts where it ends does not."""
    return near in layer and far in layer and (depth == 0 or layer[near] < depth)


def _links(flows: Sequence[Flow]) -> tuple[Links, Links]:
    down: dict[str, list[str]] = defaultdict(list)
    up: dict[str, list[str]] = defaultdict(list)
    for f in flows:
        down[f.source].append(f.target)
        up[f.target].append(f.source)
    return down, up
