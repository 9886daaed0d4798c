"""Chosen indicators: a person's own, those of a role, and what each says now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from liantu.ledger.catalogue import Catalogue
from liantu.ledger.derive import growth_on_year
from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import Role
from liantu.web.audit.actions import record
from liantu.web.figures import catalogue, selectors
from liantu.web.figures.models import Dashboard
from liantu.web.figures.rows import observation_of
from liantu.web.figures.shown import Shown, indicator_name, shown, subject_name
from liantu.web.kit.naming import Named

Series = tuple[str, str]
MOST = 24
DEFAULT = (
    "gdp", "industrial_value_added", "fixed_asset_investment", "fiscal_revenue", "retail_sales", "exports",
    "urban_income", "chain_output",
)  # fmt: skip
"""Indicators that are shown where nobody chose."""
FEW = 4
"""Where the city has fewer of them, the series with most figures stand beside."""


@dataclass(frozen=True)
class Tile:
    """A chosen series: its latest level, the growth that was published or follows, its target."""

    subject: Named
    indicator: Named
    latest: Shown | None
    growth: Shown | None
    derived: float | None
    target: Shown | None
    findings: int


def chosen(user: User) -> tuple[list[Series], str]:
    """The series of a person: their own, else their role's, else those that are known; and which it was."""
    rows = Dashboard.objects.unscoped(because="the person's own, or their role's")
    own = rows.filter(owner=user).first()
    if own is not None:
        return _pairs(own.series), "own"
    roles = [m.role for m in user.roles]
    board = rows.filter(owner=None, role__in=roles).order_by("role").first()
    if board is not None:
        return _pairs(board.series), "role"
    return _usual(user), "default"


def _pairs(series: Any) -> list[Series]:
    return [(subject, indicator) for subject, indicator in series][:MOST]


def _usual(user: User) -> list[Series]:
    """The first city's headline figures, as far as there are any."""
    known = catalogue.current()
    city = next((s.id for s in known.subjects.values() if s.kind == "city"), None)
    if city is None:
        return []
    rows = selectors.visible(user).filter(measure="level", standing__in_force=True).order_by()
    mine = rows.filter(subject=city, indicator__in=DEFAULT).values_list("indicator", flat=True)
    there = set(mine.distinct())
    headline = [(city, i) for i in DEFAULT if i in there]
    if len(headline) >= FEW:
        return headline
    others = rows.filter(subject__in=list(known.subjects), indicator__in=list(known.indicators))
    counted = others.values("subject", "indicator").annotate(n=Count("pk"))
    most = counted.order_by("-n", "subject", "indicator")[: 4 * FEW]
    more = [one for r in most if known.series(*(one := (r["subject"], r["indicator"])))[0] == one]
    return list(dict.fromkeys([*headline, *more]))[: 2 * FEW]


def tiles(user: User, series: Sequence[Series]) -> list[Tile]:
    """What each series says now, in a constant number of queries."""
    known = catalogue.current()
    wanted = Q(pk__in=())
    for subject, indicator in series:
        wanted |= Q(subject=subject, indicator=indicator)
    rows = list(
        selectors.listed(user).filter(wanted, standing__in_force=True, end__isnull=False)
        .select_related("entered_by").order_by("-end", "-number")[:4000]
    ) if series else []  # fmt: skip
    found: dict[Series, list[Any]] = {}
    for row in rows:
        found.setdefault((row.subject, row.indicator), []).append(row)
    warned = _warned(user, [r.pk for r in rows])
    return [_tile(one, found.get(one, []), known, warned) for one in series]


def _warned(user: User, keys: list[Any]) -> dict[Any, int]:
    """Open findings of each figure."""
    from liantu.web.figures.models import FindingRow

    counts: dict[Any, int] = {}
    open_ones = selectors.open_findings(user).values("pk")
    for i in range(0, len(keys), 500):
        rows = FindingRow.objects.filter(observation__in=keys[i : i + 500], finding__in=open_ones)
        for key in rows.values_list("observation", flat=True):
            counts[key] = counts.get(key, 0) + 1
    return counts


def _tile(series: Series, rows: list[Any], known: Catalogue, warned: dict[Any, int]) -> Tile:
    levels = [r for r in rows if r.measure == "level" and r.status == "actual"]
    latest = latest_of(levels)
    same = [r for r in rows if latest is not None and (r.start, r.end) == (latest.start, latest.end)]
    rates = [r for r in same if r.measure == "rate" and r.basis == "on_year" and r.status == "actual"]
    targets = [r for r in same if r.status == "target" and r.measure == "level"]
    derived = None
    if latest is not None and not rates:
        for d in growth_on_year([observation_of(r) for r in levels], known):
            if d.rows[1].id == str(latest.pk):
                derived = d.middle
    first = [latest] if latest is not None else []
    used = {r.pk for r in [*first, *rates, *targets]}
    return Tile(
        subject_name(series[0], known), indicator_name(series[1], known),
        shown(latest, known) if latest is not None else None,
        shown(rates[0], known) if rates else None, derived,
        shown(targets[0], known) if targets else None, sum(warned.get(pk, 0) for pk in used),
    )  # fmt: skip


def latest_of(levels: Sequence[Any]) -> Any:
    """The latest level; what stands for several years only where nothing else is there."""
    usual = [r for r in levels if r.end.year - r.start.year < 1 or r.point]
    return max(usual or levels, key=lambda r: (r.end, r.start, r.standing.official, r.number), default=None)


def choose(series: Sequence[Series], *, by: User, role: str = "") -> None:
    """Keep what a person chose for themselves, or for a role; none: what others see again."""
    pairs = [list(one) for one in dict.fromkeys(series)][:MOST]
    with transaction.atomic():
        rows = Dashboard.objects.unscoped(because="the person's own, or a role's")
        mine = rows.filter(owner=None, role=role) if role else rows.filter(owner=by)
        if not pairs:
            mine.delete()
        elif not mine.update(series=pairs, changed_by=by, changed_at=timezone.now()):
            rows.create(
                owner=None if role else by, role=role, series=pairs, changed_by=by, changed_at=timezone.now()
            )
        record("figures.dashboard", by=by, detail={"role": role, "rows": len(pairs)})


def roles_with_figures() -> list[tuple[str, str]]:
    """Roles that may read figures."""
    from liantu.web.accounts.permissions import GRANTS, ROLE_NAMES

    return [(r.value, str(ROLE_NAMES[r])) for r in Role if selectors.READ in GRANTS[r]]


def desk_tiles(user: User) -> list[Tile]:
    """The first few for the overview; none for whoever may not read figures."""
    if not user.may(selectors.READ):
        return []
    return [t for t in tiles(user, chosen(user)[0][:8]) if t.latest is not None][:4]
