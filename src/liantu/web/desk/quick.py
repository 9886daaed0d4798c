"""What a person who sees no city comes to do: a card for each, with what stands open there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import ROLE_NAMES, Role
from liantu.web.accounts.permissions import Permission as P
from liantu.web.exchange import selectors as exchange
from liantu.web.exchange.models import Statement
from liantu.web.exchange.shown import Shown, shown
from liantu.web.kit.naming import chinese

LATEST = 5


@dataclass(frozen=True)
class Way:
    """One thing to do: `name` of the address with its query, picture in kit/icons.svg; `count` of what is
    open there."""

    label: Promise
    text: Promise
    name: str
    icon: str
    needs: P | None = None
    query: str = ""
    count: Callable[[User], int] | None = None


@dataclass(frozen=True)
class Card:
    """A way as the page shows it."""

    label: Promise
    text: Promise
    href: str
    icon: str
    count: int | None


def _open_statements(user: User) -> int:
    return int(exchange.own_statements(user).filter(status=Statement.Status.OPEN).count())


def _open_proposals(user: User) -> int:
    return int(exchange.proposals(user).filter(statement__status=Statement.Status.OPEN).count())


def _running_cases(user: User) -> int:
    return int(exchange.cases(user).filter(file__final=False).count())


WAYS = (
    Way(_("State a need"), _("What you would buy, how much a year, at what price at most."),
        "statements-new", "material", P.EXCHANGE_STATE, "?kind=need"),
    Way(_("State an offer"), _("What you make or have left over, and what you would take for it."),
        "statements-new", "send", P.EXCHANGE_STATE, "?kind=offer"),
    Way(_("My needs and offers"), _("Change or withdraw them; see what fits each."),
        "statements", "list", P.EXCHANGE_STATE, "?whose=mine", _open_statements),
    Way(_("Proposals for me"), _("Who in the city fits, at what price and freight."),
        "proposals", "match", P.EXCHANGE_STATE, "?status=open", _open_proposals),
    Way(_("My cases"), _("What was taken up: whose turn it is, and until when."),
        "exchange", "exchange", P.EXCHANGE_STATE, "", _running_cases),
    Way(_("People"), _("Who may log in, and in which role."), "people", "people", P.USERS_MANAGE),
    Way(_("Departments, parks, enterprises"), _("The places that people belong to."),
        "places", "building", P.USERS_MANAGE),
    Way(_("Working days"), _("What deadlines count by."), "calendar", "calendar", P.CALENDAR_EDIT),
    Way(_("Roles and access"), _("Who may do what; locked logins and second factors."),
        "security", "security", P.SECURITY_MANAGE),
    Way(_("All API tokens"), _("What programs may call, and when they last did."),
        "alltokens", "key", P.SECURITY_MANAGE),
    Way(_("Audit"), _("Who did what and when; whether the record is whole."), "audit", "audit", P.AUDIT_READ),
    Way(_("Account and security"), _("Your password, your second factor, where you are logged in."),
        "account", "user"),
)  # fmt: skip


def cards(user: User) -> tuple[Card, ...]:
    """What the person may do, in order; nothing for whoever sees the city, whose menu is enough."""
    if user.may(P.ATLAS_READ):
        return ()
    open_to = (way for way in WAYS if way.needs is None or user.may(way.needs))
    return tuple(
        Card(w.label, w.text, reverse(w.name) + w.query, w.icon, w.count(user) if w.count else None)
        for w in open_to
    )


def desk_of(user: User) -> dict[str, Any]:
    """What the first page adds for whoever sees no city; whether anything can be late for the person."""
    context: dict[str, Any] = {
        "cards": cards(user),
        "has_late": user.may(P.EXCHANGE_READ) or user.may(P.OPPORTUNITIES_READ),
        "role_names": _comma().join(
            str(ROLE_NAMES[Role(role)]) for role in sorted({m.role for m in user.roles})
        ),
    }
    if not user.may(P.ATLAS_READ):
        context["citizen"] = {m.role for m in user.roles} <= {Role.CITIZEN}
        if user.may(P.EXCHANGE_STATE):
            context["mine"] = latest(user)
    return context


def _comma() -> str:
    return "、" if chinese() else ", "


def latest(user: User) -> tuple[Shown, ...]:
    """The person's own last needs and offers."""
    rows = exchange.own_statements(user).select_related("enterprise", "created_by")
    return tuple(shown(s, user) for s in rows.order_by("-created_at", "-pk")[:LATEST])
