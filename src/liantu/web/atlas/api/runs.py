"""Runs: asking the engine, following it, reading what it found."""

from __future__ import annotations

import zlib
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from liantu.web.accounts.permissions import Permission
from liantu.web.atlas import city as provider
from liantu.web.atlas.datasets.selectors import tables_of
from liantu.web.atlas.models import DatasetVersion, Run
from liantu.web.atlas.runs import actions, scenarios, selectors
from liantu.web.jobs import actions as jobs
from liantu.web.jobs.selectors import reasons
from liantu.web.kit.api import ApiError, Code, Many, Window, answers, unchanging, window
from liantu.web.tokens.access import needs

router = Router(tags=["runs"])
READ = needs(Permission.RUNS_READ)
START = needs(Permission.RUNS_START)
Kind = Literal["plan", "gaps"]
DOCUMENT = {
    "responses": {
        200: {
            "description": "The document that the command line prints, with an ETag: it never changes.",
            "content": {"application/json": {"schema": {"type": "object"}}},
        }
    }
}


class RunRow(Schema):
    """One question to the engine. `of` is the plan whose gaps it looks for; `objective_cny` is the value of a
    plan, CNY a year."""

    id: UUID
    kind: str
    name: str
    status: str
    dataset: str
    version: int
    of: UUID | None
    done: int
    total: int
    objective_cny: float | None
    created_by: str | None
    created_at: datetime
    finished_at: datetime | None


class RunWhole(RunRow):
    """A run with its scenario, its certificate, and why it failed."""

    scenario: str
    options: dict[str, Any]
    certificate: dict[str, Any]
    failure: list[str]


class RunsAsked(Window):
    """Which runs."""

    kind: Literal["plan", "gaps", "portfolio"] | None = None
    status: Literal["queued", "running", "done", "failed", "cancelled"] | None = None


class Started(Schema):
    """What is asked. A plan is of a version of a dataset (the current one, where none is named) and of a
    scenario, the text of a scenario file; gaps are of a plan that is done (`of`)."""

    kind: Kind = "plan"
    name: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = ""
    dataset: Code | None = None
    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    scenario: Annotated[str, Field(max_length=200_000, pattern=r"^[^\x00]*$")] = ""
    of: UUID | None = None
    publish: bool = Field(False, description="Show the plan to all once it is done; needs runs.publish.")


_JOINED = {
    "status": F("job__status"),
    "dataset": F("version__dataset__code"),
    "number": F("version__number"),
    "plan": F("of_id"),
    "done": F("job__done"),
    "total": F("job__total"),
    "objective_cny": F("result__objective"),
    "author": F("created_by__username"),
    "finished_at": F("job__finished_at"),
}


@router.get("/runs", auth=READ, response=answers(Many[RunRow]), summary="Runs")
def runs(request: HttpRequest, asked: Query[RunsAsked]) -> dict[str, Any]:
    """Those that the caller may open, the newest first."""
    wanted = {k: v for k, v in (("kind", asked.kind), ("job__status", asked.status)) if v}
    rows = selectors.visible(request.user).filter(**wanted).order_by("-created_at", "pk")
    found = window(_values(rows), asked)
    return found | {"items": [_row(row) for row in found["items"]]}


@router.post("/runs", auth=START, response=answers(RunWhole, 404, 409, status=202), summary="Start a run")
def start(request: HttpRequest, started: Started) -> Any:
    """202 with the queued run; ask for it again until its status is done, failed or cancelled."""
    if started.publish and Permission.RUNS_PUBLISH not in request.auth.permissions:
        said = _("Publishing needs the permission runs.publish.")
        raise ApiError(403, "forbidden", said, [("permission", Permission.RUNS_PUBLISH.value)])
    if started.kind == Run.Kind.GAPS:
        plan = _plan(request, started.of) if started.of else None
        if plan is None or started.scenario or started.version or started.publish:
            said = _("Gaps are of a plan that is done: name it in “of”, and nothing else.")
            raise ApiError(422, "invalid", said, [("body.started.of", said)])
        version, scenario, of = plan.version, plan.scenario, plan
    else:
        version, scenario, of = _version(started), started.scenario, None
        scenarios.read(scenario, tables_of(version))  # refuses with every problem
    run = actions.start_run(
        version=version,
        kind=started.kind,
        scenario=scenario,
        name=started.name,
        by=request.user,
        publish=started.publish,
        of=of,
    )
    return Status(202, _whole(request, run.pk))


@router.get("/runs/{run}", auth=READ, response=answers(RunWhole, 404), summary="One run")
def one(request: HttpRequest, run: UUID) -> dict[str, Any]:
    """How far it is, and why it failed where it did."""
    return _whole(request, run)


