"""A report to the terminal or a pipe: nothing clipped in 80 columns, as wide as it is in a pipe."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from liantu.i18n import gettext as _
from liantu.i18n import ngettext
from liantu.report.cells import fact, header, money_of, texts
from liantu.report.listing import Cell, Column, Listing, Report

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

ENDLESS = 100_000
"""Columns of a pipe: no line is broken."""
NARROWEST = 10  # columns that a text needs to be readable
PADDING = 2  # between columns: one of padding, one where the box has its divider


def console_for(file: IO[str], width: int | None = None) -> Console:
    """A console on `file`: as wide as the terminal, or `width`, or endless where there is no terminal."""
    from rich.console import Console

    if width is None and not file.isatty():
        width = ENDLESS
    return Console(file=file, width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)


def print_report(report: Report, file: IO[str], everything: bool = False, width: int | None = None) -> None:
    """Write title, facts, notes and listings; of a long listing the first rows, and how to see the rest."""
    console = console_for(file, width)
    if console.is_terminal:
        _print(report, console, everything)
        return
    with console.capture() as captured:
        _print(report, console, everything)
    for line in captured.get().splitlines():
        print(line.rstrip(), file=file)


def _print(report: Report, console: Console, everything: bool) -> None:
    from rich.text import Text

    console.print(Text(report.title, style="bold"))
    if report.facts:
        wide = max(_width(f.name) for f in report.facts)
        for f in report.facts:
            gap = " " * (wide - _width(f.name))
            console.print(Text(f"{f.name}{gap}  {fact(f.column, f.value)}", overflow="fold"))
    for note in report.notes:
        console.print(Text(note, overflow="fold"))
    for listing in report.listings:
        if listing.rows or listing.empty:
            _print_listing(listing, console, everything)


def _print_listing(listing: Listing, console: Console, everything: bool) -> None:
    from rich.text import Text

    console.print()
    console.print(Text(listing.title, style="bold"))
    if not listing.rows:
        console.print(Text(listing.empty, overflow="fold"))
        return
    shown = len(listing.rows) if everything or listing.short is None else listing.short
    if shown:
        money = money_of(listing)
        parts = [_part(listing, j, money, shown) for j in range(len(listing.columns))]
        parts = fitting(parts, console.width)
        widths = column_widths(parts, console.width)
        if widths is None:
            _print_records(parts, console)
        else:
            console.print(_table(parts, widths))
    left = len(listing.rows) - shown
    if left > 0:
        more = ngettext("… %(n)s more row: --all", "… %(n)s more rows: --all", left) % {"n": left}
        console.print(Text(more, style="dim"))


class Part(NamedTuple):
    """A column ready to print: its cells scaled by all its rows, shown or not."""

    column: Column
    title: str
    unit: str
    cells: list[str]


def _part(listing: Listing, j: int, money: Sequence[Cell], shown: int) -> Part:
    column = listing.columns[j]
    whole = texts(column, [row[j] for row in listing.rows], money)
    return Part(column, *header(column, money), whole[:shown])


def fitting(parts: Sequence[Part], width: int) -> list[Part]:
    """The parts without as many optional columns, the last first, as make the table fit."""
    kept = list(parts)
    while column_widths(kept, width) is None and any(p.column.optional for p in kept):
        last = next(p for p in reversed(kept) if p.column.optional)
        group = last.column.optional
        kept = [p for p in kept if p is not last and (group is True or p.column.optional != group)]
    return kept if column_widths(kept, width) is not None else list(parts)


def column_widths(parts: Sequence[Part], width: int) -> list[int] | None:
    """Width of each column so that no figure is broken; None where the table needs more than `width`.

    Columns of figures are as wide as their longest figure and unit; texts share what is left.
    """
    wanted, least = [], []
    for column, title, unit, cells in parts:
        longest = max(max(map(_width, cells), default=0), _width(unit))
        words = max(map(_width, title.split()), default=0)
        if column.kind == "text":
            wanted.append(max(longest, _width(title)))
            least.append(min(wanted[-1], NARROWEST))
        else:
            least.append(max(longest, min(words, 12)))
            wanted.append(max(longest, _width(title)) if width == ENDLESS else least[-1])
    room = width - PADDING * (len(wanted) - 1)
    return _shared(wanted, least, room) if sum(least) <= room else None


def _shared(wanted: list[int], least: list[int], room: int) -> list[int]:
    """Each what it wants where there is room for all; else the widest give way, down to their least."""
    widths = list(wanted)
    while sum(widths) > room:
        give = max((w, j) for j, w in enumerate(widths) if w > least[j])[1]
        widths[give] -= 1
    return widths


def _table(parts: Sequence[Part], widths: Sequence[int]) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, PADDING - 1, 0, 0))
    for (column, title, unit, _cells), width in zip(parts, widths, strict=True):
        head = Text(f"{title}\n{unit}" if unit else title, overflow="fold")
        justify: Any = "left" if column.kind == "text" else "right"
        table.add_column(head, justify=justify, width=width, overflow="fold", vertical="top")
    for row in zip(*(part.cells for part in parts), strict=True):
        table.add_row(*(Text(cell, overflow="fold") for cell in row))
    return table


def _print_records(parts: Sequence[Part], console: Console) -> None:
    """Where the terminal is too narrow for a table: a block of lines for each row."""
    from rich.text import Text

    names = [f"{part.title} ({part.unit})" if part.unit else part.title for part in parts]
    for row in zip(*(part.cells for part in parts), strict=True):
        for name, cell in zip(names, row, strict=True):
            console.print(Text(f"{name}: {cell}", overflow="fold"))
        console.print()


def _width(text: str) -> int:
    from rich.cells import cell_len

    return max(map(cell_len, text.split("\n")))


@contextmanager
def progress(title: str) -> Iterator[Any]:
    """A function (done, total) that moves a bar on stderr; it moves nothing where there is no terminal."""
    if not sys.stderr.isatty():
        yield lambda done, total, *_label: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    parts = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*parts, console=console_for(sys.stderr), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total, *_label: bar.update(task, completed=done, total=total)


def step_told() -> Callable[[str, float, float], None]:
    """A function (name of the step, both bounds in CNY a year) that tells of a step on stderr."""
    from liantu.chain.certificate import gap_between

    began = time.monotonic()
    money = Column("", kind="money", unit="CNY/y")
    names = {
        "join": _("joined"),
        "approach": _("approached"),
        "primal": _("improved"),
        "dual": _("bound tightened"),
    }

    def tell(step: str, lower: float, upper: float) -> None:
        said = {
            "seconds": f"{time.monotonic() - began:.0f}",
            "step": names[step],
            "lower": fact(money, lower),
            "upper": fact(money, upper),
            "gap": f"{gap_between(lower, upper):.1e}",
        }
        line = _("%(seconds)s s, %(step)s: between %(lower)s and %(upper)s, gap %(gap)s") % said
        print(line, file=sys.stderr, flush=True)

    return tell
