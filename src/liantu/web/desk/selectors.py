"""The city at a glance: each figure is one that another page explains."""

from __future__ import annotations

from dataclasses import dataclass

from liantu.chain.accounts import LocalSupply, SolidWaste, UseRate
from liantu.chain.gap_report import GapReport
from liantu.chain.plan import CapResult, PlantResult
from liantu.web.atlas.chainmap.graph import bottlenecks
from liantu.web.atlas.city import City
from liantu.web.atlas.selectors import chains, gap_lists, plans
from liantu.web.kit.templatetags.figures import WHOLE

TOP = 5


@dataclass(frozen=True)
class GapTop:
    """The first rows of one gap list that pay."""

    name: str
    rows: tuple[gap_lists.Row, ...]
    paying: int


@dataclass(frozen=True)
class Desk:
    """What the first page shows."""

    running: int
    full: int
    idle: int
    supply: LocalSupply
    waste: SolidWaste
    unused: tuple[UseRate, ...]
    chains: tuple[chains.ChainRow, ...]
    caps: tuple[CapResult, ...]
    bottlenecks: tuple[PlantResult, ...]
    gaps: tuple[GapTop, ...]


def desk(city: City, report: GapReport | None) -> Desk:
    """The first page of a city; without gaps until they are computed."""
    results = city.plan.plants
    a = city.accounts
    dumped = [u for u in a.use_rates if u.solid and u.dumped > 0]
    return Desk(
        running=sum(p.load > 0 for p in results),
        full=sum(p.load >= WHOLE for p in results),
        idle=sum(not p.load > 0 for p in results),
        supply=next(s for s in a.local_supply if s.scope == "city"),
        waste=a.solid_waste,
        unused=tuple(sorted(dumped, key=lambda u: -u.dumped)[:TOP]),
        chains=chains.chain_rows(city),
        caps=plans.binding(city)[:TOP],
        bottlenecks=tuple(city.results[name] for name in bottlenecks(city)[:TOP]),
        gaps=tuple(_top(report, name) for name in gap_lists.LISTS) if report else (),
    )


def _top(report: GapReport, name: str) -> GapTop:
    rows = gap_lists.paying(gap_lists.rows_of(report, name))
    return GapTop(name, rows[:TOP], len(rows))
