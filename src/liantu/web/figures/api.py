"""Figures for programs: entering, correcting, approving, reading them, and what contradicts what."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from liantu.ledger.observation import BadObservation, Observation
from liantu.ledger.periods import BadPeriod, parse_period
from liantu.ledger.units import UNITS
from liantu.web.figures import actions, catalogue, selectors
from liantu.web.figures.api_schemas import (
    CorrectionIn,
    EnteredOut,
    FigureIn,
    FigureOut,
    FiguresIn,
    FindingOut,
    FindingsWanted,
    IndicatorOut,
    Reason,
    SubjectOut,
    Wanted,
)
from liantu.web.figures.models import FindingState, ObservationRow
from liantu.web.figures.refusals import refusal
from liantu.web.figures.rows import observation_of, period_of
from liantu.web.figures.selectors import CHECK, ENTER, READ
from liantu.web.kit.api import ApiError, Code, Many, Window, answers, window
from liantu.web.tokens.access import needs

router = Router(tags=["figures"])


def figure_out(row: ObservationRow) -> dict[str, Any]:
    """A row as an answer."""
    s, period = row.standing, period_of(row.start, row.end, row.point)
    names = ("subject", "indicator", "value", "unit", "measure", "basis", "price", "status", "qualifier",
             "within", "source", "source_date", "place", "entered_at")  # fmt: skip
    stands = ("level", "official", "corrected", "in_force")
    found = {"id": row.pk, "period": str(period) if period else None, "corrects": row.corrects_id}
    return found | {n: getattr(row, n) for n in names} | {n: getattr(s, n) for n in stands}


@router.get("/observations", auth=needs(READ), response=answers(Many[FigureOut]), summary="Figures")
def observations(request: HttpRequest, wanted: Query[Wanted]) -> Any:
    """The figures that the token's owner may see, the last one first."""
    rows = selectors.listed(_user(request))
    for name in ("subject", "indicator", "measure", "status"):
        if value := getattr(wanted, name):
            rows = rows.filter(**{name: value})
    if wanted.level:
        rows = rows.filter(standing__level=wanted.level)
    if wanted.in_force is not None:
        rows = rows.filter(standing__in_force=wanted.in_force)
    found = window(rows.order_by("-number"), wanted)
    return found | {"items": [figure_out(r) for r in found["items"]]}


@router.post(
    "/observations", auth=needs(ENTER), response=answers(EnteredOut, status=201), summary="Enter figures"
)
def enter(request: HttpRequest, body: FiguresIn) -> Any:
    """Enter figures, all or none; each is checked against the others at once."""
    seen: list[Observation] = []
    where: list[tuple[str, str]] = []
    known = catalogue.current()
    for i, one in enumerate(body.figures):
        made = _observation(one, known, f"body.figures.{i}", where)
        if made is not None:
            seen.append(made)
    if where:
        raise ApiError(422, "refused", _("Some of what was sent can't be taken; see where."), where)
    stored = actions.enter(seen, by=_user(request))
    return Status(201, _entered(stored))


def _observation(one: FigureIn, known: Any, at: str, where: list[tuple[str, str]]) -> Observation | None:
    before = len(where)
    period = None
    try:
        period = parse_period(one.period)
    except BadPeriod:
        where.append((f"{at}.period", _("A period is expected, such as 2025 or 2025-01/2025-09.")))
    for name, there in (("subject", known.subjects), ("indicator", known.indicators), ("unit", UNITS)):
        if getattr(one, name) not in there:
            where.append((f"{at}.{name}", _("It is not in the catalogue.")))
    if len(where) > before:
        return None
    value = Decimal(one.value)
    exact = "." not in one.value and UNITS[one.unit].factor == 1
    counted = UNITS[one.unit].dimension in ("count", "people", "rank")
    step = Decimal(0) if exact and counted else Decimal(1).scaleb(int(value.as_tuple().exponent))
    names = ("subject", "indicator", "unit", "measure", "basis", "price", "status", "qualifier",
        "within",
             "source", "source_date", "place")  # fmt: skip
    try:
        said = {n: getattr(one, n) for n in names}
        return Observation(id="new", period=period, value=value, step=step, **said)
    except BadObservation as error:
        where.append((at, str(error)))
        return None


@router.get(
    "/observations/{uuid:pk}", auth=needs(READ), response=answers(FigureOut, 404), summary="One figure"
)
def observation(request: HttpRequest, pk: UUID) -> Any:
    """A figure by its id."""
    return figure_out(get_object_or_404(selectors.listed(_user(request)), pk=pk))


