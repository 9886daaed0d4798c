"""A session that is left alone ends; one of the demonstration goes nowhere else."""

from __future__ import annotations

import time

import pytest
from time_machine import travel

from liantu.web.accounts.permissions import Role
from liantu.web.accounts.security import PROFILES
from tests.web.accounts.test_login import LOGIN, member, try_in
from tests.web.conftest import person, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _standard(settings: object) -> None:
    settings.SECURITY = PROFILES["standard"]  # type: ignore[attr-defined]


class TestIdle:
    def test_polling_does_not_keep_a_session_alive(self) -> None:
        member(Role.ENTERPRISE, "firm")
        client, start = signed_in(None), time.time()
        with travel(start, tick=False) as clock:
            try_in("firm", client=client)
            client.get("/account/")
            for minute in range(5, 60, 5):
                clock.move_to(start + minute * 60)
                assert client.get("/account/", headers={"hx-request": "true"}).status_code == 200
            clock.move_to(start + 61 * 60)
            answer = client.get("/account/", headers={"hx-request": "true"})
            assert answer.status_code == 401
            assert answer["HX-Redirect"] == "/account/login/"
            assert client.get("/account/").status_code == 302

    def test_pages_do_until_the_day_is_over(self) -> None:
        member(Role.ENTERPRISE, "firm")
        client, start = signed_in(None), time.time()
        with travel(start, tick=False) as clock:
            try_in("firm", client=client)
            for half_hour in range(24):
                clock.move_to(start + half_hour * 1800)
                assert client.get("/account/").status_code == 200
            clock.move_to(start + 12 * 3600 + 60)
            answer = client.get("/account/")
            assert answer.status_code == 302
            assert answer["Location"] == "/account/login/?next=/account/"

    def test_admins_are_logged_out_sooner(self) -> None:
        security = PROFILES["standard"]
        assert security.idle_limit(person(Role.AUDITOR)) == 15
        assert security.idle_limit(person(Role.LEADER)) == 30
        assert security.idle_limit(person(Role.CITIZEN)) == 60


class TestDemo:
    def test_it_answers_this_machine_alone(self, settings: object) -> None:
        settings.SECURITY = PROFILES["demo"]  # type: ignore[attr-defined]
        client = signed_in(None)
        assert client.get(LOGIN).status_code == 200
        assert client.get(LOGIN, REMOTE_ADDR="10.0.0.9").status_code == 403
        assert client.get(LOGIN, headers={"x-forwarded-for": "10.0.0.9"}).status_code == 403

    def test_the_others_answer_everybody(self) -> None:
        assert signed_in(None).get(LOGIN, REMOTE_ADDR="10.0.0.9").status_code == 200
