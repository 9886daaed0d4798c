"""A small city whose files can be damaged, and what it takes to bring it in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from liantu.data.tables import read_tables
from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import Role
from liantu.web.atlas.datasets import actions, selectors
from liantu.web.atlas.datasets.selectors import workbook
from liantu.web.atlas.models import Dataset, DatasetVersion, StagedUpload
from liantu.web.jobs import registry
from liantu.web.jobs.models import Job
from tests.web.conftest import EXAMPLES, person

CITY = EXAMPLES / "guitang"
Damage = dict[str, tuple[str, str]]
"""File -> (what stands there, what shall stand there)."""


def zipped(folder: Path = CITY, damage: Damage | None = None, **extra: bytes) -> bytes:
    """The city as a ZIP of its folder; `damage` replaces text once in a file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            if path.suffix in (".csv", ".json"):
                text = path.read_text(encoding="utf-8")
                if damage and path.name in damage:
                    old, new = damage[path.name]
                    assert old in text, f"{path.name} has no {old!r}"
                    text = text.replace(old, new, 1)
                archive.writestr(f"{folder.name}/{path.name}", text)
        for name, content in extra.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.fixture(autouse=True)
def no_plans(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each version's plan is put into the queue; these tests do not wait for the solver."""
    kinds = dict(registry.kinds())
    for name in ("atlas.plan", "atlas.gaps"):
        kinds[name] = replace(kinds[name], function=lambda context, **params: None)
    monkeypatch.setattr(registry, "_kinds", kinds)


@pytest.fixture
def force(db: None) -> User:
    return person(Role.TASK_FORCE)


@pytest.fixture
def version(db: None) -> DatasetVersion:
    """The city, loaded as `liantu serve` loads it; its plan is not run."""
    return actions.load_package(CITY)


@pytest.fixture
def dataset(version: DatasetVersion) -> Dataset:
    found = selectors.shown_dataset()
    assert found is not None
    return found


@pytest.fixture
def city_workbook() -> bytes:
    return workbook(read_tables(CITY))


@pytest.fixture
def checked(run_jobs: Callable[[], list[Job]]) -> Callable[..., StagedUpload]:
    """`checked(client, name, content)` uploads through the page and has the check done."""

    def upload(client: Client, name: str, content: bytes) -> StagedUpload:
        response = client.post("/en/data/upload/", {"file": SimpleUploadedFile(name, content)})
        assert response.status_code == 302, response.content.decode()[:2000]
        run_jobs()
        pk = response["Location"].rstrip("/").rpartition("/")[2]
        return StagedUpload.objects.unscoped(because="a test").get(pk=pk)

    return upload
