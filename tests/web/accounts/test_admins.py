"""The three admins: what each may do, and that nobody is two of them, whatever way it is tried."""

from __future__ import annotations

import threading

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client

from liantu.web.accounts.models import Department, Enterprise, Membership, Park, User
from liantu.web.accounts.permissions import ADMIN_DUTIES, Role
from liantu.web.accounts.security import PROFILES
from liantu.web.audit import chain
from liantu.web.audit.models import Event
from liantu.web.people import demo
from liantu.web.people.actions import people, places, roles
from tests.web.conftest import person, signed_in

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


@pytest.fixture
def security() -> User:
    return person(Role.SECURITY_ADMIN)


@pytest.fixture
def system() -> User:
    return person(Role.SYSTEM_ADMIN)


@pytest.fixture
def nobody() -> User:
    return User.objects.create(username="nobody", name="没有角色")


class TestRoles:
    def test_a_role_is_given_and_taken_and_recorded(self, security: User, nobody: User) -> None:
        park = Park.objects.create(code="p1", name_zh="园区")
        held = roles.grant(user=nobody, role=Role.PARK, place=park, by=security)
        roles.revoke(membership=held, by=security)
        done = list(Event.objects.order_by("seq").values_list("action", "object", "actor"))
        assert done == [("role.granted", "nobody", security.pk), ("role.revoked", "nobody", security.pk)]
        assert Event.objects.first().detail == {"before": {"role": "park", "place": "p1"}}  # type: ignore[union-attr]
        with pytest.raises(ValidationError):
            roles.revoke(membership=held, by=security)

    @pytest.mark.parametrize("duty", sorted(ADMIN_DUTIES))
    @pytest.mark.parametrize("other", [Role.LEADER, *sorted(ADMIN_DUTIES)])
    def test_nobody_is_two_of_them(self, security: User, nobody: User, duty: Role, other: Role) -> None:
        for first, second in ((duty, other), (other, duty)):
            roles.grant(user=nobody, role=first, by=security)
            with pytest.raises(ValidationError):
                roles.grant(user=nobody, role=second, by=security)
            if first != second:
                with pytest.raises(IntegrityError), transaction.atomic():
                    Membership.objects.create(user=nobody, role=second)
            Membership.objects.filter(user=nobody).delete()

    def test_the_database_refuses_it_too(self, nobody: User) -> None:
        kept = Membership.objects.create(user=nobody, role=Role.LEADER)
        Membership.objects.create(user=nobody, role=Role.SUPERVISOR)
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.filter(pk=kept.pk).update(role=Role.AUDITOR)
        admin = Membership.objects.create(user=person(Role.CITIZEN, "c"), role=Role.LEADER)
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.bulk_create([Membership(user=nobody, role=r) for r in ADMIN_DUTIES])
        auditor = User.objects.create(username="a")
        Membership.objects.create(user=auditor, role=Role.AUDITOR)
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.filter(pk=admin.pk).update(user=auditor)

    def test_nobody_gives_a_role_to_themselves(self, security: User) -> None:
        with pytest.raises(ValidationError):
            roles.grant(user=security, role=Role.SECURITY_ADMIN, by=security)
        client = signed_in(security)
        answer = client.post(f"/security/{security.pk}/", {"role": "leader"})
        assert answer.status_code == 400
        assert not Membership.objects.filter(role=Role.LEADER).exists()

    def test_the_last_security_admin_stays(self, security: User, system: User, nobody: User) -> None:
        with pytest.raises(ValidationError):
            roles.revoke(membership=security.memberships.get(), by=security)
        with pytest.raises(ValidationError):
            people.set_access(user=security, open=False, by=system)
        roles.grant(user=nobody, role=Role.SECURITY_ADMIN, by=security)
        people.set_access(user=nobody, open=False, by=system)
        with pytest.raises(ValidationError):
            roles.revoke(membership=security.memberships.get(), by=security)  # the other one can't come in
        people.set_access(user=nobody, open=True, by=system)
        roles.revoke(membership=security.memberships.get(), by=nobody)
        assert Membership.objects.filter(role=Role.SECURITY_ADMIN).count() == 1

    def test_a_role_needs_its_place_and_no_other(self, security: User, nobody: User) -> None:
        park = Park.objects.create(code="p1", name_zh="园区")
        firm = Enterprise.objects.create(code="e1", name_zh="企业")
        for role, place in (
            (Role.PARK, None),
            (Role.PARK, firm),
            (Role.LEADER, park),
            (Role.ENTERPRISE, park),
        ):
            with pytest.raises(ValidationError):
                roles.grant(user=nobody, role=role, place=place, by=security)
        roles.grant(user=nobody, role=Role.PARK, place=park, by=security)
        with pytest.raises(ValidationError):
            roles.grant(user=nobody, role=Role.PARK, place=park, by=security)
        assert Membership.objects.filter(user=nobody).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_grants_at_once_one_is_refused() -> None:
    """SQLite writes one at a time; on PostgreSQL neither would see the other without the lock."""
    if connection.vendor != "postgresql":
        pytest.skip("two transactions can't write at once")
    user = User.objects.create(username="twice")
    barrier = threading.Barrier(2)
    outcomes: list[str] = []

    def give(role: Role) -> None:
        try:
            with transaction.atomic():
                barrier.wait(10)
                Membership.objects.create(user=user, role=role)
            outcomes.append("given")
        except IntegrityError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=give, args=(r,)) for r in (Role.AUDITOR, Role.SYSTEM_ADMIN)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["given", "refused"]
    assert user.memberships.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_security_admins_can_not_both_go_at_once() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two transactions can't write at once")
    held = [person(Role.SECURITY_ADMIN, n).memberships.get() for n in ("one", "two")]
    by = person(Role.SYSTEM_ADMIN)
    barrier = threading.Barrier(2)

    def go(membership: Membership) -> None:
        try:
            barrier.wait(10)
            roles.revoke(membership=membership, by=by)
        except ValidationError:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(m,)) for m in held]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Membership.objects.filter(role=Role.SECURITY_ADMIN).count() == 1


