"""The queue among processes: one takes a job, and what is killed in the middle leaves nothing half done."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.web.installation import DATABASES, Installation, eventually, installed

KINDS = """
@job("test.mark")
def mark(context, name):
    with context.commit() as result:
        User.objects.create(username=name)
        record("test.marked", by=None, object=name)
        result["by"] = context.job.worker

@job("test.die")
def die(context, name):
    with context.commit():
        User.objects.create(username=name)
        record("test.marked", by=None, object=name)
        print("inside", flush=True)
        if context.job.attempts == 1:
            os.kill(os.getpid(), signal.SIGKILL)
"""
WORK = (
    KINDS
    + """
from liantu.web.jobs import living
with living.Living() as life:
    print("ready", flush=True)
    sys.stdin.readline()
    jobs = run_queue(life.name)
print(len(jobs), flush=True)
"""
)
STATE = """
import json
print(json.dumps({
    "jobs": [[j.status, j.attempts, j.crashes, j.worker] for j in queue.jobs().order_by("created_at")],
    "users": sorted(User.objects.values_list("username", flat=True)),
    "events": Event.objects.filter(action="test.marked").count(),
    "seq": list(Event.objects.order_by("seq").values_list("seq", flat=True)),
}))
"""


@pytest.fixture(scope="module", params=DATABASES)
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installed(tmp_path_factory.mktemp("installation"), request.param) as found:
        yield found


@pytest.fixture(autouse=True)
def _empty(place: Installation) -> None:
    place.run("queue.jobs().delete(); User.objects.all().delete()")


def state(place: Installation) -> Any:
    return json.loads(place.run(STATE))


def test_of_eight_workers_exactly_one_takes_each_job(place: Installation) -> None:
    place.run(KINDS + "for n in range(40): enqueue('test.mark', by=None, name=f'u{n}')")
    before = state(place)["events"]
    workers = [place.spawn(WORK) for _ in range(8)]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n", worker.stderr.read()  # type: ignore[union-attr]
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    taken = []
    for worker in workers:
        out, errors = worker.communicate(timeout=120)
        assert worker.returncode == 0, errors
        taken.append(int(out))
    found = state(place)
    assert sum(taken) == 40
    assert [j[:3] for j in found["jobs"]] == [["done", 1, 0]] * 40
    assert len(found["users"]) == 40
    assert found["events"] == before + 40
    assert found["seq"] == list(range(1, len(found["seq"]) + 1))


def test_a_worker_killed_inside_its_commit_leaves_nothing_and_the_job_runs_again(place: Installation) -> None:
    place.run(KINDS + "enqueue('test.die', by=None, name='once')")
    before = state(place)["events"]
    worker = place.spawn(WORK)
    out, _errors = worker.communicate("go\n", timeout=60)
    assert "inside" in out
    assert worker.returncode == -signal.SIGKILL
    found = state(place)
    assert [j[:3] for j in found["jobs"]] == [["running", 1, 0]]
    assert found["users"] == []
    assert found["events"] == before
    place.run(KINDS + "assert len(queue.reap()) == 1; assert len(run_queue()) == 1")  # at once, by its lock
    found = state(place)
    assert [j[:3] for j in found["jobs"]] == [["done", 2, 1]]
    assert found["users"] == ["once"]
    assert found["events"] == before + 1


def test_a_worker_that_lives_is_not_taken_for_lost_and_stops_when_told(place: Installation) -> None:
    worker = place.worker()
    eventually(lambda: bool(place.run("print(queue.Schedule.objects.count())") != "0"))
    place.run("enqueue('jobs.clean', by=None)")
    eventually(lambda: state(place)["jobs"][-1][0] == "done")
    assert all(j[2] == 0 for j in state(place)["jobs"])
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(30) == 0
    assert worker.stderr is not None
    assert worker.stderr.read() == ""
    folder = Path(place.env["LIANTU_VAR"]) / "workers"
    assert folder.is_dir()


ENDLESS = """
from liantu.web.jobs import worker
worker.BEAT = 0.3

@job("test.endless")
def endless(context):
    import highspy, random
    random.seed(1)
    h = highspy.Highs()
    h.setOptionValue("output_flag", False)
    x = [h.addBinary() for _ in range(60)]
    for _ in range(7):  # splitting a market evenly: no bound helps
        a = [random.randint(1, 100) for _ in x]
        h.addConstr(sum(c * v for c, v in zip(a, x)) == sum(a) // 2)
    context.progress(1, 2, "Solving")
    h.run()
"""


def test_a_run_taken_back_is_ended_in_the_middle_of_a_solve_and_the_worker_goes_on(
    place: Installation,
) -> None:
    """The worker's own scheduled jobs may stand in the queue too."""
    kind = "queue.jobs().filter(kind='test.endless')"
    told = f"found = {kind}.get()\nprint(found.status, found.attempts, found.crashes)"
    place.run(ENDLESS + "enqueue('test.endless', by=None)")
    worker = place.spawn(ENDLESS + "worker.main()")
    eventually(lambda: place.run(f"print({kind}.filter(done=1).count())") == "1")
    place.run(f"from liantu.web.jobs.actions import cancel\ncancel({kind}.get(), by=None)")
    after = place.run("print(enqueue('jobs.clean', by=None).pk)")
    eventually(lambda: place.run(f"print(queue.jobs().get(pk='{after}').status)") == "done")
    assert place.run(told) == "cancelled 1 0"
    assert worker.poll() is None, "the same process, anew"
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(30) == 0
