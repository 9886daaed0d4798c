"""Loading a city from the shell: its data, its plan, and that plan shown."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _

from liantu.web.atlas import city
from liantu.web.atlas.datasets.actions import load_package
from liantu.web.atlas.models import DatasetVersion, Run
from liantu.web.atlas.runs import actions, selectors
from liantu.web.atlas.runs.stored import StoredRunError


def load_and_plan(path: str | Path) -> Run:
    """The plan of the city at `path`: shown already, under way, or started now. Raises InputError."""
    version = load_package(path, note=_("Loaded from the shell"))
    return _under_way(version) or actions.start_run(version=version, by=None, publish=True)


def _under_way(version: DatasetVersion) -> Run | None:
    """A plan of the current version that is shown and can be read, or that will be."""
    shown = selectors.published()
    if shown is not None and shown.version_id == version.pk and _is_readable(shown):
        return shown
    waits = selectors.every().filter(version=version, kind=Run.Kind.PLAN, publish=True)
    found: Run | None = waits.filter(job__status__in=("queued", "running")).first()
    return found


def _is_readable(run: Run) -> bool:
    """Whether this version of the program makes the same of what another one stored."""
    try:
        city.of_run(run)
    except StoredRunError:
        return False
    return True
