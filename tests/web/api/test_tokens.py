"""Tokens: shown once, kept as a hash, never more than their owner, ended at once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from liantu.web.accounts.models import Membership
from liantu.web.accounts.permissions import Permission, Role
from liantu.web.audit.models import Event
from liantu.web.tokens import access, actions, selectors
from liantu.web.tokens.models import Token
from tests.web.api.conftest import API, Program, program
from tests.web.conftest import person, signed_in


def rows() -> object:
    return Token.objects.unscoped(because="a test")


def make(browser: object, **fields: object) -> object:
    given = {"name": "sheet", "scopes": ["atlas.read"], "days": "30"}
    return browser.post("/en/account/tokens/", given | fields)  # type: ignore[attr-defined]


def test_the_secret_is_shown_once_and_kept_only_as_a_hash(db: None) -> None:
    browser = signed_in(person(Role.LEADER))
    answer = make(browser)
    secret = re.search(r"liantu_[\w-]{43}", answer.content.decode())[0]  # type: ignore[index]
    assert "no-store" in answer.headers["Cache-Control"]
    assert secret not in browser.get("/en/account/tokens/").content.decode()
    token = rows().get()
    assert token.digest == selectors.digest_of(secret)
    assert secret not in str(list(rows().values())) + str(list(Event.objects.values()))
    assert Program(secret).get("/me").json()["username"] == "leader"


def test_a_token_carries_no_more_than_its_owner_may(db: None) -> None:
    browser = signed_in(person(Role.ENTERPRISE))
    assert make(browser, scopes=["atlas.read"]).status_code == 400
    with pytest.raises(actions.NotYoursError):
        actions.make(by=person(Role.ENTERPRISE), name="x", scopes=[Permission.AUDIT_READ], days=1)
    assert not rows().exists()


def test_what_the_owner_loses_the_token_loses_at_once(db: None) -> None:
    user = person(Role.AUDITOR)
    user_program = program(person(Role.TASK_FORCE), [Permission.DATASETS_READ])
    assert user_program.get("/datasets").status_code == 200
    Membership.objects.filter(user__username="task_force").delete()
    answer = user_program.get("/datasets")
    assert answer.status_code == 403
    assert answer.json()["where"] == [{"at": "permission", "message": "datasets.read"}]
    assert user.pk


def test_an_owner_who_may_no_longer_log_in_calls_no_more(db: None) -> None:
    user = person(Role.LEADER)
    mine = program(user)
    user.is_active = False
    user.save()
    assert mine.get("/me").status_code == 401


def test_a_token_ends_on_its_day(db: None) -> None:
    mine = program(person(Role.LEADER))
    assert mine.get("/me").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        assert mine.get("/me").status_code == 401


def test_the_owner_and_the_security_admin_revoke_it_and_nobody_else(db: None) -> None:
    owner, colleague = person(Role.LEADER), person(Role.LEADER, "colleague")
    mine, other = program(owner), program(owner)
    first, second = rows().order_by("pk")
    assert signed_in(colleague).post(f"/account/tokens/{first.pk}/revoke/").status_code == 404
    assert signed_in(colleague).post(f"/admin/tokens/{first.pk}/revoke/").status_code == 403
    assert mine.get("/me").status_code == 200
    assert signed_in(owner).post(f"/account/tokens/{first.pk}/revoke/").status_code == 302
    assert mine.get("/me").status_code == 401
    assert other.get("/me").status_code == 200
    assert (
        signed_in(person(Role.SECURITY_ADMIN)).post(f"/admin/tokens/{second.pk}/revoke/").status_code == 302
    )
    assert other.get("/me").status_code == 401
    assert Event.objects.filter(action="token.revoke").count() == 2
    assert Event.objects.filter(action="token.make", kind="token").count() == 2


def test_only_the_security_admin_sees_everybodys_tokens(db: None) -> None:
    program(person(Role.LEADER))
    for role in Role:
        status = signed_in(person(role)).get("/admin/tokens/").status_code
        assert status == (200 if role is Role.SECURITY_ADMIN else 403)


def test_a_session_is_no_token(db: None) -> None:
    answer = signed_in(person(Role.TASK_FORCE)).get(f"{API}/me")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["code"] == "token"


def test_who_calls_too_often_waits(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "PER_MINUTE", 3)
    mine, other = program(person(Role.LEADER)), program(person(Role.INVESTMENT))
    codes = [mine.get("/me").status_code for _ in range(5)]
    assert codes.count(200) >= 3
    assert 429 in codes
    assert other.get("/me").status_code == 200


def test_who_guesses_is_refused_before_the_database_is_asked(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "FAILURES_PER_MINUTE", 3)
    codes = [Program(f"liantu_{n}").get("/me").status_code for n in range(6)]
    assert codes[:3] == [401, 401, 401]
    assert 429 in codes[3:]


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic abc", "bearer x y z", "Bearer " + "x" * 9000]
)
def test_a_header_that_is_no_token_is_refused(db: None, header: str) -> None:
    caller = Program("")
    answer = caller.client.get(f"{API}/me", headers={"authorization": header})
    assert answer.status_code == 401
    assert set(answer.json()) == {"code", "message", "where"}


def test_errors_speak_the_language_that_is_asked_for(db: None) -> None:
    caller = Program("")
    assert "token" in caller.client.get(f"{API}/me").json()["message"]
    assert "令牌" in caller.client.get(f"{API}/me", headers={"accept-language": "zh-CN"}).json()["message"]
