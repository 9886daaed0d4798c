"""Findings on figures, as JSON and as a report."""

from __future__ import annotations

from typing import Any

from liantu.i18n import gettext as _
from liantu.ledger.catalogue import Catalogue
from liantu.ledger.files import Checked
from liantu.ledger.finding import Finding
from liantu.ledger.interval import Interval
from liantu.ledger.observation import Observation
from liantu.ledger.sentences import check_name, explanation_name, formula_text, role_name, severity_name
from liantu.report.check import lang
from liantu.report.listing import Column, Fact, Listing, Report
from liantu.report.machine import VERSION


def figures_json(checked: Checked) -> dict[str, Any]:
    """The document of `figures check --json`; see docs/ledger.md."""
    return {
        "schema": f"liantu/figures/{VERSION}",
        "observations": len(checked.observations),
        "compared": checked.known,
        "findings": [_finding(finding) for finding in checked.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "fingerprint": finding.fingerprint,
        "check": finding.check,
        "severity": finding.severity,
        "formula": finding.formula,
        "expected": _ends(finding.expected),
        "found": _ends(finding.found),
        "explanations": list(finding.explanations),
        "params": dict(finding.params),
        "rows": [
            {
                "role": role, "id": row.id, "subject": row.subject, "indicator": row.indicator,
                "period": str(row.period or ""), "value": f"{row.value:f}", "unit": row.unit,
                "measure": row.measure, "basis": row.basis, "status": row.status, "source": row.source,
                "place": row.place,
            }
            for role, row in zip(finding.roles, finding.rows, strict=True)
        ],
    }  # fmt: skip


def _ends(interval: Interval | None) -> list[float | None] | None:
    if interval is None:
        return None
    return [None if end is None else float(end) for end in (interval.lo, interval.hi)]


def figures_report(checked: Checked, catalogue: Catalogue) -> Report:
    """A table a finding: its rows in their roles; above it the formula and what may explain it."""
    counts = {s: sum(f.severity == s for f in checked.findings) for s in ("error", "warning", "note")}
    said = ", ".join(f"{severity_name(s, lang())} {n}" for s, n in counts.items())
    return Report(
        title=_("Figures against each other"),
        facts=[
            Fact(_("Figures"), str(len(checked.observations))),
            Fact(_("Of known indicators"), str(checked.known)),
            Fact(_("Findings"), said),
        ],
        listings=[_listing(n, finding, catalogue) for n, finding in enumerate(checked.findings, start=1)],
    )


def _listing(number: int, finding: Finding, catalogue: Catalogue) -> Listing:
    spoken = lang()
    why = ("；" if spoken == "zh" else "; ").join(explanation_name(e, spoken) for e in finding.explanations)
    formula = formula_text(finding.formula, spoken)
    title = (
        f"{number}. {severity_name(finding.severity, spoken)}: {check_name(finding.check, spoken)}"
        f"\n   {formula}: {finding.expected or ''} / {finding.found or ''}\n   {why}"
    )
    titles = (_("Role"), _("Subject"), _("Indicator"), _("Period"), _("Value"), _("Source"))
    rows = zip(finding.roles, finding.rows, strict=True)
    return Listing(title, [Column(t) for t in titles], [_row(role, row, catalogue) for role, row in rows])


def _row(role: str, row: Observation, catalogue: Catalogue) -> tuple[str, ...]:
    spoken = lang()
    subject, indicator = catalogue.subjects.get(row.subject), catalogue.indicators.get(row.indicator)
    names = [
        (known.zh if spoken == "zh" else known.en) if known else name
        for known, name in ((subject, row.subject), (indicator, row.indicator))
    ]
    value = f"{row.value:f} {row.unit}"
    return role_name(role, spoken), *names, str(row.period or ""), value, f"{row.source} {row.place}".strip()
