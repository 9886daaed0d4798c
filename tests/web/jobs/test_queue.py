"""One worker takes a job, its end and its result are one, and what is lost is taken up again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from liantu.errors import InputError, LiantuError, Problem, SolverError
from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import Role
from liantu.web.audit.models import Event
from liantu.web.jobs import queue, registry
from liantu.web.jobs.actions import JobOverError, cancel, enqueue
from liantu.web.jobs.models import ATTEMPTS, Job, Schedule
from liantu.web.jobs.registry import CancelledError
from liantu.web.jobs.runner import Running, StoppedError, run
from liantu.web.jobs.selectors import reasons
from tests.web.conftest import person

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
S = Job.Status


def again(job: Job) -> Job:
    job.refresh_from_db()
    return job


def test_a_job_runs_with_its_parameters_and_keeps_its_result(kind: Any, run_jobs: Any) -> None:
    seen = []

    @kind("test.add")
    def add(context: Any, a: int, b: int) -> dict[str, int]:
        context.progress(1, 2, "Adding")
        seen.append((a, b))
        return {"sum": a + b}

    someone = person(Role.TASK_FORCE)
    job = enqueue("test.add", by=someone, a=2, b=3)
    assert (job.status, job.active) == (S.QUEUED, True)
    assert run_jobs() == [job]
    job = again(job)
    assert (job.status, job.result, job.attempts, job.created_by) == (S.DONE, {"sum": 5}, 1, someone)
    assert (job.done, job.total, job.step, job.percent) == (1, 2, "Adding", 50)
    assert job.started_at
    assert job.finished_at
    assert seen == [(2, 3)]


def test_an_unknown_kind_is_refused_when_it_is_asked_for_and_told_when_it_is_met(run_jobs: Any) -> None:
    with pytest.raises(registry.UnknownKindError):
        enqueue("no.such", by=None)
    job = Job.objects.create(kind="of.old", priority=1)
    run_jobs()
    assert again(job).status == S.FAILED
    assert "of.old" in reasons(job)[0]


def test_others_go_before_work_of_the_background(kind: Any, run_jobs: Any) -> None:
    kind("test.slow", background=True)(lambda context: None)
    kind("test.quick")(lambda context: None)
    slow, first, second = (enqueue(k, by=None) for k in ("test.slow", "test.quick", "test.quick"))
    assert run_jobs() == [first, second, slow]


def test_a_worker_for_quick_work_leaves_the_background_alone(kind: Any) -> None:
    kind("test.slow", background=True)(lambda context: None)
    enqueue("test.slow", by=None)
    assert queue.claim("quick", registry.NORMAL) is None
    assert queue.claim("any") is not None


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (SolverError("not_optimal", status="Infeasible"), "solver_failed", "Infeasible"),
        (InputError([Problem("a.csv", 3, "unit", "wrong_unit", "kg", "t", "")]), "bad_input", "a.csv"),
        (LiantuError("odd", what=7), "odd", "what=7"),
        (ZeroDivisionError("secret"), "broke", "ZeroDivisionError"),
    ],
)
def test_an_error_is_the_jobs_reason_in_a_sentence(
    kind: Any, run_jobs: Any, error: Exception, code: str, said: str
) -> None:
    @kind("test.fail")
    def fail(context: Any) -> None:
        with context.commit():
            User.objects.create(username="half")
            raise error

    job = enqueue("test.fail", by=None)
    run_jobs()
    assert again(job).status == S.FAILED
    assert job.failure["code"] == code
    assert said in reasons(job)[0]
    assert "secret" not in str(job.failure)
    assert not User.objects.filter(username="half").exists()


def test_what_the_job_writes_and_its_end_are_one(kind: Any, run_jobs: Any) -> None:
    @kind("test.store")
    def store(context: Any) -> None:
        with context.commit() as result:
            User.objects.create(username="stored")
            result["pk"] = 1

    job = enqueue("test.store", by=None)
    run_jobs()
    assert (again(job).status, job.result) == (S.DONE, {"pk": 1})
    assert User.objects.filter(username="stored").exists()


def test_a_job_ends_once(kind: Any, run_jobs: Any) -> None:
    @kind("test.twice")
    def twice(context: Any) -> None:
        with context.commit():
            pass
        with context.commit():
            User.objects.create(username="second")

    job = enqueue("test.twice", by=None)
    run_jobs()
    assert again(job).status == S.DONE
    assert not User.objects.filter(username="second").exists()


def test_a_cancelled_job_stops_and_writes_nothing(kind: Any, run_jobs: Any) -> None:
    someone = person(Role.TASK_FORCE)
    stopped = []

    @kind("test.long")
    def long(context: Any) -> None:
        cancel(job, by=someone)
        try:
            context.progress(1, 2)
        except CancelledError:
            stopped.append(True)
            raise

    job = enqueue("test.long", by=someone)
    run_jobs()
    assert stopped
    assert again(job).status == S.CANCELLED
    assert Event.objects.filter(action="job.cancelled", object=str(job.pk), actor=someone.pk).count() == 1
    with pytest.raises(JobOverError):
        cancel(job, by=someone)


def test_a_job_that_is_cancelled_before_its_commit_commits_nothing(kind: Any, run_jobs: Any) -> None:
    @kind("test.late")
    def late(context: Any) -> None:
        cancel(job, by=None)
        with context.commit():
            User.objects.create(username="late")

    job = enqueue("test.late", by=None)
    run_jobs()
    assert again(job).status == S.CANCELLED
    assert not User.objects.filter(username="late").exists()


def test_a_waiting_job_can_be_cancelled(kind: Any, run_jobs: Any) -> None:
    kind("test.never")(lambda context: pytest.fail("it ran"))
    job = cancel(enqueue("test.never", by=None), by=None)
    assert job.status == S.CANCELLED
    assert run_jobs() == []


def test_a_worker_that_wakes_up_late_overwrites_nothing(kind: Any) -> None:
    @kind("test.store")
    def store(context: Any) -> None:
        with context.commit() as result:
            User.objects.create(username=f"by {context.job.worker}")
            result["by"] = context.job.worker

    enqueue("test.store", by=None)
    sleeper = queue.claim("sleeper")
    assert sleeper is not None
    asleep = timezone.now() + queue.LOST_AFTER + timedelta(seconds=1)
    assert queue.reap(asleep) == [sleeper]
    other = queue.claim("other")
    assert other is not None
    assert other.attempts == 2
    assert not queue.beat(sleeper)
    run(sleeper)
    assert again(other).status == S.RUNNING
    assert not queue.fail(sleeper, "odd", {})
    assert not queue.release(sleeper, crashed=True)
    run(other)
    run(sleeper)
    assert (again(other).status, other.result) == (S.DONE, {"by": "other"})
    assert list(User.objects.values_list("username", flat=True)) == ["by other"]


def test_a_job_that_loses_its_worker_too_often_is_given_up(kind: Any) -> None:
    kind("test.deadly")(lambda context: None)
    job = enqueue("test.deadly", by=None)
    for n in range(1, ATTEMPTS + 1):
        claimed = queue.claim(f"w{n}")
        assert claimed is not None
        assert queue.reap(timezone.now()) == []  # it lives
        assert queue.reap(timezone.now() + queue.LOST_AFTER * 2) == [job]
    assert again(job).status == S.FAILED
    assert job.failure == {"code": "worker_lost", "params": {"times": ATTEMPTS}}
    assert str(ATTEMPTS) in reasons(job)[0]


def test_a_failing_database_costs_an_attempt_and_the_job_runs_again(kind: Any, run_jobs: Any) -> None:
    calls = []

    @kind("test.flaky")
    def flaky(context: Any) -> dict[str, int]:
        calls.append(1)
        if len(calls) == 1:
            raise OperationalError("server closed the connection")
        return {"calls": len(calls)}

    job = enqueue("test.flaky", by=None)
    run_jobs()
    assert (again(job).status, job.crashes, job.result) == (S.DONE, 1, {"calls": 2})


def test_a_stopped_worker_puts_its_job_back_and_that_is_no_crash(kind: Any) -> None:
    @kind("test.long")
    def long(context: Any) -> None:
        context._stopping.set()
        context.progress(1, 2)

    enqueue("test.long", by=None)
    job = queue.claim("w")
    assert job is not None
    run(job, Running(job))
    assert (again(job).status, job.crashes, job.worker) == (S.QUEUED, 0, "")
    assert issubclass(StoppedError, CancelledError)


def test_the_schedule_puts_work_into_the_queue_once_per_interval(kind: Any, run_jobs: Any) -> None:
    kind("test.sweep", every=5)(lambda context: {})
    queue.plan_schedule()
    queue.plan_schedule()
    Schedule.objects.exclude(kind="test.sweep").delete()
    start = timezone.now()
    assert len(queue.tick(start)) == 1
    assert queue.tick(start) == []
    assert queue.tick(start + timedelta(minutes=6)) == []  # the first still waits
    run_jobs()
    assert queue.tick(start + timedelta(minutes=10)) == []
    assert len(queue.tick(start + timedelta(minutes=12))) == 1
    Schedule.objects.update(active=False)
    run_jobs()
    assert queue.tick(start + timedelta(days=1)) == []


def test_old_rows_of_the_schedule_are_dropped_and_no_others(kind: Any, run_jobs: Any) -> None:
    kind("test.sweep", every=5)(lambda context: None)
    kind("test.asked")(lambda context: None)
    old, asked = Job.objects.create(kind="test.sweep", priority=1), enqueue("test.asked", by=None)
    run_jobs()
    now = timezone.now()
    assert queue.clean(now) == 0
    assert queue.clean(now + queue.KEPT + timedelta(minutes=1)) == 1
    assert list(queue.jobs()) == [asked]
    assert not queue.jobs().filter(pk=old.pk).exists()
