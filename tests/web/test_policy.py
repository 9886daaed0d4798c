"""What a page may load: its own files, nothing inline, nothing from elsewhere."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from liantu.web.atlas.city import City

PAGES = [
    "/",
    "/map/",
    "/plants/f_rutile/",
    "/materials/chlorine/",
    "/gaps/",
    "/circular/",
    "/plan/prices/",
    "/sources/",
    "/match/?kind=need&material=chlorine&quantity=60000&at=jinchang_etdz",
]


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_inline_and_the_policy_says_so(client: Client, jinchang: City, path: str) -> None:
    response = client.get(path)
    policy = response.headers["Content-Security-Policy"]
    assert "'self'" in policy
    assert "unsafe-inline" not in policy
    page = response.content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"\son\w+=", page)
    assert not re.search(r"<[^>]+\sstyle=", page)


def test_the_static_files_are_served_and_ours(client: Client, jinchang: City) -> None:
    page = client.get("/").content.decode()
    files = re.findall(r'(?:src|href)="(/static/[^"?]+)', page)
    assert len(files) >= 3
    assert [client.get(file).status_code for file in files] == [200] * len(files)
    assert not re.search(r'(?:src|href)="https?://', page)
