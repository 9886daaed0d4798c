"""Running one job: its context, the transaction in which it ends, and what an error makes of it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from liantu.errors import InputError, LiantuError, SolverError
from liantu.web.jobs import queue, registry
from liantu.web.jobs.models import Job
from liantu.web.jobs.registry import CancelledError

log = logging.getLogger(__name__)
PACE = 0.4  # s between two reports of progress


class StoppedError(CancelledError):
    """The worker was told to stop: the job goes back into the queue."""


class Running:
    """The context of one attempt at a job."""

    def __init__(self, job: Job, stopping: threading.Event | None = None) -> None:
        self.job = job
        self.lost = threading.Event()  # set by the heartbeat
        self.committed = False
        self._stopping = stopping or threading.Event()
        self._said = (0.0, "")

    def progress(self, done: int, total: int, step: str = "") -> None:
        if self._stopping.is_set():
            raise StoppedError
        if self.lost.is_set():
            raise CancelledError
        at, last = self._said
        now = time.monotonic()
        if now - at < PACE and step == last:
            return
        self._said = (now, step)
        changes = {"done": max(0, done), "total": max(0, total), "step": step[:200]}
        if not queue.held(self.job).update(heartbeat_at=timezone.now(), **changes):
            self.lost.set()
            raise CancelledError

    @contextmanager
    def commit(self) -> Iterator[dict[str, Any]]:
        if self.committed:
            raise RuntimeError(f"{self.job}: a job ends once")
        result: dict[str, Any] = {}
        with transaction.atomic():
            if not queue.beat(self.job):  # from here on the row is ours until the end
                raise CancelledError
            yield result
            now = timezone.now()
            queue.held(self.job).update(status=Job.Status.DONE, result=result, finished_at=now)
        self.committed = True


def run(job: Job, context: Running | None = None) -> None:
    """Run a claimed job to one of its ends. Raises nothing that the job's function raised."""
    context = context or Running(job)
    try:
        found = registry.kind(job.kind).function(context, **job.params)
        if not context.committed:
            with context.commit() as result:
                result.update(found or {})
    except StoppedError:
        queue.release(job, crashed=False)
    except CancelledError:
        log.info("%s was cancelled", job)
    except SolverError as error:
        queue.fail(job, "solver_failed", {"reason": str(error)})
    except LiantuError as error:
        queue.fail(job, error.code, parameters(error))
    except (OperationalError, InterfaceError):
        log.exception("%s: the database failed", job)
        queue.release(job, crashed=True)
    except Exception as error:
        log.exception("%s broke", job)
        queue.fail(job, "broke", {"error": type(error).__name__})


def parameters(error: LiantuError) -> dict[str, Any]:
    """The parameters of an error as JSON; an InputError's problems in full."""
    if isinstance(error, InputError):
        return {"problems": [asdict(p) for p in error.problems]}
    return {
        name: value if isinstance(value, int | float) else str(value) for name, value in error.params.items()
    }


def run_queue(worker: str = "inline") -> list[Job]:
    """Run what waits, in this thread, until nothing does; the jobs, as they ended."""
    ran = []
    while (job := queue.claim(worker)) is not None:
        run(job)
        job.refresh_from_db()
        ran.append(job)
    return ran
