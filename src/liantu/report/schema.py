"""JSON Schemas of what `--json` prints, built from the result types and their docstrings.

`python -m liantu.report.schema docs/schema` writes them; a test holds the files against this module, and
every command's output against the files.
"""

from __future__ import annotations

import dataclasses
import inspect
import json
import sys
import types
import typing
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from liantu.report.machine import VERSION

UNBOUNDED = frozenset({
    "rent_low", "rent_high", "low", "high", "price", "price_low", "price_high", "low_before", "high_before",
    "low_after", "high_after", "low_a", "high_a", "low_b", "high_b", "margin_cny_per_unit",
    "value_cny", "limit", "moved", "gap", "bound_cny_per_year",

})  # fmt: skip
"""Numbers that may be unbounded, and are null then."""

Schema = dict[str, Any]


def number(description: str, null: bool = False) -> Schema:
    """A number, null where nothing bounds it."""
    return {"type": ["number", "null"] if null else "number", "description": description}


def text(description: str) -> Schema:
    """A text."""
    return {"type": "string", "description": description}


def items(schema: Schema, description: str = "") -> Schema:
    """A list."""
    return {"type": "array", "items": schema} | ({"description": description} if description else {})


def record(description: str = "", /, **properties: Schema) -> Schema:
    """An object with these properties, all of them there; more may be."""
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": list(properties),
    }


class Definitions:
    """Schemas of the dataclasses that a document refers to, by name."""

    def __init__(self) -> None:
        self.found: dict[str, Schema] = {}

    def of(self, kind: Any, name: str = "") -> Schema:
        """The schema of a type; a dataclass becomes a definition that is referred to."""
        origin, args = typing.get_origin(kind), typing.get_args(kind)
        if origin in (types.UnionType, typing.Union):
            parts = [self.of(part, name) for part in args if part is not type(None)]
            null = [{"type": "null"}] if type(None) in args else []
            return parts[0] if len(parts) == 1 and not null else {"anyOf": [*parts, *null]}
        if origin is Literal:
            return {"enum": list(args)}
        if origin is tuple and len(args) == 2 and args[1] is Ellipsis:
            return items(self.of(args[0]))
        if origin in (frozenset, set, list):
            return items(self.of(args[0]))
        if origin is not None and issubclass(origin, Mapping):
            return {"type": "object", "additionalProperties": self.of(args[1])}
        if dataclasses.is_dataclass(kind):
            return self._refer(kind)
        if kind is float:
            return {"type": ["number", "null"] if name in UNBOUNDED else "number"}
        plain = {str: "string", int: "integer", bool: "boolean"}
        return {"type": plain[kind]} if kind in plain else {}

    def properties(self, kind: Any) -> dict[str, Schema]:
        """The fields of a dataclass."""
        hints = typing.get_type_hints(kind)
        return {field.name: self.of(hints[field.name], field.name) for field in dataclasses.fields(kind)}

    def _refer(self, kind: Any) -> Schema:
        if kind.__name__ not in self.found:
            self.found[kind.__name__] = {}  # a type may refer to itself
            said = " ".join((inspect.getdoc(kind) or "").split())
            self.found[kind.__name__] = record(said, **self.properties(kind))
        return {"$ref": f"#/$defs/{kind.__name__}"}


