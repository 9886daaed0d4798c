"""Documents that come to be read, and what people make of what the reader proposes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.utils import timezone

from liantu.ledger.from_reading import observations_of_facts
from liantu.ledger.observation import Observation
from liantu.reading.corrections import correct as corrected_fact
from liantu.reading.corrections import mark as marked_facts
from liantu.reading.fact import FIELDS, Fact
from liantu.reading.reader import Reading
from liantu.web.accounts.models import User
from liantu.web.audit.actions import record
from liantu.web.casefile import evidence
from liantu.web.figures import actions, catalogue
from liantu.web.figures.models import Batch, Document, ProposedFigure
from liantu.web.figures.rows import undoubted
from liantu.web.jobs.actions import enqueue

BECAUSE = "the caller has fetched the document in scope"
State = ProposedFigure.State


@dataclass(frozen=True)
class Brought:
    """Documents that came together: those that are new, and those that were there already."""

    batch: Batch | None
    new: tuple[Document, ...]
    there: tuple[Document, ...]


def bring(
    files: Sequence[UploadedFile],
    *,
    text: str = "",
    title: str = "",
    sender: str = "",
    dated: date | None,
    by: User,
) -> Brought:
    """Take files, or a text that was pasted, and have them read. The same content is taken once."""
    found = list(files)
    if text.strip():
        name = (title or text.strip().splitlines()[0])[:60].strip() or "text"
        content = text.encode()
        found.append(SimpleUploadedFile(evidence.clean_name(f"{name}.txt"), content))
    department, now = actions.department_of(by), timezone.now()
    new: list[Document] = []
    there: dict[Any, Document] = {}
    with transaction.atomic():
        batch = Batch(made_by=by, made_at=now)
        for file in found:
            digest = _digest(file)
            rows = Document.objects.unscoped(because="whether the department has it already")
            old = rows.filter(sha256=digest, department=department).first()
            if old is not None or any(d.sha256 == digest for d in new):
                there.update({old.pk: old} if old else {})
                continue
            new.append(Document(
                name=evidence.clean_name(file.name or "") or "document", sha256=digest, size=file.size or 0,
                sender=sender, dated=dated, batch=batch, department=department, uploaded_by=by,
                uploaded_at=now,
            ))  # fmt: skip
            evidence.keep(file)
        if not new:
            return Brought(None, (), tuple(there.values()))
        batch.save(force_insert=True)
        Document.objects.unscoped(because="they are new").bulk_create(new)
        batch.job = enqueue("figures.read", by=by, batch=str(batch.pk)).pk
        batch.save(update_fields=["job"])
        record("figures.uploaded", by=by, kind="document", object=new[0].pk, detail={"rows": len(new)})
    return Brought(batch, tuple(new), tuple(there.values()))


def _digest(file: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def read_again(document: Document, *, by: User) -> Batch:
    """Have the reader look again: what people decided stays, what nobody looked at is proposed anew."""
    with transaction.atomic():
        batch = Batch.objects.create(made_by=by, made_at=timezone.now())
        rows = Document.objects.unscoped(because=BECAUSE).filter(pk=document.pk)
        rows.update(status=Document.Status.WAITING, problem=None, batch=batch)
        batch.job = enqueue("figures.read", by=by, batch=str(batch.pk)).pk
        batch.save(update_fields=["job"])
        record("figures.reread", by=by, kind="document", object=document.pk)
    return batch


def keep_reading(document: Document, reading: Reading) -> int:
    """Store what the reader proposes; what is decided or corrected stays. How many are proposed."""
    rows = ProposedFigure.objects.filter(document=document)
    rows.filter(state=State.OPEN, said=None).delete()
    kept = [(p.start, p.end, _nth(p.fact)) for p in rows]
    number = max(rows.values_list("number", flat=True), default=-1) + 1
    made: list[ProposedFigure] = []
    for fact in reading.facts:
        mark = (fact.start, fact.end, _nth(fact.as_row()))
        if mark not in kept:
            made.append(_proposed(document, number + len(made), fact))
    ProposedFigure.objects.bulk_create(made, batch_size=500)
    said: dict[str, Any] = {"status": Document.Status.READ, "text": reading.text, "problem": None}
    if document.dated is None and (day := _day(reading.date, reading.text)) is not None:
        said["dated"] = day
    Document.objects.unscoped(because="the worker acts for nobody").filter(pk=document.pk).update(**said)
    return len(made)


def _nth(fact: Mapping[str, Any]) -> tuple[Any, ...]:
    """What tells figures of one span apart."""
    return fact["subject"], fact["indicator"], fact["measure"], str(fact["value"])


HEAD = 600
"""Characters from the beginning among which a document's own date stands."""
_DAY = re.compile(r"((?:19|20)\d\d)\s?[-./年]?\s?(\d{1,2})[-./月]\s?(\d{1,2})(?!\d)")


