"""Rows are edited into a draft, checked at their fields, and committed together; each within their reach."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

import pytest
from django.test import Client

from liantu.data.tables import read_tables
from liantu.web.accounts.models import Department, Park, User
from liantu.web.accounts.permissions import Role
from liantu.web.atlas.datasets import actions, drafts, selectors
from liantu.web.atlas.datasets.errors import DatasetError
from liantu.web.atlas.models import Dataset, DatasetVersion, DraftEdit, EditDraft, FieldNote
from liantu.web.audit.models import Event
from tests.web.conftest import person, signed_in
from tests.web.datasets.conftest import CITY

BAGASSE = "/en/data/tables/materials/row/?key=bagasse"


def row_form(table: str, key: str, **changes: str) -> dict[str, str]:
    """The form of a row as a browser sends it, with some fields changed."""
    cells = drafts.texts_of(read_tables(CITY), table, key)
    return cells | changes


def plant(n: int = 0) -> dict[str, object]:
    return read_tables(CITY)["facilities"].row(n, named=True)


def test_a_price_is_edited_checked_at_its_field_and_committed_with_its_source_and_owner(
    client: Client, dataset: Dataset, force: User
) -> None:
    Department.objects.create(code="prices", name_zh="物价科", name_en="Prices", path="/prices/")
    page = client.get(BAGASSE).content.decode()
    assert "mid price at the gate" in page
    assert "CNY/unit" in page
    assert "出厂不含税" in client.get(BAGASSE.replace("/en/", "/")).content.decode()

    wrong = client.post(
        BAGASSE, row_form("materials", "bagasse", price_mid_cny="cheap", unit="", kind="gold")
    )
    text = wrong.content.decode()
    assert wrong.status_code == 400
    assert "&#x27;cheap&#x27; is not a number" in text
    assert "is blank; fill in the cell" in text
    assert "is not one of the allowed words" in text
    assert 'value="cheap"' in text
    assert not DraftEdit.objects.exists()

    low = read_tables(CITY)["materials"].filter(id="bagasse")["price_low_cny"][0]
    said = {
        "price_mid_cny__source": "market day",
        "price_mid_cny__owner": "department:prices",
        "price_mid_cny__confirmed": "2026-01-05",
    }
    saved = client.post(BAGASSE, row_form("materials", "bagasse", price_mid_cny=str(low)) | said, follow=True)
    assert "is in your draft" in saved.content.decode()
    assert selectors.tables_of(dataset.current).digest == read_tables(CITY).digest  # type: ignore[arg-type]
    draft = client.get("/en/data/draft/").content.decode()
    assert f'<td class="now">{low:g}</td>' in draft
    found = EditDraft.objects.unscoped(because="a test").get()
    response = client.post(
        f"/en/data/drafts/{found.pk}/commit/", {"note": "may", "seen": dataset.current_id}, follow=True
    )
    assert "Version 2 is current" in response.content.decode()
    version = DatasetVersion.objects.get(number=2)
    assert (
        drafts.texts_of(selectors.tables_of(version), "materials", "bagasse")["price_mid_cny"] == f"{low:g}"
    )
    (note,) = FieldNote.objects.all()
    assert (note.column, note.source, note.confirmed_on, note.by) == (
        "price_mid_cny", "market day", date(2026, 1, 5), force,
    )  # fmt: skip
    assert note.owner_department is not None
    page = client.get(BAGASSE).content.decode()
    assert "market day" in page
    assert "物价科" in page
    assert "2026-01-05" in page
    assert Event.objects.filter(action="dataset.edit").exists()


def test_what_is_said_of_an_unchanged_figure_counts_at_once(client: Client, dataset: Dataset) -> None:
    said = {"price_mid_cny__confirmed": "2026-02-03", "price_mid_cny__source": "phone call"}
    client.post(BAGASSE, row_form("materials", "bagasse") | said)
    assert FieldNote.objects.get().source == "phone call"
    assert not DraftEdit.objects.exists()
    assert DatasetVersion.objects.count() == 1
    wrong = client.post(BAGASSE, row_form("materials", "bagasse") | {"price_mid_cny__owner": "nobody:x"})
    assert "Nobody is called" in wrong.content.decode()
    ahead = client.post(
        BAGASSE, row_form("materials", "bagasse") | {"price_mid_cny__confirmed": "2999-01-01"}
    )
    assert "The day lies ahead" in ahead.content.decode()


def test_a_row_is_added_and_another_removed_and_what_then_hangs_in_the_air_is_told(
    client: Client, dataset: Dataset, force: User
) -> None:
    new = row_form("facilities", str(plant()["id"]), id="new_plant", name_en="New")
    taken = client.post("/en/data/tables/facilities/new/", new | {"id": plant()["id"]})
    assert "A row with this key is there already" in taken.content.decode()
    lost = client.post("/en/data/tables/facilities/new/", new | {"process_id": "alchemy"})
    assert lost.status_code == 400
    assert "is not in processes.id" in lost.content.decode()
    assert client.post("/en/data/tables/facilities/new/", new).status_code == 302
    assert "new_plant" in client.get("/en/data/tables/facilities/").content.decode()
    assert client.get("/en/data/tables/facilities/row/?key=new_plant").status_code == 200
    client.post("/en/data/tables/materials/remove/?key=bagasse")
    page = client.get("/en/data/draft/").content.decode()
    assert "something else no longer holds" in page
    assert "It can't be committed as it is" in page
    draft = EditDraft.objects.unscoped(because="a test").get()
    with pytest.raises(DatasetError):
        drafts.commit(draft, note="x", seen=dataset.current_id, by=force)  # type: ignore[arg-type]
    draft.refresh_from_db()
    assert draft.status == "open"
    client.post("/en/data/tables/materials/remove/?key=bagasse", {"undo": "1"})
    client.post(f"/en/data/drafts/{draft.pk}/commit/", {"note": "n", "seen": dataset.current_id})
    assert DatasetVersion.objects.get(number=2).changes == {"facilities": [1, 0, 0]}


def test_a_flow_is_edited_and_the_recipe_that_then_loses_an_element_is_shown(
    client: Client, dataset: Dataset
) -> None:
    flows = read_tables(CITY)["process_flows"]
    row = next(
        r for r in flows.iter_rows(named=True) if r["material_id"] == "limestone" and r["direction"] == "in"
    )
    key = f"{row['process_id']};{int(row['line'])}"
    recipe = client.get(f"/en/data/tables/processes/row/?key={row['process_id']}").content.decode()
    assert quote(key) in recipe
    address = f"/en/data/tables/process_flows/row/?key={quote(key)}"
    client.post(address, row_form("process_flows", key, amount=str(row["amount"] * 3)))
    page = client.get("/en/data/draft/").content.decode()
    assert "One recipe makes or loses an element" in page


def test_a_park_officer_edits_the_plants_of_the_park_alone_and_hands_in(
    dataset: Dataset, force: User
) -> None:
    mine, other = (
        plant(),
        next(
            p
            for p in read_tables(CITY)["facilities"].iter_rows(named=True)
            if p["park_id"] != plant()["park_id"]
        ),
    )
    park = Park.objects.create(code=str(mine["park_id"]), name_zh="园")
    officer = signed_in(person(Role.PARK, park=park))
    key = str(mine["id"])
    own = f"/en/data/tables/facilities/row/?key={key}"
    assert "Save to my draft" in officer.get(own).content.decode()
    assert officer.post(own, row_form("facilities", key, capacity_per_year="7")).status_code == 302
    moved = officer.post(own, row_form("facilities", key, park_id=str(other["park_id"])))
    assert "This is not yours to edit" in moved.content.decode()
    foreign = f"/en/data/tables/facilities/row/?key={other['id']}"
    assert "Save to my draft" not in officer.get(foreign).content.decode()
    assert (
        officer.post(foreign, row_form("facilities", str(other["id"]), capacity_per_year="7")).status_code
        == 403
    )
    assert officer.post(BAGASSE, row_form("materials", "bagasse", price_mid_cny="1")).status_code == 403
    assert officer.get("/en/data/tables/materials/new/").status_code == 403
    removed = officer.post(f"/en/data/tables/facilities/remove/?key={key}", follow=True)
    assert "This is not yours to edit" in removed.content.decode()
    with pytest.raises(DatasetError):
        drafts.edit_row(
            dataset, "materials", "bagasse", {"price_mid_cny": "1"}, {}, by=person(Role.PARK, park=park)
        )

    draft = EditDraft.objects.unscoped(because="a test").get()
    one = f"/en/data/drafts/{draft.pk}/"
    assert officer.post(one + "commit/", {"note": "x", "seen": dataset.current_id}).status_code == 403
    chief = signed_in(force)
    assert chief.get(one).status_code == 404  # still the officer's own
    assert (
        "was handed in" in officer.post(one + "hand-in/", {"note": "new line"}, follow=True).content.decode()
    )
    assert "new line" in chief.get(one).content.decode()
    chief.post(one + "return/", {"note": "why 7?"})
    assert "why 7?" in officer.get("/en/data/draft/").content.decode()
    officer.post(one + "hand-in/", {"note": "measured"})
    page = chief.post(one + "commit/", {"note": "as measured", "seen": dataset.current_id}, follow=True)
    assert "Version 2 is current" in page.content.decode()
    assert {n.by for n in FieldNote.objects.all()} == {person(Role.PARK, park=park)}
    stranger = signed_in(person(Role.PARK, name="other", park=Park.objects.create(code="p", name_zh="p")))
    assert stranger.get(one).status_code == 404


def test_a_department_edits_the_fields_that_it_owes(dataset: Dataset) -> None:
    office = Department.objects.create(code="dev", name_zh="发改委", path="/dev/")
    below = Department.objects.create(code="price", name_zh="价格科", path="/dev/price/", parent=office)
    FieldNote.objects.create(dataset=dataset, table="materials", row_key="bagasse", column="price_mid_cny",
                             owner_department=below)  # fmt: skip
    handler = signed_in(person(Role.DEPARTMENT, department=office))
    page = handler.get(BAGASSE).content.decode()
    assert 'name="price_mid_cny"' in page
    assert 'name="price_low_cny"' not in page
    low = read_tables(CITY)["materials"].filter(id="bagasse")["price_low_cny"][0]
    assert handler.post(BAGASSE, {"price_mid_cny": str(low), "unit": "kg"}).status_code == 302
    assert DraftEdit.objects.get().cells == {"price_mid_cny": str(low)}
    sugar = BAGASSE.replace("bagasse", "sugar")
    assert handler.post(sugar, {"price_mid_cny": "1"}).status_code in (403, 404)
    elsewhere = Department.objects.create(code="dev2", name_zh="x", path="/dev2/")
    other = signed_in(person(Role.DEPARTMENT, name="other", department=elsewhere))
    assert other.post(BAGASSE, {"price_mid_cny": "1"}).status_code == 403


def test_readers_read_rows_and_enterprises_and_strangers_do_not(dataset: Dataset) -> None:
    leader = signed_in(person(Role.LEADER))
    assert leader.get(BAGASSE).status_code == 200
    assert leader.post(BAGASSE, {"price_mid_cny": "1"}).status_code == 403
    for address in ("/en/data/draft/", "/en/data/tables/materials/new/"):
        assert leader.get(address).status_code == 403
    assert signed_in(person(Role.ENTERPRISE)).get(BAGASSE).status_code == 403
    assert signed_in(None).get(BAGASSE).status_code == 302
    for wrong in ("/en/data/tables/nothing/", "/en/data/tables/materials/row/?key=nothing"):
        assert leader.get(wrong).status_code == 404
    assert leader.get("/en/data/tables/materials/?sort=nothing").status_code == 400


def test_a_draft_begun_on_an_older_version_is_laid_over_the_current_one(
    client: Client, dataset: Dataset, force: User
) -> None:
    low = read_tables(CITY)["materials"].filter(id="bagasse")["price_low_cny"][0]
    drafts.edit_row(dataset, "materials", "bagasse", {"price_mid_cny": str(low)}, {}, by=force)
    other = person(Role.TASK_FORCE, name="second")
    high = read_tables(CITY)["materials"].filter(id="bagasse")["price_high_cny"][0]
    drafts.edit_row(dataset, "materials", "bagasse", {"price_mid_cny": str(high), "note": "x"}, {}, by=other)
    theirs = drafts.open_draft(dataset, by=other)
    seen = dataset.current_id
    assert seen is not None
    drafts.commit(theirs, note="theirs", seen=seen, by=other)
    mine = drafts.open_draft(dataset, by=force)
    with pytest.raises(DatasetError) as told:
        drafts.commit(mine, note="mine", seen=seen, by=force)
    assert told.value.code == "moved_on"
    page = client.get("/en/data/draft/").content.decode()
    assert "Somebody else changed the same fields since" in page
    dataset.refresh_from_db()
    drafts.commit(mine, note="mine", seen=dataset.current_id, by=force)  # type: ignore[arg-type]
    now = drafts.texts_of(selectors.tables_of(DatasetVersion.objects.get(number=3)), "materials", "bagasse")
    assert (now["price_mid_cny"], now["note"]) == (f"{low:g}", "x")


def test_a_key_of_a_row_that_is_gone_is_told_as_lost(client: Client, dataset: Dataset, force: User) -> None:
    one = str(plant()["id"])
    drafts.edit_row(dataset, "facilities", one, {"capacity_per_year": "9"}, {}, by=force)
    other = person(Role.TASK_FORCE, name="second")
    drafts.remove_row(dataset, "facilities", one, by=other)
    drafts.commit(drafts.open_draft(dataset, by=other), note="x", seen=dataset.current_id, by=other)  # type: ignore[arg-type]
    page = client.get("/en/data/draft/").content.decode()
    assert "These edits no longer fit" in page


def test_rolling_back_brings_an_older_version_back_as_a_new_one(
    client: Client, dataset: Dataset, force: User
) -> None:
    first = dataset.current
    assert first is not None
    drafts.edit_row(dataset, "materials", "bagasse", {"note": "x"}, {}, by=force)
    second = drafts.commit(drafts.open_draft(dataset, by=force), note="x", seen=first.pk, by=force)
    page = client.get("/en/data/versions/2/").content.decode()
    assert "note" in page
    assert "Go back to this version" not in page
    stale = client.post("/en/data/versions/1/restore/", {"note": "back", "seen": first.pk}, follow=True)
    assert "Somebody committed version 2" in stale.content.decode()
    client.post("/en/data/versions/1/restore/", {"note": "back", "seen": second.pk})
    third = DatasetVersion.objects.get(number=3)
    assert (third.restores, third.digest, third.origin) == (first, first.digest, "rollback")
    dataset.refresh_from_db()
    with pytest.raises(DatasetError) as told:
        actions.rollback(dataset, third, by=force, note="again")
    assert told.value.code == "nothing_changed"
    assert "to version 1" in client.get("/en/data/versions/").content.decode()
    assert (
        signed_in(person(Role.LEADER)).post("/en/data/versions/1/restore/", {"note": "b"}).status_code == 403
    )
    assert client.get("/en/data/versions/9/").status_code == 404
    assert client.get("/en/data/versions/3/?against=1").status_code == 200
    assert client.get("/en/data/versions/3/?against=77").status_code == 400
