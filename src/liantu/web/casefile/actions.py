"""Steps of cases: each is one transaction of the case, its event and the chain of events."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from liantu.casework import act as engine
from liantu.casework.case import Value, new_case
from liantu.casework.days import WorkDays
from liantu.web.accounts.models import User
from liantu.web.audit.actions import record
from liantu.web.casefile import evidence, flows, people, store
from liantu.web.casefile.calendar import work_days
from liantu.web.casefile.models import Attachment, CaseEvent, CaseFile, CaseParty
from liantu.web.casefile.store import Opened, RefusedError

Then = Callable[[Opened, CaseEvent], None]
"""What a flow's app writes in the transaction of a step."""


@dataclass(frozen=True)
class Step:
    """A step as it is asked for. `files` are evidence too; their keys are made when they are kept."""

    transition: str
    values: Mapping[str, Value] = field(default_factory=dict)
    files: Mapping[str, UploadedFile] = field(default_factory=dict)
    reason: str = ""
    owner: User | None = None
    facts: Mapping[str, object] = field(default_factory=dict)


def open_case(
    flow: str, step: Step, *, parties: Sequence[CaseParty], by: User, then: Then | None = None
) -> CaseFile:
    """Begin a case with an opening step. `parties` are unsaved rows without a case. Raises RefusedError."""
    with transaction.atomic():
        edition, now = flows.keep(flow), timezone.now()
        file = CaseFile(edition=edition, flow=flow, opener=by, opened_at=now, moved_at=now)
        file.save(force_insert=True)
        for party in parties:
            party.case = file
        CaseParty.objects.bulk_create(parties)
        _take(Opened(file, flows.of(edition), new_case(flows.of(edition), str(file.pk))), step, 0, by, then)
    return file


def take_step(file: CaseFile, step: Step, *, version: int, by: User, then: Then | None = None) -> CaseFile:
    """Take a step that was decided upon at `version`. Raises RefusedError, and BadFileError for a file that
    is not taken; nothing is written then."""
    with transaction.atomic():
        fresh = _all().select_related("edition").prefetch_related("parties").get(pk=file.pk)
        _take(store.load(fresh), step, version, by, then)
    return fresh


def _all() -> Any:
    return CaseFile.objects.unscoped(because="the caller has fetched the case in scope")


def _take(opened: Opened, step: Step, version: int, by: User, then: Then | None) -> None:
    """Ask the engine, then write: the row over its version first, the event in the chain last."""
    file, now, days = opened.file, timezone.now(), work_days()
    attached = [_attachment(file, name, upload, version + 1, by, now) for name, upload in step.files.items()]
    actor = people.actor(by, file)
    found = engine.act(
        opened.flow, opened.case, step.transition, by=actor, at=now, version=version,
        evidence={**step.values, **{a.evidence: str(a.pk) for a in attached}},
        reason=step.reason, owner=str(step.owner.pk) if step.owner else None, facts=step.facts,
    )  # fmt: skip
    if isinstance(found, engine.Refusal):
        raise RefusedError(found, opened.flow)
    after = Opened(file, opened.flow, found)
    changes = store.derived(after, now, days)
    if not _all().filter(pk=file.pk, version=version).update(version=version + 1, **changes):
        stale = engine.Refusal("stale_version", {"version": version + 1, "given": version})
        raise RefusedError(stale, opened.flow)
    for name, value in {"version": version + 1, **changes}.items():
        setattr(file, name, value)
    for a in attached:
        upload = step.files[a.evidence]
        a.sha256, a.size = evidence.keep(upload)
        a.save(force_insert=True)
    _write(after, by, days, now, then)


def _write(after: Opened, by: User, days: WorkDays, now: datetime, then: Then | None) -> None:
    file, event = after.file, after.case.events[-1]
    side = (*people.sides(by, file.parties.all()), "")[0]
    row = CaseEvent.objects.create(
        case=file, version=event.version, transition=event.transition, by=by, side=side,
        acting_as=list(event.acting_as), at=event.at, evidence=dict(event.evidence), reason=event.reason,
        owner_id=int(event.owner) if event.owner else None,
    )  # fmt: skip
    store.write_owed(after, now, days)
    if then is not None:
        then(after, row)
    detail = {"flow": after.flow.key, "version": event.version, "to": file.state}
    record(f"{file.flow}.{event.transition}", by=by, kind="case", object=file.pk, detail=detail)


def _attachment(
    file: CaseFile, name: str, upload: UploadedFile, version: int, by: User, now: datetime
) -> Attachment:
    kind = evidence.check(upload)
    side = (*people.sides(by, file.parties.all()), "")[0]
    return Attachment(
        case=file, version=version, evidence=name, name=evidence.clean_name(upload.name or ""), kind=kind,
        by=by, side=side, at=now,
    )  # fmt: skip
