"""Figures that were read out of reports, as JSON and as a report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from liantu.i18n import gettext as _
from liantu.messages import what
from liantu.reading import Fact, Reading, Refused
from liantu.report.check import lang, problem_json
from liantu.report.listing import Column, Listing, Report
from liantu.report.listing import Fact as Line
from liantu.report.machine import VERSION


def reading_json(
    readings: Sequence[Reading], explain: bool = False, refused: Sequence[Refused] = ()
) -> dict[str, Any]:
    """The document of `read --json`; see docs/reading.md. `rules` of each fact where `explain`."""
    facts = [
        {**fact.as_row(), **({"rules": dict(fact.rules)} if explain else {})}
        for reading in readings
        for fact in reading.facts
    ]
    files = [{"file": r.file, "date": r.date, "subject": r.subject, "facts": len(r.facts)} for r in readings]
    return {
        "schema": f"liantu/reading/{VERSION}",
        "files": files,
        "refused": [problem_json(r.problem) for r in refused],
        "facts": facts,
    }


def reading_report(
    readings: Sequence[Reading], explain: bool = False, refused: Sequence[Refused] = ()
) -> Report:
    """A table of figures for each file; below it, where `explain`, the rule behind each field."""
    return Report(
        title=_("Figures"),
        facts=[
            *(Line(r.file, _("%(count)s figures") % {"count": len(r.facts)}) for r in readings),
            *(Line(r.file, what(r.problem, lang())) for r in refused),
        ],
        listings=[
            listing for r in readings for listing in ([_figures(r), _rules(r)] if explain else [_figures(r)])
        ],
    )


def _figures(reading: Reading) -> Listing:
    titles = (
        _("Place"), _("Text"), _("Subject"), _("Indicator"), _("Value"), _("Unit"), _("Period"), _("Measure"),
        _("Status"),
    )  # fmt: skip
    return Listing(
        title=reading.file,
        columns=[
            Column(title, "number" if i == 4 else "text", mixed=i == 4) for i, title in enumerate(titles)
        ],
        rows=[_row(fact) for fact in reading.facts],
        empty=_("No figure was found."),
    )


def _row(fact: Fact) -> tuple[str | float | None, ...]:
    measure = f"{fact.measure} {fact.growth_basis}" if fact.growth_basis else fact.measure
    text = "".join(fact.text.split())
    place = f"{fact.start}-{fact.end}"
    return place, text, fact.subject, fact.indicator, fact.value, fact.unit, fact.period, measure, fact.status


def _rules(reading: Reading) -> Listing:
    return Listing(
        title=_("Rules of %(file)s") % {"file": reading.file},
        columns=[Column(_("Place")), Column(_("Text")), Column(_("Field")), Column(_("Rule"))],
        rows=[
            (f"{fact.start}-{fact.end}", "".join(fact.text.split()), name, rule)
            for fact in reading.facts
            for name, rule in fact.rules.items()
        ],
    )
