"""A case of the exchange as one person sees it: what a party hid stays hidden from the other party."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from liantu.casework.days import WorkDays
from liantu.casework.health import Health
from liantu.chain.units import format_quantity
from liantu.i18n import current_language
from liantu.web.accounts.models import User
from liantu.web.casefile import people
from liantu.web.casefile.models import CaseEvent
from liantu.web.casefile.pages import HEALTH, CasePage, HistoryRow, Veil, bare, case_page, named
from liantu.web.casefile.store import Opened, load
from liantu.web.exchange import discreet
from liantu.web.exchange.discreet import sees_worths
from liantu.web.exchange.models import ExchangeCase, Statement, VerifiedResult
from liantu.web.exchange.shown import Shown, shown
from liantu.web.kit.naming import Named

PRICED = frozenset({"price", "verified_cny"})
TEXTS = frozenset({"by", "reason", "contact_note", "note", "answer", "match", "need", "offer"})
FILES = frozenset(
    {"visit_record", "contract_file", "link_record", "shutdown_notice", "restart_notice", "safety_filing",
     "safety_opinion"}
)  # fmt: skip
PLACED = ("km", "freight")
VALUED = ("price", "at_source", "saving", "room", "freight", "loser_cny", "between", "saves")


@dataclass(frozen=True)
class ShownCase:
    """A case in a list or on its page; what is hidden is not in it."""

    id: Any
    material: Named
    unit: str
    need: Shown | None
    offer: Shown | None
    option: Mapping[str, Any]
    partner: str
    """The plant, pool or outside that the engine named; '' where the partner is a statement."""
    state: str
    state_name: str
    health: Health
    health_name: str
    tone: str
    owner: str
    due: datetime | None
    opened_at: datetime
    waits_for_me: bool
    results: tuple[VerifiedResult, ...]
    price_hidden: bool
    name_hidden: bool
    version: int


def hides(case: ExchangeCase, user: User) -> frozenset[str]:
    """'name' and 'price', where a side hides them from this person."""
    found = set()
    for seen in (shown(s, user) for s in (case.need, case.offer) if s is not None):
        found |= {"name"} if seen.name_hidden else set()
        found |= {"price"} if seen.price_hidden else set()
    return frozenset(found)


def veil_of(case: ExchangeCase, user: User) -> Veil:
    """What of the history the person may not see: of steps that their own side did not take, texts and files
    where anything is hidden (either may tell it), prices where a price is, persons where a name is."""
    hidden = hides(case, user)
    if not hidden:
        return bare
    own = set(people.sides(user, case.file.parties.all()))

    def veil(event: CaseEvent) -> frozenset[str]:
        if event.side and event.side in own:
            return frozenset()
        kept = (TEXTS - {"by"}) | FILES
        if "name" in hidden and event.side:
            kept |= {"by"}
        return kept | PRICED if "price" in hidden else kept

    return veil


def shown_case(
    case: ExchangeCase, user: User, now: datetime, days: WorkDays, opened: Opened | None = None
) -> ShownCase:
    """The case as the person sees it; fetched with `with_history`."""
    opened = opened or load(case.file)
    seen, hidden = opened.view(now, days), hides(case, user)
    actor = people.actor(user, case.file)
    health_name, tone = HEALTH[seen.health]
    option = {k: v for k, v in case.option.items() if k not in ("statement", "hide_name", "hide_price")}
    if "who" in option and not sees_worths(user):
        option = discreet.option(option, case.proposal.content["outside"])
    for key in (*(PLACED if hidden else ()), *(VALUED if hidden else ())):
        option.pop(key, None)
    return ShownCase(
        id=case.pk, material=Named(case.material, case.material_zh, case.material_en), unit=case.unit,
        need=shown(case.need, user) if case.need else None,
        offer=shown(case.offer, user) if case.offer else None,
        option=option, partner=str(case.option.get("who", "")),
        state=case.file.state, state_name=named(opened.flow.states[case.file.state].names),
        health=seen.health, health_name=str(health_name), tone=tone,
        owner=str(case.file.owner) if case.file.owner else "",
        due=seen.due if not case.file.final else None, opened_at=case.file.opened_at,
        waits_for_me=any(s.owed.falls_to(actor, seen.standing) for s in seen.steps),
        results=() if "price" in hidden else tuple(case.results.all()),  # yuan and tonnes tell it
        price_hidden="price" in hidden, name_hidden="name" in hidden, version=case.file.version,
    )  # fmt: skip


def page_of(case: ExchangeCase, user: User, opened: Opened) -> CasePage:
    """Standing, clocks, history and steps of the case; what it was opened on is named, not numbered."""
    page = case_page(opened, user, timezone.now(), veil_of(case, user))
    names = {"need": _of(case.need), "offer": _of(case.offer), "match": _proposal_of(case)}

    def named_row(row: HistoryRow) -> HistoryRow:
        told = (b if b.hidden else replace(b, value=names.get(b.key) or b.value) for b in row.brought)
        return replace(row, brought=tuple(told))

    return replace(page, history=tuple(map(named_row, page.history)))


def _of(statement: Statement | None) -> str:
    if statement is None:
        return ""
    name = Named(statement.material, statement.material_zh, statement.material_en)
    return f"{name}, {format_quantity(statement.per_year, f'{statement.unit}/y', current_language())}"


def _proposal_of(case: ExchangeCase) -> str:
    made = timezone.localtime(case.proposal.made_at)
    return _("proposal %(number)d of %(day)s") % {"number": case.proposal.number, "day": made.date()}
