"""Scenario files: small YAML files of overrides, read against the city they belong to.

    title: prices of a bad year, without the copper smelter
    price_level: low
    prices: {nickel_cathode: 110000, sulfuric_acid: high}
    close: [f_cu_smelter]
    add: [c_ppa]

Reading is all or nothing, and tells every problem at once, by line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import yaml

from liantu.chain.network import LEVELS, Demand
from liantu.chain.scenario import Scenario
from liantu.chain.scenario_names import City, Names
from liantu.chain.scenario_rows import read_candidates, read_demands
from liantu.chain.scenario_yaml import Reading, close_names, is_blank, joined, shown
from liantu.data.schema import near_names
from liantu.data.tables import Tables
from liantu.errors import InputError, Problem
from liantu.messages import problem

FOLDER = "scenarios"
"""The folder beside a city's tables whose files are called by their names."""
BASE = "base"
"""The name of the city as its tables have it, without a scenario."""
KEYS = {
    "name": "name: low",
    "title": "title: …",
    "price_level": " | ".join(LEVELS),
    "prices": "prices: {ID: 1200.5}",
    "capacity": "capacity: {ID: 1200.5}",
    "close": "close: [ID, ID]",
    "open": "open: [ID, ID]",
    "add": "add: [ID, {id: …, process_id: …, typical_scale: …}]",
    "demand": "demand: {ID: 1200.5, NEW: {material: ID, quantity: 1200.5, park: ID}}",
    "caps": "caps: {ID: 1200.5}",
    "carbon_price": "carbon_price: 80",
    "capital_charge_rate": "capital_charge_rate: 0.12",
}
"""The keys of a scenario file, each with how it is written."""


def inspect_scenario(path: str | Path, tables: Tables) -> tuple[Scenario | None, tuple[Problem, ...]]:
    """The scenario of a file, or None where an error refuses it, and all problems by line. Never raises."""
    path = Path(path)
    reading = Reading(path.name)
    root = reading.root(path)
    scenario = _Builder(reading, City(tables), root, path.stem).scenario()
    problems = tuple(sorted(set(reading.problems), key=Problem.sort_key))
    return (None if any(p.severity == "error" for p in problems) else scenario), problems


def read_scenario(path: str | Path, tables: Tables) -> Scenario:
    """The scenario of a file (see `inspect_scenario`). Raises InputError with all problems at once."""
    scenario, problems = inspect_scenario(path, tables)
    if scenario is None:
        raise InputError(p for p in problems if p.severity == "error")
    return scenario


def find_scenario(word: str, city: str | Path) -> Path:
    """The file that `word` names: a path, or the name of a file in the `scenarios` folder of the city.

    Raises InputError, with the names that are close, where there is none.
    """
    if Path(word).is_file():
        return Path(word)
    folder = (Path(city) if Path(city).is_dir() else Path(city).parent) / FOLDER
    there = {p.stem: p for p in sorted(folder.glob("*.y*ml"))} if folder.is_dir() else {}
    stem = word.removesuffix(".yaml").removesuffix(".yml")
    if stem in there:
        return there[stem]
    near = near_names(stem, (BASE, *there)) or (BASE, *there)
    raise InputError([problem("unknown_scenario", "scenario", found=word, expected=", ".join(near))])


def with_candidates(tables: Tables, scenario: Scenario) -> Tables:
    """The tables with the scenario's own candidates appended to candidates.csv."""
    if not scenario.candidates:
        return tables
    frame = tables["candidates"]
    rows = [{name: row.get(name) for name in frame.columns} for row in scenario.candidates]
    more = pl.DataFrame(rows, schema=frame.schema)
    return replace(tables, frames={**tables.frames, "candidates": pl.concat([frame, more])})


