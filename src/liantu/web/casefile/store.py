"""A stored case as the engine's, and what is derived from it for the lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from liantu.casework.act import Refusal
from liantu.casework.case import Case, Event
from liantu.casework.clocks import ClockState
from liantu.casework.days import WorkDays
from liantu.casework.flow import Flow
from liantu.casework.instants import instant_of, minute_of
from liantu.casework.limits import shift
from liantu.casework.sentences import refusal_sentence
from liantu.casework.view import View, view
from liantu.errors import LiantuError
from liantu.web.casefile import flows, people
from liantu.web.casefile.calendar import work_days
from liantu.web.casefile.models import CaseEvent, CaseFile, Owed
from liantu.web.kit.naming import chinese


class RefusedError(LiantuError):
    """A step was not taken. `params` are those of the engine's refusal."""

    def __init__(self, refusal: Refusal, flow: Flow) -> None:
        super().__init__(refusal.code, **dict(refusal.params))
        self.refusal, self.flow = refusal, flow

    def __str__(self) -> str:
        return refusal_sentence(self.refusal, self.flow, "zh" if chinese() else "en")


@dataclass(frozen=True)
class Opened:
    """A case with its flow and history."""

    file: CaseFile
    flow: Flow
    case: Case

    def view(self, now: datetime, days: WorkDays | None = None) -> View:
        """Where it stands at an instant."""
        return view(self.flow, self.case, now, days or work_days())


def load(file: CaseFile, events: Iterable[CaseEvent] | None = None) -> Opened:
    """The case as the engine takes it."""
    flow = flows.of(file.edition)
    rows = file.events.all() if events is None else events
    return Opened(file, flow, Case(str(file.pk), flow.key, tuple(_event(row) for row in rows)))


def _event(row: CaseEvent) -> Event:
    return Event(
        version=row.version,
        transition=row.transition,
        by=str(row.by_id),
        acting_as=tuple(row.acting_as),
        at=row.at,
        evidence=tuple(sorted(row.evidence.items())),
        reason=row.reason,
        owner=str(row.owner_id) if row.owner_id else None,
    )


def derived(opened: Opened, now: datetime, days: WorkDays) -> dict[str, object]:
    """The fields of `CaseFile` that follow from its history."""
    seen = opened.view(now, days)
    standing = seen.standing
    final = opened.flow.is_final(standing.state)
    running = () if final else tuple(c for c in seen.clocks if c.is_open)
    lates = [_late_at(opened.flow, c, days) for c in running]
    looks = [c.gross_due for c in running if opened.flow.clocks[c.clock].levels]
    return {
        "state": standing.state or "",
        "final": final,
        "paused": standing.pause.transition if standing.pause else "",
        "owner_id": int(standing.owner) if standing.owner else None,
        "due_at": None if final else seen.due,
        "late_at": min((at for at in lates if at is not None), default=None),
        "look_at": min(looks, default=None),
        "moved_at": standing.moved_at,
    }


def _late_at(flow: Flow, clock: ClockState, days: WorkDays) -> datetime | None:
    """The first minute at which the clock is late; None while that depends on the end of a pause."""
    if clock.due is None or (clock.status == "paused" and not clock.late_by):
        return None
    base = flow.clocks[clock.clock].limit.base
    return instant_of(shift(base, minute_of(clock.due), 1, days.at(flow.hours)))


def write_owed(opened: Opened, now: datetime, days: WorkDays) -> None:
    """Who the case waits for, in place of what stood there."""
    opened.file.owed.all().delete()
    rows = []
    for step in opened.view(now, days).steps:
        for meant in people.addresses(opened.file, step.owed.people, step.owed.parties):
            rows.append(Owed(case=opened.file, transition=step.transition, **meant))
    Owed.objects.bulk_create(rows)
