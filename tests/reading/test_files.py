"""Files: txt in the encodings of the office, html, docx, uploads, a batch; the rest is refused by name."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from liantu.errors import InputError
from liantu.messages import sentence
from liantu.reading import Reading, Refused, read_bytes, read_each, read_file, read_text, source

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


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "big5hkscs", "gbk"])
def test_text_without_a_mark(encoding: str) -> None:
    text = "二○二四年,全市工業總產值達到505.7億元。\n這是一座因礦而興的城市,人民生活水平在不斷提高。\n"
    reading = read_bytes(text.encode(encoding), "report.txt")
    assert reading.text == text
    assert [f.value for f in reading.facts] == [505.7e8]


def test_a_character_cut_in_two_at_the_end_is_dropped() -> None:
    for encoding in ("utf-8", "gb18030"):
        content = f"{SENTENCE}增".encode(encoding)[:-1]
        assert read_bytes(content, "report.txt").text == SENTENCE


def test_a_word_file_with_tables_revisions_and_text_boxes() -> None:
    def p(text: str, inner: str = "") -> str:
        return f"<w:p><w:r><w:t>{text}</w:t>{inner}</w:r></w:p>"

    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    box = (
        f'<mc:AlternateContent xmlns:mc="{mc}"><mc:Choice>{p("投资9亿元。")}</mc:Choice>'
        f"<mc:Fallback>{p('投资9亿元。')}</mc:Fallback></mc:AlternateContent>"
    )
    struck = "<w:del><w:r><w:delText>投资8亿元</w:delText></w:r></w:del>"
    cells = f"<w:tc>{p('产值3亿元')}</w:tc><w:tc>{p('税收2亿元')}</w:tc>"
    body = f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>{p('合计', box)}"
    document = f'<w:document xmlns:w="{WORD}"><w:body>{body}<w:p>{struck}</w:p></w:body></w:document>'
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("word/document.xml", document)
    reading = read_bytes(content.getvalue(), "report.docx")
    assert reading.text.split() == ["产值3亿元", "税收2亿元", "合计", "投资9亿元。"]
    assert [f.text for f in reading.facts] == ["3亿元", "2亿元", "9亿元"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b" \r\n ", "empty_file"),
        (b"<html><script>x</script></html>", "empty_file"),
        (b"PK\x03\x04 broken", "not_a_document"),
        (b"\x00\x01\x02", "not_a_document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_word"),
        (b"{\\rtf1 report}", "old_word"),
        (b"\x89PNG\r\n", "picture"),
        (bytes(range(128, 256)) * 8, "unknown_encoding"),
    ],
)
def test_what_is_not_read_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(InputError) as refused:
        read_bytes(content, "file.txt")
    (problem,) = refused.value.problems
    assert problem.code == code
    assert sentence(problem, "zh").startswith("file.txt")


def test_a_word_file_that_unpacks_to_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", "<a>" + " " * 3_000_000 + "</a>")
    monkeypatch.setattr(source, "LARGEST", 1 << 20)
    with pytest.raises(InputError) as refused:
        read_bytes(content.getvalue(), "bomb.docx")
    assert refused.value.problems[0].code == "too_large"


def test_a_batch_goes_on_past_what_it_cannot_read(tmp_path: Path) -> None:
    paths = []
    for number in range(500):
        path = tmp_path / f"{number:03d}.txt"
        path.write_bytes(b"\x00\x01" if number % 100 == 7 else SENTENCE.encode())
        paths.append(path)
    paths.append(tmp_path / "none.txt")
    results = read_each(paths)
    assert next(results).file == "000.txt"  # the first is given back before the last is opened
    rest = list(results)
    refused = [r for r in rest if isinstance(r, Refused)]
    assert [r.file for r in refused] == ["007.txt", "107.txt", "207.txt", "307.txt", "407.txt", "none.txt"]
    assert refused[-1].problem.code == "unreadable_file"
    assert sum(len(r.facts) for r in rest if isinstance(r, Reading)) == 494


def test_the_date_of_the_document() -> None:
    assert read_text("2025-03-01 10:20 来源:日报\n今年投资3亿元。").facts[0].period == "2025"
    assert read_text("今年投资3亿元。", source="report-2023-08-01.txt").facts[0].period == "2023"
    with pytest.raises(ValueError, match="no year"):
        read_text("今年投资3亿元。", date="soon")


def test_a_citys_own_words(tmp_path: Path) -> None:
    (tmp_path / "indicators.tsv").write_text(
        "nickel_output\tmass\t电解镍产量\trefined nickel\n", encoding="utf-8"
    )
    (tmp_path / "names.tsv").write_text("宏达\t宏达集团\n", encoding="utf-8")
    (fact,) = read_text("2024年,宏达电解镍产量15万吨。", lexicon=tmp_path).facts
    assert (fact.subject, fact.indicator) == ("宏达集团", "nickel_output")
