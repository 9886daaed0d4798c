"""City caps and prices of emissions from resources.csv and from the caps of single materials."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from liantu.chain.network import Cap, Materials, Plants, Recipes
from liantu.data.tables import Tables

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


def city_caps(
    tables: Tables, materials: Materials, recipes: Recipes, plants: Plants
) -> tuple[tuple[Cap, ...], dict[int, float], dict[str, tuple[int, float]]]:
    """City caps of resources.csv, the caps of single materials, and prices of emissions."""
    caps: list[Cap] = []
    prices: dict[int, float] = {}
    price_rows: dict[str, tuple[int, float]] = {}
    for r in tables["resources"].iter_rows(named=True):
        material = materials.index[r["material_id"]] if r["material_id"] else -1
        if r["constraint_kind"] == "price":
            prices[material] = prices.get(material, 0.0) + r["value"]
            price_rows[r["id"]] = (material, r["value"])
            continue
        scope = _scope(r["applies_to"] or "", recipes, plants)
        names = r["name_zh"] or r["id"], r["name_en"] or r["id"]
        kind = CAP_KINDS[r["constraint_kind"]]
        words = r["applies_to"] or ""
        caps.append(Cap(r["id"], kind, material, r["value"], r["unit"] or "", *names, scope, words))
    stated = {(c.kind, c.material): c.limit for c in caps if c.scope is None}
    for kind, limits in (("buy", materials.buy_cap), ("sell", materials.sell_cap)):
        for m in np.flatnonzero(np.isfinite(limits)):
            if stated.get((kind, int(m)), np.inf) <= limits[m]:
                continue  # the city row already says it, as tightly
            name = f"{kind}_cap:{materials.id[m]}"
            unit = f"{materials.unit[m]}/y"
            zh, en = materials.name_zh[m], materials.name_en[m]
            caps.append(Cap(name, kind, int(m), float(limits[m]), unit, zh, en))
    return tuple(caps), prices, price_rows


def counts_newcomer(cap: Cap, labels: Collection[str]) -> bool:
    """Whether a cap would count a plant that the tables don't know; labels: what is known of it, as
    'park:ID' or 'process:ID'."""
    words = cap.applies_to.strip()
    named = {part.strip() for part in words.lstrip("!").split(";")}
    return not words or bool(named & set(labels)) != words.startswith("!")


def _scope(text: str, recipes: Recipes, plants: Plants) -> frozenset[int] | None:
    """The plants that `applies_to` names; see the schema for its grammar."""
    if not text.strip():
        return None
    negated = text.strip().startswith("!")
    chosen: set[int] = set()
    for part in text.strip().lstrip("!").split(";"):
        kind, _, name = part.strip().partition(":")
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
