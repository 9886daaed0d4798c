"""A query of a scoped model fails until it says for whom, whichever way it is asked."""

from __future__ import annotations

import asyncio
import pickle
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.test.utils import isolate_apps

from liantu.web.accounts.models import Department, Enterprise, Park, User
from liantu.web.accounts.permissions import Permission, Reach, Role
from liantu.web.accounts.scope import ScopedManager, UnscopedQueryError
from tests.web.conftest import person

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]

PUBLIC = {
    "accounts.Department": "names of the city's offices",
    "accounts.Park": "names of the city's parks",
    "accounts.Enterprise": "names of firms; what they state is scoped",
    "accounts.User": "names; who manages people has the permission for all of them",
    "accounts.Membership": "read with its person, and by the admins of the whole city",
    "accounts.FormerPassword": "hashes, read for the person whose password is changed",
    "audit.Event": "the auditor reads all of it; a person their own, by login",
    "audit.Head": "one row, no page",
    "jobs.Schedule": "what the system does by itself",
    "figures.Subject": "names of what figures speak of",
    "figures.Indicator": "names and definitions of indicators",
    "figures.Rules": "links between indicators that the checks use",
    "figures.ProposedFigure": "reached through a document in scope",
    "figures.FindingRow": "reached through a finding in scope",
    "figures.Closure": "reached through a finding in scope",
    "figures.Standing": "reached through an observation in scope",
    "figures.Approval": "reached through an observation in scope",
    "figures.OfficialDecision": "reached through an observation in scope",
    "casefile.FlowEdition": "the flow as data; it holds no case",
    "casefile.CaseParty": "reached through a case in scope",
    "casefile.Owed": "reached through a case in scope",
    "casefile.CaseEvent": "reached through a case in scope",
    "casefile.EscalationSent": "reached through a case in scope",
    "casefile.EscalatedTo": "reached through a case in scope, or by the person who was told",
    "casefile.Attachment": "reached through a case in scope",
    "casefile.CalendarDay": "the city's calendar",
    "casefile.CalendarYear": "the city's calendar",
    "casefile.CalendarEdition": "a number",
    "casefile.PartyHolder": "who holds a party of a flow, for who manages flows",
    "atlas.Dataset": "the city's tables are for all who read the atlas",
    "atlas.DatasetVersion": "the city's tables are for all who read the atlas",
    "atlas.UploadedFile": "reached through an upload in scope",
    "atlas.DraftEdit": "reached through a draft in scope",
    "atlas.FieldNote": "source and owner of a figure, for all who read the atlas",
    "atlas.RefreshInterval": "a rule for the city's tables",
    "atlas.RunResult": "reached through a run in scope",
    "atlas.Publication": "which run the atlas shows to all",
    "atlas.OpportunityChange": "reached through an opportunity in scope",
    "exchange.VerifiedResult": "reached through a case in scope",
}
"""Models of ours that need no scope, and why."""


@pytest.fixture(scope="module")
def thing() -> Iterator[type[models.Model]]:
    with isolate_apps("liantu.web.accounts"):

        class Thing(models.Model):
            name = models.CharField(max_length=20)
            office = models.ForeignKey(Department, models.CASCADE, null=True, related_name="things")
            park = models.CharField(max_length=20, blank=True)
            firm = models.ForeignKey(Enterprise, models.CASCADE, null=True, related_name="+")
            maker = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
            objects = ScopedManager(department="office__path", park="park", enterprise="firm", own="maker")

            class Meta:
                app_label = "accounts"

        yield Thing


@pytest.fixture
def table(thing: type[models.Model], db: None) -> Any:
    """The table, within the test's transaction."""
    key = "bigserial PRIMARY KEY" if connection.vendor == "postgresql" else "integer PRIMARY KEY"
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE accounts_thing (id {key}, name varchar(20) NOT NULL, park varchar(20) NOT NULL, "
            "office_id bigint, firm_id bigint, maker_id bigint)"
        )
    return thing


