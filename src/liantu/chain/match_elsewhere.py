"""Supply that does not stand in the plan: the market, plants not built, vents, other forms of an element."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from liantu.chain.keys import BUY, DUMP
from liantu.chain.match_local import Local
from liantu.chain.match_query import Query, StandIn, counts, family
from liantu.chain.match_types import IMPORT, MARKET, NearMiss, Option, Place, Reason
from liantu.chain.network import Floats, Network, great_circle_km

PIPED = ("pipe", "site", "conveyor")
LEAD_SHARE = 0.25  # t of the element in a tonne of a dumped material that makes it worth naming
PURE = 0.9  # t of one element in a tonne of a material that is that element


def too_far(local: Local, material: int, km: float) -> tuple[Reason, ...]:
    """Whether a distance is beyond the range of a material; the hazard class that keeps it in its pipe."""
    m = local.model.network.materials
    reach = 0.0 if m.link[material] == "none" else m.reach(material)
    if math.isnan(km):
        return (Reason("no_place"),)
    if km <= reach:
        return ()
    far = Reason("too_far", km, reach)
    if m.link[material] in PIPED and m.hazard[material]:
        return (far, Reason("hazard", km, reach, m.hazard[material]))
    return (far,)


def impure(has: float, needs: float) -> list[Reason]:
    """Whether a purity falls short of another, or is not known (nan)."""
    if math.isnan(has):
        return [Reason("purity", None, needs)]
    return [Reason("purity", has, needs)] if has < needs - 1e-12 else []


def bought_in(
    local: Local, query: Query, stand_in: StandIn, price: float | None
) -> tuple[list[Option], list[NearMiss]]:
    """Buying the stand-in outside, within the room of its caps, and beyond it in place of other buyers."""
    m, i, units = local.model.network.materials, stand_in.material, stand_in.units
    if not (m.buyable[i] and stand_in.alike):
        return [], []
    delivered = float(local.model.settings.buy_price[i]) * units
    room, cap = _room(local, i, query.place)
    quantity = min(query.quantity, room / units)
    impurity = [] if query.purity is None else impure(float(m.purity[i]), query.purity)
    tranches = [("", quantity, delivered)]
    if quantity < query.quantity:
        tranches += _buyers(local, query, stand_in, delivered)
    options, misses = [], []
    for loser, amount, cny in tranches:
        reasons = [*impurity]
        if query.price is not None and cny > query.price:
            limit = (cny, query.price)
            reasons.append(
                Reason("committed", *limit, loser, amount, cny) if loser else Reason("too_dear", *limit)
            )
        if not loser and amount < query.quantity:
            reasons.append(Reason("no_capacity", who=cap, quantity=amount))
        barred = any(r.code != "no_capacity" for r in reasons)
        if not barred and amount > 0:
            options.append(_bought(local, stand_in, price, loser, amount, cny))
        if reasons:
            lost = amount if barred else query.quantity - amount
            where = (IMPORT, m.id[i], reasons[0].code, lost, float(m.import_km[i]), IMPORT)
            misses.append(NearMiss(*where, tuple(reasons)))
    return options, misses


def _bought(
    local: Local, stand_in: StandIn, price: float | None, loser: str, amount: float, cny: float
) -> Option:
    m, i, units = local.model.network.materials, stand_in.material, stand_in.units
    freight = float(m.freight[i] * m.import_km[i]) * units
    return Option(
        supplier=IMPORT,
        material=m.id[i],
        quantity=amount,
        distance_km=float(m.import_km[i]),
        link=IMPORT,
        delivered_cny_per_unit=cny,
        displaces=f"plant:{loser}" if loser else MARKET,
        source_cny_per_unit=cny - freight,
        freight_cny_per_unit=freight,
        saving_cny_per_unit=None if price is None else price - cny,
        loser=loser,
        loser_cny_per_unit=cny - float(local.model.settings.buy_price[i]) * units if loser else 0.0,
        units_per_unit=units,
        byproduct=False,
        hazard=m.hazard[i],
        purity=None if math.isnan(m.purity[i]) else float(m.purity[i]),
    )


def _buyers(
    local: Local, query: Query, stand_in: StandIn, delivered: float
) -> list[tuple[str, float, float]]:
    """(plant, quantity, cost) of what others buy in now, where a cap leaves no room for all: each would
    have to be paid what it breaks even at."""
    c, i, units = local.model.columns, stand_in.material, stand_in.units
    out = []
    for j in np.flatnonzero((c.kind == BUY) & (c.material == i) & (local.x > 0)).tolist():
        row = int(c.target[j])
        for k, amount in local.plants_at(row):
            if amount < 0 and local.x[k] > 0 and int(local.model.plants[k]) != query.plant:
                worth = local.break_even(k, row, rise=False) * units
                quantity = min(float(local.x[j]), -amount * float(local.x[k])) / units
                if math.isfinite(worth):
                    out.append((local.plant_id(k), quantity, max(worth, delivered)))
    return out


def _room(local: Local, material: int, place: Place) -> tuple[float, str]:
    """Units that may still be bought under the caps that hold at a place, and the tightest cap's id."""
    room, cap = math.inf, ""
    tce = float(local.model.network.materials.tce_per_unit[material])
    held = {c.id for c in local.model.network.caps if counts(local.model.network, c, place)}
    for c in local.model.caps:
        weight = 1.0 if c.kind == "buy" and c.material == material else tce if c.kind == "energy" else 0.0
        if weight > 0 and c.id in held:
            left = max(float(local.model.row_upper[c.row] - local.used[c.row]), 0.0) / weight
            if left < room:
                room, cap = left, c.id
    return room, cap


