"""Who can supply a need: every maker in the city, and the market, as options or as near misses."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from liantu.chain.lanes import chosen_lane
from liantu.chain.match_elsewhere import bought_in, impure, not_open, other_forms, too_far, vented
from liantu.chain.match_local import Local
from liantu.chain.match_query import Query, StandIn, family
from liantu.chain.match_tranches import Tranche, supply
from liantu.chain.match_types import DUMPED, IDLE, MARKET, SALE, NearMiss, Option, Reason

ORDER = {DUMPED: 0, SALE: 1, IDLE: 2, MARKET: 3}
"""Of two options at one cost, first what is thrown away, last what is taken from others (4)."""


@dataclass(frozen=True)
class Source:
    """A balance that has the material: what bars it from the need, and what it could give."""

    row: int
    stand_in: StandIn
    km: float
    barred: tuple[Reason, ...]
    tranches: tuple[Tranche, ...]


Gives = Callable[[Local, int, int], Sequence[Tranche]]
"""What a balance row could give, as `match_tranches.supply`."""


def find_supply(
    local: Local, query: Query, gives: Gives = supply
) -> tuple[tuple[Option, ...], tuple[NearMiss, ...]]:
    """Options by delivered cost; near misses by number of reasons, then distance.

    Every plant that makes the material, or one of the same formula, is a supplier of one or the other.
    """
    options: list[Option] = []
    misses: list[NearMiss] = []
    price = import_price(local, query.material)
    for stand_in in family(local.model.network, query.material):
        option, miss = bought_in(local, query, stand_in, price)
        options += option
        misses += miss
        for source in sources(local, query, stand_in, gives):
            for item in judged(local, query, source, price):
                (options if isinstance(item, Option) else misses).append(item)  # type: ignore[arg-type]
        misses += not_open(local, query, stand_in)
        misses += vented(local, query, stand_in)
    misses += other_forms(local, query)
    return tuple(sorted(options, key=rank)), tuple(sorted(misses, key=_nearness))


def import_price(local: Local, material: int) -> float | None:
    """CNY per unit bought in and delivered; None where the material may not be bought."""
    m = local.model.network.materials
    return float(local.model.settings.buy_price[material]) if m.buyable[material] else None


def rank(o: Option) -> tuple[float, int, float, str, str]:
    """Key of the order of options."""
    cost, kind = round(o.delivered_cny_per_unit, 6), ORDER.get(o.displaces, 4)
    return (cost, kind, o.distance_km, o.supplier, o.displaces)


def _nearness(n: NearMiss) -> tuple[bool, int, float, str, str]:
    km = math.inf if n.distance_km is None else n.distance_km
    return (n.reason == "other_form", len({r.code for r in n.reasons}), km, n.supplier, n.material)


def sources(
    local: Local, query: Query, stand_in: StandIn, gives: Gives = supply, at: Iterable[int] | None = None
) -> Iterator[Source]:
    """The balances that have the stand-in, of the rows `at` or of all."""
    for row in local.rows_of(stand_in.material).tolist() if at is None else at:
        if any(amount > 0 for _, amount in local.plants_at(row)):
            km = local.kilometres(row, query.place.lat, query.place.lon)
            barred = _barred(local, query, stand_in, row, km)
            yield Source(row, stand_in, km, barred, tuple(gives(local, row, query.plant)))


def _barred(local: Local, query: Query, stand_in: StandIn, row: int, km: float) -> tuple[Reason, ...]:
    """What keeps a source from supplying whatever it costs."""
    m, i = local.model.network.materials, stand_in.material
    out: list[Reason] = []
    if not stand_in.alike:
        out.append(Reason("other_form", who=m.formula[i]))
    if query.purity is not None:
        out += impure(float(m.purity[i]), query.purity)
    place = local.model.rows.place[row]
    if place.startswith("park:") and place != f"park:{query.place.park}":
        out.append(Reason("other_pool", who=place.removeprefix("park:")))
    return (*out, *too_far(local, i, km))


def judged(local: Local, query: Query, source: Source, price: float | None) -> Iterator[Option | NearMiss]:
    """The tranches of a source as options; what is barred, held by others or too dear as near misses."""
    held: dict[str, list[Reason]] = {}
    amount: dict[str, float] = {}
    for t in source.tranches:
        option = option_of(local, source, t, price)
        reason = _refused(local, option, t, query, price)
        if source.barred:
            held.setdefault(t.who, [])
            amount[t.who] = amount.get(t.who, 0.0) + (0.0 if t.loser else option.quantity)
        elif reason is None:
            yield option
        else:
            held.setdefault(t.who, []).append(reason)
            amount[t.who] = amount.get(t.who, 0.0) + option.quantity
    for who, reasons in held.items():
        more = [*source.barred, *(reasons or _all_held(source, who))]
        yield _miss(local, source, who, amount[who], more)
    for k, made in local.plants_at(source.row):
        who = local.plant_id(k)
        if made > 0 and who not in {t.who for t in source.tranches}:
            yield _miss(
                local, source, who, 0.0, [*source.barred, _nothing_left(local, query, source, k, made)]
            )


def _nothing_left(local: Local, query: Query, source: Source, k: int, made: float) -> Reason:
    """Why a maker has nothing to give: the asker has it all, or it cannot run more."""
    if local.model.rows.plant[source.row] >= 0 and local.x[k] > 0 and query.plant >= 0:
        quantity = made * float(local.x[k]) / source.stand_in.units
        return Reason("committed", who=query.place.name, quantity=quantity)
    return Reason("no_capacity", local.load(k), who=local.lacking(k, source.row))


def option_of(local: Local, source: Source, t: Tranche, price: float | None) -> Option:
    """A tranche of a source as an option; price: bought in, or None."""
    m, i, units = local.model.network.materials, source.stand_in.material, source.stand_in.units
    lane = chosen_lane(m.lanes(i), source.km)
    freight = (lane.fixed + lane.rate * source.km) * units if source.km else 0.0
    delivered = t.cny * units + freight
    return Option(
        supplier=t.who,
        material=m.id[i],
        quantity=t.quantity / units,
        distance_km=source.km,
        link=lane.link,
        delivered_cny_per_unit=delivered,
        displaces=t.displaces,
        source_cny_per_unit=t.cny * units,
        freight_cny_per_unit=freight,
        saving_cny_per_unit=None if price is None else price - delivered,
        loser=t.loser,
        loser_cny_per_unit=t.loser_cny * units,
        units_per_unit=units,
        byproduct=t.byproduct,
        hazard=m.hazard[i],
        purity=None if math.isnan(m.purity[i]) else float(m.purity[i]),
    )


def _refused(local: Local, option: Option, t: Tranche, query: Query, price: float | None) -> Reason | None:
    """Why a tranche is no option: nobody can make it; another holds it at more than the top or the import
    price; or it is above the top price."""
    if not math.isfinite(t.cny):
        if t.loser:
            return Reason("committed", who=t.loser, quantity=option.quantity)
        k = int(np.searchsorted(local.model.plants, local.model.network.plants.index[t.who]))
        return Reason("no_capacity", local.load(k), who=t.lacking)
    delivered = option.delivered_cny_per_unit
    limits = [v for v in (query.price, price if t.loser else None) if v is not None]
    if not limits or delivered <= min(limits):
        return None
    if t.loser:
        value = option.source_cny_per_unit
        return Reason("committed", delivered, min(limits), t.loser, option.quantity, value)
    return Reason("too_dear", delivered, query.price)


def _all_held(source: Source, who: str) -> list[Reason]:
    """Beside what bars a source: who holds its output, where nothing of it is free."""
    own = [t for t in source.tranches if t.who == who and math.isfinite(t.cny)]
    if any(not t.loser for t in own):
        return []
    units = source.stand_in.units
    return [Reason("committed", who=t.loser, quantity=t.quantity / units, value=t.cny * units) for t in own]


def _miss(local: Local, source: Source, who: str, amount: float, reasons: list[Reason]) -> NearMiss:
    m, i = local.model.network.materials, source.stand_in.material
    km = None if math.isnan(source.km) else source.km
    return NearMiss(who, m.id[i], reasons[0].code, amount, km, m.link[i], tuple(reasons))
