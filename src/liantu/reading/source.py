"""Files to text: txt, html, docx and PDF. What can't be read whole is refused by name, never read half."""

from __future__ import annotations

import codecs
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

from liantu.errors import InputError
from liantu.messages import problem

LARGEST = 64 * 1024 * 1024
"""Bytes of a file, and of what a Word file unpacks to."""
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BLOCKS = frozenset(
    ["p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "dt", "dd", "title",
     "section", "article", "main", "aside", "table", "ul", "ol", "blockquote", "pre", "figcaption", "caption"]
)  # fmt: skip
_HIDDEN = frozenset(["script", "style", "noscript", "template", "head", "nav", "footer", "select", "button"])
_COMMON = frozenset(
    "的一是在了和有大这主中人上为们地个用工时要动国产以我到他会作来分生对于学下级就年阶义发成部民可出能方进同行"
    "面说种过命度革而多子后自社加小机也经力线本电高量长党得实家定深法表着水理化争现所二起政三好十战无农使性前"
    "等反体合斗路图把结第里正新开论之物从当两些还天资事队批如這個為國來會對發說們過時經業產縣億萬與於後實現長東"
)
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_MAGIC = {
    b"\xd0\xcf\x11\xe0": "old_word", b"{\\rtf": "old_word", b"\x89PNG": "picture", b"\xff\xd8\xff": "picture",
    b"GIF8": "picture", b"II*\x00": "picture", b"MM\x00*": "picture",
}  # fmt: skip


def _too_large(file: str, size: int) -> InputError:
    return InputError([problem("too_large", file, found=f"{size >> 20} MB", expected=f"{LARGEST >> 20} MB")])


class _Text(HTMLParser):
    """The visible text of a page, a line for each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            self._hidden.clear()  # a head that was never closed
        if tag in _HIDDEN:
            self._hidden.append(tag)
        elif tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:
            del self._hidden[len(self._hidden) - 1 - self._hidden[::-1].index(tag) :]
        elif tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)


def decode_text(content: bytes, file: str = "") -> str:
    """Bytes to text: UTF-8, UTF-16, GB 18030 or Big5. Raises InputError `unknown_encoding` for others.

    A character that is cut in two at the end of the file is dropped; any other fault refuses the file.
    """
    for mark, name in _BOMS.items():
        if content.startswith(mark):
            return _decoded(content, name) or _refuse(file)
    wide = _wide(content)
    if wide:
        return _decoded(content, wide) or _refuse(file)
    if b"\x00" in content:
        raise InputError([problem("not_a_document", file)])
    text = _decoded(content, "utf-8")
    if text is not None:
        return text
    found = [text for name in ("gb18030", "big5hkscs") if (text := _decoded(content, name)) is not None]
    if not found:
        return _refuse(file)
    best = max(found, key=_familiar)
    return best if _familiar(best) > 0.04 or len(content) < 60 else _refuse(file)


def _refuse(file: str) -> str:
    raise InputError([problem("unknown_encoding", file)])


def _decoded(content: bytes, encoding: str) -> str | None:
    """The text, None where the bytes are not of this encoding."""
    for cut in range(4):
        try:
            return content[: len(content) - cut].decode(encoding)
        except UnicodeDecodeError as error:
            if error.start < len(content) - 4:
                return None
    return None


def _wide(content: bytes) -> str:
    """utf-16-le or -be for text without a mark; '' for anything else."""
    head = content[:4000]
    if len(content) % 2 or b"\x00" not in head:
        return ""
    read = ((name, _decoded(head, name)) for name in ("utf-16-le", "utf-16-be"))
    return next((name for name, text in read if text and _readable(text)), "")


def _readable(text: str) -> bool:
    """Whether nearly all characters are Chinese, Latin, figures, marks or breaks."""
    known = sum(
        1
        for c in text
        if "一" <= c <= "鿿" or " " <= c <= "~" or c in "\r\n\t" or "　" <= c <= "〗" or "！" <= c <= "～"
    )
    return known > 0.9 * len(text)


def _familiar(text: str) -> float:
    """Share of the commonest characters among those beyond ASCII."""
    written = [c for c in text if c > "\x7f"]
    return sum(1 for c in written if c in _COMMON) / max(1, len(written))


def html_text(page: str) -> str:
    """The visible text of an HTML page."""
    parser = _Text()
    parser.feed(page)
    parser.close()
    return "".join(parser.pieces)


def docx_text(content: bytes, file: str = "") -> str:
    """The paragraphs of a Word file, a line each, those of its tables too; what was struck out is left out.

    Raises InputError `not_a_document` where it is none, `too_large` where it unpacks to more than LARGEST.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            size = archive.getinfo("word/document.xml").file_size
            if size > LARGEST:
                raise _too_large(file, size)
            root = ElementTree.fromstring(archive.read("word/document.xml"))
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, EOFError, OSError, RuntimeError,
            NotImplementedError) as error:  # fmt: skip
        raise InputError([problem("not_a_document", file)]) from error
    return "\n".join("".join(_runs(p)) for p in _paragraphs(root))


def _paragraphs(node: ElementTree.Element) -> Iterator[ElementTree.Element]:
    for child in node:
        if child.tag == _FALLBACK:
            continue  # the copy of a text box for old programs
        if child.tag == f"{_WORD}p":
            yield child
        yield from _paragraphs(child)


def _runs(node: ElementTree.Element) -> Iterator[str]:
    """The text of a paragraph without that of paragraphs inside it, which come on their own."""
    for child in node:
        if child.tag == f"{_WORD}t":
            yield child.text or ""
        elif child.tag in (f"{_WORD}tab", f"{_WORD}br", f"{_WORD}cr"):
            yield " "
        elif child.tag not in (f"{_WORD}p", f"{_WORD}del", f"{_WORD}moveFrom", _FALLBACK):
            yield from _runs(child)


def content_text(content: bytes, name: str) -> str:
    """The text of an uploaded file, the one that offsets count in; `name` is what errors call it.

    Raises InputError: `empty_file`, `too_large`, `not_a_document`, `old_word`, `picture`,
    `unknown_encoding`, `pdf_encrypted`, `pdf_broken`, `pdf_without_text`;
    `messages.sentence` says it.
    """
    if not content.strip():
        raise InputError([problem("empty_file", name)])
    if len(content) > LARGEST:
        raise _too_large(name, len(content))
    if b"%PDF-" in content[:1024]:
        from liantu.reading.pdf import pdf_text  # the library loads only where there is a PDF

        return pdf_text(content, name)
    if content.startswith(b"PK\x03\x04"):
        return docx_text(content, name)
    for magic, code in _MAGIC.items():
        if content.startswith(magic):
            raise InputError([problem(code, name)])
    text = decode_text(content, name)
    head = text.lstrip()[:200].lower()
    if Path(name).suffix.lower() in (".html", ".htm", ".xhtml") or head.startswith(
        ("<!doctype html", "<html")
    ):
        text = html_text(text)
    if not text.strip():
        raise InputError([problem("empty_file", name)])
    return text


def load_text(path: Path) -> str:
    """The text of a file. Raises OSError where it can't be opened, else what `content_text` raises."""
    if path.stat().st_size > LARGEST:
        raise _too_large(path.name, path.stat().st_size)
    return content_text(path.read_bytes(), path.name)
