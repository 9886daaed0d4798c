"""Network: the city as arrays, before any scenario is applied. `network_build` makes one from tables.

A network holds every plant that exists and every candidate that could be built, in one index; a
scenario later says which of them are open. Position i in every array of `Materials` corresponds to
`Materials.id[i]`; the same holds for `Recipes` and `Plants`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from liantu.chain.lanes import WHOLE_EARTH_KM, Lane, Lanes, carry

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

LEVELS = ("low", "mid", "high")
EARTH_RADIUS_KM = 6371.0088


@dataclass(frozen=True)
class Materials:
    """The materials of a city, arrays of length M; quantities in each material's own unit."""

    id: tuple[str, ...]
    name_zh: tuple[str, ...]
    name_en: tuple[str, ...]
    kind: tuple[str, ...]
    unit: tuple[str, ...]
    formula: tuple[str, ...]
    hazard: tuple[str, ...]
    link: tuple[str, ...]  # pipe, site, conveyor, grid, road, rail or none
    purity: Floats  # mass fraction, nan = unknown
    t_per_unit: Floats
    tce_per_unit: Floats  # tonnes of standard coal equivalent, 0 = not an energy carrier
    price: Floats  # (3, M) low, mid, high in CNY per unit; nan = no price
    sell_level: Ints  # -1 none, else the price level above which it is never sold
    buyable: Bools
    sellable: Bools
    import_km: Floats
    export_km: Floats
    freight: Floats  # CNY per unit and km
    max_km: Floats  # of the first way; `reach` is that of all
    disposal_cost: Floats  # CNY per unit; nan = may not be dumped
    buy_cap: Floats  # inf = none
    sell_cap: Floats
    pool: tuple[str, ...]  # '', 'city' or 'park'
    unlimited: Bools  # free source without transport (air): no balance
    free_source: Bools
    emits_as: Ints  # -1, or the material booked when this one is dumped
    emits_per_unit: Floats
    elements: tuple[str, ...]
    composition: sparse.csr_matrix  # (M, E) t of element per unit
    more_lanes: Mapping[int, Lanes] = field(default_factory=dict)  # ways besides the first, by material

    @cached_property
    def index(self) -> dict[str, int]:
        """Position of each id."""
        return {name: i for i, name in enumerate(self.id)}

    def lanes(self, material: int) -> Lanes:
        """The ways of carrying a material between places, its own first, which may be of no reach."""
        link = self.link[material]
        reach = 0.0 if link == "none" else float(self.max_km[material])
        return (Lane(float(self.freight[material]), reach, 0.0, link), *self.more_lanes.get(material, ()))

    def reach(self, material: int) -> float:
        """How far a material may be carried, km; at most half round the earth."""
        return min(max(lane.reach for lane in self.lanes(material)), WHOLE_EARTH_KM)

    def haul(self, material: Ints, km: Floats) -> Floats:
        """(n,) CNY per unit of carrying materials (n,) over distances within reach, the cheapest way."""
        out = self.freight[material] * km
        for i in self.more_lanes:
            at = np.flatnonzero(material == i)
            if len(at):
                cost = carry(self.lanes(i), km[at])
                out[at] = np.where(np.isfinite(cost), cost, out[at])
        return out


@dataclass(frozen=True)
class Recipes:
    """The recipes (processes), arrays of length P; flows per 1 unit of the reference product."""

    id: tuple[str, ...]
    name_zh: tuple[str, ...]
    name_en: tuple[str, ...]
    chain: tuple[str, ...]
    reference: Ints  # material index
    flow: sparse.csr_matrix  # (P, M) net, > 0 made, < 0 used; emissions apart
    emission: sparse.csr_matrix  # (P, M) vented to the environment, >= 0
    opex: Floats  # CNY per unit
    capex: Floats  # CNY per unit and year of capacity
    land: Floats  # ha per unit and year
    dispatchable: Bools
    excused: sparse.csr_matrix  # (P, E) t of element out less in, where the balance is excused
    broken: frozenset[str]  # recipes that make an element or lose one

    @cached_property
    def index(self) -> dict[str, int]:
        """Position of each id."""
        return {name: i for i, name in enumerate(self.id)}


