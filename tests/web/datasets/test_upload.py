"""A workbook comes in broken, is mended, compared and committed; and what must not come in."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from liantu.data.tables import read_tables
from liantu.web.accounts.models import Department, User
from liantu.web.accounts.permissions import Role
from liantu.web.atlas.datasets import actions, intake, selectors
from liantu.web.atlas.datasets.errors import DatasetError
from liantu.web.atlas.datasets.findings import Findings
from liantu.web.atlas.models import Dataset, DatasetVersion, FieldNote, StagedUpload
from liantu.web.audit.models import Event
from tests.web.conftest import person, signed_in
from tests.web.datasets.conftest import CITY, zipped

Upload = Callable[..., StagedUpload]


def edited_book(content: bytes, sheet: str, cells: dict[str, object]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    for place, value in cells.items():
        book[sheet][place] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def column(content: bytes, sheet: str, name: str) -> str:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return next(cell.column_letter for cell in book[sheet][1] if cell.value == name)


def test_a_broken_workbook_is_shown_on_its_rows_mended_compared_and_committed(
    client: Client, dataset: Dataset, city_workbook: bytes, checked: Upload
) -> None:
    price = column(city_workbook, "materials", "price_mid_cny")
    capacity = column(city_workbook, "facilities", "capacity_per_year")
    broken = edited_book(city_workbook, "materials", {f"{price}3": "twelve", f"{price}5": "１２"})
    broken = edited_book(broken, "facilities", {f"{capacity}2": -5})
    staged = checked(client, "city <b>.xlsx", broken)
    assert (staged.status, staged.errors) == ("refused", 3)
    address = f"/en/data/uploads/{staged.pk}/"
    page = client.get(address + "?table=materials").content.decode()
    assert "3 problems refuse the file" in page
    assert re.search(r'id="row-3">.*?class="cell-error">twelve<', page, re.S)
    assert "&#x27;twelve&#x27; is not a number" in page
    assert "type 12" in page
    assert "<b>" not in page
    other = client.get(address + "?table=facilities").content.decode()
    assert re.search(r'class="cell-error">-5<', other)
    assert "为负" in client.get(address.replace("/en/", "/") + "?table=facilities").content.decode()

    marked = client.get(address + "marked.xlsx")
    assert "attachment" in marked["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(marked.content))
    assert book["materials"][f"{price}3"].comment is not None
    assert book["facilities"][f"{capacity}2"].fill.start_color.rgb.endswith("FFC7CE")
    assert client.post(address + "commit/", {"note": "no"}).status_code == 302
    dataset.refresh_from_db()
    assert dataset.current is not None
    assert dataset.current.number == 1

    high = read_tables(CITY)["materials"]["price_high_cny"][3]
    mended = edited_book(marked.content, "materials", {f"{price}3": 1.5, f"{price}5": high})
    mended = edited_book(mended, "facilities", {f"{capacity}2": 777})
    staged = checked(client, "mended.xlsx", mended)
    assert staged.status == "ready", Findings(bytes(staged.findings)).problems
    address = f"/en/data/uploads/{staged.pk}/"
    page = client.get(address).content.decode()
    assert "price_mid_cny" in page
    assert '<td class="now">1.5</td>' in page
    assert staged.changes["materials"] == [0, 0, 2]
    said = {"note": "prices of May", "confirm": "changed", "confirmed_on": "2026-01-02"}
    response = client.post(address + "commit/", said, follow=True)
    assert "Version 2 is current" in response.content.decode()
    version = DatasetVersion.objects.get(number=2)
    assert (version.note, version.origin, str(version.created_by)) == (
        "prices of May",
        "upload",
        "task_force",
    )
    assert selectors.tables_of(version).digest == version.digest
    dataset.refresh_from_db()
    assert dataset.current == version
    noted = set(FieldNote.objects.values_list("table", "column", "confirmed_on"))
    assert {(t, c, str(d)) for t, c, d in noted} == {
        ("materials", "price_mid_cny", "2026-01-02"),
        ("facilities", "capacity_per_year", "2026-01-02"),
    }
    assert Event.objects.filter(action="dataset.upload", object=str(version.pk)).exists()


def test_every_table_of_a_workbook_comes_back_letter_for_letter(
    client: Client, dataset: Dataset, city_workbook: bytes, checked: Upload
) -> None:
    staged = checked(client, "same.xlsx", city_workbook)
    assert staged.changes == {}
    assert "says the same" in client.get(f"/en/data/uploads/{staged.pk}/").content.decode()
    for address in ("package.zip", "tables.xlsx"):
        content = client.get(f"/en/data/versions/1/{address}").content
        again = checked(client, address, content)
        assert again.digest == read_tables(CITY).digest


def test_a_package_in_a_folder_is_read_and_a_recipe_that_loses_iron_is_told_and_must_be_owned_up_to(
    client: Client, dataset: Dataset, checked: Upload
) -> None:
    flows = read_tables(CITY)["process_flows"]
    row = next(
        r for r in flows.iter_rows(named=True) if r["material_id"] == "limestone" and r["direction"] == "in"
    )
    line = next(
        text
        for text in (CITY / "process_flows.csv").read_text(encoding="utf-8").splitlines()
        if text.startswith(f"{row['process_id']},{int(row['line'])},")
    )
    cells = line.split(",")
    cells[4] = str(float(cells[4]) * 3)
    staged = checked(client, "city.zip", zipped(damage={"process_flows.csv": (line, ",".join(cells))}))
    assert staged.status == "ready"
    assert staged.broken == 1
    address = f"/en/data/uploads/{staged.pk}/"
    page = client.get(address).content.decode()
    assert "One recipe makes or loses an element" in page
    assert row["process_id"] in page
    said = {"note": "more lime", "confirm": "nothing", "confirmed_on": "2026-01-02"}
    refused = client.post(address + "commit/", said)
    assert refused.status_code == 400
    assert client.post(address + "commit/", said | {"broken": "on"}).status_code == 302
    assert DatasetVersion.objects.count() == 2


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(6):
            archive.writestr(f"t{i}.csv", b"0" * (100 << 20))
    return out.getvalue()


def lying() -> bytes:
    """An archive that says its files are small."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("materials.csv", b"id\n" + b"0" * (8 << 20))
    content = bytearray(out.getvalue())
    size = struct.pack("<L", (8 << 20) + 3)
    for at in [m.start() for m in re.finditer(re.escape(size), bytes(content))]:
        content[at : at + 4] = struct.pack("<L", 10)
    return bytes(content)


