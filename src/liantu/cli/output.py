"""Where results go: JSON or tables to stdout, a workbook to a file, words about the run to stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from liantu.errors import Problem
from liantu.i18n import gettext as _

if TYPE_CHECKING:
    from liantu.report.listing import Report

OPTION_OF = {
    "material": "--need", "quantity": "--quantity", "at": "--at", "lat": "--lat", "lon": "--lon",
    "purity": "--purity", "top_price": "--top-price", "floor_price": "--floor-price",
    "capital_cny": "--capital", "land_ha": "--land", "water_m3": "--water", "energy_tce": "--energy",
    "co2_t": "--co2", "budgets": "--budget", "runners_up": "--runners-up", "differ_by": "--differ-by",
    "scenario": "--scenario",
}  # fmt: skip
"""The option behind a field that an engine finds fault with."""
ASKED = ("need", "offer", "room", "budgets", "runners_up", "differ_by", "scenario")


class CommandError(Exception):
    """The command can't be carried out as it was given; the sentence says why."""


@dataclass(frozen=True)
class Output:
    """What a command was told to do with its result, and the city it must not write over."""

    city: Path
    as_json: bool
    out: Path | None
    everything: bool

    def __post_init__(self) -> None:
        """Fail before the work, not after it."""
        if self.out is not None:
            workbook_name(self.out)
            free_to_write(self.out, self.city, overwrite=True)
            if not self.out.absolute().parent.is_dir():
                raise CommandError(_("%(file)s: its folder is not there") % {"file": self.out})

    def deliver(self, document: Callable[[], dict[str, Any]], report: Callable[[], Report]) -> None:
        """The result to stdout, as JSON or as tables, and to a workbook where one is asked for."""
        if self.out is not None:
            from liantu.report.workbook import write_report

            write_report(report(), self.out)
            say(_("Written: %(file)s") % {"file": self.out})
        if self.as_json:
            print_json(document())
            return
        from liantu.report.terminal import print_report

        print_report(report(), sys.stdout, self.everything)


def print_json(document: dict[str, Any]) -> None:
    """JSON is UTF-8, whatever the terminal speaks."""
    from liantu.report.machine import dumps

    reconfigure(encoding="utf-8")
    print(dumps(document))


def workbook_name(file: Path) -> None:
    """Refuse a name under which no spreadsheet would open what is written."""
    if file.suffix.lower() != ".xlsx":
        raise CommandError(_("%(file)s: give a file name that ends in .xlsx") % {"file": file})


def free_to_write(target: Path, city: Path, overwrite: bool) -> None:
    """Refuse to write over the input, and over anything else unless that is wanted."""
    if target.exists() and city.exists() and target.resolve() == city.resolve():
        raise CommandError(_("%(file)s is the input itself: give another name") % {"file": target})
    taken = target.is_file() or (target.is_dir() and any(target.iterdir()))
    if taken and not overwrite:
        raise CommandError(_("%(file)s is there already; --overwrite replaces it") % {"file": target})


def become(command: list[str]) -> None:
    """Go on as another program, under the same process id, so that a signal reaches it."""
    sys.stdout.flush()
    os.execv(command[0], command)


def say(line: str) -> None:
    """A line to people."""
    print(line, file=sys.stderr)


def tell(problems: Sequence[Problem]) -> None:
    """Problems as sentences, a line each; one of an option names the option."""
    from liantu.messages import sentence
    from liantu.report.check import lang

    for problem in problems:
        if problem.file in ASKED:
            name = OPTION_OF.get(problem.column or problem.file, problem.column or problem.file)
            option = "--offer" if problem.file == "offer" and problem.column == "material" else name
            problem = replace(problem, file=option, column=None)
        say(sentence(problem, lang()))


def with_streams() -> None:
    """A stream that the caller has closed becomes one that leads nowhere."""
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115


def reconfigure(**how: str) -> None:
    """Change how stdout and stderr encode, where they are streams that can."""
    for stream in (sys.stdout, sys.stderr):
        change = getattr(stream, "reconfigure", None)
        if change is not None:
            change(**how)
