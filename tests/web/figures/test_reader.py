"""The reader in the browser: proposals, conflicts, acceptance one by one and in bulk, batches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from liantu.web.accounts.models import User
from liantu.web.figures import intake
from liantu.web.figures.models import Batch, Document, ObservationRow, ProposedFigure
from tests.web.conftest import signed_in
from tests.web.figures.conftest import Enter

TEXT = (
    "银川湾市2024年国民经济公报\n2024年，全市地区生产总值500.0亿元，比上年增长6.1%。年末常住人口43.2万人。\n"
)
Run = Callable[[], Any]


def rows() -> Any:
    return ObservationRow.objects.unscoped(because="a test")


@pytest.fixture
def document(force: User, run_jobs: Run) -> Document:
    """A bulletin that was read."""
    intake.bring([], text=TEXT, title="公报", sender="统计局", dated=None, by=force)
    run_jobs()
    return Document.objects.unscoped(because="a test").get()


def numbers(document: Document, text: str) -> list[int]:
    return [p.number for p in ProposedFigure.objects.filter(document=document) if p.fact["text"] == text]


def test_a_text_is_pasted_read_and_its_figures_are_marked(force: User, run_jobs: Run) -> None:
    client = signed_in(force)
    answer = client.post("/figures/reader/new/", {"text": TEXT, "title": "公报", "dated": "2025-03-01"})
    assert "/batches/" in answer["Location"]
    run_jobs()
    document = Document.objects.unscoped(because="a test").get()
    assert client.get(answer["Location"])["Location"] == f"/figures/reader/{document.pk}/"
    page = client.get(f"/en/figures/reader/{document.pk}/").content.decode()
    for text in ("500.0亿元", "6.1%", "43.2万人"):
        assert f">{text}</a>" in page
        assert numbers(document, text)


def test_an_accepted_figure_bears_its_source_and_opens_to_its_sentence(
    document: Document, force: User
) -> None:
    (number,) = numbers(document, "500.0亿元")
    signed_in(force).post(f"/figures/reader/{document.pk}/act/", {"act": f"accept:{number}"})
    row = rows().get()
    assert (row.indicator, row.source, row.doubts) == ("gdp", document.name, "")
    assert document.text[row.at_start : row.at_end] == "500.0亿元"
    page = signed_in(force).get(f"/en/figures/{row.pk}/").content.decode()
    assert "<mark>500.0亿元</mark>" in page
    signed_in(force).post(f"/figures/reader/{document.pk}/act/", {"act": f"accept:{number}"})
    assert rows().count() == 1


def test_a_conflict_is_shown_before_acceptance(document: Document, force: User, enter: Enter) -> None:
    number = numbers(document, "500.0亿元")[0]
    subject = intake.observations(document)[number].subject
    enter("520.0", subject=subject)
    page = signed_in(force).get(f"/en/figures/reader/{document.pk}/").content.decode()
    assert "The ledger has" in page
    signed_in(force).post(f"/figures/reader/{document.pk}/act/", {"act": "sure"})
    assert number in [p.number for p in ProposedFigure.objects.filter(document=document, state="open")]


def test_what_a_person_corrects_is_accepted_so_and_kept_as_a_case(document: Document, force: User) -> None:
    (number,) = numbers(document, "500.0亿元")
    client, address = signed_in(force), f"/figures/reader/{document.pk}/{number}/"
    form = client.get(address).context["form"]
    said = {k: v or "" for k, v in form.initial.items()}
    answer = client.post(address, said | {"period": "nonsense", "value": "much"})
    assert answer.status_code == 400
    assert not rows().exists()
    assert client.post(address, said | {"period": "2023年", "value": "505亿元"}).status_code == 302
    row = rows().get()
    assert (row.start.year, float(row.amount)) == (2023, 5.05e10)
    cases = b"".join(client.get("/figures/reader/corrections.jsonl").streaming_content).decode()
    assert '"period": "2023"' in cases


def test_bulk_and_reading_again_duplicate_nothing(document: Document, force: User, run_jobs: Run) -> None:
    client, address = signed_in(force), f"/figures/reader/{document.pk}/act/"
    every = [p.number for p in ProposedFigure.objects.filter(document=document)]
    client.post(address, {"act": "reject", "n": [every[-1]]})
    client.post(address, {"act": "accept", "n": [*every, "x", "99999"]})
    taken = rows().count()
    assert taken == len(every) - 1
    client.post(address, {"act": "again"})
    run_jobs()
    assert ProposedFigure.objects.filter(document=document).count() == len(every)
    assert intake.bring([], text=TEXT, title="公报", dated=None, by=force).batch is None
    assert rows().count() == taken


def test_one_bad_file_stops_no_other(force: User, run_jobs: Run) -> None:
    files = [
        SimpleUploadedFile("good.txt", TEXT.encode()),
        SimpleUploadedFile("empty.txt", b""),
        SimpleUploadedFile("broken.pdf", b"%PDF-1.4 nothing"),
        SimpleUploadedFile("picture.docx", b"\x89PNG\r\n\x1a\n" + bytes(100)),
        SimpleUploadedFile("last.txt", TEXT.replace("500.0", "501.0").encode("gb18030")),
    ]
    answer = signed_in(force).post("/figures/reader/new/", {"files": files})
    (job,) = run_jobs()
    assert (job.status, job.result) == ("done", {"read": 2, "refused": 3})
    page = signed_in(force).get(answer["Location"], headers={"accept-language": "en"}).content.decode()
    assert page.count("broken.pdf") >= 1
    refused = Document.objects.unscoped(because="a test").filter(status="refused")
    assert all(d.problem["code"] for d in refused)


def test_a_marked_place_is_proposed_or_refused(document: Document, force: User) -> None:
    (number,) = numbers(document, "43.2万人")
    ProposedFigure.objects.filter(document=document, number=number).delete()
    start = document.text.index("43.2万人")
    client, address = signed_in(force), f"/figures/reader/{document.pk}/mark/"
    client.post(address, {"start": start, "end": start + 6})
    assert numbers(document, "43.2万人")
    before = ProposedFigure.objects.count()
    client.post(address, {"start": 0, "end": 3})
    client.post(address, {"start": "x", "end": "-1"})
    assert ProposedFigure.objects.count() == before


def test_documents_of_another_department_are_not_there(
    owner: User, colleague: User, outsider: User, run_jobs: Run
) -> None:
    brought = intake.bring([], text=TEXT, dated=None, by=owner)
    run_jobs()
    address = f"/figures/reader/{brought.new[0].pk}/"
    assert signed_in(colleague).get(address).status_code == 200
    assert signed_in(outsider).get(address).status_code == 404
    assert signed_in(outsider).post(f"{address}act/", {"act": "sure"}).status_code == 404
    assert (
        signed_in(outsider)
        .get(f"/figures/reader/batches/{Batch.objects.unscoped(because='t').get().pk}/")
        .status_code
        == 404
    )
    assert not rows().exists()


def test_hostile_text_is_shown_as_text(force: User, run_jobs: Run) -> None:
    intake.bring([], text="<script>alert(1)</script>地区生产总值500亿元\r\n", dated=None, by=force)
    run_jobs()
    document = Document.objects.unscoped(because="a test").get()
    page = signed_in(force).get(f"/figures/reader/{document.pk}/").content.decode()
    assert "<script>alert" not in page
