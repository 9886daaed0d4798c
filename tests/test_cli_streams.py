"""The command line where its streams are not what it would wish: a reader that leaves, a closed stdout."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from liantu.cli.entry import run

ROOT = Path(__file__).parents[1]
JINCHANG = ROOT / "examples/jinchang"
FIRST = ROOT / "examples/first-city/first-city.xlsx"
LIANTU = shlex.join([sys.executable, "-m", "liantu"])


def shell(command: str) -> subprocess.CompletedProcess[str]:
    """A command line of the shell, in English."""
    environ = {**os.environ, "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}
    command = f"set -o pipefail; {command}"
    return subprocess.run(["bash", "-c", command], capture_output=True, text=True, env=environ, check=False)


@pytest.mark.parametrize("options", ["--all", "--json"])
def test_a_reader_that_has_seen_enough_is_no_finding(options: str) -> None:
    done = shell(f"{LIANTU} plan {JINCHANG} {options} | head -c 1")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("arguments", [f"plan {FIRST}", f"plan {FIRST} --json", "--help"])
def test_a_closed_stdout_is_no_fault(arguments: str) -> None:
    done = shell(f"{LIANTU} {arguments} >&-")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_closed_stderr_keeps_the_exit_code() -> None:
    assert shell(f"{LIANTU} plan nowhere 2>&-").returncode == 2


def test_an_argument_too_many_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", str(FIRST), "extra"]) == 2
    assert "Too many arguments: extra\n" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["convert", "plan"])
def test_a_workbook_that_can_not_be_written_is_named(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / ("long" * 63 + ".xlsx")  # a name longer than a folder takes
    option = ["--out"] if command == "plan" else []
    assert run([command, str(FIRST), *option, str(place)]) == 2
    assert capsys.readouterr().err.startswith(f"{place}: ")
