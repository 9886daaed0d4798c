"""Networks with a need or an offer built in, so that the plan can be solved again with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from scipy import sparse

from liantu.chain.match_query import StandIn, counts
from liantu.chain.match_types import Place
from liantu.chain.network import Floats, Materials, Network, Plants, Recipes

MATCH = "match:"
"""Start of the ids of the materials, plants and demands that a match adds."""
SAME_PLACE_KM = 1e-3


def with_source(network: Network, forms: Sequence[StandIn], place: Place, quantity: float) -> Network:
    """The network with plants at a place that make the first form out of nothing, `quantity` a year of it.

    The other forms run inside the capacity of the first, each unit of it as so many units of a material of
    the same formula.
    """
    host = np.array([-1] + [len(network.plants.id)] * (len(forms) - 1), dtype=np.int64)
    makes = _amounts([s.units for s in forms], [s.material for s in forms], len(network.materials.id))
    reference = np.array([s.material for s in forms], dtype=np.int64)
    ids = tuple(f"{MATCH}{network.materials.id[s.material]}" for s in forms)
    return _with_plants(network, ids, makes, reference, place, np.full(len(forms), quantity), host)


def with_sink(
    network: Network, forms: Sequence[StandIn], place: Place, quantity: float, name: str, unit: str
) -> Network:
    """The network with a new material `name` that goes nowhere, and plants at a place that make a unit of
    it from so many units of each form. Who wants the new material leaves it to the plan which form to
    take; without a form nobody makes it."""
    new = len(network.materials.id)
    materials = _with_material(network.materials, name, unit)
    network = replace(network, materials=materials, recipes=_widened(network.recipes))
    if not forms:
        return network
    uses = _amounts([-s.units for s in forms], [s.material for s in forms], new + 1)
    makes = _amounts([1.0] * len(forms), [new] * len(forms), new + 1)
    ids = tuple(f"{name}:{network.materials.id[s.material]}" for s in forms)
    reference, none = np.full(len(forms), new, dtype=np.int64), np.full(len(forms), -1, dtype=np.int64)
    flow = sparse.csr_matrix(uses + makes)
    return _with_plants(network, ids, flow, reference, place, np.full(len(forms), quantity), none)


def _amounts(values: Sequence[float], columns: Sequence[int], width: int) -> sparse.csr_matrix:
    """(n, width) with one value in each row."""
    n = len(values)
    return sparse.csr_matrix((np.array(values), (np.arange(n), np.array(columns))), (n, width))


def _with_plants(
    network: Network,
    ids: tuple[str, ...],
    flow: sparse.csr_matrix,
    reference: Any,
    place: Place,
    capacity: Floats,
    host: Any,
) -> Network:
    """One recipe and one plant of each id, at a place; caps count them as they do what stands there."""
    n, names = len(ids), {"id": ids, "name_zh": ids, "name_en": ids}
    recipes = _extended(network.recipes, n, **names, reference=reference, flow=flow)
    plants = _extended(
        network.plants,
        n,
        **names,
        park=(place.park,) * n,
        status=("matched",) * n,
        recipe=len(network.recipes.id) + np.arange(n),
        capacity=capacity,
        lat=np.full(n, place.lat),
        lon=np.full(n, place.lon),
        host=host,
    )
    first = len(network.plants.id)
    caps = tuple(
        replace(cap, scope=cap.scope | frozenset(range(first, first + n)))
        if cap.scope is not None and counts(network, cap, place)
        else cap
        for cap in network.caps
    )
    return replace(network, recipes=recipes, plants=plants, caps=caps)


def _with_material(m: Materials, name: str, unit: str) -> Materials:
    """The materials with one more: neither bought, sold, dumped nor carried."""
    nan = np.array([np.nan])
    return replace(
        _extended(
            replace(m, price=m.price[0], elements=("",)),
            1,
            id=(name,),
            name_zh=(name,),
            name_en=(name,),
            unit=(unit,),
            link=("site",),
            max_km=np.array([SAME_PLACE_KM]),
            purity=nan,
            disposal_cost=nan,
            sell_level=np.array([-1]),
            emits_as=np.array([-1]),
            buy_cap=np.array([np.inf]),
            sell_cap=np.array([np.inf]),
        ),
        price=np.hstack([m.price, np.full((len(m.price), 1), np.nan)]),
        elements=m.elements,
    )


def _widened(recipes: Recipes) -> Recipes:
    """The recipes with room for one more material."""
    n = len(recipes.id)
    blank = sparse.csr_matrix((n, 1), dtype=np.float64)
    flow, emission = (
        sparse.csr_matrix(sparse.hstack([part, blank])) for part in (recipes.flow, recipes.emission)
    )
    return replace(recipes, flow=flow, emission=emission)


Noun = TypeVar("Noun", Materials, Recipes, Plants)


def _extended(noun: Noun, n: int, **given: Any) -> Noun:
    """Materials, recipes or plants with n more; what is not given is blank: 0, False, '' or empty."""
    joined: dict[str, Any] = {}
    for name in noun.__dataclass_fields__:
        old, new = getattr(noun, name), given.get(name)
        if isinstance(old, tuple):
            joined[name] = old + ((type(old[0])(),) * n if new is None else new)
        elif isinstance(old, sparse.csr_matrix):
            more = sparse.csr_matrix((n, int(old.shape[1])), dtype=np.float64) if new is None else new
            joined[name] = sparse.csr_matrix(sparse.vstack([old, more]))
        elif isinstance(old, (frozenset, dict)):  # of some of them; the new ones are not among these
            joined[name] = old
        else:
            joined[name] = np.concatenate([old, np.zeros(n, dtype=old.dtype) if new is None else new])
    return replace(noun, **joined)
