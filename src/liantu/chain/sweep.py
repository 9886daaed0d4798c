"""Many solves spread over processes, here or on other machines, with the answers of one process.

An executor (interface of `concurrent.futures`) runs scenarios, proofs and regions: by default one of local
processes; LIANTU_DASK names the scheduler of a dask cluster instead (docs/scale.md, "Sweeps"). A task
starts from what it was given and from nothing else, so that it does not matter who solves it, or when. The
death of a process costs the task that it had, which is done again; what others do and have done is kept.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from importlib.metadata import version
from typing import Any, BinaryIO, ParamSpec, TypeVar, cast

from liantu.chain.sweep_worker import receive, send
from liantu.errors import InputError, SolverError
from liantu.messages import problem

P = ParamSpec("P")
T = TypeVar("T")
U = TypeVar("U")

ADDRESS = "LIANTU_DASK"
ATTEMPTS = 3  # processes that may die over a task before it is given up
PATIENCE = 10.0  # seconds for a scheduler to answer, and for a first worker
START = 2.0  # seconds: about what starting a process costs
ALIKE = ("liantu", "highspy", "numpy", "scipy")  # what the last digit of an answer depends on


class Processes(Executor):
    """Local processes, each with one task at a time; where one dies its task goes to a fresh one.

    A task over which ATTEMPTS processes have died raises SolverError. The processes import what a call names
    and nothing else: a script that starts a sweep needs no guard.
    """

    def __init__(self, workers: int) -> None:
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="sweep")
        self._own = threading.local()
        self._workers: set[_Worker] = set()
        self._lock = threading.Lock()
        self._closed = False

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Queue a call. Function and arguments are pickled when it begins."""
        return self._threads.submit(self._carried, partial(fn, *args, **kwargs))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes: once what was queued is done, or, with `cancel_futures`, now."""
        if cancel_futures:
            self._end()
        self._threads.shutdown(wait, cancel_futures=cancel_futures)
        if wait or cancel_futures:
            self._end()

    def _carried(self, call: Callable[[], T]) -> T:
        message = pickle.dumps(call, pickle.HIGHEST_PROTOCOL)
        for _ in range(ATTEMPTS):
            worker = self._worker()
            try:
                well, value = worker.ask(message)
            except (EOFError, OSError):
                self._own.worker = None
                with self._lock:
                    self._workers.discard(worker)
                worker.end()
                continue
            if not well:
                raise value
            result: T = value
            return result
        raise SolverError("worker_died", attempts=ATTEMPTS)

    def _worker(self) -> _Worker:
        """The process of this thread."""
        worker: _Worker | None = getattr(self._own, "worker", None)
        if worker is None:
            with self._lock:
                if self._closed:
                    raise SolverError("sweep_ended")
                worker = _Worker()
                self._workers.add(worker)
            self._own.worker = worker
        return worker

    def _end(self) -> None:
        with self._lock:
            self._closed = True
            workers, self._workers = self._workers, set()
        for worker in workers:
            worker.end()


class _Worker:
    """A process that answers calls (see `sweep_worker`)."""

    def __init__(self) -> None:
        alike = {
            "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),  # imports what this process imports
            "NUMBA_NUM_THREADS": "1",  # compiled loops on one core, as each core has a process
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "liantu.chain.sweep_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **alike},
        )
        self._input, self._output = cast(BinaryIO, self.process.stdin), cast(BinaryIO, self.process.stdout)

    def ask(self, message: bytes) -> tuple[bool, Any]:
        """(whether it went well, result or error). Raises EOFError or OSError where the process is gone."""
        send(self._input, message)
        outcome: tuple[bool, Any] = pickle.loads(receive(self._output))
        return outcome

    def end(self) -> None:
        """Kill it: it holds nothing that is not sent back."""
        self.process.kill()
        self.process.wait()
        with suppress(OSError, ValueError):  # what could not be written any more
            self._input.close()


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def on_cluster() -> bool:
    """Whether LIANTU_DASK names a scheduler."""
    return bool(os.environ.get(ADDRESS, "").strip())


@contextmanager
def crew(workers: int | None = None, pays: bool = True) -> Iterator[Executor | None]:
    """The executor for a sweep: the cluster that LIANTU_DASK names, else local processes, else None.

    `workers`: local processes, one a core where None. Without a cluster, and with one worker or where the
    work is too little to pay for starting processes (`pays`), it is None: done here, one by one.
    Raises InputError where the cluster can't be used.
    """
    if on_cluster():
        with _cluster(os.environ[ADDRESS].strip()) as executor:
            yield executor
        return
    count = cores() if workers is None else workers
    if count < 2 or not pays:
        yield None
        return
    executor = Processes(count)
    try:
        yield executor
    except BaseException:
        executor.shutdown(cancel_futures=True)
        raise
    executor.shutdown()


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    """The executor of a dask cluster whose workers hold what this process holds."""
    try:
        from distributed import Client
    except ImportError as error:
        raise InputError((problem("cluster_without_dask", ADDRESS, found=address),)) from error
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TimeoutError) as error:
        raise InputError((problem("cluster_unreachable", address, found=str(error)),)) from error
    with client, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Sending large graph", category=UserWarning)
        _check_alike(client, address)
        yield _Dask(client)


def _check_alike(client: Any, address: str) -> None:
    """Raise InputError where no worker is there, or one would answer with other code than this."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
        there = client.run(held, ALIKE)
    except Exception as error:
        raise InputError((problem("cluster_unusable", address, found=repr(error)),)) from error
    here = held(ALIKE)
    wrong = [
        problem("cluster_differs", worker, found=theirs, expected=here)
        for worker, theirs in sorted(there.items())
        if theirs != here
    ]
    if wrong:
        raise InputError(wrong)