READS: dict[str, Callable[[Any], Any]] = {
    "iterate": lambda m: list(m.objects.all()),
    "manager": lambda m: list(m.objects.filter(name="a")),
    "len": lambda m: len(m.objects.all()),
    "bool": lambda m: bool(m.objects.all()),
    "repr": lambda m: repr(m.objects.all()),
    "index": lambda m: m.objects.all()[0],
    "slice": lambda m: list(m.objects.all()[:1]),
    "in": lambda m: m() in m.objects.all(),
    "get": lambda m: m.objects.get(pk=1),
    "first": lambda m: m.objects.first(),
    "last": lambda m: m.objects.order_by("pk").last(),
    "earliest": lambda m: m.objects.earliest("pk"),
    "latest": lambda m: m.objects.latest("pk"),
    "count": lambda m: m.objects.count(),
    "exists": lambda m: m.objects.exists(),
    "contains": lambda m: m.objects.contains(m(pk=1)),
    "aggregate": lambda m: m.objects.aggregate(n=Count("pk")),
    "in_bulk": lambda m: m.objects.in_bulk([1]),
    "in_bulk of all": lambda m: m.objects.in_bulk(),
    "iterator": lambda m: list(m.objects.iterator()),
    "values": lambda m: list(m.objects.values("name")),
    "values_list": lambda m: list(m.objects.values_list("name", flat=True)),
    "annotated": lambda m: list(m.objects.annotate(x=F("name")).values("x")),
    "distinct": lambda m: list(m.objects.distinct()),
    "only": lambda m: list(m.objects.only("name")),
    "defer": lambda m: list(m.objects.defer("name")),
    "select_related": lambda m: list(m.objects.select_related("office")),
    "select_for_update": lambda m: list(m.objects.select_for_update()),
    "prefetch_related": lambda m: list(m.objects.prefetch_related("office")),
    "dates": lambda m: list(m.objects.annotate(d=F("maker__date_joined")).datetimes("d", "day")),
    "explain": lambda m: m.objects.all().explain(),
    "raw": lambda m: list(m.objects.raw("SELECT * FROM accounts_thing")),
    "raw of a queryset": lambda m: list(m.objects.all().raw("SELECT * FROM accounts_thing")),
    "pickle": lambda m: pickle.dumps(m.objects.all()),
    "using": lambda m: list(m.objects.using("default")),
    "reverse": lambda m: list(m.objects.reverse()),
    "complex_filter": lambda m: list(m.objects.complex_filter(Q(name="a"))),
    "union": lambda m: list(m.objects.unscoped("a test").union(m.objects.all())),
    "union the other way": lambda m: list(m.objects.all().union(m.objects.unscoped("a test"))),
    "intersection": lambda m: list(m.objects.unscoped("a test").intersection(m.objects.all())),
    "difference": lambda m: list(m.objects.unscoped("a test").difference(m.objects.all())),
    "or": lambda m: list(m.objects.unscoped("a test") | m.objects.all()),
    "and": lambda m: list(m.objects.unscoped("a test") & m.objects.all()),
    "xor": lambda m: list(m.objects.unscoped("a test") ^ m.objects.all()),
    "or with none": lambda m: list(m.objects.none() | m.objects.all()),
    "subquery": lambda m: list(Department.objects.filter(pk__in=m.objects.values("office"))),
    "subquery by query": lambda m: list(User.objects.filter(pk__in=m.objects.values("maker").query)),
    "Subquery": lambda m: list(User.objects.annotate(x=Subquery(m.objects.values("name")[:1]))),
    "Exists": lambda m: list(User.objects.filter(Exists(m.objects.filter(maker=OuterRef("pk"))))),
    "sql of a query": lambda m: str(m.objects.all().query),
}
WRITES: dict[str, Callable[[Any], Any]] = {
    "update": lambda m: m.objects.update(name="b"),
    "filtered update": lambda m: m.objects.filter(name="a").update(name="b"),
    "bulk_update": lambda m: m.objects.bulk_update([m(pk=1, name="b")], ["name"]),
    "delete": lambda m: m.objects.all().delete(),
    "raw delete": lambda m: m.objects.all()._raw_delete("default"),
    "get_or_create": lambda m: m.objects.get_or_create(name="a"),
    "update_or_create": lambda m: m.objects.update_or_create(name="a"),
}
ASYNC: dict[str, Callable[[Any], Any]] = {
    "aget": lambda m: m.objects.aget(pk=1),
    "afirst": lambda m: m.objects.afirst(),
    "acount": lambda m: m.objects.acount(),
    "aexists": lambda m: m.objects.aexists(),
    "aaggregate": lambda m: m.objects.aaggregate(n=Count("pk")),
    "ain_bulk": lambda m: m.objects.ain_bulk(),
    "aupdate": lambda m: m.objects.aupdate(name="b"),
    "adelete": lambda m: m.objects.all().adelete(),
    "async for": lambda m: _all(m.objects.all()),
    "aiterator": lambda m: _all(m.objects.aiterator()),
}


async def _all(rows: Any) -> list[Any]:
    return [row async for row in rows]


@pytest.mark.parametrize("ask", [*READS.values(), *WRITES.values()], ids=[*READS, *WRITES])
def test_without_a_scope_nothing_is_read_or_changed(table: Any, ask: Callable[[Any], Any]) -> None:
    table.objects.create(name="a")
    Department.objects.create(code="d", name_zh="d", path="/d/")
    User.objects.create(username="u")
    with pytest.raises(UnscopedQueryError):
        ask(table)
    assert list(table.objects.unscoped("a test").values_list("name", flat=True)) == ["a"]


@pytest.mark.parametrize("ask", ASYNC.values(), ids=ASYNC)
def test_nor_by_the_other_door(table: Any, ask: Callable[[Any], Any]) -> None:
    async def run() -> None:
        await ask(table)

    with pytest.raises(UnscopedQueryError):
        asyncio.run(run())


