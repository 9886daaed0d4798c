"""Reading of datasets: which is shown, its versions, the tables of one, what differs between two."""

from __future__ import annotations

import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from pathlib import Path

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from liantu.data.diff import TableChange, compare_tables
from liantu.data.excel_out import write_workbook
from liantu.data.mark import mark_workbook
from liantu.data.tables import Tables
from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import Permission
from liantu.web.atlas.datasets import intake
from liantu.web.atlas.datasets.findings import Findings
from liantu.web.atlas.datasets.packages import unpack
from liantu.web.atlas.models import Dataset, DatasetVersion, EditDraft, StagedUpload

CACHED = 6
HEAVY = "dataset__current__package"


def shown_dataset() -> Dataset | None:
    """The dataset that the pages show: the one that was loaded last; None before there is one."""
    return (
        Dataset.objects.select_related("current", "current__created_by")
        .defer("current__package")
        .order_by(F("shown_at").desc(nulls_last=True), "-pk")
        .first()
    )


def versions(dataset: Dataset) -> QuerySet[DatasetVersion]:
    """All versions, the newest first, without their archives."""
    return dataset.versions.select_related("created_by", "restores").defer("package", "restores__package")


def version_at(dataset: Dataset, day: date) -> DatasetVersion | None:
    """The version that was current at the end of that day, in the city's time; None before the first."""
    end = timezone.make_aware(datetime.combine(day, time.max))
    return versions(dataset).filter(created_at__lte=end).first()


def tables_of(version: DatasetVersion) -> Tables:
    """The tables of a version; kept in memory for the next who asks."""
    return _unpacked(version.sha256, lambda: bytes(version.package))


def staged_tables(staged: StagedUpload) -> Tables:
    """The tables that an upload would bring."""
    return _unpacked(staged.package_sha256, lambda: bytes(staged.package))


_cache: OrderedDict[str, Tables] = OrderedDict()
_lock = threading.Lock()


def _unpacked(sha256: str, load: Callable[[], bytes]) -> Tables:
    """The tables of the archive with this hash; the archive is asked for only where they are not at hand."""
    with _lock:
        if sha256 in _cache:
            _cache.move_to_end(sha256)
            return _cache[sha256]
    tables = unpack(load())
    with _lock:
        _cache[sha256] = tables
        while len(_cache) > CACHED:
            _cache.popitem(last=False)
    return tables


def difference(
    before: DatasetVersion | None, after: DatasetVersion | StagedUpload
) -> Mapping[str, TableChange]:
    """What differs, by table; without `before` every row is added."""
    new = staged_tables(after) if isinstance(after, StagedUpload) else tables_of(after)
    return compare_tables(tables_of(before) if before is not None else None, new)


def uploads_of(user: User, permission: Permission = Permission.DATASETS_EDIT) -> QuerySet[StagedUpload]:
    """The uploads that a person may see: their own, and all for who acts for the city. Without content."""
    found = StagedUpload.objects.visible_to(user, permission, also=Q(created_by=user))
    return found.select_related(
        "dataset", "dataset__current", "base", "version", "created_by", "decided_by"
    ).defer("findings", "package", "base__package", "version__package", HEAVY)


def drafts_of(user: User, permission: Permission = Permission.DATASETS_EDIT) -> QuerySet[EditDraft]:
    """The drafts that a person may see: their own, and those handed in for who acts for the city."""
    found = EditDraft.objects.visible_to(user, permission, also=Q(created_by=user))
    return (
        found.filter(Q(created_by=user) | ~Q(status=EditDraft.Status.OPEN))
        .select_related("dataset", "dataset__current", "base", "version", "created_by", "decided_by")
        .defer("base__package", "version__package", HEAVY)
    )


def open_draft(dataset: Dataset, user: User) -> EditDraft | None:
    """The person's open draft."""
    mine = EditDraft.objects.unscoped(because="a person's own draft")
    found = mine.filter(dataset=dataset, created_by=user, status=EditDraft.Status.OPEN)
    return found.select_related("dataset__current", "base").defer("base__package", HEAVY).first()


def back_to(path: str, name: str) -> str:
    """Where a form came from, if that is a page of ours; else the address of this name."""
    if path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        return path
    return reverse(name)


def workbook(tables: Tables) -> bytes:
    """The tables as a workbook. Text is written as text: no cell of it is run as a formula."""
    with tempfile.TemporaryDirectory(prefix="liantu-") as folder:
        path = Path(folder) / "tables.xlsx"
        write_workbook(tables, path)
        return path.read_bytes()


def marked_copy(content: bytes, name: str, findings: bytes) -> bytes:
    """A workbook made of an upload in which the problems are coloured and told."""
    with tempfile.TemporaryDirectory(prefix="liantu-") as folder:
        inside = Path(folder) / "in"
        inside.mkdir()
        path, _problems = intake.laid_out(content, name, inside)
        out = Path(folder) / "marked.xlsx"
        nothing = inside / "nothing.xlsx"
        mark_workbook(path or nothing, Findings(findings).problems, out)
        return out.read_bytes()