def locked() -> bytes:
    content = bytearray(zipped())
    for m in re.finditer(b"PK\x01\x02", bytes(content)):
        content[m.start() + 8] |= 1
    return bytes(content)


def linked() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("materials.csv")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    return out.getvalue()


def with_entities() -> bytes:
    out = io.BytesIO()
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "ha"}">' for i in range(12))
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/_rels/workbook.xml.rels", "<Relationships/>")
        archive.writestr("xl/workbook.xml", f"<!DOCTYPE w [{laughs}]><workbook>&l11;</workbook>")
    return out.getvalue()


def many() -> bytes:
    return zipped(**{f"f{i}.csv": b"id\n" for i in range(300)})


@pytest.mark.parametrize(
    ("name", "make", "code"),
    [
        ("bomb.zip", bomb, "too_large"),
        ("lying.zip", lying, "broken_archive"),
        ("climb.zip", lambda: zipped(**{"../../etc/materials.csv": b"id\n"}), "unsafe_path"),
        ("root.zip", lambda: zipped(**{"/etc/materials.csv": b"id\n"}), "unsafe_path"),
        ("windows.zip", lambda: zipped(**{"C:evil.csv": b"id\n"}), "unsafe_path"),
        ("link.zip", linked, "unsafe_path"),
        ("locked.zip", locked, "password"),
        ("many.zip", many, "too_many_files"),
        ("junk.xlsx", lambda: b"\x93\x07junk" * (2 << 20), "not_a_city"),
        ("junk.zip", lambda: b"PK\x03\x04" + b"\x00\xff" * (5 << 20), "broken_archive"),
        ("photo.png", lambda: b"\x89PNG\r\n\x1a\n" + b"0" * 1000, "not_a_city"),
        ("page.html", lambda: b"<html><script>alert(1)</script>", "not_a_city"),
        ("old.xls", lambda: b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "old_excel"),
        ("secret.xlsx", lambda: b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600,
         "password"),
        ("laughs.xlsx", with_entities, "broken_workbook"),
        ("empty.zip", lambda: b"PK\x05\x06" + b"\x00" * 18, "no_tables"),
    ],
)  # fmt: skip
def test_a_hostile_or_wrong_file_is_refused_with_one_clear_error(
    client: Client, dataset: Dataset, checked: Upload, name: str, make: Callable[[], bytes], code: str
) -> None:
    staged = checked(client, name, make())
    assert staged.status == "refused"
    codes = [p.code for p in Findings(bytes(staged.findings)).problems]
    assert codes == [code]
    page = client.get(f"/data/uploads/{staged.pk}/")
    assert page.status_code == 200
    assert client.get(f"/data/uploads/{staged.pk}/marked.xlsx").status_code == 200


