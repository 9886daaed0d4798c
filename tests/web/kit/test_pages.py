"""Lists: what the address asks for is what is shown, of a queryset as of rows in memory."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pytest
from django.http import QueryDict

from liantu.web.accounts.models import User
from liantu.web.kit.pages import Columns, DayFilter, Filter, Paged, paged
from liantu.web.kit.parameters import BadParameterError

COLUMNS = Columns(
    sorts={"name": ("name",), "phone": ("phone",), "joined": ("date_joined",), "seen": ("last_login",)},
    default="name",
    search=("name", "username"),
    filters=(Filter("active", "Active", (("True", "yes"), ("False", "no")), "is_active"),),
    per_page=20,
)


@pytest.fixture
def people(db: None) -> None:
    User.objects.bulk_create(
        User(username=f"u{n}", name=f"N{n // 3:02}", phone=str(n % 7), is_active=n % 4 > 0) for n in range(75)
    )


def ask(query: str) -> tuple[Paged[User], Paged[User]]:
    """The same question to the database and to the rows in memory."""
    return paged(QueryDict(query), User.objects.all(), COLUMNS), paged(
        QueryDict(query), list(User.objects.order_by("pk")), COLUMNS
    )


@pytest.mark.usefixtures("people")
class TestOfTheDatabaseAndInMemory:
    @pytest.mark.parametrize(
        "query", ["", "sort=-name", "sort=phone&page=2", "q=n0", "q=N1 u4", "active=False"]
    )
    def test_both_show_the_same_values_in_the_same_order(self, query: str) -> None:
        stored, held = ask(query)
        key = stored.sort.removeprefix("-")
        assert [getattr(u, key) for u in stored] == [getattr(u, key) for u in held]
        assert (stored.total, stored.pages, stored.first, stored.last) == (
            held.total, held.pages, held.first, held.last,
        )  # fmt: skip

    def test_the_pages_together_are_all_rows_once(self) -> None:
        seen = [u.pk for n in range(1, 5) for u in ask(f"sort=phone&page={n}")[0]]
        assert sorted(seen) == sorted(User.objects.values_list("pk", flat=True))

    def test_what_is_not_known_comes_last_either_way(self) -> None:
        User.objects.filter(username="u7").update(last_login="2026-01-01T00:00Z")
        for query in ("sort=seen", "sort=-seen"):
            for found in ask(query):
                assert found.rows[0].username == "u7"

    def test_a_search_looks_for_every_word_as_text(self) -> None:
        assert ask("q=%25")[0].total == ask("q=%25")[1].total == 0
        assert ask("q=_")[0].total == 0
        assert ask("q=N01")[0].narrowed

    @pytest.mark.parametrize(
        ("query", "name"),
        [("sort=password", "sort"), ("page=0", "page"), ("page=99", "page"), ("per=7", "per"),
         ("active=2", "active"), ("q=%00", "q"), ("q=" + "x" * 300, "q")],
    )  # fmt: skip
    def test_what_makes_no_sense_is_named(self, query: str, name: str) -> None:
        for rows in (User.objects.all(), list(User.objects.all())):
            with pytest.raises(BadParameterError) as error:
                paged(QueryDict(query), rows, COLUMNS)
            assert error.value.name == name


def test_an_empty_list_has_one_page(db: None) -> None:
    found, _ = ask("")
    assert (found.total, found.pages, found.first, found.last, found.before, found.after) == (
        0,
        1,
        0,
        0,
        0,
        0,
    )


def test_a_day_is_a_day(db: None) -> None:
    columns = Columns(
        {"name": ("name",)}, "name", filters=(DayFilter("from", "From", how="date_joined__date__gte"),)
    )
    assert paged(QueryDict("from=2020-02-29"), User.objects.all(), columns)["from"] == "2020-02-29"
    for wrong in ("2021-02-29", "yesterday", "2020-1-1x"):
        with pytest.raises(BadParameterError):
            paged(QueryDict(f"from={wrong}"), User.objects.all(), columns)


@dataclass
class Row:
    name: str
    load: float


def test_a_number_that_is_not_known_comes_last() -> None:
    rows = [Row("a", math.nan), Row("b", 1.0), Row("c", 2.0)]
    columns = Columns({"load": ("load",)}, "-load")
    assert [r.name for r in paged(QueryDict(), rows, columns)] == ["c", "b", "a"]
    assert [r.name for r in paged(QueryDict("sort=load"), rows, columns)] == ["b", "c", "a"]


def test_a_template_finds_the_fields_of_a_list_and_the_values_of_its_filters(db: None) -> None:
    found, _ = ask("active=True")
    assert found["active"] == "True"
    with pytest.raises(KeyError):
        found["rows"]  # a template asks for it like this first, and then for the attribute
