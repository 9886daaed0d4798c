"""The exchange for programs: the same scopes, and nothing that is hidden."""

from __future__ import annotations

import uuid
from typing import Any

from liantu.web.accounts.permissions import Permission, Role
from liantu.web.atlas.city import City
from liantu.web.exchange import cases
from tests.web.api.conftest import API, Program, program
from tests.web.conftest import person
from tests.web.exchange.conftest import Firm, State

BOTH = [Permission.EXCHANGE_READ, Permission.EXCHANGE_STATE]


def ask(caller: Program, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    import json

    return caller.client.generic(
        method, f"{API}/exchange/{path}", json.dumps(body or {}), content_type="application/json"
    )


def test_a_program_states_reads_what_is_proposed_and_withdraws(town: City, paper: Firm) -> None:
    caller = program(paper.user, BOTH)
    body = {"kind": "need", "material": "molasses", "per_year": 1000, "valid_from": "2026-12-01",
            "at": next(iter(town.network.parks))}  # fmt: skip
    made = ask(caller, "POST", "statements", body)
    assert made.status_code == 201, made.content
    key = made.json()["id"]
    assert made.json()["purity"] is None
    proposed = ask(caller, "GET", f"statements/{key}/proposal").json()
    assert len(proposed["options"]) >= 1
    assert proposed["options"][0]["why"]
    wrong = ask(caller, "POST", "statements", body | {"material": "unobtainium", "at": ""})
    assert wrong.status_code == 422
    assert {p["at"] for p in wrong.json()["where"]} == {"body.stated.material", "body.stated.at"}
    assert ask(caller, "POST", f"statements/{key}/withdraw", {"version": 9}).status_code == 409
    assert ask(caller, "POST", f"statements/{key}/withdraw", {"version": 1}).json()["status"] == "withdrawn"


def test_what_is_hidden_is_null_and_others_cases_are_not_there(
    town: City, paper: Firm, sugar: Firm, state: State
) -> None:
    offer = state(sugar, kind="offer", price=86.125, hide_name=True, hide_price=True, note="geheim")
    own = state(sugar)
    assert own.proposal is not None
    case = cases.take(own.proposal, "e0", city=town, by=person(Role.TASK_FORCE), transition="propose")
    caller = program(paper.user, BOTH)
    seen = ask(caller, "GET", f"statements/{offer.pk}").json()
    assert [seen[k] for k in ("price", "enterprise", "at", "note", "contact", "version")] == [None] * 6
    said = ask(caller, "GET", "statements").content.decode() + ask(caller, "GET", "cases").content.decode()
    assert [w for w in ("86.125", "机密", "Secret", "geheim") if w in said] == []
    for there, nowhere in (
        (f"cases/{case.pk}", f"cases/{uuid.uuid4()}"),
        (f"statements/{own.pk}", f"statements/{uuid.uuid4()}"),
        (f"statements/{offer.pk}/proposal", f"statements/{uuid.uuid4()}/proposal"),
    ):
        answers = [ask(caller, "GET", path) for path in (there, nowhere)]
        assert [a.status_code for a in answers] == [404, 404]
        assert answers[0].json() == answers[1].json()


def test_a_program_takes_a_step_once(town: City, paper: Firm, state: State) -> None:
    need, force = state(paper), person(Role.TASK_FORCE)
    assert need.proposal is not None
    case = cases.take(need.proposal, "e0", city=town, by=force, transition="propose")
    caller = program(force, BOTH)
    assert "make_contact" in ask(caller, "GET", f"cases/{case.pk}").json()["steps"]
    body = {"version": 1, "evidence": {"contact_note": "called"}}
    assert ask(caller, "POST", f"cases/{case.pk}/steps/make_contact", body).json()["state"] == "contact"
    again = ask(caller, "POST", f"cases/{case.pk}/steps/make_contact", body)
    assert (again.status_code, again.json()["code"]) == (409, "stale_version")
    firm = ask(program(paper.user, BOTH), "POST", f"cases/{case.pk}/steps/visit", {"version": 2})
    assert (firm.status_code, firm.json()["code"]) == (409, "not_allowed")
