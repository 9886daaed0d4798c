"""A series over time: what was printed, what follows from it, targets beside what was reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from liantu.ledger.catalogue import Catalogue
from liantu.ledger.derive import against_targets, average_growth, growth_on_year
from liantu.ledger.interval import Interval
from liantu.ledger.observation import Observation
from liantu.ledger.periods import Period
from liantu.ledger.units import unit_of
from liantu.web.figures.rows import observation_of
from liantu.web.figures.shown import Shown, all_shown, period_text, unit_text
from liantu.web.kit.charts import Chart, Series
from liantu.web.kit.naming import chinese

KINDS = ("year", "ytd", "quarter", "month", "point", "plan", "span")
MOST = 2000
"""Figures of a series on one page, the latest."""


@dataclass(frozen=True)
class DerivedShown:
    """A growth that follows from two figures: its bounds in per cent, and the figures."""

    period: str
    low: float
    high: float
    rows: tuple[str, str]
    years: int = 1

    @property
    def text(self) -> str:
        """11.2 %, or between its bounds where rounding leaves more than a tenth open."""
        if round(self.low, 1) == round(self.high, 1):
            return f"{self.low:.1f}%"
        return f"{self.low:.1f}% – {self.high:.1f}%"


@dataclass(frozen=True)
class TargetShown:
    """A target, what was reached, and the share in per cent."""

    target: Shown
    actual: Shown | None
    low: float | None
    high: float | None

    @property
    def text(self) -> str:
        if self.low is None or self.high is None:
            return ""
        if round(self.low, 1) == round(self.high, 1):
            return f"{self.low:.1f}%"
        return f"{self.low:.1f}% – {self.high:.1f}%"


@dataclass(frozen=True)
class SeriesPage:
    """All that the page of a series shows; `kinds` are the kinds of period there are."""

    rows: list[Shown]
    kinds: list[str]
    kind: str
    chart: Chart | None
    growths: list[DerivedShown]
    growth_chart: Chart | None
    average: DerivedShown | None
    targets: list[TargetShown]


def series_page(rows: Sequence[Any], known: Catalogue, kind: str, main: tuple[str, str]) -> SeriesPage:
    """The page of rows that are ordered by time."""
    seen = {str(r.pk): observation_of(r) for r in rows}
    shown = {str(s.id): s for s in all_shown(rows, known)}
    force = [seen[str(r.pk)] for r in rows if r.standing.in_force]
    kinds = [k for k in KINDS if any(o.period and o.period.kind == k for o in seen.values())]
    chosen = kind if kind in kinds else _usual(force, kinds)
    wanted = [o for o in force if o.period is not None and o.period.kind == chosen]
    listed = [s for key, s in shown.items() if not kind or _kind(seen[key]) == kind]
    growths = _growths(wanted, known, main)
    return SeriesPage(
        rows=listed[::-1], kinds=kinds, kind=chosen, chart=_chart(wanted, shown), growths=growths[::-1],
        growth_chart=_growth_chart(growths, shown), average=_average(force, known, main),
        targets=_targets(force, known, main, shown),
    )  # fmt: skip


def _kind(seen: Observation) -> str:
    return seen.period.kind if seen.period else ""


def _usual(seen: Sequence[Observation], kinds: Sequence[str]) -> str:
    """The kind of period with most levels."""
    levels = [_kind(o) for o in seen if o.measure == "level"]
    return max(kinds, key=levels.count, default="year")


def _chart(seen: Sequence[Observation], shown: Mapping[str, Shown]) -> Chart | None:
    """The levels, of what was planned and expected too; where a period has several, the official or else the
    most exact one. The tooltip tells the source, and other values of the period."""
    levels = [o for o in seen if o.measure == "level" and o.period is not None]
    dimensions = [unit_of(o.unit).dimension for o in levels]
    usual = max(dimensions, key=dimensions.count, default="")
    levels = [o for o in levels if unit_of(o.unit).dimension == usual]
    periods = sorted({o.period for o in levels if o.period})
    if len(periods) < 2:
        return None
    largest = max(abs(_size(o)) for o in levels)
    factor, unit = scale(largest, levels[0].unit)
    series = []
    for status, name, dashed in (
        ("actual", _("Actual"), False), ("expected", _("Expected"), True), ("target", _("Target"), True),
        ("planned", _("Planned"), True),
    ):  # fmt: skip
        at: dict[Period | None, list[Observation]] = {}
        for o in sorted((o for o in levels if o.status == status), key=lambda o: _first(o, shown)):
            at.setdefault(o.period, []).append(o)
        if at:
            held = [at.get(p, []) for p in periods]
            values = tuple(
                float(h[0].value * unit_of(h[0].unit).factor) / factor if h else None for h in held
            )
            series.append(Series(name, values, dashed, tuple(_note(h, shown) for h in held)))
    title = _("Level")
    return Chart("level", "line", title, unit, tuple(map(period_text, periods)), tuple(series), _("Period"))


def _size(seen: Observation) -> float:
    return float(seen.value * unit_of(seen.unit).factor)


def _first(seen: Observation, shown: Mapping[str, Shown]) -> tuple[bool, Decimal, str]:
    return not shown[seen.id].official, seen.step * unit_of(seen.unit).factor, seen.id


def _note(held: Sequence[Observation], shown: Mapping[str, Shown]) -> str:
    """The source of the first; the others with theirs."""
    told = []
    for i, one in enumerate(shown[o.id] for o in held[:4]):
        source = one.source or _("no source")
        dated = f"{source}, {one.source_date.isoformat()}" if one.source_date else source
        told.append(dated if i == 0 else f"{one.qualifier} {one.value}: {dated}".strip())
    return "\n".join(told)


def scale(largest: float, unit: str) -> tuple[float, str]:
    """What figures are divided by on an axis, and the unit then."""
    known = unit_of(unit)
    base = unit if known.factor == 1 else _base_of(known.dimension, unit)
    steps = ((1e8, "亿"), (1e4, "万")) if chinese() else ((1e9, "billion "), (1e6, "million "))
    for size, word in steps:
        if largest >= size and known.dimension not in ("percent", "rank", "points"):
            return size, f"{word}{unit_text(base)}"
    return 1.0, unit_text(base)


def _base_of(dimension: str, unit: str) -> str:
    from liantu.ledger.units import UNITS

    return next((u.code for u in UNITS.values() if u.dimension == dimension and u.factor == 1), unit)


def _growths(seen: Sequence[Observation], known: Catalogue, main: tuple[str, str]) -> list[DerivedShown]:
    series = known.series(*main)[0]
    found = []
    for d in growth_on_year(seen, known):
        if d.series == series and (ends := _ends(d.value)):
            found.append(DerivedShown(period_text(d.period), *ends, (d.rows[0].id, d.rows[1].id)))
    return found


def _ends(value: Interval) -> tuple[float, float] | None:
    return None if value.lo is None or value.hi is None else (float(value.lo), float(value.hi))


def _growth_chart(growths: Sequence[DerivedShown], shown: Mapping[str, Shown]) -> Chart | None:
    if len(growths) < 2:
        return None
    values = tuple((g.low + g.high) / 2 for g in growths)
    notes = tuple(" → ".join(f"{shown[r].period} {shown[r].value}" for r in g.rows) for g in growths)
    title, periods = _("Growth on the year, derived"), tuple(g.period for g in growths)
    series = (Series(_("Growth"), values, notes=notes),)
    return Chart("growth", "bar", title, "%", periods, series, _("Period"), height=240)


def _average(seen: Sequence[Observation], known: Catalogue, main: tuple[str, str]) -> DerivedShown | None:
    """From the first year of which the level is known to the last."""
    series = known.series(*main)[0]
    years = sorted({
        o.period.end.year for o in seen
        if o.period and o.measure == "level" and o.status == "actual"
        and (o.period.years == 1 or o.period.point)
    })  # fmt: skip
    if len(years) < 2 or years[-1] - years[0] < 2:
        return None
    for d in average_growth(seen, known, years[0], years[-1]):
        if d.series == series and (ends := _ends(d.value)):
            name = f"{years[0]}–{years[-1]}"
            return DerivedShown(name, *ends, (d.rows[0].id, d.rows[1].id), years[-1] - years[0])
    return None


def _targets(
    seen: Sequence[Observation], known: Catalogue, main: tuple[str, str], shown: dict[str, Shown]
) -> list[TargetShown]:
    series = known.series(*main)[0]
    found = []
    for a in against_targets(seen, known):
        if a.series != series:
            continue
        low, high = (_ends(a.share) or (None, None)) if a.share else (None, None)
        actual = shown.get(a.actual.id) if a.actual else None
        found.append(TargetShown(shown[a.target.id], actual, low, high))
    return found
