"""What is marked on the plants of a city: bought in, dumped, bottleneck."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from liantu.web.atlas.city import City
from liantu.web.kit.templatetags.figures import WHOLE

BOTTLENECKS = 10  # so many are marked


@dataclass(frozen=True)
class Marks:
    """What each plant buys in that some recipe of the data makes, what it dumps that one uses, and the
    bottlenecks."""

    bought: Mapping[str, Sequence[str]]
    dumped: Mapping[str, Sequence[str]]
    bottlenecks: frozenset[str]

    @classmethod
    def of(cls, city: City) -> Marks:
        n = city.network
        flow = n.recipes.flow.tocoo()
        made = {n.materials.id[m] for m in flow.col[flow.data > 0]}
        used = {n.materials.id[m] for m in flow.col[flow.data < 0]}
        kind = dict(zip(n.materials.id, n.materials.kind, strict=True))
        bought: dict[str, list[str]] = defaultdict(list)
        dumped: dict[str, list[str]] = defaultdict(list)
        for c in city.plan.crossings:
            if c.kind == "buy" and c.material in made and kind[c.material] != "utility":
                bought[c.place].append(c.material)
            if c.kind == "dump" and c.material in used:
                dumped[c.place].append(c.material)
        return cls(bought, dumped, frozenset(bottlenecks(city)))


def bottlenecks(city: City) -> list[str]:
    """The full plants whose room is worth most: what one unit more would bring, times the capacity."""
    full = [p for p in city.plan.plants if p.load >= WHOLE and 1e-6 < p.rent_low < math.inf]
    return [p.id for p in sorted(full, key=lambda p: -p.rent_low * p.capacity)[:BOTTLENECKS]]
