"""Which runs there are, who sees them, which one the atlas shows."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import Permission
from liantu.web.atlas.models import Dataset, DatasetVersion, Publication, Run, RunResult
from liantu.web.jobs.models import Job

_WITH = ("version__dataset", "job", "created_by")


def every() -> Any:
    """All runs, for what acts for nobody."""
    return _joined(Run.objects.unscoped(because="the atlas and its jobs act for everybody"))


def visible(user: User) -> Any:
    """The runs that a person may open: those of their scope, their own, and all that were ever published."""
    published = Publication.objects.filter(run=OuterRef("pk"))
    found = Run.objects.visible_to(
        user, Permission.RUNS_READ, also=Q(created_by=user.pk) | Q(Exists(published))
    )
    return _joined(found)


def _joined(found: Any) -> Any:
    """With its job and version; the tables themselves stay where they are."""
    return found.select_related(*_WITH).defer("version__package")


def dataset() -> Dataset | None:
    """The dataset that the atlas shows."""
    return Dataset.objects.order_by(F("shown_at").desc(nulls_last=True), "-pk").first()


def publications() -> Any:
    """What the atlas showed, the newest first: of the dataset that it shows now."""
    return (
        Publication.objects.filter(dataset=dataset())
        .select_related("by", *(f"run__{name}" for name in _WITH))
        .defer("run__version__package")
    )


def listed_publications() -> Any:
    """The same for a list that is searched, sorted and cut: runs are fetched for the rows that are left."""
    return Publication.objects.filter(dataset=dataset()).prefetch_related("by", "run")


def published() -> Run | None:
    """The run that the atlas shows to all."""
    newest = publications().first()
    return newest.run if newest else None


def published_at(day: date) -> Run | None:
    """The run that the atlas showed at the end of a day; None before the first."""
    end = datetime.combine(day + timedelta(days=1), time.min, timezone.get_current_timezone())
    newest = publications().filter(at__lt=end).first()
    return newest.run if newest else None


def listed(user: User) -> Any:
    """What the list of runs shows: gaps stand with their plan."""
    found = visible(user).exclude(kind=Run.Kind.GAPS).select_related("result")
    return found.defer("version__package", "result__report", "result__accounts", "result__stored")


def plans_to_choose(user: User) -> list[Run]:
    """Plans that are done, the newest first, for a field in which one is chosen."""
    done = {"kind": Run.Kind.PLAN, "job__status": Job.Status.DONE}
    return list(visible(user).filter(**done)[:100])


def portfolios_of(plan: Run, user: User) -> list[Run]:
    """Portfolios on top of a plan."""
    return list(visible(user).filter(of=plan.pk, kind=Run.Kind.PORTFOLIO)[:20])


def is_published(run: Run) -> bool:
    """Whether the atlas ever showed it."""
    return Publication.objects.filter(run=run.pk).exists()


def pending() -> Run | None:
    """The plan that will be shown, or would have been, where nothing is published yet."""
    return every().filter(kind=Run.Kind.PLAN, publish=True, version__dataset=dataset()).first()


def gaps_of(plan: Run) -> Run | None:
    """The gap analysis of a plan: one that is done, else the newest."""
    found = every().filter(of=plan.pk, kind=Run.Kind.GAPS)
    return found.filter(job__status=Job.Status.DONE).first() or found.first()


def result_of(run: Run) -> RunResult:
    """What a run found. Raises StoredRunError where it was damaged."""
    from liantu.web.atlas.runs.stored import StoredRunError

    result = RunResult.objects.get(pk=run.pk)
    found = digest(result.report, result.accounts, result.stored)
    if found != result.digest:
        raise StoredRunError(what="sha256", found=found, stored=result.digest)
    return result


def digest(*parts: bytes) -> str:
    """SHA-256 of what was stored."""
    total = hashlib.sha256()
    for part in parts:
        total.update(f"{len(part)}:".encode())
        total.update(part)
    return total.hexdigest()


def package_of(version: DatasetVersion) -> bytes:
    """The tables of a version as they are kept, fetched now where they were deferred."""
    return bytes(version.package)
