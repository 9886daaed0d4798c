"""Scenario texts: what a run keeps, and the engine's own record of it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from liantu import runs
from liantu.chain.network_build import build_network
from liantu.chain.scenario import Scenario
from liantu.chain.scenario_file import inspect_scenario, with_candidates
from liantu.data.tables import Tables
from liantu.errors import InputError, Problem

FILE = "scenario.yaml"
"""What a problem calls the text."""


def inspect(text: str, tables: Tables, file: str = FILE) -> tuple[Scenario | None, tuple[Problem, ...]]:
    """The scenario of a text, None where an error refuses it, and all problems by line. Blank: the base.

    `file` is what problems call it; without the suffix, the name of a scenario that gives itself none.
    """
    if not text.strip():
        return Scenario(), ()
    with tempfile.TemporaryDirectory(prefix="liantu-") as folder:
        path = Path(folder) / file
        path.write_text(text, encoding="utf-8")
        return inspect_scenario(path, tables)


def read(text: str, tables: Tables) -> Scenario:
    """The scenario of a text. Raises InputError with all problems."""
    scenario, problems = inspect(text, tables)
    if scenario is None:
        raise InputError(p for p in problems if p.severity == "error")
    return scenario


def opened(text: str, tables: Tables) -> runs.City:
    """The tables with the scenario, ready to be solved. Raises InputError."""
    scenario = read(text, tables)
    return runs.City(tables, scenario, build_network(with_candidates(tables, scenario)))