def _day(said: str | None, text: str) -> date | None:
    """The day that the reader gives; of a month or a year that it gives, the day that stands at the head."""
    try:
        return date.fromisoformat(said or "")
    except ValueError:
        pass
    for found in _DAY.finditer(text[:HEAD]) if said else ():
        try:
            day = date(*map(int, found.groups()))
        except ValueError:
            continue
        if day.isoformat().startswith(said or ""):
            return day
    return None


def _proposed(document: Document, number: int, fact: Fact) -> ProposedFigure:
    return ProposedFigure(
        document=document, number=number, start=fact.start, end=fact.end, fact=fact.as_row(),
        rules=dict(fact.rules), lowest=_lowest(fact),
    )  # fmt: skip


def _lowest(fact: Fact) -> float:
    return min(fact.confidence.values(), default=0.0)


def fact_of(proposal: ProposedFigure) -> Fact:
    """The proposal as the reader's fact."""
    now: dict[str, Any] = proposal.now
    return Fact(**{name: now[name] for name in FIELDS}, rules=proposal.rules)


def observations(document: Document) -> dict[int, Observation]:
    """The figure that each proposal would become, by number; what can't be one is left out."""
    rows = ProposedFigure.objects.filter(document=document).exclude(state=State.REJECTED)
    found = sorted(rows, key=lambda p: (p.start, p.number))
    facts = [p.now | {"file": document.mark} for p in found]
    dates = {document.mark: document.dated} if document.dated else {}
    made = observations_of_facts(facts, catalogue.current(), dates)
    return {found[int(o.id.rpartition("#")[2])].number: o for o in made.observations}


@dataclass(frozen=True)
class Accepted:
    """How many proposals became figures, how many can't be one, and how many findings opened."""

    taken: int
    refused: int
    opened: int | None


def accept(document: Document, numbers: Collection[int], *, by: User, looked: bool = False) -> Accepted:
    """Make open proposals figures, with their place in the document. `looked`: a person saw each field, so
    that nothing of it is in doubt."""
    with transaction.atomic():
        Document.objects.unscoped(because=BECAUSE).select_for_update().get(pk=document.pk)
        wanted = ProposedFigure.objects.filter(document=document, state=State.OPEN, number__in=list(numbers))
        could = observations(document)
        rows = [p for p in wanted if p.number in could]
        refused = len(wanted) - len(rows)
        if not rows:
            return Accepted(0, refused, 0)
        seen = [replace(could[p.number], source=document.name) for p in rows]
        if looked:
            seen = [undoubted(one) for one in seen]
        places = [actions.Place(document, p.start, p.end) for p in rows]
        stored = actions.enter(seen, by=by, places=places, tell=False)
        now = timezone.now()
        for proposal, row in zip(rows, stored.rows, strict=True):
            ProposedFigure.objects.filter(pk=proposal.pk).update(
                state=State.ACCEPTED, decided_by=by, decided_at=now, observation=row
            )
        record("figures.entered", by=by, kind="document", object=document.pk, detail={"rows": len(rows)})
    return Accepted(len(rows), refused, stored.opened)


def reject(document: Document, numbers: Collection[int], *, by: User) -> int:
    """Say of open proposals that they are no figures; how many."""
    with transaction.atomic():
        rows = ProposedFigure.objects.filter(document=document, state=State.OPEN, number__in=list(numbers))
        done = rows.update(state=State.REJECTED, decided_by=by, decided_at=timezone.now())
        if done:
            record("figures.rejected", by=by, kind="document", object=document.pk, detail={"rows": done})
    return int(done)


def correct(proposal: ProposedFigure, changes: Mapping[str, object], *, by: User) -> ProposedFigure:
    """Put right what the reader proposes; it stays open. Raises InputError with every fault."""
    fact = corrected_fact(fact_of(proposal), changes)
    with transaction.atomic():
        rows = ProposedFigure.objects.filter(pk=proposal.pk, state=State.OPEN)
        done = rows.update(said=fact.as_row(), rules=dict(fact.rules), lowest=_lowest(fact), decided_by=by)
        if not done:
            raise actions.RefusedError("changed")
    proposal.refresh_from_db()
    return proposal


def add_marked(document: Document, start: int, end: int, *, by: User) -> list[ProposedFigure]:
    """Propose the figure at a place that a person marked. Raises InputError where there is none."""
    dated = document.dated.isoformat() if document.dated else None
    reading = Reading(document.mark, document.text, (), dated, None)
    facts = marked_facts(reading, start, end)
    with transaction.atomic():
        Document.objects.unscoped(because=BECAUSE).select_for_update().get(pk=document.pk)
        rows = ProposedFigure.objects.filter(document=document)
        there = {(p.start, p.end) for p in rows.filter(state__in=(State.OPEN, State.ACCEPTED))}
        number = max(rows.values_list("number", flat=True), default=-1) + 1
        fresh = [f for f in facts if (f.start, f.end) not in there]
        made = [_proposed(document, number + i, fact) for i, fact in enumerate(fresh)]
        for one in made:
            one.said = one.fact  # a person asked for it: reading again keeps it
        return list(ProposedFigure.objects.bulk_create(made))
