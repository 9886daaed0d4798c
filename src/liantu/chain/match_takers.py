"""Who can take an offer: every user in the city, candidates, the market and the dump."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from liantu.chain.keys import BUY, DUMP, SELL, SHIP, SHORTAGE
from liantu.chain.lanes import chosen_lane
from liantu.chain.match_elsewhere import impure, too_far
from liantu.chain.match_local import TINY, Local
from liantu.chain.match_query import Query, StandIn, counts, family
from liantu.chain.match_reach import worth_of_input
from liantu.chain.match_tranches import Tranche, idle
from liantu.chain.match_types import (
    CANDIDATE,
    DUMPED,
    EXPORT,
    IDLE,
    MARKET,
    PURCHASE,
    SHORT,
    MissedOutlet,
    Outlet,
    Reason,
)
from liantu.chain.network import great_circle_km

ORDER = {SHORT: 0, PURCHASE: 1, MARKET: 2, IDLE: 3, CANDIDATE: 4, DUMPED: 6}
"""Of two outlets at one worth, first what nobody loses by; 5 is what displaces another supplier."""


@dataclass(frozen=True)
class Taker:
    """A place that uses the offered material, or one of its formula."""

    stand_in: StandIn
    km: float
    barred: tuple[Reason, ...]
    tranches: tuple[Tranche, ...]


def find_takers(local: Local, query: Query) -> tuple[tuple[Outlet, ...], tuple[MissedOutlet, ...]]:
    """Outlets by net worth, and near misses by number of reasons, then distance.

    Every plant that uses the material, or one of the same formula, is a taker of one or the other.
    """
    outlets, misses = _outside(local, query)
    always = [o.net_cny_per_unit for o in outlets if o.quantity >= query.quantity]
    floor = max([*always, *([] if query.price is None else [query.price])], default=-math.inf)
    for stand_in in family(local.model.network, query.material):
        for taker in (*_users(local, query, stand_in), *_not_open(local, query, stand_in)):
            taken, missed = _judged(local, query, taker, floor)
            outlets += taken
            misses += missed
    if query.price is not None:
        misses += [_too_low(o, query.price) for o in outlets if o.net_cny_per_unit < query.price]
        outlets = [o for o in outlets if o.net_cny_per_unit >= query.price]
    return tuple(sorted(outlets, key=_rank)), tuple(sorted(misses, key=_nearness))


def export_price(local: Local, material: int) -> float | None:
    """CNY per unit sold outside, net of freight; None where the material may not be sold."""
    m = local.model.network.materials
    return float(local.model.settings.sell_price[material]) if m.sellable[material] else None


def _rank(o: Outlet) -> tuple[float, int, float, str, str]:
    worth, kind = -round(o.net_cny_per_unit, 6), ORDER.get(o.displaces, 5)
    return (worth, kind, o.distance_km, o.taker, o.displaces)


def _nearness(n: MissedOutlet) -> tuple[int, float, str, str]:
    km = math.inf if n.distance_km is None else n.distance_km
    return (len({r.code for r in n.reasons}), km, n.taker, n.material)


def _outside(local: Local, query: Query) -> tuple[list[Outlet], list[MissedOutlet]]:
    """The market and the dump, each within the room of its caps."""
    m, settings, i = local.model.network.materials, local.model.settings, query.material
    ways: list[tuple[str, str, str, float, float]] = []
    if m.sellable[i]:
        ways.append((EXPORT, "sell", MARKET, float(settings.sell_price[i]), float(m.export_km[i])))
    if not math.isnan(m.disposal_cost[i]):
        ways.append((DUMPED, "dump", DUMPED, 0.0 - float(settings.dump_cost[i]), 0.0))
    held = {c.id for c in local.model.network.caps if counts(local.model.network, c, query.place)}
    outlets, misses = [], []
    for taker, kind, displaces, net, km in ways:
        caps = [c for c in local.model.caps if (c.kind, c.material) == (kind, i) and c.id in held]
        left = {c.id: max(float(local.model.row_upper[c.row] - local.used[c.row]), 0.0) for c in caps}
        room = min(left.values(), default=math.inf)
        quantity = min(query.quantity, room if room > TINY * query.quantity else 0.0)
        freight = float(m.freight[i]) * km
        if quantity > 0:
            where = (taker, m.id[i], quantity, km, taker)
            outlets.append(Outlet(*where, net, displaces, net + freight, freight, "", 0.0, 1.0, m.hazard[i]))
        if quantity < query.quantity:
            full = Reason("no_capacity", who=min(left, key=left.__getitem__), quantity=quantity)
            amount = query.quantity - quantity
            misses.append(MissedOutlet(taker, m.id[i], full.code, amount, km, taker, (full,)))
    return outlets, misses


def _users(local: Local, query: Query, stand_in: StandIn) -> Iterator[Taker]:
    for row in local.rows_of(stand_in.material).tolist():
        tranches = [*_coming(local, row), *idle(local, row, makes=False)]
        place = local.model.rows.place[row]
        scale = sum(t.quantity for t in tranches)
        km = local.kilometres(row, query.place.lat, query.place.lon)
        barred = _barred(local, query, stand_in, place, km)
        kept = tuple(t for t in tranches if t.quantity > TINY * scale or t.displaces == IDLE)
        yield Taker(stand_in, km, barred, kept)


def _coming(local: Local, row: int) -> Iterator[Tranche]:
    """What a balance takes now, and what replacing it would save."""
    c, who = local.model.columns, local.model.rows.place[row]
    arriving = local.arriving(row)
    for j in arriving[local.x[arriving] > 0].tolist():
        quantity, cost = float(local.x[j]), -float(local.model.objective[j])
        if c.kind[j] == BUY:
            yield Tranche(who, PURCHASE, quantity, -local.crossing(j, rise=False))
        elif c.kind[j] == SHORTAGE:
            yield Tranche(who, SHORT, quantity, cost)
        elif c.kind[j] == SHIP:
            source = int(c.source[j])
            freed = _freed(local, source)
            loss = max(float(local.low[source]) - freed, 0.0) if math.isfinite(freed) else 0.0
            name = local.model.rows.place[source]
            yield Tranche(who, f"plant:{name}", quantity, freed + cost, name, loss)
    if local.model.rows.plant[row] < 0:
        for k, amount in local.plants_at(row):
            if amount > 0 and local.x[k] > 0:
                saved, name = local.break_even(k, row, rise=False), local.plant_id(k)
                loss = max(float(local.low[row]) - saved, 0.0) if math.isfinite(saved) else 0.0
                yield Tranche(who, f"plant:{name}", amount * float(local.x[k]), saved, name, loss)


def _freed(local: Local, row: int) -> float:
    """CNY per unit that a supplier still gets for what is no longer taken from it: sold outside, dumped, or
    saved by making less; -inf where it can do neither."""
    c = local.model.columns
    leaving = local.leaving(row)
    outside = leaving[(c.kind[leaving] == SELL) | (c.kind[leaving] == DUMP)]
    ways = [local.crossing(j, rise=True) for j in outside.tolist()]
    makers = [k for k, amount in local.plants_at(row) if amount > 0 and local.x[k] > 0]
    ways += [local.break_even(k, row, rise=False) for k in makers]
    return max(ways, default=-math.inf)


def _barred(local: Local, query: Query, stand_in: StandIn, place: str, km: float) -> tuple[Reason, ...]:
    m, i = local.model.network.materials, stand_in.material
    out: list[Reason] = []
    if not stand_in.alike:
        out.append(Reason("other_form", who=m.formula[i]))
    if query.purity is not None and not math.isnan(m.purity[i]):
        out += impure(query.purity, float(m.purity[i]))
    if place.startswith("park:") and place != f"park:{query.place.park}":
        out.append(Reason("other_pool", who=place.removeprefix("park:")))
    pooled = place == "city" or place.startswith("park:")
    return (*out, *(() if pooled else too_far(local, query.material, km)))


def _not_open(local: Local, query: Query, stand_in: StandIn) -> Iterator[Taker]:
    """Candidates with what a unit would be worth to them once built; planned and shut plants are barred."""
    network, settings = local.model.network, local.model.settings
    plants, i = network.plants, stand_in.material
    used = -network.recipes.flow[:, [i]].toarray().ravel()[plants.recipe]
    for f in np.flatnonzero((used > 0) & ~settings.open & (settings.capacity > 0)).tolist():
        points = (plants.lat[[f]], plants.lon[[f]], np.array([query.place.lat]), np.array([query.place.lon]))
        pool = network.materials.pool[i]
        km = 0.0 if pool else float(great_circle_km(*points)[0])
        place = f"park:{plants.park[f]}" if pool == "park" else pool or plants.id[f]
        barred = _barred(local, query, stand_in, place, km)
        quantity = float(used[f] * settings.capacity[f])
        closed = plants.id[f] in local.model.scenario.close
        worth, lacking = -math.inf, ""
        if plants.is_candidate[f] and not closed:
            worth, lacking = worth_of_input(local, f, i)
        else:
            status = "closed" if closed else plants.status[f]
            barred = (Reason("not_built", who=status, quantity=quantity / stand_in.units), *barred)
        tranche = Tranche(plants.id[f], CANDIDATE, quantity, worth, lacking=lacking)
        yield Taker(stand_in, km, barred, (tranche,))


def _judged(
    local: Local, query: Query, taker: Taker, floor: float
) -> tuple[list[Outlet], list[MissedOutlet]]:
    outlets: list[Outlet] = []
    held: dict[str, list[Reason]] = {}
    amount: dict[str, float] = {}
    for t in taker.tranches:
        outlet = _outlet(local, query, taker, t)
        reason = _refused(local, outlet, t, floor)
        if not taker.barred and reason is None:
            outlets.append(outlet)
            continue
        reasons = held.setdefault(t.who, [*taker.barred])
        if reason is not None and not taker.barred:
            reasons.append(reason)
        amount[t.who] = amount.get(t.who, 0.0) + outlet.quantity
    ids = local.model.network.materials
    name, link = ids.id[taker.stand_in.material], ids.link[query.material]
    km = None if math.isnan(taker.km) else taker.km
    given = {o.taker for o in outlets}
    misses = []
    for who, reasons in held.items():
        if who not in given or amount[who] > 0.0:
            kept = _telling(reasons)
            misses.append(MissedOutlet(who, name, kept[0].code, amount[who], km, link, kept))
    return outlets, misses


def _telling(reasons: list[Reason]) -> tuple[Reason, ...]:
    """One reason of each code and holder, the nearest to passing; full load only where nothing else is."""
    best: dict[tuple[str, str], Reason] = {}
    for r in sorted(reasons, key=lambda r: -(r.has or 0.0)):
        best.setdefault((r.code, r.who), r)
    kept = [r for r in reasons if best[r.code, r.who] is r]
    others = [r for r in kept if not (r.code == "no_capacity" and not r.who)]
    return tuple(others or kept)


def _outlet(local: Local, query: Query, taker: Taker, t: Tranche) -> Outlet:
    m, units = local.model.network.materials, taker.stand_in.units
    lane = chosen_lane(m.lanes(query.material), taker.km)
    freight = lane.fixed + lane.rate * taker.km if taker.km else 0.0
    return Outlet(
        taker=t.who,
        material=m.id[taker.stand_in.material],
        quantity=t.quantity / units,
        distance_km=taker.km,
        link=lane.link,
        net_cny_per_unit=t.cny * units - freight,
        displaces=t.displaces,
        worth_cny_per_unit=t.cny * units,
        freight_cny_per_unit=freight,
        loser=t.loser,
        loser_cny_per_unit=t.loser_cny * units,
        units_per_unit=units,
        hazard=m.hazard[query.material],
    )


def _refused(local: Local, outlet: Outlet, t: Tranche, floor: float) -> Reason | None:
    """Why a tranche is no outlet: no room, nothing else to run on, a supplier that can't make less, or a
    worth below the floor price or the dump."""
    if t.displaces == IDLE and outlet.quantity <= 0:
        k = int(np.searchsorted(local.model.plants, local.model.network.plants.index[t.who]))
        return Reason("no_capacity", local.load(k))
    if not math.isfinite(t.cny):
        return Reason("committed", who=t.loser) if t.loser else Reason("no_capacity", who=t.lacking)
    if outlet.net_cny_per_unit < floor:
        return Reason("too_low", outlet.net_cny_per_unit, floor)
    return None


def _too_low(o: Outlet, price: float) -> MissedOutlet:
    reason = Reason("too_low", o.net_cny_per_unit, price)
    return MissedOutlet(o.taker, o.material, "too_low", o.quantity, o.distance_km, o.link, (reason,))
