"""A plant as a box of the drawing: its place, its lines of text, its signs."""

from __future__ import annotations

import math
from dataclasses import dataclass

from liantu.web.atlas.chainmap.parts import Node
from liantu.web.kit.lettering import wrap
from liantu.web.kit.templatetags.figures import WHOLE

LETTER = 11.5


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
        """Whether there is a load to show: a place of demand and a candidate have none."""
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
    def worth_y(self) -> float:
        """Where the worth of a candidate is written."""
        return round(self.bottom - 7, 1)

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


def box_of(node: Node, x: float, y: float, wide: float, tall: float, colour: int) -> Box:
    """The box with its upper left corner at (x, y), its name in at most two lines."""
    text = wrap(str(node.plant), wide - 16, LETTER)
    middle = y + (tall - (20 if node.worth else 6)) / 2
    first = middle - (len(text) - 1) * 7 + 4
    lines = tuple((line, round(first + 14 * i, 1)) for i, line in enumerate(text))
    idle = not node.load > 0 and node.worth is None
    return Box(node, round(x, 1), round(y, 1), wide, round(tall, 1), lines, colour, node.load >= WHOLE, idle)
