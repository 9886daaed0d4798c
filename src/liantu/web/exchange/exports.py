"""Lists of the exchange as workbooks and CSV. They are made of what is shown, never of what is stored."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from liantu.report.listing import Column, Listing, Report
from liantu.report.workbook import write_report
from liantu.web.exchange.case_shown import ShownCase
from liantu.web.exchange.models import Proposal
from liantu.web.exchange.shown import Shown
from liantu.web.kit.downloads import XLSX, attachment
from liantu.web.kit.spreadsheet import csv_response


def answer(report: Listing, name: str, kind: str) -> Any:
    """The list as a file; `kind` is xlsx or csv."""
    if kind == "csv":
        return csv_response(f"{name}.csv", [c.title for c in report.columns], report.rows)
    if kind != "xlsx":
        raise Http404
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        write_report(Report(report.title, (), [report]), path)
        return attachment(path.read_bytes(), f"{name}.xlsx", XLSX)


def hidden_or(value: Any, hidden: bool) -> Any:
    """The value; what is kept back is called so."""
    return _("hidden") if hidden else "" if value is None else value


def _columns(*titles: str, numbers: tuple[int, ...]) -> list[Column]:
    return [Column(title, "number" if i in numbers else "text") for i, title in enumerate(titles)]


def statements_report(rows: Iterable[Shown]) -> Listing:
    """Needs and offers."""
    columns = _columns(
        _("Kind"), _("Material"), _("Quantity a year"), _("Unit"), _("Purity (%)"),
        _("Price limit (CNY/unit)"), _("From"), _("Until"), _("State"), _("Enterprise"), _("Place"),
        _("Contact"), _("Note"), _("Stated on"), numbers=(2, 4, 5),
    )  # fmt: skip
    return Listing(_("Needs and offers"), columns, [_statement(s) for s in rows])


def _statement(s: Shown) -> tuple[Any, ...]:
    purity = "" if s.purity is None else _text(s.purity * 100)
    return (
        s.kind_name, str(s.material), s.per_year, s.unit, purity,
        hidden_or(_text(s.price), s.price_hidden), s.valid_from.isoformat(),
        s.valid_until.isoformat() if s.valid_until else "", s.status_name,
        hidden_or(s.enterprise, s.name_hidden), hidden_or(s.at, s.name_hidden),
        hidden_or(s.contact, s.name_hidden), hidden_or(s.note, s.name_hidden or s.price_hidden),
        s.day.isoformat(),
    )  # fmt: skip


def proposals_report(rows: Iterable[tuple[Proposal, Shown]], *, worths: bool) -> Listing:
    """The latest proposals; `worths`: whether the person may know what a unit is worth to others."""
    columns = _columns(
        _("Kind"), _("Material"), _("Quantity a year"), _("Unit"), _("Enterprise"), _("Options"),
        _("Best saving (CNY/unit)"), _("Why"), _("Made on"), numbers=(2, 5, 6),
    )  # fmt: skip
    listed = [
        (s.kind_name, str(s.material), s.per_year, s.unit, hidden_or(s.enterprise, s.name_hidden),
         float(p.options), hidden_or(_text(p.best_saving), not worths),
         str(p.get_because_display()), p.made_at.date().isoformat())
        for p, s in rows
    ]  # fmt: skip
    return Listing(_("Proposals"), columns, listed)


def cases_report(rows: Iterable[ShownCase]) -> Listing:
    """Cases with what was verified."""
    columns = _columns(
        _("Material"), _("Need of"), _("Offer of"), _("State"), _("How it does"), _("Owner"), _("Opened on"),
        _("Due"), _("Verified (t)"), _("Verified (CNY)"), _("Verified (tce)"), _("Verified (t CO2)"),
        numbers=(8, 9, 10, 11),
    )  # fmt: skip
    return Listing(_("Cases of the exchange"), columns, [_case(c) for c in rows])


def _case(c: ShownCase) -> tuple[Any, ...]:
    last = c.results[0] if c.results else None
    figures = [_text(v) for v in (last.tonnes, last.cny, last.tce, last.co2)] if last else [""] * 4
    return (
        str(c.material), _side(c.need), _side(c.offer), c.state_name, c.health_name, c.owner,
        c.opened_at.date().isoformat(), c.due.date().isoformat() if c.due else "",
        *(hidden_or(f, c.price_hidden) for f in figures),
    )  # fmt: skip


def _side(s: Shown | None) -> Any:
    return "" if s is None else hidden_or(s.enterprise, s.name_hidden)


def _text(value: float | None) -> Any:
    """A number, so that a spreadsheet can count with it, or a blank cell."""
    return "" if value is None else round(value, 9)
