"""Circular accounts of several plans: over time as they were shown, or of runs that were chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from liantu.web.atlas.models import Run, RunResult
from liantu.web.atlas.runs import selectors
from liantu.web.atlas.runs.stored import unpack_document
from liantu.web.kit.charts import Chart, Series
from liantu.web.kit.keep import Kept
from liantu.web.kit.naming import chinese

MOST = 24
Document = dict[str, Any]
Figures = dict[str, float | None]
Kind = Literal["share", "money", "plain"]


@dataclass(frozen=True)
class Indicator:
    """A figure of the accounts. `better`: 1 where more is better, -1 where less is, 0 neither."""

    key: str
    label: Any
    unit: str
    kind: Kind
    better: int
    read: Callable[[Document], float | None]


def _supply(scope: str, name: str, key: str) -> Callable[[Document], float | None]:
    def read(d: Document) -> float | None:
        rows = (s for s in d["local_supply"] if s["scope"] == scope and s["id"] == name)
        return next((s[key] for s in rows), None)

    return read


def _intensity(key: str) -> Callable[[Document], float | None]:
    return lambda d: next((i[key] for i in d["intensity"] if i["basis"] == "value_added"), None)


def _value(basis: str) -> Callable[[Document], float | None]:
    return lambda d: next((i["value_cny"] for i in d["intensity"] if i["basis"] == basis), None)


def _output(chain: str, key: str) -> Callable[[Document], float | None]:
    def read(d: Document) -> float | None:
        return next((o[key] for o in d["output"] if o["scope"] == "chain" and o["id"] == chain), None)

    return read


CITY: tuple[Indicator, ...] = (
    Indicator("local", _("Local supply, by value"), "%", "share", 1, _supply("city", "", "rate_value")),
    Indicator("waste", _("Use of solid waste"), "%", "share", 1, lambda d: d["solid_waste"]["use_rate"]),
    Indicator("reuse", _("Water reuse"), "%", "share", 1, lambda d: d["water"]["reuse_rate"]),
    Indicator("output", _("Gross output"), "CNY", "money", 1, _value("gross_output")),
    Indicator("added", _("Value added"), "CNY", "money", 1, _value("value_added")),
    Indicator("dumped", _("Solid waste dumped"), "t/y", "plain", -1, lambda d: d["solid_waste"]["dumped_t"]),
    Indicator("co2", _("Direct CO2"), "t/y", "plain", -1, lambda d: d["carbon"]["total_t"]),
    Indicator("energy", _("Energy bought"), "tce/y", "plain", -1, lambda d: d["energy"]["bought_tce"]),
    Indicator("water", _("Fresh water"), "m3/y", "plain", -1, lambda d: d["water"]["fresh_m3"]),
    Indicator(
        "tce_added",
        _("Energy for 10,000 CNY of value added"),
        "tce",
        "plain",
        -1,
        _intensity("tce_per_10k_cny"),
    ),
    Indicator(
        "co2_added", _("CO2 for 10,000 CNY of value added"), "t", "plain", -1, _intensity("co2_t_per_10k_cny")
    ),
)
CHARTS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("shares", _("Shares"), ("local", "waste", "reuse")),
    ("worth", _("Output and value added"), ("output", "added")),
    ("dumped", _("Solid waste dumped"), ("dumped",)),
    ("carbon", _("Direct CO2"), ("co2",)),
    ("energy", _("Energy bought"), ("energy",)),
    ("intensity", _("For 10,000 CNY of value added"), ("tce_added", "co2_added")),
)


def of_chain(chain: str) -> tuple[Indicator, ...]:
    """The figures of one chain."""
    return (
        Indicator(
            "local", _("Local supply, by value"), "%", "share", 1, _supply("chain", chain, "rate_value")
        ),
        Indicator("output", _("Gross output"), "CNY", "money", 1, _output(chain, "output_cny")),
        Indicator("added", _("Value added"), "CNY", "money", 1, _output(chain, "value_added_cny")),
    )


@dataclass(frozen=True)
class Point:
    """A plan on the page: when it was shown, or what it is called."""

    run: Run
    label: str
    figures: Figures


@dataclass(frozen=True)
class Row:
    """An indicator with its value at each point, and how it changed from the first to the last."""

    indicator: Indicator
    values: tuple[float | None, ...]

    @property
    def change(self) -> float | None:
        """Last less first."""
        known = [v for v in self.values if v is not None]
        return known[-1] - known[0] if len(known) > 1 else None

    @property
    def tone(self) -> str:
        """good or bad, where that can be said."""
        change = self.change or 0.0
        if abs(change) < 1e-9 * max(1.0, *(abs(v) for v in self.values if v is not None)):
            return ""
        return "up" if change * self.indicator.better > 0 else "down"


_documents: Kept[tuple[UUID, str], Figures] = Kept(size=500)


def _figures(run: Run, chain: str) -> Figures:
    def read() -> Figures:
        stored = RunResult.objects.values_list("accounts", flat=True).get(pk=run.pk)
        document = unpack_document(bytes(stored))
        return {i.key: i.read(document) for i in (of_chain(chain) if chain else CITY)}

    return _documents.get((run.pk, chain), read)


def over_time(start: date | None, end: date | None, chain: str) -> tuple[list[Point], int]:
    """The plans as they were shown, the oldest first, and how many older ones were left out."""
    shown = selectors.publications()
    zone = timezone.get_current_timezone()
    if start:
        shown = shown.filter(at__gte=datetime.combine(start, time.min, zone))
    if end:
        shown = shown.filter(at__lt=datetime.combine(end + timedelta(days=1), time.min, zone))
    total = shown.count()
    newest = list(shown[:MOST])[::-1]
    days = [timezone.localtime(p.at).strftime("%Y-%m-%d") for p in newest]
    labels = [
        day if days.count(day) == 1 else timezone.localtime(p.at).strftime("%Y-%m-%d %H:%M:%S")
        for day, p in zip(days, newest, strict=True)
    ]
    points = [Point(p.run, label, _figures(p.run, chain)) for p, label in zip(newest, labels, strict=True)]
    return points, total - len(newest)


def of_runs(runs: Sequence[Run], chain: str) -> list[Point]:
    """The plans that were chosen, in that order; those of the same name are told apart."""
    names = [str(run) for run in runs]
    return [
        Point(run, name if names.count(name) == 1 else f"{name} · {str(run.pk)[:4]}", _figures(run, chain))
        for run, name in zip(runs, names, strict=True)
    ]


def rows_of(points: Sequence[Point], chain: str) -> list[Row]:
    """The table: a row for each indicator."""
    wanted = of_chain(chain) if chain else CITY
    return [Row(i, tuple(p.figures[i.key] for p in points)) for i in wanted]


def charts_of(points: Sequence[Point], rows: Sequence[Row], *, timed: bool) -> list[Chart]:
    """Lines over time, bars side by side for runs; figures of one unit together."""
    by_key = {row.indicator.key: row for row in rows}
    out = []
    for name, title, keys in CHARTS:
        found = [by_key[key] for key in keys if key in by_key]
        if not found or all(v is None for row in found for v in row.values):
            continue
        scale, unit = _scale(found[0].indicator)
        out.append(
            Chart(
                id=f"chart-{name}",
                kind="line" if timed else "bar",
                title=str(title),
                unit=unit,
                categories=tuple(p.label for p in points),
                series=tuple(
                    Series(
                        str(row.indicator.label),
                        tuple(None if v is None else v * scale for v in row.values),
                    )
                    for row in found
                ),
                heading=str(_("Shown since") if timed else _("Plan")),
                height=260,
            )
        )
    return out


def _scale(indicator: Indicator) -> tuple[float, str]:
    if indicator.kind == "share":
        return 100.0, "%"
    if indicator.kind == "money":
        return (1e-8, "亿元/年") if chinese() else (1e-6, "million CNY/y")
    from liantu import i18n
    from liantu.chain.units import unit_label

    unit = indicator.unit
    if indicator.key.endswith("_added"):
        return 1.0, "吨标煤、吨" if chinese() else "tce, t"
    return 1.0, unit_label(unit, i18n.current_language())
