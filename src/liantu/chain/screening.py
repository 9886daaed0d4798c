"""Every recipe at every place, priced by one plan; the best few proved by solving again.

    margin_pl = sum over made a x sale_l  -  sum over used a x purchase_l  -  own cost_p
    worth_pl  = scale_p x (max(0, margin_pl) - charge rate x capex_p)

The value of a plan is concave in the capacity of a plant, and the margin at optimal prices is a bound of its
slope at zero: worth_pl is never less than the plan gains by a plant of that scale there. So no candidate
that is left out could be worth more than the last one that is kept. docs/formulation.md, "Screening".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from liantu.chain.gap_notional import counted_like
from liantu.chain.gap_report import Notional
from liantu.chain.gap_screen import Prospects, own_cost
from liantu.chain.model import Model
from liantu.chain.network import Bools, Floats, Ints, Network
from liantu.chain.screening_prices import PlacePrices, Places, place_prices, plain_prices

__all__ = ["Places", "Screening", "as_plants", "screen_places", "typical_scale"]

BLOCK = 1_000_000  # recipes x places at a time

Progress = Callable[[int, int], None]
"""Called with (recipes done, recipes in all)."""


@dataclass(frozen=True)
class Screening:
    """Candidates by screened worth, best first, arrays of length N: recipe (index), place (index), margin
    in CNY per unit before capital, scale in reference units a year, worth in CNY a year after the capital
    charge. priced: pairs of a recipe and a place that were priced; paying: those with a worth above 0.
    rest: a recipe that is not listed is worth no more than this anywhere; 0 where all that pays is."""

    recipe: Ints
    place: Ints
    margin: Floats
    scale: Floats
    worth: Floats
    priced: int
    paying: int
    rest: float


def typical_scale(network: Network) -> Floats:
    """(P,) median capacity of the plants of each recipe; of all plants where a recipe has none."""
    p = network.plants
    stands = ~p.is_candidate & (p.capacity > 0)
    every = float(np.median(p.capacity[stands])) if stands.any() else 1.0
    out = np.full(len(network.recipes.id), every)
    order = np.argsort(p.recipe[stands], kind="stable")
    recipe, capacity = p.recipe[stands][order], p.capacity[stands][order]
    for some in np.split(np.arange(len(recipe)), np.flatnonzero(np.diff(recipe)) + 1):
        if len(some):
            out[recipe[some[0]]] = float(np.median(capacity[some]))
    return out


def screen_places(
    model: Model,
    price: Floats,
    places: Places,
    scale: Floats,
    *,
    recipes: Ints | None = None,
    most: int = 200,
    per_recipe: int = 1,
    progress: Progress | None = None,
) -> Screening:
    """Price recipes at places and keep the `most` best, at most `per_recipe` places of one recipe.

    price (R,): the optimal row prices of the model, from all pairs within range (`Plan.solution.row_dual`,
    `warm.Found.price`); scale (P,): reference units a year of a plant of each recipe. Of equal worths the
    earlier recipe and place come first. Raises ValueError where arrays do not fit the model.
    """
    network = model.network
    if len(price) != len(model.rows.kind) or len(scale) != len(network.recipes.id):
        raise ValueError("price is one number a row of the model, scale one a recipe")
    chosen = np.arange(len(network.recipes.id)) if recipes is None else np.asarray(recipes)
    best, paying, done = _none(), 0, 0
    for group, prices in _groups(model, price, places, chosen):
        for some in np.array_split(group, -(-len(group) * max(len(places.lat), 1) // BLOCK)):
            margin = _margins(model, price, some, prices)
            worth = _worth(model, scale, some, margin)
            paying += int((worth > 0).sum())
            best = _kept([best, _best_places(some, margin, worth, per_recipe)], most + 1)
            done += len(some)
            if progress is not None:
                progress(done, len(chosen))
    rest = float(best[3][most]) if len(best[3]) > most else 0.0
    recipe, place, margins, worths = best[0][:most], best[1][:most], best[2][:most], best[3][:most]
    priced = len(chosen) * len(places.lat)
    return Screening(recipe, place, margins, scale[recipe], worths, priced, paying, rest)


def as_plants(network: Network, screening: Screening, places: Places) -> tuple[Notional, ...]:
    """The screened candidates as plants that a network can be given (`gap_notional.with_plants`)."""
    r, out = network.recipes, []
    for p, at, scale in zip(
        screening.recipe.tolist(), screening.place.tolist(), screening.scale.tolist(), strict=True
    ):
        capex, land = float(r.capex[p]), float(r.land[p])
        where = places.park_of(at), float(places.lat[at]), float(places.lon[at])
        name = f"new:{r.id[p]}@{where[0] or at}"
        out.append(Notional(name, r.id[p], *where, scale, scale, capex * scale, land * scale, capex > 0))
    return tuple(out)


_Best = tuple[Ints, Ints, Floats, Floats]


def _none() -> _Best:
    empty = np.zeros(0, dtype=np.int64)
    return empty, empty, np.zeros(0), np.zeros(0)


def _groups(model: Model, price: Floats, places: Places, recipes: Ints) -> Iterator[tuple[Ints, PlacePrices]]:
    """Recipes that the same caps count, with the prices that hold for them."""
    counted = counted_like(model.network, recipes)
    kinds, of = np.unique(counted, axis=0, return_inverse=True)
    materials = np.unique(model.network.recipes.flow[recipes].tocoo().col).astype(np.int64)
    materials = materials[~model.network.materials.unlimited[materials]]
    for g, prices in enumerate(place_prices(model, price, places, kinds, materials)):
        yield recipes[of.ravel() == g], prices


def _margins(model: Model, price: Floats, recipes: Ints, prices: PlacePrices) -> Floats:
    """(n, L) CNY per unit of activity; -inf where a flow finds no partner."""
    flow = sparse.csr_matrix(model.network.recipes.flow[recipes], copy=True)
    flow.data = np.where(model.network.materials.unlimited[flow.indices], 0.0, flow.data)
    made, used = flow.maximum(0).tocsr(), (-flow).maximum(0).tocsr()
    out = made @ prices.sale - used @ prices.purchase
    out -= _own_costs(model, price, recipes)[:, None]
    for part, lacking in ((made, prices.unsold), (used, prices.unhad)):
        if lacking is not None:
            out[(part > 0).astype(np.float64) @ lacking.astype(np.float64) > 0] = -np.inf
    return np.asarray(out)


def _own_costs(model: Model, price: Floats, recipes: Ints) -> Floats:
    n = len(recipes)
    new = Prospects(
        recipe=recipes,
        lat=np.zeros(n),
        lon=np.zeros(n),
        park=("",) * n,
        host=np.full(n, -1, dtype=np.int64),
        local_only=(frozenset(),) * n,
        counted=counted_like(model.network, recipes),
    )
    return own_cost(model, plain_prices(model, price), new)


def _worth(model: Model, scale: Floats, recipes: Ints, margin: Floats) -> Floats:
    charge = model.settings.charge_rate * model.network.recipes.capex[recipes]
    return np.asarray((np.maximum(margin, 0.0) - charge[:, None]) * scale[recipes][:, None])


def _best_places(recipes: Ints, margin: Floats, worth: Floats, per_recipe: int) -> _Best:
    """The places of greatest worth of each recipe, those without worth left out."""
    if not worth.size:
        return _none()
    one = per_recipe == 1
    at = worth.argmax(axis=1)[:, None] if one else np.argsort(-worth, axis=1, kind="stable")[:, :per_recipe]
    line = np.repeat(np.arange(len(recipes)), at.shape[1])
    place = at.ravel()
    good: Bools = worth[line, place] > 0
    line, place = line[good], place[good]
    return recipes[line], place.astype(np.int64), margin[line, place], worth[line, place]


def _kept(parts: list[_Best], most: int) -> _Best:
    recipe, place, margin, worth = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((place, recipe, -worth))[:most]
    return recipe[order], place[order], margin[order], worth[order]
