"""The sentence for each error code, in Chinese and English: the one table. Rendered at the edge."""

from __future__ import annotations

from liantu.errors import Problem, Severity

SENTENCES: dict[str, dict[str, str]] = {}
NOTICES = frozenset({"byte_order_mark", "gb18030", "utf16", "number_as_text", "text_as_number"})


def problem(
    code: str,
    file: str,
    row: int | None = None,
    column: str | None = None,
    *,
    found: str = "",
    expected: str = "",
    fix: str = "",
) -> Problem:
    """A Problem of this code."""
    severity: Severity = "notice" if code in NOTICES else "error"
    return Problem(file, row, column, code, found, expected, fix or code, severity)
