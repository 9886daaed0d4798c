"""The application and the options that commands share. Help is translated when it is shown."""

from __future__ import annotations

import functools
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from liantu.i18n import gettext as _
from liantu.i18n import gettext_noop as N_

FOOTER = N_(
    "DIR is a folder with datapackage.json, a folder of CSV files, or one .xlsx workbook.\n"
    "Exit codes: 0 ok, 1 findings, 2 bad input, 3 solver failed, 70 a fault of liantu's own."
)


class Command(TyperCommand):
    """A command whose help page is ours."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        from liantu.report.usage import help_page

        formatter.write(help_page(ctx))


class Group(TyperGroup):
    """The group of commands."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        from liantu.report.usage import help_page

        formatter.write(help_page(ctx, _(FOOTER)))


app = typer.Typer(
    cls=Group,
    help=N_("Runs a city's industrial chains: checks its tables, plans it, and prices its missing links."),
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
command = functools.partial(app.command, cls=Command)

City = Annotated[
    Path, typer.Argument(metavar="DIR", help=N_("The city: data package, folder of CSVs, or .xlsx."))
]
Scenario = Annotated[
    str,
    typer.Option(
        "--scenario",
        "-s",
        metavar="FILE",
        help=N_("Scenario: a YAML file, or the name of one in the city's scenarios folder."),
    ),
]
Lang = Annotated[
    str | None,
    typer.Option("--lang", metavar="zh|en", help=N_("Language; without it, that of the locale.")),
]
Json = Annotated[
    bool, typer.Option("--json", help=N_("JSON on stdout, as docs/json-schema.md describes it."))
]
Out = Annotated[
    Path | None,
    typer.Option("--out", "-o", metavar="FILE.xlsx", help=N_("Write a workbook too, with every row.")),
]
Everything = Annotated[bool, typer.Option("--all", help=N_("Every row of the long tables."))]
Overwrite = Annotated[bool, typer.Option("--overwrite", help=N_("Replace what is there."))]


def number(name: str, unit: str, help: str, least: float | None = None) -> Any:
    """An option that takes a number in `unit`, of `least` or more."""
    return typer.Option(name, metavar=unit, help=help, min=least)


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    lang: Lang = None,
    version: Annotated[bool, typer.Option("--version", help=N_("Print the version."))] = False,
) -> None:
    """What holds for every command. The language is read before, by `entry.run`: help is written in it."""
    if version:
        from importlib.metadata import version as installed

        print(f"liantu {installed('liantu')}")
        raise typer.Exit(0)
    if context.invoked_subcommand is None:
        print(context.get_help(), file=sys.stderr)
        raise typer.Exit(2)
