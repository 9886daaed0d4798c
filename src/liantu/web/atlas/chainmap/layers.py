"""Which layer each plant of the map stands in: cycles broken, then the longest path, then pulled tight."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Mapping, Sequence

Edge = tuple[int, int, float]  # source, target, weight


def feedback(n: int, edges: Sequence[Edge]) -> set[int]:
    """Positions of edges that run against the order and are drawn backwards.

    Greedy of Eades, Lin and Smyth (1993) by weight: sinks to the end, sources to the front, and between
    them the vertex that gives most more than it receives. What is left has no cycle.
    """
    place = {v: i for i, v in enumerate(_greedy_order(n, edges))}
    return {k for k, (a, b, _) in enumerate(edges) if place[a] > place[b]}


def _greedy_order(n: int, edges: Sequence[Edge]) -> list[int]:
    out: list[dict[int, float]] = [{} for _ in range(n)]
    into: list[dict[int, float]] = [{} for _ in range(n)]
    for a, b, weight in edges:
        if a != b:
            out[a][b] = out[a].get(b, 0.0) + weight
            into[b][a] = into[b].get(a, 0.0) + weight
    left = set(range(n))
    front: list[int] = []
    back: list[int] = []

    def take(v: int) -> None:
        left.discard(v)
        for w in out[v]:
            into[w].pop(v, None)
        for w in into[v]:
            out[w].pop(v, None)

    while left:
        sinks = [v for v in sorted(left) if not out[v]]
        for v in sinks:
            take(v)
            back.append(v)
        sources = [v for v in sorted(left) if not into[v]]
        for v in sources:
            take(v)
            front.append(v)
        if left and not sinks and not sources:
            v = max(sorted(left), key=lambda u: sum(out[u].values()) - sum(into[u].values()))
            take(v)
            front.append(v)
    return front + back[::-1]


def banded_layers(
    n: int, edges: Sequence[Edge], band: Sequence[int]
) -> tuple[list[int], set[int], list[tuple[int, int]]]:
    """Layers that keep the order of the bands: every vertex of a band stands before those of the next.

    Returns the layer of each vertex, the positions of edges that are drawn backwards (all that lead to an
    earlier band, and those that close a cycle within one), and each band's first and last layer.
    """
    backward = {k for k, (a, b, _) in enumerate(edges) if band[a] > band[b]}
    layer, spans, first = [0] * n, [], 0
    for number in sorted(set(band)):
        members = [v for v in range(n) if band[v] == number]
        place = {v: i for i, v in enumerate(members)}
        at = [k for k, (a, b, _) in enumerate(edges) if a in place and b in place and a != b]
        own = [(place[edges[k][0]], place[edges[k][1]], edges[k][2]) for k in at]
        back = feedback(len(members), own)
        backward |= {at[i] for i in back}
        acyclic = [(b, a, w) if i in back else (a, b, w) for i, (a, b, w) in enumerate(own)]
        drawn = [0.0] * len(members)
        for k, (a, b, weight) in enumerate(edges):
            if band[a] != band[b]:
                to_right = 1 if k not in backward else -1
                for v, sign in ((a, to_right), (b, -to_right)):
                    if v in place:
                        drawn[place[v]] += sign * weight
        for v, value in zip(members, layer_of(len(members), acyclic, drawn=drawn), strict=True):
            layer[v] = first + value
        last = max((layer[v] for v in members), default=first)
        spans.append((first, last))
        first = last + 1
    return layer, backward, spans


def layer_of(
    n: int, edges: Sequence[Edge], rounds: int = 8, drawn: Sequence[float] | None = None
) -> list[int]:
    """Layer of each vertex of an acyclic graph: every edge leads to a higher one, and edges are short;
    `drawn`: how strongly what is not in the graph draws each vertex to the right."""
    before: list[list[tuple[int, float]]] = [[] for _ in range(n)]
    after: list[list[tuple[int, float]]] = [[] for _ in range(n)]
    for a, b, weight in edges:
        before[b].append((a, weight))
        after[a].append((b, weight))
    order = _topological(n, before, after)
    layer = [0] * n
    for v in order:
        layer[v] = max((layer[u] + 1 for u, _ in before[v]), default=0)
    deepest = max(layer, default=0)
    outside = drawn or [0.0] * n
    pull = [outside[v] + sum(w for _, w in after[v]) - sum(w for _, w in before[v]) for v in range(n)]
    for _ in range(rounds):
        last = list(layer)
        for v in (*reversed(order), *order):
            if pull[v] > 0:
                layer[v] = min([layer[w] - 1 for w, _ in after[v]], default=deepest)
            elif pull[v] < 0:
                layer[v] = max([layer[u] + 1 for u, _ in before[v]], default=0)
        if layer == last:
            break
    used = {value: i for i, value in enumerate(sorted(set(layer)))}
    return [used[value] for value in layer]


def _topological(
    n: int, before: Sequence[Sequence[tuple[int, float]]], after: Sequence[Sequence[tuple[int, float]]]
) -> list[int]:
    waiting = [len(part) for part in before]
    ready = [v for v in range(n) if not waiting[v]]
    order = []
    while ready:
        v = ready.pop()
        order.append(v)
        for w, _ in after[v]:
            waiting[w] -= 1
            if not waiting[w]:
                ready.append(w)
    return order


def barycentre_orders(
    layers: Sequence[Sequence[int]], links: Mapping[int, Sequence[int]], sweeps: int = 24
) -> list[list[int]]:
    """The vertices of each layer in an order with few crossings; `links` names the neighbours of a vertex.

    Sweeps to and fro, each layer sorted by the mean place of its neighbours in the layer before; the
    order with fewest crossings of all sweeps is kept.
    """
    order = [list(layer) for layer in layers]
    best, fewest = order, crossings(order, links)
    at = {v: i for i, layer in enumerate(layers) for v in layer}
    beside = tuple(  # the neighbours of each vertex in the layer before, and in the one after
        {v: [u for u in links[v] if at.get(u) == i + step] for v, i in at.items()} for step in (-1, 1)
    )
    place = {v: p for layer in order for p, v in enumerate(layer)}
    for sweep in range(sweeps):
        forward = sweep % 2 == 0
        steps = range(1, len(order)) if forward else range(len(order) - 2, -1, -1)
        order, last = list(order), order
        for i in steps:
            order[i] = _by_mean(order[i], beside[0 if forward else 1], place)
            place.update(zip(order[i], itertools.count()))
        now = fewest if order == last else crossings(order, links)
        if now < fewest:
            fewest, best = now, order
    return best


def _by_mean(
    layer: Sequence[int], beside: Mapping[int, Sequence[int]], place: Mapping[int, int]
) -> list[int]:
    """A layer sorted by the mean place of each vertex's neighbours; one without stays where it is."""
    keys = []
    for p, v in enumerate(layer):
        near = beside[v]
        keys.append((sum([place[u] for u in near]) / len(near) if near else float(p), p))
    return [layer[p] for _, p in sorted(keys)]


def crossings(order: Sequence[Sequence[int]], links: Mapping[int, Sequence[int]]) -> int:
    """How many pairs of edges between neighbouring layers cross."""
    total = 0
    for left, right in itertools.pairwise(order):
        place = {v: p for p, v in enumerate(right)}
        ends = [sorted([place[u] for u in links[v] if u in place]) for v in left]
        total += _inversions([p for part in ends for p in part])
    return total


def _inversions(values: Sequence[int]) -> int:
    """Pairs in the wrong order."""
    seen: list[int] = []
    total = 0
    for value in values:
        at = bisect_right(seen, value)
        total += len(seen) - at
        seen.insert(at, value)
    return total
