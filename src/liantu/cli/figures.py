"""Commands on the ledger of figures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from liantu import runs
from liantu.cli.options import Command, Everything, Group, Json, Lang, Out, app
from liantu.cli.output import Output
from liantu.i18n import gettext_noop as N_

OK, FINDINGS = 0, 1

figures = typer.Typer(cls=Group, no_args_is_help=True, rich_markup_mode=None)
app.add_typer(figures, name="figures", help=N_("Find figures that can't be true together."))


@figures.callback()
def start(lang: Lang = None) -> None:
    """The language is read before, by `entry.run`."""


@figures.command(cls=Command, help=N_("Check the figures of files against each other."))
def check(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help=N_("JSON of `liantu read`, SDMX-CSV, or tables of a sender.")),
    ],
    catalogue: Annotated[
        Path, typer.Option("--catalogue", metavar="DIR", help=N_("Subjects and indicators: docs/ledger.md."))
    ],
    mapping: Annotated[
        Path | None, typer.Option("--mapping", metavar="FILE", help=N_("How the sender's tables are read."))
    ] = None,
    lang: Lang = None,
    as_json: Json = False,
    out: Out = None,
    everything: Everything = False,
) -> int:
    from liantu.report.figures import figures_json, figures_report

    output = Output(files[0], as_json, out, everything)
    known, checked = runs.check_figures(files, catalogue, mapping)
    output.deliver(lambda: figures_json(checked), lambda: figures_report(checked, known))
    return FINDINGS if any(finding.severity != "note" for finding in checked.findings) else OK
