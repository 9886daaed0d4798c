"""Tables -> Network: the city as arrays, before any scenario is applied.

A network holds every plant that exists and every candidate that could be built, in one index; a
scenario later says which of them are open. Position i in every array of `Materials` corresponds to
`Materials.id[i]`; the same holds for `Recipes` and `Plants`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from liantu.chain.recipes import check_recipes, element_matrix
from liantu.data.tables import Tables

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

LEVELS = ("low", "mid", "high")
DIRECT_MODES = {"pipeline": "pipe", "onsite": "site", "conveyor": "conveyor", "grid": "grid", "none": "none"}
RAIL_MODES = ("rail_truck", "rail_tank", "rail", "container")
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
    max_km: Floats
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

    @cached_property
    def index(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.id)}


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

    @cached_property
    def index(self) -> dict[str, int]:
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
        return {name: i for i, name in enumerate(self.id)}

    @cached_property
    def is_candidate(self) -> Bools:
        return np.array([s == "candidate" for s in self.status], dtype=bool)


@dataclass(frozen=True)
class Cap:
    """A bound on the city as a whole; `scope` None means that it holds for every plant."""

    id: str
    kind: str  # buy, sell, dump, energy, land, share
    material: int  # -1 where the cap names none
    limit: float
    unit: str
    name_zh: str
    name_en: str
    scope: frozenset[int] | None = None  # plant indices


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
    price_ids: tuple[str, ...]  # resource ids behind emission_price
    demands: tuple[Demand, ...] = ()
    enterprises: Mapping[str, Enterprise] = field(default_factory=dict)
    chains: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)  # id -> zh, en, parent
    stages: Mapping[tuple[str, str, str], str] = field(default_factory=dict)  # chain, type, item -> stage
    parks: Mapping[str, tuple[str, str, float, float]] = field(default_factory=dict)  # zh, en, lat, lon
    parameters: Mapping[str, float | str] = field(default_factory=dict)


def great_circle_km(lat1: Floats, lon1: Floats, lat2: Floats, lon2: Floats) -> Floats:
    """Great-circle distance in km of points in degrees, broadcasting; haversine formula, mean radius.

    >>> round(float(great_circle_km(*(np.array([v]) for v in (38.5, 102.2, 38.4, 102.1)))[0]), 2)
    14.12
    """
    p1, p2 = np.radians(lat1), np.radians(lat2)
    a = np.sin((p2 - p1) / 2) ** 2
    a = a + np.cos(p1) * np.cos(p2) * np.sin(np.radians(lon2 - lon1) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(a, 0.0, 1.0))), dtype=np.float64)


def build_network(tables: Tables) -> Network:
    """Turn checked tables into arrays.

    The tables must have passed `data.read_tables`; a reference that does not resolve here is a
    programming error and raises KeyError.
    """
    materials = _materials(tables)
    recipes = _recipes(tables, materials)
    parks = {
        r["id"]: (r["name_zh"] or r["id"], r["name_en"] or r["id"], r["lat"], r["lon"])
        for r in tables["parks"].iter_rows(named=True)
    }
    plants = _plants(tables, materials, recipes, parks)
    caps, prices, price_ids = _caps(tables, materials, recipes, plants)
    return Network(
        name=tables.name,
        title_zh=tables.title_zh,
        title_en=tables.title_en,
        digest=tables.digest,
        materials=materials,
        recipes=recipes,
        plants=plants,
        caps=caps,
        emission_price=prices,
        price_ids=price_ids,
        demands=_demands(tables, materials, parks),
        enterprises={
            r["id"]: Enterprise(r["id"], r["name_zh"] or r["id"], r["name_en"] or r["id"], r["parent_id"] or "")
            for r in tables["enterprises"].iter_rows(named=True)
        },
        chains={
            r["id"]: (r["name_zh"] or r["id"], r["name_en"] or r["id"], r["parent_id"] or "")
            for r in tables["chains"].iter_rows(named=True)
        },
        stages={
            (r["chain_id"], r["item_type"], r["item_id"]): r["stage"]
            for r in tables["chain_stages"].iter_rows(named=True)
        },
        parks=parks,
        parameters=_parameters(tables),
    )


def _floats(frame: pl.DataFrame, column: str, blank: float) -> Floats:
    return frame[column].fill_null(blank).to_numpy().astype(np.float64)


def _texts(frame: pl.DataFrame, column: str, fallback: str | None = None) -> tuple[str, ...]:
    series = frame[column]
    series = series.fill_null(frame[fallback]) if fallback else series.fill_null("")
    return tuple(series.to_list())


def _link(mode: str) -> str:
    if mode in DIRECT_MODES:
        return DIRECT_MODES[mode]
    return "rail" if mode in RAIL_MODES else "road"


def _materials(tables: Tables) -> Materials:
    t = tables.filled("materials")
    index = {name: i for i, name in enumerate(t["id"].to_list())}
    modes = _texts(t, "transport_mode")
    t_per_unit = _floats(t, "t_per_unit", 1.0)
    free = t["free_source"].fill_null(False).to_numpy().astype(bool)
    buyable = t["external_buy"].fill_null(False).to_numpy().astype(bool)
    elements, composition = element_matrix(tables)
    level = {"": -1, **{name: i for i, name in enumerate(LEVELS)}}
    return Materials(
        id=tuple(index),
        name_zh=_texts(t, "name_zh", "id"),
        name_en=_texts(t, "name_en", "id"),
        kind=_texts(t, "kind"),
        unit=_texts(t, "unit"),
        formula=_texts(t, "formula"),
        hazard=_texts(t, "hazard_class"),
        link=tuple(_link(mode) for mode in modes),
        purity=_floats(t, "purity", np.nan),
        t_per_unit=t_per_unit,
        tce_per_unit=_floats(t, "tce_per_unit", 0.0),
        price=_price_levels(t),
        sell_level=np.array([level[v] for v in _texts(t, "sell_price_level")], dtype=np.int64),
        buyable=buyable,
        sellable=t["external_sell"].fill_null(False).to_numpy().astype(bool),
        import_km=_floats(t, "import_km", 0.0),
        export_km=_floats(t, "export_km", 0.0),
        freight=_floats(t, "transport_cost_cny_per_tkm", 0.0) * t_per_unit,
        max_km=_floats(t, "max_transport_km", np.inf),
        disposal_cost=_floats(t, "disposal_cost_cny_per_unit", np.nan),
        buy_cap=_floats(t, "external_buy_cap_per_year", np.inf),
        sell_cap=_floats(t, "external_sell_cap_per_year", np.inf),
        pool=_texts(t, "pool"),
        unlimited=free & ~buyable & np.array([mode == "none" for mode in modes]),
        free_source=free,
        emits_as=np.array([index[v] if v else -1 for v in _texts(t, "emits_as")], dtype=np.int64),
        emits_per_unit=_floats(t, "emits_per_unit", 0.0),
        elements=elements,
        composition=composition,
    )


def _price_levels(t: pl.DataFrame) -> Floats:
    """(3, M) prices; a blank low or high is the mid price."""
    mid = _floats(t, "price_mid_cny", np.nan)
    rows = [_floats(t, f"price_{level}_cny", np.nan) for level in LEVELS]
    return np.vstack([np.where(np.isnan(row), mid, row) for row in rows])


def _recipes(tables: Tables, materials: Materials) -> Recipes:
    t = tables.filled("processes")
    flows = tables["process_flows"]
    index = {name: i for i, name in enumerate(t["id"].to_list())}
    row = np.array([index[v] for v in flows["process_id"]], dtype=np.int64)
    col = np.array([materials.index[v] for v in flows["material_id"]], dtype=np.int64)
    amount = flows["amount"].to_numpy().astype(np.float64)
    made = (flows["direction"] == "out").to_numpy()
    vented = made & (flows["role"].fill_null("") == "emission").to_numpy()
    shape = (len(index), len(materials.id))
    signed = np.where(made, amount, -amount)
    flow = sparse.coo_matrix((signed[~vented], (row[~vented], col[~vented])), shape).tocsr()
    flow.eliminate_zeros()
    emission = sparse.coo_matrix((amount[vented], (row[vented], col[vented])), shape).tocsr()
    return Recipes(
        id=tuple(index),
        name_zh=_texts(t, "name_zh", "id"),
        name_en=_texts(t, "name_en", "id"),
        chain=_texts(t, "chain"),
        reference=np.array([materials.index[v] for v in t["reference_product"]], dtype=np.int64),
        flow=flow,
        emission=emission,
        opex=_floats(t, "other_opex_cny_per_unit", 0.0),
        capex=_floats(t, "capex_cny_per_unit_year", 0.0),
        land=_floats(t, "land_ha_per_unit_year", 0.0),
        dispatchable=t["dispatchable"].fill_null(False).to_numpy().astype(bool),
        excused=_excused(tables, index, materials.elements),
    )


def _excused(tables: Tables, process: Mapping[str, int], elements: tuple[str, ...]) -> sparse.csr_matrix:
    """(P, E) t of element that a recipe gives out less what it takes in, per unit of its reference
    product, where a free source carries the element or the data declare the recipe exempt."""
    column = {name: e for e, name in enumerate(elements)}
    found = [b for b in check_recipes(tables) if b.cause in ("free_source", "declared")]
    row = [process[b.process] for b in found]
    col = [column[b.element] for b in found]
    value = [b.mass_out - b.mass_in for b in found]
    return sparse.coo_matrix((value, (row, col)), (len(process), len(elements))).tocsr()


LINK_TYPES = {"补链": "fill", "延链": "extend", "强链": "strengthen"}


def _plants(
    tables: Tables, materials: Materials, recipes: Recipes, parks: Mapping[str, tuple[str, str, float, float]]
) -> Plants:
    fac, cand = tables.filled("facilities"), tables.filled("candidates")
    ids = fac["id"].to_list() + cand["id"].to_list()
    index = {name: i for i, name in enumerate(ids)}
    n = len(fac)
    candidate_parks = _texts(cand, "suggested_park_id")
    where = [parks[p] if p else ("", "", np.nan, np.nan) for p in candidate_parks]
    scale = _floats(cand, "typical_scale", 0.0)
    recipe = [recipes.index[v] for v in fac["process_id"].to_list() + cand["process_id"].to_list()]
    capital = _candidate_capital(cand, recipes, np.array(recipe[n:], dtype=np.int64), scale)
    land = cand["land_ha"].to_numpy().astype(np.float64)
    own_land = recipes.land[np.array(recipe[n:], dtype=np.int64)] * scale
    hosts = [""] * n + list(_texts(cand, "shares_capacity_with_facility"))
    partners = [""] * n + list(_texts(cand, "works_best_with"))
    local = [""] * n + list(_texts(cand, "local_only_inputs"))
    zeros = np.zeros(n)
    return Plants(
        id=tuple(ids),
        name_zh=_texts(fac, "name_zh", "id") + _texts(cand, "name_zh", "id"),
        name_en=_texts(fac, "name_en", "id") + _texts(cand, "name_en", "id"),
        enterprise=_texts(fac, "enterprise_id") + ("",) * len(cand),
        park=_texts(fac, "park_id") + candidate_parks,
        status=tuple(v or "operating" for v in _texts(fac, "status")) + ("candidate",) * len(cand),
        recipe=np.array(recipe, dtype=np.int64),
        capacity=np.concatenate([_floats(fac, "capacity_per_year", 0.0), scale]),
        lat=np.concatenate([_position(fac, parks, 2), np.array([w[2] for w in where], dtype=np.float64)]),
        lon=np.concatenate([_position(fac, parks, 3), np.array([w[3] for w in where], dtype=np.float64)]),
        jobs=np.concatenate([_floats(fac, "jobs_indicative", 0.0), _floats(cand, "jobs", 0.0)]),
        host=np.array([index[v] if v else -1 for v in hosts], dtype=np.int64),
        capital=np.concatenate([zeros, capital]),
        land=np.concatenate([zeros, np.where(np.isnan(land), own_land, land)]),
        min_scale=np.concatenate([zeros, np.where(np.isnan(m := _floats(cand, "min_scale", np.nan)), scale, m)]),
        link_type=("",) * n + tuple(LINK_TYPES.get(v, v) for v in _texts(cand, "link_type")),
        partners=tuple(tuple(index[p] for p in _items(v)) for v in partners),
        local_only=tuple(frozenset(materials.index[m] for m in _items(v)) for v in local),
    )


def _candidate_capital(cand: pl.DataFrame, recipes: Recipes, recipe: Ints, scale: Floats) -> Floats:
    """CNY: the total where given, else the unit figure of the candidate, else that of its recipe."""
    total = _floats(cand, "capex_total_cny", np.nan)
    unit = _floats(cand, "capex_cny_per_unit_year", np.nan)
    unit = np.where(np.isnan(unit), recipes.capex[recipe] if len(recipe) else unit, unit)
    return np.asarray(np.where(np.isnan(total), unit * scale, total), dtype=np.float64)


def _position(fac: pl.DataFrame, parks: Mapping[str, tuple[str, str, float, float]], part: int) -> Floats:
    """Latitude (part 2) or longitude (part 3); a plant without one stands at its park."""
    own = _floats(fac, "lat" if part == 2 else "lon", np.nan)
    park = [parks[p][part] if p else np.nan for p in _texts(fac, "park_id")]
    return np.where(np.isnan(own), np.array(park, dtype=np.float64), own)


def _items(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


CAP_KINDS = {
    "buy_cap": "buy",
    "agri_cap": "buy",
    "sell_cap": "sell",
    "disposal_cap": "dump",
    "emission_cap": "dump",
    "energy_cap": "energy",
    "land_cap": "land",
    "dispatchable_min": "share",
}


def _caps(
    tables: Tables, materials: Materials, recipes: Recipes, plants: Plants
) -> tuple[tuple[Cap, ...], dict[int, float], tuple[str, ...]]:
    """City caps of resources.csv, the caps of single materials, and prices of emissions."""
    caps: list[Cap] = []
    prices: dict[int, float] = {}
    price_ids: list[str] = []
    for r in tables["resources"].iter_rows(named=True):
        material = materials.index[r["material_id"]] if r["material_id"] else -1
        if r["constraint_kind"] == "price":
            prices[material] = prices.get(material, 0.0) + r["value"]
            price_ids.append(r["id"])
            continue
        scope = _scope(r["applies_to"] or "", recipes, plants)
        names = r["name_zh"] or r["id"], r["name_en"] or r["id"]
        caps.append(Cap(r["id"], CAP_KINDS[r["constraint_kind"]], material, r["value"], r["unit"] or "", *names, scope))
    stated = {(c.kind, c.material): c.limit for c in caps if c.scope is None}
    for kind, limits in (("buy", materials.buy_cap), ("sell", materials.sell_cap)):
        for m in np.flatnonzero(np.isfinite(limits)):
            if stated.get((kind, int(m)), np.inf) <= limits[m]:
                continue  # the city row already says it, as tightly
            name = f"{kind}_cap:{materials.id[m]}"
            unit = f"{materials.unit[m]}/y"
            zh, en = materials.name_zh[m], materials.name_en[m]
            caps.append(Cap(name, kind, int(m), float(limits[m]), unit, zh, en))
    return tuple(caps), prices, tuple(price_ids)


def _scope(text: str, recipes: Recipes, plants: Plants) -> frozenset[int] | None:
    """The plants that `applies_to` names; see the schema for its grammar."""
    if not text.strip():
        return None
    negated = text.strip().startswith("!")
    chosen: set[int] = set()
    for part in _items(text.strip().lstrip("!")):
        kind, _, name = part.partition(":")
        chosen |= {f for f in range(len(plants.id)) if _label(kind, f, recipes, plants) == name}
    return frozenset(set(range(len(plants.id))) - chosen if negated else chosen)


def _label(kind: str, f: int, recipes: Recipes, plants: Plants) -> str:
    recipe = int(plants.recipe[f])
    return {
        "process": recipes.id[recipe],
        "facility": plants.id[f],
        "chain": recipes.chain[recipe],
        "park": plants.park[f],
    }[kind]


def _demands(
    tables: Tables, materials: Materials, parks: Mapping[str, tuple[str, str, float, float]]
) -> tuple[Demand, ...]:
    default = float(_parameters(tables).get("shortage_penalty_cny_per_unit", 1e5))
    out = []
    for r in tables["demands"].iter_rows(named=True):
        at = parks[r["park_id"]] if r["park_id"] else ("", "", np.nan, np.nan)
        lat = r["lat"] if r["lat"] is not None else at[2]
        lon = r["lon"] if r["lon"] is not None else at[3]
        penalty = default if r["penalty_cny_per_unit"] is None else r["penalty_cny_per_unit"]
        m = materials.index[r["material_id"]]
        out.append(Demand(r["id"], m, r["quantity_per_year"], lat, lon, penalty, r["park_id"] or ""))
    return tuple(out)


def _parameters(tables: Tables) -> dict[str, float | str]:
    rows: Iterable[dict[str, object]] = tables["parameters"].iter_rows(named=True)
    return {str(r["id"]): (r["value"] if r["value"] is not None else r["text"]) for r in rows}  # type: ignore[misc]
