"""Bytes to text. UTF-8 is expected; a byte-order mark and GB 18030 are read and said; the rest is refused."""

from __future__ import annotations

import codecs

from liantu.errors import Problem
from liantu.messages import problem

_SIGNATURES = (
    (b"PK\x03\x04", "excel_named_csv"),
    (b"\xd0\xcf\x11\xe0", "excel_named_csv"),
    (b"%PDF", "not_a_table"),
    (b"\x89PNG", "not_a_table"),
    (b"\xff\xd8\xff", "not_a_table"),
)


def decode(content: bytes, file: str) -> tuple[str | None, list[Problem]]:
    """The text of a CSV and notices on how it was coded; None and an error where it can't be known."""
    for signature, code in _SIGNATURES:
        if content.startswith(signature):
            return None, [problem(code, file, found=signature.decode("latin-1")[:4])]
    if content.lstrip()[:5].lower() in (b"<html", b"<?xml", b"<!doc", b"<tabl"):
        return None, [problem("not_a_table", file, found="HTML or XML")]
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return content.decode("utf-16"), [problem("utf16", file, found="UTF-16", expected="UTF-8")]
        except UnicodeDecodeError:
            return None, [problem("encoding_unknown", file, found="UTF-16", expected="UTF-8")]
    notices: list[Problem] = []
    if content.startswith(codecs.BOM_UTF8):
        content = content[len(codecs.BOM_UTF8) :]
        notices.append(problem("byte_order_mark", file, found="BOM"))
    try:
        return content.decode("utf-8"), notices
    except UnicodeDecodeError as error:
        return _not_utf8(content, file, error, notices)


def _not_utf8(
    content: bytes, file: str, error: UnicodeDecodeError, notices: list[Problem]
) -> tuple[str | None, list[Problem]]:
    row = content.count(b"\n", 0, error.start) + 1
    loose = content.decode("utf-8", errors="replace")
    broken = loose.count("\ufffd")
    whole = sum(1 for character in loose if character > "\x7f") - broken
    bad_bytes = content[error.start : error.end].hex(" ")
    if whole > 3 * broken:
        return None, [*notices, problem("broken_utf8", file, row, found=bad_bytes, expected="UTF-8")]
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    if text and _looks_chinese(text):
        return text, [*notices, problem("gb18030", file, found="GB 18030 (GBK)", expected="UTF-8")]
    return None, [*notices, problem("encoding_unknown", file, row, found=_guess(content), expected="UTF-8")]


def _looks_chinese(text: str) -> bool:
    """Whether text decoded as GB 18030 makes sense: nearly all of it in GB 2312, as office text is.

    Other encodings decode without an error too, but to rare characters.
    """
    wide = [character for character in text if character > "\x7f"]
    common = sum(1 for character in wide if _in_gb2312(character))
    return common >= 0.9 * len(wide)


def _in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _guess(content: bytes) -> str:
    from charset_normalizer import from_bytes  # slow to import, and seldom needed

    best = from_bytes(content).best()
    return best.encoding if best is not None else "unknown bytes"
