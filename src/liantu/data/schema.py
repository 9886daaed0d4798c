"""The tables of a city and their fields: the one list that reading, writing and datapackage.json follow."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from liantu.data.declared.materials import KINDS, MATERIALS, MODES, PRICE_LEVELS, TRANSPORTS
from liantu.data.declared.places import CHAIN_STAGES, CHAINS, ENTERPRISES, FACILITIES, PARKS, STATUSES
from liantu.data.declared.plans import (
    CANDIDATES,
    CONSTRAINT_KINDS,
    DEMANDS,
    PARAMETERS,
    PROJECTS,
    RESOURCES,
    SOURCES,
)
from liantu.data.declared.processes import PROCESS_FLOWS, PROCESSES, ROLES
from liantu.data.field import QUALITIES, Field, Table

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        MATERIALS, PROCESSES, PROCESS_FLOWS, FACILITIES, ENTERPRISES, PARKS, CHAINS, CHAIN_STAGES, PROJECTS,
        CANDIDATES, RESOURCES, DEMANDS, PARAMETERS, TRANSPORTS, SOURCES,
    )
}  # fmt: skip

REQUIRED_TABLES: tuple[str, ...] = tuple(table.name for table in TABLES.values() if table.required)

ENERGY_UNITS = ("MWh", "GJ", "kWh", "TJ")
"""Units without mass: a blank t_per_unit means 0."""

CARRIED_PREFIX = "x_"
"""Columns that start so are carried through unread."""

__all__ = [
    "CARRIED_PREFIX", "CONSTRAINT_KINDS", "ENERGY_UNITS", "KINDS", "MODES", "PRICE_LEVELS", "QUALITIES",
    "REQUIRED_TABLES", "ROLES", "STATUSES", "TABLES", "Field", "Table", "near_names",
]  # fmt: skip


def near_names(word: str, names: Iterable[str], count: int = 3) -> tuple[str, ...]:
    """Up to `count` names close to `word`, best first; none where nothing is close.

    Upper and lower case, spaces and hyphens do not count: 'Ni-Ore' is near 'ni_ore'.
    """
    plain: dict[str, str] = {}
    for name in names:
        plain.setdefault(_plain(name), name)
    close = difflib.get_close_matches(_plain(word), plain, n=count, cutoff=0.6)
    return tuple(plain[name] for name in close)


def _plain(word: str) -> str:
    return word.strip().lower().replace("-", "_").replace(" ", "_")