def scenario_text(scenario: Scenario, tables: Tables) -> str:
    """The scenario as the text of a file: `read_scenario` gives the same scenario back."""
    out: dict[str, object] = {"name": scenario.name}
    for key in KEYS:
        value = getattr(scenario, key)
        if key in ("name", "add", "demand") or value in ("", None, {}, frozenset()):
            continue
        if isinstance(value, frozenset):
            value = sorted(value)
        out[key] = dict(value) if isinstance(value, Mapping) else value
    own = {str(row["id"]): dict(row) for row in scenario.candidates}
    if scenario.add:
        out["add"] = [*sorted(scenario.add - set(own)), *own.values()]
    demand = dict(scenario.demand) | {d.id: _demand_as_written(d, tables) for d in scenario.demands}
    if demand:
        out["demand"] = demand
    text: str = yaml.safe_dump(out, allow_unicode=True, sort_keys=False, width=100)
    return text


def _demand_as_written(demand: Demand, tables: Tables) -> dict[str, object]:
    out = {"material": tables["materials"]["id"][demand.material], "quantity": demand.quantity}
    if demand.park:
        out["park"] = demand.park
    if not np.isnan(demand.lat):
        out |= {"lat": demand.lat, "lon": demand.lon}
    return out | {"penalty": demand.penalty}


