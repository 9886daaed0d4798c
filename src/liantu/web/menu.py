"""The main menu: what a person may open, grouped by what they come to do.

To add a page: one line in its group, with the name of its address. The part of an address's name before a
dash is the part of the menu it belongs to: `plants-one` lights up `plants`.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import Permission as P

Entry = tuple[str, Promise, P, str]
"""Name of the address, label, permission, picture in kit/icons.svg."""

GROUPS: tuple[tuple[Promise | str, tuple[Entry, ...]], ...] = (
    ("", (("desk", _("Overview"), P.DESK_READ, "home"),)),
    (
        _("Atlas"),
        (
            ("map", _("Chain map"), P.ATLAS_READ, "map"),
            ("chains", _("Chains"), P.ATLAS_READ, "list"),
            ("plants", _("Plants"), P.ATLAS_READ, "plant"),
            ("materials", _("Materials"), P.ATLAS_READ, "material"),
            ("circular", _("Circular accounts"), P.ATLAS_READ, "loop"),
            ("history", _("The atlas as it was"), P.ATLAS_READ, "calendar"),
        ),
    ),
    (
        _("Plans and gaps"),
        (
            ("plan", _("Plan"), P.ATLAS_READ, "plan"),
            ("runs", _("Scenarios"), P.RUNS_READ, "list"),
            ("gaps", _("Missing links"), P.ATLAS_READ, "gap"),
            ("opportunities", _("Opportunities"), P.OPPORTUNITIES_READ, "opportunity"),
        ),
    ),
    (
        _("Exchange"),
        (
            ("statements", _("Needs and offers"), P.EXCHANGE_READ, "send"),
            ("proposals", _("Proposals"), P.EXCHANGE_READ, "list"),
            ("exchange", _("Cases"), P.EXCHANGE_READ, "exchange"),
            ("match", _("Match"), P.ATLAS_READ, "match"),
        ),
    ),
    (
        _("Ledger of figures"),
        (
            ("board", _("Chosen figures"), P.FIGURES_READ, "home"),
            ("figures", _("All figures"), P.FIGURES_READ, "list"),
            ("series", _("Over time"), P.FIGURES_READ, "calendar"),
            ("reader", _("Reader"), P.FIGURES_READ, "material"),
            ("checks", _("Checks"), P.FIGURES_READ, "gap"),
            ("imports", _("Import a table"), P.FIGURES_ENTER, "data"),
            ("briefings", _("Briefings"), P.FIGURES_READ, "send"),
        ),
    ),
    (_("Data"), (("datasets", _("City data"), P.DATASETS_READ, "data"),)),
    (
        _("Administration"),
        (
            ("people", _("People"), P.USERS_MANAGE, "people"),
            ("places", _("Departments, parks, enterprises"), P.USERS_MANAGE, "building"),
            ("security", _("Roles and access"), P.SECURITY_MANAGE, "security"),
            ("alltokens", _("All API tokens"), P.SECURITY_MANAGE, "key"),
            ("audit", _("Audit"), P.AUDIT_READ, "audit"),
            ("calendar", _("Working days"), P.CALENDAR_EDIT, "calendar"),
            ("parties", _("Heads"), P.SECURITY_MANAGE, "flag"),
            ("gallery", _("Components"), P.GALLERY_READ, "gallery"),
        ),
    ),
)

ACCOUNT: tuple[tuple[str, Promise, P | None], ...] = (
    ("account", _("Account and security"), None),
    ("tokens", _("API tokens"), P.TOKENS_OWN),
    ("api-reference", _("Reference of the interface"), P.TOKENS_OWN),
)
"""What stands in the person's own menu: name of the address, label, permission (None: everybody's)."""


@dataclass(frozen=True)
class Link:
    """An entry as the page shows it."""

    name: str
    label: Promise
    icon: str

    @property
    def href(self) -> str:
        """Its address in the language of the page."""
        return reverse(self.name)


@dataclass(frozen=True)
class Group:
    """Entries under one heading; the first group has none."""

    label: Promise | str
    entries: tuple[Link, ...]


def menu(request: HttpRequest) -> dict[str, object]:
    """The entries that the person may open; none before the login."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"menu": ()}
    groups = []
    for label, entries in GROUPS:
        links = tuple(Link(name, text, icon) for name, text, needs, icon in entries if user.may(needs))
        if links:
            groups.append(Group(label, links))
    own = [(reverse(name), text) for name, text, needs in ACCOUNT if needs is None or user.may(needs)]
    return {"menu": tuple(groups), "account_links": own, "reads_atlas": user.may(P.ATLAS_READ)}
