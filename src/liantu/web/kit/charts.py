"""Charts declared as data: `kit/_chart.html` writes one into a page, `charts.js` draws it.

A chart carries its figures once: as JSON beside it for the drawing, and as a table for whoever can't see it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from liantu.web.kit.templatetags.figures import number

Kind = Literal["line", "bar", "scatter"]


@dataclass(frozen=True)
class Series:
    """A line, a set of bars or a cloud of points: a value for each category, None where there is none.

    `notes` are lines below each value in the tooltip (its source); none, or one for each category.
    """

    name: str
    values: tuple[float | None, ...]
    dashed: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chart:
    """A chart of series over categories (periods, runs, names), all in one `unit`.

    id: unique on the page. `stacked`: bars on top of each other. `flat`: bars lie, for long names. A scatter
    has numbers as categories. Raises ValueError where a series has not one value for each category.
    """

    id: str
    kind: Kind
    title: str
    unit: str
    categories: tuple[str | float, ...]
    series: tuple[Series, ...]
    heading: str = ""  # of the column of categories in the table
    stacked: bool = False
    flat: bool = False
    height: int = 320

    def __post_init__(self) -> None:
        for series in self.series:
            if len(series.values) != len(self.categories):
                raise ValueError(
                    f"{series.name}: {len(series.values)} values for {len(self.categories)} categories"
                )
            if len(series.notes) not in (0, len(self.categories)):
                raise ValueError(
                    f"{series.name}: {len(series.notes)} notes for {len(self.categories)} categories"
                )

    @property
    def json(self) -> str:
        """The id of the block of JSON beside it."""
        return f"{self.id}-data"

    @property
    def spec(self) -> dict[str, object]:
        """What `charts.js` reads."""
        return {
            "kind": self.kind,
            "unit": self.unit,
            "categories": list(self.categories),
            "series": [
                {"name": s.name, "values": [known(v) for v in s.values], "dashed": s.dashed}
                | ({"notes": list(s.notes)} if s.notes else {})
                for s in self.series
            ],
            "stacked": self.stacked,
            "flat": self.flat,
            "height": self.height,
        }

    @property
    def rows(self) -> Sequence[tuple[str | float, tuple[str, ...]]]:
        """The same figures as a table: category, text of each value."""
        return [
            (category, tuple(number(known(s.values[i])) for s in self.series))
            for i, category in enumerate(self.categories)
        ]


@dataclass(frozen=True)
class Diagram:
    """A drawing that `charts.js` makes of a spec of its own kind (sankey, map); its table stands elsewhere on
    the page, at `table`."""

    id: str
    title: str
    spec: dict[str, object]
    table: str = "#table"
    note: str = ""  # below the picture that is saved: source, date

    @property
    def json(self) -> str:
        """The id of the block of JSON beside it."""
        return f"{self.id}-data"


def known(value: float | None) -> float | None:
    """The value, or None where it is no number that can be drawn."""
    return None if value is None or not math.isfinite(value) else value
