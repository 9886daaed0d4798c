"""Versions: loaded once, never changed, found by day; figures that are due; both databases."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from liantu.data.tables import read_tables
from liantu.errors import InputError
from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import Role
from liantu.web.atlas.datasets import actions, drafts, selectors, stale
from liantu.web.atlas.models import Dataset, DatasetVersion, FieldNote
from tests.web.conftest import EXAMPLES, person, signed_in
from tests.web.datasets.conftest import CITY

pytestmark = pytest.mark.postgres


def test_loading_the_same_city_twice_makes_one_version_and_keeps_what_was_edited(
    dataset: Dataset, force: User
) -> None:
    assert actions.load_package(CITY).number == 1
    drafts.edit_row(dataset, "materials", "bagasse", {"note": "x"}, {}, by=force)
    edited = drafts.commit(drafts.open_draft(dataset, by=force), note="x", seen=dataset.current_id, by=force)  # type: ignore[arg-type]
    assert actions.load_package(CITY) == edited
    assert DatasetVersion.objects.count() == 2


def test_a_schema_that_reads_the_same_city_as_more_makes_a_version_of_it(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liantu.data.tables.LATER", ())  # as before the table of transports
    again = actions.load_package(CITY)
    assert again.number == 2
    first = dataset.versions.get(number=1)
    assert again.sha256 == first.sha256
    assert again.digest != first.digest
    assert actions.load_package(CITY) == again


def test_a_changed_package_is_a_new_version_and_another_city_another_dataset(
    dataset: Dataset, tmp_path: Path
) -> None:
    shutil.copytree(CITY, tmp_path / "city")
    file = tmp_path / "city" / "facilities.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("operating", "building", 1), encoding="utf-8")
    assert actions.load_package(tmp_path / "city").number == 2
    assert actions.load_package(EXAMPLES / "first-city").number == 1
    shown = selectors.shown_dataset()
    assert shown is not None
    assert shown.code != dataset.code
    actions.load_package(CITY)
    again = selectors.shown_dataset()
    assert again == dataset


def test_a_package_with_problems_is_refused_whole(tmp_path: Path, db: None) -> None:
    shutil.copytree(CITY, tmp_path / "city")
    file = tmp_path / "city" / "facilities.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("operating", "dreaming", 1), encoding="utf-8")
    with pytest.raises(InputError):
        actions.load_package(tmp_path / "city")
    assert not Dataset.objects.exists()


def test_a_version_and_a_note_are_never_changed(version: DatasetVersion) -> None:
    note = FieldNote.objects.create(dataset=version.dataset, table="materials")
    for row, field in ((version, "note"), (note, "source")):
        setattr(row, field, "other")
        with pytest.raises(DatabaseError), transaction.atomic():
            row.save()
        with pytest.raises(DatabaseError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).delete()


def test_the_version_of_a_day_is_the_last_one_up_to_its_end(db: None, force: User) -> None:
    with time_machine.travel("2026-03-01T15:30:00Z", tick=False):  # 23:30 in the city
        actions.load_package(CITY)
    dataset = selectors.shown_dataset()
    assert dataset is not None
    with time_machine.travel("2026-03-01T16:30:00Z", tick=False):  # the next day there
        drafts.edit_row(dataset, "materials", "bagasse", {"note": "x"}, {}, by=force)
        drafts.commit(drafts.open_draft(dataset, by=force), note="x", seen=dataset.current_id, by=force)  # type: ignore[arg-type]
    found = [selectors.version_at(dataset, date(2026, m, d)) for m, d in ((2, 28), (3, 1), (3, 2))]
    assert [v and v.number for v in found] == [None, 1, 2]


def test_figures_fall_due_by_their_interval_and_a_confirmation_sets_them_back(
    dataset: Dataset, client: Client, force: User
) -> None:
    today = timezone.localdate()
    place = ("materials", "bagasse", "price_mid_cny")
    assert [d for d in stale.due_figures(dataset) if d.late >= 0] == [], "loading confirms what is loaded"
    month = {(d.table, d.key, d.column): d for d in stale.due_figures(dataset, today + timedelta(days=32))}
    assert (month[place].never, month[place].late) == (True, 2)
    drafts.confirm(dataset, [place], on=today - timedelta(days=31), by=force)
    found = {(d.table, d.key, d.column): d for d in stale.due_figures(dataset)}
    assert (found[place].late, found[place].field.by) == (1, "task_force")
    page = client.get("/en/data/stale/?q=bagasse&table=materials").content.decode()
    assert "1 day late" in page
    said = {"figure": "materials/price_mid_cny/bagasse", "back": "/en/data/stale/"}
    page = client.post("/en/data/stale/confirm/", said, follow=True).content.decode()
    assert "1 figure was confirmed" in page
    found = {(d.table, d.key, d.column): d for d in stale.due_figures(dataset)}
    assert place not in found
    assert (
        client.post("/en/data/stale/confirm/", said | {"back": "https://evil.example/"})["Location"]
        == "/en/data/stale/"
    )
    nonsense = client.post(
        "/en/data/stale/confirm/", {"figure": ["materials/nothing/bagasse", "x"]}, follow=True
    )
    assert "There is no such row" in nonsense.content.decode()


def test_a_plant_is_owed_by_its_enterprise_and_the_list_is_filtered_by_owner(dataset: Dataset) -> None:
    plants = read_tables(CITY)["facilities"]
    firm = plants["enterprise_id"].drop_nulls()[0]
    later = timezone.now() + timedelta(days=400)
    with time_machine.travel(later, tick=False):
        reader = signed_in(person(Role.LEADER))
        page = reader.get(f"/en/data/stale/?owner=enterprise:{firm}").content.decode()
    assert "capacity" in page
    assert "with the data" in page
    ours = plants.filter(enterprise_id=firm).height
    due = [d for d in stale.due_figures(dataset, later.date()) if d.owner == f"enterprise:{firm}"]
    assert {d.table for d in due} == {"facilities"}
    assert len({d.key for d in due}) <= ours


def test_the_task_force_sets_the_intervals_and_zero_is_never(dataset: Dataset, client: Client) -> None:
    page = client.get("/en/data/stale/intervals/").content.decode()
    fields = dict.fromkeys(_names(page), "0")
    assert "materials-price_mid_cny-days" in fields
    assert (
        client.post("/en/data/stale/intervals/", fields | {"materials-price_mid_cny-days": "x"}).status_code
        == 400
    )
    assert client.post("/en/data/stale/intervals/", fields).status_code == 302
    assert stale.due_figures(dataset) == ()
    reader = signed_in(person(Role.LEADER))
    assert (
        "<input"
        not in reader.get("/en/data/stale/intervals/").content.decode().split("<table")[1].split("</table")[0]
    )


def _names(page: str) -> list[str]:
    return [part.split('"')[0] for part in page.split('name="') if part.split('"')[0].endswith("-days")]


def test_one_version_against_another_and_the_pages_in_chinese(client: Client, dataset: Dataset) -> None:
    for address in ("", "versions/", "versions/1/", "stale/", "stale/intervals/", "upload/", "draft/",
                    "tables/facilities/", "tables/facilities/new/"):  # fmt: skip
        assert client.get(f"/data/{address}").status_code == 200, address
