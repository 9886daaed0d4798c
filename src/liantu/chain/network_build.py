"""Tables -> Network: what a checked package says, as arrays. Caps and prices are in `network_caps`."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from scipy import sparse

from liantu.chain.lanes import Lane, Lanes
from liantu.chain.network import (
    LEVELS,
    Demand,
    Enterprise,
    Floats,
    Ints,
    Materials,
    Network,
    Plants,
    Recipes,
)
from liantu.chain.network_caps import city_caps
from liantu.chain.recipes import RecipeBalance, check_recipes, element_matrix
from liantu.data.tables import Tables

DIRECT_MODES = {"pipeline": "pipe", "onsite": "site", "conveyor": "conveyor", "grid": "grid", "none": "none"}
RAIL_MODES = ("rail_truck", "rail_tank", "rail", "container")


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
    caps, prices, price_rows = city_caps(tables, materials, recipes, plants)
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
        price_rows=price_rows,
        demands=_demands(tables, materials, parks),
        enterprises={
            r["id"]: Enterprise(
                r["id"], r["name_zh"] or r["id"], r["name_en"] or r["id"], r["parent_id"] or ""
            )
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
        more_lanes=_more_lanes(tables, index, t_per_unit),
    )


def _more_lanes(tables: Tables, index: Mapping[str, int], t_per_unit: Floats) -> dict[int, Lanes]:
    """The ways of each material besides its own, by its position."""
    out: dict[int, Lanes] = {}
    t = tables.filled("transports")
    for name, mode, reach, rate, loading in t.select(
        "material_id", "transport_mode", "max_transport_km", "transport_cost_cny_per_tkm",
        "loading_cost_cny_per_t",
    ).iter_rows():  # fmt: skip
        i = index[name]
        tonnes = float(t_per_unit[i])
        out[i] = (*out.get(i, ()), Lane(rate * tonnes, reach, loading * tonnes, _link(mode)))
    return out


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
    balances = check_recipes(tables)
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
        excused=_excused(balances, index, materials.elements),
        broken=frozenset(b.process for b in balances if b.verdict == "broken"),
    )


def _excused(
    balances: tuple[RecipeBalance, ...], process: Mapping[str, int], elements: tuple[str, ...]
) -> sparse.csr_matrix:
    """(P, E) t of element that a recipe gives out less what it takes in, per unit of its reference
    product, where a free source carries the element or the data declare the recipe exempt."""
    column = {name: e for e, name in enumerate(elements)}
    found = [b for b in balances if b.cause in ("free_source", "declared")]
    row = np.array([process[b.process] for b in found], dtype=np.int64)
    col = np.array([column[b.element] for b in found], dtype=np.int64)
    value = np.array([b.mass_out - b.mass_in for b in found], dtype=np.float64)
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
        min_scale=np.concatenate(
            [zeros, np.where(np.isnan(m := _floats(cand, "min_scale", np.nan)), scale, m)]
        ),
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
    rows = tables["parameters"].iter_rows(named=True)
    return {str(r["id"]): (r["value"] if r["value"] is not None else r["text"]) for r in rows}
