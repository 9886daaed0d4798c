"""On the gap pages: whether a gap was sent to the opportunities list, and the button that sends it."""

from __future__ import annotations

from typing import Any

from django import template

from liantu.web.accounts.permissions import Permission
from liantu.web.atlas import city as provider
from liantu.web.atlas.models import Opportunity
from liantu.web.atlas.opportunities import proposal, selectors
from liantu.web.atlas.opportunities.states import TONES

register = template.Library()


@register.inclusion_tag("atlas/opportunities/_mark.html", takes_context=True)
def gap_mark(context: dict[str, Any], row: Any, kind: str) -> dict[str, Any]:
    """The mark of a row of a gap list."""
    return _mark(context, proposal.subject_of(row), {"list": kind, "gap": row.id})


@register.inclusion_tag("atlas/opportunities/_mark.html", takes_context=True)
def proof_mark(context: dict[str, Any], proof: Any) -> dict[str, Any]:
    """The mark of a proof."""
    return _mark(context, proof.id, {"proof": proof.id})


@register.filter
def state_tone(state: str) -> str:
    """The colour of an opportunity's state."""
    return TONES[state]


def _mark(context: dict[str, Any], subject: str, sent_as: dict[str, str]) -> dict[str, Any]:
    request = context["request"]
    run = provider.shown(request).run
    if not hasattr(request, "_sent"):
        request._sent = selectors.sent(run)  # one query for all rows of the page
    return {
        "opportunity": request._sent.get(subject),
        "fields": sent_as,
        "run": run,
        "may_send": request.user.may(Permission.OPPORTUNITIES_EDIT),
        "may_read": request.user.may(Permission.OPPORTUNITIES_READ),
        "csrf_token": context.get("csrf_token"),
    }


@register.filter
def opportunity_field(name: str) -> Any:
    """What a field is called."""
    return Opportunity._meta.get_field(name).verbose_name


@register.filter
def opportunity_value(name: str, value: str) -> Any:
    """A value of the history; a state by its word."""
    return dict(Opportunity.State.choices).get(value, value) if name == "state" else value