@router.post("/observations/{uuid:pk}/correct", auth=needs(ENTER),
             response=answers(EnteredOut, 404, 409, status=201), summary="Correct a figure")  # fmt: skip
def correct(request: HttpRequest, pk: UUID, body: CorrectionIn) -> Any:
    """Put another value in the place of a figure; the first one stays."""
    user = _user(request)
    row = get_object_or_404(selectors.own(user).select_related("entered_by", "document"), pk=pk)
    value = Decimal(body.value)
    seen = observation_of(row)
    step = seen.step if not seen.step else Decimal(1).scaleb(int(value.as_tuple().exponent))
    try:
        stored = actions.correct(row, seen.with_value(value, step), why=body.reason, by=user)
    except actions.RefusedError as error:
        raise ApiError(409, error.code, refusal(error)) from error
    return Status(201, _entered(stored))


@router.post("/observations/{uuid:pk}/{step}", auth=needs(CHECK), response=answers(FigureOut, 404, 409),
             summary="Check or release a figure")  # fmt: skip
def approve(request: HttpRequest, pk: UUID, step: Literal["checked", "released"]) -> Any:
    """The next step of approval, by somebody who neither entered nor approved the figure. Releasing asks for
    figures.release too."""
    user = _user(request)
    permission = CHECK if step == "checked" else selectors.RELEASE
    if permission not in request.auth.permissions:
        raise ApiError(403, "forbidden", _("This is not for your role."))
    row = get_object_or_404(selectors.visible(user, permission).select_related("entered_by"), pk=pk)
    try:
        actions.approve(row, by=user, to=step)
    except actions.RefusedError as error:
        raise ApiError(409, error.code, refusal(error)) from error
    return figure_out(get_object_or_404(selectors.listed(user), pk=pk))


@router.get("/findings", auth=needs(READ), response=answers(Many[FindingOut]), summary="Findings")
def findings(request: HttpRequest, wanted: Query[FindingsWanted]) -> Any:
    """Figures that contradict each other, the gravest first."""
    rows = selectors.findings(_user(request)).filter(present=True, closed=wanted.closed)
    found = window(rows.prefetch_related("rows"), wanted)
    return found | {"items": [_finding(f) for f in found["items"]]}


@router.post("/findings/{fingerprint}/close", auth=needs(CHECK), response=answers(FindingOut, 404, 409),
             summary="Close a finding")  # fmt: skip
def close(request: HttpRequest, fingerprint: Code, body: Reason) -> Any:
    """Close a finding with a reason; it comes back only if the figures change."""
    user = _user(request)
    found = get_object_or_404(selectors.closable(user), fingerprint=fingerprint)
    try:
        actions.close(found, by=user, reason=body.reason)
    except actions.RefusedError as error:
        raise ApiError(409, error.code, refusal(error)) from error
    return _finding(get_object_or_404(selectors.closable(user).prefetch_related("rows"), pk=found.pk))


def _finding(f: FindingState) -> dict[str, Any]:
    c = f.content
    return {
        "fingerprint": f.fingerprint, "check": f.check_code, "severity": f.severity, "formula": c["formula"],
        "expected": c["expected"], "found": c["found"], "explanations": c["explanations"], "closed": f.closed,
        "present": f.present,
        "figures": [{"role": r.role, "id": str(r.observation_id)} for r in f.rows.all()],
    }  # fmt: skip


@router.get("/subjects", auth=needs(READ), response=answers(Many[SubjectOut]), summary="Subjects of figures")
def subjects(request: HttpRequest, wanted: Query[Window]) -> Any:
    """Cities, counties, parks, chains, firms and projects."""
    known = catalogue.current().subjects.values()
    return window([{"code": s.id, "kind": s.kind, "name_zh": s.zh, "name_en": s.en} for s in known], wanted)


@router.get("/indicators", auth=needs(READ), response=answers(Many[IndicatorOut]), summary="Indicators")
def indicators(request: HttpRequest, wanted: Query[Window]) -> Any:
    """What is measured, in which unit."""
    rows = [
        {"code": i.id, "name_zh": i.zh, "name_en": i.en, "unit": i.unit, "kind": i.kind,
         "definition": i.definition, "formula": i.formula.text if i.formula else None, "steward": i.steward}
        for i in catalogue.current().indicators.values()
    ]  # fmt: skip
    return window(rows, wanted)


def _entered(stored: actions.Stored) -> dict[str, Any]:
    return {"ids": [r.pk for r in stored.rows], "opened": stored.opened, "gone": stored.gone}


def _user(request: HttpRequest) -> Any:
    return request.auth.user
