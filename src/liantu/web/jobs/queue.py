"""What workers do to the queue: every step is one guarded UPDATE, so that exactly one of them does it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from liantu.web.jobs import registry
from liantu.web.jobs.living import is_gone
from liantu.web.jobs.models import ATTEMPTS, Job, Schedule

LOST_AFTER = timedelta(seconds=60)
"""Without a sign of life for so long, a worker of another machine counts as lost."""
KEPT = timedelta(days=14)

S = Job.Status


def jobs() -> Any:
    """All of them: the queue works for everybody."""
    return Job.objects.unscoped(because="the queue works for everybody")


def claim(worker: str, most: int = registry.BACKGROUND) -> Job | None:
    """Take the next job of at most this priority number; None where there is none."""
    while True:
        waiting = jobs().filter(status=S.QUEUED, priority__lte=most).order_by("priority", "created_at", "pk")
        pk = waiting.values_list("pk", flat=True).first()
        if pk is None:
            return None
        now = timezone.now()
        with transaction.atomic():
            taken = jobs().filter(pk=pk, status=S.QUEUED)
            if taken.update(
                status=S.RUNNING,
                worker=worker,
                attempts=F("attempts") + 1,
                started_at=now,
                heartbeat_at=now,
                done=0,
                total=0,
                step="",
            ):
                found: Job = jobs().select_related("created_by").get(pk=pk)
                return found


def held(job: Job) -> Any:
    """The row of a job as long as it is still that attempt's."""
    return jobs().filter(pk=job.pk, status=S.RUNNING, attempts=job.attempts)


def beat(job: Job) -> bool:
    """Give a sign of life; whether the job is still ours."""
    return bool(held(job).update(heartbeat_at=timezone.now()))


def fail(job: Job, code: str, params: dict[str, Any]) -> bool:
    """End the job with a reason; False where it is no longer ours."""
    failure = {"code": code, "params": params}
    return bool(held(job).update(status=S.FAILED, failure=failure, finished_at=timezone.now()))


def release(job: Job, *, crashed: bool) -> bool:
    """Put a job back into the queue; given up where it lost its worker too often. False: no longer ours."""
    crashes = job.crashes + crashed
    if crashes >= ATTEMPTS:
        failure = {"code": "worker_lost", "params": {"times": crashes}}
        changes = {"status": S.FAILED, "failure": failure, "finished_at": timezone.now()}
    else:
        changes = {"status": S.QUEUED, "heartbeat_at": None}
    return bool(held(job).update(crashes=crashes, worker="", **changes))


def reap(now: datetime | None = None) -> list[Job]:
    """Release the jobs of workers that are gone; those jobs."""
    late = (now or timezone.now()) - LOST_AFTER
    running = jobs().filter(status=S.RUNNING)
    lost = [j for j in running if is_gone(j.worker) or j.heartbeat_at < late]
    return [j for j in lost if release(j, crashed=True)]


def plan_schedule() -> None:
    """Give each kind that runs by itself a row of the schedule, and a new interval where it changed."""
    for kind in registry.kinds().values():
        if kind.every is not None:
            Schedule.objects.get_or_create(
                kind=kind.name, defaults={"every": kind.every, "next_at": timezone.now()}
            )


def tick(now: datetime | None = None) -> list[Job]:
    """Put what is due by the schedule into the queue, once, and not where one still waits; those jobs."""
    now = now or timezone.now()
    made = []
    for due in Schedule.objects.filter(active=True, next_at__lte=now, kind__in=registry.kinds()):
        with transaction.atomic():
            guard = Schedule.objects.filter(pk=due.pk, next_at=due.next_at)
            if not guard.update(next_at=now + timedelta(minutes=due.every), last_at=now):
                continue
            if not jobs().filter(kind=due.kind, status__in=(S.QUEUED, S.RUNNING)).exists():
                priority = registry.kind(due.kind).priority
                made.append(Job.objects.create(kind=due.kind, priority=priority))
    return made


def clean(now: datetime | None = None) -> int:
    """Drop the jobs of the schedule that ended well long ago; how many."""
    repeated = [k.name for k in registry.kinds().values() if k.every is not None]
    before = (now or timezone.now()) - KEPT
    old = jobs().filter(kind__in=repeated, created_by=None, status=S.DONE, finished_at__lt=before)
    return int(old.delete()[0])
