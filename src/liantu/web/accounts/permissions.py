"""Roles, and what each may do. A permission says what; the scope of a membership says to which rows."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    """One thing that a person may be allowed to do: area.verb."""

    DESK_READ = "desk.read"
    ATLAS_READ = "atlas.read"
    DATASETS_READ = "datasets.read"
    DATASETS_EDIT = "datasets.edit"  # stage a package, edit fields
    DATASETS_COMMIT = "datasets.commit"  # make a version current, roll back
    RUNS_READ = "runs.read"
    RUNS_START = "runs.start"
    RUNS_PUBLISH = "runs.publish"  # choose the run that the atlas shows
    OPPORTUNITIES_READ = "opportunities.read"
    OPPORTUNITIES_EDIT = "opportunities.edit"
    EXCHANGE_READ = "exchange.read"
    EXCHANGE_STATE = "exchange.state"  # state needs and offers
    EXCHANGE_FOLLOW = "exchange.follow"  # take a match as a case, act in it
    CALENDAR_EDIT = "calendar.edit"  # which days are worked
    FIGURES_READ = "figures.read"
    FIGURES_ENTER = "figures.enter"
    FIGURES_CHECK = "figures.check"
    FIGURES_RELEASE = "figures.release"
    TOKENS_OWN = "tokens.own"  # make tokens of the programming interface for oneself
    USERS_MANAGE = "users.manage"  # the system admin: people, departments, parks, enterprises
    SECURITY_MANAGE = "security.manage"  # the security admin: roles, lockouts, second factors, policy
    AUDIT_READ = "audit.read"  # the auditor
    GALLERY_READ = "gallery.read"


class Role(StrEnum):
    """What a person is in the city's industry."""

    LEADER = "leader"
    TASK_FORCE = "task_force"
    INVESTMENT = "investment"
    PARK = "park"
    AGENT = "agent"
    DEPARTMENT = "department"
    ENTERPRISE = "enterprise"
    CITIZEN = "citizen"
    SUPERVISOR = "supervisor"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDITOR = "auditor"


ROLE_NAMES: Mapping[Role, Any] = {
    Role.LEADER: _("Leader"),
    Role.TASK_FORCE: _("Chain task force"),
    Role.INVESTMENT: _("Investment officer"),
    Role.PARK: _("Park officer"),
    Role.AGENT: _("Agent"),
    Role.DEPARTMENT: _("Department handler"),
    Role.ENTERPRISE: _("Enterprise user"),
    Role.CITIZEN: _("Citizen"),
    Role.SUPERVISOR: _("Supervisor"),
    Role.SYSTEM_ADMIN: _("System admin"),
    Role.SECURITY_ADMIN: _("Security admin"),
    Role.AUDITOR: _("Auditor"),
}


class Reach(StrEnum):
    """Whose rows a role touches."""

    CITY = "city"
    DEPARTMENT = "department"  # the membership's department and all below it
    PARK = "park"
    ENTERPRISE = "enterprise"
    OWN = "own"  # what the person made


P = Permission
_CITY_READER = frozenset(
    {P.DESK_READ, P.ATLAS_READ, P.RUNS_READ, P.DATASETS_READ, P.OPPORTUNITIES_READ, P.EXCHANGE_READ}
    | {P.FIGURES_READ, P.TOKENS_OWN}
)

GRANTS: Mapping[Role, frozenset[Permission]] = {
    Role.LEADER: _CITY_READER,
    Role.TASK_FORCE: _CITY_READER
    | {P.DATASETS_EDIT, P.DATASETS_COMMIT, P.RUNS_START, P.RUNS_PUBLISH, P.OPPORTUNITIES_EDIT}
    | {P.EXCHANGE_STATE, P.EXCHANGE_FOLLOW, P.CALENDAR_EDIT}
    | {P.FIGURES_ENTER, P.FIGURES_CHECK, P.FIGURES_RELEASE},
    Role.INVESTMENT: _CITY_READER | {P.RUNS_START, P.OPPORTUNITIES_EDIT, P.FIGURES_ENTER},
    Role.PARK: _CITY_READER | {P.DATASETS_EDIT, P.RUNS_START, P.EXCHANGE_FOLLOW, P.FIGURES_ENTER},
    Role.AGENT: frozenset({P.DESK_READ, P.ATLAS_READ, P.OPPORTUNITIES_READ, P.EXCHANGE_READ}),
    Role.DEPARTMENT: _CITY_READER | {P.DATASETS_EDIT, P.EXCHANGE_FOLLOW, P.FIGURES_ENTER, P.FIGURES_CHECK},
    Role.ENTERPRISE: frozenset({P.DESK_READ, P.EXCHANGE_READ, P.EXCHANGE_STATE, P.TOKENS_OWN}),
    Role.CITIZEN: frozenset({P.DESK_READ}),
    Role.SUPERVISOR: _CITY_READER,
    Role.SYSTEM_ADMIN: frozenset({P.DESK_READ, P.USERS_MANAGE, P.CALENDAR_EDIT, P.GALLERY_READ}),
    Role.SECURITY_ADMIN: frozenset({P.DESK_READ, P.SECURITY_MANAGE}),
    Role.AUDITOR: frozenset({P.DESK_READ, P.AUDIT_READ}),
}

REACH: Mapping[Role, Reach] = {
    Role.LEADER: Reach.CITY,
    Role.TASK_FORCE: Reach.CITY,
    Role.INVESTMENT: Reach.CITY,
    Role.PARK: Reach.PARK,
    Role.AGENT: Reach.DEPARTMENT,
    Role.DEPARTMENT: Reach.DEPARTMENT,
    Role.ENTERPRISE: Reach.ENTERPRISE,
    Role.CITIZEN: Reach.OWN,
    Role.SUPERVISOR: Reach.CITY,
    Role.SYSTEM_ADMIN: Reach.CITY,
    Role.SECURITY_ADMIN: Reach.CITY,
    Role.AUDITOR: Reach.CITY,
}

ADMIN_DUTIES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
"""Three people: nobody may hold two of them, or one beside any other role."""
STAFF = frozenset(Role) - {Role.ENTERPRISE, Role.CITIZEN}
"""Who logs in with a second factor."""
