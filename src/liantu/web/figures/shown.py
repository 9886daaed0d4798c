"""Figures as pages write them: names, values with their units, periods, and words for what kind they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from liantu.ledger.catalogue import Catalogue
from liantu.ledger.periods import Period
from liantu.ledger.units import UNITS, unit_of
from liantu.web.figures.models import ObservationRow
from liantu.web.figures.rows import period_of
from liantu.web.kit.naming import Named, chinese

MEASURES: dict[str, Promise] = {
    "level": pgettext_lazy("measure", "level"),
    "change": pgettext_lazy("measure", "change"),
    "rate": pgettext_lazy("measure", "growth"),
    "share": pgettext_lazy("measure", "share"),
    "ratio": pgettext_lazy("measure", "ratio"),
    "rank": pgettext_lazy("measure", "rank"),
    "multiple": pgettext_lazy("measure", "multiple"),
    "streak": pgettext_lazy("measure", "run of months"),
}
BASES: dict[str, Promise] = {
    "on_year": gettext_lazy("on the year"),
    "on_previous": gettext_lazy("on the period before"),
    "average": gettext_lazy("a year on average"),
    "cumulative": gettext_lazy("over the whole period"),
}
STATUSES: dict[str, Promise] = {
    "actual": pgettext_lazy("figure", "actual"),
    "expected": pgettext_lazy("figure", "expected"),
    "target": pgettext_lazy("figure", "target"),
    "planned": pgettext_lazy("figure", "planned"),
}
QUALIFIERS: dict[str, Promise] = {
    "above": gettext_lazy("more than"),
    "below": gettext_lazy("less than"),
    "near": gettext_lazy("nearly"),
    "about": gettext_lazy("about"),
    "only": gettext_lazy("only"),
}
PRICES: dict[str, Promise] = {
    "unknown": gettext_lazy("not stated"),
    "nominal": gettext_lazy("in current prices"),
    "real": gettext_lazy("in constant prices"),
}
SCALED = ("people", "mass", "count", "area", "power", "coal", "energy", "volume", "mass_flow")
"""What is written in 万 and 亿, besides money."""
YI, WAN = Decimal(10**8), Decimal(10**4)


def subject_name(code: str, known: Catalogue) -> Named:
    """A subject; the text's own words where the catalogue has none."""
    found = known.subjects.get(code)
    bare = code.partition("@")[0]
    return Named(code, found.zh, found.en) if found else Named(code, bare, bare)


def indicator_name(code: str, known: Catalogue) -> Named:
    """An indicator; the text's own words where the catalogue has none."""
    found = known.indicators.get(code)
    return Named(code, found.zh, found.en) if found else Named(code, code, code)


def value_text(value: Decimal, unit: str) -> str:
    """1770000000 CNY is '17.7亿元', in English '1.77 billion CNY'; digits are kept as they were printed."""
    if unit == "%":
        return f"{_plain(value)}%"
    if unit == "rank":
        return _("no. %(n)s") % {"n": _plain(value)}
    known = unit_of(unit)
    if known.dimension.startswith("money") or known.dimension in SCALED:
        value, unit = value * known.factor, _base(known.dimension, unit)
        return _scaled(value, unit)
    return _with(_plain(value), unit_text(unit))


def _base(dimension: str, unit: str) -> str:
    return next((u.code for u in UNITS.values() if u.dimension == dimension and u.factor == 1), unit)


def _scaled(value: Decimal, unit: str) -> str:
    size = abs(value)
    if chinese():
        for scale, word in ((YI, "亿"), (WAN, "万")):
            if size >= scale:
                return f"{_plain(value / scale)}{word}{unit_text(unit)}"
        return _with(_plain(value), unit_text(unit))
    for scale, word in ((Decimal(10**9), "billion"), (Decimal(10**6), "million")):
        if size >= scale:
            return f"{_plain(value / scale)} {word} {unit_text(unit)}".rstrip()
    return _with(_plain(value), unit_text(unit))


def _with(number: str, unit: str) -> str:
    return f"{number}{unit}" if chinese() else f"{number} {unit}".rstrip()


def _plain(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_ENGLISH = {
    "month": "months", "quarter": "quarters", "year": "years", "day": "days",
    "CNY": "CNY", "person": "people", "count": "", "pp": "percentage points", "times": "times",
}  # fmt: skip


def unit_text(unit: str) -> str:
    """The unit in the language of the page."""
    found = UNITS.get(unit)
    if chinese():
        return found.zh[0] if found and found.zh else "" if unit in ("ratio",) else unit
    return _ENGLISH.get(unit, unit)


def period_text(period: Period | None) -> str:
    """2025, 2025年1—9月, 2025年9月末: as people write it."""
    if period is None:
        return _("period not known")
    if not chinese() or period.open:
        return str(period).removeprefix("@")
    start, end, kind = period.start, period.end, period.kind
    if kind == "point":
        return f"{end.year}年{end.month}月{end.day}日"
    if kind == "year":
        return f"{start.year}年"
    if kind == "month":
        return f"{start.year}年{start.month}月"
    if kind == "quarter":
        return f"{start.year}年第{(start.month + 2) // 3}季度"
    if kind == "ytd":
        return f"{start.year}年1—{end.month}月"
    if period.years is not None:
        return f"{start.year}—{end.year}年"
    return str(period)


def kind_text(measure: str, basis: str) -> str:
    """'growth on the year', 'level'."""
    said, compared = str(MEASURES.get(measure, measure)), str(BASES.get(basis, ""))
    return f"{compared}{said}" if chinese() else f"{said} {compared}".strip()


@dataclass(frozen=True)
class Shown:
    """A figure as a page shows it."""

    id: UUID
    row: ObservationRow
    subject: Named
    indicator: Named
    period: str
    value: str
    qualifier: str
    measure: str
    basis: str
    status: str
    status_name: str
    level: str
    level_name: str
    official: bool
    corrected: bool
    in_force: bool
    source: str
    source_date: date | None
    within: str
    entered_at: datetime

    @property
    def kind(self) -> str:
        """'growth on the year', 'level'."""
        return kind_text(self.row.measure, self.row.basis)

    @property
    def whole(self) -> str:
        """The figure in one line."""
        value = f"{self.qualifier} {self.value}".strip()
        return " ".join([str(self.subject), str(self.indicator), self.period, value])


def shown(row: ObservationRow, known: Catalogue) -> Shown:
    """A row; `standing` has to be fetched with it."""
    standing = row.standing
    basis, qualifier = BASES.get(row.basis, ""), QUALIFIERS.get(row.qualifier, "")
    return Shown(
        id=row.pk, row=row, subject=subject_name(row.subject, known),
        indicator=indicator_name(row.indicator, known),
        period=period_text(period_of(row.start, row.end, row.point)),
        value=value_text(Decimal(row.value), row.unit), qualifier=str(qualifier),
        measure=str(MEASURES.get(row.measure, row.measure)), basis=str(basis), status=row.status,
        status_name=str(STATUSES.get(row.status, row.status)), level=standing.level,
        level_name=str(standing.get_level_display()), official=standing.official,
        corrected=standing.corrected, in_force=standing.in_force, source=row.source,
        source_date=row.source_date, within=row.within, entered_at=row.entered_at,
    )  # fmt: skip


def all_shown(rows: Iterable[Any], known: Catalogue) -> list[Shown]:
    """Rows of a page."""
    return [shown(row, known) for row in rows]
