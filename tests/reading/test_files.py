"""Files: txt in the encodings of the office, html, docx; a PDF is refused by name."""

import zipfile
from pathlib import Path

import pytest

from liantu.errors import LiantuError
from liantu.reading import read_file, read_text

SENTENCE = "2024年,全市工业总产值达到505.7亿元。"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_the_encodings_of_the_office(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "report.txt"
    path.write_text(SENTENCE, encoding=encoding)
    reading = read_file(path)
    (fact,) = reading.facts
    assert (fact.text, fact.file) == ("505.7亿元", "report.txt")
    assert reading.text[fact.start : fact.end] == fact.text


def test_a_page_without_its_scripts(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    head = "<head><title>1亿元</title></head><script>var a='2亿元'</script>"
    path.write_text(f"<html>{head}<body><p>{SENTENCE}</p></body></html>", encoding="utf-8")
    assert [f.text for f in read_file(path).facts] == ["505.7亿元"]


def test_a_word_file(tmp_path: Path) -> None:
    path = tmp_path / "report.docx"
    runs = "".join(f"<w:r><w:t>{t}</w:t></w:r>" for t in ("2024年,全市工业总产值达到505.", "7亿元。"))
    body = f'<w:document xmlns:w="{WORD}"><w:body><w:p>{runs}</w:p></w:body></w:document>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", body)
    assert [f.text for f in read_file(path).facts] == ["505.7亿元"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.7", "pdf_not_read"),
        (b"PK\x03\x04 broken", "not_a_document"),
        (b"\x00\x01\x02", "not_a_document"),
    ],
)
def test_what_is_not_read_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "file.pdf"
    path.write_bytes(content)
    with pytest.raises(LiantuError) as refused:
        read_file(path)
    assert refused.value.code == code


def test_the_date_of_the_document() -> None:
    assert read_text("2025-03-01 10:20 来源:日报\n今年投资3亿元。").facts[0].period == "2025"
    assert read_text("今年投资3亿元。", file="report-2023-08-01.txt").facts[0].period == "2023"
    with pytest.raises(ValueError, match="no year"):
        read_text("今年投资3亿元。", date="soon")


def test_a_citys_own_words(tmp_path: Path) -> None:
    (tmp_path / "indicators.tsv").write_text(
        "nickel_output\tmass\t电解镍产量\trefined nickel\n", encoding="utf-8"
    )
    (tmp_path / "names.tsv").write_text("宏达\t宏达集团\n", encoding="utf-8")
    (fact,) = read_text("2024年,宏达电解镍产量15万吨。", lexicon=tmp_path).facts
    assert (fact.subject, fact.indicator) == ("宏达集团", "nickel_output")
