"""What the worker does with an upload."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_noop

from liantu.web.jobs import Context, job

STEPS = 5
BECAUSE = "the worker acts for nobody"


@job("atlas.check_upload")
def check_upload(context: Context, upload: str) -> None:
    """Read, check and compare an upload."""
    from liantu.web.atlas.datasets import actions, findings, intake, selectors
    from liantu.web.atlas.models import StagedUpload

    staged = StagedUpload.objects.unscoped(because=BECAUSE).select_related("file", "base").get(pk=upload)
    if staged.status != StagedUpload.Status.CHECKING:
        return
    done = 0

    def step(name: str) -> None:
        nonlocal done
        done += 1
        context.progress(done, STEPS, name)

    step(gettext_noop("Unpacking"))
    with tempfile.TemporaryDirectory(prefix="liantu-") as folder:
        path, problems = intake.laid_out(bytes(staged.file.content), staged.name, Path(folder))
        found = findings.check_path(path, step) if path else findings.Checked(None, tuple(problems), ())
    step(gettext_noop("Comparing with the current version"))
    before = selectors.tables_of(staged.base) if staged.base else None
    contents = actions.Contents.of(found.tables, before) if found.tables is not None else None
    step(gettext_noop("Keeping what was found"))
    kept = findings.kept(found, found.tables)
    with context.commit() as result:
        actions.keep_check(staged, found, contents, kept)
        result.update(errors=staged.errors, notices=staged.notices)


@job("atlas.mark_upload", background=True)
def mark_upload(context: Context, upload: str) -> None:
    """Make the copy of an upload in which its problems are marked."""
    from liantu.web.atlas.datasets import actions, selectors
    from liantu.web.atlas.models import StagedUpload

    staged: Any = StagedUpload.objects.unscoped(because=BECAUSE).select_related("file").get(pk=upload)
    context.progress(0, 1, gettext_noop("Marking the problems in a workbook"))
    marked = selectors.marked_copy(bytes(staged.file.content), staged.name, bytes(staged.findings))
    with context.commit():
        StagedUpload.objects.unscoped(because=BECAUSE).filter(pk=upload).update(
            marked=actions.keep_file(marked)
        )
