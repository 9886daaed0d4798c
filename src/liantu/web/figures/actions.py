"""Entering and correcting figures, approving them with four eyes, choosing the official one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from liantu.errors import InputError, LiantuError, Problem
from liantu.ledger import decisions as rules
from liantu.ledger.observation import Observation
from liantu.web.accounts.models import Department, User
from liantu.web.accounts.permissions import Permission, Reach
from liantu.web.audit.actions import record
from liantu.web.figures import catalogue, checking
from liantu.web.figures.models import (
    Approval,
    Closure,
    Document,
    FindingState,
    Level,
    ObservationRow,
    OfficialDecision,
    Standing,
)
from liantu.web.figures.rows import fields_of, observation_of
from liantu.web.jobs.actions import enqueue

BECAUSE = "the caller has fetched the figure in scope"
MOST = 20_000
"""Figures in one transaction."""


class RefusedError(LiantuError):
    """A step that is not allowed. `code`: no_reason, same_person, entered_by_nobody, already_released,
    corrected_before, changed."""

    code = "figure_refused"


@dataclass(frozen=True)
class Stored:
    """What became of figures that were entered: rows, and findings that opened and went (None: not yet)."""

    rows: tuple[ObservationRow, ...]
    opened: int | None
    gone: int | None


@dataclass(frozen=True)
class Place:
    """Where in a document a figure stands."""

    document: Document
    start: int
    end: int


def department_of(user: User | None) -> Department | None:
    """The department for which a person enters figures; None for the whole city."""
    if user is None:
        return None
    held = list(user.granting(Permission.FIGURES_ENTER))
    if any(m.reach is Reach.CITY for m in held):
        return None
    return next((m.department for m in held if m.department is not None), None)


def enter(
    seen: Sequence[Observation], *, by: User | None, places: Sequence[Place | None] = (), tell: bool = True
) -> Stored:
    """Add figures, all or none; who enters and when is said here, whatever the observations say."""
    if len(seen) > MOST:
        fix = "split the table"
        raise InputError([Problem("ledger", None, None, "too_many_rows", str(len(seen)), str(MOST), fix)])
    with transaction.atomic():
        rows = _store(seen, by, places or [None] * len(seen))
        opened, gone = _check(rows)
        if tell:
            subjects = sorted({r.subject for r in rows})[:5]
            record("figures.entered", by=by, detail={"rows": len(rows), "subjects": subjects})
    return Stored(tuple(rows), opened, gone)


def _store(
    seen: Sequence[Observation], by: User | None, places: Sequence[Place | None], **more: Any
) -> list[ObservationRow]:
    held = catalogue.locked()
    now, department = timezone.now(), department_of(by)
    rows = []
    for i, (one, place) in enumerate(zip(seen, places, strict=True), start=1):
        said = fields_of(one) | more
        if place is not None:
            said |= {"document": place.document, "at_start": place.start, "at_end": place.end}
        row = ObservationRow(
            number=held.last + i, department=department, entered_by=by, entered_at=now, **said
        )
        _fits(row, i)
        rows.append(row)
    held.last += len(rows)
    held.save(update_fields=["last"])
    ObservationRow.objects.unscoped(because=BECAUSE).bulk_create(rows, batch_size=500)
    Standing.objects.bulk_create([Standing(observation=row) for row in rows], batch_size=500)
    decided = {r.key for r in rows} & _decided([r.key for r in rows])
    for key in decided:
        _stand(key)
    return rows


def _fits(row: ObservationRow, number: int) -> None:
    for name in ("subject", "indicator", "value", "step", "unit", "within", "source", "place", "doubts"):
        most = ObservationRow._meta.get_field(name).max_length
        text = getattr(row, name)
        if len(text) > most or "\x00" in text:
            fix = "shorten it"
            raise InputError(
                [Problem("ledger", number, name, "text_too_long", text[:40], f"at most {most}", fix)]
            )


def _decided(keys: Collection[str]) -> set[str]:
    wanted, found = list(keys), set()
    for i in range(0, len(wanted), 500):
        some = OfficialDecision.objects.filter(key__in=wanted[i : i + 500])
        found |= set(some.values_list("key", flat=True))
    return found


def _check(rows: Sequence[ObservationRow], gone: Any = (), back: Any = ()) -> tuple[int | None, int | None]:
    if len(rows) > checking.AROUND:
        enqueue("figures.check_all", by=None)
        return None, None
    return checking.check_around(rows, gone, back)


def _stand(key: str) -> tuple[list[Any], list[Any]]:
    """Say anew which rows of a key are official and in force; keys of those that left it and came back."""
    rows = list(ObservationRow.objects.unscoped(because=BECAUSE).filter(key=key).select_related("standing"))
    there = {r.pk for r in rows if not r.standing.corrected}
    last = OfficialDecision.objects.filter(key=key).order_by("-pk").first()
    chosen = last.chosen_id if last and last.chosen_id in there else None
    left: list[Any] = []
    back: list[Any] = []
    for row in rows:
        force = row.pk in there and chosen in (None, row.pk)
        official = chosen == row.pk
        if (row.standing.in_force, row.standing.official) != (force, official):
            if row.standing.in_force != force:
                (back if force else left).append(row.pk)
            Standing.objects.filter(pk=row.pk).update(in_force=force, official=official)
    return left, back


def correct(of: ObservationRow, seen: Observation, *, why: str, by: User) -> Stored:
    """Put another figure in the place of one; the first stays, and can be looked at. Raises RefusedError."""
    if not why.strip():
        raise RefusedError("no_reason")
    try:
        with transaction.atomic():
            place = None
            if of.document is not None:
                place = Place(of.document, of.at_start or 0, of.at_end or 0)
            rows = _store([replace(seen, corrects="")], by, [place], corrects=of, why=why.strip())
            was = Standing.objects.get(pk=of.pk)
            Standing.objects.filter(pk=of.pk).update(corrected=True, in_force=False, official=False)
            left, back = _stand(of.key)
            opened, gone = _check(rows, [*([of.pk] if was.in_force else []), *left], back)
            detail = {"before": f"{of.value} {of.unit}", "after": f"{rows[0].value} {rows[0].unit}"}
            record("figures.corrected", by=by, kind="observation", object=of.pk,
                   detail=detail | {"reason": why.strip()})  # fmt: skip
    except IntegrityError as error:
        raise RefusedError("corrected_before") from error
    return Stored(tuple(rows), opened, gone)


def approve(row: ObservationRow, *, by: User, to: str) -> Approval:
    """The next step: entered, checked, released. `to` is what the person meant. Raises RefusedError."""
    return _step(row, by, lambda seen, past, at: rules.approve(seen, past, by=by.username, at=at), to)


def send_back(row: ObservationRow, *, by: User, reason: str) -> Approval:
    """Back to entered, with a reason. Raises RefusedError."""
    return _step(
        row, by, lambda seen, past, at: rules.send_back(seen, by=by.username, at=at, reason=reason), "entered"
    )


def _step(row: ObservationRow, by: User, step: Any, to: str) -> Approval:
    try:
        with transaction.atomic():
            standing = Standing.objects.select_for_update().get(pk=row.pk)
            if standing.corrected:
                raise RefusedError("corrected_before")
            past = [
                rules.Approval(str(row.pk), _level(a.level), a.by.username, a.at, a.reason)
                for a in row.approvals.select_related("by").order_by("number")
            ]
            made = step(observation_of(row), past, timezone.now())
            if made.level != to:
                raise RefusedError("changed")
            kept = Approval.objects.create(
                observation=row, number=len(past) + 1, level=made.level, by=by, at=made.at, reason=made.reason
            )
            Standing.objects.filter(pk=row.pk).update(level=made.level)
            what = "sent_back" if made.level == Level.ENTERED else made.level
            record(f"figures.{what}", by=by, kind="observation", object=row.pk,
                   detail={"reason": made.reason} if made.reason else {})  # fmt: skip
    except rules.Refused as error:
        raise RefusedError(error.code) from error
    except IntegrityError as error:
        raise RefusedError("same_person") from error
    return kept


def _level(level: str) -> Any:
    return level


def choose(row: ObservationRow, *, by: User, why: str) -> OfficialDecision:
    """Make a figure the official value of its key. Raises RefusedError."""
    if not why.strip():
        raise RefusedError("no_reason")
    with transaction.atomic():
        catalogue.locked()
        if Standing.objects.get(pk=row.pk).corrected:
            raise RefusedError("corrected_before")
        made = OfficialDecision.objects.create(
            key=row.key, chosen=row, by=by, at=timezone.now(), why=why.strip()
        )
        left, back = _stand(row.key)
        _check([], left, back)
        record("figures.official", by=by, kind="observation", object=row.pk, detail={"reason": why.strip()})
    return made


def close(finding: FindingState, *, by: User, reason: str, closed: bool = True) -> Closure:
    """Close a finding, or open it again, with a reason. Raises RefusedError."""
    if not reason.strip():
        raise RefusedError("no_reason")
    with transaction.atomic():
        rows = FindingState.objects.unscoped(because="the caller has fetched it in scope")
        if not rows.filter(pk=finding.pk, closed=not closed).update(closed=closed):
            raise RefusedError("changed")
        made = Closure.objects.create(
            finding=finding, closed=closed, by=by, at=timezone.now(), reason=reason.strip()
        )
        what = "finding_closed" if closed else "finding_opened"
        detail: Mapping[str, Any] = {"reason": reason.strip()}
        record(f"figures.{what}", by=by, kind="finding", object=finding.fingerprint, detail=dict(detail))
    return made
