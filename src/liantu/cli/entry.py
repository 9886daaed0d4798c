"""From a command line to an exit code. Every error becomes a sentence and a code here, and only here."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from liantu import i18n
from liantu.cli.commands import BAD_INPUT, OK, app
from liantu.cli.output import CommandError, print_json, reconfigure, say, tell, with_streams
from liantu.errors import InputError, LiantuError, SolverError
from liantu.i18n import gettext as _

SOLVER_FAILED, FAULT, INTERRUPTED = 3, 70, 130


def run(args: Sequence[str]) -> int:
    """Carry out a command line; the exit code. What is not foreseen is raised."""
    try:
        i18n.activate(i18n.detect(_language_option(args)))
        code = typer.main.get_command(app).main(args=list(args), prog_name="liantu", standalone_mode=False)
        sys.stdout.flush()
        return int(code or OK)
    except InputError as error:
        tell(error.problems)
        if "--json" in args:
            from liantu.report.check import problems_json

            print_json(problems_json(error.problems))
        return BAD_INPUT
    except SolverError as error:
        say(_("The solver failed: %(reason)s") % {"reason": error})
        return SOLVER_FAILED
    except (CommandError, LiantuError, i18n.UnknownLanguageError) as error:
        say(str(error))
        return BAD_INPUT
    except typer.TyperException as error:
        from liantu.report.usage import usage_error

        say(error.message if type(error).__name__ == "NoArgsIsHelpError" else usage_error(error))
        return BAD_INPUT
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except SystemExit as stop:  # what typer and rich make of the same
        if not isinstance(stop.__context__, BrokenPipeError):
            raise
        return OK
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except OSError as error:
        said = {"file": error.filename or "liantu", "reason": error.strerror or error}
        say(_("%(file)s: %(reason)s") % said)
        return BAD_INPUT


def _language_option(args: Sequence[str]) -> str | None:
    """What --lang says, wherever it stands: help is written before options are parsed."""
    for i, word in enumerate(args):
        if word.startswith("--lang="):
            return word.partition("=")[2]
        if word == "--lang" and i + 1 < len(args):
            return args[i + 1]
    return None


def main() -> None:
    """The entry point of `liantu`: no traceback leaves it unless LIANTU_DEBUG is set."""
    with_streams()
    reconfigure(errors="replace")  # a terminal that lacks a character shows ? for it
    try:
        code = run(sys.argv[1:])
    except Exception as error:
        if os.environ.get("LIANTU_DEBUG"):
            raise
        say(_fault(error))
        code = FAULT
    sys.exit(code)


def _fault(error: Exception) -> str:
    where = error.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    place = f"{Path(where.tb_frame.f_code.co_filename).name}:{where.tb_lineno}" if where else ""
    said = {"error": f"{type(error).__name__}: {error}", "place": place}
    sentence = _(
        "liantu stopped on a fault of its own (%(error)s, %(place)s). Please report it on the project's "
        "issues page, with the command and what it prints under LIANTU_DEBUG=1."
    )
    return sentence % said
