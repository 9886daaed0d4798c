"""No step is taken twice, whoever asks at the same time: real processes with threads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.web import fresh

pytestmark = pytest.mark.postgres
PROCESSES, THREADS = 4, 8

MADE = """
from liantu.web.accounts.models import Membership, User
from liantu.web.casefile.actions import Step, open_case
import json
for n in range(32):
    user = User.objects.create(username=f"force{n}")
    Membership.objects.create(user=user, role="task_force")
first = User.objects.get(username="force0")
cases = [open_case("exchange", Step("propose", {"match": "m"}), parties=[], by=first) for _ in range(3)]
print(json.dumps([str(c.pk) for c in cases]))
"""
WRITER = """
import sys, threading, json
import django
django.setup()
from django.db import connection
from liantu.web.accounts.models import User
from liantu.web.casefile.actions import Step, take_step
from liantu.web.casefile.models import CaseFile
from liantu.web.casefile.store import RefusedError
from liantu.web.casefile.sweep import sweep
from datetime import timedelta
from django.utils import timezone
keys, number, threads = json.loads(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
rows = CaseFile.objects.unscoped(because="a test").select_related("edition")
cases = {str(c.pk): c for c in rows}
done, refused, told, failed = [], [], [], []
gate = threading.Barrier(threads)

def write(n):
    try:
        by = User.objects.get(username=f"force{n}")
        owner = User.objects.get(username="force0")
        gate.wait()
        for key in keys[:2]:
            try:
                take_step(cases[key], Step("make_contact", {"contact_note": f"{n}"}), version=1, by=owner)
                done.append(key)
            except RefusedError as error:
                refused.append(error.code)
        told.append(sweep(timezone.now() + timedelta(days=400)))
    except Exception as error:
        failed.append(repr(error))
    finally:
        connection.close()

people = [threading.Thread(target=write, args=(number * threads + i,)) for i in range(threads)]
print("ready", flush=True)
sys.stdin.readline()
[t.start() for t in people]
[t.join() for t in people]
print(json.dumps({"done": done, "refused": refused, "told": sum(told), "failed": failed}))
"""
AFTER = """
from liantu.web.audit.models import Event
from liantu.web.casefile.models import CaseEvent, CaseFile, EscalationSent
import json
rows = CaseFile.objects.unscoped(because="a test").order_by("opened_at")
print(json.dumps({
    "versions": [[c.version, c.state, c.events.count(), c.owed.count()] for c in rows],
    "events": Event.objects.filter(action="exchange.make_contact").count(),
    "told": EscalationSent.objects.count(),
    "escalated": Event.objects.filter(action="exchange.escalated").count(),
}))
"""


def test_of_32_writers_one_takes_the_step_and_each_level_is_told_once(tmp_path: Path) -> None:
    with fresh.database(tmp_path) as environ:
        keys = fresh.run(MADE, environ).strip().splitlines()[-1]
        writers = [_start(environ, keys, n) for n in range(PROCESSES)]
        for w in writers:
            assert w.stdout is not None
            assert w.stdout.readline().strip() == "ready"
        for w in writers:
            assert w.stdin is not None
            w.stdin.write("go\n")
            w.stdin.flush()
        said = [_end(w) for w in writers]
        after = json.loads(fresh.run(AFTER, environ).strip().splitlines()[-1])
    assert [f for s in said for f in s["failed"]] == []
    done = [key for s in said for key in s["done"]]
    assert sorted(done) == sorted(json.loads(keys)[:2]), "each case moved once"
    refused = [code for s in said for code in s["refused"]]
    assert refused == ["stale_version"] * (2 * PROCESSES * THREADS - 2)
    assert after["versions"] == [[2, "contact", 2, 1], [2, "contact", 2, 1], [1, "taken", 1, 1]]
    assert after["events"] == 2
    assert after["told"] == after["escalated"] == sum(s["told"] for s in said) > 0


def _start(environ: dict[str, str], keys: str, number: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, keys, str(number), str(THREADS)],
        env=environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def _end(writer: subprocess.Popen[str]) -> dict[str, list[str] | int]:
    out, errors = writer.communicate(timeout=240)
    assert writer.returncode == 0, errors[-3000:]
    found: dict[str, list[str] | int] = json.loads(out.strip().splitlines()[-1])
    return found
