"""Reading statements, proposals and cases, each in the scope of the person who asks."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from liantu.chain.match_query import family
from liantu.chain.network import Network
from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import Permission, Reach
from liantu.web.casefile import flows, people
from liantu.web.casefile import selectors as casefile
from liantu.web.casefile.models import CaseFile, CaseParty
from liantu.web.casefile.pages import named
from liantu.web.exchange.discreet import sees_worths
from liantu.web.exchange.models import ExchangeCase, Proposal, Statement
from liantu.web.exchange.shown import hidden, visible_price
from liantu.web.jobs.models import Job
from liantu.web.kit.naming import chinese
from liantu.web.kit.pages import Columns, Filter

READ = Permission.EXCHANGE_READ
FLOW = "exchange"
S = Statement.Status


def every_statement() -> Any:
    """All of them: matching acts for nobody."""
    return Statement.objects.unscoped(because="matching acts for nobody; what is seen of it, `shown` says")


def open_statements() -> Any:
    return every_statement().filter(status=S.OPEN)


def counterparts(asked: Statement, network: Network) -> list[Statement]:
    """Open statements of the other kind and of other enterprises, of the material or one that stands in."""
    i = network.materials.index.get(asked.material)
    if i is None:
        return []
    kin = [network.materials.id[s.material] for s in family(network, i)]
    other = Statement.Kind.OFFER if asked.is_need else Statement.Kind.NEED
    rows = open_statements().filter(kind=other, material__in=kin).exclude(pk=asked.pk)
    rows = rows.exclude(valid_until__lt=timezone.localdate())
    if asked.enterprise_id:
        rows = rows.exclude(enterprise=asked.enterprise_id)
    return list(rows.select_related("proposal").order_by("pk"))


def statements(user: User) -> Any:
    """Those of the person's scope, and of the others what is open: what is hidden in these, `shown` says."""
    rows = Statement.objects.visible_to(user, READ, also=Q(status=S.OPEN))
    return rows.select_related("enterprise", "created_by")


def own_statements(user: User) -> Any:
    """Those that the person may change or withdraw."""
    return Statement.objects.visible_to(user, Permission.EXCHANGE_STATE).select_related("enterprise")


def listed_statements(user: User) -> Any:
    """With the columns that a list may search and sort by: empty where they are hidden from the person."""
    name = Case(
        When(hidden("hide_name", user), then=Value("")),
        default=Concat("enterprise__name_zh", Value(" "), "enterprise__name_en"),
        output_field=CharField(),
    )
    return statements(user).annotate(seen_price=visible_price(user), seen_name=name)


def statement_columns(user: User) -> Columns:
    """What the list of statements can be asked."""
    return Columns(
        sorts={
            "new": ("created_at",),
            "material": ("material_zh" if chinese() else "material_en",),
            "quantity": ("per_year",),
            "price": ("seen_price",),
            "from": ("valid_from",),
        },
        default="-new",
        search=("material", "material_zh", "material_en", "seen_name"),
        filters=(
            Filter("kind", _("Need or offer"), Statement.Kind.choices),
            Filter("material", _("Material"), lambda: materials_of(statements(user))),
            Filter("status", _("State"), S.choices),
            Filter("whose", _("Whose"), (("mine", _("mine")),), lambda rows, value: rows.filter(_mine(user))),
        ),
        hint=_("material, enterprise"),
    )


def _mine(user: User) -> Q:
    firms = [m.enterprise_id for m in user.roles if m.reach is Reach.ENTERPRISE and m.enterprise_id]
    return Q(enterprise__in=firms) | Q(created_by=user)


def materials_of(rows: QuerySet[Any]) -> list[tuple[str, str]]:
    """The materials of these rows, by name."""
    found = rows.order_by().values_list("material", "material_zh", "material_en").distinct()
    names = {key: (zh if chinese() else en) or zh or key for key, zh, en in found}
    return sorted(names.items(), key=lambda pair: pair[1])


def proposals(user: User) -> Any:
    """The latest proposal of each statement in the person's scope."""
    rows = Proposal.objects.visible_to(user, READ).filter(pk=F("statement__proposal"))
    return rows.select_related("statement__enterprise", "statement__created_by")


def matching(statement: Statement) -> Job | None:
    """The job that still has to match a statement that was fetched in scope."""
    rows = Job.objects.unscoped(because="of a statement that was fetched in scope")
    waits = rows.filter(status__in=(Job.Status.QUEUED, Job.Status.RUNNING), kind="exchange.match")
    found: Job | None = waits.filter(params__statement=str(statement.pk)).first()
    return found


