"""The whole interface under random and hostile input: it conforms to its document, and nothing breaks.

LIANTU_SCHEMATHESIS tells how many examples of each operation; by default few, so that all take a minute.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings

from liantu.web.accounts.permissions import Role
from liantu.web.atlas.city import City
from liantu.web.reference import PREFIX, openapi
from liantu.web.tokens import access, actions, selectors
from tests.web.conftest import person

EXAMPLES = int(os.environ.get("LIANTU_SCHEMATHESIS", "6"))
CHECKS = [
    schemathesis.checks.not_a_server_error,
    schemathesis.checks.status_code_conformance,
    schemathesis.checks.content_type_conformance,
    schemathesis.checks.response_schema_conformance,
]


@pytest.fixture
def secret(guitang: City, monkeypatch: pytest.MonkeyPatch) -> str:
    """A token of somebody who may do nearly everything."""
    monkeypatch.setattr(access, "PER_MINUTE", 10**9)
    user = person(Role.TASK_FORCE)
    return actions.make(by=user, name="hostile", scopes=selectors.grantable(user), days=1)[1]


@pytest.mark.parametrize(
    "area", sorted({path.removeprefix(PREFIX).split("/")[0] for path in openapi()["paths"]})
)
def test_nothing_breaks_and_everything_conforms(secret: str, area: str) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    found = [result.ok() for result in schema.get_all_operations()]
    mine = [op for op in found if op.path.removeprefix(PREFIX).split("/")[0] == area]
    assert mine
    codes: set[int] = set()
    for operation in mine:

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def one(case: Any) -> None:
            answer = case.call_and_validate(
                headers={"Authorization": f"Bearer {secret}", "Host": "localhost"}, checks=CHECKS
            )
            codes.add(answer.status_code)

        one()
    assert 401 not in codes, "the token was not sent"
    assert codes
