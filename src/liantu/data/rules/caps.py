"""City caps and parameters: a kind that is known, the right unit, a scope that names something."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from liantu.data.rules.context import Context
from liantu.data.schema import CONSTRAINT_KINDS, PRICE_LEVELS, STATUSES, near_names

OVER_ALL = ("energy_cap", "land_cap")
OF_A_MATERIAL = tuple(kind for kind in CONSTRAINT_KINDS if kind not in OVER_ALL)
SCOPES = {"process": "processes", "facility": "facilities", "chain": "chains", "park": "parks"}
_FIXED_UNITS = {"energy_cap": "tce/y", "land_cap": "ha", "dispatchable_min": "fraction"}


@dataclass(frozen=True)
class Parameter:
    """A parameter that the plan knows: a number with a unit and bounds, or words out of a list."""

    unit: str = ""
    minimum: float = 0.0
    maximum: float = float("inf")
    words: tuple[str, ...] = ()
    list: bool = False


PARAMETERS: dict[str, Parameter] = {
    "capital_charge_rate": Parameter("1/y", maximum=1.0),
    "price_level": Parameter(words=PRICE_LEVELS),
    "plan_statuses": Parameter(words=STATUSES, list=True),
    "shortage_penalty_cny_per_unit": Parameter("CNY/unit"),
}


def check(context: Context) -> None:
    """Every rule on resources and parameters."""
    if context.has("resources"):
        _materials(context)
        _values(context)
        _repeated(context)
        _scopes(context)
    if context.has("parameters"):
        _parameters(context)


def _materials(context: Context) -> None:
    kind, material = pl.col("constraint_kind"), pl.col("material_id")
    needs = kind.is_in(OF_A_MATERIAL)
    for index, (name,) in context.bad("resources", needs & material.is_null(), "constraint_kind"):
        context.report("cap_without_material", "resources", index, "material_id", str(name), "materials.id")
    over_all = kind.is_in(OVER_ALL)
    for index, (name,) in context.bad("resources", over_all & material.is_not_null(), "constraint_kind"):
        context.report("cap_with_material", "resources", index, "material_id", str(name), "blank")


def _values(context: Context) -> None:
    materials = context.frames["materials"]
    units: dict[str, str] = dict(materials.select("id", "unit").drop_nulls().iter_rows())
    columns = ("constraint_kind", "unit", "value", "material_id")
    for index, (kind, unit, value, material) in context.bad("resources", pl.lit(True), *columns):
        own = units.get(str(material))
        expected = _FIXED_UNITS.get(str(kind)) or (own and (f"CNY/{own}" if kind == "price" else f"{own}/y"))
        if expected and kind is not None and unit is not None and unit != expected:
            context.report("wrong_unit", "resources", index, "unit", str(unit), expected)
        if not isinstance(value, float):
            continue
        if kind == "dispatchable_min" and not 0 <= value <= 1:
            context.report("out_of_range", "resources", index, "value", f"{value:.15g}", "0..1")
        elif kind != "price" and value < 0:
            context.report("negative_value", "resources", index, "value", f"{value:.15g}", "0")


def _repeated(context: Context) -> None:
    first: dict[tuple[str | None, ...], int] = {}
    columns = ("constraint_kind", "material_id", "applies_to")
    for index, key in enumerate(context.frames["resources"].select(columns).iter_rows()):
        if key[0] is None:
            continue
        if key in first:
            said = ", ".join(str(part) for part in key if part is not None)
            row = str(context.row("resources", first[key]))
            context.report("duplicate_cap", "resources", index, "constraint_kind", said, row)
        else:
            first[key] = index


def _scopes(context: Context) -> None:
    for index, (cell,) in context.bad("resources", pl.col("applies_to").is_not_null(), "applies_to"):
        for item in str(cell).removeprefix("!").split(";"):
            kind, colon, name = item.partition(":")
            if not colon or kind not in SCOPES or not name or name != name.strip():
                near = ", ".join(f"{k}:{name}" for k in near_names(kind, SCOPES) if name) or "process:ID"
                context.report("malformed_applies_to", "resources", index, "applies_to", item, near)
                continue
            table = SCOPES[kind]
            if context.has(table) and name not in context.ids(table):
                expected = context.expected_id(name, table)
                context.report("unknown_reference", "resources", index, "applies_to", name, expected)


def _parameters(context: Context) -> None:
    columns = ("id", "value", "text", "unit")
    for index, (name, value, text, unit) in context.bad("parameters", pl.col("id").is_not_null(), *columns):
        known = PARAMETERS.get(str(name))
        if known is None:
            near = ", ".join(near_names(str(name), PARAMETERS) or PARAMETERS)
            context.report("unknown_parameter", "parameters", index, "id", str(name), near)
        elif known.words:
            _words(context, index, known, text)
        else:
            _number(context, index, known, value)
            if unit is not None and unit != known.unit:
                context.report("wrong_unit", "parameters", index, "unit", str(unit), known.unit)


def _words(context: Context, index: int, known: Parameter, text: object) -> None:
    words = [] if text is None else str(text).split(";") if known.list else [str(text)]
    if not words or any(word not in known.words for word in words):
        said = (";" if known.list else " | ").join(known.words)
        found = "" if text is None else str(text)
        context.report("parameter_value", "parameters", index, "text", found, said)


def _number(context: Context, index: int, known: Parameter, value: object) -> None:
    if isinstance(value, float) and known.minimum <= value <= known.maximum:
        return
    top = "" if known.maximum == float("inf") else f"{known.maximum:g}"
    said = "" if value is None else f"{value:.15g}" if isinstance(value, float) else str(value)
    context.report("parameter_value", "parameters", index, "value", said, f"{known.minimum:g}..{top}")
