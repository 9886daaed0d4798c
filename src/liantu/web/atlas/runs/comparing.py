"""Two plans side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from liantu.chain.compare import Comparison, compare_plans
from liantu.report.compare import compare_report
from liantu.report.names import Names, word
from liantu.web.atlas.city import City
from liantu.web.kit.charts import Chart, Series
from liantu.web.kit.keep import Kept
from liantu.web.kit.naming import chinese
from liantu.web.kit.reports import Table, tables_of

_kept: Kept[tuple[UUID, UUID], Comparison] = Kept(size=8)
TOP = 3


@dataclass(frozen=True)
class Compared:
    """The comparison, its tables, a drawing of its lines, and in a sentence where it comes from."""

    result: Comparison
    tables: tuple[Table, ...]
    chart: Chart
    most: tuple[tuple[str, float], ...]
    places: tuple[tuple[str, float], ...]


def compared(a: City, b: City) -> Compared:
    """Plan b against plan a; both are stored runs."""
    assert a.run is not None
    assert b.run is not None
    result = _kept.get((a.run.pk, b.run.pk), lambda: compare_plans(a.plan, b.plan))
    names = Names(b.network, a.network)
    scale = 1e8 if chinese() else 1e6
    lines = [x for x in result.lines if x.a_cny or x.b_cny]
    chart = Chart(
        id="lines",
        kind="bar",
        title=_("Where the difference comes from"),
        unit=_("100 million CNY a year") if chinese() else _("million CNY a year"),
        categories=tuple(word(x.name) for x in lines),
        series=(
            Series(_("By quantity"), tuple(x.quantity_effect_cny / scale for x in lines)),
            Series(_("By price"), tuple(x.price_effect_cny / scale for x in lines)),
        ),
        heading=_("Line"),
        stacked=True,
    )
    return Compared(
        result=result,
        tables=tables_of(t for t in compare_report(result, a.opened, b.opened).listings if t.rows),
        chart=chart,
        most=tuple((word(x.name), x.difference_cny) for x in _largest(result.lines)),
        places=tuple((names.place(x.place), x.difference_cny) for x in _largest(result.places)),
    )


def _largest(rows: Sequence[Any]) -> list[Any]:
    """The few that changed most."""
    changed = [row for row in rows if abs(row.difference_cny) >= 1.0]
    return sorted(changed, key=lambda row: -abs(row.difference_cny))[:TOP]
