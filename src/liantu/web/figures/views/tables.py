"""Pages of tables: upload, how they are read, what they would bring, and taking them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from liantu.errors import InputError
from liantu.ledger.grids import Grid
from liantu.messages import fix, what
from liantu.web.accounts.access import page
from liantu.web.figures import actions, catalogue, selectors, tables
from liantu.web.figures.refusals import problems_of, refusal
from liantu.web.figures.selectors import ENTER
from liantu.web.figures.shown import indicator_name, period_text, subject_name, value_text
from liantu.web.figures.table_forms import ROLE_NAMES, MappingForm, TableForm
from liantu.web.kit.naming import chinese

SHOWN = 200
TOP_ROWS, TOP_COLUMNS = 6, 12
"""Of the table itself, beside the form: so that a person sees which row is the header."""


@page(ENTER, post=True)
def imports(request: HttpRequest) -> HttpResponse:
    """Upload a table; those under way."""
    posted = request.method == "POST"
    form = TableForm(request.POST, request.FILES) if posted else TableForm()
    if posted and form.is_valid():
        said = form.cleaned_data
        staged = tables.stage(said["file"], sender=said["sender"], dated=said["dated"], by=request.user)
        return redirect("imports-one", staged.pk)
    senders = selectors.mappings(request.user).values_list("sender", flat=True).distinct()
    context = {"form": form, "senders": senders, "staged": selectors.staged(request.user)[:20]}
    return render(request, "figures/imports.html", context, status=400 if posted else 200)


@page(ENTER, post=True)
def one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How a table is read, all that is wrong with it, and what it would bring."""
    staged = get_object_or_404(selectors.staged(request.user), pk=pk)
    if staged.taken is not None:
        return render(request, "figures/import.html", {"staged": staged})
    content = tables.content_of(staged)
    if tables.is_sdmx(content):
        return render(request, "figures/import.html", {"staged": staged} | _preview(staged))
    return _mapped(request, staged)


def _mapped(request: HttpRequest, staged: Any) -> HttpResponse:
    was, posted = tables.mapping_of(staged), request.method == "POST"
    sheet = request.POST.get("sheet", was.sheet if was else "") if posted else was.sheet if was else ""
    grid, problems = _grid(request, staged, sheet[:60])
    form = None if grid is None else _mapping_form(request, staged, was, grid)
    if form is not None and posted and form.is_valid():
        try:
            tables.remember(staged, form.mapping(), by=request.user)
            return redirect("imports-one", staged.pk)
        except InputError as error:
            for text in problems_of(error):
                form.add_error(None, text)
    context: dict[str, Any] = {
        "staged": staged,
        "form": form,
        "problems": problems,
        "mapped": was is not None,
        "top": [row[:TOP_COLUMNS] for row in grid.cells[:TOP_ROWS]] if grid is not None else [],
    }
    if form is not None and was is not None and not posted:
        context |= _preview(staged)
    return render(request, "figures/import.html", context, status=400 if posted else 200)


def _grid(request: HttpRequest, staged: Any, sheet: str) -> tuple[Grid | None, list[tuple[str, str, str]]]:
    """The cells of the table; problems where it is none."""
    try:
        grid, problems = tables.grid_of(staged, sheet)
    except (ValueError, ArithmeticError, LookupError) as error:
        said = _("This is no table that can be read (%(what)s).")
        messages.error(request, said % {"what": type(error).__name__})
        return None, []
    return grid, [] if grid is not None else _told(problems)


def _mapping_form(request: HttpRequest, staged: Any, was: Any, grid: Grid) -> MappingForm:
    """The form over the headings of the table; where no mapping is remembered, with a guess."""
    said = request.POST if request.method == "POST" else None
    draft = was or tables.guessed(staged, grid)

    def whole(name: str, default: int) -> int:
        text = (said or {}).get(name, "")
        return int(text) if text.isascii() and text.isdigit() and int(text) <= 50 else default

    heads = tables.heads(grid, whole("skip", draft.skip), whole("header_rows", draft.header_rows))
    return MappingForm(said, heads=heads, was=draft, sender=staged.sender)


def _preview(staged: Any) -> dict[str, Any]:
    found = tables.preview(staged)
    known = catalogue.current()
    rows = [
        (subject_name(o.subject, known), indicator_name(o.indicator, known), period_text(o.period),
         value_text(o.value, o.unit), o.place)
        for o in found.fresh[:SHOWN]
    ]  # fmt: skip
    return {
        "preview": found, "fresh": len(found.fresh), "rows": rows, "problems": _told(found.problems),
        "count": len(found.problems),
    }  # fmt: skip


def _told(problems: Any) -> list[tuple[str, str, str]]:
    """Row, column and sentence of each problem."""
    lang: Any = "zh" if chinese() else "en"
    ordered = [p for _row, some in tables.rows_of_problems(problems) for p in some]
    told = [
        (str(p.row or ""), str(ROLE_NAMES.get(p.column or "", p.column or "")),
         f"{what(p, lang)}{'；' if lang == 'zh' else '; '}{fix(p, lang)}")
        for p in ordered[:5000]
    ]  # fmt: skip
    return list(dict.fromkeys(told))[:1000]


@page(ENTER, post=True)
def take(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Enter all figures of a table, or none."""
    staged = get_object_or_404(selectors.staged(request.user), pk=pk)
    if request.method == "POST":
        try:
            stored = tables.take(staged, by=request.user)
            said = {"n": len(stored.rows), "findings": stored.opened or 0}
            messages.success(request, _("%(n)s figures were entered; %(findings)s findings opened.") % said)
        except InputError as error:
            messages.error(request, " ".join(problems_of(error)[:5]))
        except actions.RefusedError as error:
            messages.error(request, refusal(error))
    return redirect("imports-one", pk)
