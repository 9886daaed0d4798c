"""Which opportunities a person sees, and which gaps were sent already."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liantu.report.listing import Column, Fact, Listing, Report
from liantu.web.accounts.models import Department, User
from liantu.web.accounts.permissions import GRANTS, Permission
from liantu.web.accounts.scope import ScopedQuerySet
from liantu.web.atlas.models import Opportunity, Run
from liantu.web.atlas.opportunities.proposal import basis_of
from liantu.web.kit.pages import Columns, Filter
from liantu.web.kit.templatetags.components import day

CLOSED = (Opportunity.State.HANDED_OVER, Opportunity.State.DROPPED)


def _of_owner(rows: Any, value: str) -> Any:
    return rows.filter(owner=None) if value == "none" else rows.filter(owner_id=int(value))


def _owners() -> list[tuple[str, Any]]:
    """Who owns one now, and nobody."""
    rows = Opportunity.objects.unscoped(because="names of owners, for a filter of rows in scope")
    held = rows.exclude(owner=None).order_by().values_list("owner_id", flat=True).distinct()
    people = User.objects.filter(pk__in=held).order_by("name", "username")
    return [("none", gettext_lazy("Nobody yet")), *((str(u.pk), str(u)) for u in people)]


def _departments() -> list[tuple[str, Any]]:
    return [(d.code, str(d)) for d in Department.objects.all()]


def _late(rows: Any, value: str) -> Any:
    late = Q(due_on__lt=timezone.localdate()) & ~Q(state__in=CLOSED)
    return rows.filter(late) if value == "1" else rows.exclude(late)


OPPORTUNITIES = Columns(
    sorts={
        "title": ("title_zh",),
        "worth": ("worth",),
        "capital": ("capital",),
        "payback": ("payback_years",),
        "state": ("state",),
        "due": ("due_on",),
        "sent": ("created_at",),
    },
    default="-worth",
    search=("title_zh", "title_en", "subject", "note"),
    filters=(
        Filter("state", gettext_lazy("State"), Opportunity.State.choices),
        Filter("kind", gettext_lazy("Kind"), Opportunity.Kind.choices),
        Filter("owner", gettext_lazy("Owner"), _owners, _of_owner),
        Filter("department", gettext_lazy("Department"), _departments, "department__code"),
        Filter("late", gettext_lazy("Due"), (("1", gettext_lazy("late")),), _late),
    ),
    hint=gettext_lazy("plant, material, note"),
)


def visible(user: User, permission: Permission = Permission.OPPORTUNITIES_READ) -> ScopedQuerySet:
    """What a person may read, or edit: what their roles reach, what they own, what they sent."""
    own = Q(owner=user) | Q(created_by=user) if user.may(permission) else Q(pk__in=())
    return Opportunity.objects.visible_to(user, permission, also=own).select_related("owner", "department")


def sent(plan: Run | None) -> dict[str, Opportunity]:
    """The opportunities of a plan's data by subject; for the marks on the gap pages."""
    if plan is None:
        return {}
    rows = Opportunity.objects.unscoped(because="whoever sees a gap sees whether it was sent")
    found = rows.filter(basis=basis_of(plan)).only("pk", "subject", "state", "version")
    return {o.subject: o for o in found}


def possible_owners(user: User) -> Any:
    """Who can own one: those whose role lets them work on it."""
    roles = [role.value for role, granted in GRANTS.items() if Permission.OPPORTUNITIES_EDIT in granted]
    agents = [role.value for role, granted in GRANTS.items() if Permission.OPPORTUNITIES_READ in granted]
    wanted = Q(memberships__role__in=roles) | Q(
        memberships__role__in=agents, memberships__department__isnull=False
    )
    return User.objects.filter(wanted, is_active=True).distinct().order_by("name", "username")


def late_for(user: User) -> ScopedQuerySet:
    """What the person owns that is past its day."""
    found = visible(user).filter(owner=user, due_on__lt=timezone.localdate())
    return found.exclude(state__in=CLOSED)


def waiting_for(user: User) -> ScopedQuerySet:
    """What the person owns and is not ended."""
    return visible(user).filter(owner=user).exclude(state__in=CLOSED)


def report(rows: Any) -> Report:
    """The list as a workbook."""
    columns = (
        Column(_("Opportunity")),
        Column(_("Kind")),
        Column(_("State")),
        Column(_("Worth"), "money", "CNY/y"),
        Column(_("Capital"), "money", "CNY"),
        Column(_("Paid back in"), "number", "y"),
        Column(_("What is built")),
        Column(_("Department")),
        Column(_("Owner")),
        Column(_("Due")),
        Column(_("Note")),
        Column(_("Reason")),
        Column(_("Proof")),
        Column(_("Run")),
    )
    listed = [
        (
            str(o), str(o.get_kind_display()), str(o.get_state_display()), o.worth, o.capital,
            o.payback_years,
            "; ".join(f"{m['name_zh']} {m['scale']:g} {m['unit']}/y" for m in o.members),
            str(o.department or ""), str(o.owner or ""), day(o.due_on) if o.due_on else "", o.note, o.reason,
            o.proof, str(o.run_id),
        )
        for o in rows.iterator(chunk_size=2000)
    ]  # fmt: skip
    title = _("Opportunities")
    return Report(title, (Fact(_("Written on"), day(timezone.now())),), (Listing(title, columns, listed),))
