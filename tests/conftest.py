"""What all tests share: no test fails on time, and CI draws the same examples each time."""

from __future__ import annotations

import os
import tempfile

os.environ["LIANTU_VAR"] = tempfile.mkdtemp(prefix="liantu-test-")  # no test touches the checkout's own
os.environ["LIANTU_SECURITY"] = "demo"  # nobody needs a second factor; tests of the login choose another
if os.environ.get("LIANTU_TEST_POSTGRES") and os.environ.get("LIANTU_TEST_DATABASE") == "postgres":
    os.environ["DATABASE_URL"] = os.environ["LIANTU_TEST_POSTGRES"]
else:
    os.environ.pop("DATABASE_URL", None)

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("liantu", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("liantu"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "liantu")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that use the whole running application share one, in one process."""
    for item in items:
        if "served" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("served"))
