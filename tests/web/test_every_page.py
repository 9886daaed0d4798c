"""Every page of the viewer: in both languages, with bad parameters, and without anything inline."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from liantu.web.atlas import city

PAGES = {
    "/": ("产业链", "Chains"),
    "/map/": ("产业链图谱", "Chain map"),
    "/map/?chain=titanium": ("合成金红石", "synthetic rutile"),
    "/plants/": ("选矿厂", "Concentrator"),
    "/plants/f_rutile/": ("40万吨合成金红石", "400 kt synthetic rutile"),
    "/materials/?q=sulfuric_acid": ("硫酸（98%）", "Sulfuric acid 98%"),
    "/materials/chlorine/": ("氯气", "Chlorine"),
    "/gaps/": ("补链", "gaps"),
    "/circular/": ("本地配套率", "Local supply"),
    "/plan/": ("证书", "Certificate"),
    "/plan/prices/": ("电力", "Electricity"),
    "/sources/": ("甘肃日报", ""),
    "/match/?kind=need&material=chlorine&quantity=60000&at=jinchang_etdz": (
        "离子膜烧碱系统",
        "Membrane caustic",
    ),
}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_every_page_answers_in_both_languages(client: Client, path: str, language: str) -> None:
    response = client.get(path if language == "zh-Hans" else f"/en{path}")
    page = response.content.decode()
    assert response.status_code == 200
    assert f'lang="{language}"' in page
    expected = PAGES[path][0 if language == "zh-Hans" else 1]
    assert expected in page
    assert "�" not in page


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_inline_and_the_policy_says_so(client: Client, path: str) -> None:
    response = client.get(path)
    policy = response.headers["Content-Security-Policy"]
    assert "'self'" in policy
    assert "unsafe-inline" not in policy
    page = response.content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"\son\w+=", page)
    assert not re.search(r"<[^>]+\sstyle=", page)


@pytest.mark.parametrize("path", ["/plants/nobody/", "/materials/none/", "/nowhere/"])
def test_what_is_not_there_is_404_in_a_sentence(client: Client, path: str) -> None:
    for prefix in ("", "/en"):
        response = client.get(prefix + path)
        assert response.status_code == 404
        assert "<h1" in response.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/map/?chain=<script>alert(1)</script>",
        "/plants/?q=%3Cscript%3Ealert(1)%3C/script%3E&sort=;drop&page=-3",
        "/materials/?page=99999999999999999999",
        "/match/?kind=need&material=<script>&quantity=-1&at=nowhere",
        "/match/?kind=offer&material=chlorine&quantity=1e400&at=f_chlor_alkali",
        "/match/?kind=need&material=chlorine&quantity=nan&at=jinchang_etdz&purity=7",
        "/plan/prices/?material=%00",
    ],
)
def test_hostile_parameters_are_refused_or_escaped(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code in (200, 400)
    assert "<script>alert" not in response.content.decode()


def test_gaps_are_there_once_they_are_computed(client: Client) -> None:
    city.wait_for_gaps(300)
    page = client.get("/en/gaps/").content.decode()
    found = re.findall(r'href="(/en/gaps/proofs/[^"]+)"', page)
    assert len(found) > 5
    assert client.get(found[0]).status_code == 200
    assert client.get("/gaps/proofs/none/").status_code == 404


def test_the_static_files_are_served_and_ours(client: Client) -> None:
    page = client.get("/").content.decode()
    for address in re.findall(r'(?:src|href)="(/static/[^"?]+)', page):
        assert client.get(address).status_code == 200, address
    assert not re.search(r'(?:src|href)="https?://', page)
