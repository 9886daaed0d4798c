"""The OpenAPI document: committed, the same each time, and what the reference page is made of."""

from __future__ import annotations

import json
import re
from pathlib import Path

from liantu.web.accounts.permissions import Permission, Role
from liantu.web.kit.api import Problem
from liantu.web.reference import openapi, text
from tests.web.conftest import person, signed_in

FILE = Path(__file__).parents[3] / "docs" / "openapi.json"


def test_the_committed_document_is_that_of_the_interface() -> None:
    assert json.loads(FILE.read_text(encoding="utf-8")) == openapi(), "run `make openapi` and commit it"
    assert FILE.read_text(encoding="utf-8") == text()


def test_every_operation_names_its_permission_and_every_error_its_shape() -> None:
    known = {p.value for p in Permission} | {""}
    for path, methods in openapi()["paths"].items():
        for method, said in methods.items():
            assert said["x-permission"] in known, (method, path)
            assert said["security"] == [{"Bearer": []}], (method, path)
            errors = {code: a for code, a in said["responses"].items() if code >= "400"}
            assert {"401", "403", "422", "429"} <= set(errors), (method, path)
            for answer in errors.values():
                assert answer["content"]["application/json"]["schema"]["$ref"].endswith(
                    f"/{Problem.__name__}"
                )


def test_the_reference_shows_every_operation_and_loads_nothing_from_elsewhere(db: None) -> None:
    browser = signed_in(person(Role.ENTERPRISE))
    for prefix in ("", "/en"):
        page = browser.get(f"{prefix}/api/").content.decode()
        for path in openapi()["paths"]:
            assert path in page
        assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|(?:src|href)=\"https?://", page)
    assert signed_in(None).get("/api/").status_code == 302


def test_the_document_is_served_with_its_etag(db: None) -> None:
    browser = signed_in(None)
    first = browser.get("/api/v1/openapi.json")
    assert first.json()["info"]["title"] == "liantu"
    again = browser.get("/api/v1/openapi.json", headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304
