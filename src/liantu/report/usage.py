"""Help pages and usage errors of the command line, in the language spoken.

The parser's own pages are English and count characters, not columns; these wrap Chinese as terminals show it.
"""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from liantu.i18n import gettext as _

WIDEST = 100


def help_page(context: Any, footer: str = "") -> str:
    """The help of a command, or of the group with all its commands."""
    command, width = context.command, min(shutil.get_terminal_size().columns, WIDEST)
    parts = [
        [_("Usage: %(usage)s") % {"usage": usage_line(context)}],
        list(wrapped(_said(command.help), width)),
    ]
    commands = getattr(command, "commands", {})
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option"]
    for title, rows in (
        (_("Commands:"), [(name, _said(sub.help).split("\n")[0]) for name, sub in commands.items()]),
        (_("Arguments:"), [(p.metavar or p.name.upper(), _said(p.help)) for p in arguments]),
        (_("Options:"), [_option(p) for p in options] + [("--help", _("Show this help."))]),
    ):
        if rows:
            parts.append([title, *_pairs(rows, width)])
    if footer:
        parts.append([line for text in footer.split("\n") for line in wrapped(text, width) or [""]])
    return "\n\n".join("\n".join(lines) for lines in parts if lines)


def _said(help: str | None) -> str:
    """A help text in the language spoken; no text stays none, for '' is the head of a catalogue."""
    return _(help) if help else ""


def usage_line(context: Any) -> str:
    """'liantu plan DIR [OPTIONS]'."""
    command = context.command
    path = context.command_path.split()
    names = [p.metavar or p.name.upper() for p in command.params if p.param_type_name == "argument"]
    if getattr(command, "commands", None):
        names = [_("COMMAND")]
    name = " ".join([*path[:-1], command.name] if len(path) > 1 else path)
    return " ".join([name, *names, _("[OPTIONS]")])


def _option(parameter: Any) -> tuple[str, str]:
    flags = ", ".join(sorted(parameter.opts, key=len))
    takes = "" if parameter.is_flag else f" {parameter.metavar or parameter.name.upper()}"
    return flags + takes, _said(parameter.help)


def _pairs(rows: Iterable[tuple[str, str]], width: int) -> Iterator[str]:
    rows = list(rows)
    left = min(max(cells(name) for name, _text in rows), 30) + 4
    for name, text in rows:
        lines = list(wrapped(text, width - left)) or [""]
        head = f"  {name}"
        if cells(head) > left - 2:
            yield head
            head = ""
        yield (head + " " * (left - cells(head)) + lines[0]).rstrip()
        yield from (" " * left + line for line in lines[1:])


def wrapped(text: str, width: int) -> Iterator[str]:
    """The text in lines of at most `width` columns: English breaks at spaces, Chinese anywhere."""
    for paragraph in text.split("\n"):
        line = ""
        for piece in _pieces(paragraph):
            if line.strip() and cells(line) + cells(piece.rstrip()) > width:
                yield line.rstrip()
                line = ""
            line += piece if line else piece.lstrip()
        if line.strip():
            yield line.rstrip()


def _pieces(text: str) -> Iterator[str]:
    """What must not be broken: a word with its spaces, a Chinese character with the stop behind it."""
    piece = ""
    for mark in text:
        wide = cells(mark) == 2
        joins = mark in "，。；：、）”！？" or mark == " "
        if piece and not joins and (wide or cells(piece[-1]) == 2 or piece[-1] == " "):
            yield piece
            piece = ""
        piece += mark
    if piece:
        yield piece


def cells(text: str) -> int:
    """Columns that a text takes in a terminal."""
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text)


def usage_error(error: Any) -> str:
    """What is wrong with the command line, in one or two lines."""
    kind = type(error).__name__
    option = getattr(error, "option_name", "")
    parameter = getattr(error, "param", None)
    named = _name_of(parameter) if parameter is not None else option
    if kind == "NoSuchOption":
        near = ", ".join(sorted(error.possibilities or ()))
        line = _("There is no option %(name)s.") % {"name": option}
        line += " " + _("Near: %(names)s") % {"names": near} if near else ""
    elif kind == "MissingParameter":
        line = _("%(name)s is missing.") % {"name": named}
    elif kind == "BadParameter":
        line = _("%(name)s: %(reason)s") % {"name": named, "reason": error.message}
    elif kind == "BadOptionUsage":
        line = _("The option %(name)s is used wrongly: %(reason)s") % {
            "name": option,
            "reason": error.message,
        }
    elif "No such command" in error.message:
        line = _no_command(error)
    elif "unexpected extra argument" in error.message:
        extra = error.message.rpartition(" (")[2].rstrip(")")
        line = _("Too many arguments: %(extra)s") % {"extra": extra}
    else:
        line = _("The command line can't be read: %(reason)s") % {"reason": error.message}
    context = getattr(error, "ctx", None)
    path = context.command_path.split() if context is not None else ["liantu"]
    command = " ".join(
        [*path[:-1], context.command.name] if context is not None and len(path) > 1 else path[:1]
    )
    return line + "\n" + _("See %(command)s --help") % {"command": command}


def _name_of(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return str(parameter.metavar or parameter.name.upper())
    return str(max(parameter.opts, key=len))


def _no_command(error: Any) -> str:
    from liantu.data.schema import near_names

    word = error.message.split("'")[1] if "'" in error.message else error.message
    there = list(getattr(error.ctx.command, "commands", {}))
    said = {"name": word, "names": ", ".join(near_names(word, there) or there)}
    return _("There is no command %(name)s. Near: %(names)s") % said
