"""Missing links and their proofs."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from liantu.chain.gap_report import GapReport
from liantu.report.machine import plain
from liantu.web.accounts.permissions import Permission
from liantu.web.atlas.api.shown import Shown, city_of
from liantu.web.atlas.opportunities import proposal
from liantu.web.atlas.opportunities import selectors as opportunities
from liantu.web.atlas.selectors import gap_lists
from liantu.web.kit.api import ApiError, Many, Window, answers, window
from liantu.web.tokens.access import needs

router = Router(tags=["gaps"])
READ = needs(Permission.ATLAS_READ)
List = Literal["fill", "extend", "strengthen"]


class GapOption(Schema):
    """A candidate that would answer a gap, with its partners; its worth is proved, CNY a year."""

    id: str
    proof: str
    partners: list[str]
    worth_cny_per_year: float | None
    first_order_cny_per_year: float | None


class Gap(Schema):
    """A row of a list; `subject` is a material, a plant or a cap. `more` holds the figures of its kind, as
    docs/json-schema.md tells them. `opportunity` is its number on the opportunities list."""

    id: str
    kind: str
    subject: str
    worth_cny_per_year: float | None
    first_order_cny_per_year: float | None
    options: list[GapOption]
    more: dict[str, Any]
    opportunity: int | None


class GapsAsked(Shown, Window):
    """Which rows of which list."""

    all: bool = Field(False, description="Also what does not pay.")


@router.get("/gaps/{kind}", auth=READ, response=answers(Many[Gap], 404, 409), summary="Missing links")
def gaps(request: HttpRequest, kind: List, asked: Query[GapsAsked]) -> dict[str, Any]:
    """One of the three lists as ranked: what would fill, extend or strengthen the chain."""
    city = city_of(request)
    rows = gap_lists.rows_of(_report(city), kind)
    found = window(rows if asked.all else gap_lists.paying(rows), asked)
    sent = opportunities.sent(city.run)
    return found | {"items": [_gap(row, sent) for row in found["items"]]}


@router.get("/proofs/{proof}", auth=READ, response=answers(dict[str, Any], 404, 409), summary="One proof")
def proof(request: HttpRequest, proof: str, asked: Query[Shown]) -> Any:
    """What rises and falls when a set of candidates is built; fields as in docs/json-schema.md."""
    found = next((p for p in _report(city_of(request)).proofs if p.id == proof), None)
    if found is None:
        raise ApiError(404, "not_found", _("No proof is called “%(name)s”.") % {"name": proof[:60]})
    return plain(found)


def _report(city: Any) -> GapReport:
    state = city.gaps()
    if state.report is None:
        said = _("The missing links of this plan could not be computed.")
        if not state.failed:
            said = _("The missing links of this plan are still being computed.")
        raise ApiError(409, "gaps_failed" if state.failed else "gaps_wait", said)
    report: GapReport = state.report
    return report


def _gap(row: Any, sent: dict[str, Any]) -> dict[str, Any]:
    said = plain(row)
    own = {"id", "kind", "material", "subject", "worth_cny_per_year", "first_order_cny_per_year", "options"}
    opportunity = sent.get(proposal.subject_of(row))
    return {
        "id": row.id,
        "kind": row.kind,
        "subject": getattr(row, "material", None) or row.subject,
        "worth_cny_per_year": said["worth_cny_per_year"],
        "first_order_cny_per_year": said["first_order_cny_per_year"],
        "options": [{name: o[name] for name in GapOption.model_fields} for o in said["options"]],
        "more": {name: value for name, value in said.items() if name not in own},
        "opportunity": opportunity.pk if opportunity else None,
    }
