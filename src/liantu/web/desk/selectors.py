"""The city at a glance: each figure is one that another page explains."""

from __future__ import annotations

from dataclasses import dataclass

from liantu.chain.accounts import LocalSupply, SolidWaste, UseRate
from liantu.chain.gap_report import GapReport
from liantu.chain.plan import CapResult, PlantResult
from liantu.web.atlas.chainmap.graph import bottlenecks, family
from liantu.web.atlas.city import City
from liantu.web.atlas.selectors import gap_lists, plans
from liantu.web.kit.templatetags.figures import WHOLE

TOP = 5


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
    chains: tuple[ChainRow, ...]
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
        chains=_chains(city),
        caps=plans.binding(city)[:TOP],
        bottlenecks=tuple(city.results[name] for name in bottlenecks(city)[:TOP]),
        gaps=tuple(_top(report, name) for name in gap_lists.LISTS) if report else (),
    )


def _top(report: GapReport, name: str) -> GapTop:
    rows = gap_lists.paying(gap_lists.rows_of(report, name))
    return GapTop(name, rows[:TOP], len(rows))


def _chains(city: City) -> tuple[ChainRow, ...]:
    """Chains by output, each followed by its sub-chains."""
    output = {o.id: o for o in city.accounts.output if o.scope == "chain"}
    parent = {name: above for name, (_, _, above) in city.network.chains.items()}
    largest = max((o.output_cny for o in output.values()), default=0.0)
    rates = {s.id: s.rate_value for s in city.accounts.local_supply if s.scope == "chain"}

    def row(name: str, depth: int) -> ChainRow:
        inside = family(city, name)
        o = output[name]
        return ChainRow(
            id=name,
            depth=depth,
            plants=sum(city.chain_of(p.id) in inside for p in city.plan.plants),
            output=o.output_cny,
            share=o.output_cny / largest if largest > 0 else 0.0,
            value_added=o.value_added_cny,
            margin=sum(city.plan.margins.chain.get(c, 0.0) for c in inside),
            local=rates.get(name),
        )

    def below(above: str, depth: int) -> list[ChainRow]:
        names = [n for n in output if n and (parent.get(n, "") or "") == above]
        rows: list[ChainRow] = []
        for name in sorted(names, key=lambda n: -output[n].output_cny):
            rows += [row(name, depth), *below(name, depth + 1)]
        return rows

    return tuple(below("", 0))
