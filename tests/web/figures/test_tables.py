"""Tables of senders: all problems at once, all rows or none, remembered, and safe as a spreadsheet."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from liantu.web.accounts.models import User
from liantu.web.figures.models import ObservationRow, SenderMapping, StagedTable
from tests.web.conftest import signed_in
from tests.web.figures.conftest import Enter

GOOD = "区域,指标,2023年,2024年\n北湾区,地区生产总值（亿元）,90.5,98.2\n北湾区,常住人口（万人）,10.1,10.2\n"
BAD = (
    "区域,指标,2023年,2024年\n南湾区,地区生产总值（亿元）,90.5,九十八\n北湾区,没有的指标（万人）,10.1,10.2\n"
)
MAPPING = {
    "layout": "wide", "skip": "0", "header_rows": "1", "column_0": "subject", "column_1": "indicator",
    "year": "", "sheet": "", "ignore": "", "words": "",
}  # fmt: skip


def rows() -> Any:
    return ObservationRow.objects.unscoped(because="a test")


def brought(client: Client, text: str | bytes, name: str = "table.csv", sender: str = "北湾区统计局") -> str:
    content = text.encode() if isinstance(text, str) else text
    file = SimpleUploadedFile(name, content)
    answer = client.post("/en/figures/imports/", {"file": file, "sender": sender, "dated": "2025-02-01"})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_a_table_is_mapped_previewed_taken_and_the_mapping_remembered(force: User) -> None:
    client = signed_in(force)
    address = brought(client, GOOD)
    assert client.post(address, MAPPING).status_code == 302
    page = client.get(address).content.decode()
    assert "4 figures would be entered" in page
    assert not rows().exists()
    client.post(f"{address}take/")
    assert rows().count() == 4
    client.post(f"{address}take/")
    again = brought(client, GOOD)
    assert "4 are there already" in client.get(again).content.decode()
    client.post(f"{again}take/")
    assert rows().count() == 4
    assert SenderMapping.objects.unscoped(because="a test").count() == 1


def test_all_problems_are_told_at_once_and_nothing_is_taken(force: User) -> None:
    client = signed_in(force)
    address = brought(client, BAD)
    client.post(address, MAPPING)
    page = client.get(address).content.decode()
    for found in ("南湾区", "九十八", "没有的指标"):
        assert found in page
    client.post(f"{address}take/")
    assert not rows().exists()


def test_a_mapping_that_gives_no_subject_is_refused(force: User) -> None:
    client = signed_in(force)
    address = brought(client, GOOD)
    assert client.post(address, MAPPING | {"column_0": ""}).status_code == 400
    assert client.post(address, MAPPING | {"header_rows": "99"}).status_code == 400


@pytest.mark.parametrize(
    ("name", "content"),
    [("junk.xlsx", b"PK\x03\x04" + bytes(range(256)) * 40000), ("junk.csv", bytes(range(256)) * 40000),
     ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(5000)), ("one.csv", b"\n")],
)  # fmt: skip
def test_what_is_no_table_is_told(force: User, name: str, content: bytes) -> None:
    client = signed_in(force)
    address = brought(client, content, name)
    answer = client.get(address)
    assert answer.status_code in (200, 400)
    client.post(f"{address}take/")
    assert not rows().exists()


def test_a_table_of_another_person_is_not_there(owner: User, outsider: User) -> None:
    address = brought(signed_in(owner), GOOD)
    assert signed_in(outsider).get(address).status_code == 404
    assert signed_in(outsider).post(f"{address}take/").status_code == 404
    assert StagedTable.objects.unscoped(because="a test").get().taken is None


def test_sdmx_goes_out_and_comes_back(force: User, enter: Enter, outsider: User) -> None:
    enter("500.0", qualifier="above", source="=cmd|' /C calc'!A0")
    enter("-3.5", measure="rate", unit="%", basis="on_year")
    client = signed_in(force)
    out = b"".join(client.get("/figures/export.sdmx").streaming_content)
    assert b",=cmd" not in out
    assert b"'=cmd" in out
    for kind in ("csv", "xlsx"):
        answer = client.get(f"/figures/export.{kind}")
        assert answer.status_code == 200
    assert client.get("/figures/export.exe").status_code == 404
    other = signed_in(outsider)
    address = brought(other, out, "figures.csv", "城市")
    assert "2 are there already" in other.get(address).content.decode()
    changed = out.replace(b"500.0", b"505.5")
    address = brought(other, changed, "figures.csv", "城市")
    other.post(f"{address}take/")
    new = rows().get(entered_by=outsider)
    assert (new.value, new.qualifier, new.source) == ("505.5", "above", "=cmd|' /C calc'!A0")


def test_a_list_takes_as_many_queries_for_a_thousand(force: User, enter: Enter) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from liantu.web.figures.actions import enter as enter_all
    from tests.web.figures.conftest import seen

    client, counts = signed_in(force), []
    client.get("/figures/")  # what a process reads once
    enter("500.0")
    for n in (5, 600):
        enter_all([seen(str(i), str(1500 + i % 400), source=f"S{n}-{i}") for i in range(n)], by=force)
        series = "/figures/series/?subject=city&indicator=gdp"
        for address in ("/figures/", "/figures/?subject=city&sort=value", series):
            with CaptureQueriesContext(connection) as done:
                assert client.get(address).status_code == 200
            counts.append(len(done))
    assert counts[:3] == counts[3:]
    assert max(counts) < 25