def held(names: Sequence[str]) -> str:
    """The versions of packages, as 'name version' with commas."""
    return ", ".join(f"{name} {version(name)}" for name in names)


class _Dask(Executor):
    """The executor of a client. The scheduler gives the task of a dead worker to another by itself."""

    def __init__(self, client: Any) -> None:
        self._executor = client.get_executor(pure=False)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Queue a call; its function must be importable on the workers."""
        outer: Future[T] = Future()
        inner: Future[T] = self._executor.submit(partial(fn, *args, **kwargs))
        outer.add_done_callback(lambda done: done.cancelled() and inner.cancel())
        inner.add_done_callback(partial(_passed_on, outer))
        return outer

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Wait for what was queued."""
        self._executor.shutdown(wait=wait)


def _passed_on(outer: Future[T], inner: Future[T]) -> None:
    """Hand over what came of a task; a worker that died under it again and again is an error of ours."""
    if inner.cancelled() or not outer.set_running_or_notify_cancel():
        outer.cancel()
        return
    error = inner.exception()
    if error is None:
        outer.set_result(inner.result())
    elif type(error).__name__ == "KilledWorker":  # of distributed, which need not be installed
        outer.set_exception(SolverError("worker_died", attempts=ATTEMPTS))
    else:
        outer.set_exception(error)


def spread(function: Callable[[T], U], tasks: Iterable[T], executor: Executor | None) -> Iterator[U]:
    """function(task) of each task, in the order of the tasks; here, one by one, where `executor` is None.

    Raises what the first task that failed raised, SolverError where its worker died again and again.
    """
    if executor is None:
        yield from map(function, tasks)
        return
    waiting = [executor.submit(function, task) for task in tasks]
    try:
        for future in waiting:
            yield future.result()
    finally:
        for future in waiting:
            future.cancel()


def sweep(
    function: Callable[[T], U],
    tasks: Sequence[T],
    workers: int | None = None,
    here: Callable[[T], U] | None = None,
) -> Iterator[U]:
    """function(task) of each task, in their order, wherever it is soonest done.

    On a cluster where LIANTU_DASK names one. Else here, until what is left is seen to take so much longer
    than starting processes that they pay. `here` does in this process what `function` does elsewhere.
    Raises as `spread` and `crew` do.
    """
    done, spent = 0, 0.0
    while done < len(tasks) and not on_cluster():
        begun = time.monotonic()
        outcome = (here or function)(tasks[done])
        spent, done = spent + time.monotonic() - begun, done + 1
        yield outcome
        if spent > START and spent / done * (len(tasks) - done) > 4 * START:
            break
    if done < len(tasks):
        with crew(workers, pays=len(tasks) - done > 1) as executor:
            yield from spread(here or function if executor is None else function, tasks[done:], executor)
