"""The best price of every material at every place, from the local prices of one plan.

    sale_ml     = max(city line, dump, max over users u in reach of      y_u - freight x km)
    purchase_ml = min(city line,       min over makers g in reach of     y_g + freight x km)

Caps count at their prices, pools at the price of the pool. The searches over users and makers are exact
(`offers.lowest`); no pair is listed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from liantu.chain.gap_screen import Prices, Prospects, crossing_prices
from liantu.chain.keys import BALANCE, Rows
from liantu.chain.model import Model
from liantu.chain.network import Bools, Floats, Ints
from liantu.chain.offers import Haul, lowest, sellers
from liantu.chain.pairs import WHOLE_EARTH_KM


@dataclass(frozen=True)
class Places:
    """Where something might be built, arrays of length L: degrees, and the park, '' or left out for none."""

    lat: Floats
    lon: Floats
    park: tuple[str, ...] = ()

    def park_of(self, place: int) -> str:
        """The park of a place."""
        return self.park[place] if self.park else ""


@dataclass(frozen=True)
class PlacePrices:
    """sale, purchase (M, L): CNY per unit at the gate, 0 where unsold or unhad (M, L) say that there is no
    partner; these are None where there always is one."""

    sale: Floats
    purchase: Floats
    unsold: Bools | None
    unhad: Bools | None


def plain_prices(model: Model, price: Floats) -> Prices:
    """Row prices (R,) of a solved plan as prices of a prospect; none of its prospects has a host."""
    at = np.array([cap.row for cap in model.caps], dtype=np.int64)
    cap = np.where(at >= 0, price[at], 0.0) if len(at) else np.zeros(0)
    return Prices(price, price, cap, cap, np.full(len(model.network.plants.id), np.inf))


def place_prices(
    model: Model, price: Floats, places: Places, counted: Bools, materials: Ints
) -> Iterator[PlacePrices]:
    """Prices at the places for each row of `counted` (G, K): which caps count a newcomer.

    price (R,): a dual of every row. Rows of materials that are not among `materials` stay without price.
    """
    market = [_market(model, price, line, materials) for line in counted]
    sale, purchase = _neighbours(model, price, places, materials, market)
    for top, least in market:
        sold, unsold = _parted(np.fmax(sale, top[:, None]), materials)
        bought, unhad = _parted(np.fmin(purchase, least[:, None]), materials)
        yield PlacePrices(sold, bought, unsold, unhad)


def _parted(table: Floats, materials: Ints) -> tuple[Floats, Bools | None]:
    """The table with zeros for what is infinite, and where that is, if it is for one of the materials."""
    lacking = np.isinf(table)
    return np.where(lacking, 0.0, table), lacking if lacking[materials].any() else None


def _market(model: Model, price: Floats, counted: Bools, materials: Ints) -> tuple[Floats, Floats]:
    """(M,) the best of sale and dump, and the purchase, at the city line; nan where it is closed."""
    n = len(materials)
    one = Prospects(
        recipe=np.zeros(1, dtype=np.int64),
        lat=np.zeros(1),
        lon=np.zeros(1),
        park=("",),
        host=np.full(1, -1, dtype=np.int64),
        local_only=(frozenset(),),
        counted=counted[None, :],
    )
    bundle, prices = np.zeros(n, dtype=np.int64), plain_prices(model, price)
    sold, dumped = crossing_prices(model, prices, one, bundle, materials, np.ones(n, dtype=bool))
    bought, _ = crossing_prices(model, prices, one, bundle, materials, np.zeros(n, dtype=bool))
    top, least = (np.full(len(model.network.materials.id), np.nan) for _ in range(2))
    top[materials], least[materials] = np.maximum(sold, dumped), -bought
    top[np.isinf(top)], least[np.isinf(least)] = np.nan, np.nan
    return top, least


def _neighbours(
    model: Model, price: Floats, places: Places, materials: Ints, market: list[tuple[Floats, Floats]]
) -> tuple[Floats, Floats]:
    """(M, L) what users and makers in reach offer, no better than matters beside any of the markets."""
    m, rows, n = model.network.materials, model.rows, len(places.lat)
    sale, purchase = np.full((len(m.id), n), -np.inf), np.full((len(m.id), n), np.inf)
    wide, at = _with_places(rows, places)
    order, start = _by_material(rows, len(m.id))
    for i in materials.tolist():
        some = order[start[i] : start[i + 1]]
        if m.pool[i]:
            _pooled(rows, some, price, places, sale[i], purchase[i])
        elif m.link[i] != "none":
            haul = Haul(float(m.freight[i]), float(min(m.max_km[i], WHOLE_EARTH_KM)))
            some = some[~np.isnan(rows.lat[some])]
            users, makers = some[rows.uses[some]], some[rows.makes[some]]
            worst, dearest = (
                min(_number(top[i], -np.inf) for top, _ in market),
                max(_number(least[i], np.inf) for _, least in market),
            )
            if len(users):
                ceiling = np.full(n, -worst)
                sale[i] = -lowest(wide, sellers(wide, users, -price[users]), at, ceiling, haul)
            if len(makers):
                ceiling = np.full(n, dearest)
                purchase[i] = lowest(wide, sellers(wide, makers, price[makers]), at, ceiling, haul)
    return sale, purchase


def _number(value: float, otherwise: float) -> float:
    return otherwise if np.isnan(value) else float(value)


def _with_places(rows: Rows, places: Places) -> tuple[Rows, Ints]:
    """The rows with the positions of the places behind them, and where these are."""
    lat, lon = np.concatenate([rows.lat, places.lat]), np.concatenate([rows.lon, places.lon])
    return replace(rows, lat=lat, lon=lon), np.arange(len(rows.lat), len(lat))


def _by_material(rows: Rows, n: int) -> tuple[Ints, Ints]:
    """Balance rows by material, and where each one's begin."""
    at = np.flatnonzero(rows.kind == BALANCE)
    at = at[np.argsort(rows.material[at], kind="stable")]
    return at, np.searchsorted(rows.material[at], np.arange(n + 1))


def _pooled(rows: Rows, some: Ints, price: Floats, places: Places, sale: Floats, purchase: Floats) -> None:
    """Write the prices of a pooled material: one for the city, or each park's own."""
    for row in some.tolist():
        name = rows.place[row]
        if name == "city":
            sale[:], purchase[:] = price[row], price[row]
        elif name.startswith("park:") and places.park:
            here = np.array([park == name.removeprefix("park:") for park in places.park])
            sale[here], purchase[here] = price[row], price[row]
