"""A match is followed up from the first contact to what was verified."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from liantu.web.accounts.models import Park, User
from liantu.web.accounts.permissions import Role
from liantu.web.atlas.city import City
from liantu.web.casefile.models import Attachment, CaseEvent, CaseFile
from liantu.web.exchange import cases, selectors
from liantu.web.exchange.models import ExchangeCase, Statement, VerifiedResult
from tests.web.conftest import person, signed_in
from tests.web.exchange.conftest import Firm, State

pytestmark = pytest.mark.postgres

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"


def pdf(name: str = "record.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


@pytest.fixture
def case(town: City, paper: Firm, sugar: Firm, state: State, task_force: User) -> ExchangeCase:
    """A need and an offer that the task force has taken as a case."""
    need = state(paper, price=300.0)
    offer = state(sugar, kind="offer", price=100.0)
    need.refresh_from_db(from_queryset=Statement.objects.unscoped(because="a test"))
    assert need.proposal is not None
    return cases.take(need.proposal, f"s:{offer.pk}", city=town, by=task_force, transition="propose")


def step(client: Client, case: ExchangeCase, name: str, **fields: Any) -> Any:
    version = CaseFile.objects.unscoped(because="a test").get(pk=case.pk).version
    return client.post(f"/en/exchange/cases/{case.pk}/steps/{name}/", {"version": version} | fields)


def file_of(case: ExchangeCase) -> CaseFile:
    found: CaseFile = CaseFile.objects.unscoped(because="a test").get(pk=case.pk)
    return found


def to_supplied(client: Client, case: ExchangeCase, supplier: Client) -> None:
    day = timezone.localdate()
    first = (day - timedelta(days=72)).isoformat()
    for name, fields in (
        ("make_contact", {"e_contact_note": "called both"}),
        ("visit", {"e_visit_record": pdf()}),
        ("agree", {"e_quantity": "500", "e_price": "120"}),
        ("sign", {"e_contract_file": pdf("contract.pdf"), "e_signed_on": day.isoformat()}),
        ("connect", {"e_link_record": pdf("road.pdf")}),
    ):
        assert step(client, case, name, **fields).status_code == 302, name
    assert step(supplier, case, "supply", e_first_delivery=first).status_code == 302


def test_from_the_proposal_to_verified_tonnes(
    case: ExchangeCase, client: Client, sugar: Firm, paper: Firm, task_force: User
) -> None:
    assert {s.status for s in (Statement.objects.unscoped(because="a test").all())} == {"matched"}
    to_supplied(client, case, sugar.client)
    page = client.get(f"/en/exchange/cases/{case.pk}/steps/close/").content.decode()
    assert "100 t in 73 days" in page
    right = {"e_verified_tonnes": "100", "e_verified_cny": "1", "e_verified_tce": "0", "e_verified_co2": "0"}
    answer = step(client, case, "close", **right)
    assert answer.status_code == 400
    assert "say why" in answer.content.decode()
    assert not VerifiedResult.objects.exists()
    assert step(client, case, "close", **right, why="weighed at the gate").status_code == 302
    result = VerifiedResult.objects.get()
    assert (result.tonnes, result.cny, result.by, result.reason) == (
        100,
        1,
        task_force,
        "weighed at the gate",
    )
    assert result.computed["tonnes"] == pytest.approx(100)
    assert file_of(case).state == "closed"
    assert {s.status for s in Statement.objects.unscoped(because="a test").all()} == {"closed"}
    for browser in (client, paper.client):
        assert "Verified result" in browser.get(f"/en/exchange/cases/{case.pk}/").content.decode()


def test_the_same_person_does_not_supply_and_close(case: ExchangeCase, client: Client) -> None:
    to_supplied(client, case, client)
    values = {"e_verified_tonnes": "1", "e_verified_cny": "1", "e_verified_tce": "0", "e_verified_co2": "0"}
    answer = step(client, case, "close", **values, why="as weighed")
    assert answer.status_code == 400
    assert "another person" in answer.content.decode()
    assert not VerifiedResult.objects.exists()


def test_a_step_is_not_taken_on_an_older_version(case: ExchangeCase, client: Client) -> None:
    form = {"version": 1, "e_contact_note": "called"}
    address = f"/en/exchange/cases/{case.pk}/steps/make_contact/"
    assert client.post(address, form).status_code == 302
    answer = client.post(address, form)
    assert answer.status_code == 400
    assert "moved on meanwhile" in answer.content.decode()
    assert CaseEvent.objects.filter(case=case.pk).count() == 2


def test_evidence_is_asked_for_and_what_is_no_evidence_refused(case: ExchangeCase, client: Client) -> None:
    step(client, case, "make_contact", e_contact_note="called")
    for wrong, said in (
        ({}, "required"),
        ({"e_visit_record": pdf("page.html")}, "of a kind that is not taken"),
        ({"e_visit_record": pdf("page.pdf", b"<script>alert(1)</script>")}, "not what its ending says"),
        ({"e_visit_record": pdf("empty.pdf", b"")}, "empty"),
    ):
        answer = step(client, case, "visit", **wrong)
        assert answer.status_code == 400
        assert said in answer.content.decode()
    assert not Attachment.objects.exists()


def test_a_file_is_a_download_for_those_of_the_case(case: ExchangeCase, client: Client, paper: Firm) -> None:
    step(client, case, "make_contact", e_contact_note="called")
    step(client, case, "visit", e_visit_record=pdf("../../踏勘\u202e<b>.pdf"))
    brought = Attachment.objects.get()
    assert brought.name == "踏勘<b>.pdf"
    address = f"/exchange/cases/{case.pk}/files/{brought.pk}/"
    for browser in (client, paper.client):
        answer = browser.get(address)
        assert b"".join(answer.streaming_content) == PDF
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert signed_in(person(Role.CITIZEN)).get(address).status_code == 403
    assert signed_in(person(Role.ENTERPRISE, "nobody")).get(address).status_code == 404


def test_who_sees_a_case(case: ExchangeCase, paper: Firm, sugar: Firm, town: City) -> None:
    address = f"/en/exchange/cases/{case.pk}/"
    park = Park.objects.get(code=next(iter(town.network.parks)))
    other, _ = Park.objects.get_or_create(code="elsewhere", defaults={"name_zh": "别处"})
    seen = {
        "leader": person(Role.LEADER), "needing": paper.user, "supplying": sugar.user,
        "officer": person(Role.PARK, "here", park=park),
    }  # fmt: skip
    for name, user in seen.items():
        assert signed_in(user).get(address).status_code == 200, name
    for user in (person(Role.PARK, "there", park=other), person(Role.AGENT)):
        assert signed_in(user).get(address).status_code == 404
        assert (
            signed_in(user).get("/exchange/cases/").content.count(b"/exchange/cases/" + str(case.pk).encode())
            == 0
        )
    assert signed_in(person(Role.AUDITOR)).get(address).status_code == 403


def test_each_is_offered_their_own_steps(
    case: ExchangeCase, client: Client, paper: Firm, sugar: Firm
) -> None:
    steps = {
        "force": client.get(f"/en/exchange/cases/{case.pk}/").content.decode(),
        "needing": paper.client.get(f"/en/exchange/cases/{case.pk}/").content.decode(),
        "supplying": sugar.client.get(f"/en/exchange/cases/{case.pk}/").content.decode(),
    }
    assert "/steps/make_contact/" in steps["force"]
    assert "/steps/make_contact/" not in steps["needing"]
    assert "/steps/withdraw/" in steps["needing"]
    assert "/steps/withdraw/" not in steps["supplying"]
    assert paper.client.get(f"/en/exchange/cases/{case.pk}/steps/make_contact/").status_code == 404
    answer = step(paper.client, case, "make_contact", e_contact_note="I did")
    assert answer.status_code == 400
    assert file_of(case).state == "taken"


def test_an_enterprise_asks_and_the_task_force_takes(
    town: City, paper: Firm, state: State, client: Client, task_force: User
) -> None:
    need = state(paper)
    assert need.proposal is not None
    address = f"/en/exchange/proposals/{need.proposal.pk}/take/"
    assert paper.client.post(address, {"option": "e0"}).status_code == 302
    case = ExchangeCase.objects.unscoped(because="a test").get()
    assert (file_of(case).state, file_of(case).owner) == ("stated", None)
    assert [c.pk for c in selectors.waiting_for(task_force)] == [case.pk]
    assert list(selectors.waiting_for(paper.user)) == []
    paper.client.post(address, {"option": "e0"})
    assert ExchangeCase.objects.unscoped(because="a test").count() == 1, "one case at a time"
    assert step(client, case, "take").status_code == 302
    assert file_of(case).owner == task_force
    assert step(paper.client, case, "withdraw", reason="no more").status_code == 302
    now = Statement.objects.unscoped(because="a test").get(pk=need.pk)
    assert now.status == "withdrawn"


def test_a_case_is_given_to_somebody_and_waits_for_them(
    case: ExchangeCase, client: Client, task_force: User
) -> None:
    other = person(Role.TASK_FORCE, "colleague")
    assert step(client, case, "reassign", owner=str(other.pk), reason="holidays").status_code == 302
    assert [c.pk for c in selectors.waiting_for(other)] == [case.pk]
    assert list(selectors.waiting_for(task_force)) == []
    outsider = person(Role.ENTERPRISE, "nobody")
    assert step(client, case, "reassign", owner=str(outsider.pk), reason="x").status_code == 400


def test_a_pause_stops_the_clocks_it_names(case: ExchangeCase, client: Client) -> None:
    step(client, case, "make_contact", e_contact_note="called")
    done = step(client, case, "pause_shutdown", e_shutdown_notice=pdf(), reason="overhaul")
    assert done.status_code == 302
    page = client.get(f"/en/exchange/cases/{case.pk}/").content.decode()
    assert "paused" in page
    assert file_of(case).paused == "pause_shutdown"
    assert step(client, case, "visit", e_visit_record=pdf()).status_code == 400
    assert step(client, case, "restart", e_restart_notice=pdf()).status_code == 302
    assert file_of(case).paused == ""


@pytest.mark.parametrize("key", ["e99", "e-1", "s:x", f"s:{'0' * 36}", "", "e0' OR 1", "s:" + "a" * 10_000])
def test_an_option_that_is_not_there_opens_nothing(
    paper: Firm, state: State, client: Client, key: str
) -> None:
    need = state(paper)
    assert need.proposal is not None
    answer = client.post(f"/en/exchange/proposals/{need.proposal.pk}/take/", {"option": key}, follow=True)
    assert "taken any more" in answer.content.decode()
    assert not ExchangeCase.objects.unscoped(because="a test").exists()


def test_scripts_in_texts_and_names_stay_text(
    town: City, paper: Firm, state: State, client: Client, task_force: User
) -> None:
    evil = "<script>alert(1)</script>"
    paper.enterprise.name_zh = paper.enterprise.name_en = evil
    paper.enterprise.save()
    need = state(paper, note=evil, contact=evil)
    assert need.proposal is not None
    case = cases.take(need.proposal, "e0", city=town, by=task_force, transition="propose")
    step(client, case, "make_contact", e_contact_note=evil)
    for address in (
        f"/en/exchange/statements/{need.pk}/", "/en/exchange/statements/", "/en/exchange/proposals/",
        f"/en/exchange/cases/{case.pk}/", "/en/exchange/cases/",
    ):  # fmt: skip
        page = client.get(address).content.decode()
        assert evil not in page
        assert "&lt;script&gt;" in page


def test_formulas_in_exports_stay_text(paper: Firm, state: State, client: Client) -> None:
    state(paper, note='=HYPERLINK("http://x")', contact="@SUM(1)")
    said = b"".join(client.get("/exchange/statements/export.csv").streaming_content).decode()
    assert "'=HYPERLINK" in said
    assert "'@SUM" in said
    book = client.get("/exchange/statements/export.xlsx")
    assert b"<f>" not in book.content
    assert client.get("/exchange/statements/export.exe").status_code == 404


def test_late_cases_are_told_once_and_reach_those_without_owner(
    town: City, paper: Firm, state: State, task_force: User
) -> None:
    from liantu.web.casefile.models import EscalatedTo, EscalationSent
    from liantu.web.casefile.sweep import sweep

    need = state(paper)
    assert need.proposal is not None
    cases.take(need.proposal, "e0", city=town, by=paper.user, transition="state_need")
    assert sweep() == 0
    later = timezone.now() + timedelta(days=30)
    first = sweep(later)
    assert first >= 4, "response has three levels, taking one"
    assert sweep(later) == 0
    assert EscalationSent.objects.count() == first
    assert set(EscalatedTo.objects.values_list("role", flat=True)) >= {
        "task_force_lead",
        "leader",
        "supervisor",
    }
    CaseFile.objects.unscoped(because="a test").update(late_at=timezone.now() - timedelta(days=1))
    for role in (Role.LEADER, Role.SUPERVISOR, Role.TASK_FORCE):
        assert selectors.late_for(person(role)).count() == 1
    assert selectors.late_for(person(Role.AGENT)).count() == 0
