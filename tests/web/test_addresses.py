"""Addresses that make no sense: a clear answer, never a failure, and nothing of them runs in the page."""

from __future__ import annotations

import pytest
from django.test import Client

from liantu.web.atlas.city import City

HOSTILE = "\"><script>alert(1)</script>'--%00\x00{{7*7}}"

BAD = [
    ("/map/?chain=zz", "chain", "zz"),
    ("/map/?park=nickel", "park", "nickel"),
    ("/map/?by=colour", "by", "colour"),
    ("/map/?utilities=2", "utilities", "2"),
    ("/map/?size=huge", "size", "huge"),
    ("/map/?labels=x", "labels", "x"),
    ("/map/?plant=c_ticl4_500", "plant", "c_ticl4_500"),
    ("/plants/?sort=price", "sort", "price"),
    ("/plants/?show=none", "show", "none"),
    ("/plants/?page=0", "page", "0"),
    ("/plants/?page=99", "page", "99"),
    ("/plants/?page=1e9", "page", "1e9"),
    ("/plants/?page=²", "page", "²"),
    ("/materials/?kind=gas", "kind", "gas"),
    ("/plan/prices/?material=nix", "material", "nix"),
    ("/gaps/?list=all", "list", "all"),
    ("/gaps/?all=yes", "all", "yes"),
]


@pytest.mark.parametrize(("address", "name", "found"), BAD)
def test_a_bad_parameter_is_named_with_what_could_stand_there(
    visitor: Client, jinchang: City, address: str, name: str, found: str
) -> None:
    for prefix, sentence in (("", "参数"), ("/en", "The parameter")):
        answer = visitor.get(prefix + address)
        page = answer.content.decode()
        assert answer.status_code == 400
        assert sentence in page
        assert f"<code>{name}</code>" in page
        assert found in page


@pytest.mark.parametrize(
    "address",
    ["/plants/nix/", "/plants/%3Cscript%3E/", "/materials/nix/", "/nix/", "/plants/f_rutile/x/", "/zh-hans/"],
)
def test_what_is_not_there_is_404_in_both_languages(visitor: Client, jinchang: City, address: str) -> None:
    for prefix, sentence in (("", "没有这个页面"), ("/en", "There is no such page")):
        answer = visitor.get(prefix + address)
        assert answer.status_code == 404
        assert sentence in answer.content.decode()
        assert b"<script>" not in answer.content


def test_a_proof_that_is_not_there_is_404(visitor: Client, guitang: City) -> None:
    assert visitor.get("/gaps/proofs/nix/").status_code == 404
    assert visitor.get("/en/gaps/proofs/<b>+%2f/").status_code == 404


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/map/", ("chain", "park", "material", "plant", "by", "size", "labels", "utilities")),
        ("/plants/", ("q", "chain", "park", "show", "sort", "page")),
        ("/materials/", ("q", "kind", "sort", "page")),
        ("/plan/prices/", ("q", "material", "sort", "page")),
        ("/gaps/", ("list", "all")),
        ("/match/", ("kind", "material", "quantity", "at", "purity", "price")),
        ("/", ("x",)),
    ],
)
def test_hostile_text_is_shown_as_text(
    visitor: Client, jinchang: City, path: str, names: tuple[str, ...]
) -> None:
    for name in names:
        for value in (HOSTILE, "x" * 5000, "😀\u202e", "-1", "1e999", "NaN"):
            answer = visitor.get(path, {name: value})
            assert answer.status_code in (200, 400), (name, value)
            assert b"<script>alert" not in answer.content


def test_a_search_keeps_hostile_text_inside_its_field(visitor: Client, jinchang: City) -> None:
    page = visitor.get("/plants/", {"q": '"><img src=x onerror=alert(1)>'}).content.decode()
    assert 'value="&quot;&gt;&lt;img src=x onerror=alert(1)&gt;"' in page
    assert "<img" not in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("quantity", "-5"), ("quantity", "0"), ("quantity", "nan"), ("quantity", "inf"), ("quantity", "ten"),
        ("quantity", "1e400"), ("quantity", ""), ("material", "nix"), ("material", ""), ("at", "nix"),
        ("kind", "gift"), ("purity", "101"), ("purity", "-1"), ("purity", "nan"), ("price", "inf"),
        ("price", "x"),
    ],
)  # fmt: skip
def test_a_need_that_makes_no_sense_is_marked_at_its_field(
    visitor: Client, jinchang: City, field: str, value: str
) -> None:
    stated = {"kind": "need", "material": "chlorine", "quantity": "1000", "at": "jinchang_etdz"}
    answer = visitor.get("/en/match/", {**stated, field: value})
    assert answer.status_code == 400
    assert f'id="id_{field}_error"' in answer.content.decode()


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nothing_can_be_written(visitor: Client, jinchang: City, method: str) -> None:
    assert getattr(visitor, method)("/match/", {"kind": "need"}).status_code == 405
    assert getattr(visitor, method)("/").status_code == 405
