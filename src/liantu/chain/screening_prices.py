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
from liantu.chain.offers import lowest, sellers
from liantu.chain.pairs import unit_sphere


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
    unsold: Bools | None
    purchase: Floats
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
    worst = np.min([top for top, _ in market], axis=0)
    dearest = np.max([least for _, least in market], axis=0)
    sale, purchase = _neighbours(model, price, places, materials, (worst, dearest))
    for top, least in market:
        sold = sale if np.array_equal(top, worst) else np.maximum(sale, top[:, None])
        bought = purchase if np.array_equal(least, dearest) else np.minimum(purchase, least[:, None])
        yield PlacePrices(*_parted(sold, top, materials), *_parted(bought, least, materials))


def _parted(table: Floats, market: Floats, materials: Ints) -> tuple[Floats, Bools | None]:
    """The table with zeros for what is infinite, and where that is; it can be where no market is."""
    closed = materials[np.isinf(market[materials])]
    lacking = np.isinf(table[closed])
    if not lacking.any():
        return table, None
    table, mark = table.copy(), np.zeros(table.shape, dtype=bool)
    mark[closed] = lacking
    table[mark] = 0.0
    return table, mark


def _market(model: Model, price: Floats, counted: Bools, materials: Ints) -> tuple[Floats, Floats]:
    """(M,) the best of sale and dump, and the purchase, at the city line; -inf and inf where it is closed."""
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
    size = len(model.network.materials.id)
    top, least = np.full(size, -np.inf), np.full(size, np.inf)
    top[materials], least[materials] = np.maximum(sold, dumped), -bought
    return top, least


def _neighbours(
    model: Model, price: Floats, places: Places, materials: Ints, market: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    """(M, L) the best of the market's sale and purchase and what users and makers in reach offer."""
    m, rows, n = model.network.materials, model.rows, len(places.lat)
    sale, purchase = (np.repeat(side[:, None], n, axis=1) for side in market)
    wide, at = _with_places(rows, places)
    points = unit_sphere(places.lat, places.lon)
    order, start = _by_material(rows, len(m.id))
    for i in materials.tolist():
        some = order[start[i] : start[i + 1]]
        if m.pool[i]:
            _pooled(rows, some, price, places, sale[i], purchase[i])
        elif m.link[i] != "none":
            lanes = m.lanes(i)
            some = some[~np.isnan(rows.lat[some])]
            users, makers = some[rows.uses[some]], some[rows.makes[some]]
            if len(users):
                asked = sellers(wide, users, -price[users])
                sale[i] = -lowest(wide, asked, at, -sale[i], lanes, points=points)
            if len(makers):
                offered = sellers(wide, makers, price[makers])
                purchase[i] = lowest(wide, offered, at, purchase[i], lanes, points=points)
    return sale, purchase


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
    """Let the pool of the city, or each park's own, better the prices of a pooled material."""
    for row in some.tolist():
        name = rows.place[row]
        if name == "city":
            here = np.ones(len(sale), dtype=bool)
        elif name.startswith("park:") and places.park:
            here = np.array([park == name.removeprefix("park:") for park in places.park])
        else:
            continue
        sale[here] = np.maximum(sale[here], price[row])
        purchase[here] = np.minimum(purchase[here], price[row])
