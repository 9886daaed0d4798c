"""Small PDF files with Chinese text, written by hand: no font is needed to extract it."""

from __future__ import annotations

from collections.abc import Sequence

Placed = tuple[float, float, str]
"""x, y of the base line in points from the lower left corner, and the text."""
SIZE = 12
LOCK = b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> >>"
FONT = [
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
    b" /DescendantFonts [4 0 R] >>",
    b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /FontDescriptor 5 0 R"
    b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>",
    b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0"
    b" /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
]


def pdf(pages: Sequence[Sequence[Placed]], locked: bool = False) -> bytes:
    """A PDF of A4 pages with these texts; `locked` behind a password that nobody has."""
    first = 6
    kids = b" ".join(b"%d 0 R" % (first + 2 * i) for i in range(len(pages)))
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    objects += [b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % len(pages), *FONT]
    for i, lines in enumerate(pages):
        content = b"".join(
            b"BT /F1 %d Tf 1 0 0 1 %.1f %.1f Tm <%s> Tj ET\n"
            % (SIZE, x, y, text.encode("utf-16-be").hex().encode())
            for x, y, text in lines
        )
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (first + 2 * i + 1)
        )
        objects.append(b"<< /Length %d >>\nstream\n" % len(content) + content + b"endstream")
    out, places = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    lock = b" /Encrypt " + LOCK + b" /ID [<00><00>]" if locked else b""
    trailer = b"trailer\n<< /Size %d /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, lock, len(out),
    )  # fmt: skip
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + trailer


def column(x: float, top: float, lines: Sequence[str], step: float = 18) -> list[Placed]:
    """Lines below each other."""
    return [(x, top - step * i, line) for i, line in enumerate(lines)]
