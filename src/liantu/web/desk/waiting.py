"""What waits for a person, and what is late: each a number that leads to the list it counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from liantu.web.accounts.lockout import locked_logins
from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import STAFF, Permission, Reach
from liantu.web.atlas.datasets import selectors as datasets
from liantu.web.atlas.datasets import stale
from liantu.web.atlas.models import EditDraft, Run, StagedUpload
from liantu.web.atlas.opportunities import selectors as opportunities
from liantu.web.atlas.runs import selectors as runs
from liantu.web.audit.models import Event
from liantu.web.exchange import selectors as exchange
from liantu.web.exchange.models import ExchangeCase, Statement
from liantu.web.jobs.models import Job
from liantu.web.kit.naming import chinese

RECENT = timedelta(days=7)
SHOWN = 6
CITYWIDE = (Reach.CITY,)


@dataclass(frozen=True)
class Item:
    """A count with the list that it counts; bad: something went wrong or is late."""

    label: str
    count: int
    href: str
    bad: bool = False


@dataclass(frozen=True)
class Late:
    """One thing that is late: since when, and where it is."""

    name: str
    kind: str
    since: datetime | Any
    owner: str
    href: str


Source = Callable[[User], Iterator[Item]]


def items(user: User) -> tuple[Item, ...]:
    """What the person has to see to; what is nothing is left out."""
    found = [item for permission, source in SOURCES if user.may(permission) for item in source(user)]
    return tuple(item for item in found if item.count)


def late(user: User) -> tuple[Late, ...]:
    """The latest of what concerns the person, longest overdue first."""
    found: list[Late] = []
    if user.may(Permission.EXCHANGE_READ):
        rows = exchange.late_for(user).filter(file__late_at__isnull=False)[:SHOWN]
        found += [_late_case(case) for case in rows]
    if user.may(Permission.OPPORTUNITIES_READ):
        rows = opportunities.visible(user).filter(due_on__lt=timezone.localdate())
        rows = rows.exclude(state__in=opportunities.CLOSED).order_by("due_on", "pk")[:SHOWN]
        found += [_late_opportunity(row) for row in rows]
    return tuple(sorted(found, key=lambda one: one.since.isoformat()[:10])[:SHOWN])


def recent_runs(user: User) -> tuple[Run, ...]:
    """The last runs that the person may open."""
    return tuple(runs.visible(user).order_by("-created_at")[:SHOWN])


def _late_case(case: ExchangeCase) -> Late:
    name = str(case.material_zh if chinese() else case.material_en or case.material_zh)
    owner = str(case.file.owner or "")
    href = reverse("exchange-case", args=[case.pk])
    return Late(name, _("Case of the exchange"), timezone.localtime(case.file.late_at), owner, href)


def _late_opportunity(row: Any) -> Late:
    href = reverse("opportunities-one", args=[row.pk])
    return Late(str(row), _("Opportunity"), row.due_on, str(row.owner or ""), href)


def _midnight(day: date) -> datetime:
    """When a day begins here."""
    return timezone.make_aware(datetime(day.year, day.month, day.day))


def _to(name: str, **query: object) -> str:
    address = reverse(name)
    return f"{address}?{urlencode(query)}" if query else address


def _exchange(user: User) -> Iterator[Item]:
    yield Item(
        _("Cases that wait for me"), exchange.waiting_for(user).count(), _to("exchange", whose="waiting")
    )
    yield Item(_("Cases that are late"), exchange.late_for(user).count(), _to("exchange", time="late"), True)


def _stated(user: User) -> Iterator[Item]:
    own = exchange.own_statements(user).filter(status=Statement.Status.OPEN)
    yield Item(_("Needs and offers of mine that are open"), own.count(), _to("statements"))


def _opportunities(user: User) -> Iterator[Item]:
    yield Item(
        _("Opportunities that I own"),
        opportunities.waiting_for(user).count(),
        _to("opportunities", owner=user.pk),
    )
    if user.may(Permission.OPPORTUNITIES_EDIT):
        new = opportunities.visible(user).filter(owner=None).exclude(state__in=opportunities.CLOSED)
        yield Item(_("Opportunities without an owner"), new.count(), _to("opportunities", owner="none"))


def _stale(user: User) -> Iterator[Item]:
    """The figures that are late and that the person's places owe; all of them for who acts for the city."""
    dataset = datasets.shown_dataset()
    if dataset is None:
        return
    figures = [d for d in stale.due_figures(dataset) if d.late >= 0]
    granting = list(user.granting(Permission.DATASETS_EDIT))
    if not any(m.reach in CITYWIDE for m in granting):
        owned = {str(m.place) for m in granting if m.place}
        figures = [d for d in figures if d.field.owner and str(d.field.owner) in owned]
    yield Item(_("Figures to confirm that are late"), len(figures), _to("datasets-stale"), True)


