"""What one balance of a plan could give, and at which cost: tranches, cheapest to part with first by kind."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from liantu.chain.keys import BUY, DUMP, SELL, SHIP, SHORTAGE
from liantu.chain.match_local import TINY, Local
from liantu.chain.match_outlets import Stretch, changes
from liantu.chain.match_types import DUMPED, IDLE, SALE


@dataclass(frozen=True)
class Tranche:
    """An amount at one worth, in the material's own unit; cny is what the giver gives up, or the user gains.

    lacking names the material or cap for want of which the amount cannot be had, cny is then infinite.
    """

    who: str
    displaces: str
    quantity: float
    cny: float
    loser: str = ""
    loser_cny: float = 0.0
    byproduct: bool = False
    lacking: str = ""


def supply(local: Local, row: int, beside: int = -1) -> list[Tranche]:
    """What a row could give: what it dumps, what it sells outside, what others get from it, what it could
    make more. `beside` is a plant that is not taken from, because it is the one that asks.

    What is dumped is worth the disposal it costs, and the room it takes in a cap. What is sold counts at
    its money alone: the room it leaves in the market would first be filled by what is dumped.
    """
    out: list[Tranche] = []
    c, who = local.model.columns, local.model.rows.place[row]
    leaving = local.leaving(row)
    for j in leaving[local.x[leaving] > 0].tolist():
        quantity, gain = float(local.x[j]), float(local.model.objective[j])
        if c.kind[j] == DUMP:
            out.append(Tranche(who, DUMPED, quantity, local.crossing(j, rise=False)))
        elif c.kind[j] == SELL:
            out.append(Tranche(who, SALE, quantity, gain))
        elif c.kind[j] == SHIP:
            out += _taken(local, who, int(c.target[j]), quantity, -gain, beside)
    if local.model.rows.plant[row] < 0:
        out += _taken(local, who, row, math.inf, 0.0, beside)
    out += idle(local, row, makes=True)
    scale = sum(t.quantity for t in out)
    return [t for t in out if t.quantity > TINY * scale]


def idle(local: Local, row: int, makes: bool) -> Iterator[Tranche]:
    """What the plants at a row could make, or use, by running more; one tranche of nothing at full load."""
    recipes, plants = local.model.network.recipes, local.model.network.plants
    for k, amount in local.plants_at(row):
        if (amount > 0) != makes:
            continue
        reference = recipes.reference[plants.recipe[local.model.plants[k]]]
        beside = bool(reference != local.model.rows.material[row])
        for s in changes(local, k, row, rise=True):
            lacking = "" if math.isfinite(s.cny) else local.lacking(k, row)
            name, quantity = local.plant_id(k), abs(amount) * s.activity
            yield Tranche(name, IDLE, quantity, s.cny, byproduct=beside, lacking=lacking)


def _taken(local: Local, who: str, row: int, most: float, freight: float, beside: int) -> Iterator[Tranche]:
    """Taken from the users at a row: each loses what it breaks even at when it runs less, or buys in what
    was taken, where that is cheaper."""
    short = local.x[local.model.columns.kind == SHORTAGE]
    committed = zip(local.model.settings.demands, local.model.demand_row, short, strict=True)
    for d, at, missing in committed:
        if at == row:
            worth = local.model.settings.demand_price(d) + d.penalty
            quantity = min(most, max(d.quantity - float(missing), 0.0))
            yield Tranche(who, f"demand:{d.id}", quantity, worth - freight, f"demand:{d.id}", worth)
    for k, amount in local.plants_at(row):
        if amount < 0 and local.x[k] > 0 and local.model.plants[k] != beside:
            left, name = most, local.plant_id(k)
            for s in _losses(local, k, row):
                quantity = min(left, -amount * s.activity)
                left -= quantity
                loss = max(s.cny - float(local.high[row]), 0.0) if math.isfinite(s.cny) else 0.0
                yield Tranche(who, f"plant:{name}", quantity, s.cny - freight, name, loss)


def _losses(local: Local, k: int, row: int) -> list[Stretch]:
    """What a user loses on a unit that it no longer gets, the first units first."""
    replaced = _bought(local, row)
    return [Stretch(s.activity, min(s.cny, replaced)) for s in changes(local, k, row, rise=False)]


def _bought(local: Local, row: int) -> float:
    """CNY per unit bought in at a row; inf where nothing is."""
    c = local.model.columns
    arriving = local.arriving(row)
    columns = arriving[c.kind[arriving] == BUY].tolist()
    return min((-local.crossing(j, rise=True) for j in columns), default=math.inf)
