"""Figures are added and never changed; four eyes see each; a decision sets the others aside."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from liantu.web.accounts.models import User
from liantu.web.audit.models import Event
from liantu.web.figures import actions, selectors
from liantu.web.figures.models import Approval, FindingState, ObservationRow, Standing
from tests.web.conftest import signed_in
from tests.web.figures.conftest import Enter, seen


def state(row: ObservationRow) -> tuple[bool, bool, bool]:
    s = Standing.objects.get(pk=row.pk)
    return s.in_force, s.corrected, s.official


@pytest.mark.postgres
@pytest.mark.parametrize("change", [{"value": "1"}, {"source": ""}, {"subject": "north"}])
def test_a_stored_figure_can_neither_be_changed_nor_removed(enter: Enter, change: dict[str, str]) -> None:
    row = enter("500.0")
    rows = ObservationRow.objects.unscoped(because="a test").filter(pk=row.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows._raw_delete(rows.db)
    assert rows.get().value == "500.0"


def test_a_correction_stands_beside_what_it_corrects(enter: Enter, second: User) -> None:
    row = enter("500.0")
    new = actions.correct(row, seen("510.0"), why="a slip", by=second).rows[0]
    assert state(row) == (False, True, False)
    assert state(new) == (True, False, False)
    assert new.corrects_id == row.pk
    with pytest.raises(actions.RefusedError, match="corrected_before"):
        actions.correct(row, seen("520.0"), why="again", by=second)
    with pytest.raises(actions.RefusedError, match="no_reason"):
        actions.correct(new, seen("520.0"), why=" ", by=second)
    assert ObservationRow.objects.unscoped(because="a test").count() == 2


def test_two_values_of_one_key_contradict_until_one_is_official(enter: Enter, second: User) -> None:
    first, other = enter("500.0"), enter("530.0", source="Report")
    found = FindingState.objects.unscoped(because="a test").filter(present=True, check_code="two_values")
    assert found.count() == 1
    actions.choose(other, by=second, why="revised after the census")
    assert state(first) == (False, False, False)
    assert state(other) == (True, False, True)
    assert found.count() == 0
    third = enter("500.0", source="An old table")
    assert state(third) == (False, False, False)


def test_rounding_is_no_contradiction(enter: Enter) -> None:
    enter("500.0")
    enter("500", source="News", step=Decimal(1))
    assert not FindingState.objects.unscoped(because="a test").exists()


@pytest.mark.postgres
def test_nobody_approves_what_they_entered_and_nobody_twice(
    enter: Enter, force: User, second: User, third: User
) -> None:
    row = enter("500.0")
    with pytest.raises(actions.RefusedError, match="same_person"):
        actions.approve(row, by=force, to="checked")
    actions.approve(row, by=second, to="checked")
    with pytest.raises(actions.RefusedError, match="same_person"):
        actions.approve(row, by=second, to="released")
    with pytest.raises(actions.RefusedError, match="changed"):
        actions.approve(row, by=third, to="checked")
    actions.approve(row, by=third, to="released")
    with pytest.raises(actions.RefusedError, match="already_released"):
        actions.approve(row, by=third, to="released")
    assert Standing.objects.get(pk=row.pk).level == "released"


@pytest.mark.postgres
def test_the_database_itself_asks_for_four_eyes(enter: Enter, force: User, second: User) -> None:
    row = enter("500.0")

    def approval(by: User, number: int, level: str) -> None:
        with transaction.atomic():
            Approval.objects.create(observation=row, number=number, level=level, by=by, at=timezone.now())

    with pytest.raises(IntegrityError):
        approval(force, 1, "checked")
    approval(second, 1, "checked")
    with pytest.raises(IntegrityError):
        approval(second, 2, "released")
    approval(second, 2, "entered")
    approval(second, 3, "checked")


def test_what_was_sent_back_begins_anew(enter: Enter, second: User, third: User) -> None:
    row = enter("500.0")
    actions.approve(row, by=second, to="checked")
    with pytest.raises(actions.RefusedError, match="no_reason"):
        actions.send_back(row, by=third, reason="")
    actions.send_back(row, by=third, reason="which year?")
    assert Standing.objects.get(pk=row.pk).level == "entered"
    actions.approve(row, by=second, to="checked")
    actions.approve(row, by=third, to="released")


def test_a_department_sees_its_own_and_what_is_released(
    enter: Enter, owner: User, colleague: User, outsider: User, second: User, third: User
) -> None:
    row = enter("500.0", by=owner)
    address = f"/figures/{row.pk}/"
    assert signed_in(owner).get(address).status_code == 200
    assert signed_in(colleague).get(address).status_code == 200
    assert signed_in(outsider).get(address).status_code == 404
    assert signed_in(outsider).post(f"{address}step/checked/").status_code == 404
    assert signed_in(outsider).get(f"{address}correct/").status_code == 404
    assert not selectors.visible(outsider).exists()
    actions.approve(row, by=colleague, to="checked")
    actions.approve(row, by=third, to="released")
    assert signed_in(outsider).get(address).status_code == 200
    assert signed_in(outsider).get(f"{address}correct/").status_code == 404
    assert signed_in(outsider).post(f"{address}official/", {"reason": "mine"}).status_code == 404


def test_steps_by_the_page(enter: Enter, force: User, second: User) -> None:
    row = enter("500.0")
    page = signed_in(force).get(f"/en/figures/{row.pk}/").content.decode()
    assert "step/checked" not in page
    signed_in(force).post(f"/figures/{row.pk}/step/checked/")
    assert Standing.objects.get(pk=row.pk).level == "entered"
    assert "step/checked" in signed_in(second).get(f"/en/figures/{row.pk}/").content.decode()
    signed_in(second).post(f"/figures/{row.pk}/step/checked/")
    assert Standing.objects.get(pk=row.pk).level == "checked"
    assert Event.objects.filter(action="figures.checked", object=str(row.pk)).count() == 1
    assert signed_in(second).post(f"/figures/{row.pk}/step/nonsense/").status_code == 404


FORM = {
    "subject": "city", "indicator": "gdp", "period": "2024", "value": "500.0", "unit": "亿元",
    "measure": "level", "status": "actual", "price": "unknown", "source": "Yearbook",
}  # fmt: skip


def test_a_figure_is_typed_and_corrected_on_pages(force: User) -> None:
    client = signed_in(force)
    answer = client.post("/figures/new/", FORM)
    row = ObservationRow.objects.unscoped(because="a test").get()
    assert answer["Location"] == f"/figures/{row.pk}/"
    assert (row.value, row.step, row.unit, row.amount) == ("500.0", "0.1", "yi_CNY", 5e10)
    answer = client.post(f"/figures/{row.pk}/correct/", FORM | {"value": "501.2", "why": "misprint"})
    new = ObservationRow.objects.unscoped(because="a test").get(corrects=row)
    assert new.why == "misprint"
    page = client.get(f"/en/figures/{new.pk}/").content.decode()
    assert "misprint" in page
    assert "Revisions" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("period", "last year"), ("value", "many"), ("value", "NaN"), ("value", "1e999999"),
        ("unit", "parsec"), ("subject", "nowhere"), ("indicator", ""), ("measure", "mood"),
        ("source", ""), ("source", "x" * 400),
        ("source_date", "2025-13-45"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_told_at_its_field(force: User, field: str, value: str) -> None:
    answer = signed_in(force).post("/en/figures/new/", FORM | {field: value})
    assert answer.status_code == 400
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not ObservationRow.objects.unscoped(because="a test").exists()
