"""Commands on the web's database for who runs the installation: its audit chain, its first people."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from liantu.cli.options import Command, Group, Lang, app
from liantu.cli.output import become
from liantu.i18n import gettext_noop as N_

OK = 0

audit = typer.Typer(cls=Group, no_args_is_help=True, rich_markup_mode=None)
people = typer.Typer(cls=Group, no_args_is_help=True, rich_markup_mode=None)
app.add_typer(audit, name="audit", help=N_("Verify the chain of what was done in the web application."))
app.add_typer(people, name="people", help=N_("Add the first people of an installation; let one in again."))


@audit.callback()
@people.callback()
def start(lang: Lang = None) -> None:
    """The language is read before, by `entry.run`."""


Login = Annotated[str, typer.Argument(metavar="LOGIN", help=N_("The login of the person."))]


@audit.command(cls=Command, help=N_("Walk the chain of events; name the first link that is broken."))
def verify(
    known: Annotated[
        str,
        typer.Option("--known", metavar="N:HMAC", help=N_("A mark that an earlier verification printed.")),
    ] = "",
    lang: Lang = None,
) -> int:
    """Exit code 0: whole, 1: broken, 2: no database."""
    become_shell("verify", *(["--known", known] if known else []), lang=lang)
    return OK


@people.command(cls=Command, help=N_("Add a person; prints login and first password."))
def add(
    login: Login,
    name: Annotated[str, typer.Option("--name", metavar="NAME", help=N_("Name of the person."))] = "",
    role: Annotated[
        str, typer.Option("--role", metavar="ROLE", help=N_("Role to give, such as system_admin."))
    ] = "",
    place: Annotated[
        str,
        typer.Option("--place", metavar="CODE", help=N_("Department, park or enterprise that it holds for.")),
    ] = "",
    lang: Lang = None,
) -> int:
    """The web's pages refuse what would give one person two admin duties, and so does this."""
    become_shell("add", login, "--name", name, "--role", role, "--place", place, lang=lang)
    return OK


@people.command("list", cls=Command, help=N_("List everybody with their roles."))
def list_people(lang: Lang = None) -> int:
    become_shell("list", lang=lang)
    return OK


@people.command(cls=Command, help=N_("Let a person in again: new first password, no second factor, no lock."))
def reset(login: Login, lang: Lang = None) -> int:
    become_shell("reset", login, lang=lang)
    return OK


def become_shell(*arguments: str, lang: str | None) -> None:
    """Go on as a process of the web."""
    spoken = ["--lang", lang] if lang else []
    become([sys.executable, "-m", "liantu.web.shell", *arguments, *spoken])
