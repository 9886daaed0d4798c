"""How many examples a law is tried on: a third of those named, all with LIANTU_LAWS=all."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

ALL = os.environ.get("LIANTU_LAWS") == "all"


def tried(examples: int) -> settings:
    """Settings of a law that is tried on so many examples in the long run."""
    return settings(
        max_examples=examples if ALL else -(-examples // 3),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