class TestTree:
    @pytest.fixture
    def tree(self) -> dict[str, Department]:
        found: dict[str, Department] = {}
        for code, parent in (("a", ""), ("b", "a"), ("c", "b"), ("ab", ""), ("d", "ab")):
            one = Department(code=code, name_zh=code, parent=found.get(parent))
            places.add_place(place=one, by=None)
            found[code] = one
        return found

    def paths(self) -> dict[str, str]:
        return dict(Department.objects.values_list("code", "path"))

    def test_a_department_moves_with_all_below_it(self, tree: dict[str, Department], system: User) -> None:
        places.move_department(department=tree["b"], parent=tree["d"], by=system)
        assert self.paths() == {"a": "/a/", "ab": "/ab/", "d": "/ab/d/", "b": "/ab/d/b/", "c": "/ab/d/b/c/"}
        places.move_department(department=tree["b"], parent=None, by=system)
        assert self.paths()["c"] == "/b/c/"
        assert Event.objects.filter(action="department.moved").count() == 2

    def test_never_below_itself(self, tree: dict[str, Department], system: User) -> None:
        for parent in (tree["a"], tree["c"]):
            with pytest.raises(ValidationError):
                places.move_department(department=tree["a"], parent=parent, by=system)

    def test_one_that_is_used_stays(self, tree: dict[str, Department], system: User) -> None:
        person(Role.AGENT, "x", department=tree["c"])
        for code in ("a", "c"):
            with pytest.raises(ValidationError):
                places.remove_place(place=tree[code], by=system)
        places.remove_place(place=tree["d"], by=system)
        assert set(self.paths()) == {"a", "b", "c", "ab"}