def schemas() -> dict[str, Schema]:
    """The schema of every document, by the name in its `schema` field."""
    from liantu.chain.accounts import Accounts
    from liantu.chain.gap_report import CandidateGap, ExtendGap, FillGap, Notional, StrengthenGap
    from liantu.chain.gap_report import Proof as GapProof
    from liantu.chain.match_types import JointReport, MatchReport, OfferReport
    from liantu.chain.portfolio_result import PortfolioResult

    d = Definitions()
    out = {
        "problems": _document("problems", "What the input is refused for.", {"problems": items(_problem())})
    }
    out["check"] = _check()
    out["plan"] = _plan()
    lists = {"fill": FillGap, "extend": ExtendGap, "strengthen": StrengthenGap, "candidates": CandidateGap}
    gaps: dict[str, Schema] = {
        "objective_cny": number("Value of the scenario's plan, CNY a year."),
        "capital_charge_rate": number("Of capital, a year."),
        "solves": {"type": "integer", "description": "How many plans were solved again."},
        **{name: items(d.of(kind)) for name, kind in lists.items()},
        "proofs": items(d.of(GapProof)),
        "groups": items(text("Id of a set of partners, larger than two.")),
        "recipe_plants": items(d.of(Notional)),
    }
    out["gaps"] = _document("gaps", "Missing links: `liantu gaps --json`.", gaps, d)
    d = Definitions()
    either = {
        "type": "object",
        "oneOf": [
            record("A need.", **d.properties(MatchReport)),
            record("An offer.", **d.properties(OfferReport)),
        ],
    }
    out["match"] = _document("match", "A need or an offer: `liantu match --json`.", {}, d) | {
        "allOf": [either]
    }
    out["joint-match"] = _of("joint-match", "Several needs together: `liantu match --json`.", JointReport)
    out["portfolio"] = _of(
        "portfolio", "Candidates together: `liantu portfolio --json`.", PortfolioResult, without=("scenario",)
    )
    out["accounts"] = _of("accounts", "Circular accounts: `liantu accounts --json`.", Accounts, ("scenario",))
    out["compare"] = _compare()
    out["reading"] = _reading()
    out["figures"] = _figures()
    return out


def _compare() -> Schema:
    from liantu.chain.compare import Comparison

    d = Definitions()
    side = record("One side.", dataset=_dataset(), scenario=_scenario())
    properties = d.properties(Comparison) | {"a": side, "b": side}
    return _document("compare", "Two plans: `liantu compare --json`.", properties, d)


def _figures() -> Schema:
    ends = {
        "type": ["array", "null"],
        "items": {"type": ["number", "null"]},
        "description": "Low and high end.",
    }
    names = ("role", "id", "subject", "indicator", "period", "value", "unit", "measure", "basis", "status")
    row = record("A figure in its role.", **{name: text("") for name in (*names, "source", "place")})
    finding = record(
        "Figures that can't be true together.",
        fingerprint=text("The same as long as the figures say the same."),
        check=text("Code of the check."),
        severity={"enum": ["error", "warning", "note"]},
        formula=text("What should hold."),
        expected=ends,
        found=ends,
        explanations=items(text("Code."), "The likeliest first."),
        params={"type": "object", "additionalProperties": {"type": "string"}},
        rows=items(row),
    )
    properties = {
        "observations": {"type": "integer", "description": "Figures read."},
        "compared": {"type": "integer", "description": "Those of an indicator that the catalogue knows."},
        "findings": items(finding, "The gravest first."),
    }
    return _document("figures", "Findings on figures: `liantu figures check --json`.", properties)


def _reading() -> Schema:
    from liantu.reading.fact import CONFIDENT, Fact

    d = Definitions()
    share = {"type": "number", "minimum": 0, "maximum": 1}
    own = d.properties(Fact)
    own.pop("rules")
    own |= {name: {"enum": choices} for name, choices in fact_choices().items()}
    own["value"] = number("In `unit`; a fall is negative.")
    own["confidence"] = record("Of each field.", **dict.fromkeys(CONFIDENT, share))
    fact = record(" ".join((inspect.getdoc(Fact) or "").split()), **own)
    file = record(
        "A file that was read.",
        file=text("Its name."),
        date={"type": ["string", "null"], "description": "Of the document, 2025-11 or 2025."},
        subject={"type": ["string", "null"], "description": "What the document is about."},
        facts={"type": "integer", "description": "How many figures it has."},
    )
    properties = {
        "files": items(file),
        "refused": items(_problem(), "Files that could not be read."),
        "facts": items(fact, "The figures, file after file, in the order of the text."),
    }
    return _document("reading", "Figures of reports: `liantu read --json`.", properties)


def fact_choices() -> dict[str, list[str | None]]:
    """The values that a field of a figure can have, where they are few."""
    from liantu.reading.fact import BASES, MEASURES, QUALIFIERS, STATUSES

    return {
        "measure": [*MEASURES], "growth_basis": [*BASES, None],
        "status": [*STATUSES], "qualifier": [*QUALIFIERS, None],
    }  # fmt: skip


def _of(name: str, description: str, kind: Any, without: Iterable[str] = ()) -> Schema:
    d = Definitions()
    properties = {key: schema for key, schema in d.properties(kind).items() if key not in without}
    return _document(name, description, properties, d)


