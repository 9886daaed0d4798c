"""Matching one need or offer, for programs: answered at once, and not kept."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from liantu.report.match import match_json
from liantu.runs import Where
from liantu.web.accounts.permissions import Permission
from liantu.web.atlas.api.shown import Shown, city_of
from liantu.web.kit.api import ApiError, Code, answers
from liantu.web.tokens.access import needs

router = Router(tags=["exchange"])


class Stated(Schema):
    """A need or an offer: a material, how much a year in its unit, and where (a plant, candidate or park)."""

    kind: Literal["need", "offer"]
    material: Code
    quantity: Annotated[float, Field(gt=0, le=1e12, allow_inf_nan=False)]
    at: Code
    purity: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] | None = Field(
        None, description="A share of one; of a need the least that will do."
    )
    price: Annotated[float, Field(ge=-1e9, le=1e9, allow_inf_nan=False)] | None = Field(
        None, description="CNY a unit: at most for a need, at least for an offer."
    )


@router.post(
    "/match",
    auth=needs(Permission.ATLAS_READ),
    response=answers(dict[str, Any], 404, 409),
    summary="Match a need or an offer",
)
def match(request: HttpRequest, asked: Query[Shown], stated: Stated) -> Any:
    """Options, near misses and the proof; fields of `match` in docs/json-schema.md."""
    city = city_of(request)
    network = city.network
    places = {*network.plants.index, *network.parks}
    where = [
        (f"body.stated.{name}", _("The city has no “%(name)s”.") % {"name": value[:60]})
        for name, value, known in (
            ("material", stated.material, network.materials.index),
            ("at", stated.at, places),
        )
        if value not in known
    ]
    if where:
        raise ApiError(422, "invalid", _("Some of what was sent can't be taken; see where."), where)
    ask = city.match_need if stated.kind == "need" else city.match_offer
    report = ask(stated.material, stated.quantity, Where(stated.at), stated.purity, stated.price)
    return match_json(report, city.opened)
