"""64 writers at once: none is refused by a lock, and the chain is whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.web import fresh

pytestmark = pytest.mark.postgres

WRITERS = """
import json, multiprocessing, threading, time
from django.db import connection, transaction
from liantu.web.audit import chain
from liantu.web.audit.actions import record

PROCESSES, THREADS, EACH = 4, 16, 5
connection.close()


def work(process, errors):
    barrier = threading.Barrier(THREADS)

    def write(thread):
        barrier.wait()
        try:
            for n in range(EACH):
                with transaction.atomic():
                    record("test.done", by=None, object=f"{process}.{thread}.{n}", detail={"n": n})
        except Exception as error:
            errors.put(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(t,)) for t in range(THREADS)]
    [t.start() for t in threads]
    [t.join() for t in threads]


fork = multiprocessing.get_context("fork")
errors = fork.Queue()
started = time.time()
found = [fork.Process(target=work, args=(p, errors)) for p in range(PROCESSES)]
[p.start() for p in found]
[p.join() for p in found]
seconds = time.time() - started
said = []
while not errors.empty():
    said.append(errors.get())
verdict = chain.verify()
print(json.dumps({"errors": said, "events": verdict.events, "fault": str(verdict.fault or ""), "s": seconds}))
"""


def test_64_writers_at_once(tmp_path: Path) -> None:
    with fresh.database(tmp_path) as environ:
        found = json.loads(fresh.run(WRITERS, environ).splitlines()[-1])
    assert found["errors"] == []
    assert found["events"] == 64 * 5
    assert found["fault"] == ""