def _uploads(user: User) -> Iterator[Item]:
    rows = datasets.uploads_of(user)
    ready = rows.filter(status=StagedUpload.Status.READY).count()
    refused = rows.filter(status=StagedUpload.Status.REFUSED, created_by=user).count()
    yield Item(_("Uploads that are ready to commit"), ready, _to("datasets"))
    yield Item(_("Uploads of mine that have errors"), refused, _to("datasets"), True)


def _drafts(user: User) -> Iterator[Item]:
    waiting = datasets.drafts_of(user).filter(status=EditDraft.Status.HANDED_IN)
    yield Item(_("Edits handed in, to be committed"), waiting.count(), _to("datasets"))


def _runs(user: User) -> Iterator[Item]:
    since = timezone.localdate() - RECENT
    mine = Job.objects.unscoped(because="a person's own runs").filter(created_by=user)
    mine = mine.filter(run__kind__in=(Run.Kind.PLAN, Run.Kind.PORTFOLIO))  # the list shows gaps with a plan
    active = mine.filter(status__in=(Job.Status.QUEUED, Job.Status.RUNNING))
    failed = mine.filter(status=Job.Status.FAILED, run__created_at__gte=_midnight(since))
    yield Item(_("Runs of mine at work"), active.count(), _to("runs", whose="mine", status="active"))
    asked = {"whose": "mine", "status": "failed", "from": since.isoformat()}
    yield Item(_("Runs of mine that failed this week"), failed.count(), _to("runs", **asked), True)


def _people(user: User) -> Iterator[Item]:
    without = User.objects.filter(is_active=True, memberships=None).count()
    yield Item(_("People without a role"), without, _to("people"), True)
    yield Item(_("People who may log in"), User.objects.filter(is_active=True).count(), _to("people"))


def _security(user: User) -> Iterator[Item]:
    yield Item(_("Logins locked now"), len(locked_logins()), _to("security"), True)
    staff = User.objects.filter(is_active=True, memberships__role__in=[r.value for r in STAFF]).distinct()
    bare = staff.exclude(authenticator__type="totp").count()
    yield Item(_("Staff without a second factor"), bare, _to("security"), True)


def _audit(user: User) -> Iterator[Item]:
    today = timezone.localdate()
    rows = Event.objects.filter(at__gte=_midnight(today))
    yield Item(_("Events today"), rows.count(), _to("audit", **{"from": today.isoformat()}))


SOURCES: tuple[tuple[Permission, Source], ...] = (
    (Permission.EXCHANGE_READ, _exchange),
    (Permission.EXCHANGE_STATE, _stated),
    (Permission.OPPORTUNITIES_READ, _opportunities),
    (Permission.DATASETS_COMMIT, _drafts),
    (Permission.DATASETS_EDIT, _uploads),
    (Permission.DATASETS_EDIT, _stale),
    (Permission.RUNS_START, _runs),
    (Permission.USERS_MANAGE, _people),
    (Permission.SECURITY_MANAGE, _security),
    (Permission.AUDIT_READ, _audit),
)
"""Who has to see to what: adding a source adds its numbers to the desk."""
