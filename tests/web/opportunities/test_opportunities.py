"""From a gap to the opportunities list: sent once, worked on by who may, nothing lost between two of them."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pytest
from django.db import IntegrityError, transaction

from liantu.web.accounts.models import Department, Park
from liantu.web.accounts.permissions import Role
from liantu.web.atlas.city import City
from liantu.web.atlas.models import Opportunity
from liantu.web.atlas.opportunities import actions, proposal
from liantu.web.audit.models import Event
from tests.web.conftest import person, signed_in

HTMX = {"hx-request": "true"}


def rows() -> Any:
    return Opportunity.objects.unscoped(because="a test")


def sent(city: City, **fields: Any) -> Opportunity:
    """The best gap of the fill list, on the list."""
    report = city.gaps().report
    assert report is not None
    assert city.run is not None
    said = proposal.of_row(city, report, "fill", report.fill[0].id)
    assert said is not None
    made, _ = actions.send(by=person(Role.TASK_FORCE), plan=city.run, proposal=said)
    rows().filter(pk=made.pk).update(**fields)
    return rows().get(pk=made.pk)


def form_of(one: Opportunity, **fields: Any) -> dict[str, Any]:
    given = {
        "version": one.version,
        "state": one.state,
        "reason": "",
        "note": "",
        "owner": "",
        "department": "",
    }
    return given | {"due_on": ""} | fields


def test_a_row_of_the_gaps_is_sent_once_and_then_shows_its_state(guitang: City, client: Any) -> None:
    report = guitang.gaps().report
    assert report is not None
    gap = report.fill[0]
    page = client.get("/en/gaps/").content.decode()
    assert page.count("Send to the list") == len([g for g in report.fill if (g.worth_cny_per_year or 0) > 0])
    answer = client.post("/en/opportunities/send/", {"list": "fill", "gap": gap.id}, headers=HTMX)
    assert "New" in answer.content.decode()
    again = client.post("/en/opportunities/send/", {"list": "fill", "gap": gap.id})
    one = rows().get()
    assert again.headers["Location"] == f"/en/opportunities/{one.pk}/"
    assert one.worth == pytest.approx(gap.options[0].worth_cny_per_year)
    assert one.members
    assert f"/en/opportunities/{one.pk}/" in client.get("/en/gaps/").content.decode()
    assert Event.objects.filter(action="opportunity.sent").count() == 1


def test_a_proof_is_the_same_opportunity_as_the_row_that_it_answers(guitang: City, client: Any) -> None:
    one = sent(guitang)
    page = client.get(f"/en/gaps/proofs/{one.proof}/").content.decode()
    assert f"/en/opportunities/{one.pk}/" in page
    client.post("/en/opportunities/send/", {"proof": one.proof})
    assert rows().count() == 1


def test_what_is_no_gap_of_the_run_can_not_be_sent(guitang: City, visitor: Any) -> None:
    for body in ({}, {"list": "fill", "gap": "nix"}, {"list": "nix", "gap": "x"}, {"proof": "nix"}):
        assert visitor.post("/opportunities/send/", body).status_code == 404
    assert visitor.get("/opportunities/send/").status_code == 405


@pytest.mark.parametrize("role", list(Role))
def test_only_who_may_edit_sends(guitang: City, role: Role) -> None:
    report = guitang.gaps().report
    assert report is not None
    answer = signed_in(person(role)).post("/opportunities/send/", {"list": "fill", "gap": report.fill[0].id})
    assert (answer.status_code == 302) == (role in (Role.TASK_FORCE, Role.INVESTMENT))
    assert rows().count() == (role in (Role.TASK_FORCE, Role.INVESTMENT))


def test_it_is_worked_on_and_every_change_is_kept(guitang: City, client: Any) -> None:
    one = sent(guitang)
    owner = person(Role.INVESTMENT)
    changed = form_of(one, state="checking", owner=owner.pk, due_on="2027-03-31", note="Ask the mill.")
    assert client.post(f"/en/opportunities/{one.pk}/", changed).status_code == 302
    now = rows().get()
    assert (now.state, now.owner, now.version) == ("checking", owner, 2)
    page = client.get(f"/en/opportunities/{one.pk}/").content.decode()
    assert "Being checked" in page
    assert "2027-03-31" in page
    event = Event.objects.get(action="opportunity.changed")
    assert event.detail["after"]["state"] == "checking"
    listed = client.get("/en/opportunities/", {"owner": owner.pk, "state": "checking"}).content.decode()
    assert f"/en/opportunities/{one.pk}/" in listed


def test_of_two_who_change_it_at_once_the_second_is_told(guitang: City, client: Any) -> None:
    one = sent(guitang)
    assert client.post(f"/en/opportunities/{one.pk}/", form_of(one, note="first")).status_code == 302
    answer = client.post(f"/en/opportunities/{one.pk}/", form_of(one, note="second"))
    assert answer.status_code == 400
    assert "Somebody changed it in between" in answer.content.decode()
    assert rows().get().note == "first"


@pytest.mark.parametrize(
    ("state", "wanted"), [("new", "handed_over"), ("new", "nix"), ("handed_over", "new"), ("approved", "new")]
)
def test_a_state_that_does_not_follow_is_refused(guitang: City, client: Any, state: str, wanted: str) -> None:
    one = sent(guitang, state=state)
    assert client.post(f"/opportunities/{one.pk}/", form_of(one, state=wanted)).status_code == 400
    assert rows().get().state == state


def test_what_is_dropped_says_why_and_can_be_taken_up_again(guitang: City, client: Any) -> None:
    one = sent(guitang)
    answer = client.post(f"/en/opportunities/{one.pk}/", form_of(one, state="dropped"))
    assert 'href="#id_reason"' in answer.content.decode()
    client.post(f"/en/opportunities/{one.pk}/", form_of(one, state="dropped", reason="No water there."))
    one = rows().get()
    assert (one.state, one.reason) == ("dropped", "No water there.")
    client.post(f"/en/opportunities/{one.pk}/", form_of(one, state="new"))
    assert rows().get().reason == ""


def test_owner_colleague_and_outsider(guitang: City) -> None:
    office = Department.objects.create(code="industry", name_zh="工信局", path="/industry/")
    below = Department.objects.create(code="parks", name_zh="园区科", path="/industry/parks/", parent=office)
    away = Department.objects.create(code="water", name_zh="水务局", path="/water/")
    one = sent(guitang, department=below)
    address = f"/opportunities/{one.pk}/"
    seen = {
        name: signed_in(who).get(address).status_code
        for name, who in {
            "its department": person(Role.DEPARTMENT, "a", department=below),
            "the one above": person(Role.DEPARTMENT, "b", department=office),
            "another": person(Role.DEPARTMENT, "c", department=away),
            "its park": person(Role.PARK, "d", park=Park.objects.create(code=one.park or "p", name_zh="园")),
            "another park": person(Role.PARK, "e", park=Park.objects.create(code="q", name_zh="别")),
            "a citizen": person(Role.CITIZEN),
            "an enterprise": person(Role.ENTERPRISE),
        }.items()
    }
    assert seen == {
        "its department": 200, "the one above": 200, "another": 404, "its park": 200 if one.park else 404,
        "another park": 404, "a citizen": 403, "an enterprise": 403,
    }  # fmt: skip
    reader = signed_in(person(Role.LEADER))
    assert reader.get(address).status_code == 200
    assert reader.post(address, form_of(one, note="x")).status_code == 404


def test_what_was_proved_and_what_was_changed_can_not_be_rewritten(guitang: City, client: Any) -> None:
    one = sent(guitang)
    client.post(f"/opportunities/{one.pk}/", form_of(one, note="x"))
    with pytest.raises(IntegrityError), transaction.atomic():
        rows().filter(pk=one.pk).update(worth=1e12)
    with pytest.raises(IntegrityError), transaction.atomic():
        one.history.all().delete()


def test_the_export_holds_what_the_list_shows_and_runs_nothing(guitang: City, client: Any) -> None:
    sent(guitang, note='=HYPERLINK("http://x")')
    answer = client.get("/en/opportunities/export.xlsx?state=new")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == '=HYPERLINK("http://x")' and cell.data_type == "s" for cell in cells)
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    none = client.get("/en/opportunities/export.xlsx?state=dropped")
    assert none.status_code == 200


def test_hostile_names_stay_text(guitang: City, client: Any) -> None:
    one = sent(guitang)
    client.post(f"/opportunities/{one.pk}/", form_of(one, note="<script>alert(1)</script>"))
    page = client.get(f"/opportunities/{one.pk}/").content.decode()
    assert "<script>alert" not in page
    assert not re.search(r"\son\w+=", page)