@dataclass(frozen=True)
class Plants:
    """Plants that exist and candidates, arrays of length F; capacity in reference units a year."""

    id: tuple[str, ...]
    name_zh: tuple[str, ...]
    name_en: tuple[str, ...]
    enterprise: tuple[str, ...]
    park: tuple[str, ...]
    status: tuple[str, ...]  # operating, building, planned ... or 'candidate'
    recipe: Ints
    capacity: Floats
    lat: Floats
    lon: Floats
    jobs: Floats
    host: Ints  # -1, or the plant inside whose capacity a retrofit runs
    capital: Floats  # CNY to build, 0 for what stands
    land: Floats  # ha taken by a candidate
    min_scale: Floats  # smallest scale a candidate can be built at
    link_type: tuple[str, ...]  # fill, extend, strengthen or ''
    partners: tuple[tuple[int, ...], ...]
    local_only: tuple[frozenset[int], ...]  # materials that must not be bought in

    @cached_property
    def index(self) -> dict[str, int]:
        """Position of each id."""
        return {name: i for i, name in enumerate(self.id)}

    @cached_property
    def is_candidate(self) -> Bools:
        """(F,) whether a plant is only a candidate."""
        return np.array([s == "candidate" for s in self.status], dtype=bool)


@dataclass(frozen=True)
class Cap:
    """A bound on the city as a whole; `scope` None means that it holds for every plant. applies_to: the
    words of the tables behind `scope`, for a plant that they don't know."""

    id: str
    kind: str  # buy, sell, dump, energy, land, share
    material: int  # -1 where the cap names none
    limit: float
    unit: str
    name_zh: str
    name_en: str
    scope: frozenset[int] | None = None  # plant indices
    applies_to: str = ""


@dataclass(frozen=True)
class Demand:
    """A committed demand inside the city; what is not delivered is a shortage at `penalty`."""

    id: str
    material: int
    quantity: float
    lat: float
    lon: float
    penalty: float
    park: str = ""


@dataclass(frozen=True)
class Enterprise:
    """Who owns plants; `parent` is the id of the group, or ''."""

    id: str
    name_zh: str
    name_en: str
    parent: str


@dataclass(frozen=True)
class Network:
    """A city: what can be made, where, from what, and what crosses the city line."""

    name: str
    title_zh: str
    title_en: str
    digest: str
    materials: Materials
    recipes: Recipes
    plants: Plants
    caps: tuple[Cap, ...]
    emission_price: Mapping[int, float]  # material -> CNY per unit emitted
    price_rows: Mapping[str, tuple[int, float]]  # behind it: resource -> material, CNY per unit
    demands: tuple[Demand, ...] = ()
    enterprises: Mapping[str, Enterprise] = field(default_factory=dict)
    chains: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)  # id -> zh, en, parent
    stages: Mapping[tuple[str, str, str], str] = field(default_factory=dict)  # chain, type, item -> stage
    parks: Mapping[str, tuple[str, str, float, float]] = field(default_factory=dict)  # zh, en, lat, lon
    parameters: Mapping[str, float | str] = field(default_factory=dict)

    @property
    def most_pairs(self) -> int:
        """Makers x users, summed over materials that are not pooled: no network has more pairs."""
        flow = self.recipes.flow[self.plants.recipe].tocsc()
        own = np.array([not pool for pool in self.materials.pool], dtype=bool)
        column = np.repeat(np.arange(flow.shape[1]), np.diff(flow.indptr))
        makers = np.bincount(column[flow.data > 0], minlength=flow.shape[1])
        users = np.bincount(column[flow.data < 0], minlength=flow.shape[1])
        users += np.bincount(np.array([d.material for d in self.demands], dtype=int), minlength=flow.shape[1])
        return int((makers * users)[own].sum())


def great_circle_km(lat1: Floats, lon1: Floats, lat2: Floats, lon2: Floats) -> Floats:
    """Great-circle distance in km of points in degrees, broadcasting; haversine formula, mean radius.

    >>> round(float(great_circle_km(*(np.array([v]) for v in (38.5, 102.2, 38.4, 102.1)))[0]), 2)
    14.12
    """
    p1, p2 = np.radians(lat1), np.radians(lat2)
    a = np.sin((p2 - p1) / 2) ** 2
    a = a + np.cos(p1) * np.cos(p2) * np.sin(np.radians(lon2 - lon1) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(a, 0.0, 1.0))), dtype=np.float64)
