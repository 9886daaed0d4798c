"""What must hold between cells, rows and tables once every cell has its type. Rules report, none raises."""

from __future__ import annotations

from liantu.data.rules import caps, keys, materials, places, recipes
from liantu.data.rules.context import Context


def apply(context: Context) -> None:
    """Run every rule."""
    keys.check(context)
    materials.check(context)
    recipes.check(context)
    places.check(context)
    caps.check(context)
