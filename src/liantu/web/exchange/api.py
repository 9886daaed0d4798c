"""The exchange for programs: statements, what is proposed to them, cases and their steps.

What an answer holds is made by `shown`, as for the pages: what is hidden from the token's owner is null.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from liantu.casework.act import open_to
from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import Permission
from liantu.web.atlas import city as provider
from liantu.web.casefile import people
from liantu.web.casefile.actions import Step
from liantu.web.casefile.calendar import work_days
from liantu.web.casefile.store import RefusedError, load
from liantu.web.exchange import actions, cases, selectors
from liantu.web.exchange.case_shown import ShownCase, shown_case
from liantu.web.exchange.explain import OptionShown, explain
from liantu.web.exchange.models import ExchangeCase
from liantu.web.exchange.shown import Shown, as_dict, shown
from liantu.web.exchange.statement_form import StatementForm
from liantu.web.kit.api import ApiError, Code, Many, Number, Text, Window, answers, window
from liantu.web.tokens.access import needs

router = Router(tags=["exchange"])
READ, STATE = Permission.EXCHANGE_READ, Permission.EXCHANGE_STATE


class StatementOut(Schema):
    """A need or an offer; null where something is hidden from the token's owner, or not said."""

    id: UUID
    kind: Literal["need", "offer"]
    material: str
    material_zh: str
    material_en: str
    unit: str
    per_year: float
    months: list[float]
    purity: float | None = Field(description="A share of one.")
    price: float | None = Field(description="CNY a unit.")
    valid_from: date
    valid_until: date | None
    status: str
    enterprise: str | None
    at: str | None
    lat: float | None
    lon: float | None
    contact: str | None
    note: str | None
    name_hidden: bool
    price_hidden: bool
    version: int | None = Field(description="Of one's own, for a change; null of others.")


class StatementIn(Schema):
    """A need or an offer. Twelve months from January, or `per_year`; `at`, or `lat` and `lon`."""

    kind: Literal["need", "offer"]
    material: Code
    per_year: Annotated[Number, Field(gt=0, le=1e12)] | None = None
    months: Annotated[list[Annotated[Number, Field(ge=0, le=1e12)]], Field(max_length=12)] = Field([])
    purity: Annotated[Number, Field(gt=0, le=1)] | None = None
    price: Annotated[Number, Field(ge=-1e9, le=1e9)] | None = None
    at: Annotated[str, Field(max_length=64)] = ""
    lat: Annotated[Number, Field(ge=-90, le=90)] | None = None
    lon: Annotated[Number, Field(ge=-180, le=180)] | None = None
    valid_from: date
    valid_until: date | None = None
    contact: Annotated[str, Field(max_length=200)] = ""
    note: Text = ""
    hide_name: bool = False
    hide_price: bool = False


class Version(Schema):
    """The version that was read."""

    version: Annotated[int, Field(ge=1, le=10**6)]


class OptionOut(Schema):
    """One option in words and figures; CNY a unit."""

    key: str
    who: str
    material: str
    quantity: float
    price: float | None
    saving: float | None
    cny_per_year: float | None
    price_between: tuple[float, float] | None = Field(
        description="Where the exact price is another's business: the round figures that it lies between."
    )
    saving_between: tuple[float, float] | None
    km: float | None
    link: str
    why: list[str]


class ProposalOut(Schema):
    """The latest proposal to a statement, best option first."""

    id: UUID
    number: int
    made_at: datetime
    because: str
    unit: str
    outside_cny_per_unit: float | None
    options: list[OptionOut]


class CaseOut(Schema):
    """A case as the token's owner sees it."""

    id: UUID
    material: str
    state: str
    health: str
    owner: str
    due: datetime | None
    opened_at: datetime
    version: int
    waits_for_me: bool
    need: StatementOut | None
    offer: StatementOut | None
    steps: list[str] = Field(description="What the token's owner may ask for now; empty in a list.")


class StepIn(Schema):
    """A step that was decided upon at `version`. Files are brought on the page."""

    version: Annotated[int, Field(ge=1, le=10**6)]
    evidence: dict[Annotated[str, Field(max_length=40)], Text | Number] = Field({})
    reason: Text = ""


@router.get("/statements", auth=needs(READ), response=answers(Many[StatementOut]), summary="Needs and offers")
def statements(request: HttpRequest, wanted: Query[Window]) -> Any:
    """One's own and the open ones of others, newest first."""
    user = _user(request)
    found = window(selectors.statements(user).order_by("-created_at", "pk"), wanted)
    return found | {"items": [_statement(shown(s, user)) for s in found["items"]]}


@router.get(
    "/statements/{pk}", auth=needs(READ), response=answers(StatementOut, 404), summary="One statement"
)
def statement(request: HttpRequest, pk: UUID) -> Any:
    """A need or an offer."""
    user = _user(request)
    return _statement(shown(get_object_or_404(selectors.statements(user), pk=pk), user))


