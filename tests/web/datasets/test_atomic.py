"""A commit is whole or not at all: killed in the middle, and raced by others, on both databases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.datasets.conftest import CITY, zipped
from tests.web.installation import DATABASES, Installation, installed

CHANGED = {"facilities.csv": ("operating", "building")}
SET_UP = """
import json
from pathlib import Path
from unittest import mock
from liantu.web.accounts.models import Membership
from liantu.web.atlas.datasets import actions, selectors
from liantu.web.atlas.datasets.errors import DatasetError
from liantu.web.atlas.datasets.jobs import check_upload
from liantu.web.atlas.models import Dataset, DatasetVersion, FieldNote, Run, StagedUpload
from liantu.web.audit.models import Head
BECAUSE = "a test"
uploads = StagedUpload.objects.unscoped(because=BECAUSE)
"""
STAGE = """
me, _ = User.objects.get_or_create(username="force")
dataset = actions.load_package(sys.argv[1]).dataset
staged = actions.stage(content=Path(sys.argv[2]).read_bytes(), name="a.zip", dataset=dataset, by=me)
job = queue.jobs().get(pk=staged.job)
queue.jobs().exclude(pk=staged.job).update(status="cancelled")
run_queue()
print(StagedUpload.objects.unscoped(because=BECAUSE).get(pk=staged.pk).status)
"""
STATE = """
print(json.dumps({
    "versions": list(DatasetVersion.objects.values_list("number", "digest")),
    "current": list(Dataset.objects.values_list("current", "code")),
    "uploads": [list(map(str, row)) for row in uploads.values_list("status", "version", "decided_by")],
    "counts": [FieldNote.objects.count(), Run.objects.unscoped(because=BECAUSE).count(),
               Event.objects.count(),
               Job.objects.unscoped(because=BECAUSE).count()],
    "head": list(Head.objects.values_list("seq", "mac")),
}))
"""
DIE = """
staged = uploads.filter(status="ready").first()
def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
me = User.objects.get(username="force")
with mock.patch(sys.argv[1], die):
    actions.commit(staged, by=me, note="never", confirm="all")
"""
COMMIT = """
staged = uploads.filter(status="ready").first()
me = User.objects.get(username="force")
print("ready", flush=True)
sys.stdin.readline()
try:
    print(actions.commit(staged, by=me, note="now").number)
except DatasetError as error:
    print(error.code)
"""


@pytest.fixture(scope="module", params=DATABASES)
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation in which an upload is ready to be committed."""
    folder = tmp_path_factory.mktemp("installation")
    file: Path = folder / "a.zip"
    file.write_bytes(zipped(damage=CHANGED))
    with installed(folder, request.param) as found:
        assert found.run(SET_UP + STAGE, str(CITY), str(file)) == "ready"
        yield found


@pytest.mark.parametrize(
    "where",
    [
        "liantu.web.atlas.datasets.actions.new_version",
        "liantu.web.atlas.datasets.actions.record",
        "django.db.backends.base.base.BaseDatabaseWrapper._commit",
    ],
)
def test_a_commit_that_is_killed_leaves_nothing_behind(place: Installation, where: str) -> None:
    before = place.run(SET_UP + STATE)
    place.run(SET_UP + DIE, where, status=-9)
    after = place.run(SET_UP + STATE)
    assert json.loads(after) == json.loads(before)


def test_of_many_who_commit_the_same_upload_at_once_one_wins_and_the_others_are_told(
    place: Installation,
) -> None:
    writers = [place.spawn(SET_UP + COMMIT) for _ in range(4)]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline().strip() == "ready"
    said = []
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("\n")
        writer.stdin.flush()
    for writer in writers:
        out, errors = writer.communicate(timeout=60)
        assert writer.returncode == 0, errors
        said.append(out.strip())
    assert sorted(said) == ["2", "decided", "decided", "decided"]
    state = json.loads(place.run(SET_UP + STATE))
    assert [n for n, _digest in state["versions"]] == [2, 1]
