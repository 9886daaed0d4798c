"""CSV files that a spreadsheet opens as they are meant: Chinese legible, no text run as a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse

STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MARK = "\ufeff"  # Excel takes a file without it for GBK


def harmless(value: Any) -> Any:
    """Text that a spreadsheet would run gets an apostrophe in front; numbers stay numbers."""
    if not isinstance(value, str) or not value.lstrip(" ").startswith(STARTS_FORMULA):
        return value
    return "'" + value


class _Echo:
    def write(self, line: str) -> str:
        return line


def lines(header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The file, line by line."""
    writer = csv.writer(_Echo())
    yield MARK + writer.writerow([harmless(str(cell)) for cell in header])
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])


def csv_response(name: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """A download that is written while it is read, however long it is."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(lines(header, rows), content_type="text/csv; charset=utf-8", headers=headers)
