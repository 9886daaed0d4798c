"""The process that works off the queue."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from types import FrameType

from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from liantu.web.jobs import living, queue, registry
from liantu.web.jobs.models import Job
from liantu.web.jobs.runner import Running, run

log = logging.getLogger(__name__)
BEAT = 5.0  # s between two signs of life
POLL = 0.5  # s between two looks at an empty queue
HOUSEKEEPING = 2.0  # s between two looks for lost workers and due jobs


class Worker:
    """Takes one job after the other until it is told to stop; `quick` leaves work of the background alone."""

    def __init__(self, *, quick: bool = False) -> None:
        self.stopping = threading.Event()
        self._most = registry.NORMAL if quick else registry.BACKGROUND
        self._context: Running | None = None

    def work(self) -> None:
        """Work until `stopping` is set; a job that runs then goes back into the queue."""
        with living.Living() as life:
            queue_threads = [threading.Thread(target=f, daemon=True) for f in (self._beat, self._keep_house)]
            for thread in queue_threads:
                thread.start()
            while not self.stopping.is_set():
                if not self._next(life.name):
                    self.stopping.wait(POLL)
            for thread in queue_threads:
                thread.join(BEAT)

    def _next(self, name: str) -> bool:
        """Run the next job; whether there was one."""
        close_old_connections()
        try:
            job = queue.claim(name, self._most)
            if job is None:
                return False
            self._run(job)
        except (DatabaseError, InterfaceError):
            log.exception("the database does not answer")
            connection.close()
            return False
        return True

    def _run(self, job: Job) -> None:
        self._context = Running(job, self.stopping)
        try:
            run(job, self._context)
        finally:
            self._context = None

    def _beat(self) -> None:
        """Say of the job that runs that its worker lives; tell the job when it is no longer its own, and end
        it where it did not listen until the next beat: a solver asks nobody while it solves."""
        while not self.stopping.wait(BEAT):
            context = self._context
            if context is None:
                continue
            if context.lost.is_set() and not context.committed:
                begin_anew(context.job)
            try:
                if not queue.beat(context.job) and not context.committed:
                    context.lost.set()
            except (DatabaseError, InterfaceError):
                connection.close()
        connection.close()

    def _keep_house(self) -> None:
        """Release the jobs of lost workers, and put into the queue what is due."""
        planned = False
        while not self.stopping.is_set():
            try:
                if not planned:
                    queue.plan_schedule()
                    living.sweep(keep=set(queue.jobs().values_list("worker", flat=True)))
                    planned = True
                for job in queue.reap():
                    log.warning("%s lost its worker", job)
                queue.tick()
            except (DatabaseError, InterfaceError):
                connection.close()
            self.stopping.wait(HOUSEKEEPING)
        connection.close()


def begin_anew(job: Job) -> None:
    """Replace this process by a fresh worker; nothing of the job was kept, and nothing of it goes on.

    Its transaction, its lock and its memory go as if it had been killed; the process keeps its number, so
    that a supervisor need not know.
    """
    log.warning("%s was taken back and did not stop; the worker begins anew", job)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def main(*, quick: bool = False) -> int:
    """Work until SIGTERM or Ctrl-C; the exit code."""
    worker = Worker(quick=quick)

    def stop(number: int, frame: FrameType | None) -> None:
        worker.stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    worker.work()
    return 0
