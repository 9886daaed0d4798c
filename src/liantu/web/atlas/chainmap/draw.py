"""The laid-out map in the terms of a drawing: boxes, wires and labels that a template writes as SVG."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

from liantu.web.atlas.chainmap.graph import Flow, Graph, Node
from liantu.web.atlas.chainmap.layout import Layout, Point, Style, lay_out
from liantu.web.kit.lettering import cut, wrap
from liantu.web.kit.naming import chinese
from liantu.web.kit.templatetags.figures import WHOLE

MARGIN = 16.0
LABELLED = {
    True: Style(width=142, height=44, gap=122, port=15, widest=12, between=14),
    False: Style(width=156, height=44, gap=154, port=15, widest=12, between=14),
}
"""With names of materials, for Chinese and for English."""
PLAIN = Style(width=122, height=40, gap=58, port=7, widest=9, between=10)
LETTER, SMALL = 11.5, 10.0


@dataclass(frozen=True)
class Box:
    """A plant: its corner and size, its name in lines with their heights, its load as a width."""

    node: Node
    x: float
    y: float
    width: float
    height: float
    lines: tuple[tuple[str, float], ...]
    colour: int
    full: bool
    idle: bool

    @property
    def load_bar(self) -> bool:
        """Whether there is a load to show: a place of demand has none."""
        return not math.isnan(self.node.load)

    @property
    def bar_room(self) -> float:
        return self.width - 20

    @property
    def load_width(self) -> float:
        return round(max(0.0, min(1.0, self.node.load)) * self.bar_room, 1)

    @property
    def bar_y(self) -> float:
        return round(self.bottom - 7, 1)

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def text_x(self) -> float:
        return self.x + 11

    @property
    def bought_sign(self) -> str:
        """A triangle that points into the box from above."""
        return f"M{self.x + 14:.1f} {self.y - 6:.1f}h11l-5.5 9z"

    @property
    def dumped_sign(self) -> str:
        """A triangle that points out of the box, below."""
        return f"M{self.x + self.width - 26:.1f} {self.bottom - 2:.1f}h11l-5.5 9z"

    @property
    def bottleneck_sign(self) -> str:
        """A diamond on the upper right corner."""
        return f"M{self.x + self.width - 12:.1f} {self.y:.1f}l6 -6l6 6l-6 6z"


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
class Drawing:
    """Everything on the map; `scale` says what some widths of a flow stand for."""

    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...]
    labels: tuple[Label, ...]
    width: float
    height: float
    note_y: float
    scale: tuple[tuple[float, float], ...]
    arrows: tuple[str, ...] = ("main", "byproduct", "utility", "burden")

    @property
    def floor(self) -> int:
        """How far the drawing may shrink before it scrolls, in hundreds of px: to 85 % of its width."""
        return min(30, max(3, math.ceil(self.width * 0.85 / 100)))


def draw(graph: Graph, by: str, labelled: bool, colours: dict[str, int]) -> Drawing:
    """Lay the graph out and describe what is drawn; `colours` gives each chain its colour."""
    style = LABELLED[chinese()] if labelled else PLAIN
    largest = max((f.weight(by) for f in graph.flows), default=0.0)
    thick = [thickness(f.weight(by), largest, style.widest) for f in graph.flows]
    layout = lay_out(graph, thick, style)
    boxes = [
        _box(node, *layout.corner[i], style.width, layout.tall[i], colours)
        for i, node in enumerate(graph.nodes)
    ]
    across = max(layout.width, 4 * (style.width + 12) - 12 if graph.alone else 0.0)
    below = layout.height + (46 if graph.nodes and graph.alone else 0)
    alone = _rows(graph.alone, across, below, style, colours)
    bottom = max([layout.height, *(b.bottom - MARGIN for b in alone)])
    return Drawing(
        boxes=(*boxes, *alone),
        wires=tuple(
            Wire(f, _path(p), t, k in layout.backward, f.value < 0)
            for k, (f, p, t) in enumerate(zip(graph.flows, layout.points, thick, strict=True))
        ),
        labels=_labels(graph, layout, style) if labelled else (),
        width=across + 2 * MARGIN,
        height=bottom + 2 * MARGIN,
        note_y=below + MARGIN - 12 if alone and graph.nodes else 0.0,
        scale=_scale(largest, style.widest),
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


def _box(node: Node, x: float, y: float, wide: float, tall: float, colours: dict[str, int]) -> Box:
    text = wrap(str(node.plant), wide - 16, LETTER)
    middle = y + (tall - 6) / 2 + MARGIN
    first = middle - (len(text) - 1) * 7 + 4
    lines = tuple((line, round(first + 14 * i, 1)) for i, line in enumerate(text))
    corner = round(x + MARGIN, 1), round(y + MARGIN, 1)
    idle = not node.load > 0
    return Box(
        node, *corner, wide, round(tall, 1), lines, colours.get(node.chain, 0), node.load >= WHOLE, idle
    )


def _rows(
    nodes: tuple[Node, ...], across: float, top: float, style: Style, colours: dict[str, int]
) -> list[Box]:
    """Plants without flows, in rows below the map."""
    per_row = max(1, int((across + 12) // (style.width + 12)))
    return [
        _box(
            node,
            (i % per_row) * (style.width + 12),
            top + (i // per_row) * (style.height + 12),
            style.width,
            style.height,
            colours,
        )
        for i, node in enumerate(nodes)
    ]


def _path(points: list[Point]) -> str:
    """A smooth way through the points: level where it passes a layer, a curve between two layers."""
    moved = [(round(x + MARGIN, 1), round(y + MARGIN, 1)) for x, y in points]
    out = [f"M{moved[0][0]} {moved[0][1]}"]
    for i, ((x1, y1), (x2, y2)) in enumerate(itertools.pairwise(moved)):
        if i % 2 == 1:
            out.append(f"L{x2} {y2}")
        else:
            bend = round((x1 + x2) / 2, 1)
            out.append(f"C{bend} {y1} {bend} {y2} {x2} {y2}")
    return "".join(out)


def _labels(graph: Graph, layout: Layout, style: Style) -> tuple[Label, ...]:
    named = {(f.source, f.material.id): f.material for f in graph.flows}
    index = {node.plant.id: i for i, node in enumerate(graph.nodes)}
    out = []
    for (source, _), material in named.items():
        (x, y), backward = layout.outlet[index[source], material.id]
        text = cut(str(material), style.gap - 14, SMALL)
        shift = -5 if backward else 5
        out.append(Label(text, str(material), x + MARGIN + shift, round(y + MARGIN - 3, 1), backward))
    return tuple(out)
