"""The text of a PDF in reading order: column after column, without headers, footers and page numbers."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from liantu.errors import InputError
from liantu.messages import problem

_EDGE = 0.09
"""Share of a page's height at its top and bottom where headers and footers stand."""
_GUTTER = 0.9
"""White space between two columns, at least, in heights of a line."""
_TAIL = 4096
"""Bytes at the end in which a whole file closes itself; one that was cut off does not."""
_WRITTEN = re.compile(r"[一-鿿㐀-䶿A-Za-z0-9，。、：；（）“”%％.,:;()\s]")


@dataclass(frozen=True)
class Line:
    """A run of text and its box in points: x grows to the right, y upwards."""

    left: float
    bottom: float
    right: float
    top: float
    text: str

    @property
    def height(self) -> float:
        """Of the box."""
        return self.top - self.bottom


def pdf_text(content: bytes, file: str = "") -> str:
    """The text of a PDF, a line for each printed line, an empty line between two blocks.

    Raises InputError `pdf_encrypted`, `pdf_broken` or `pdf_without_text` (a scan, or fonts without meaning).
    """
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        locked = (
            getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_PASSWORD or "password" in str(error).lower()
        )
        raise InputError([problem("pdf_encrypted" if locked else "pdf_broken", file)]) from error
    if b"%%EOF" not in content[-_TAIL:]:
        document.close()
        raise InputError([problem("pdf_broken", file)])
    try:
        pages = [_page(document, number) for number in range(len(document))]
    except pdfium.PdfiumError as error:
        raise InputError([problem("pdf_broken", file)]) from error
    finally:
        document.close()
    text = "\n\n".join(_flow(lines) for lines in _without_furniture(pages))
    letters = "".join(text.split())
    if sum(1 for c in letters if _WRITTEN.match(c)) < max(4, 0.6 * len(letters)):
        raise InputError([problem("pdf_without_text", file, found=str(len(pages)))])
    return text


def _page(document: pdfium.PdfDocument, number: int) -> tuple[float, list[Line]]:
    """Height of a page and its lines as printed."""
    page = document[number]
    textpage = page.get_textpage()
    runs: list[Line] = []
    for index in range(textpage.count_rects()):
        left, bottom, right, top = textpage.get_rect(index)
        text = textpage.get_text_bounded(left, bottom, right, top).replace("\r\n", " ").replace("￾", "")
        if text.strip():
            runs.append(Line(left, bottom, right, top, text.strip()))
    height = page.get_height()
    textpage.close()
    page.close()
    return height, _joined(runs)


def _joined(runs: list[Line]) -> list[Line]:
    """Runs on one base line and close to each other are one line."""
    lines: list[Line] = []
    for run in sorted(runs, key=lambda r: (-round(r.bottom + r.height / 2), r.left)):
        last = next((line for line in reversed(lines[-6:]) if _beside(line, run)), None)
        if last is None:
            lines.append(run)
            continue
        space = " " if run.left - last.right > 0.35 * run.height else ""
        lines[lines.index(last)] = Line(
            min(last.left, run.left), min(last.bottom, run.bottom), max(last.right, run.right),
            max(last.top, run.top), last.text + space + run.text,
        )  # fmt: skip
    return lines


def _beside(line: Line, run: Line) -> bool:
    overlap = min(line.top, run.top) - max(line.bottom, run.bottom)
    size = min(line.height, run.height)
    return overlap > 0.5 * size and -0.5 * size < run.left - line.right < _GUTTER * size


def _without_furniture(pages: list[tuple[float, list[Line]]]) -> list[list[Line]]:
    """Without page numbers, and without what most pages bear at their edge."""
    seen: Counter[str] = Counter()
    for height, lines in pages:
        seen.update({_bare(line) for line in lines if _at_edge(line, height)})
    often = max(2, (len(pages) + 1) // 2)
    return [
        [line for line in lines if not _at_edge(line, height) or (_bare(line) and seen[_bare(line)] < often)]
        for height, lines in pages
    ]


def _at_edge(line: Line, height: float) -> bool:
    return line.bottom > height * (1 - _EDGE) or line.top < height * _EDGE


def _bare(line: Line) -> str:
    """A line without its numbers: that of a page number is empty."""
    return re.sub(r"[\d\s\-–—·.第页共/]", "", line.text)


def _flow(lines: list[Line]) -> str:
    """A line for each line; an empty one where more than the usual space parts two in the same column."""
    ordered = [line for block in _blocks(lines) for line in block]
    pieces = [ordered[0].text] if ordered else []
    for above, line in pairwise(ordered):
        far = above.bottom - line.top > 0 and above.bottom - line.top > 1.3 * max(above.height, line.height)
        pieces += ["", line.text] if far else [line.text]
    return "\n".join(pieces)


def _blocks(lines: list[Line], depth: int = 0) -> list[list[Line]]:
    """Blocks in reading order: cut at the widest white band, across first, then between columns."""
    if len(lines) < 2 or depth > 12:
        return [sorted(lines, key=lambda line: (-line.top, line.left))] if lines else []
    size = median(line.height for line in lines)
    column = _gap([(line.left, line.right) for line in lines], _GUTTER * size)
    if column is not None:
        left = [line for line in lines if line.right <= column + 0.01]
        right = [line for line in lines if line.right > column + 0.01]
        if min(len(left), len(right)) > 1:
            return _blocks(left, depth + 1) + _blocks(right, depth + 1)
    row = _gap([(line.bottom, line.top) for line in lines], 0.8 * size)
    if row is None:
        return [sorted(lines, key=lambda line: (-line.top, line.left))]
    above = [line for line in lines if line.bottom > row - 0.01]
    below = [line for line in lines if line.bottom <= row - 0.01]
    return _blocks(above, depth + 1) + _blocks(below, depth + 1)


def _gap(spans: list[tuple[float, float]], least: float) -> float | None:
    """Where the widest band that no span touches begins, if it is at least so wide."""
    best, at, reach = least, None, float("-inf")
    for low, high in sorted(spans):
        if reach > float("-inf") and low - reach >= best:
            best, at = low - reach, reach
        reach = max(reach, high)
    return at
