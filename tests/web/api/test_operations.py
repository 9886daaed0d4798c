"""Every operation: refused without a token and without its permission; strict with what it takes."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from liantu.web.accounts.models import Department, Enterprise, Park
from liantu.web.accounts.permissions import GRANTS, Permission, Role
from liantu.web.atlas.city import City
from liantu.web.reference import openapi
from tests.web.api.conftest import API, Program, program
from tests.web.conftest import person

OPERATIONS = [
    (method, path.removeprefix(API), said["x-permission"])
    for path, methods in openapi()["paths"].items()
    for method, said in methods.items()
]
VALUES = {
    "code": "guitang", "number": "1", "run": str(uuid.UUID(int=1)), "other": str(uuid.UUID(int=2)),
    "plant": "mill_main", "material": "bagasse", "recipe": "x", "kind": "fill", "proof": "x", "key": "1",
    "pk": str(uuid.UUID(int=3)), "transition": "remind",
}  # fmt: skip


def call(caller: Program, method: str, path: str) -> Any:
    for name, value in VALUES.items():
        path = path.replace(f"{{{name}}}", value)
    return caller.client.generic(method.upper(), API + path, "{}", content_type="application/json")


def test_there_are_operations_for_everything_the_pages_do() -> None:
    areas = {path.split("/")[1] for _, path, _ in OPERATIONS}
    assert {
        "me",
        "datasets",
        "runs",
        "plants",
        "materials",
        "chain-map",
        "gaps",
        "proofs",
        "opportunities",
    } <= areas
    assert {"exchange", "audit"} <= areas


@pytest.mark.parametrize("secret", ["", "liantu_" + "x" * 43])
def test_nobody_comes_without_a_token(db: None, secret: str) -> None:
    answers = {(m, p): call(Program(secret), m, p).status_code for m, p, _ in OPERATIONS}
    assert set(answers.values()) == {401}


def test_nobody_comes_with_another_scope(guitang: City) -> None:
    user = person(Role.TASK_FORCE)
    narrow = program(user, [Permission.DESK_READ])
    for method, path, permission in OPERATIONS:
        answer = call(narrow, method, path)
        expected = {403} if permission not in ("", "desk.read") else {200}
        assert answer.status_code in expected, (method, path)


@pytest.mark.parametrize("role", [r for r in Role if Permission.TOKENS_OWN in GRANTS[r] or r is Role.AUDITOR])
def test_each_role_comes_where_its_permissions_lead(guitang: City, role: Role) -> None:
    user = person(role)
    mine = program(user)
    for method, path, permission in OPERATIONS:
        answer = call(mine, method, path)
        allowed = not permission or Permission(permission) in GRANTS[role]
        assert (answer.status_code == 403) == (not allowed), (method, path, answer.status_code)
        assert answer.status_code < 500, (method, path)
        if answer.status_code >= 400:
            assert set(answer.json()) == {"code", "message", "where"}


def test_long_lists_refuse_windows_that_make_no_sense(guitang: City) -> None:
    mine = program(person(Role.TASK_FORCE))
    for query in (
        {"offset": -1},
        {"limit": 0},
        {"limit": 201},
        {"offset": "x"},
        {"limit": "1e3"},
        {"offset": 10**12},
    ):
        answer = mine.get("/plants", **query)
        assert answer.status_code == 422
        assert answer.json()["where"][0]["at"].endswith(next(iter(query)))
    both = mine.get("/plants", offset=-1, limit=0).json()
    assert len(both["where"]) == 2, "all that is wrong is told at once"


def test_windows_put_together_are_the_whole_list(guitang: City) -> None:
    mine = program(person(Role.TASK_FORCE))
    whole = mine.get("/plants", show="all", limit=200).json()
    parts = [
        mine.get("/plants", show="all", limit=10, offset=n).json()["items"]
        for n in range(0, whole["total"], 10)
    ]
    assert [p["id"] for part in parts for p in part] == [p["id"] for p in whole["items"]]


def test_the_interface_says_what_the_page_says(guitang: City) -> None:
    mine = program(person(Role.LEADER))
    plant = mine.get("/plants/mill_main").json()
    result = guitang.results["mill_main"]
    assert plant["activity"] == pytest.approx(result.activity)
    assert {m["kind"] for m in plant["moves"]} & {"in", "out"}
    report = guitang.gaps().report
    assert report is not None
    gap = mine.get("/gaps/fill", all=True).json()["items"][0]
    assert gap["worth_cny_per_year"] == pytest.approx(report.fill[0].worth_cny_per_year)
    proof = mine.get(f"/proofs/{gap['options'][0]['proof']}").json()
    assert proof["worth_cny_per_year"] == pytest.approx(report.fill[0].options[0].worth_cny_per_year)
    assert mine.get("/plants/nix").status_code == 404
    assert mine.get("/plants", chain="nix").status_code == 422
    assert mine.get("/plants", run=str(uuid.uuid4())).status_code == 404


def test_what_never_changes_is_sent_once(guitang: City) -> None:
    mine = program(person(Role.LEADER))
    for path in (
        f"/runs/{guitang.run.pk}/report",
        f"/runs/{guitang.run.pk}/accounts",
        "/datasets/guitang/versions/1/package",
    ):
        first = mine.get(path)
        assert first.status_code == 200
        assert "immutable" in first.headers["Cache-Control"]
        again = mine.client.get(API + path, headers={"if-none-match": first.headers["ETag"]})
        assert again.status_code == 304
        assert again.content == b""
    assert json.loads(mine.get(f"/runs/{guitang.run.pk}/report").content)["schema"].startswith("liantu/plan/")


def test_without_a_plan_the_atlas_says_so(db: None) -> None:
    answer = program(person(Role.LEADER)).get("/plants")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_city")


def test_a_run_is_started_followed_and_compared(guitang: City, run_jobs: Any) -> None:
    mine = program(person(Role.TASK_FORCE))
    bad = mine.post("/runs", {"scenario": "prices:\n  nix: 5\nnonsense: 1\n"})
    assert bad.status_code == 422
    assert bad.json()["code"] == "refused"
    assert len(bad.json()["where"]) >= 1
    started = mine.post("/runs", {"name": "dearer", "scenario": "name: dearer\n"})
    assert started.status_code == 202, started.json()
    key = started.json()["id"]
    assert mine.get(f"/runs/{key}/report").status_code == 409
    run_jobs()
    done = mine.get(f"/runs/{key}").json()
    assert done["status"] == "done", done
    assert done["certificate"]["holds"]
    compared = mine.get(f"/runs/{guitang.run.pk}/compare/{key}")
    assert compared.status_code == 200
    assert compared.json()["difference_cny"] == pytest.approx(0, abs=1)
    assert mine.post(f"/runs/{key}/cancel", {}).status_code == 409
    assert mine.get("/runs", status="done").json()["total"] >= 2


def test_a_run_is_cancelled_by_who_started_it_and_not_by_an_outsider(guitang: City) -> None:
    mine = program(person(Role.TASK_FORCE))
    other = program(person(Role.INVESTMENT))
    key = mine.post("/runs", {"name": "later"}).json()["id"]
    assert other.post(f"/runs/{key}/cancel", {}).status_code == 404
    assert mine.post(f"/runs/{key}/cancel", {}).json()["status"] == "cancelled"


def test_publishing_needs_its_own_permission(guitang: City) -> None:
    other = program(person(Role.INVESTMENT))
    answer = other.post("/runs", {"publish": True})
    assert answer.status_code == 403
    assert answer.json()["where"][0]["message"] == "runs.publish"


def test_a_need_is_matched(guitang: City) -> None:
    mine = program(person(Role.TASK_FORCE))
    stated = {"kind": "need", "material": "bagasse", "quantity": 1000, "at": "complex"}
    found = mine.post("/exchange/match", stated)
    assert found.status_code == 200, found.json()
    assert found.json()["options"]
    wrong = mine.post("/exchange/match", stated | {"material": "nix", "at": "nowhere"}).json()
    assert [w["at"] for w in wrong["where"]] == ["body.stated.material", "body.stated.at"]


def test_the_whole_report_of_a_match_is_not_for_enterprises(guitang: City) -> None:
    """It names what each plant earns; an enterprise is told of its own needs and offers by a proposal."""
    enterprise = Enterprise.objects.create(code="paper", name_zh="纸业")
    mine = program(person(Role.ENTERPRISE, enterprise=enterprise))
    stated = {"kind": "need", "material": "bagasse", "quantity": 1000, "at": "complex"}
    assert mine.post("/exchange/match", stated).status_code == 403


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "null", '{"kind": NaN}', '"\\ud800"', '{"name": "\\u0000"}', b"\xff\xfe", "[" * 100_000],
)
def test_a_body_that_is_no_json_is_refused(guitang: City, body: Any) -> None:
    answer = program(person(Role.TASK_FORCE)).post("/runs", body)
    assert answer.status_code in (400, 422)
    assert set(answer.json()) == {"code", "message", "where"}


def test_addresses_that_lead_nowhere_answer_in_the_same_shape(db: None) -> None:
    mine = program(person(Role.LEADER))
    assert mine.get("/nix").json()["code"] == "not_found"
    assert mine.get("/plants/%00").status_code in (400, 404)
    wrong = mine.client.delete(f"{API}/plants")
    assert wrong.status_code == 405
    assert "GET" in wrong.headers["Allow"]


def test_rows_are_those_of_the_callers_scope(guitang: City) -> None:
    """A colleague of another park sees no opportunity of this one."""
    boss = program(person(Role.TASK_FORCE))
    gap = boss.get("/gaps/fill").json()["items"][0]
    sent = boss.post("/opportunities", {"list": "fill", "gap": gap["id"]})
    assert sent.status_code == 201
    assert boss.post("/opportunities", {"list": "fill", "gap": gap["id"]}).status_code == 200
    north = Park.objects.create(code="elsewhere", name_zh="别处")
    office = Department.objects.create(code="office", name_zh="办", path="/office/")
    key = sent.json()["id"]
    for outsider in (person(Role.PARK, park=north), person(Role.DEPARTMENT, department=office)):
        caller = program(outsider)
        assert caller.get("/opportunities").json()["total"] == 0
        assert caller.get(f"/opportunities/{key}").status_code == 404
    changed = boss.patch(f"/opportunities/{key}", {"version": 1, "state": "checking", "department": "office"})
    assert changed.json()["version"] == 2
    assert boss.patch(f"/opportunities/{key}", {"version": 1, "note": "late"}).json()["code"] == "stale"
    assert (
        boss.patch(f"/opportunities/{key}", {"version": 2, "state": "handed_over"}).json()["code"]
        == "transition"
    )
    handler = program(person(Role.DEPARTMENT, department=office))
    assert handler.get(f"/opportunities/{key}").json()["department"] == "office"
