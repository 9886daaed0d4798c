"""The opportunities list."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.db.models import F
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from liantu.web.accounts.models import Department
from liantu.web.accounts.permissions import Permission
from liantu.web.atlas.api.shown import Shown, city_of
from liantu.web.atlas.models import Opportunity
from liantu.web.atlas.opportunities import actions, proposal, selectors
from liantu.web.atlas.opportunities.states import NEEDS_REASON
from liantu.web.kit.api import ApiError, Code, Many, Text, Window, answers, window
from liantu.web.tokens.access import needs

router = Router(tags=["opportunities"])
READ = needs(Permission.OPPORTUNITIES_READ)
EDIT = needs(Permission.OPPORTUNITIES_EDIT)
Key = Annotated[int, Field(ge=1, le=2**31 - 1)]
State = Literal["new", "checking", "approved", "handed_over", "dropped"]
Kind = Literal["fill", "extend", "strengthen"]


class OpportunityRow(Schema):
    """A gap that is worked on. What was proved never changes; money is CNY a year, `capital` CNY."""

    id: int
    subject: str
    proof: str
    gap: str
    kind: str
    title_zh: str
    title_en: str
    worth: float | None
    gain: float | None
    capital: float | None
    payback_years: float | None
    members: list[dict[str, Any]]
    state: str
    reason: str
    note: str
    department: str | None = Field(alias="department_code")
    owner: str | None = Field(alias="owner_name")
    due_on: date | None
    version: int
    created_at: datetime
    changed_at: datetime


FIELDS = tuple(name for name in OpportunityRow.model_fields if name not in ("department", "owner"))


class Asked(Window):
    """Which opportunities."""

    state: State | None = None
    kind: Kind | None = None


class Sent(Schema):
    """What is sent: a proof, or a row of a gap list with its best option."""

    proof: Code | None = None
    list: Kind | None = None
    gap: Code | None = None
    note: Text = ""


class Changed(Schema):
    """What is set, on the version that was seen; what is left out stays as it is."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    state: State | None = None
    reason: Annotated[str, Field(max_length=500)] | None = None
    note: Text | None = None
    department: Code | None = Field(None, description="The code of a department.")
    owner: Code | None = Field(None, description="The name with which a person logs in.")
    due_on: date | None = None


@router.get("/opportunities", auth=READ, response=answers(Many[OpportunityRow]), summary="Opportunities")
def opportunities(request: HttpRequest, asked: Query[Asked]) -> dict[str, Any]:
    """Those that the caller may see, the worthiest first."""
    wanted = asked.dict(include={"state", "kind"}, exclude_none=True)
    rows = selectors.visible(request.user).filter(**wanted).order_by("-worth", "pk")
    return window(_values(rows), asked)


@router.get(
    "/opportunities/{key}", auth=READ, response=answers(OpportunityRow, 404), summary="One opportunity"
)
def opportunity(request: HttpRequest, key: Key) -> dict[str, Any]:
    """One opportunity."""
    return _one(selectors.visible(request.user), key)


@router.post(
    "/opportunities",
    auth=EDIT,
    response={**answers(OpportunityRow, 404, 409), 201: OpportunityRow},
    summary="Send a gap to the list",
)
def send(request: HttpRequest, asked: Query[Shown], sent: Sent) -> Any:
    """201 with the new opportunity; 200 with the one that is there, where the gap was sent before."""
    city = city_of(request)
    report, plan = city.gaps().report, city.run
    if report is None or plan is None:
        raise ApiError(409, "gaps_wait", _("The missing links of this plan are still being computed."))
    if bool(sent.proof) == bool(sent.list and sent.gap):
        said = _("Name a proof, or a list and a gap.")
        raise ApiError(422, "invalid", said, [("body.sent", said)])
    if sent.proof:
        found = proposal.of_proof(city, report, sent.proof)
    else:
        found = proposal.of_row(city, report, sent.list or "", sent.gap or "")
    if found is None:
        raise ApiError(404, "not_found", _("This run has no such missing link."))
    made, new = actions.send(by=request.user, plan=plan, proposal=found, note=sent.note)
    rows = Opportunity.objects.unscoped(because="it was sent just now, or is marked on the gap")
    return Status(201 if new else 200, _one(rows, made.pk))


@router.patch(
    "/opportunities/{key}", auth=EDIT, response=answers(OpportunityRow, 404, 409), summary="Change one"
)
def change(request: HttpRequest, key: Key, changed: Changed) -> dict[str, Any]:
    """409 where somebody changed it in between or its state can't go there."""
    found = get_object_or_404(selectors.visible(request.user, Permission.OPPORTUNITIES_EDIT), pk=key)
    given = changed.dict(exclude_unset=True, exclude={"version"})
    wanted = {name: given.get(name, getattr(found, name)) for name in actions.EDITED}
    for name in ("state", "reason", "note"):
        wanted[name] = wanted[name] if wanted[name] is not None else getattr(found, name)
    wanted["department"] = _named(wanted["department"], Department.objects.all(), "code", "department")
    people = selectors.possible_owners(request.user)
    wanted["owner"] = _named(wanted["owner"], people, "username", "owner")
    if wanted["state"] in NEEDS_REASON and not wanted["reason"].strip():
        said = _("Say why it is dropped.")
        raise ApiError(422, "invalid", said, [("body.changed.reason", said)])
    try:
        actions.change(opportunity=found, by=request.user, version=changed.version, **wanted)
    except actions.StaleError as error:
        raise ApiError(409, "stale", _("Somebody changed it in between.")) from error
    except actions.TransitionError as error:
        raise ApiError(409, "transition", _("From its state now it can't go there.")) from error
    return _one(selectors.visible(request.user, Permission.OPPORTUNITIES_EDIT), key)


def _named(value: Any, rows: Any, field: str, name: str) -> Any:
    """The row of a name; 422 where there is none."""
    if not isinstance(value, str):
        return value
    found = rows.filter(**{field: value}).first()
    if found is None:
        said = _("Nothing is called “%(name)s”.") % {"name": value[:60]}
        raise ApiError(422, "invalid", said, [(f"body.changed.{name}", said)])
    return found


def _values(rows: Any) -> Any:
    return rows.values(*FIELDS, department_code=F("department__code"), owner_name=F("owner__username"))


def _one(rows: Any, key: int) -> dict[str, Any]:
    found: dict[str, Any] = get_object_or_404(_values(rows), pk=key)
    return found
