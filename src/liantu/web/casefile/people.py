"""Who somebody is to a case: the parties of its flow, made of roles, memberships and the case's own parties.

A flow's party is held city-wide through a role, through a role of a park that is a party of the case
(`LOCAL`), through `PartyHolder`, or because the person's enterprise is a party of the case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from django.db.models import Q

from liantu.casework.case import Actor
from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import Reach, Role
from liantu.web.casefile.models import CaseFile, CaseParty, PartyHolder

OF_ROLE: Mapping[Role, str] = MappingProxyType(
    {Role.TASK_FORCE: "task_force", Role.LEADER: "leader", Role.SUPERVISOR: "supervisor"}
)
LOCAL: Mapping[Role, str] = MappingProxyType({Role.PARK: "park_officer"})
STANDS_IN: Mapping[str, str] = MappingProxyType({"task_force_lead": "task_force"})
"""A party that holders are named for -> the party that stands in as long as nobody is."""


def actor(user: User, case: CaseFile | None = None, parties: Iterable[CaseParty] | None = None) -> Actor:
    """The person towards this case; without one, anywhere."""
    found = list(parties) if parties is not None else (list(case.parties.all()) if case else [])
    roles = set(city_parties(user))
    parks = {p.park_id for p in found if p.park_id}
    roles |= {LOCAL[Role(m.role)] for m in user.roles if m.role in LOCAL and m.park_id in parks}
    return Actor(str(user.pk), frozenset(roles), frozenset(sides(user, found)))


def sides(user: User, parties: Iterable[CaseParty]) -> tuple[str, ...]:
    """The relations of the person's enterprises to a case."""
    own = {m.enterprise_id for m in user.roles if m.reach is Reach.ENTERPRISE and m.enterprise_id}
    return tuple(sorted({p.relation for p in parties if p.enterprise_id and p.enterprise_id in own}))


def city_parties(user: User) -> frozenset[str]:
    """The parties that the person holds anywhere; read once a request."""
    known: frozenset[str] | None = user.__dict__.get("_city_parties")
    if known is None:
        known = user.__dict__["_city_parties"] = _city_parties(user)
    return known


def _city_parties(user: User) -> frozenset[str]:
    by_role = {OF_ROLE[Role(m.role)] for m in user.roles if m.role in OF_ROLE}
    named: dict[str, set[int]] = {}
    for party, holder in PartyHolder.objects.values_list("party", "user_id"):
        named.setdefault(party, set()).add(holder)
    held = {party for party, people in named.items() if user.pk in people} if user.is_active else set()
    standing_in = {party for party, other in STANDS_IN.items() if party not in named and other in by_role}
    return frozenset(by_role | held | standing_in)


def meant(user: User, prefix: str = "") -> Q:
    """Rows of `Addressed` that mean the person."""
    at = f"{prefix}__" if prefix else ""
    q = Q(**{f"{at}person": user})
    q |= Q(**{f"{at}role__in": sorted(city_parties(user)), f"{at}park": None})
    for m in user.roles:
        if m.role in LOCAL and m.park_id:
            q |= Q(**{f"{at}role": LOCAL[Role(m.role)], f"{at}park": m.park_id})
        if m.reach is Reach.ENTERPRISE and m.enterprise_id:
            q |= Q(**{f"{at}enterprise": m.enterprise_id})
    return q


def addresses(
    case: CaseFile, people: Iterable[str], parties: Iterable[frozenset[str]]
) -> list[dict[str, int | str]]:
    """Persons and parties of a flow as fields of `Addressed`.

    A relation means the enterprise that has it; a role of a park, its officers; other roles, all of theirs.
    Of a party of several terms its role is addressed: who of them may act, the engine says.
    """
    found: list[dict[str, int | str]] = [{"person_id": int(p)} for p in people]
    of_case = list(case.parties.all())
    parks = sorted({p.park_id for p in of_case if p.park_id})
    for party in parties:
        firms = sorted({p.enterprise_id for p in of_case if p.relation in party and p.enterprise_id})
        roles = sorted(party - {p.relation for p in of_case}) or sorted(party)
        if firms and party <= {p.relation for p in of_case}:
            found += [{"enterprise_id": firm} for firm in firms]
        elif roles[0] in LOCAL.values():
            found += [{"role": roles[0], "park_id": park} for park in parks]
        else:
            found.append({"role": roles[0]})
    return found


def reached(user: User) -> Q:
    """Cases that the person reaches as a party or owner, beyond what a permission gives: for `also=`."""
    firms = [m.enterprise_id for m in user.roles if m.reach is Reach.ENTERPRISE and m.enterprise_id]
    parks = [m.park_id for m in user.roles if m.reach is Reach.PARK and m.park_id]
    parties = CaseParty.objects.filter(Q(enterprise__in=firms) | Q(park__in=parks))
    return Q(pk__in=parties.values("case")) | Q(owner=user)


def may_own(case: CaseFile) -> list[User]:
    """People to whom the case may be given: the task force, officers of its parks, department handlers."""
    parks = [p.park_id for p in case.parties.all() if p.park_id]
    wanted = Q(memberships__role__in=(Role.TASK_FORCE, Role.DEPARTMENT))
    wanted |= Q(memberships__role=Role.PARK, memberships__park__in=parks)
    return list(User.objects.filter(wanted, is_active=True).distinct().order_by("name", "username"))