@router.post("/runs/{run}/cancel", auth=START, response=answers(RunWhole, 404, 409), summary="Cancel a run")
def cancel(request: HttpRequest, run: UUID) -> dict[str, Any]:
    """Take back a run of one's own that waits or runs; 409 where it has ended."""
    found = _found(request, run)
    if found.created_by_id != request.user.pk and Permission.RUNS_PUBLISH not in request.auth.permissions:
        raise Http404
    try:
        jobs.cancel(found.job, by=request.user)
    except jobs.JobOverError as error:
        raise ApiError(409, "over", _("The run has ended already.")) from error
    return _whole(request, run)


@router.get(
    "/runs/{run}/report",
    auth=READ,
    response={**answers(None, 404, 409), 304: None},
    summary="What a run found",
    openapi_extra=DOCUMENT,
)
def report(request: HttpRequest, run: UUID) -> HttpResponse:
    """The whole result; its fields are in docs/json-schema.md. 409 while there is none."""
    return _document(request, run, "report")


@router.get(
    "/runs/{run}/accounts",
    auth=READ,
    response={**answers(None, 404, 409), 304: None},
    summary="The circular accounts of a plan",
    openapi_extra=DOCUMENT,
)
def accounts(request: HttpRequest, run: UUID) -> HttpResponse:
    """Local supply, by-products, water, energy, carbon; fields in docs/json-schema.md."""
    return _document(request, run, "accounts")


@router.get(
    "/runs/{run}/compare/{other}",
    auth=READ,
    response=answers(dict[str, Any], 404, 409),
    summary="Two plans side by side",
)
def compare(request: HttpRequest, run: UUID, other: UUID) -> Any:
    """What the second is worth more than the first, and from where; fields in docs/json-schema.md."""
    from liantu.chain.compare import compare_plans
    from liantu.report.compare import compare_json

    a, b = (_plan(request, one) for one in (run, other))
    if a is None or b is None:
        raise ApiError(409, "not_done", _("Both must be plans that are done."))
    left, right = provider.of_run(a), provider.of_run(b)
    return compare_json(compare_plans(left.plan, right.plan), left.opened, right.opened)


def _found(request: HttpRequest, run: UUID) -> Run:
    found: Run = get_object_or_404(selectors.visible(request.user), pk=run)
    return found


def _plan(request: HttpRequest, run: UUID) -> Run | None:
    """A plan that the caller may open; None where it is not done or not a plan."""
    found = _found(request, run)
    return found if found.kind == Run.Kind.PLAN and found.is_done else None


def _version(started: Started) -> DatasetVersion:
    """The version that is named, else the current one."""
    dataset = selectors.dataset()
    if started.dataset is None and started.version is None:
        if dataset is None or dataset.current is None:
            raise ApiError(409, "no_city", _("No data are there yet."))
        return dataset.current
    code = started.dataset or (dataset.code if dataset else "")
    rows = DatasetVersion.objects.filter(dataset__code=code).order_by("-number")
    found = rows.filter(number=started.version) if started.version else rows.filter(current_of__isnull=False)
    version = found.first()
    if version is None:
        said = _("There is no such version.")
        raise ApiError(422, "invalid", said, [("body.started.version", said)])
    return version


def _document(request: HttpRequest, run: UUID, which: str) -> HttpResponse:
    found = _found(request, run)
    if not found.is_done:
        raise ApiError(
            409, "not_done", _("The run has found nothing yet: it is %(status)s.") % {"status": found.status}
        )
    result = selectors.result_of(found)
    stored = bytes(getattr(result, which))
    if not stored:
        raise Http404
    return unchanging(request, zlib.decompress(stored), f"{result.digest}-{which}")


def _values(rows: Any) -> Any:
    """Under names that no field of the model has."""
    named = {f"its_{name}": field for name, field in _JOINED.items()}
    return rows.values("id", "kind", "name", "created_at", **named)


def _row(row: dict[str, Any]) -> dict[str, Any]:
    found = {key.removeprefix("its_"): value for key, value in row.items()}
    return found | {"version": found["number"], "of": found["plan"], "created_by": found["author"]}


def _whole(request: HttpRequest, run: UUID) -> dict[str, Any]:
    found = _found(request, run)
    row: dict[str, Any] = _values(selectors.visible(request.user)).get(pk=run)
    result = getattr(found, "result", None) if found.is_done else None
    return _row(row) | {
        "scenario": found.scenario,
        "options": found.options,
        "certificate": result.certificate if result else {},
        "failure": reasons(found.job),
    }
