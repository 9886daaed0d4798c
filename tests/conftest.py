"""What all tests share: no test fails on time, and CI draws the same examples each time."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile("liantu", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("liantu"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "liantu")