def proposals_of(statement: Statement) -> Any:
    """All of a statement that was fetched in scope, without their contents."""
    rows = Proposal.objects.unscoped(because="of a statement that was fetched in scope")
    return rows.filter(statement=statement).defer("content").order_by("-number")


def proposal_columns(user: User) -> Columns:
    """What the list of proposals can be asked."""
    return Columns(
        sorts={
            "new": ("made_at",),
            "material": ("statement__material_zh" if chinese() else "statement__material_en",),
            "options": ("options",),
            **({"saving": ("best_saving",)} if sees_worths(user) else {}),
            "quantity": ("statement__per_year",),
        },
        default="-new",
        search=("statement__material", "statement__material_zh", "statement__material_en",
                "statement__enterprise__name_zh", "statement__enterprise__name_en"),
        filters=(
            Filter("kind", _("Need or offer"), Statement.Kind.choices, "statement__kind"),
            Filter("material", _("Material"), lambda: materials_of(Statement.objects.visible_to(user, READ)),
                   "statement__material"),
            Filter("status", _("State"), S.choices, "statement__status"),
            Filter("because", _("Why"), Proposal.Because.choices),
        ),
        hint=_("material, enterprise"),
    )  # fmt: skip


def cases(user: User) -> Any:
    """The cases that the person may see: in their scope, of their enterprise or park, or their own."""
    files = casefile.visible(user, READ).filter(flow=FLOW).values("pk")
    rows = ExchangeCase.objects.visible_to(user, READ, also=Q(file__in=files))
    return rows.select_related(
        "file__edition", "file__owner", "need__enterprise", "need__created_by", "offer__enterprise",
        "offer__created_by", "proposal",
    )  # fmt: skip


def cases_of(statement: Statement, user: User) -> Any:
    """The cases that follow a statement up."""
    return cases(user).filter(Q(need=statement) | Q(offer=statement))


def with_history(rows: Any) -> Any:
    """With all that a case's page or row is derived from, in a constant number of queries."""
    return rows.prefetch_related(
        "file__parties", "file__events__by", "file__events__owner", "file__attachments", "file__escalations",
        "results__by",
    )  # fmt: skip


def case_columns(user: User) -> Columns:
    """What the list of cases can be asked."""
    flow = flows.latest(FLOW)
    return Columns(
        sorts={
            "opened": ("file__opened_at",),
            "due": ("file__due_at",),
            "moved": ("file__moved_at",),
            "material": ("material_zh" if chinese() else "material_en",),
            "state": ("file__state",),
        },
        default="-opened",
        search=("material", "material_zh", "material_en", "file__owner__name", "file__owner__username"),
        filters=(
            Filter("material", _("Material"), lambda: materials_of(cases(user).select_related(None))),
            Filter("state", _("State"), [(s, named(x.names)) for s, x in flow.states.items()], "file__state"),
            Filter("time", _("Time"), (("late", _("late")), ("running", _("running"))), _by_time),
            Filter("whose", _("Whose"), (("mine", _("mine")), ("waiting", _("waits for me"))),
                   lambda rows, value: rows.filter(file__in=_whose(user, value))),
        ),
        hint=_("material, owner"),
    )  # fmt: skip


def _by_time(rows: Any, value: str) -> Any:
    if value == "running":
        return rows.filter(file__final=False)
    return rows.filter(file__in=_files().filter(casefile.late()).values("pk"))


def _whose(user: User, value: str) -> Any:
    if value == "waiting":
        return _files().filter(casefile.waiting(user)).values("pk")
    firms = [m.enterprise_id for m in user.roles if m.reach is Reach.ENTERPRISE and m.enterprise_id]
    parties = CaseParty.objects.filter(enterprise__in=firms).values("case")
    return _files().filter(Q(owner=user) | Q(pk__in=parties)).values("pk")


def _files() -> Any:
    return CaseFile.objects.unscoped(because="a condition on cases that are fetched in scope")


def waiting_for(user: User) -> Any:
    """Cases of which a step is owed by the person, the most urgent first."""
    return cases(user).filter(file__in=_whose(user, "waiting")).order_by("file__due_at", "file_id")


def late_for(user: User) -> Any:
    """Late cases that concern the person: they own it, owe a step, were told of it, or watch over it."""
    rows = _files().filter(casefile.late())
    watches = people.city_parties(user) & {"leader", "supervisor", "task_force_lead"}
    if not watches:
        rows = rows.filter(Q(owner=user) | casefile.waiting(user) | casefile.told(user))
    return cases(user).filter(file__in=rows.values("pk")).order_by("file__late_at", "file_id")
