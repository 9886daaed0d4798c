"""Putting work into the queue, and taking it back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from liantu.errors import LiantuError
from liantu.web.accounts.models import User
from liantu.web.audit.actions import record
from liantu.web.jobs import registry
from liantu.web.jobs.models import Job


class JobOverError(LiantuError):
    """The job has ended already. `params`: status."""

    code = "job_over"


def enqueue(kind: str, *, by: User | None, **params: Any) -> Job:
    """Put a job into the queue. It runs once the caller's transaction is there. Raises UnknownKindError."""
    found = registry.kind(kind)
    return Job.objects.create(kind=found.name, params=params, priority=found.priority, created_by=by)


def cancel(job: Job, *, by: User | None) -> Job:
    """Take a job back that waits or runs: nothing of it will be kept. Raises JobOverError."""
    with transaction.atomic():
        mine = Job.objects.unscoped(because="the caller has fetched it in scope").filter(pk=job.pk)
        active = mine.filter(status__in=(Job.Status.QUEUED, Job.Status.RUNNING))
        if not active.update(status=Job.Status.CANCELLED, finished_at=timezone.now()):
            raise JobOverError(status=mine.values_list("status", flat=True).first() or "")
        record("job.cancelled", by=by, kind="job", object=job.pk, detail={"kind": job.kind})
    job.refresh_from_db()
    return job
