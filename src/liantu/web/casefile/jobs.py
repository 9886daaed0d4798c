"""Jobs of cases: the sweep every quarter of an hour, and the refresh after a change of the calendar."""

from __future__ import annotations

from liantu.web.jobs import Context, job


@job("casefile.sweep", background=True, every=15)
def sweep_late(context: Context) -> dict[str, int]:
    """Tell who must hear of late cases."""
    from liantu.web.casefile.sweep import sweep

    return {"told": sweep(progress=context.progress)}


@job("casefile.refresh", background=True, every=24 * 60)
def refresh_cases(context: Context) -> dict[str, int]:
    """Derive the dates of all open cases anew."""
    from liantu.web.casefile.sweep import refresh

    return {"changed": refresh(progress=context.progress)}
