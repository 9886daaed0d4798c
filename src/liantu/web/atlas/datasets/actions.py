"""Writing of datasets: files are staged and checked, versions committed, restored and loaded."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from liantu.data.diff import compare_tables
from liantu.data.tables import Tables
from liantu.errors import InputError
from liantu.web.accounts.models import User
from liantu.web.atlas.datasets import findings, intake, notes, selectors
from liantu.web.atlas.datasets.errors import DatasetError
from liantu.web.atlas.datasets.packages import pack
from liantu.web.atlas.models import Dataset, DatasetVersion, RefreshInterval, StagedUpload, UploadedFile
from liantu.web.audit.actions import record
from liantu.web.jobs.actions import enqueue

Origin: Any = DatasetVersion.Origin
Status: Any = StagedUpload.Status
CHECK_JOB, MARK_JOB = "atlas.check_upload", "atlas.mark_upload"
MINE = "the caller has fetched it in scope"


@dataclass(frozen=True)
class Contents:
    """Tables as they are kept: the archive, its hash, and what it holds."""

    package: bytes
    sha256: str
    digest: str
    counts: Mapping[str, int]
    changes: Mapping[str, Any]

    @classmethod
    def of(cls, tables: Tables, before: Tables | None) -> Contents:
        """Pack the tables and count what differs from `before`."""
        package = pack(tables)
        return cls(
            package,
            hashlib.sha256(package).hexdigest(),
            tables.digest,
            {name: frame.height for name, frame in tables.frames.items() if frame.height},
            {name: change.counts for name, change in compare_tables(before, tables).items()},
        )


def keep_file(content: bytes) -> UploadedFile:
    """The file of these bytes, kept once."""
    sha256 = hashlib.sha256(content).hexdigest()
    found, _made = UploadedFile.objects.get_or_create(
        sha256=sha256, defaults={"size": len(content), "content": content}
    )
    return found


def stage(*, content: bytes, name: str, dataset: Dataset, by: User) -> StagedUpload:
    """Keep a file and have it checked."""
    with transaction.atomic():
        staged = StagedUpload.objects.create(
            dataset=dataset,
            base_id=dataset.current_id,
            name=intake.safe_name(name)[:100],
            file=keep_file(content),
            created_by=by,
        )
        _check(staged, by)
        detail = {"name": staged.name, "sha256": staged.file.sha256, "size": len(content)}
        record("upload.staged", by=by, kind="upload", object=staged.pk, detail=detail)
    return staged


def recheck(staged: StagedUpload, *, by: User) -> None:
    """Check and compare again, against what is current now. Raises DatasetError where it was decided."""
    with transaction.atomic():
        dataset = locked(staged.dataset_id)
        _move(staged, Status.CHECKING, of=(Status.READY, Status.REFUSED, Status.CHECKING))
        staged.base_id = dataset.current_id
        _check(staged, by)
        record("upload.rechecked", by=by, kind="upload", object=staged.pk)


def _check(staged: StagedUpload, by: User) -> None:
    staged.status, staged.marked = Status.CHECKING, None
    staged.job = enqueue(CHECK_JOB, by=by, upload=str(staged.pk)).pk
    staged.save(update_fields=["status", "marked", "base", "job"])


def keep_check(
    staged: StagedUpload, checked: findings.Checked, contents: Contents | None, kept: bytes
) -> None:
    """Keep what the check found; called in the transaction that ends its job."""
    staged.status = Status.READY if contents else Status.REFUSED
    staged.errors = checked.errors
    staged.notices = len(checked.problems) - staged.errors
    staged.broken = len({r.process for r in checked.broken})
    staged.findings, staged.checked_at = kept, timezone.now()
    if contents:
        staged.package, staged.package_sha256 = contents.package, contents.sha256
        staged.digest, staged.counts, staged.changes = contents.digest, contents.counts, contents.changes
    staged.save()
    if staged.errors:
        enqueue(MARK_JOB, by=staged.created_by, upload=str(staged.pk))


def discard(staged: StagedUpload, *, by: User) -> None:
    """Give up an upload. Raises DatasetError where it was decided."""
    with transaction.atomic():
        _move(staged, Status.DISCARDED, of=(Status.CHECKING, Status.READY, Status.REFUSED), by=by)
        record("upload.discarded", by=by, kind="upload", object=staged.pk, detail={"name": staged.name})


def commit(
    staged: StagedUpload,
    *,
    by: User,
    note: str,
    confirm: str = notes.NOTHING,
    confirmed_on: date | None = None,
) -> DatasetVersion:
    """Make an upload the current version, have it planned, and confirm its figures as asked.

    Raises DatasetError where it was decided or is not ready, where nothing differs, or where the current
    version is not the one it was compared with: then nothing was written.
    """
    with transaction.atomic():
        dataset = locked(staged.dataset_id)
        _move(staged, Status.COMMITTED, of=(Status.READY,), by=by)
        need_seen(dataset, staged.base_id)
        content = Contents(
            bytes(staged.package), staged.package_sha256, staged.digest, staged.counts, staged.changes
        )
        first = dataset.current is None
        version = new_version(dataset, content, origin=Origin.UPLOAD, note=note, by=by)
        if first:
            _name(dataset, selectors.tables_of(version))
        staged.version = version
        staged.save(update_fields=["version"])
        if confirm != notes.NOTHING:
            before = selectors.tables_of(staged.base) if staged.base else None
            after = selectors.tables_of(version)
            notes.confirm_tables(dataset, before, after, confirm, confirmed_on, by=by)
        publish(version, by, {"upload": str(staged.pk), "name": staged.name, "note": note})
    return version


def _name(dataset: Dataset, tables: Tables) -> None:
    """Call a new dataset what its tables call themselves."""
    dataset.name_zh, dataset.name_en = tables.title_zh[:200], tables.title_en[:200]
    dataset.shown_at = timezone.now()
    dataset.save(update_fields=["name_zh", "name_en", "shown_at"])


def rollback(
    dataset: Dataset, version: DatasetVersion, *, by: User, note: str, seen: int | None = None
) -> DatasetVersion:
    """A new version with what an older one holds. `seen`: the key of the version that the person saw as
    current. Raises DatasetError where another is current, or this one."""
    with transaction.atomic():
        dataset = locked(dataset.pk)
        need_seen(dataset, dataset.current_id if seen is None else seen)
        before = selectors.tables_of(dataset.current) if dataset.current else None
        changes = compare_tables(before, selectors.tables_of(version))
        content = Contents(
            bytes(version.package),
            version.sha256,
            version.digest,
            version.counts,
            {name: change.counts for name, change in changes.items()},
        )
        made = new_version(dataset, content, origin=Origin.ROLLBACK, note=note, by=by, restores=version)
        publish(made, by, {"restores": version.number, "note": note})
    return made


def load_package(path: str | Path, *, by: User | None = None, note: str = "") -> DatasetVersion:
    """The current version of the city at `path`, which is shown from now on.

    Where the city was never given as it is now, that becomes a new version; else nothing is written, and
    what was edited since stays current. Raises InputError with all problems.
    """
    checked = findings.check_path(Path(path), lambda step: None)
    tables = checked.tables
    if tables is None:
        raise InputError(p for p in checked.problems if p.severity == "error")
    with transaction.atomic():
        dataset, _made = Dataset.objects.select_for_update().get_or_create(
            code=tables.name[:64],
            defaults={"name_zh": tables.title_zh[:200], "name_en": tables.title_en[:200]},
        )
        dataset.shown_at = timezone.now()
        dataset.save(update_fields=["shown_at"])
        if dataset.current and dataset.versions.filter(digest=tables.digest).exists():
            return dataset.current
        before = selectors.tables_of(dataset.current) if dataset.current else None
        content = Contents.of(tables, before)
        version = new_version(dataset, content, origin=Origin.LOAD, note=note, by=by)
        publish(version, by, {"path": Path(path).name, "note": note})
    return version


def set_intervals(days: Mapping[tuple[str, str], int], *, by: User) -> None:
    """After how many days figures have to be confirmed, by (table, column); 0: never."""
    with transaction.atomic():
        for (table, column), n in days.items():
            RefreshInterval.objects.update_or_create(
                table=table, column=column, defaults={"days": n, "by": by}
            )
        said = {f"{table}.{column}": n for (table, column), n in days.items()}
        record("refresh.set", by=by, kind="refresh", detail=said)


def new_version(
    dataset: Dataset,
    content: Contents,
    *,
    origin: str,
    note: str,
    by: User | None,
    restores: DatasetVersion | None = None,
) -> DatasetVersion:
    """The next version, current from now on. The dataset is locked. Raises DatasetError for no difference."""
    current = dataset.current
    if current is not None and (current.sha256, current.digest) == (content.sha256, content.digest):
        raise DatasetError("nothing_changed")  # a newer schema may read the same package as more
    version = DatasetVersion.objects.create(
        dataset=dataset,
        number=(current.number if current else 0) + 1,
        digest=content.digest,
        package=content.package,
        sha256=content.sha256,
        counts=content.counts,
        changes=content.changes,
        origin=origin,
        note=note[:500],
        restores=restores,
        created_by=by,
    )
    dataset.current = version
    dataset.save(update_fields=["current"])
    return version


def publish(version: DatasetVersion, by: User | None, detail: dict[str, Any]) -> None:
    """Have the version planned and shown, and say so in the chain of events, last in the transaction."""
    from liantu.web.atlas.runs.actions import start_run  # which itself asks the selectors of datasets

    start_run(version=version, by=by, publish=True)
    said = {"dataset": version.dataset.code, "number": version.number, "digest": version.digest}
    record(f"dataset.{version.origin}", by=by, kind="version", object=version.pk, detail=said | detail)


def locked(dataset: int) -> Dataset:
    """The dataset, held against others until the transaction ends."""
    found = Dataset.objects.select_related("current").defer("current__package")
    return found.select_for_update(of=("self",)).get(pk=dataset)


def need_seen(dataset: Dataset, current: int | None) -> None:
    if dataset.current_id != current:
        raise DatasetError("moved_on", number=dataset.current.number if dataset.current else 0)


def _move(staged: StagedUpload, to: str, *, of: tuple[str, ...], by: User | None = None) -> None:
    """Take the upload from one status to another, once. Raises DatasetError where it is in none of them."""
    mine = StagedUpload.objects.unscoped(because=MINE).filter(pk=staged.pk)
    fields: dict[str, Any] = {"status": to}
    if by is not None:
        fields |= {"decided_by": by, "decided_at": timezone.now()}
    if not mine.filter(status__in=of).update(**fields):
        found = mine.select_related("decided_by").get()
        if found.decided_by is None:
            raise DatasetError("not_ready", status=found.get_status_display())
        raise DatasetError("decided", status=found.get_status_display(), by=found.decided_by)
    staged.refresh_from_db()
