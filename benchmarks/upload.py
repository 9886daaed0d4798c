"""An upload of 100,000 rows from the file to the committed version: staged, checked, compared, committed.

The first upload fills an empty dataset; the second changes every tenth plant. Runs on a database of its own.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ["LIANTU_VAR"] = tempfile.mkdtemp(prefix="liantu-bench-")
os.environ["LIANTU_SECURITY"] = "demo"
os.environ["DJANGO_SETTINGS_MODULE"] = "liantu.web.settings"

PLANTS = 97_000


def timed(name: str, work: Callable[[], Any]) -> Any:
    """Do it and say how long it took."""
    start = time.perf_counter()
    found = work()
    print(f"  {name:34} {time.perf_counter() - start:6.2f} s", flush=True)
    return found


def books() -> list[bytes]:
    """The city as a workbook, and again with every tenth plant grown."""
    import polars as pl
    from benchmarks.synthetic import nation

    from liantu.data.tables import Tables
    from liantu.web.atlas.datasets.selectors import workbook

    tables = nation(PLANTS)
    grown = pl.when(pl.int_range(pl.len()) % 10 == 0).then(pl.col("capacity_per_year") * 2)
    plants = tables["facilities"].with_columns(
        grown.otherwise(pl.col("capacity_per_year")).alias("capacity_per_year")
    )
    later = Tables({**tables.frames, "facilities": plants}, tables.name, "国", "nation")
    print(
        f"{platform.machine()}, {os.cpu_count()} CPUs, {sum(f.height for f in tables.frames.values())} rows"
    )
    return [workbook(tables), workbook(later)]


def upload(content: bytes, dataset: Any, user: Any) -> None:
    """One upload, step by step as a person goes through it."""
    from django.http import QueryDict

    from liantu.web.atlas.datasets import actions, selectors, show
    from liantu.web.atlas.models import StagedUpload
    from liantu.web.jobs import queue
    from liantu.web.jobs.runner import run_queue

    print(f"{len(content) / 2**20:.1f} MiB")
    start = time.perf_counter()
    staged = timed("stage", lambda: actions.stage(content=content, name="n.xlsx", dataset=dataset, by=user))
    timed("check and compare (the job)", run_queue)
    staged = StagedUpload.objects.unscoped(because="a benchmark").get(pk=staged.pk)
    assert staged.status == "ready", staged.status
    timed(
        "first page of differences",
        lambda: show.diff_page(QueryDict(), selectors.difference(staged.base, staged)),
    )
    timed("commit", lambda: actions.commit(staged, by=user, note="n", confirm="changed", confirmed_on=None))
    print(f"  {'in all':34} {time.perf_counter() - start:6.2f} s")
    queue.jobs().filter(status="queued").update(status="cancelled")


def main() -> None:
    """Both uploads."""
    import django

    django.setup()
    from django.core.management import call_command

    from liantu.web.accounts.models import User
    from liantu.web.atlas.models import Dataset

    call_command("migrate", verbosity=0)
    user = User.objects.create(username="bench")
    dataset = Dataset.objects.create(code="bench", name_zh="bench")
    for content in books():
        dataset.refresh_from_db()
        upload(content, dataset, user)


if __name__ == "__main__":
    main()
