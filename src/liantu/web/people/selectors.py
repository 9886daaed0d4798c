"""Who is there, with what; and what the person's own account shows."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from liantu.web.accounts.models import Department, Enterprise, Membership, Park, User
from liantu.web.accounts.permissions import ROLE_NAMES
from liantu.web.audit.models import Event
from liantu.web.kit.pages import Columns, Filter

DOOR = ("account.login", "account.login_failed", "account.password_set", "account.second_factor_set")


def since_last_login(user: User) -> tuple[Event | None, int]:
    """The last login of a person, and how many were refused since."""
    at_door = Event.objects.filter(kind="user", object=user.username)
    last = at_door.filter(action="account.login").order_by("-seq").first()
    failures = at_door.filter(action="account.login_failed", seq__gt=last.seq if last else 0)
    return last, failures.count()


def last_logins(user: User) -> QuerySet[Event]:
    """What happened at the door under this login."""
    return Event.objects.filter(kind="user", object=user.username, action__in=DOOR).order_by("-seq")[:10]


def _of_role(rows: QuerySet[Any], role: str) -> QuerySet[Any]:
    held = Membership.objects.filter(user=OuterRef("pk"))
    return rows.filter(~Exists(held) if role == "none" else Exists(held.filter(role=role)))


PEOPLE = Columns(
    sorts={"name": ("name", "username"), "login": ("username",), "seen": ("last_login",)},
    default="name",
    search=("name", "username", "phone"),
    hint=_("name, login, phone"),
    filters=(
        Filter(
            "role",
            _("Role"),
            [*((r.value, n) for r, n in ROLE_NAMES.items()), ("none", _("no role"))],
            _of_role,
        ),
        Filter("active", _("Access"), [("1", _("open")), ("0", _("closed"))], "is_active"),
    ),
)
DEPARTMENTS = Columns(
    sorts={"tree": ("path",), "name": ("name_zh",)},
    default="tree",
    search=("code", "name_zh", "name_en"),
    hint=_("name, code"),
)
PLACES = Columns(
    sorts={"code": ("code",), "name": ("name_zh",)},
    default="name",
    search=("code", "name_zh", "name_en"),
    hint=_("name, code"),
)


def people() -> QuerySet[User]:
    """Everybody, with their roles and whether they have a second factor."""
    roles = Prefetch(
        "memberships", Membership.objects.select_related("department", "park", "enterprise").order_by("role")
    )
    factor = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    return User.objects.annotate(factor=Exists(factor)).prefetch_related(roles)


def kind_of_place(kind: str) -> type[Department] | type[Park] | type[Enterprise]:
    """The model behind a word of the address."""
    return {"departments": Department, "parks": Park, "enterprises": Enterprise}[kind]


def below(department: Department) -> QuerySet[Department]:
    """A department and all below it."""
    return Department.objects.filter(Q(path__startswith=department.path))
