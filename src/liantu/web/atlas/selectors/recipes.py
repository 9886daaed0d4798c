"""One recipe: its balanced table, and who runs it or could."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from liantu.chain.recipes import RecipeTable
from liantu.web.atlas.city import City
from liantu.web.atlas.selectors.plants import PlantRow, plant_row, record_of
from liantu.web.kit.naming import Named


@dataclass(frozen=True)
class RecipePage:
    """recipe_record: its row in the tables. running: plants of the plan; others: candidates, what is shut."""

    recipe: Named
    chain: str
    product: str
    table: RecipeTable
    recipe_record: Mapping[str, Any]
    running: tuple[PlantRow, ...]
    others: tuple[PlantRow, ...]


def recipe_page(city: City, name: str) -> RecipePage | None:
    """The page of a recipe; None where there is none of this id."""
    n = city.network
    position = n.recipes.index.get(name)
    if position is None:
        return None
    rows = [plant_row(city, f) for f in range(len(n.plants.id)) if n.plants.recipe[f] == position]
    return RecipePage(
        recipe=city.recipe(name),
        chain=n.recipes.chain[position],
        product=n.materials.id[n.recipes.reference[position]],
        table=city.recipe_table(name),
        recipe_record=record_of(city, "processes", name),
        running=tuple(r for r in rows if r.result),
        others=tuple(r for r in rows if not r.result),
    )
