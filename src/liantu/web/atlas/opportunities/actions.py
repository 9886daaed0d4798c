"""Sending a gap to the list, and working on it there."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from liantu.errors import LiantuError
from liantu.web.accounts.models import User
from liantu.web.atlas.models import Opportunity, OpportunityChange, Run
from liantu.web.atlas.opportunities.proposal import Proposal, basis_of
from liantu.web.atlas.opportunities.states import NEEDS_REASON, may_become
from liantu.web.atlas.runs.selectors import gaps_of
from liantu.web.audit.actions import record

EDITED = ("state", "reason", "note", "department", "owner", "due_on")


class StaleError(LiantuError):
    """Somebody changed the opportunity in between. `params`: version (the one that is there now)."""

    code = "opportunity_stale"


class TransitionError(LiantuError):
    """The state can't become that one now. `params`: found, expected."""

    code = "opportunity_transition"


class ReasonError(LiantuError):
    """What is dropped needs a reason."""

    code = "opportunity_reason"


def send(*, by: User, plan: Run, proposal: Proposal, note: str = "") -> tuple[Opportunity, bool]:
    """Put a gap of a plan on the list; where the same one of the same data is there, that one and False."""
    basis, gaps = basis_of(plan), gaps_of(plan)
    if gaps is None:
        raise ValueError("this plan has no gaps")
    rows = Opportunity.objects.unscoped(because="whether it was sent is the same for everybody")
    try:
        with transaction.atomic():
            there = rows.filter(basis=basis, subject=proposal.subject).first()
            if there is not None:
                return there, False
            said = asdict(proposal)
            made = Opportunity.objects.create(run=gaps, basis=basis, note=note, created_by=by, **said)
            detail = {"subject": proposal.subject, "worth_cny": proposal.worth, "run": str(gaps.pk)}
            record("opportunity.sent", by=by, kind="opportunity", object=made.pk, detail=detail)
    except IntegrityError:  # two sent it at once
        return rows.get(basis=basis, subject=proposal.subject), False
    return made, True


def change(
    *,
    opportunity: Opportunity,
    by: User,
    version: int,
    state: str,
    reason: str = "",
    note: str = "",
    department: Any = None,
    owner: User | None = None,
    due_on: date | None = None,
) -> Opportunity:
    """Set what is worked on, on the version that the person saw.

    Raises StaleError, TransitionError, ReasonError; nothing is changed then.
    """
    wanted = {
        "state": state,
        "reason": reason if state in NEEDS_REASON else "",
        "note": note,
        "department": department,
        "owner": owner,
        "due_on": due_on,
    }
    with transaction.atomic():
        rows = Opportunity.objects.unscoped(because="the caller fetched it in scope")
        now = (
            rows.select_for_update(of=("self",)).select_related("department", "owner").get(pk=opportunity.pk)
        )
        if now.version != version:
            raise StaleError(version=now.version)
        if state not in may_become(now.state):
            raise TransitionError(found=state, expected=", ".join(may_become(now.state)))
        if state in NEEDS_REASON and not reason.strip():
            raise ReasonError()
        changes = {name: [_said(getattr(now, name)), _said(wanted[name])] for name in EDITED}
        changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
        if not changes:
            return now
        for name in EDITED:
            setattr(now, name, wanted[name])
        now.version, now.changed_at = version + 1, timezone.now()
        now.save()
        OpportunityChange.objects.create(opportunity=now, version=now.version, by=by, changes=changes)
        detail = {
            "before": {name: pair[0] for name, pair in changes.items()},
            "after": {name: pair[1] for name, pair in changes.items()},
        }
        record("opportunity.changed", by=by, kind="opportunity", object=now.pk, detail=detail)
    return now


def _said(value: Any) -> str:
    """A value as the history keeps it."""
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)
