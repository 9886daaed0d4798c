"""What runs by itself: telling who must hear of a late case, and deriving cases anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from liantu.casework.days import WorkDays
from liantu.casework.escalate import Escalation, escalations_due
from liantu.web.audit.actions import record
from liantu.web.casefile import people, store
from liantu.web.casefile.calendar import work_days
from liantu.web.casefile.models import CaseFile, EscalatedTo, EscalationSent

Progress = Callable[[int, int], None]
CHUNK = 200


def sweep(now: datetime | None = None, progress: Progress = lambda done, total: None) -> int:
    """Tell each level that a case has reached, once, however often this is called; how many."""
    now, days = now or timezone.now(), work_days()
    rows = _all().filter(final=False, look_at__lte=now)
    total, sent = rows.count(), 0
    for done, file in enumerate(_chunks(rows)):
        progress(done, total)
        opened = store.load(file)
        told = {(str(file.pk), e.clock, e.round, e.level) for e in file.escalations.all()}
        for due in escalations_due(opened.flow, opened.case, now, days, told):
            sent += _send(file, due, now)
    return sent


def refresh(now: datetime | None = None, progress: Progress = lambda done, total: None) -> int:
    """Derive open cases anew, as after a change of the calendar; how many changed."""
    now, days = now or timezone.now(), work_days()
    rows = _all().filter(final=False)
    total, changed = rows.count(), 0
    for done, file in enumerate(_chunks(rows)):
        progress(done, total)
        changed += _refresh(file, now, days)
    return changed


def _refresh(file: CaseFile, now: datetime, days: WorkDays) -> bool:
    """Written only where the case has not moved meanwhile: a step derives it anew itself."""
    changes = store.derived(store.load(file), now, days)
    if all(getattr(file, name) == value for name, value in changes.items()):
        return False
    return bool(_all().filter(pk=file.pk, version=file.version).update(**changes))


def _send(file: CaseFile, due: Escalation, now: datetime) -> bool:
    """Whether it was this call that told it."""
    try:
        with transaction.atomic():
            sent = EscalationSent.objects.create(
                case=file, clock=due.clock, round=due.round, level=due.level, late_by=due.late_by, at=now
            )
            parties = [frozenset({party}) for party in due.parties]
            meant = people.addresses(file, due.people, parties)
            EscalatedTo.objects.bulk_create(EscalatedTo(escalation=sent, **m) for m in meant)
            detail = {"clock": due.clock, "round": due.round, "level": due.level, "late_by": due.late_by}
            record(f"{file.flow}.escalated", by=None, kind="case", object=file.pk, detail=detail)
    except IntegrityError:
        return False  # told by another sweep at the same time
    return True


def _all() -> Any:
    return CaseFile.objects.unscoped(because="a sweep acts for nobody")


def _chunks(rows: Any) -> Iterator[CaseFile]:
    """Cases with all that is needed of them, some at a time; those there were when it began."""
    keys = list(rows.order_by("opened_at", "pk").values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        some = _all().filter(pk__in=keys[start : start + CHUNK]).select_related("edition")
        yield from some.prefetch_related("parties", "events", "escalations")
