"""Cities of the examples as stored runs, solved once in a test session."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils import timezone

from liantu import runs
from liantu.chain.accounts import circular_accounts
from liantu.data.tables import Tables
from liantu.report.accounts import accounts_json
from liantu.report.gaps import gaps_json
from liantu.report.machine import plain
from liantu.report.plan import plan_json
from liantu.web.atlas import city
from liantu.web.atlas.city import City
from liantu.web.atlas.datasets.packages import pack
from liantu.web.atlas.models import Dataset, DatasetVersion, Publication, Run
from liantu.web.atlas.runs import actions, selectors, stored
from liantu.web.jobs.models import Job

EXAMPLES = Path(__file__).parents[2] / "examples"


@dataclass(frozen=True)
class Solved:
    """What is kept of an example: its tables, its plan and, where asked for, its gaps, as they are stored."""

    tables: Tables
    package: bytes
    report: bytes
    accounts: bytes
    plan: bytes
    certificate: dict[str, object]
    objective: float
    gaps: tuple[bytes, bytes] | None


@cache
def solved(name: str, with_gaps: bool) -> Solved:
    """The example, solved."""
    opened = runs.open_city(EXAMPLES / name)
    plan = runs.plan(opened)
    report = runs.gaps(opened) if with_gaps else None
    return Solved(
        opened.tables,
        pack(opened.tables),
        stored.pack_document(plan_json(plan, opened)),
        stored.pack_document(accounts_json(circular_accounts(plan), opened)),
        stored.pack_plan(plan),
        {**plain(plan.certificate), "holds": plan.certificate.holds},
        plan.objective,
        (stored.pack_document(gaps_json(report, opened)), stored.pack_record(report)) if report else None,
    )


def version_of(name: str, *, with_gaps: bool = False) -> DatasetVersion:
    """The example as the current version of a dataset of its own."""
    found = solved(name, with_gaps)
    dataset, _ = Dataset.objects.get_or_create(
        code=found.tables.name,
        defaults={"name_zh": found.tables.title_zh, "name_en": found.tables.title_en},
    )
    if dataset.current is None:
        dataset.current = DatasetVersion.objects.create(
            dataset=dataset,
            number=1,
            digest=found.tables.digest,
            package=found.package,
            sha256=hashlib.sha256(found.package).hexdigest(),
        )
    dataset.shown_at = timezone.now()
    dataset.save()
    return dataset.current


def stored_city(name: str, *, with_gaps: bool) -> City:
    """The example as the published run; without gaps, they are for ever being computed."""
    found = solved(name, with_gaps)
    run = _run(name, version_of(name, with_gaps=with_gaps), Run.Kind.PLAN, Job.Status.DONE)
    actions.keep(
        run,
        report=found.report,
        accounts=found.accounts,
        stored=found.plan,
        certificate=found.certificate,
        objective=found.objective,
    )
    publication_of(run, found.objective).save()
    status = Job.Status.DONE if found.gaps else Job.Status.RUNNING
    gaps = _run(f"{name} gaps {with_gaps}", run.version, Run.Kind.GAPS, status, of=run)
    if found.gaps:
        actions.keep(gaps, report=found.gaps[0], stored=found.gaps[1], objective=found.objective)
    shown = city.published()
    object.__setattr__(shown, "run", selectors.published())  # rows of this test, in a city of an earlier one
    return shown


def publication_of(run: Run, value: float = 1e9) -> Publication:
    """The run as the atlas shows it, not yet stored."""
    return Publication(run=run, dataset=run.version.dataset, number=run.version.number, value=value)


def _run(name: str, version: DatasetVersion, kind: str, status: str, of: Run | None = None) -> Run:
    """A run whose id follows from its name, so that what was read of it stays in memory between tests."""
    key = uuid.uuid5(uuid.NAMESPACE_URL, name)
    job = Job.objects.create(
        kind=f"atlas.{kind}", status=status, priority=10, attempts=1, heartbeat_at=timezone.now()
    )
    return Run.objects.create(id=key, version=version, kind=kind, job=job, of=of, publish=True)
