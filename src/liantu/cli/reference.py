"""The manual's page of commands, from their help: `python -m liantu.cli.reference docs/manual`."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

import typer

from liantu.cli.commands import app
from liantu.cli.entry import run
from liantu.i18n import EN, ZH, normalise, speaking
from liantu.i18n import gettext as _

WIDTH = "100"


def reference(language: str) -> str:
    """The page in one language: the group's help, then that of every command."""
    names = list(_names())
    with speaking(language):
        parts = ["# " + _("Commands")]
    for name in names:
        page = _help(name, language)
        parts.append(f"## {' '.join(filter(None, ('liantu', name)))}\n\n```text\n{page}\n```")
    return "\n\n".join(parts) + "\n"


def _names() -> Iterator[str]:
    """Every command with the words before it; the group itself first."""
    yield ""
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        yield name
        yield from (f"{name} {sub}" for sub in getattr(command, "commands", ()))


def _help(name: str, language: str) -> str:
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = WIDTH
    try:
        with redirect_stdout(io.StringIO()) as out:
            run([*name.split(), "--help", "--lang", language])
    finally:
        os.environ.pop("COLUMNS")
        if before is not None:
            os.environ["COLUMNS"] = before
    return "\n".join(line.rstrip() for line in out.getvalue().strip().splitlines())


def main(folder: str) -> None:
    """Write the page in both languages."""
    for language in (ZH, EN):
        file = Path(folder) / normalise(language).split("-")[0] / "commands.md"
        file.write_text(reference(language), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
