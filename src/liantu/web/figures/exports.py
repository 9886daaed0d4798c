"""Lists of figures as files, and the words around a figure in its document."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from django.http import Http404, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from liantu.ledger.catalogue import Catalogue
from liantu.ledger.observation import Observation
from liantu.ledger.sdmx import sdmx_csv
from liantu.report.listing import Column, Listing, Report
from liantu.report.workbook import write_report
from liantu.web.figures import catalogue
from liantu.web.figures.models import Level, ObservationRow
from liantu.web.figures.rows import observation_of, period_of
from liantu.web.figures.shown import (
    QUALIFIERS,
    STATUSES,
    indicator_name,
    kind_text,
    period_text,
    subject_name,
)
from liantu.web.kit.downloads import XLSX, attachment
from liantu.web.kit.spreadsheet import csv_response, harmless

CHUNK = 2000
TEXTS = ("subject", "indicator", "within", "source", "place", "entered_by")
_ENDS = "。!?！？;；\n"


def answer(rows: Any, kind: str) -> Any:
    """The rows as a file; `kind` is xlsx, csv or sdmx."""
    known = catalogue.current()
    if kind == "sdmx":
        lines = sdmx_lines(observation_of(r) for r in rows.iterator(chunk_size=CHUNK))
        named = 'attachment; filename="figures-sdmx.csv"'
        headers = {"Content-Disposition": named, "Cache-Control": "no-store"}
        return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)
    found = _lines(rows, known)
    if kind == "csv":
        return csv_response("figures.csv", [c.title for c in _columns()], found)
    if kind != "xlsx":
        raise Http404
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        title = _("Figures")
        write_report(Report(title, (), [Listing(title, _columns(), list(found))]), path)
        return attachment(path.read_bytes(), "figures.xlsx", XLSX)


def sdmx_lines(seen: Iterable[Observation]) -> Iterator[str]:
    """SDMX-CSV piece by piece; text that a spreadsheet would run has an apostrophe in front."""
    yield sdmx_csv(())
    head = len(sdmx_csv(()))
    for one in seen:
        safe: dict[str, Any] = {name: harmless(getattr(one, name)) for name in TEXTS}
        yield sdmx_csv([replace(one, **safe)])[head:]


def bare(seen: Observation) -> Observation:
    """The same without the apostrophes of `sdmx_lines`."""
    said: dict[str, Any] = {}
    for name in TEXTS:
        text = getattr(seen, name)
        if text.startswith("'") and harmless(text[1:]) == text:
            said[name] = text[1:]
    return replace(seen, **said)


def _columns() -> list[Column]:
    titles = (_("Subject"), _("Indicator"), _("Period"), pgettext("figure", "Value"), _("Unit"),
              _("Measure"), _("Status"),
              _("Bound"), _("Approval"), _("In force"), _("Official"), _("Source"), _("Date of the source"),
              _("Place in it"), _("Entered at"))  # fmt: skip
    return [Column(title, "number" if i == 3 else "text") for i, title in enumerate(titles)]


FIELDS = (
    "subject", "indicator", "start", "end", "point", "value", "unit", "measure", "basis", "status",
    "qualifier", "standing__level", "standing__in_force", "standing__official", "source", "source_date",
    "place", "entered_at",
)  # fmt: skip


def _lines(rows: Any, known: Catalogue) -> Iterator[tuple[Any, ...]]:
    """The cells of each row. What is said of a code or a period is looked up once."""
    yes = {True: _("yes"), False: _("no")}
    statuses, bounds, levels = (
        {k: str(v) for k, v in of.items()} for of in (STATUSES, QUALIFIERS, dict(Level.choices))
    )
    subject = cache(lambda code: str(subject_name(code, known)))
    indicator = cache(lambda code: str(indicator_name(code, known)))
    kind, period = cache(kind_text), cache(lambda *days: period_text(period_of(*days)))
    for r in rows.values_list(*FIELDS).iterator(chunk_size=CHUNK):
        yield (
            subject(r[0]), indicator(r[1]), period(*r[2:5]), float(r[5]), r[6], kind(r[7], r[8]),
            statuses.get(r[9], r[9]), bounds.get(r[10], ""), levels[r[11]], yes[r[12]], yes[r[13]], r[14],
            r[15].isoformat() if r[15] else "", r[16], r[17].isoformat(timespec="minutes"),
        )  # fmt: skip


@dataclass(frozen=True)
class Sentence:
    """The sentence in which a figure stands, in three pieces."""

    before: str
    figure: str
    after: str


def sentence_around(row: ObservationRow) -> Sentence | None:
    """The sentence of a figure that was read out of a document."""
    if row.document is None or row.at_start is None or row.at_end is None:
        return None
    return around(row.document.text, row.at_start, row.at_end)


def around(text: str, start: int, end: int, most: int = 160) -> Sentence:
    """The sentence between its ends, at most so many characters to either side."""
    low = max(start - most, max(text.rfind(c, 0, start) for c in _ENDS) + 1)
    ends = [i for i in (text.find(c, end) for c in _ENDS) if i >= 0]
    high = min([end + most, *(i + 1 for i in ends), len(text)])
    squeeze = re.compile(r"\s+")
    return Sentence(
        squeeze.sub(" ", text[low:start]).lstrip(), text[start:end], squeeze.sub(" ", text[end:high]).rstrip()
    )
