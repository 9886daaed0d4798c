"""The queue's own work."""

from __future__ import annotations

from liantu.web.jobs import Context, job, queue


@job("jobs.clean", background=True, every=24 * 60)
def clean(context: Context) -> dict[str, int]:
    """Drop old rows of repeated jobs."""
    return {"dropped": queue.clean()}
