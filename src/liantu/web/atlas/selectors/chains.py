"""The list of chains, 2+4 or 2+4+N: what the tables of a version declare, with the plan's figures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from liantu.web.atlas.chainmap.graph import family
from liantu.web.atlas.chainmap.stages import STAGES, TITLES
from liantu.web.atlas.city import City
from liantu.web.kit.naming import Named, chinese


@dataclass(frozen=True)
class Stage:
    """A stage of a chain: its name, and the recipes and materials that the tables put there."""

    name: Any
    recipes: tuple[Named, ...]
    materials: tuple[Named, ...]


@dataclass(frozen=True)
class ChainRow:
    """A chain with its sub-chains: money a year in CNY, shares of one; depth 1 stands under its parent."""

    id: str
    depth: int
    plants: int
    output: float
    share: float
    value_added: float
    margin: float
    local: float | None
    tier: str = ""
    stages: tuple[Stage, ...] = field(default=())


def chain_rows(city: City, with_stages: bool = False) -> tuple[ChainRow, ...]:
    """Chains by output, each followed by its sub-chains."""
    output = {o.id: o for o in city.accounts.output if o.scope == "chain"}
    parent = {name: above for name, (_, _, above) in city.network.chains.items()}
    largest = max((o.output_cny for o in output.values()), default=0.0)
    rates = {s.id: s.rate_value for s in city.accounts.local_supply if s.scope == "chain"}
    tiers = {row["id"]: row["tier"] or "" for row in city.tables["chains"].select("id", "tier").to_dicts()}
    running = Counter(city.chain_of(p.id) for p in city.plan.plants)

    def row(name: str, depth: int) -> ChainRow:
        inside = family(city, name)
        o = output[name]
        return ChainRow(
            id=name,
            depth=depth,
            plants=sum(running[c] for c in inside),
            output=o.output_cny,
            share=o.output_cny / largest if largest > 0 else 0.0,
            value_added=o.value_added_cny,
            margin=sum(city.plan.margins.chain.get(c, 0.0) for c in inside),
            local=rates.get(name),
            tier=tier_text(tiers.get(name, "")),
            stages=_stages(city, name) if with_stages else (),
        )

    def below(above: str, depth: int) -> list[ChainRow]:
        names = [n for n in output if n and (parent.get(n, "") or "") == above]
        rows: list[ChainRow] = []
        for name in sorted(names, key=lambda n: -output[n].output_cny):
            rows += [row(name, depth), *below(name, depth + 1)]
        return rows

    return tuple(below("", 0))


def formula(rows: Iterable[ChainRow]) -> tuple[tuple[str, int], ...]:
    """How many chains of each tier stand in the first row: the 2 and the 4 of 2+4, and the N."""
    counted = Counter(row.tier for row in rows if row.depth == 0)
    return tuple(sorted(counted.items(), key=lambda pair: pair[1]))


def tier_text(tier: str) -> str:
    """'千亿级 (100 bn CNY class)' in the language of the page."""
    if tier == "sub-chain":
        return _("sub-chain")
    both = re.fullmatch(r"([^()（）]*[一-鿿][^()（）]*?)\s*[(（](.+)[)）]", tier)
    return tier if both is None else both[1] if chinese() else both[2]


def _stages(city: City, chain: str) -> tuple[Stage, ...]:
    """What the tables put into each stage of the chain; a stage without anything is left out."""
    found = []
    for stage in STAGES:
        items = [
            (kind, item) for (c, kind, item), s in city.network.stages.items() if c == chain and s == stage
        ]
        recipes = tuple(
            city.recipe(i) for k, i in items if k == "process" and i in city.network.recipes.index
        )
        materials = tuple(
            city.material(i) for k, i in items if k == "material" and i in city.network.materials.index
        )
        if recipes or materials:
            found.append(Stage(TITLES[stage], recipes, materials))
    return tuple(found)
