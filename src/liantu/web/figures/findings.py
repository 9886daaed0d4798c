"""A finding in words: its intervals in the unit of the figures that they are held against."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from liantu.ledger.units import UNITS, unit_of
from liantu.web.figures.models import FindingState
from liantu.web.figures.shown import value_text

Ends = list[float | None] | None
MEASURED_BY = {
    "average_growth": "end", "growth_level": "end", "growth_change": "end", "two_values": "second",
    "part_whole": "part", "parts_sum": "whole", "ratio": "share", "identity": "result",
    "base_implied": "first_end", "bounds": "value", "cumulative_falls": "later", "target": "target",
    "stale": "later", "streak": "second", "whole_count": "count",
}  # fmt: skip
"""The role whose unit the intervals of a check have; others compare plain quotients."""
DIGITS = 6


def intervals(finding: FindingState, units: Mapping[str, str]) -> tuple[str, str]:
    """What follows from the others, and what is printed; `units` are those of the figures by role."""
    role = MEASURED_BY.get(finding.check_code, "")
    if finding.check_code == "year_to_date" and "month" not in finding.content["formula"]:
        role = next((r for r in units if r.startswith("part")), "")
    if finding.check_code == "magnitude" and "usual" in units:
        role = "value"
    unit = _base(units[role]) if role in units else ""
    return _told(finding.content["expected"], unit), _told(finding.content["found"], unit)


def _base(unit: str) -> str:
    known = unit_of(unit)
    return next((u.code for u in UNITS.values() if u.dimension == known.dimension and u.factor == 1), unit)


def _told(ends: Ends, unit: str) -> str:
    """From – to; an open side is said so."""
    if ends is None:
        return ""
    low, high = (None if end is None else _number(end, unit) for end in ends)
    if low is None or high is None:
        return _("at least %(n)s") % {"n": low} if low else _("at most %(n)s") % {"n": high} if high else "…"
    return low if low == high else f"{low} … {high}"


def _number(value: float, unit: str) -> str:
    rounded = Decimal(f"{value:.{DIGITS}g}")
    return value_text(rounded, unit) if unit else f"{rounded:,f}"