class _Builder:
    """Reads one file key by key; what can't be used is reported and left out."""

    def __init__(self, reading: Reading, city: City, root: yaml.Node | None, stem: str) -> None:
        self.reading, self.city, self.stem = reading, city, stem
        self.given: dict[str, yaml.Node] = {}
        for key, name, value in reading.entries(root, "", "key: value") if root is not None else ():
            if key not in KEYS:
                reading.report("unknown_key", name, key, key, close_names(key, KEYS))
            elif not is_blank(value):
                self.given[key] = value

    def scenario(self) -> Scenario:
        """The scenario, as far as the file can be used."""
        add, candidates = self._add()
        demand, demands = self._demand()
        close = self._names("close", self.city.plants | self.city.candidates)
        opened = self._names("open", self.city.plants, self.city.candidates, "add")
        for name in close:
            for other, names in (("add", add), ("open", opened)):
                if name in names:
                    self.reading.report("named_twice", close[name], "close", name, other)
        return Scenario(
            name=self._text("name") or self.stem,
            title=self._text("title"),
            price_level=self._level(),
            prices=dict(self._prices()),
            capacity=dict(self._numbers("capacity", self.city.plants | self.city.candidates)),
            close=frozenset(close),
            open=frozenset(opened),
            add=frozenset(add),
            demand=demand,
            caps=dict(self._caps()),
            carbon_price=self._carbon_price(),
            capital_charge_rate=self._number("capital_charge_rate", maximum=1.0),
            candidates=candidates,
            demands=demands,
        )

    def _text(self, key: str) -> str:
        return (self.reading.text(self.given[key], key, KEYS[key]) or "") if key in self.given else ""

    def _number(self, key: str, maximum: float | None = None) -> float | None:
        return self.reading.number(self.given[key], key, maximum=maximum) if key in self.given else None

    def _level(self) -> str:
        word = self._text("price_level")
        if word and word not in LEVELS:
            node = self.given["price_level"]
            self.reading.report("unknown_word", node, "price_level", word, ", ".join(LEVELS))
        return word

    def _carbon_price(self) -> float | None:
        if "carbon_price" in self.given and "price" not in self.city.cap_kind.values():
            self.reading.report("no_emission_price", self.given["carbon_price"], "carbon_price")
        return self._number("carbon_price")

    def _prices(self) -> Iterator[tuple[str, float | str]]:
        for name, node, key in self._entries("prices", self.city.materials):
            if isinstance(node, yaml.ScalarNode) and node.value in LEVELS:
                yield name, str(node.value)
            elif (value := self.reading.number(node, key, minimum=None)) is not None:
                yield name, value

    def _caps(self) -> Iterator[tuple[str, float]]:
        for name, node, key in self._entries("caps", self.city.caps):
            kind = self.city.cap_kind[name]
            maximum = 1.0 if kind == "dispatchable_min" else None
            value = self.reading.number(node, key, minimum=None if kind == "price" else 0.0, maximum=maximum)
            if value is not None:
                yield name, value

    def _numbers(self, key: str, known: Names) -> Iterator[tuple[str, float]]:
        for name, node, place in self._entries(key, known):
            if (value := self.reading.number(node, place)) is not None:
                yield name, value

    def _entries(self, key: str, known: Names) -> Iterator[tuple[str, yaml.Node, str]]:
        """(id, node of the value, key path) of each entry whose name is known."""
        if key not in self.given:
            return
        for name, node, value in self.reading.entries(self.given[key], key, KEYS[key]):
            place = joined(key, name)
            if name in known.known:
                yield name, value, place
            else:
                self.reading.report("unknown_reference", node, place, name, known.expected(name))

    def _names(
        self, key: str, known: Names, other: Names | None = None, belongs: str = ""
    ) -> dict[str, yaml.Node]:
        """Id -> node of a list of known ids; one that is in `other` is told to belong under another key."""
        out: dict[str, yaml.Node] = {}
        for node in self.reading.items(self.given[key], key, KEYS[key]) if key in self.given else ():
            name = self.reading.text(node, key, KEYS[key])
            if name is None:
                continue
            if name in known.known:
                out[name] = node
            elif other is not None and name in other.known:
                self.reading.report("belongs_under", node, key, name, belongs)
            else:
                self.reading.report("unknown_reference", node, key, name, known.expected(name))
        return out

    def _add(self) -> tuple[frozenset[str], tuple[Mapping[str, object], ...]]:
        """Ids under `add`, and the candidates that are written out there."""
        if "add" not in self.given:
            return frozenset(), ()
        items = self.reading.items(self.given["add"], "add", KEYS["add"])
        written = [(_key_of(node), node) for node in items if isinstance(node, yaml.MappingNode)]
        rows = read_candidates(self.reading, self.city.tables, written) if written else []
        names = []
        for node in items:
            name = None if isinstance(node, yaml.MappingNode) else self.reading.text(node, "add", KEYS["add"])
            if name is None:
                continue
            if name in self.city.candidates.known:
                names.append(name)
            elif name in self.city.plants.known:
                self.reading.report("belongs_under", node, "add", name, "open")
            else:
                near = self.city.candidates.expected(name)
                self.reading.report("unknown_reference", node, "add", name, near)
        return frozenset([*names, *(str(row["id"]) for row in rows)]), tuple(rows)

    def _demand(self) -> tuple[dict[str, float], tuple[Demand, ...]]:
        """Quantities of the city's own demands, and demands that are new."""
        quantities: dict[str, float] = {}
        fresh: list[tuple[str, yaml.Node]] = []
        if "demand" not in self.given:
            return {}, ()
        for name, at, value in self.reading.entries(self.given["demand"], "demand", KEYS["demand"]):
            key = joined("demand", name)
            ours = name in self.city.demands.known
            if isinstance(value, yaml.MappingNode) and not ours:
                fresh.append((key, value))
            elif isinstance(value, yaml.MappingNode):
                self.reading.report("wrong_shape", value, key, shown(value), f"{name}: 1200.5")
            elif not ours:
                self.reading.report("unknown_reference", at, key, name, self.city.demands.expected(name))
            elif (quantity := self.reading.number(value, key)) is not None:
                quantities[name] = quantity
        return quantities, read_demands(self.reading, self.city, fresh) if fresh else ()


def _key_of(node: yaml.MappingNode) -> str:
    """'add.c_new': the key under which a candidate that is written out is told."""
    scalars = {key.value: value.value for key, value in node.value if isinstance(value, yaml.ScalarNode)}
    return joined("add", str(scalars.get("id", "")))
