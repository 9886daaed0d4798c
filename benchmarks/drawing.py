"""The chain map of 500 plants: how long the server takes to choose, lay out and write it.

Districts like Jinchang stand side by side and trade with each other, so that the map is as dense as a real
one. The plan of Jinchang is solved once; its districts are drawn, not solved. The time in a browser is a
test (tests/web/test_drawings_browser.py), since it needs one.
"""

from __future__ import annotations

import itertools
import os
import platform
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from liantu.web.atlas.chainmap.parts import Flow, Graph, Node
    from liantu.web.kit.naming import Named

ROOT = Path(__file__).resolve().parent.parent


def districts(graph: Graph, copies: int) -> Graph:
    """The graph so many times side by side; every fifth flow goes on into the next district."""

    def of(named: Named, k: int) -> Named:
        return replace(
            named, id=_id(named.id, k), zh=f"{named.zh}（{k + 1}区）", en=f"{named.en}, district {k + 1}"
        )

    nodes: list[Node] = []
    flows: list[Flow] = []
    alone: list[Node] = []
    for k in range(copies):
        nodes += [replace(n, plant=of(n.plant, k)) for n in graph.nodes]
        alone += [replace(n, plant=of(n.plant, k)) for n in graph.alone]
        for i, f in enumerate(graph.flows):
            flows.append(replace(f, source=_id(f.source, k), target=_id(f.target, k)))
            if i % 5 == 0 and k + 1 < copies:
                flows.append(replace(f, source=_id(f.source, k), target=_id(f.target, k + 1)))
    return replace(graph, nodes=tuple(nodes), flows=tuple(flows), alone=tuple(alone))


def _id(name: str, k: int) -> str:
    return f"{name}__{k}" if k else name


def main() -> None:
    """Print machine, sizes and times."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liantu.web.settings")
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("LIANTU_VAR", folder)
        import django

        django.setup()
        print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
        for copies in (1, 2, 4, 7):
            measure(copies)


def measure(copies: int) -> None:
    """Time each step once."""
    from unittest.mock import patch

    from liantu import runs
    from liantu.web.atlas.chainmap.draw import draw
    from liantu.web.atlas.chainmap.graph import select
    from liantu.web.atlas.chainmap.parts import Filter
    from liantu.web.atlas.chainmap.write import write
    from liantu.web.atlas.city import City
    from liantu.web.atlas.selectors.maps import chain_colours

    opened = runs.open_city(ROOT / "examples" / "jinchang")
    city = City(opened, runs.plan(opened))
    times = [time.perf_counter()]
    chosen = select(city, Filter(utilities=True))
    times.append(time.perf_counter())
    graph = districts(chosen, copies)
    times.append(time.perf_counter())
    drawing = draw(graph, "value", False, chain_colours(city))
    times.append(time.perf_counter())
    with patch("liantu.web.atlas.city.current", lambda: city):
        text = write(drawing)
    times.append(time.perf_counter())
    choose, _copy, lay_out, written = (b - a for a, b in itertools.pairwise(times))
    plants = len(graph.nodes) + len(graph.alone)
    print(
        f"{plants} plants, {len(graph.flows)} flows: choose {choose:.2f} s, lay out {lay_out:.2f} s, "
        f"write {written:.2f} s, {len(text) // 1024} KiB"
    )


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
