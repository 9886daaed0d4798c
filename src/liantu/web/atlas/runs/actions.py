"""Starting runs, keeping what they found, showing one to all."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from liantu.errors import LiantuError
from liantu.web.accounts.models import User
from liantu.web.atlas import runs
from liantu.web.atlas.models import Dataset, DatasetVersion, Publication, Run, RunResult
from liantu.web.atlas.runs import selectors
from liantu.web.audit.actions import record
from liantu.web.jobs import actions as jobs
from liantu.web.jobs import registry
from liantu.web.jobs.models import Job


class NotPublishableError(LiantuError):
    """Only a plan that is done can be shown to all. `params`: kind, status."""

    code = "not_publishable"


def start_run(
    *,
    version: DatasetVersion,
    kind: str = "plan",
    scenario: str = "",
    name: str = "",
    by: User | None,
    publish: bool = False,
    of: Run | None = None,
    options: dict[str, Any] | None = None,
) -> Run:
    """Put a question to the engine into the queue. `scenario` is the text of a scenario file; `publish` shows
    the plan to all as soon as it is done; `of` is the plan that gaps and portfolios belong to."""
    with transaction.atomic():
        run = Run(
            version=version,
            kind=kind,
            scenario=scenario,
            name=name,
            created_by=by,
            publish=publish,
            of=of,
            options=options or {},
        )
        run.job = jobs.enqueue(f"atlas.{kind}", by=by, run=str(run.pk))
        run.save(force_insert=True)
        detail = {"kind": str(kind), "name": name, "version": str(version), "publish": publish}
        record("run.started", by=by, kind="run", object=run.pk, detail=detail)
    return run


def keep(
    run: Run,
    *,
    report: bytes,
    stored: bytes,
    objective: float | None,
    accounts: bytes = b"",
    certificate: dict[str, Any] | None = None,
    findings: int = 0,
) -> RunResult:
    """Keep what a run found; in the transaction in which its job ends."""
    return RunResult.objects.create(
        run=run,
        report=report,
        accounts=accounts,
        stored=stored,
        objective=objective,
        certificate=certificate or {},
        findings=findings,
        digest=selectors.digest(report, accounts, stored),
    )


def publish(run: Run, *, by: User | None) -> Publication:
    """Show the plan to all from now on; its gaps are looked for, and what depends on it is told.

    Raises NotPublishableError.
    """
    with transaction.atomic():
        status = Job.objects.unscoped(because="of a run in scope").get(pk=run.job_id).status
        value = RunResult.objects.filter(pk=run.pk).values_list("objective", flat=True).first()
        if run.kind != Run.Kind.PLAN or value is None:
            raise NotPublishableError(kind=run.kind, status=status)
        Dataset.objects.select_for_update().get(pk=run.version.dataset_id)  # one after the other
        of = run.version
        made = Publication.objects.create(
            run=run, by=by, dataset_id=of.dataset_id, number=of.number, value=value
        )
        _follow(run)
        detail = {"name": run.name, "version": str(run.version)}
        record("run.published", by=by, kind="run", object=run.pk, detail=detail)
    return made


def publish_unless_overtaken(run: Run) -> Publication | None:
    """Show a plan that was asked for with `publish`; None where a newer version is shown by now."""
    dataset = Dataset.objects.select_for_update().get(pk=run.version.dataset_id)
    newer = Publication.objects.filter(dataset=dataset, number__gt=run.version.number)
    return None if newer.exists() else publish(run, by=run.created_by)


def find_gaps(plan: Run, *, by: User | None) -> Run:
    """Look for the missing links of a plan, where that was not done and is not under way."""
    failed = Job.objects.unscoped(because="of runs in scope").filter(
        pk=OuterRef("job"), status__in=(Job.Status.FAILED, Job.Status.CANCELLED)
    )
    mine = selectors.every().filter(of=plan.pk, kind=Run.Kind.GAPS)
    found = mine.exclude(Exists(failed)).first()
    if found is not None:
        return found
    return start_run(
        version=plan.version,
        kind=str(Run.Kind.GAPS),
        scenario=plan.scenario,
        name=plan.name,
        of=plan,
        by=by,
    )


def _follow(run: Run) -> None:
    find_gaps(run, by=None)
    registry.kinds()  # whoever wants to be told has said so by now
    for kind in runs.after_publish:
        jobs.enqueue(kind, by=None, run=str(run.pk))