def _document(
    name: str, description: str, properties: dict[str, Schema], d: Definitions | None = None
) -> Schema:
    head: dict[str, Schema] = {"schema": {"const": f"liantu/{name}/{VERSION}"}}
    if name not in ("problems", "compare", "reading", "figures"):
        head["dataset"] = _dataset()
    if name not in ("problems", "compare", "check", "reading", "figures"):
        head["scenario"] = _scenario()
    out = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"liantu/{name}/{VERSION}",
        **record(description, **head, **properties),
    }
    return out | ({"$defs": dict(sorted(d.found.items()))} if d is not None and d.found else {})


def _dataset() -> Schema:
    names = {"name": text("Of the package."), "title_zh": text(""), "title_en": text("")}
    tables = record(
        "The tables that were read.", **names, digest=text("SHA-256 of their content, 64 hex digits.")
    )
    return tables | {"type": ["object", "null"]}


def _scenario() -> Schema:
    whole = record(
        "The overrides that are set; docs/manual tells the keys.", name=text("'base' is the city itself.")
    )
    return whole


def _problem() -> Schema:
    null: list[str] = ["string", "null"]
    return record(
        "One thing wrong in the input.",
        file=text("'materials.csv', 'city.xlsx/materials' or 'low.yaml'."),
        row={"type": ["integer", "null"], "description": "As a spreadsheet counts: the header is 1."},
        column={"type": null, "description": "Column of a table, key of a scenario file."},
        code=text("Stable."),
        found=text("What stands there."),
        expected=text("What should."),
        fix=text("In English."),
        severity={"enum": ["error", "notice"]},
        sentence_zh=text("The whole in Chinese."),
        sentence_en=text("The whole in English."),
    )


def _check() -> Schema:
    from liantu.chain.materials import CompositionFinding
    from liantu.chain.recipes import RecipeBalance

    d = Definitions()
    properties = {
        "path": text("As it was given."),
        "problems": items(_problem()),
        "verdicts": {"type": "object", "additionalProperties": {"type": "integer"}},
        "recipes": items(d.of(RecipeBalance)),
        "compositions": items(d.of(CompositionFinding)),
    }
    return _document("check", "A city's problems and recipes: `liantu check --json`.", properties, d)


def _plan() -> Schema:
    from liantu.chain.certificate import Certificate
    from liantu.chain.plan import CapResult, Crossing, PlantResult, Price
    from liantu.runs import Finding

    d = Definitions()
    own = d.properties(PlantResult)
    plant = record(
        "A plant that is open.",
        **own,
        name_zh=text(""), name_en=text(""), enterprise=text("Id, or ''."), park=text("Id, or ''."),
        unit=text("Of activity and capacity."), margin_cny=number("CNY a year; adds up to the objective."),
    )  # fmt: skip
    shipment = {"material": text("Id."), "from": text("Place."), "to": text("Place.")}
    shipment |= {name: number("") for name in ("quantity", "distance_km", "cost_cny")} | {"link": text("")}
    cap = record(
        " ".join((inspect.getdoc(CapResult) or "").split()),
        **d.properties(CapResult),
        price=number("price_low: worth of one more unit of room.", null=True),
        exceeded={"type": "boolean"},
    )
    certificate = record(
        " ".join((inspect.getdoc(Certificate) or "").split()),
        **d.properties(Certificate),
        holds={"type": "boolean"},
    )
    parts = {"type": "object", "additionalProperties": {"type": "number"}}
    margins = record("Each adds up to total_cny.", total_cny=number("CNY a year."), place_cny=parts,
                     chain_cny=parts, enterprise_cny=parts)  # fmt: skip
    properties = {
        "objective_cny": number("Value of the plan, CNY a year."),
        "findings": items(d.of(Finding), "What makes the exit code 1."),
        "certificate": certificate,
        "plants": items(plant),
        "shipments": items(record("Quantity a year in the material's unit.", **shipment)),
        "crossings": items(d.of(Crossing)),
        "prices": items(d.of(Price)),
        "caps": items(cap),
        "margins": margins,
    }
    return _document("plan", "A solved city: `liantu plan --json`.", properties, d)


def main(folder: str) -> None:
    """Write every schema into a folder."""
    for name, schema in schemas().items():
        content = json.dumps(schema, ensure_ascii=False, indent=1)
        (Path(folder) / f"{name}.json").write_text(content + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