def test_a_related_manager_is_scoped_and_knows_the_ways(thing: Any) -> None:
    manager = thing._meta.get_field("office").remote_field
    from django.db.models.fields.related_descriptors import create_reverse_many_to_one_manager

    office = Department(pk=1, code="d", path="/d/")
    related = create_reverse_many_to_one_manager(thing._default_manager.__class__, manager)(office)
    with pytest.raises(UnscopedQueryError):
        list(related.all())
    with pytest.raises(UnscopedQueryError):
        related.count()
    seen = related.visible_to(person(Role.TASK_FORCE), Permission.ATLAS_READ)
    assert "office_id" in str(seen.query)
    assert related.get_queryset().ways == thing._default_manager.ways


def test_nothing_needs_no_scope(table: Any) -> None:
    assert list(table.objects.none()) == []


def test_a_reason_is_asked_for(table: Any) -> None:
    with pytest.raises(UnscopedQueryError):
        table.objects.unscoped(" ")
    with pytest.raises(TypeError):
        ScopedManager(city="x")
    with pytest.raises(TypeError):
        ScopedManager(colour="x")


def test_everybody_sees_the_rows_of_their_place(table: Any) -> None:
    offices = {
        path: Department.objects.create(code=path, name_zh=path, path=path)
        for path in ("/a/", "/a/b/", "/ab/")
    }
    parks = [Park.objects.create(code=c, name_zh=c) for c in ("p", "q")]
    firms = [Enterprise.objects.create(code=c, name_zh=c) for c in ("e", "f")]
    citizen = person(Role.CITIZEN)
    for path, office in offices.items():
        table.objects.create(name=path, office=office)
    for park in ("p", "q"):
        table.objects.create(name=park, park=park)
    for firm in firms:
        table.objects.create(name=firm.code, firm=firm)
    table.objects.create(name="own", maker=citizen)

    def seen(user: object, permission: Permission = Permission.DESK_READ, **more: Any) -> set[str]:
        return set(table.objects.visible_to(user, permission, **more).values_list("name", flat=True))

    everything = {"/a/", "/a/b/", "/ab/", "p", "q", "e", "f", "own"}
    assert seen(person(Role.LEADER)) == everything
    assert seen(person(Role.AGENT, department=offices["/a/"])) == {"/a/", "/a/b/"}
    assert seen(person(Role.DEPARTMENT, "low", department=offices["/a/b/"])) == {"/a/b/"}
    assert seen(person(Role.PARK, park=parks[0])) == {"p"}
    assert seen(person(Role.ENTERPRISE, enterprise=firms[1])) == {"f"}
    assert seen(citizen) == {"own"}
    assert seen(citizen, also=Q(name="p")) == {"own", "p"}
    assert seen(citizen, Permission.AUDIT_READ) == set()
    assert seen(None) == set()
    assert seen(User.objects.create(username="without", is_active=True)) == set()
    gone = person(Role.LEADER, "gone")
    gone.is_active = False
    assert seen(gone) == set()
    two = person(Role.PARK, "two", park=parks[0])
    assert seen(person(Role.AGENT, "two", department=offices["/ab/"])) == {"p", "/ab/"}
    assert seen(two, Permission.RUNS_START) == {"p"}  # an agent may not


def test_a_role_without_its_place_sees_nothing(table: Any) -> None:
    table.objects.create(name="a", park="")
    for role in (Role.AGENT, Role.PARK, Role.ENTERPRISE):
        assert not table.objects.visible_to(person(role), Permission.DESK_READ).exists()


def ours() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if m.__module__.startswith("liantu.")]


def test_every_model_is_scoped_or_says_why_not() -> None:
    """Models of other apps add themselves by `public_because` on the model, or to PUBLIC here."""
    open_ones = [
        m._meta.label
        for m in ours()
        if not isinstance(m._default_manager, ScopedManager)
        and m._meta.label not in PUBLIC
        and not getattr(m, "public_because", "").strip()
    ]
    assert open_ones == []


def test_no_other_manager_opens_a_way_around() -> None:
    for model in ours():
        if isinstance(model._default_manager, ScopedManager):
            assert all(isinstance(m, ScopedManager) for m in model._meta.managers), model


def test_no_code_goes_around_the_managers() -> None:
    root = Path(__file__).parents[3] / "src/liantu/web"
    around = re.compile(r"_base_manager|\.cursor\(|connection\.execute|RawSQL|\.extra\(")
    found = [
        str(file.relative_to(root))
        for file in root.rglob("*.py")
        if around.search(file.read_text(encoding="utf-8"))
    ]
    assert set(found) <= {"kit/triggers.py", "accounts/scope.py"}


def test_every_way_of_a_model_leads_to_a_field() -> None:
    for model in ours():
        if isinstance(model._default_manager, ScopedManager):
            for reach, way in model._default_manager.ways.items():
                assert Reach(reach)
                model._default_manager.unscoped("a test").filter(**{f"{way}__isnull": True}).query  # noqa: B018
