"""Figures for programs, and the catalogue that people keep."""

from __future__ import annotations

from typing import Any

import pytest

from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import Permission, Role
from liantu.web.figures import catalogue
from liantu.web.figures.models import Indicator, ObservationRow, Standing
from liantu.web.tokens import access, actions
from tests.web.api.conftest import Program
from tests.web.conftest import person, signed_in

ALL = (
    Permission.FIGURES_READ,
    Permission.FIGURES_ENTER,
    Permission.FIGURES_CHECK,
    Permission.FIGURES_RELEASE,
)
FIGURE = {
    "subject": "city",
    "indicator": "gdp",
    "period": "2024",
    "value": "500.0",
    "unit": "yi_CNY",
    "source": "Yearbook",
}


@pytest.fixture(autouse=True)
def fresh_counters() -> None:
    access.calls.clear()
    access.refused.clear()


def program(user: User, *scopes: Permission) -> Program:
    return Program(actions.make(name="t", scopes=scopes or ALL, days=1, by=user)[1])


def test_a_program_enters_corrects_and_another_person_approves(
    force: User, second: User, third: User
) -> None:
    mine = program(force)
    answer = mine.post("/figures/observations", {"figures": [FIGURE]}).json()
    (key,) = answer["ids"]
    assert mine.post(f"/figures/observations/{key}/checked", {}).status_code == 409
    assert program(second).post(f"/figures/observations/{key}/checked", {}).json()["level"] == "checked"
    assert program(third).post(f"/figures/observations/{key}/released", {}).json()["level"] == "released"
    said = {"value": "501.0", "reason": "revised"}
    new = mine.post(f"/figures/observations/{key}/correct", said).json()["ids"][0]
    assert mine.post(f"/figures/observations/{key}/correct", said).status_code == 409
    found = mine.get("/figures/observations", in_force="true").json()
    assert [(x["id"], x["corrects"]) for x in found["items"]] == [(new, key)]
    assert Standing.objects.get(pk=key).corrected


def test_all_that_is_wrong_is_told_and_nothing_entered(force: User) -> None:
    bad: list[Any] = [FIGURE, FIGURE | {"period": "soon", "unit": "parsec"}, FIGURE | {"subject": "nowhere"}]
    answer = program(force).post("/figures/observations", {"figures": bad})
    assert answer.status_code == 422
    where = {place["at"] for place in answer.json()["where"]}
    assert where == {"body.figures.1.period", "body.figures.1.unit", "body.figures.2.subject"}
    assert not ObservationRow.objects.unscoped(because="a test").exists()


def test_scopes_hold_for_programs_too(owner: User, outsider: User) -> None:
    key = program(owner, *ALL[:2]).post("/figures/observations", {"figures": [FIGURE]}).json()["ids"][0]
    assert program(outsider, *ALL[:3]).get(f"/figures/observations/{key}").status_code == 404
    assert program(outsider, *ALL[:3]).post(f"/figures/observations/{key}/checked", {}).status_code == 404
    assert program(owner, ALL[0]).post("/figures/observations", {"figures": [FIGURE]}).status_code == 403
    assert program(outsider, *ALL[:3]).get("/figures/observations").json()["total"] == 0


def test_findings_are_read_and_closed(force: User) -> None:
    mine = program(force)
    mine.post("/figures/observations", {"figures": [FIGURE, FIGURE | {"value": "530.0", "source": "Report"}]})
    (found,) = mine.get("/figures/findings").json()["items"]
    assert found["check"] == "two_values"
    assert mine.post(f"/figures/findings/{found['fingerprint']}/close", {"reason": "scope"}).json()["closed"]
    assert mine.get("/figures/findings").json()["total"] == 0
    assert mine.get("/figures/indicators").json()["total"] == 3
    assert mine.get("/figures/subjects").json()["total"] == 2


INDICATOR = {"code": "exports", "name_zh": "出口总值", "name_en": "exports", "unit": "元", "kind": "flow",
             "direction": "up", "growth": "nominal", "aliases": "出口额\n出口"}  # fmt: skip


def test_who_checks_figures_keeps_the_catalogue(force: User) -> None:
    client = signed_in(force)
    assert client.post("/figures/catalogue/indicators/new/", INDICATOR).status_code == 302
    assert catalogue.current().indicator("出口额") is not None
    assert client.get("/figures/catalogue/indicators/").status_code == 200
    assert (
        client.post("/figures/catalogue/indicators/exports/", INDICATOR | {"name_en": "Exports"}).status_code
        == 302
    )
    assert Indicator.objects.get(code="exports").name_en == "Exports"
    assert client.get("/figures/catalogue/nonsense/").status_code == 404
    leader = signed_in(person(Role.LEADER, "reads"))
    assert leader.get("/figures/catalogue/subjects/").status_code == 200
    assert leader.post("/figures/catalogue/indicators/new/", INDICATOR).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [{"unit": "parsec"}, {"formula": "gdp +"}, {"formula": "gdp / nothing"},
     {"aliases": "地区生产总值"}, {"code": "a b"},
     {"name_en": ""}, {"kind": "mood"}],
)  # fmt: skip
def test_an_indicator_that_makes_no_sense_is_refused(force: User, wrong: dict[str, str]) -> None:
    answer = signed_in(force).post("/figures/catalogue/indicators/new/", INDICATOR | wrong)
    assert answer.status_code == 400
    assert not Indicator.objects.filter(name_zh="出口总值").exists()
