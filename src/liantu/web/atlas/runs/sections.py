"""The parts of a scenario form: which rows each has, what may be picked there, and the words for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from liantu.chain.network import LEVELS
from liantu.chain.scenario import Scenario
from liantu.chain.scenario_names import City as CityNames
from liantu.chain.scenario_names import Names
from liantu.data.schema import TABLES
from liantu.data.tables import Tables
from liantu.web.kit.naming import Named, chinese

MOST = 300
"""Rows of one section."""
ID = "id"
Row = Mapping[str, str]


@dataclass(frozen=True)
class Cell:
    """A field of a row. `pick` names the list that it is chosen from; `unit` what it is counted in."""

    name: str
    label: Any
    pick: str = ""
    unit: Any = ""
    many: bool = False  # several, separated by ;
    words: Sequence[str] = ()


@dataclass(frozen=True)
class Section:
    """A part of the form, one key of a scenario file. `whole`: the rows are written out there."""

    key: str
    title: Any
    help: Any
    cells: tuple[Cell, ...]
    whole: bool = False


PLANTS = "facilities candidates"
SECTIONS: tuple[Section, ...] = (
    Section(
        "prices",
        _("Prices"),
        _("Of a material at the city line: a number, or its low, mid or high price."),
        (Cell(ID, _("Material"), "materials"), Cell("value", _("Price, CNY per unit"), words=LEVELS)),
    ),
    Section("close", _("Shut down"), _("Plants that stand still."), (Cell(ID, _("Plant"), PLANTS),)),
    Section(
        "open",
        _("Start up"),
        _("Plants that run although they are planned or closed."),
        (Cell(ID, _("Plant"), "facilities"),),
    ),
    Section(
        "add",
        _("Build"),
        _("Candidates that are built."),
        (Cell(ID, _("Candidate"), "candidates"),),
    ),
    Section(
        "capacity",
        _("Capacities"),
        _("In the unit of the plant's product a year; a candidate's investment and land go with it."),
        (Cell(ID, _("Plant"), PLANTS), Cell("value", _("Capacity"))),
    ),
    Section(
        "demand",
        _("Committed demand"),
        _("How much of it has to be delivered a year."),
        (Cell(ID, _("Demand"), "demands"), Cell("value", _("Quantity"))),
    ),
    Section(
        "caps",
        _("City caps"),
        _("Limits of the city and prices of its emissions, each in its own unit."),
        (Cell(ID, _("Cap"), "resources"), Cell("value", _("Limit"))),
    ),
    Section(
        "new_demand",
        _("New committed demand"),
        _("The place is a park, or latitude and longitude."),
        (
            Cell(ID, _("Identifier")),
            Cell("material", _("Material"), "materials"),
            Cell("quantity", _("Quantity a year")),
            Cell("park", _("Park"), "parks"),
            Cell("lat", _("Latitude"), unit="°"),
            Cell("lon", _("Longitude"), unit="°"),
            Cell("penalty", _("Penalty for what is missing"), unit="CNY"),
        ),
        whole=True,
    ),
    Section(
        "new_candidate",
        _("Build what nobody proposed"),
        _("A plant of a known process, written out as a row of the candidates."),
        (),
        whole=True,
    ),
)
_LISTS = {"processes", "parks", "chains", "facilities", "candidates", "materials"}


def cells_of(section: Section) -> tuple[Cell, ...]:
    """The fields of a row; of a new candidate, the columns of its table."""
    if section.key != "new_candidate":
        return section.cells
    return tuple(
        Cell(
            f.name,
            f.zh if chinese() else f.en,
            f.references.partition(".")[0] if f.references.partition(".")[0] in _LISTS else "",
            f.unit,
            f.list,
            f.enum,
        )
        for f in TABLES["candidates"].fields
    )


def units_of(tables: Tables) -> dict[str, dict[str, str]]:
    """What the values of a section are counted in, by id; blank where the tables don't say."""
    unit = dict(tables["materials"].select("id", "unit").iter_rows())
    product = dict(tables["processes"].select("id", "reference_product").iter_rows())
    plants = [
        row
        for table in ("facilities", "candidates")
        for row in tables[table].select("id", "process_id").iter_rows()
    ]
    demands = tables["demands"].select("id", "material_id").iter_rows()
    return {
        "prices": {m: f"CNY/{u}" for m, u in unit.items()},
        "capacity": {p: f"{unit.get(product.get(process, ''), '')}/y" for p, process in plants},
        "demand": {d: f"{unit.get(m, '')}/y" for d, m in demands},
        "caps": dict(tables["resources"].select("id", "unit").iter_rows()),
    }


@dataclass(frozen=True)
class Picks:
    """What may be picked in the fields of a form, by list."""

    tables: Tables

    @cached_property
    def city(self) -> CityNames:
        return CityNames(self.tables)

    def names(self, pick: str) -> Names:
        """Ids of a list with what they are called."""
        c = self.city
        known = {
            "materials": c.materials,
            "facilities": c.plants,
            "candidates": c.candidates,
            "demands": c.demands,
            "resources": c.caps,
            PLANTS: c.plants | c.candidates,
        }
        return known.get(pick) or c._names(pick)

    def options(self, pick: str) -> list[Named]:
        """What a field offers: every row of its tables by both names."""
        out: dict[str, Named] = {}
        for table in pick.split():
            for row in self.tables[table].select("id", "name_zh", "name_en").iter_rows():
                out[row[0]] = Named(row[0], row[1] or "", row[2] or "")
        if pick == "resources":
            for name in self.city.cap_kind:
                out.setdefault(name, Named(name, name, name))
        return list(out.values())

    def resolved(self, text: str, cell: Cell) -> str:
        """The id that was meant: itself, or the one of a row that is called so."""
        if not cell.pick:
            return text
        names = self.names(cell.pick)
        parts = [p.strip() for p in text.split(";")] if cell.many else [text]
        return ";".join(p if p in names.known else names.labels.get(p, p) for p in parts)


def rows_of(scenario: Scenario, tables: Tables) -> dict[str, list[Row]]:
    """The rows of each section that a scenario fills."""
    ids = tables["materials"]["id"]
    own = {str(c[ID]) for c in scenario.candidates}
    pairs = {
        "prices": scenario.prices,
        "capacity": scenario.capacity,
        "demand": scenario.demand,
        "caps": scenario.caps,
    }
    out: dict[str, list[Row]] = {
        key: [{ID: name, "value": _text(value)} for name, value in given.items()]
        for key, given in pairs.items()
    }
    for key, names in (("close", scenario.close), ("open", scenario.open), ("add", scenario.add - own)):
        out[key] = [{ID: name} for name in sorted(names)]
    out["new_demand"] = [
        {
            ID: d.id,
            "material": ids[d.material],
            "quantity": _text(d.quantity),
            "park": d.park,
            "lat": _text(d.lat),
            "lon": _text(d.lon),
            "penalty": _text(d.penalty),
        }
        for d in scenario.demands
    ]
    out["new_candidate"] = [{name: _text(v) for name, v in row.items()} for row in scenario.candidates]
    return out


def _text(value: object) -> str:
    """As it is typed; what is not known is blank."""
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)
