"""What reading and checking a city found, as JSON and as a report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from liantu.data.tables import Tables
from liantu.errors import Problem
from liantu.i18n import EN, current_language, ngettext
from liantu.i18n import gettext as _
from liantu.messages import Lang, sentence
from liantu.report.listing import Column, Fact, Listing, Report
from liantu.report.machine import VERSION, envelope, plain
from liantu.report.names import word
from liantu.runs import Check

ORDER = ("broken", "flagged", "trace", "ok")


def check_json(check: Check) -> dict[str, Any]:
    """The document of `check --json`; see docs/json-schema.md."""
    return envelope("check", check.tables) | {
        "path": check.path,
        "problems": [problem_json(p) for p in check.problems],
        "verdicts": dict(_counts(check)),
        "recipes": plain(check.recipes),
        "compositions": [{**plain(c), "deviation": plain(c.deviation)} for c in check.compositions],
    }


def problems_json(problems: Iterable[Problem]) -> dict[str, Any]:
    """The document in place of any other where the input is refused and --json was asked for."""
    return {"schema": f"liantu/problems/{VERSION}", "problems": [problem_json(p) for p in problems]}


def problem_json(problem: Problem) -> dict[str, Any]:
    """One problem, with its sentence in both languages."""
    return {
        **plain(problem),
        "sentence_zh": sentence(problem, "zh"),
        "sentence_en": sentence(problem, "en"),
    }


def lang() -> Lang:
    """The language spoken, as the table of sentences has it."""
    return "en" if current_language() == EN else "zh"


def check_report(check: Check) -> Report:
    """The problems as sentences, then the recipes that are not simply in order."""
    tables = check.tables
    facts = [Fact(_("Path"), check.path)]
    if tables is not None:
        title = tables.title_en if lang() == "en" else tables.title_zh
        facts += [
            Fact(_("Data"), f"{tables.name} {tables.digest[:12]} ({title})"),
            Fact(_("Rows"), _rows(tables)),
        ]
    facts.append(Fact(_("Problems"), _counted(check)))
    if tables is not None:
        facts.append(Fact(_("Recipes"), _verdicts(check)))
    return Report(
        title=_("Check"),
        facts=facts,
        notes=[sentence(p, lang()) for p in check.problems],
        listings=() if tables is None else (_recipes(check, tables), _compositions(check, tables)),
    )


def _rows(tables: Tables) -> str:
    there = [(name, frame.height) for name, frame in tables.frames.items() if frame.height]
    return ", ".join(f"{name} {height}" for name, height in there)


def _counted(check: Check) -> str:
    errors = len(check.errors)
    said = {"errors": count_of_errors(errors), "notices": count_of_notices(len(check.problems) - errors)}
    return _("%(errors)s, %(notices)s") % said


def count_of_errors(n: int) -> str:
    """So many errors, in words."""
    return ngettext("%(n)s error", "%(n)s errors", n) % {"n": n}


def count_of_notices(n: int) -> str:
    """So many notices, in words."""
    return ngettext("%(n)s notice", "%(n)s notices", n) % {"n": n}


def _counts(check: Check) -> Mapping[str, int]:
    return {verdict: sum(r.verdict == verdict for r in check.recipes) for verdict in reversed(ORDER)}


def _verdicts(check: Check) -> str:
    parts = [f"{word(verdict)} {n}" for verdict, n in _counts(check).items() if n]
    processes = len({r.process for r in check.recipes})
    said = {"processes": processes, "balances": len(check.recipes), "parts": ", ".join(parts)}
    return _("%(processes)s with %(balances)s element balances: %(parts)s") % said


def _named(tables: Tables, table: str) -> dict[str, str]:
    column = "name_en" if lang() == "en" else "name_zh"
    return {key: name or key for key, name in tables[table].select("id", column).iter_rows()}


def _recipes(check: Check, tables: Tables) -> Listing:
    names, materials = _named(tables, "processes"), _named(tables, "materials")
    order = sorted(check.recipes, key=lambda r: (ORDER.index(r.verdict), -abs(r.imbalance)))
    rows = [
        (
            names.get(r.process, r.process),
            r.element,
            r.mass_in,
            r.mass_out,
            r.imbalance,
            word(r.verdict),
            r.reason or _cause(r.cause, [materials.get(m, m) for m in r.materials]),
            r.process,
        )
        for r in order
    ]
    columns = (
        Column(_("Recipe")),
        Column(_("Element")),
        Column(_("In"), "number", "t/unit", mixed=True, optional=True),
        Column(_("Out"), "number", "t/unit", mixed=True, optional=True),
        Column(_("Imbalance"), "share"),
        Column(_("Verdict")),
        Column(_("Reason")),
        Column(_("Process id"), optional=True),
    )
    remarkable = sum(r.verdict != "ok" for r in order)
    return Listing(_("Conservation of elements"), columns, rows, short=remarkable)


def _cause(cause: str, materials: list[str]) -> str:
    named = ", ".join(materials)
    if cause == "free_source":
        return _("brought by %(materials)s") % {"materials": named}
    if cause == "no_composition":
        return _("composition not known: %(materials)s") % {"materials": named}
    return ""


def _compositions(check: Check, tables: Tables) -> Listing:
    names = _named(tables, "materials")
    rows = [(names.get(c.material, c.material), c.element, c.stated, c.derived) for c in check.compositions]
    columns = (
        Column(_("Material")),
        Column(_("Element")),
        Column(_("Stated"), "share"),
        Column(_("By formula and purity"), "share"),
    )
    return Listing(_("Compositions that differ from the formula"), columns, rows)
