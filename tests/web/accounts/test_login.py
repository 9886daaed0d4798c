"""The door: one answer for all that is wrong, a lock before the hash, a second factor for staff."""

from __future__ import annotations

import re
import time
from dataclasses import replace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings as django_settings
from django.contrib.auth.hashers import get_hasher
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from time_machine import travel

from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import Role
from liantu.web.accounts.security import PROFILES
from liantu.web.audit.models import Event
from liantu.web.people.actions import entrance, people, roles
from tests.web.conftest import person, signed_in

pytestmark = pytest.mark.django_db
PASSWORD = "Kupfer-und-Nickel-7"
LOGIN = "/account/login/"


@pytest.fixture(autouse=True)
def _standard(settings: object) -> None:
    settings.SECURITY = PROFILES["standard"]  # type: ignore[attr-defined]
    cache.clear()


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was hashed."""
    seen: list[str] = []
    hasher = type(get_hasher())
    real = hasher.encode  # this hasher verifies by encoding again

    def spy(self: object, password: str, *args: object) -> object:
        seen.append(password)
        return real(self, password, *args)

    monkeypatch.setattr(hasher, "encode", spy)
    return seen


def member(role: Role, name: str = "", **place: object) -> User:
    user = person(role, name, **place)
    entrance.set_password(user=user, password=PASSWORD, by=user)
    return user


def try_in(login: str, password: str = PASSWORD, client: Client | None = None, **more: object) -> object:
    client = client or signed_in(None)
    return client.post(LOGIN, {"login": login, "password": password}, **more)


def code(secret: str, later: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def secret_of(page: str) -> str:
    found = re.search(r'class="secret">([A-Z2-7]+)<', page)
    assert found
    return found[1]


class TestPassword:
    def test_an_enterprise_logs_in_and_sees_the_desk(self) -> None:
        member(Role.ENTERPRISE, "firm")
        client = signed_in(None)
        answer = try_in("firm", client=client)
        assert answer.status_code == 302
        assert client.get("/account/").status_code == 200
        assert Event.objects.filter(action="account.login", object="firm").count() == 1

    def test_a_stranger_comes_back_to_where_they_were_going(self) -> None:
        member(Role.ENTERPRISE, "firm")
        client = signed_in(None)
        door = client.get("/account/password/")
        assert door["Location"] == "/account/login/?next=/account/password/"
        page = client.get(door["Location"]).content.decode()
        assert 'name="next" value="/account/password/"' in page
        answer = client.post(LOGIN, {"login": "firm", "password": PASSWORD, "next": "/account/password/"})
        assert answer["Location"] == "/account/password/"
        evil = signed_in(None).post(LOGIN, {"login": "firm", "password": PASSWORD, "next": "//evil.example/"})
        assert evil["Location"] == "/"

    def test_wrong_login_wrong_password_and_closed_access_get_one_answer(self, hashes: list[str]) -> None:
        member(Role.ENTERPRISE, "firm")
        User.objects.filter(pk=member(Role.CITIZEN, "gone").pk).update(is_active=False)
        hashes.clear()
        pages, counts = [], []
        wrong = [("firm", "wrong"), ("nobody", "wrong"), ("gone", "wrong"), ("gone", PASSWORD)]
        for login, password in wrong:
            hashes.clear()
            answer = try_in(login, password)
            page = answer.content.decode().replace(login, "X")
            pages.append(re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]+"', "", page))
            counts.append(len(hashes))
            assert answer.status_code == 200
        assert "登录名或密码不对" in pages[0] or "The login or the password is wrong" in pages[0]
        assert len(set(pages)) == 1
        assert counts == [1, 1, 1, 1]

    def test_the_lock_comes_before_the_hash(self, hashes: list[str]) -> None:
        member(Role.ENTERPRISE, "firm")
        for n in range(5):
            assert try_in("firm", f"wrong {n}").status_code == (200 if n < 4 else 429)
        hashes.clear()
        assert try_in("firm").status_code == 429
        assert try_in("FIRM ").status_code == 429
        assert hashes == []
        assert try_in("firm", REMOTE_ADDR="10.0.0.9").status_code == 302  # from elsewhere the person comes in
        assert Event.objects.filter(action="account.login_failed", detail__locked=True).count() == 1

    def test_a_lock_ends_by_itself_or_by_the_security_admin(self) -> None:
        member(Role.ENTERPRISE, "firm")
        for n in range(5):
            try_in("firm", f"wrong {n}")
        with travel(time.time() + 16 * 60, tick=False):
            assert try_in("firm").status_code == 302
        for n in range(5):
            try_in("firm", f"wrong {n}")
        assert try_in("firm").status_code == 429
        roles.unlock(login="firm", by=person(Role.SECURITY_ADMIN))
        assert try_in("firm").status_code == 302

    def test_an_unknown_login_is_locked_as_well(self) -> None:
        codes = [try_in("nobody", f"wrong {n}").status_code for n in range(6)]
        assert codes == [200, 200, 200, 200, 429, 429]

    def test_an_address_that_tries_everybody_waits_before_the_hash(
        self, settings: object, hashes: list[str]
    ) -> None:
        settings.SECURITY = replace(PROFILES["standard"], failures_of_address=6)  # type: ignore[attr-defined]
        member(Role.ENTERPRISE, "firm")
        for n in range(6):
            assert try_in(f"guess{n}", "wrong").status_code == 200
        hashes.clear()
        page = try_in("firm")
        assert page.status_code == 200
        assert "此地址" in page.content.decode() or "this address" in page.content.decode()
        assert hashes == []
        assert try_in("firm", REMOTE_ADDR="10.0.0.9").status_code == 302

    def test_a_forged_forwarding_header_does_not_change_the_address(self, settings: object) -> None:
        member(Role.ENTERPRISE, "firm")
        for n in range(5):
            try_in("firm", f"wrong {n}", headers={"x-forwarded-for": f"10.1.1.{n}"})
        assert try_in("firm", headers={"x-forwarded-for": "10.9.9.9"}).status_code == 429
        settings.PROXIES = 1  # type: ignore[attr-defined]
        forged = {"headers": {"x-forwarded-for": "127.0.0.1, 10.2.2.2"}}
        assert try_in("firm", "wrong", **forged).status_code == 200
        failed = Event.objects.filter(action="account.login_failed").first()
        assert failed
        assert failed.address == "10.2.2.2"

    @pytest.mark.parametrize("login", ["", "a\x00b", "x" * 5000, "<script>", "﷽" * 40, "\ud83d\ude00"])
    def test_junk_is_refused_without_failing(self, login: str) -> None:
        assert try_in(login.encode("utf-8", "replace").decode(), "junk").status_code == 200
        assert try_in("firm", "x" * 100_000).status_code == 200

    def test_the_session_changes_at_the_login_and_ends_at_the_logout(self) -> None:
        member(Role.ENTERPRISE, "firm")
        client = signed_in(None)
        client.get(LOGIN)
        session = client.session
        session["planted"] = 1
        session.save()
        before = session.session_key
        client.cookies[django_settings.SESSION_COOKIE_NAME] = before
        try_in("firm", client=client)
        after = client.cookies[django_settings.SESSION_COOKIE_NAME].value
        assert after != before
        assert not Session.objects.filter(session_key=before).exists()
        assert client.get("/account/logout/").status_code == 405
        assert client.post("/account/logout/").status_code == 302
        assert client.get("/account/").status_code == 302

    def test_the_person_sees_the_last_login_and_failures_since(self) -> None:
        member(Role.ENTERPRISE, "firm")
        try_in("firm", REMOTE_ADDR="10.0.0.7")
        try_in("firm", "wrong")
        client = signed_in(None)
        try_in("firm", client=client)
        page = client.get("/account/").content.decode()
        assert "10.0.0.7" in page


class TestSecondFactor:
    def enrolled(self, role: Role = Role.TASK_FORCE) -> tuple[User, Client, str]:
        user = member(role)
        client = signed_in(None)
        try_in(user.username, client=client)
        secret = secret_of(client.get("/account/second-factor/").content.decode())
        answer = client.post("/account/second-factor/", {"code": code(secret)})
        assert answer["Location"] == "/account/recovery-codes/"
        return user, client, secret

    def test_staff_can_do_nothing_before_it_is_set_up(self) -> None:
        user = member(Role.TASK_FORCE)
        client = signed_in(None)
        try_in(user.username, client=client)
        for path in ("/", "/map/", "/account/", "/people/", "/account/recovery-codes/new/"):
            assert client.get(path)["Location"] == "/account/second-factor/"
        assert client.post("/account/sign-out/")["Location"] == "/account/second-factor/"
        assert "您的角色必须启用双因素认证" in client.get("/account/second-factor/").content.decode()
        fragment = client.get("/", headers={"hx-request": "true"})
        assert fragment["Location"] == "/account/second-factor/"

    def test_it_is_set_up_once_and_asked_for_at_the_next_login(self) -> None:
        user, client, secret = self.enrolled()
        codes = re.findall(r"^([0-9]{8})$", client.get("/account/recovery-codes/").content.decode(), re.M)
        codes += re.findall(r'codes">([0-9]{8})', client.get("/account/recovery-codes/").content.decode())
        assert client.get("/account/").status_code == 200
        other = signed_in(None)
        assert try_in(user.username, client=other)["Location"] == "/account/login/code/"
        assert other.get("/account/")["Location"].startswith("/account/login/")
        assert other.post("/account/login/code/", {"code": "000000"}).status_code == 200
        assert other.post("/account/login/code/", {"code": code(secret, 1)})["Location"] == "/"
        assert other.get("/account/").status_code == 200
        third = signed_in(None)
        try_in(user.username, client=third)
        assert third.post("/account/login/code/", {"code": code(secret, 1)}).status_code == 200  # used before
        assert codes
        assert third.post("/account/login/code/", {"code": codes[0]}).status_code == 302
        assert Event.objects.filter(action="account.second_factor_code_used").count() == 1

    def test_its_codes_are_shown_once(self) -> None:
        _user, client, _secret = self.enrolled()
        first = client.get("/account/recovery-codes/").content.decode()
        second = client.get("/account/recovery-codes/").content.decode()
        assert re.search(r"[0-9]{8}", first)
        assert 'class="codes"' not in second

    def test_its_secret_is_not_legible_in_the_database(self) -> None:
        user, _client, secret = self.enrolled()
        for row in Authenticator.objects.filter(user=user):
            assert secret not in str(row.data)
        assert Authenticator.objects.get(user=user, type="totp").wrap().validate_code(code(secret, 1))

    def test_codes_can_not_be_guessed(self) -> None:
        user, _client, secret = self.enrolled()
        other = signed_in(None)
        try_in(user.username, client=other)
        for n in range(12):
            other.post("/account/login/code/", {"code": f"{n:06}"})
        assert other.post("/account/login/code/", {"code": code(secret, 1)}).status_code == 200
        assert other.get("/account/")["Location"].startswith("/account/login/")

    def test_a_reset_ends_the_sessions_and_owes_another(self) -> None:
        user, client, _secret = self.enrolled()
        roles.reset_second_factor(user=user, by=person(Role.SECURITY_ADMIN))
        assert client.get("/account/")["Location"].startswith("/account/login/")
        again = signed_in(None)
        assert try_in(user.username, client=again)["Location"] == "/"
        assert again.get("/")["Location"] == "/account/second-factor/"

    def test_it_is_taken_away_only_after_the_password_and_owed_at_once(self) -> None:
        _user, client, _secret = self.enrolled()
        with travel(time.time() + 600):
            asked = client.get("/account/second-factor/remove/")
            assert asked["Location"].startswith("/account/again/")
            assert client.post("/account/again/", {"password": "wrong"}).status_code == 200
            client.post("/account/again/", {"password": PASSWORD})
            assert client.post("/account/second-factor/remove/").status_code == 302
            assert client.get("/account/")["Location"] == "/account/second-factor/"

    def test_an_enterprise_may_do_without(self) -> None:
        member(Role.ENTERPRISE, "firm")
        client = signed_in(None)
        try_in("firm", client=client)
        assert client.get("/account/").status_code == 200

    def test_the_demo_profile_asks_nobody(self, settings: object) -> None:
        settings.SECURITY = PROFILES["demo"]  # type: ignore[attr-defined]
        user = member(Role.SECURITY_ADMIN)
        client = signed_in(None)
        try_in(user.username, client=client)
        assert client.get("/account/").status_code == 200


class TestChange:
    @pytest.fixture
    def firm(self) -> tuple[User, Client]:
        user = member(Role.ENTERPRISE, "firm")
        client = signed_in(None)
        try_in("firm", client=client)
        return user, client

    def change(self, client: Client, new: str, old: str = PASSWORD, again: str | None = None) -> object:
        said = {"old": old, "new": new, "again": new if again is None else again}
        return client.post("/en/account/password/", said)

    def test_it_ends_the_other_sessions(self, firm: tuple[User, Client]) -> None:
        _user, client = firm
        other = signed_in(None)
        try_in("firm", client=other)
        assert self.change(client, "Zink-und-Blei-88").status_code == 302
        assert client.get("/account/").status_code == 200
        assert other.get("/account/").status_code == 302
        assert try_in("firm").status_code == 200
        assert try_in("firm", "Zink-und-Blei-88").status_code == 302

    @pytest.mark.parametrize(
        ("new", "said"),
        [
            ("Kurz-1", "At least 10 characters"),
            ("nurkleinebuchstaben", "At least 3 of"),
            (PASSWORD, "is the old one"),
            ("Password123", "too common"),
            ("Firm-Firm-1firm", ""),
            ("x" * 300, "200"),
        ],
    )
    def test_a_bad_one_is_refused_with_the_reason(
        self, firm: tuple[User, Client], new: str, said: str
    ) -> None:
        answer = self.change(firm[1], new)
        if said:
            assert answer.status_code == 400
            assert said in answer.content.decode()

    def test_a_former_one_is_refused(self, firm: tuple[User, Client]) -> None:
        _user, client = firm
        self.change(client, "Zink-und-Blei-88")
        answer = self.change(client, PASSWORD, old="Zink-und-Blei-88")
        assert "had this password before" in answer.content.decode()

    def test_wrong_old_ones_lock_as_at_the_door(self, firm: tuple[User, Client]) -> None:
        answers = [self.change(firm[1], "Zink-und-Blei-88", old=f"wrong {n}").status_code for n in range(6)]
        assert answers == [400, 400, 400, 400, 429, 429]

    def test_what_somebody_else_chose_is_changed_first(self) -> None:
        user, first = people.add_person(username="new.firm", name="新", by=person(Role.SYSTEM_ADMIN))
        roles.grant(user=user, role=Role.CITIZEN, by=person(Role.SECURITY_ADMIN))
        client = signed_in(None)
        try_in("new.firm", first, client=client)
        assert client.get("/")["Location"] == "/account/password/"
        assert self.change(client, "Zink-und-Blei-88", old=first).status_code == 302
        assert client.get("/account/").status_code == 200

    def test_an_old_one_is_changed_first(self, firm: tuple[User, Client]) -> None:
        _user, client = firm
        with travel(time.time() + 181 * 86400):
            try_in("firm", client=client)
            assert client.get("/account/")["Location"] == "/account/password/"

    def test_signing_out_everywhere_keeps_this_session(self, firm: tuple[User, Client]) -> None:
        _user, client = firm
        other = signed_in(None)
        try_in("firm", client=other)
        assert client.post("/account/sign-out/").status_code == 302
        assert client.get("/account/").status_code == 200
        assert other.get("/account/").status_code == 302
        assert client.get("/account/sign-out/").status_code == 405
