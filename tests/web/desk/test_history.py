"""The atlas as it was: the run of a day, said on the page, kept in every link, with a way back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from liantu.web.accounts.permissions import GRANTS, Permission, Role
from liantu.web.atlas.city import City
from liantu.web.atlas.keeping import kept
from liantu.web.atlas.models import Run
from liantu.web.atlas.runs import actions
from tests.web.conftest import person, signed_in

BANNER = "This is not the plan that holds now."


@pytest.fixture
def two(guitang: City, run_jobs: Any) -> Iterator[tuple[Run, Run]]:
    """The plan of then, ten days ago, and the plan of now: another one of the same data."""
    assert guitang.run is not None
    with time_machine.travel(timezone.now() + timedelta(days=10)):
        by = person(Role.TASK_FORCE)
        made = actions.start_run(version=guitang.run.version, name="second", by=by, publish=True)
        run_jobs()
        yield guitang.run, made


def day(ago: int) -> str:
    return (timezone.localdate() - timedelta(days=ago)).isoformat()


def test_a_day_leads_to_the_run_that_was_shown_then_with_the_same_filters(two: Any, client: Any) -> None:
    old, _new = two
    answer = client.get("/en/history/day/", {"day": day(5), "back": "/en/map/?by=quantity&chain=sugar"})
    assert answer.headers["Location"] == f"/en/map/?by=quantity&chain=sugar&run={old.pk}"
    page = client.get(answer.headers["Location"]).content.decode()
    assert BANNER in page
    back = re.search(r'data-leave href="([^"]+)"', page)
    assert back is not None
    assert back[1].replace("&amp;", "&") == "/en/map/?by=quantity&chain=sugar"
    assert BANNER not in client.get(back[1].replace("&amp;", "&")).content.decode()
    now = client.get("/en/history/day/", {"day": day(0), "back": "/en/map/?by=quantity"})
    assert now.headers["Location"] == "/en/map/?by=quantity"


def test_every_link_and_form_of_the_atlas_keeps_the_run(two: Any, client: Any) -> None:
    old, _new = two
    for path in ("/map/", "/plants/", "/materials/bagasse/", "/chains/", "/gaps/", "/circular/", "/plan/"):
        page = client.get(f"{path}?run={old.pk}").content.decode()
        main = page[page.index("<main") :]
        links = re.findall(
            r'<a(?![^>]*data-leave)[^>]*href="(/(?:map|plants|materials|gaps|chains|plan)/[^"#]*)', main
        )
        assert [link for link in links if f"run={old.pk}" not in link] == [], path
        for form in re.findall(r'<form[^>]*method="get"[^>]*>.*?</form>', main, re.S):
            if "history" not in form:
                assert f'name="run" value="{old.pk}"' in form, path
        doubled = [link for link in links if link.count("run=") > 1]
        assert doubled == []


def test_pages_of_the_published_run_are_left_alone(two: Any, client: Any) -> None:
    assert "run=" not in re.sub(
        r'action="[^"]*"|hx-post="[^"]*"', "", client.get("/plants/").content.decode()
    )


def test_before_the_first_plan_there_was_nothing(two: Any, visitor: Any) -> None:
    answer = visitor.get("/en/history/day/", {"day": day(400), "back": "/en/map/"})
    assert answer.status_code == 404
    assert "Nothing was shown then" in answer.content.decode()


@pytest.mark.parametrize(
    "query", [{"day": "x"}, {"day": "2026-02-30"}, {"back": "//evil.example/"}, {"back": "https://evil.example/"},
              {"back": "/\\evil.example"}, {"back": "javascript:alert(1)"}, {}]
)  # fmt: skip
def test_an_address_that_makes_no_sense_leads_nowhere(two: Any, visitor: Any, query: dict[str, str]) -> None:
    answer = visitor.get("/en/history/day/", {"back": "/map/", **query} if "day" in query else query)
    assert answer.status_code == 400


def test_the_list_tells_what_was_shown_since_when(two: Any, client: Any) -> None:
    page = client.get("/en/history/").content.decode()
    assert "second" in page
    assert page.count("?run=") >= 8
    assert "shown now" in page


@pytest.mark.parametrize("role", list(Role))
def test_only_readers_of_the_atlas_come(guitang: City, role: Role) -> None:
    expected = 200 if Permission.ATLAS_READ in GRANTS[role] else 403
    for path in ("/history/", "/chains/"):
        assert signed_in(person(role)).get(path).status_code == expected


def test_the_chains_are_those_of_the_data_with_their_tiers_and_stages(jinchang: City, client: Any) -> None:
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", client.get("/chains/").content.decode()))
    assert re.search(r"2 千亿级 \+ [45] 百亿级", page)
    assert "镍产业链" in page
    english = client.get("/en/chains/").content.decode()
    assert "100 bn CNY class" in english
    assert "Upstream" in english


def test_a_page_is_written_anew_only_where_it_must_be() -> None:
    page = (
        '<a href="/plants/x/">a</a><a class="c" href="/en/map/?by=value#m">b</a><a href="?sort=name">c</a>'
        '<a href="/">d</a><a data-leave href="/map/">e</a><a href="/plan/?run=1">f</a><a href="//map/">g</a>'
        '<form method="get" action="/plants/"><form method="post" action="/plants/"><form method="get">'
    )
    found = kept(page, "R")
    assert '<a href="/plants/x/?run=R">' in found
    assert 'href="/en/map/?by=value&amp;run=R#m"' in found
    assert 'href="?sort=name&amp;run=R"' in found
    for untouched in ('href="/">', 'data-leave href="/map/">', 'href="/plan/?run=1">', 'href="//map/">'):
        assert untouched in found
    assert found.count('name="run"') == 2
