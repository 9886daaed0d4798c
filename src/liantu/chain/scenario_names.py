"""The names that a scenario of a city may use, and those close to a name that it may not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from liantu.chain.network_caps import CAP_KINDS
from liantu.data.schema import near_names
from liantu.data.tables import Tables

PENALTY = 1e5
"""CNY per unit that falls short, where neither the scenario nor the city names one."""


@dataclass(frozen=True)
class Names:
    """Ids of one or more tables; `labels` maps the names of their rows, in both languages, to ids."""

    where: str
    ids: tuple[str, ...]
    labels: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def known(self) -> frozenset[str]:
        """The ids as a set."""
        return frozenset(self.ids)

    def expected(self, word: str) -> str:
        """'materials.id (ni_ore, ni_slag)': where the word should be, and the ids close to it there.

        The name of a row counts as close to its id: 氯气 finds `chlorine`.
        """
        if word in self.labels:
            return f"{self.where} ({self.labels[word]})"
        near = [self.labels.get(name, name) for name in near_names(word, (*self.ids, *self.labels))]
        return f"{self.where} ({', '.join(dict.fromkeys(near))})" if near else self.where

    def __or__(self, other: Names) -> Names:
        labels = {**other.labels, **self.labels}
        return Names(f"{self.where} | {other.where}", self.ids + other.ids, labels)


@dataclass(frozen=True)
class City:
    """The names of a city, table by table."""

    tables: Tables

    @cached_property
    def plants(self) -> Names:
        """Plants that stand."""
        return self._names("facilities")

    @cached_property
    def candidates(self) -> Names:
        """Candidates of candidates.csv."""
        return self._names("candidates")

    @cached_property
    def materials(self) -> Names:
        """Materials."""
        return self._names("materials")

    @cached_property
    def demands(self) -> Names:
        """Committed demands."""
        return self._names("demands")

    @cached_property
    def caps(self) -> Names:
        """City caps: resources, and the caps of single materials."""
        known = self._names("resources")
        return Names(known.where, tuple(self.cap_kind), known.labels)

    @cached_property
    def cap_kind(self) -> Mapping[str, str]:
        """constraint_kind of each cap; a material's own cap only where `build_network` makes one of it."""
        columns = ("id", "constraint_kind", "material_id", "value", "applies_to")
        kinds: dict[str, str] = {}
        stated: dict[tuple[str, str], float] = {}
        for name, kind, material, value, scope in self.tables["resources"].select(columns).iter_rows():
            kinds[name] = kind
            if not scope:
                stated[CAP_KINDS.get(kind, kind), material] = value
        for kind in ("buy", "sell"):
            limits = self.tables["materials"].select("id", f"external_{kind}_cap_per_year").drop_nulls()
            for name, limit in limits.iter_rows():
                if (kind, name) not in stated or stated[kind, name] > limit:
                    kinds[f"{kind}_cap:{name}"] = f"{kind}_cap"
        return kinds

    @property
    def penalty(self) -> float:
        """CNY per unit that falls short, where a demand names no penalty of its own."""
        given = self.tables["parameters"].filter(pl.col("id") == "shortage_penalty_cny_per_unit")["value"]
        return PENALTY if given.is_empty() or given[0] is None else float(given[0])

    def _names(self, table: str) -> Names:
        frame = self.tables[table]
        labels: dict[str, str] = {}
        for name, *titles in frame.select("id", "name_zh", "name_en").iter_rows():
            labels |= {title: name for title in titles if title and title not in labels}
        return Names(f"{table}.id", tuple(frame["id"].to_list()), labels)