@router.post(
    "/statements", auth=needs(STATE), response=answers(StatementOut, 409, status=201), summary="State one"
)
def state(request: HttpRequest, stated: StatementIn) -> Any:
    """State a need or an offer for one's enterprise; it is matched at once, where many do so in a moment."""
    user, city = _user(request), provider.published()
    given = stated.dict(exclude={"months", "purity"}) | {"purity": stated.purity and stated.purity * 100}
    given |= {f"m{n}": q for n, q in enumerate(stated.months, start=1)}
    data = {k: "" if v is None else str(v) for k, v in given.items() if v is not False}
    form = StatementForm(data, city=city, user=user)
    if not form.is_valid():
        where = [(f"body.stated.{name}", str(e)) for name, errors in form.errors.items() for e in errors]
        raise ApiError(422, "invalid", _("Some of what was sent can't be taken; see where."), where)
    return Status(201, _statement(shown(actions.state(form.said(), city=city, by=user), user)))


@router.post("/statements/{pk}/withdraw", auth=needs(STATE), response=answers(StatementOut, 404, 409),
             summary="Withdraw one")  # fmt: skip
def withdraw(request: HttpRequest, pk: UUID, read: Version) -> Any:
    """Take an open statement of one's own back."""
    user = _user(request)
    found = get_object_or_404(selectors.own_statements(user), pk=pk)
    try:
        actions.withdraw(found, version=read.version, by=user)
    except actions.ChangedError:
        raise ApiError(409, "stale", _("It was changed meanwhile.")) from None
    return _statement(shown(found, user))


@router.get("/statements/{pk}/proposal", auth=needs(READ), response=answers(ProposalOut, 404, 409),
            summary="What is proposed")  # fmt: skip
def proposal(request: HttpRequest, pk: UUID) -> Any:
    """The latest proposal to a statement of one's own scope."""
    user = _user(request)
    found = get_object_or_404(selectors.proposals(user), statement=pk)
    keys = [p["statement"] for p in found.content["partners"]]
    others = selectors.every_statement().filter(pk__in=keys).select_related("enterprise", "created_by")
    seen = explain(found, {str(s.pk): s for s in others}, user, provider.published())
    return {
        "id": found.pk, "number": found.number, "made_at": found.made_at, "because": found.because,
        "unit": seen.unit, "outside_cny_per_unit": seen.outside,
        "options": [_option(o) for o in (*seen.partners, *seen.options)],
    }  # fmt: skip


@router.get("/cases", auth=needs(READ), response=answers(Many[CaseOut]), summary="Cases")
def case_list(request: HttpRequest, wanted: Query[Window]) -> Any:
    """The cases that one may see, newest first."""
    user, now, days = _user(request), timezone.now(), work_days()
    rows = selectors.with_history(selectors.cases(user)).order_by("-file__opened_at", "pk")
    found = window(rows, wanted)
    return found | {"items": [_case(shown_case(c, user, now, days), []) for c in found["items"]]}


@router.get("/cases/{pk}", auth=needs(READ), response=answers(CaseOut, 404), summary="One case")
def case(request: HttpRequest, pk: UUID) -> Any:
    """Where a case stands, and the steps that one may ask for."""
    return _one(_user(request), pk)


@router.post("/cases/{pk}/steps/{transition}", auth=needs(READ), response=answers(CaseOut, 404, 409),
             summary="Take a step")  # fmt: skip
def step(request: HttpRequest, pk: UUID, transition: str, asked: StepIn) -> Any:
    """Take a step; who may is said by the flow. A result is verified on the page alone."""
    user = _user(request)
    found = _found(user, pk)
    if transition == "close":
        raise ApiError(409, "on_page", _("A result is verified on the page of the case."))
    wanted = Step(transition, asked.evidence, reason=asked.reason)
    try:
        cases.step(found, wanted, version=asked.version, by=user, computed=None)
    except (RefusedError, cases.NotTakenError) as error:
        said = str(error) if isinstance(error, RefusedError) else _("It is followed up elsewhere.")
        raise ApiError(409, error.code, said) from None
    return _one(user, pk)


def _user(request: HttpRequest) -> User:
    return request.auth.user


def _found(user: User, pk: UUID) -> ExchangeCase:
    found: ExchangeCase | None = selectors.with_history(selectors.cases(user)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _one(user: User, pk: UUID) -> dict[str, Any]:
    found = _found(user, pk)
    opened = load(found.file)
    offered = [t.id for t in open_to(opened.flow, opened.case, people.actor(user, found.file))]
    return _case(shown_case(found, user, timezone.now(), work_days(), opened), offered)


def _statement(seen: Shown) -> dict[str, Any]:
    return as_dict(seen)


def _option(o: OptionShown) -> dict[str, Any]:
    return {
        "key": o.key, "who": o.who, "material": o.material, "quantity": o.quantity, "price": o.price,
        "saving": o.saving, "cny_per_year": o.a_year,
        "price_between": o.between, "saving_between": o.saves, "km": o.km,
        "link": o.link, "why": list(o.sentences),
    }  # fmt: skip


def _case(seen: ShownCase, steps: list[str]) -> dict[str, Any]:
    return {
        "id": seen.id, "material": seen.material.id, "state": seen.state, "health": seen.health,
        "owner": seen.owner, "due": seen.due, "opened_at": seen.opened_at, "version": seen.version,
        "waits_for_me": seen.waits_for_me, "need": seen.need and _statement(seen.need),
        "offer": seen.offer and _statement(seen.offer), "steps": steps,
    }  # fmt: skip
