"""Commands that start the web application, which runs in processes of its own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from liantu.cli.options import Lang, command
from liantu.cli.output import become
from liantu.i18n import gettext_noop as N_

OK = 0


@command(help=N_("Start the web application, and load a city into it; runs until it is stopped."))
def serve(
    city: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help=N_("City to load before; without one, what was loaded last.")),
    ] = None,
    host: Annotated[
        str, typer.Option("--host", metavar="HOST", help=N_("Address to listen at."))
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="PORT", help=N_("Port to listen at."))] = 8000,
    lang: Lang = None,
) -> int:
    """The web runs in processes of its own, so that the command line need not know it."""
    named = [str(city)] if city is not None else []
    become_web("serve", *named, "--host", host, "--port", str(port), lang=lang)
    return OK


@command(help=N_("Work off the queue of the web application; runs until it is stopped."))
def worker(
    quick: Annotated[
        bool, typer.Option("--quick", help=N_("Leave long work of the background to others."))
    ] = False,
    lang: Lang = None,
) -> int:
    """One more worker beside those that `serve` starts, on this machine or another."""
    become_web("worker", "--alone", *(["--quick"] if quick else []), lang=lang)
    return OK


def become_web(*arguments: str, lang: str | None) -> None:
    """Go on as a process of the web."""
    spoken = ["--lang", lang] if lang else []
    become([sys.executable, "-m", "liantu.web", *arguments, *spoken])
