"""A workbook to sheets."""

from __future__ import annotations

from pathlib import Path

from liantu.data.sheet import Bundle
from liantu.errors import Problem
from liantu.messages import problem


def read_workbook(path: Path) -> tuple[Bundle, list[Problem]]:
    """The sheets of a workbook."""
    return Bundle(name=path.stem), [problem("not_a_city", path.name)]