class TestPages:
    def test_the_system_admin_adds_a_person_without_a_role(self, system: User) -> None:
        client = signed_in(system)
        answer = client.post("/people/new/", {"username": "li.xm", "name": "李雪梅", "phone": ""})
        assert answer["Cache-Control"] == "no-store"
        user = User.objects.get(username="li.xm")
        assert user.roles == ()
        assert user.password_changed_at is None
        page = answer.content.decode()
        assert any(user.check_password(word) for word in page.split(">") for word in [word.split("<")[0]])
        assert client.get(f"/security/{user.pk}/").status_code == 403

    def test_a_login_is_taken_whatever_its_case(self, system: User) -> None:
        User.objects.create(username="Li.xm")
        for login in ("li.xm", "LI.XM", "ｌi.xm"):
            answer = signed_in(system).post("/people/new/", {"username": login, "name": "x"})
            assert answer.status_code == 400
        assert User.objects.filter(username__istartswith="l").count() == 1

    def test_who_is_closed_out_is_out_at_once(self, system: User, nobody: User) -> None:
        theirs = signed_in(nobody)
        assert theirs.get("/account/").status_code == 200
        signed_in(system).post(f"/people/{nobody.pk}/access/", {"open": "0"})
        assert theirs.get("/account/").status_code == 302
        assert Event.objects.filter(action="person.closed", actor=system.pk).count() == 1

    def test_a_change_is_told_field_by_field(self, system: User, nobody: User) -> None:
        said = {"username": "nobody", "name": "新名", "phone": "1"}
        assert signed_in(system).post(f"/people/{nobody.pk}/", said).status_code == 302
        event = Event.objects.get(action="person.changed")
        assert event.detail["after"] == {"name": "新名", "phone": "1"}

    def test_parks_and_enterprises(self, system: User) -> None:
        client = signed_in(system)
        said = {"code": "p1", "name_zh": "园区", "name_en": "Park"}
        assert client.post("/places/parks/new/", said).status_code == 302
        assert client.post("/places/parks/new/", said).status_code == 400
        assert client.post("/places/enterprises/new/", said | {"code": "a b"}).status_code == 400
        park = Park.objects.get()
        assert client.post(f"/places/parks/{park.pk}/", {"name_zh": "别名", "code": "x"}).status_code == 302
        park.refresh_from_db()
        assert (park.code, park.name_zh) == ("p1", "别名")
        assert client.post(f"/places/parks/{park.pk}/remove/").status_code == 302
        assert not Park.objects.exists()

    def test_the_security_admin_grants_on_the_page(self, security: User, nobody: User) -> None:
        client = signed_in(security)
        assert client.post(f"/security/{nobody.pk}/", {"role": "park"}).status_code == 400
        assert client.post(f"/security/{nobody.pk}/", {"role": "leader"}).status_code == 302
        held = nobody.memberships.get()
        assert client.post(f"/security/roles/{held.pk}/revoke/").status_code == 302
        assert not nobody.memberships.exists()
        for deed in ("second-factor", "unlock", "sign-out"):
            assert client.post(f"/security/{nobody.pk}/{deed}/").status_code == 302

    @pytest.mark.parametrize("language", ["", "/en"])
    def test_every_page_shows(self, security: User, system: User, nobody: User, language: str) -> None:
        office = Department.objects.create(code="d", name_zh="局", path="/d/")
        for client, paths in (
            (signed_in(system), ["people/", "people/new/", f"people/{nobody.pk}/", "places/"]),
            (
                signed_in(system),
                ["places/parks/", "places/enterprises/new/", f"places/departments/{office.pk}/"],
            ),
            (signed_in(security), ["security/", "security/roles/", f"security/{nobody.pk}/", "account/"]),
        ):
            for path in paths:
                answer = client.get(f"{language}/{path}")
                assert answer.status_code == 200, path
                assert "<h1" in answer.content.decode()

    def test_lists_take_as_many_queries_for_many(
        self, security: User, system: User, django_assert_num_queries: object
    ) -> None:
        clients = {"/people/": signed_in(system), "/security/": signed_in(security)}
        for path, client in clients.items():
            few = self.queries(client, path)
            User.objects.bulk_create([User(username=f"{path[1:3]}{n}") for n in range(300)])
            assert self.queries(client, path) == few

    def queries(self, client: Client, path: str) -> int:
        from django.test.utils import CaptureQueriesContext

        client.get(path)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path).status_code == 200
        return len(seen)


class TestDemo:
    def test_there_is_somebody_of_each_role_and_an_outsider(self, settings: object) -> None:
        found = demo.make_people()
        assert demo.make_people() == found
        logins = {login for _role, login, _password in found}
        assert {str(r) for r in Role} | {"enterprise2", "park2", "task_force2", "task_force3"} == logins
        assert User.objects.count() == len(found)
        assert (
            User.objects.get(username="enterprise").enterprise
            != User.objects.get(username="enterprise2").enterprise
        )
        assert chain.verify().fault is None

    def test_they_can_not_be_made_nor_log_in_elsewhere(self, settings: object) -> None:
        assert django_settings.SECURITY.name == "demo"
        demo.make_people()
        client = signed_in(User.objects.get(username="enterprise"))
        assert client.get("/account/").status_code == 200
        settings.SECURITY = PROFILES["standard"]  # type: ignore[attr-defined]
        assert client.get("/account/").status_code == 302
        answer = client.post("/account/login/", {"login": "enterprise", "password": demo.PASSWORD})
        assert answer.status_code == 200
        with pytest.raises(ImproperlyConfigured):
            demo.make_people()