def not_open(local: Local, query: Query, stand_in: StandIn) -> Iterator[NearMiss]:
    """Plants that would make the stand-in but are planned, shut, or candidates still to be won."""
    network, settings = local.model.network, local.model.settings
    made = _amounts(network, stand_in.material)
    for f in np.flatnonzero((made > 0) & ~settings.open).tolist():
        quantity = float(made[f] * settings.capacity[f]) / stand_in.units
        status = network.plants.status[f]
        if network.plants.id[f] in local.model.scenario.close:
            status = "closed"
        reason = Reason("not_built", who=status, quantity=quantity)
        yield _near(local, query, stand_in.material, f, quantity, [reason, *_form(local, stand_in)])


def vented(local: Local, query: Query, stand_in: StandIn) -> Iterator[NearMiss]:
    """Plants that vent the stand-in: it would have to be caught first."""
    network, i = local.model.network, stand_in.material
    plants = local.model.plants
    amount = network.recipes.emission[network.plants.recipe[plants]][:, [i]].toarray().ravel()
    amount = amount * local.x[: len(plants)]
    for k in np.flatnonzero(amount > 0):
        reason = Reason("other_form", who="vented", quantity=float(amount[k]) / stand_in.units)
        yield _near(local, query, i, int(plants[k]), float(amount[k]) / stand_in.units, [reason])


def other_forms(local: Local, query: Query) -> Iterator[NearMiss]:
    """Dumped compounds of the element that the material is: hydrochloric acid, where chlorine is needed."""
    model, m = local.model, local.model.network.materials
    share = np.zeros(len(m.id))
    element = _element(local, query.material)
    if element >= 0:
        share = np.asarray(m.composition[:, [element]].toarray()).ravel()
    kin = {s.material for s in family(model.network, query.material)}
    for j in np.flatnonzero((model.columns.kind == DUMP) & (local.x > 0)).tolist():
        i, row = int(model.columns.material[j]), int(model.columns.source[j])
        poor = share[i] <= LEAD_SHARE * float(m.t_per_unit[i])
        if i in kin or poor or not m.formula[i]:
            continue
        km = local.kilometres(row, query.place.lat, query.place.lon)
        held = float(local.x[j]), float(share[i])
        form = Reason("other_form", None, None, m.elements[element], *held)
        reasons = (form, *too_far(local, i, km))
        distance = None if math.isnan(km) else km
        place = model.rows.place[row]
        yield NearMiss(place, m.id[i], "other_form", float(local.x[j]), distance, m.link[i], reasons)


def _element(local: Local, material: int) -> int:
    """Index of the element that a material nearly is, or -1."""
    m = local.model.network.materials
    own = np.asarray(m.composition[[material]].toarray()).ravel()
    if not len(own) or own.max() < PURE * float(m.t_per_unit[material]) or own.max() <= 0:
        return -1
    return int(own.argmax())


def _amounts(network: Network, material: int) -> Floats:
    """(F,) net amount of a material per unit of activity of every plant."""
    per_recipe = network.recipes.flow[:, [material]].toarray().ravel()
    return np.asarray(per_recipe[network.plants.recipe], dtype=np.float64)


def _form(local: Local, stand_in: StandIn) -> list[Reason]:
    formula = local.model.network.materials.formula[stand_in.material]
    return [] if stand_in.alike else [Reason("other_form", who=formula)]


def _near(local: Local, query: Query, i: int, f: int, quantity: float, reasons: list[Reason]) -> NearMiss:
    plants, m = local.model.network.plants, local.model.network.materials
    points = (plants.lat[[f]], plants.lon[[f]], np.array([query.place.lat]), np.array([query.place.lon]))
    km = 0.0 if m.pool[i] else float(great_circle_km(*points)[0])
    both = (*reasons, *too_far(local, i, km))
    distance = None if math.isnan(km) else km
    return NearMiss(plants.id[f], m.id[i], both[0].code, quantity, distance, m.link[i], both)
