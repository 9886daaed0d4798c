"""Files to text: txt, html and docx. A PDF is refused by name, so that nothing is read half."""

from __future__ import annotations

import zipfile
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

from liantu.errors import LiantuError

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "br",
        "tr",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "td",
        "th",
        "title",
        "section",
        "article",
        "table",
        "ul",
        "ol",
    ]
)
_HIDDEN = frozenset(["script", "style", "noscript", "template", "head", "nav", "footer"])


class _Text(HTMLParser):
    """The visible text of a page, a line for each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)


def decode_text(content: bytes) -> str:
    """Bytes to text: UTF-8 with or without a byte-order mark, UTF-16 with one, else GB 18030."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")


def html_text(page: str) -> str:
    """The visible text of an HTML page."""
    parser = _Text()
    parser.feed(page)
    parser.close()
    return "".join(parser.pieces)


def docx_text(content: bytes, file: str = "") -> str:
    """The paragraphs of a Word file, a line each. Raises LiantuError `not_a_document` where it is none."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            root = ElementTree.fromstring(archive.read("word/document.xml"))
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError) as error:
        raise LiantuError("not_a_document", file=file, reason=str(error)) from error
    lines = []
    for paragraph in root.iter(f"{_WORD}p"):
        runs = []
        for node in paragraph.iter():
            if node.tag == f"{_WORD}t":
                runs.append(node.text or "")
            elif node.tag in (f"{_WORD}tab", f"{_WORD}br"):
                runs.append(" ")
        lines.append("".join(runs))
    return "\n".join(lines)


def load_text(path: Path) -> str:
    """The text of a file, the one that offsets count in.

    Raises OSError where it can't be opened; LiantuError `pdf_not_read` for a PDF and `not_a_document`
    for a damaged Word file or any other binary.
    """
    content = path.read_bytes()
    if content.startswith(b"%PDF"):
        raise LiantuError("pdf_not_read", file=path.name)
    if content.startswith(b"PK\x03\x04"):
        return docx_text(content, path.name)
    if b"\x00" in content[:1000] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise LiantuError("not_a_document", file=path.name)
    text = decode_text(content)
    head = text.lstrip()[:200].lower()
    if path.suffix.lower() in (".html", ".htm", ".xhtml") or head.startswith(("<!doctype html", "<html")):
        return html_text(text)
    return text