def test_text_that_a_spreadsheet_would_run_is_refused_on_its_cell(
    client: Client, dataset: Dataset, checked: Upload
) -> None:
    name = read_tables(CITY)["enterprises"]["name_zh"][0]
    damage = {"enterprises.csv": (name, "=cmd|' /C calc'!A0")}
    staged = checked(client, "formula.zip", zipped(damage=damage))
    (problem,) = Findings(bytes(staged.findings)).problems
    assert (problem.code, problem.file, problem.row, problem.column) == (
        "formula_text", "enterprises.csv", 2, "name_zh",
    )  # fmt: skip
    page = client.get(f"/en/data/uploads/{staged.pk}/?table=enterprises").content.decode()
    assert "would be run as a formula" in page


def test_a_script_in_a_name_is_only_text(client: Client, dataset: Dataset, checked: Upload) -> None:
    name = read_tables(CITY)["enterprises"]["name_zh"][0]
    damage = {"enterprises.csv": (name, "<script>alert(1)</script>")}
    staged = checked(client, '"><script>alert(2)</script>.zip', zipped(damage=damage))
    page = client.get(f"/en/data/uploads/{staged.pk}/?table=enterprises").content.decode()
    assert staged.status == "ready"
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


class Zeros:
    """A body that comes piece by piece and is nowhere as a whole."""

    def __init__(self, left: int) -> None:
        self.left = left

    def read(self, size: int) -> bytes:
        assert size <= 1 << 20
        piece = min(size, self.left)
        self.left -= piece
        return b"0" * piece

    readline = read


def test_what_is_larger_than_the_limit_is_refused_before_it_is_read(client: Client, dataset: Dataset) -> None:
    big = b"0" * (intake.MAX_UPLOAD + 1)
    response = client.post("/en/data/upload/", {"file": SimpleUploadedFile("big.zip", big)})
    assert response.status_code == 400
    assert "at most 64 MB" in response.content.decode()
    sent = Zeros(300 << 20)
    said = {"CONTENT_LENGTH": str(sent.left), "wsgi.input": sent}
    response = client.post(
        "/en/data/upload/", data=b"", content_type="multipart/form-data; boundary=x", **said
    )
    assert response.status_code == 413
    assert sent.left == 0  # let go by, so that the browser gets to the answer
    assert "It has 300 MB; at most 64 MB are taken" in response.content.decode()
    assert StagedUpload.objects.unscoped(because="a test").count() == 0


def test_an_empty_file_and_no_file_say_so(client: Client, dataset: Dataset) -> None:
    empty = client.post("/en/data/upload/", {"file": SimpleUploadedFile("a.zip", b"")})
    assert empty.status_code == 400
    assert "The file is empty" in empty.content.decode()
    assert client.post("/en/data/upload/", {}).status_code == 400


