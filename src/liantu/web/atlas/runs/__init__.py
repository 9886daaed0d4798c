"""Runs of the engine: a plan, its gaps or its portfolio, worked off by a job and kept for ever."""

from __future__ import annotations

after_publish: list[str] = []
"""Kinds of jobs that are put into the queue, with `run`, whenever another plan is shown to all."""
