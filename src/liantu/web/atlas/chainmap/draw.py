"""The laid-out map in the terms of a drawing: boxes, wires and labels that a template writes as SVG."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

from liantu.web.atlas.chainmap.box import Box, box_of
from liantu.web.atlas.chainmap.layout import Layout, Point, Style, lay_out
from liantu.web.atlas.chainmap.parts import CANDIDATE, Flow, Graph, Node
from liantu.web.atlas.chainmap.stages import ORDER, TITLES, UNKNOWN, bands
from liantu.web.kit.lettering import cut
from liantu.web.kit.naming import chinese

MARGIN = 16.0
HEAD = 30.0  # room for the names of the stages
LABELLED = {
    True: Style(width=142, height=44, gap=122, port=15, widest=12, between=14),
    False: Style(width=156, height=44, gap=154, port=15, widest=12, between=14),
}
"""With names of materials, for Chinese and for English."""
PLAIN = Style(width=122, height=40, gap=58, port=7, widest=9, between=10)
SMALL = 10.0


@dataclass(frozen=True)
class Wire:
    """A flow as the path of an SVG, `thick` px wide."""

    flow: Flow
    path: str
    thick: float
    backward: bool
    burden: bool


@dataclass(frozen=True)
class Label:
    """What leaves a plant, written beside its outlet."""

    text: str
    title: str
    x: float
    y: float
    end: bool  # aligned at its end


@dataclass(frozen=True)
class Band:
    """A stage as a strip behind its plants."""

    stage: str
    x: float
    width: float

    @property
    def title(self) -> str:
        return str(TITLES[self.stage])

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True)
class Drawing:
    """Everything on the map; `scale` says what some widths of a flow stand for."""

    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...]
    labels: tuple[Label, ...]
    bands: tuple[Band, ...]
    width: float
    height: float
    map_height: float  # without the plants that stand alone
    note_y: float
    scale: tuple[tuple[float, float], ...]
    arrows: tuple[str, ...] = ("main", "byproduct", "utility", "burden", "candidate")

    @property
    def floor(self) -> int:
        """How far the drawing may shrink before it scrolls, in hundreds of px: to 85 % of its width."""
        return min(30, max(3, math.ceil(self.width * 0.85 / 100)))


def draw(graph: Graph, by: str, labelled: bool, colours: dict[str, int], staged: bool = True) -> Drawing:
    """Lay the graph out and describe what is drawn; `colours` gives each chain its colour. `staged`: the
    plants stand in the stages that the tables declare, else in the order of the flows alone."""
    style = LABELLED[chinese()] if labelled else PLAIN
    largest = max((f.weight(by) for f in graph.flows), default=0.0)
    thick = [thickness(f.weight(by), largest, style.widest) for f in graph.flows]
    stages = [node.stage for node in graph.nodes]
    staged = staged and any(stages)
    layout = lay_out(graph, thick, style, bands(stages) if staged else None)
    strips = _bands(stages, layout, style) if staged else ()
    top = MARGIN + (HEAD if strips else 0.0)
    boxes = [
        box_of(node, x + MARGIN, y + top, style.width, layout.tall[i], colours.get(node.chain, 0))
        for i, node in enumerate(graph.nodes)
        for x, y in (layout.corner[i],)
    ]
    across = max(layout.width, 4 * (style.width + 12) - 12 if graph.alone else 0.0)
    below = layout.height + top + (46 if graph.nodes and graph.alone else 0)
    alone = _rows(graph.alone, across, below, style, colours)
    bottom = max([layout.height + top, *(b.bottom for b in alone)])
    return Drawing(
        boxes=(*boxes, *alone),
        wires=tuple(
            Wire(f, _path(p, top), t, k in layout.backward, f.value < 0 and f.kind != CANDIDATE)
            for k, (f, p, t) in enumerate(zip(graph.flows, layout.points, thick, strict=True))
        ),
        labels=_labels(graph, layout, style, top) if labelled else (),
        bands=strips,
        width=across + 2 * MARGIN,
        height=bottom + MARGIN,
        map_height=layout.height + top,
        note_y=below - 12 if alone and graph.nodes else 0.0,
        scale=_scale(largest, style.widest),
    )


def _bands(stages: list[str], layout: Layout, style: Style) -> tuple[Band, ...]:
    """A strip behind each stage, from the middle of one gap to the middle of the next."""
    here = [stage for stage in ORDER if stage in {s if s in ORDER else UNKNOWN for s in stages}]
    room = min(style.gap / 2 - 4, MARGIN - 6)
    return tuple(
        Band(stage, round(left + MARGIN - room, 1), round(right - left + 2 * room, 1))
        for stage, (left, right) in zip(here, layout.spans, strict=True)
    )


def thickness(weight: float, largest: float, widest: float) -> float:
    """Width of a flow: by the root of what it carries, so that a hundredth is still seen."""
    if weight <= 0 or largest <= 0:
        return 1.0
    return round(1.0 + (widest - 1.0) * math.sqrt(weight / largest), 2)


def _scale(largest: float, widest: float) -> tuple[tuple[float, float], ...]:
    """Three round amounts with their widths, for the legend."""
    if largest <= 0:
        return ()
    top = 10.0 ** math.floor(math.log10(largest))
    return tuple((v, thickness(v, largest, widest)) for v in (top, top / 10, top / 100))


def _rows(
    nodes: tuple[Node, ...], across: float, top: float, style: Style, colours: dict[str, int]
) -> list[Box]:
    """Plants without flows, in rows below the map."""
    per_row = max(1, int((across + 12) // (style.width + 12)))
    tall = style.height + (style.more if any(node.worth for node in nodes) else 0)
    return [
        box_of(
            node,
            (i % per_row) * (style.width + 12) + MARGIN,
            top + (i // per_row) * (tall + 12),
            style.width,
            tall,
            colours.get(node.chain, 0),
        )
        for i, node in enumerate(nodes)
    ]


def _path(points: list[Point], top: float) -> str:
    """A smooth way through the points: level where it passes a layer, a curve between two layers."""
    moved = [(round(x + MARGIN, 1), round(y + top, 1)) for x, y in points]
    out = [f"M{moved[0][0]} {moved[0][1]}"]
    for i, ((x1, y1), (x2, y2)) in enumerate(itertools.pairwise(moved)):
        if i % 2 == 1:
            out.append(f"L{x2} {y2}")
        else:
            bend = round((x1 + x2) / 2, 1)
            out.append(f"C{bend} {y1} {bend} {y2} {x2} {y2}")
    return "".join(out)


def _labels(graph: Graph, layout: Layout, style: Style, top: float) -> tuple[Label, ...]:
    named = {(f.source, f.material.id): f.material for f in graph.flows}
    index = {node.plant.id: i for i, node in enumerate(graph.nodes)}
    out = []
    for (source, _), material in named.items():
        (x, y), backward = layout.outlet[index[source], material.id]
        text = cut(str(material), style.gap - 14, SMALL)
        shift = -5 if backward else 5
        out.append(Label(text, str(material), x + MARGIN + shift, round(y + top - 3, 1), backward))
    return tuple(out)