def test_the_same_upload_is_committed_once_and_the_other_is_told(
    client: Client, dataset: Dataset, checked: Upload, force: User
) -> None:
    staged = checked(client, "a.zip", zipped(damage={"facilities.csv": ("operating", "building")}))
    stale = StagedUpload.objects.unscoped(because="a test").get(pk=staged.pk)
    actions.commit(staged, by=force, note="one")
    with pytest.raises(DatasetError) as told:
        actions.commit(stale, by=force, note="two")
    assert told.value.code == "decided"
    page = client.post(f"/en/data/uploads/{staged.pk}/commit/", {"note": "three"}, follow=True)
    assert "This was Committed already, by task_force" in page.content.decode()
    assert DatasetVersion.objects.count() == 2


def test_a_file_that_was_compared_with_an_older_version_is_compared_again_first(
    client: Client, dataset: Dataset, checked: Upload, force: User, run_jobs: Callable[[], object]
) -> None:
    first = checked(client, "a.zip", zipped(damage={"facilities.csv": ("operating", "building")}))
    second = checked(client, "b.zip", zipped(damage={"facilities.csv": ("operating", "planned")}))
    actions.commit(first, by=force, note="one")
    with pytest.raises(DatasetError) as told:
        actions.commit(second, by=force, note="two")
    assert told.value.code == "moved_on"
    second.refresh_from_db()
    assert second.status == "ready"
    address = f"/en/data/uploads/{second.pk}/"
    assert "Compare it again before you commit" in client.get(address).content.decode()
    client.post(address + "check/")
    run_jobs()
    said = {"note": "two", "confirm": "nothing", "confirmed_on": "2026-01-02"}
    assert "Version 3 is current" in client.post(address + "commit/", said, follow=True).content.decode()


def test_a_park_officer_stages_but_the_task_force_commits_and_others_see_nothing(
    dataset: Dataset, checked: Upload, db: None
) -> None:
    park = signed_in(person(Role.PARK, park=None))
    staged = checked(park, "a.zip", zipped(damage={"facilities.csv": ("operating", "building")}))
    address = f"/en/data/uploads/{staged.pk}/"
    assert park.get(address).status_code == 200
    assert "The task force commits it" in park.get(address).content.decode()
    assert park.post(address + "commit/", {"note": "x"}).status_code == 403
    office = Department.objects.create(code="o", name_zh="局", path="/o/")
    handler = signed_in(person(Role.DEPARTMENT, department=office))
    assert handler.get(address).status_code == 404
    assert handler.post(address + "discard/").status_code == 404
    assert signed_in(person(Role.LEADER)).get(address).status_code == 403
    assert signed_in(person(Role.ENTERPRISE)).get("/data/").status_code == 403
    assert signed_in(None).get(address).status_code == 302
    force = signed_in(person(Role.TASK_FORCE))
    assert force.get(address).status_code == 200


def test_the_first_upload_of_an_empty_installation_makes_the_dataset(
    client: Client, checked: Upload, db: None
) -> None:
    assert "There are no data yet" in client.get("/en/data/").content.decode()
    staged = checked(client, "city.zip", zipped())
    address = f"/en/data/uploads/{staged.pk}/"
    assert client.get(address).status_code == 200
    said = {"note": "first", "confirm": "all", "confirmed_on": "2026-01-02"}
    assert client.post(address + "commit/", said).status_code == 302
    found = selectors.shown_dataset()
    assert found is not None
    assert found.name_en == read_tables(CITY).title_en
    assert client.get("/en/data/").status_code == 200


def test_discarding_ends_an_upload(client: Client, dataset: Dataset, checked: Upload) -> None:
    staged = checked(client, "a.zip", zipped())
    client.post(f"/en/data/uploads/{staged.pk}/discard/")
    assert "Discarded by task_force" in client.get(f"/en/data/uploads/{staged.pk}/").content.decode()
    with pytest.raises(DatasetError):
        actions.recheck(staged, by=person(Role.TASK_FORCE))
